/* ctl.c: one run of the program: waiting, connecting
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-ctl"

#include "ctl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <glib/gi18n.h>
#include <glib/gstdio.h>

#include "bw-device-id.h"
#include "bw-error.h"

#define TOKEN_FILE_MAX_BYTES 4096

void
ctl_result_cb (GObject      *source,
               GAsyncResult *result,
               gpointer      user_data)
{
  Ctl *ctl = user_data;

  g_set_object (&ctl->result, result);
}

GAsyncResult *
ctl_await (Ctl *ctl)
{
  while (ctl->result == NULL)
    g_main_context_iteration (NULL, TRUE);

  return g_steal_pointer (&ctl->result);
}

static gboolean
slept_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;

  return G_SOURCE_REMOVE;
}

void
ctl_sleep (Ctl   *ctl,
           guint  milliseconds)
{
  gboolean slept = FALSE;
  guint source = g_timeout_add (milliseconds, slept_cb, &slept);

  while (!slept && !g_cancellable_is_cancelled (ctl->cancellable))
    g_main_context_iteration (NULL, TRUE);

  if (!slept)
    g_source_remove (source);
}

static char *
read_token_file (const char  *path,
                 GError     **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) local_error = NULL;
  gsize length;

  if (!g_file_get_contents (path, &text, &length, &local_error))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("the token cannot be read: %s"), local_error->message);
      return NULL;
    }

  if (length > TOKEN_FILE_MAX_BYTES)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("“%s” is no token file"), path);
      return NULL;
    }

  return g_strdup (g_strstrip (text));
}

static char *
find_ca (Ctl        *ctl,
         const char *server)
{
  const char *from_environment = g_getenv ("BELLWETHER_CA");
  g_autofree char *login_server = NULL;
  g_autofree char *ca = NULL;

  if (ctl->ca != NULL)
    return g_canonicalize_filename (ctl->ca, NULL);

  if (from_environment != NULL && *from_environment != '\0')
    return g_canonicalize_filename (from_environment, NULL);

  ctl_load_login (&login_server, NULL, &ca);

  return g_strcmp0 (login_server, server) == 0 ? g_steal_pointer (&ca) : NULL;
}

gboolean
ctl_open (Ctl     *ctl,
          GError **error)
{
  const char *server = ctl->server != NULL ? ctl->server : g_getenv ("BELLWETHER_SERVER");
  g_autofree char *stored = NULL;
  g_autofree char *ca = NULL;

  if (server == NULL || *server == '\0')
    {
      ctl_load_login (&stored, NULL, NULL);
      server = stored;
    }

  if (server == NULL)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                           _("which backend? Give --server, set BELLWETHER_SERVER, or log in"));
      return FALSE;
    }

  ctl->session = bw_session_new (server, error);
  if (ctl->session == NULL)
    return FALSE;

  ca = find_ca (ctl, bw_session_get_base_uri (ctl->session));
  g_free (ctl->ca);
  ctl->ca = g_steal_pointer (&ca);

  return ctl->ca == NULL || bw_session_set_ca_file (ctl->session, ctl->ca, error);
}

/* What is nearest to the command counts: options, then the environment, then an earlier login. */
static char *
find_token (Ctl     *ctl,
            GError **error)
{
  const char *from_environment = g_getenv ("BELLWETHER_TOKEN");
  g_autofree char *server = NULL;
  g_autofree char *token = NULL;

  if (ctl->token != NULL)
    return g_strdup (ctl->token);

  if (ctl->token_file != NULL)
    return read_token_file (ctl->token_file, error);

  if (from_environment != NULL && *from_environment != '\0')
    return g_strdup (from_environment);

  /* A token is for the backend that gave it, and for nobody else to see. */
  ctl_load_login (&server, &token, NULL);
  if (token == NULL || g_strcmp0 (server, bw_session_get_base_uri (ctl->session)) != 0)
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_UNAUTHENTICATED,
                           _("give --token, --token-file, set BELLWETHER_TOKEN, or log in"));
      return NULL;
    }

  return g_steal_pointer (&token);
}

gboolean
ctl_connect (Ctl     *ctl,
             GError **error)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autofree char *token = NULL;

  if (!ctl_open (ctl, error))
    return FALSE;

  token = find_token (ctl, error);
  if (token == NULL)
    return FALSE;

  bw_session_resume_async (ctl->session, token, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);

  return bw_session_resume_finish (ctl->session, result, error);
}

JsonObject *
ctl_call (Ctl         *ctl,
          const char  *method,
          const char  *path_and_query,
          const char  *body,
          GError     **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  bw_session_call_async (ctl->session, method, path_and_query, body, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);

  return bw_session_call_finish (ctl->session, result, error);
}

BwBatch *
ctl_find_batch (Ctl         *ctl,
                const char  *name,
                GError     **error)
{
  GListModel *batches = G_LIST_MODEL (bw_session_get_batches (ctl->session));
  g_autoptr(GAsyncResult) result = NULL;
  BwBatch *by_id;

  bw_session_load_batches_async (ctl->session, ctl->cancellable, ctl_result_cb, ctl);
  result = ctl_await (ctl);
  if (!bw_session_load_batches_finish (ctl->session, result, error))
    return NULL;

  for (guint i = 0; i < g_list_model_get_n_items (batches); i++)
    {
      g_autoptr(BwBatch) batch = g_list_model_get_item (batches, i);

      if (g_strcmp0 (bw_batch_get_name (batch), name) == 0)
        return g_steal_pointer (&batch);
    }

  by_id = bw_entity_list_lookup (BW_ENTITY_LIST (batches), name);
  if (by_id != NULL)
    return g_object_ref (by_id);

  g_set_error (error, BW_ERROR, BW_ERROR_NOT_FOUND, _("there is no batch “%s”"), name);

  return NULL;
}

char *
ctl_parse_device_id (const char  *text,
                     GError     **error)
{
  char id[BW_DEVICE_ID_SIZE];

  if (!bw_device_id_parse (text, strlen (text), id))
    {
      g_set_error (error, BW_ERROR, BW_ERROR_INVALID, _("“%s” is not a Device ID"), text);
      return NULL;
    }

  return g_strdup (id);
}

static char *
login_path (void)
{
  return g_build_filename (g_get_user_config_dir (), "bellwether", "ctl.ini", NULL);
}

gboolean
ctl_store_login (const char  *server,
                 const char  *token,
                 const char  *ca,
                 GError     **error)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *path = login_path ();
  g_autofree char *folder = g_path_get_dirname (path);
  g_autofree char *text = NULL;

  g_key_file_set_string (file, "login", "server", server);
  g_key_file_set_string (file, "login", "token", token);
  if (ca != NULL)
    g_key_file_set_string (file, "login", "ca", ca);
  text = g_key_file_to_data (file, NULL, NULL);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   _("cannot make the folder “%s”: %s"), folder, g_strerror (errno));
      return FALSE;
    }

  if (!g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_CONSISTENT, 0600, error))
    {
      bw_error_adopt (error);
      return FALSE;
    }

  return TRUE;
}

void
ctl_load_login (char **ret_server,
                char **ret_token,
                char **ret_ca)
{
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autofree char *path = login_path ();

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return;

  if (ret_server != NULL)
    *ret_server = g_key_file_get_string (file, "login", "server", NULL);

  if (ret_token != NULL)
    *ret_token = g_key_file_get_string (file, "login", "token", NULL);

  if (ret_ca != NULL)
    *ret_ca = g_key_file_get_string (file, "login", "ca", NULL);
}

gboolean
ctl_forget_login (GError **error)
{
  g_autofree char *path = login_path ();

  if (g_unlink (path) != 0 && errno != ENOENT)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   _("cannot remove “%s”: %s"), path, g_strerror (errno));
      return FALSE;
    }

  return TRUE;
}
