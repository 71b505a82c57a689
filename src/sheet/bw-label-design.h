/* bw-label-design.h: what stands on a label, and where
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BW_LABEL_MAX_FIELDS       32
#define BW_LABEL_MAX_TEXT_BYTES   200
#define BW_LABEL_MAX_LINK_BYTES   150
#define BW_LABEL_MAX_LOGO_BYTES   (256 * 1024)
#define BW_LABEL_MAX_DPI          2400
#define BW_LABEL_MAX_PT           96.0
#define BW_LABEL_MIN_PT           4.0
#define BW_LABEL_DESIGN_MAX_BYTES (384 * 1024)

typedef enum
{
  BW_LABEL_FIELD_QR,
  BW_LABEL_FIELD_ID,
  BW_LABEL_FIELD_CHECK,
  BW_LABEL_FIELD_BATCH,
  BW_LABEL_FIELD_SERIAL,
  BW_LABEL_FIELD_PRODUCT,
  BW_LABEL_FIELD_ABBREVIATION,
  BW_LABEL_FIELD_LICENSE,
  BW_LABEL_FIELD_MACHINE_ID,
  BW_LABEL_FIELD_COMPANY,
  BW_LABEL_FIELD_TEXT,
  BW_LABEL_FIELD_LOGO,
  BW_LABEL_FIELD_COLOR_BAR,
  BW_LABEL_N_FIELD_KINDS,
} BwLabelFieldKind;

typedef enum
{
  BW_LABEL_ALIGN_LEFT,
  BW_LABEL_ALIGN_CENTER,
  BW_LABEL_ALIGN_RIGHT,
} BwLabelAlign;

typedef enum
{
  BW_LABEL_CORRECTION_AUTO,   /* the highest that does not make the code larger than M does */
  BW_LABEL_CORRECTION_L,
  BW_LABEL_CORRECTION_M,
  BW_LABEL_CORRECTION_Q,
  BW_LABEL_CORRECTION_H,
} BwLabelCorrection;

typedef struct
{
  double x;
  double y;
  double width;
  double height;
} BwRect;

typedef struct
{
  BwLabelFieldKind  kind;
  BwRect            rect;    /* of the code: with its quiet zone */
  BwLabelAlign      align;
  double            pt;      /* 0: as large as fits */
  char             *text;    /* the text itself, or what stands before the value; "" for none */
  GBytes           *logo;    /* PNG or SVG */
} BwLabelField;

/* A plain document, the same on both ends of the API. Lengths are millimetres
 * or, with @is_relative, parts of the label from 0 to 1, so that one design
 * serves several stocks. Without fields it is the automatic layout. */
typedef struct
{
  gboolean           is_relative;
  char              *link;          /* `https://…/{id}`, "" for the ID alone */
  BwLabelCorrection  correction;
  guint              dpi;           /* of the printer; 0: the stock's */
  gboolean           allow_small;   /* a code that a phone may not read is no error */
  GPtrArray         *fields;        /* BwLabelField */
} BwLabelDesign;

/* The automatic one. */
BwLabelDesign *bw_label_design_new       (void);
BwLabelDesign *bw_label_design_copy      (const BwLabelDesign *self);
void           bw_label_design_free      (BwLabelDesign       *self);

/* All that can be said without knowing the label. Fails with BW_ERROR_INVALID. */
gboolean       bw_label_design_check     (const BwLabelDesign *self,
                                          GError             **error);
BwLabelDesign *bw_label_design_from_json (const char          *text,
                                          gsize                length,
                                          GError             **error);
char          *bw_label_design_to_json   (const BwLabelDesign *self);

BwLabelField  *bw_label_field_new        (BwLabelFieldKind     kind);
void           bw_label_field_free       (BwLabelField        *field);

/* As the document writes it: `color-bar`. */
const char    *bw_label_field_kind_to_text (BwLabelFieldKind   kind);
/* It shows letters, so a size and an alignment mean something. */
gboolean       bw_label_field_kind_is_text (BwLabelFieldKind   kind);
const char    *bw_label_correction_to_text (BwLabelCorrection  correction);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelDesign, bw_label_design_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwLabelField, bw_label_field_free)

G_END_DECLS
