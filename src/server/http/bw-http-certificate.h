/* bw-http-certificate.h: what the server shows to who comes by TLS
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <gnutls/abstract.h>

G_BEGIN_DECLS

/* Reads both files, checks that they belong together and that the key is no secret of everybody's,
 * and shows the certificate to who comes from now on. When it fails the one before is shown further.
 * @ret_doubt: (nullable) (transfer full): a sentence when by the clock clients will not take it */
gboolean bw_http_certificate_load        (const char                         *certificate_file,
                                          const char                         *key_file,
                                          char                              **ret_doubt,
                                          GError                            **error);

/* For MHD_OPTION_HTTPS_CERT_CALLBACK2; any thread. */
int      bw_http_certificate_retrieve_cb (gnutls_session_t                    session,
                                          const struct gnutls_cert_retr_st   *info,
                                          gnutls_pcert_st                   **ret_chain,
                                          unsigned int                       *ret_n_chain,
                                          gnutls_ocsp_data_st               **ret_ocsp,
                                          unsigned int                       *ret_n_ocsp,
                                          gnutls_privkey_t                   *ret_key,
                                          unsigned int                       *flags);

G_END_DECLS
