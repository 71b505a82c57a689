/* bw-token-store.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-token-store.h"

#include <glib/gi18n.h>
#include <libsecret/secret.h>

static const SecretSchema schema = {
  BW_APP_ID ".Session", SECRET_SCHEMA_NONE,
  {
    { "server", SECRET_SCHEMA_ATTRIBUTE_STRING },
    { NULL, 0 },
  },
};

void
bw_token_store_save_async (const char          *server_uri,
                           const char          *token,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_autofree char *label = NULL;

  g_return_if_fail (server_uri != NULL && token != NULL);

  /* Translators: the name of an entry in the keyring; %s is an address */
  label = g_strdup_printf (_("Bellwether session at %s"), server_uri);
  secret_password_store (&schema, SECRET_COLLECTION_DEFAULT, label, token, cancellable, callback, user_data,
                         "server", server_uri, NULL);
}

gboolean
bw_token_store_save_finish (GAsyncResult  *result,
                            GError       **error)
{
  return secret_password_store_finish (result, error);
}

void
bw_token_store_load_async (const char          *server_uri,
                           GCancellable        *cancellable,
                           GAsyncReadyCallback  callback,
                           gpointer             user_data)
{
  g_return_if_fail (server_uri != NULL);

  secret_password_lookup (&schema, cancellable, callback, user_data, "server", server_uri, NULL);
}

char *
bw_token_store_load_finish (GAsyncResult  *result,
                            GError       **error)
{
  return secret_password_lookup_finish (result, error);
}

static void
forgotten_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* The server has ended the session; what stays in the keyring opens nothing. */
  if (!secret_password_clear_finish (result, &error) && error != NULL)
    g_debug ("forgetting a token: %s", error->message);
}

void
bw_token_store_forget (const char *server_uri)
{
  g_return_if_fail (server_uri != NULL);

  secret_password_clear (&schema, NULL, forgotten_cb, NULL, "server", server_uri, NULL);
}

void
bw_token_store_free_token (char *token)
{
  if (token != NULL)
    secret_password_free (token);
}
