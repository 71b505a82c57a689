/* bw-mqtt-tls.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-mqtt"

#include "bw-mqtt-tls.h"

#include <errno.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <poll.h>
#include <sys/socket.h>

#include "bw-error.h"

/* libmosquitto can make a context by itself, but one for each client, with the
 * CA file read anew each time, and neither a certificate of its own choice nor
 * the reason of a refusal. So it is given ours, which asks for the same: TLS 1.2,
 * a chain that ends where we trust, the host's name. Used on one thread at a time. */

struct _BwMqttTls
{
  SSL_CTX *context;
  char    *pin;       /* (nullable) */
  int      doubt;     /* X509_V_ERR_… */
};

static gboolean
is_pinned (BwMqttTls *self,
           X509      *certificate)
{
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int length = 0;
  g_autoptr(GString) hex = g_string_new (NULL);

  if (self->pin == NULL || certificate == NULL || X509_digest (certificate, EVP_sha256 (), digest, &length) != 1)
    return FALSE;

  for (unsigned int i = 0; i < length; i++)
    g_string_append_printf (hex, "%02x", digest[i]);

  return g_ascii_strcasecmp (hex->str, self->pin) == 0;
}

static int
verify_cb (X509_STORE_CTX *store,
           void           *data)
{
  BwMqttTls *self = data;

  if (is_pinned (self, X509_STORE_CTX_get0_cert (store)))
    {
      X509_STORE_CTX_set_error (store, X509_V_OK);
      return 1;
    }

  if (X509_verify_cert (store) == 1)
    return 1;

  self->doubt = X509_STORE_CTX_get_error (store);

  return 0;
}

static gboolean
set_host (SSL_CTX    *context,
          const char *host)
{
  X509_VERIFY_PARAM *param = SSL_CTX_get0_param (context);

  /* an address must be named as one; names do not count for it */
  if (g_hostname_is_ip_address (host))
    return X509_VERIFY_PARAM_set1_ip_asc (param, host) == 1;

  return X509_VERIFY_PARAM_set1_host (param, host, 0) == 1;
}

static gboolean
load_authorities (SSL_CTX     *context,
                  const char  *ca_file,
                  GError     **error)
{
  if (ca_file == NULL)
    {
      SSL_CTX_set_default_verify_paths (context);
      return TRUE;
    }

  if (!g_file_test (ca_file, G_FILE_TEST_EXISTS))
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the CA file %s does not exist", ca_file);
  else if (SSL_CTX_load_verify_locations (context, ca_file, NULL) != 1)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the CA file %s holds no certificate that can be read", ca_file);
  else
    return TRUE;

  ERR_clear_error ();

  return FALSE;
}

BwMqttTls *
bw_mqtt_tls_new (const char  *host,
                 const char  *ca_file,
                 const char  *pin,
                 GError     **error)
{
  BwMqttTls *self = g_new0 (BwMqttTls, 1);

  self->pin = g_strdup (pin);
  self->context = SSL_CTX_new (TLS_client_method ());
  if (self->context == NULL || !set_host (self->context, host))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INTERNAL, "OpenSSL does not work here");
      bw_mqtt_tls_free (self);
      return NULL;
    }

  SSL_CTX_set_min_proto_version (self->context, TLS1_2_VERSION);
  SSL_CTX_set_options (self->context, SSL_OP_NO_COMPRESSION);
  SSL_CTX_set_mode (self->context, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_verify (self->context, SSL_VERIFY_PEER, NULL);
  SSL_CTX_set_cert_verify_callback (self->context, verify_cb, self);

  if (!load_authorities (self->context, ca_file, error))
    {
      bw_mqtt_tls_free (self);
      return NULL;
    }

  return self;
}

void
bw_mqtt_tls_free (BwMqttTls *self)
{
  if (self == NULL)
    return;

  SSL_CTX_free (self->context);
  g_free (self->pin);
  g_free (self);
}

gboolean
bw_mqtt_tls_apply (BwMqttTls        *self,
                   struct mosquitto *client)
{
  return mosquitto_void_option (client, MOSQ_OPT_SSL_CTX, self->context) == MOSQ_ERR_SUCCESS &&
         mosquitto_int_option (client, MOSQ_OPT_SSL_CTX_WITH_DEFAULTS, 0) == MOSQ_ERR_SUCCESS;
}

int
bw_mqtt_tls_take_doubt (BwMqttTls *self)
{
  int doubt = self->doubt;

  self->doubt = 0;

  return doubt;
}

const char *
bw_mqtt_tls_describe (int doubt)
{
  switch (doubt)
    {
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
      return "its certificate is signed by nobody who is trusted here";

    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "its certificate has expired";

    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "its certificate is not valid yet";

    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "its certificate is for another name";

    default:
      return X509_verify_cert_error_string (doubt);
    }
}

gboolean
bw_mqtt_tls_has_unread (struct mosquitto *client)
{
  SSL *ssl = mosquitto_ssl_get (client);

  return ssl != NULL && SSL_pending (ssl) > 0;
}

/* 2.0.11 takes whatever the socket reports during a handshake for a reason to try again, so that one that was
 * refused spins until the time is over. */
gboolean
bw_mqtt_tls_is_broken (struct mosquitto *client)
{
  SSL *ssl = mosquitto_ssl_get (client);
  struct pollfd fd = { .fd = mosquitto_socket (client), .events = POLLIN | POLLRDHUP };
  char byte;

  if (ssl == NULL || fd.fd < 0 || SSL_is_init_finished (ssl) || poll (&fd, 1, 0) <= 0)
    return FALSE;

  /* what came before the end may say why it ended, and is read first */
  return (fd.revents & (POLLERR | POLLHUP)) != 0 ||
         ((fd.revents & POLLRDHUP) != 0 && recv (fd.fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0);
}
