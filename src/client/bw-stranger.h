/* bw-stranger.h: a certificate that is not trusted
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define BW_TYPE_STRANGER (bw_stranger_get_type ())

/* What a server showed that nobody here vouches for. Read only. */
typedef struct
{
  char                 *place;         /* "host:port" */
  char                 *host;
  GTlsCertificateFlags  problems;
  char                 *fingerprint;   /* SHA-256: "AA:BB:…" */
  char                 *known;         /* (nullable): that of another one, which a person has trusted at this place */
  char                 *subject;       /* (nullable) */
  char                 *issuer;        /* (nullable) */
  gint64                valid_from_us; /* 0: not said */
  gint64                valid_until_us;
} BwStranger;

GType       bw_stranger_get_type    (void);

BwStranger *bw_stranger_new         (const char           *place,
                                     const char           *host,
                                     GTlsCertificate      *certificate,
                                     GTlsCertificateFlags  problems,
                                     const char           *known);
BwStranger *bw_stranger_copy        (const BwStranger     *self);
void        bw_stranger_free        (BwStranger           *self);

/* "its certificate has expired": for an engineer. (transfer full) */
char       *bw_stranger_describe    (const BwStranger     *self);

/* (transfer full): "AA:BB:…" */
char       *bw_stranger_fingerprint (GTlsCertificate      *certificate);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwStranger, bw_stranger_free)

G_END_DECLS
