/* bw-calibration.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-calibration.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-kept-file.h"
#include "bw-text.h"

#include <math.h>
#include <string.h>

#define FILE_NAME         "printers.json"
#define NAME_MAX_BYTES    200
#define MAX_CALIBRATIONS  1000

gboolean
bw_calibration_is_none (const BwCalibration *self)
{
  return fabs (self->dx) < 1e-9 && fabs (self->dy) < 1e-9 && fabs (self->scale_x - 1.0) < 1e-9 &&
         fabs (self->scale_y - 1.0) < 1e-9 && fabs (self->degrees) < 1e-9;
}

static gboolean
is_between (double value,
            double low,
            double high)
{
  return isfinite (value) && value >= low && value <= high;
}

gboolean
bw_calibration_check (const BwCalibration  *self,
                      GError              **error)
{
  if (!is_between (self->dx, -BW_CALIBRATION_MAX_MOVE_MM, BW_CALIBRATION_MAX_MOVE_MM) ||
      !is_between (self->dy, -BW_CALIBRATION_MAX_MOVE_MM, BW_CALIBRATION_MAX_MOVE_MM))
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "a calibration moves by at most %g mm", BW_CALIBRATION_MAX_MOVE_MM);
  else if (!is_between (self->scale_x, BW_CALIBRATION_MIN_SCALE, BW_CALIBRATION_MAX_SCALE) ||
           !is_between (self->scale_y, BW_CALIBRATION_MIN_SCALE, BW_CALIBRATION_MAX_SCALE))
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                         "a ruler that came out more than a tenth too long or too short was scaled by the print "
                         "dialog; print at 100 % instead");
  else if (!is_between (self->degrees, -BW_CALIBRATION_MAX_DEGREES, BW_CALIBRATION_MAX_DEGREES))
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID,
                 "a calibration turns by at most %g°", BW_CALIBRATION_MAX_DEGREES);
  else
    return TRUE;

  return FALSE;
}

void
bw_calibration_apply (const BwCalibration *self,
                      double              *x,
                      double              *y)
{
  double angle = self->degrees * G_PI / 180.0;
  double turned_x = *x * cos (angle) - *y * sin (angle);
  double turned_y = *x * sin (angle) + *y * cos (angle);

  *x = turned_x * self->scale_x + self->dx;
  *y = turned_y * self->scale_y + self->dy;
}

double
bw_calibration_scale_for (double mm,
                          double measured)
{
  return measured > 0 ? mm / measured : 0.0;
}

static void
printer_stock_free (gpointer data)
{
  BwPrinterStock *self = data;

  g_free (self->printer);
  g_free (self->stock);
  g_free (self);
}

static BwPrinterStock *
load_one (JsonObject *object)
{
  const char *printer = bw_json_get_string (object, "printer");
  const char *stock = bw_json_get_string (object, "stock");
  BwPrinterStock *self;
  BwCalibration calibration = {
    .dx = json_object_get_double_member_with_default (object, "dx", 0.0),
    .dy = json_object_get_double_member_with_default (object, "dy", 0.0),
    .scale_x = json_object_get_double_member_with_default (object, "scaleX", 1.0),
    .scale_y = json_object_get_double_member_with_default (object, "scaleY", 1.0),
    .degrees = json_object_get_double_member_with_default (object, "degrees", 0.0),
  };

  if (printer == NULL || stock == NULL || !bw_calibration_check (&calibration, NULL))
    return NULL;

  self = g_new0 (BwPrinterStock, 1);
  self->printer = g_strdup (printer);
  self->stock = g_strdup (stock);
  self->calibration = calibration;

  return self;
}

static GPtrArray *
load_all (JsonArray *items)
{
  GPtrArray *all = g_ptr_array_new_with_free_func (printer_stock_free);

  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    {
      JsonNode *item = json_array_get_element (items, i);
      BwPrinterStock *one = JSON_NODE_HOLDS_OBJECT (item) ? load_one (json_node_get_object (item)) : NULL;

      if (one != NULL)
        g_ptr_array_add (all, one);
    }

  return all;
}

static int
compare (gconstpointer a,
         gconstpointer b)
{
  const BwPrinterStock *one = *(const BwPrinterStock * const *) a;
  const BwPrinterStock *other = *(const BwPrinterStock * const *) b;
  int order = g_utf8_collate (one->printer, other->printer);

  return order != 0 ? order : strcmp (one->stock, other->stock);
}

GPtrArray *
bw_calibration_list (GError **error)
{
  g_autoptr(BwKeptFile) file = bw_kept_file_open (FILE_NAME, FALSE, error);
  GPtrArray *all;

  if (file == NULL)
    return NULL;

  all = load_all (bw_kept_file_get_items (file));
  g_ptr_array_sort (all, compare);

  return all;
}

gboolean
bw_calibration_load (const char     *printer,
                     const char     *stock,
                     BwCalibration  *ret_calibration,
                     GError        **error)
{
  g_autoptr(GPtrArray) all = NULL;

  g_return_val_if_fail (printer != NULL && stock != NULL, FALSE);

  all = bw_calibration_list (error);
  if (all == NULL)
    return FALSE;

  *ret_calibration = (BwCalibration) BW_CALIBRATION_INIT;
  for (guint i = 0; i < all->len; i++)
    {
      const BwPrinterStock *one = g_ptr_array_index (all, i);

      if (strcmp (one->printer, printer) == 0 && strcmp (one->stock, stock) == 0)
        *ret_calibration = one->calibration;
    }

  return TRUE;
}

static void
add_one (GString             *out,
         const char          *printer,
         const char          *stock,
         const BwCalibration *calibration)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "printer", printer);
  bw_json_add_string (out, "stock", stock);
  bw_kept_file_add_number (out, "dx", calibration->dx);
  bw_kept_file_add_number (out, "dy", calibration->dy);
  bw_kept_file_add_number (out, "scaleX", calibration->scale_x);
  bw_kept_file_add_number (out, "scaleY", calibration->scale_y);
  bw_kept_file_add_number (out, "degrees", calibration->degrees);
  bw_json_end_object (out);
}

gboolean
bw_calibration_save (const char           *printer,
                     const char           *stock,
                     const BwCalibration  *calibration,
                     GError              **error)
{
  g_autoptr(BwKeptFile) file = NULL;
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GString) out = g_string_new (NULL);

  g_return_val_if_fail (printer != NULL && stock != NULL && calibration != NULL, FALSE);

  if (!bw_name_is_valid (printer, NAME_MAX_BYTES))
    {
      g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "a printer's name is a line of at most 200 bytes");
      return FALSE;
    }

  if (!bw_calibration_check (calibration, error) || (file = bw_kept_file_open (FILE_NAME, TRUE, error)) == NULL)
    return FALSE;

  all = load_all (bw_kept_file_get_items (file));
  if (all->len >= MAX_CALIBRATIONS)
    {
      g_set_error (error, BW_ERROR, BW_ERROR_TOO_MANY, "more than %d calibrations", MAX_CALIBRATIONS);
      return FALSE;
    }

  for (guint i = 0; i < all->len; i++)
    {
      const BwPrinterStock *one = g_ptr_array_index (all, i);

      if (strcmp (one->printer, printer) != 0 || strcmp (one->stock, stock) != 0)
        add_one (out, one->printer, one->stock, &one->calibration);
    }
  if (!bw_calibration_is_none (calibration))
    add_one (out, printer, stock, calibration);

  return bw_kept_file_save (file, out, error);
}
