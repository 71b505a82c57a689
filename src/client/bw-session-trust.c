/* bw-session-trust.c: whose certificate is good enough
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-client"

#include "bw-session-private.h"

#include <string.h>

#include "bw-error.h"
#include "bw-pins.h"
#include "bw-text.h"

#define PORT_HTTPS 443

/* "host:port" */
static char *
get_place (GUri *uri)
{
  int port = g_uri_get_port (uri);
  const char *host = g_uri_get_host (uri);

  return g_strdup_printf (strchr (host, ':') != NULL ? "[%s]:%d" : "%s:%d", host, port > 0 ? port : PORT_HTTPS);
}

/* Comes during the handshake, before the request and with it any token or password is sent,
 * and only for a certificate that GIO does not trust. */
static gboolean
accept_certificate_cb (SoupMessage          *message,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  problems,
                       gpointer              user_data)
{
  BwSession *self = user_data;
  GUri *uri = soup_message_get_uri (message);
  g_autofree char *place = get_place (uri);
  g_autofree char *fingerprint = bw_stranger_fingerprint (certificate);
  g_autofree char *known = self->uses_pins ? bw_pins_look_up (place) : NULL;

  if (g_strcmp0 (known, fingerprint) == 0)
    {
      bw_set_str (&self->pin, fingerprint);
      return TRUE;
    }

  g_clear_pointer (&self->stranger, bw_stranger_free);
  self->stranger = bw_stranger_new (place, g_uri_get_host (uri), certificate, problems, known);

  return FALSE;
}

void
bw_session_watch_certificate (BwSession   *self,
                              SoupMessage *message)
{
  g_signal_connect_object (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), self, 0);
}

GError *
bw_session_make_distrust (BwSession    *self,
                          const GError *error)
{
  const BwStranger *stranger = self->stranger;
  g_autofree char *why = NULL;

  if (stranger == NULL || error->domain != G_TLS_ERROR)
    return NULL;

  why = bw_stranger_describe (stranger);
  if (stranger->known != NULL)
    return g_error_new (BW_ERROR, BW_ERROR_UNAVAILABLE, "%s is not trusted: %s; its SHA-256 fingerprint is %s and was %s",
                        self->base_uri, why, stranger->fingerprint, stranger->known);

  return g_error_new (BW_ERROR, BW_ERROR_UNAVAILABLE, "%s is not trusted: %s; its SHA-256 fingerprint is %s",
                      self->base_uri, why, stranger->fingerprint);
}

static gboolean
is_here (const char *host)
{
  g_autoptr(GInetAddress) address = g_inet_address_new_from_string (host);

  return strcmp (host, "localhost") == 0 || (address != NULL && g_inet_address_get_is_loopback (address));
}

/* A pin is of one certificate, so it holds for the broker at the same host that shows the same one.
 * And who came by TLS does not say the token in the open afterwards, whatever the session's document says. */
gboolean
bw_session_set_link_trust (BwSession   *self,
                           BwMqttLink  *link,
                           GError     **error)
{
  g_autoptr(GUri) base = g_uri_parse (self->base_uri, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(GUri) broker = g_uri_parse (self->broker_uri, G_URI_FLAGS_NONE, NULL);
  g_autoptr(GString) pin = g_string_new (self->pin);
  const char *host = broker != NULL ? g_uri_get_host (broker) : NULL;
  gboolean is_same_host = base != NULL && g_strcmp0 (host, g_uri_get_host (base)) == 0;

  if (g_str_has_prefix (self->base_uri, "https://") && g_str_has_prefix (self->broker_uri, "mqtt://") &&
      !is_here (host))
    {
      bw_session_set_feed_problem (self, BW_FEED_IN_THE_OPEN);
      g_set_error (error, BW_ERROR, BW_ERROR_UNAVAILABLE,
                   "the broker at %s is without TLS, and the session's token is not sent in the open", self->broker_uri);
      return FALSE;
    }

  g_string_replace (pin, ":", "", 0);

  return bw_mqtt_link_set_trust (link, self->ca_file, self->pin != NULL && is_same_host ? pin->str : NULL, error);
}

gboolean
bw_session_set_ca_file (BwSession   *self,
                        const char  *path,
                        GError     **error)
{
  g_autoptr(GTlsDatabase) database = NULL;
  g_autoptr(GError) foreign = NULL;
  g_autofree char *absolute = NULL;
  GList *certificates;

  g_return_val_if_fail (BW_IS_SESSION (self), FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  absolute = g_canonicalize_filename (path, NULL);

  /* A file without any certificate makes a database that trusts nobody, and nobody would know why. */
  certificates = g_tls_certificate_list_new_from_file (absolute, &foreign);
  if (certificates != NULL)
    database = g_tls_file_database_new (absolute, &foreign);
  g_list_free_full (certificates, g_object_unref);

  if (database == NULL)
    {
      if (foreign != NULL && foreign->domain == G_FILE_ERROR)
        g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the CA file cannot be read: %s", foreign->message);
      else
        g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the CA file “%s” holds no certificate", path);
      return FALSE;
    }

  soup_session_set_tls_database (self->http, database);
  soup_session_set_tls_database (self->patient_http, database);
  bw_set_str (&self->ca_file, absolute);

  return TRUE;
}

void
bw_session_use_pins (BwSession *self)
{
  g_return_if_fail (BW_IS_SESSION (self));

  self->uses_pins = TRUE;
}

const BwStranger *
bw_session_get_stranger (BwSession *self)
{
  g_return_val_if_fail (BW_IS_SESSION (self), NULL);

  return self->stranger;
}
