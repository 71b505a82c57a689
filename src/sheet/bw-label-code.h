/* bw-label-code.h: what the code on a label says
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-label-design.h"

#include <qrencode.h>

G_BEGIN_DECLS

/* The same size for every device: an ID has always as many characters. */
typedef struct
{
  char      *before;     /* of the claim link; NULL: the ID alone */
  char      *after;
  guint      version;    /* 1: 21 × 21 modules, each further one 4 more */
  QRecLevel  level;
} BwLabelCode;

/* Fails with BW_ERROR_INVALID when no code is large enough for the link. */
gboolean bw_label_code_init        (BwLabelCode          *self,
                                    const BwLabelDesign  *design,
                                    GError              **error);
void     bw_label_code_clear       (BwLabelCode          *self);

guint    bw_label_code_get_modules (const BwLabelCode    *self);

/* @id: canonical. Returns: to be freed with QRcode_free() */
QRcode  *bw_label_code_encode      (const BwLabelCode    *self,
                                    const char           *id);

/* What a scanner reads. Returns: (transfer full) */
char    *bw_label_code_to_text     (const BwLabelCode    *self,
                                    const char           *id);

G_END_DECLS
