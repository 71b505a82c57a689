/* bw-qr-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-qr-view.h"

#include <qrencode.h>

#define QUIET_MODULES 4     /* ISO/IEC 18004 wants as many around it */
#define MIN_MODULE_PX 2
#define NAT_MODULE_PX 5

/**
 * BwQrView:
 *
 * A QR code on the screen, for a phone to read: black on white whatever the style is, and
 * each module a whole number of pixels.
 */

struct _BwQrView
{
  GtkWidget  parent_instance;

  QRcode    *code;     /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BwQrView, bw_qr_view, GTK_TYPE_WIDGET)

static int
get_n_modules (BwQrView *self)
{
  return self->code != NULL ? self->code->width + 2 * QUIET_MODULES : 0;
}

static GtkSizeRequestMode
bw_qr_view_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
bw_qr_view_measure (GtkWidget      *widget,
                    GtkOrientation  orientation,
                    int             for_size,
                    int            *minimum,
                    int            *natural,
                    int            *minimum_baseline,
                    int            *natural_baseline)
{
  int n_modules = get_n_modules (BW_QR_VIEW (widget));

  *minimum = n_modules * MIN_MODULE_PX;
  *natural = n_modules * NAT_MODULE_PX;
}

static void
bw_qr_view_snapshot (GtkWidget   *widget,
                     GtkSnapshot *snapshot)
{
  static const GdkRGBA white = { 1, 1, 1, 1 };
  static const GdkRGBA black = { 0, 0, 0, 1 };
  BwQrView *self = BW_QR_VIEW (widget);
  int n_modules = get_n_modules (self);
  int module, left, top;

  if (n_modules == 0)
    return;

  module = MAX (MIN (gtk_widget_get_width (widget), gtk_widget_get_height (widget)) / n_modules, 1);
  left = (gtk_widget_get_width (widget) - module * n_modules) / 2;
  top = (gtk_widget_get_height (widget) - module * n_modules) / 2;
  gtk_snapshot_append_color (snapshot, &white,
                             &GRAPHENE_RECT_INIT ((float) left, (float) top, (float) (module * n_modules),
                                                  (float) (module * n_modules)));

  for (int y = 0; y < self->code->width; y++)
    {
      for (int x = 0; x < self->code->width; x++)
        {
          if ((self->code->data[y * self->code->width + x] & 1) == 0)
            continue;

          gtk_snapshot_append_color (snapshot, &black,
                                     &GRAPHENE_RECT_INIT ((float) (left + (x + QUIET_MODULES) * module),
                                                          (float) (top + (y + QUIET_MODULES) * module),
                                                          (float) module, (float) module));
        }
    }
}

static void
bw_qr_view_finalize (GObject *object)
{
  g_clear_pointer (&BW_QR_VIEW (object)->code, QRcode_free);

  G_OBJECT_CLASS (bw_qr_view_parent_class)->finalize (object);
}

static void
bw_qr_view_class_init (BwQrViewClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bw_qr_view_finalize;
  widget_class->get_request_mode = bw_qr_view_get_request_mode;
  widget_class->measure = bw_qr_view_measure;
  widget_class->snapshot = bw_qr_view_snapshot;

  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
}

static void
bw_qr_view_init (BwQrView *self)
{
}

GtkWidget *
bw_qr_view_new (void)
{
  return g_object_new (BW_TYPE_QR_VIEW, NULL);
}

void
bw_qr_view_set_text (BwQrView   *self,
                     const char *text)
{
  g_return_if_fail (BW_IS_QR_VIEW (self));

  g_clear_pointer (&self->code, QRcode_free);
  if (text != NULL)
    self->code = QRcode_encodeString (text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);

  gtk_widget_queue_resize (GTK_WIDGET (self));
}
