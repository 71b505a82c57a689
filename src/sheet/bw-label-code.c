/* bw-label-code.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-code.h"

#include "bw-device-id.h"
#include "bw-error.h"

#include <string.h>

/* Larger ones are for posters: at 0.4 mm a module this is 26 mm. */
#define MAX_VERSION 10

#define ID_MARK   "{id}"
#define SAMPLE_ID "0000-0000-0000-0000"

/* The link is bytes and the ID is alphanumeric: two segments of fixed length,
 * so that all codes of a sheet have one version. A link of upper-case letters
 * alone is alphanumeric too, and a good deal smaller. */

static const QRecLevel levels[] = {
  [BW_LABEL_CORRECTION_L] = QR_ECLEVEL_L,
  [BW_LABEL_CORRECTION_M] = QR_ECLEVEL_M,
  [BW_LABEL_CORRECTION_Q] = QR_ECLEVEL_Q,
  [BW_LABEL_CORRECTION_H] = QR_ECLEVEL_H,
};

static void
append (QRinput    *input,
        const char *text)
{
  static const char alphanumeric[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
  gboolean fits = strspn (text, alphanumeric) == strlen (text);

  if (*text != '\0')
    QRinput_append (input, fits ? QR_MODE_AN : QR_MODE_8, (int) strlen (text), (const unsigned char *) text);
}

static QRcode *
encode (const BwLabelCode *self,
        guint              version,
        QRecLevel          level,
        const char        *id)
{
  QRinput *input = QRinput_new2 ((int) version, level);
  QRcode *code;
  char text[BW_DEVICE_CODE_SIZE];

  bw_device_id_to_code (id, text);
  if (self->before != NULL)
    append (input, self->before);
  append (input, text);
  if (self->after != NULL)
    append (input, self->after);

  /* the version is the smallest to take, what does not fit gets a larger one */
  code = QRcode_encodeInput (input);
  QRinput_free (input);

  return code;
}

/* 0 when it fits into none. */
static guint
find_version (const BwLabelCode *self,
              QRecLevel          level)
{
  QRcode *code = encode (self, 1, level, SAMPLE_ID);
  guint version = code != NULL ? (guint) code->version : 0;

  if (code != NULL)
    QRcode_free (code);

  return version <= MAX_VERSION ? version : 0;
}

gboolean
bw_label_code_init (BwLabelCode          *self,
                    const BwLabelDesign  *design,
                    GError              **error)
{
  BwLabelCorrection correction = design != NULL ? design->correction : BW_LABEL_CORRECTION_AUTO;
  const char *mark = design != NULL ? strstr (design->link, ID_MARK) : NULL;

  *self = (BwLabelCode) { 0 };
  if (mark != NULL)
    {
      self->before = g_strndup (design->link, (gsize) (mark - design->link));
      self->after = g_strdup (mark + strlen (ID_MARK));
    }

  self->level = levels[correction != BW_LABEL_CORRECTION_AUTO ? correction : BW_LABEL_CORRECTION_M];
  self->version = find_version (self, self->level);

  for (guint better = BW_LABEL_CORRECTION_Q;
       correction == BW_LABEL_CORRECTION_AUTO && better <= BW_LABEL_CORRECTION_H && self->version > 0; better++)
    {
      if (find_version (self, levels[better]) != self->version)
        break;
      self->level = levels[better];
    }

  if (self->version > 0)
    return TRUE;

  bw_label_code_clear (self);
  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the claim link is too long for a code on a label");

  return FALSE;
}

void
bw_label_code_clear (BwLabelCode *self)
{
  g_clear_pointer (&self->before, g_free);
  g_clear_pointer (&self->after, g_free);
}

guint
bw_label_code_get_modules (const BwLabelCode *self)
{
  return 17 + 4 * self->version;
}

QRcode *
bw_label_code_encode (const BwLabelCode *self,
                      const char        *id)
{
  return encode (self, self->version, self->level, id);
}

char *
bw_label_code_to_text (const BwLabelCode *self,
                       const char        *id)
{
  char text[BW_DEVICE_CODE_SIZE];

  bw_device_id_to_code (id, text);

  return g_strconcat (self->before != NULL ? self->before : "", text, self->after, NULL);
}
