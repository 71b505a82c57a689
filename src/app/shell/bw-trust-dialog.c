/* bw-trust-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-trust-dialog.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-pins.h"
#include "bw-time-text.h"

/**
 * BwTrustDialog:
 *
 * A row for each certificate that a person has trusted, with its fingerprint and a way to
 * forget it. Whoever is connected stays so; the next connection asks again.
 */

struct _BwTrustDialog
{
  AdwWindow         parent_instance;

  AdwToastOverlay  *toasts;
  GtkStack         *stack;
  GtkListBox       *list;
};

G_DEFINE_FINAL_TYPE (BwTrustDialog, bw_trust_dialog, ADW_TYPE_WINDOW)

static GtkWidget *
make_row (const BwPin *pin)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *button = gtk_button_new_from_icon_name ("user-trash-symbolic");
  g_autofree char *place = g_markup_escape_text (pin->place, -1);
  g_autofree char *added = bw_time_to_date_text (pin->added_at_us);
  g_autofree char *subtitle = NULL;
  g_autofree char *label = NULL;

  /* Translators: a fingerprint, then a date */
  subtitle = g_strdup_printf (_("%s\nTrusted on %s"), pin->fingerprint, added);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), place);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  /* Translators: %s is the address of a server */
  label = g_strdup_printf (_("Forget the Certificate of %s"), pin->place);
  gtk_widget_set_tooltip_text (button, label);
  bw_accessible_set_label (button, label);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "flat");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "trust.forget");
  gtk_actionable_set_action_target (GTK_ACTIONABLE (button), "s", pin->place);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);

  return row;
}

static void
reload (BwTrustDialog *self)
{
  g_autoptr(GPtrArray) pins = bw_pins_list ();
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_list_box_remove (self->list, row);

  for (guint i = 0; i < pins->len; i++)
    gtk_list_box_append (self->list, make_row (g_ptr_array_index (pins, i)));

  gtk_stack_set_visible_child_name (self->stack, pins->len > 0 ? "list" : "empty");
}

static void
forget_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwTrustDialog *self = BW_TRUST_DIALOG (widget);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (bw_pins_forget (g_variant_get_string (parameter, NULL), &error))
    {
      reload (self);
      return;
    }

  text = bw_error_to_field_text (error);
  bw_toast_show (self->toasts, text);
}

static void
bw_trust_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BW_TYPE_TRUST_DIALOG);

  G_OBJECT_CLASS (bw_trust_dialog_parent_class)->dispose (object);
}

static void
bw_trust_dialog_class_init (BwTrustDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_trust_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-trust-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwTrustDialog, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwTrustDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BwTrustDialog, list);

  gtk_widget_class_install_action (widget_class, "trust.forget", "s", forget_action);
}

static void
bw_trust_dialog_init (BwTrustDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  reload (self);
}

GtkWidget *
bw_trust_dialog_new (void)
{
  return g_object_new (BW_TYPE_TRUST_DIALOG, NULL);
}
