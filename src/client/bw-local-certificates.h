/* bw-local-certificates.h: a small authority for a server on this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* In one folder: an authority, and a certificate for localhost, 127.0.0.1, ::1 and this computer's name. */
typedef struct _BwLocalCertificates BwLocalCertificates;

BwLocalCertificates *bw_local_certificates_new    (const char           *folder);
void                 bw_local_certificates_free   (BwLocalCertificates  *self);

/* Makes what is missing and what is about to expire. @ret_is_new: whether the server's certificate is another one now.
 * Fails for an authority that is damaged: others may trust it, so it is not replaced behind anybody's back. */
gboolean             bw_local_certificates_ensure (BwLocalCertificates  *self,
                                                   gboolean             *ret_is_new,
                                                   GError              **error);

const char          *bw_local_certificates_get_ca          (BwLocalCertificates *self);
const char          *bw_local_certificates_get_certificate (BwLocalCertificates *self);
const char          *bw_local_certificates_get_key         (BwLocalCertificates *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLocalCertificates, bw_local_certificates_free)

G_END_DECLS
