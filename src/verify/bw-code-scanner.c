/* bw-code-scanner.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-verify"

#include "bw-code-scanner.h"

#include <string.h>
#include <zbar.h>

/* A thin coat over zbar, which knows nothing but grey pixels. */

struct _BwCodeScanner
{
  zbar_image_scanner_t *scanner;
};

BwCodeScanner *
bw_code_scanner_new (void)
{
  BwCodeScanner *self = g_new (BwCodeScanner, 1);

  self->scanner = zbar_image_scanner_create ();
  zbar_image_scanner_set_config (self->scanner, 0, ZBAR_CFG_ENABLE, 0);
  zbar_image_scanner_set_config (self->scanner, ZBAR_QRCODE, ZBAR_CFG_ENABLE, 1);

  return self;
}

void
bw_code_scanner_free (BwCodeScanner *self)
{
  if (self == NULL)
    return;

  zbar_image_scanner_destroy (self->scanner);
  g_free (self);
}

static void
code_clear (BwCode *code)
{
  g_free (code->text);
}

/* Whatever stands in the code, in a form that can be shown: whole characters only. */
static char *
get_text (const zbar_symbol_t *symbol)
{
  gsize length = MIN (zbar_symbol_get_data_length (symbol), BW_CODE_MAX_BYTES);
  g_autofree char *text = g_utf8_make_valid (zbar_symbol_get_data (symbol), (gssize) length);
  const char *end = text;

  while (*end != '\0' && g_utf8_next_char (end) - text <= BW_CODE_MAX_BYTES)
    end = g_utf8_next_char (end);

  return g_strndup (text, (gsize) (end - text));
}

static void
get_corner (const zbar_symbol_t *symbol,
            guint                n,
            double               ret_corner[2])
{
  ret_corner[0] = zbar_symbol_get_loc_x (symbol, n);
  ret_corner[1] = zbar_symbol_get_loc_y (symbol, n);
}

GArray *
bw_code_scanner_scan (BwCodeScanner *self,
                      const BwGray  *image)
{
  GArray *codes = g_array_new (FALSE, FALSE, sizeof (BwCode));
  zbar_image_t *shown = zbar_image_create ();

  g_array_set_clear_func (codes, (GDestroyNotify) code_clear);
  zbar_image_set_format (shown, zbar_fourcc ('Y', '8', '0', '0'));
  zbar_image_set_size (shown, image->width, image->height);
  zbar_image_set_data (shown, image->pixels, (gulong) image->width * image->height, NULL);

  if (zbar_scan_image (self->scanner, shown) > 0)
    {
      for (const zbar_symbol_t *symbol = zbar_image_first_symbol (shown); symbol != NULL;
           symbol = zbar_symbol_next (symbol))
        {
          BwCode code = { 0 };

          if (zbar_symbol_get_type (symbol) != ZBAR_QRCODE || zbar_symbol_get_loc_size (symbol) != 4)
            continue;

          code.text = get_text (symbol);
          get_corner (symbol, 0, code.left_top);
          get_corner (symbol, 1, code.left_bottom);
          get_corner (symbol, 2, code.right_bottom);
          get_corner (symbol, 3, code.right_top);
          g_array_append_val (codes, code);
        }
    }

  zbar_image_destroy (shown);

  return codes;
}

gboolean
bw_code_parse_id (const char *text,
                  char        ret_id[BW_DEVICE_ID_SIZE])
{
  const char *slash;

  g_return_val_if_fail (text != NULL, FALSE);

  slash = strrchr (text, '/');
  if (slash != NULL)
    text = slash + 1;

  return bw_device_id_parse (text, strlen (text), ret_id);
}
