/* bw-create-batch-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-create-batch-dialog.h"

#include <math.h>

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-error.h"

/**
 * BwCreateBatchDialog:
 *
 * Asks for a new batch. What is wrong stands beside the field while one
 * types, by the same rule that the server goes by; what only the server can know
 * appears at the same place.
 */

struct _BwCreateBatchDialog
{
  AdwWindow       parent_instance;

  BwSession      *session;
  GCancellable   *cancellable;
  gboolean        is_name_touched;   /* an empty form is no mistake yet */
  gboolean        is_busy;

  GtkStack       *button_stack;
  GtkWidget      *form;
  GtkEditable    *name_row;
  GtkSpinButton  *count_spin;
  GtkColorChooser *color_button;
  AdwComboRow    *company_row;
  GtkEditable    *info_row;
  GtkLabel       *name_error;
  GtkLabel       *count_error;
  GtkLabel       *info_error;
  GtkLabel       *general_error;
};

G_DEFINE_FINAL_TYPE (BwCreateBatchDialog, bw_create_batch_dialog, ADW_TYPE_WINDOW)

enum {
  PROP_0,
  PROP_SESSION,
  N_PROPS
};

enum {
  CREATED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

/* Far enough apart to be told from each other on paper, also by most of those who
 * see colours otherwise. A new batch gets the next one. */
static const char * const palette[] = {
  "#1c71d8", "#e66100", "#2ec27e", "#c061cb", "#f5c211", "#a51d2d", "#33c7de", "#865e3c",
};

static void
show_error (GtkWidget  *field,
            GtkLabel   *label,
            const char *text)
{
  gtk_label_set_label (label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (label), text != NULL);
  if (field == NULL)
    return;

  if (text != NULL)
    gtk_widget_add_css_class (field, "error");
  else
    gtk_widget_remove_css_class (field, "error");

  gtk_accessible_update_state (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_STATE_INVALID,
                               text != NULL ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (field), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  text != NULL ? text : "", -1);
}

/* Our words where the rule is ours to know; the text of the rule itself otherwise. */
static char *
describe (const char   *field,
          const GError *error)
{
  if (strcmp (field, "count") == 0)
    return g_strdup_printf (_("From 1 to %'u IDs can be created at once."), BW_BATCH_MAX_COUNT);

  if (strcmp (field, "name") == 0)
    return g_strdup (_("A name without line breaks is needed, at most 200 bytes long."));

  if (strcmp (field, "info") == 0)
    return g_strdup (_("The information is too long, or holds characters that cannot be printed."));

  return bw_error_to_field_text (error);
}

static void
show_field_error (BwCreateBatchDialog *self,
                  const char          *field,
                  const char          *text)
{
  gboolean is_name = g_strcmp0 (field, "name") == 0;
  gboolean is_count = g_strcmp0 (field, "count") == 0;
  gboolean is_info = g_strcmp0 (field, "info") == 0;
  gboolean is_other = !is_name && !is_count && !is_info;

  show_error (GTK_WIDGET (self->name_row), self->name_error, is_name ? text : NULL);
  show_error (GTK_WIDGET (self->count_spin), self->count_error, is_count ? text : NULL);
  show_error (GTK_WIDGET (self->info_row), self->info_error, is_info ? text : NULL);
  show_error (NULL, self->general_error, is_other ? text : NULL);
}

static gboolean
is_name_known (BwCreateBatchDialog *self,
               const char          *name)
{
  GListModel *batches = G_LIST_MODEL (bw_session_get_batches (self->session));
  g_autofree char *wanted = g_strstrip (g_strdup (name));

  for (guint i = 0; i < g_list_model_get_n_items (batches); i++)
    {
      g_autoptr(BwBatch) batch = g_list_model_get_item (batches, i);

      if (g_strcmp0 (bw_batch_get_name (batch), wanted) == 0)
        return TRUE;
    }

  return FALSE;
}

/* What the spin button shows now, also while it is being typed and not taken over yet. */
static gint64
get_count (BwCreateBatchDialog *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->count_spin))));
  gint64 count;

  if (!g_ascii_string_to_signed (text, 10, G_MININT64, G_MAXINT64, &count, NULL))
    return gtk_spin_button_get_value_as_int (self->count_spin);

  return count;
}

static char *
get_color (BwCreateBatchDialog *self)
{
  GdkRGBA rgba;

  gtk_color_chooser_get_rgba (self->color_button, &rgba);

  return g_strdup_printf ("#%02x%02x%02x", (guint) lrintf (rgba.red * 255), (guint) lrintf (rgba.green * 255),
                          (guint) lrintf (rgba.blue * 255));
}

static void
validate (BwCreateBatchDialog *self)
{
  g_autofree char *name = NULL;
  g_autofree char *color = NULL;
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  const char *field = NULL;
  gboolean ok;

  /* The template is still being built. */
  if (self->session == NULL)
    return;

  name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  color = get_color (self);
  ok = bw_batch_check (name, get_count (self), color, gtk_editable_get_text (self->info_row), &field, &error);
  if (!ok)
    {
      text = describe (field != NULL ? field : "", error);
    }
  else if (is_name_known (self, name))
    {
      ok = FALSE;
      field = "name";
      text = g_strdup (_("There is a batch of this name already."));
    }

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "create-batch.create", ok && !self->is_busy);
  show_field_error (self, field, self->is_name_touched || g_strcmp0 (field, "name") != 0 ? text : NULL);
}

static void
name_changed_cb (BwCreateBatchDialog *self)
{
  self->is_name_touched = TRUE;
  validate (self);
}

static void
set_busy (BwCreateBatchDialog *self,
          gboolean             is_busy)
{
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (self->form, !is_busy);
  gtk_stack_set_visible_child_name (self->button_stack, is_busy ? "busy" : "create");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "create-batch.create", !is_busy);
}

static void
batch_created_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(BwCreateBatchDialog) self = user_data;
  g_autoptr(BwBatch) batch = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  batch = bw_session_create_batch_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  set_busy (self, FALSE);
  if (batch != NULL)
    {
      g_signal_emit (self, signals[CREATED], 0, batch);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  if (g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT))
    {
      show_field_error (self, "name", _("There is a batch of this name already."));
      gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
      return;
    }

  text = bw_error_to_user_text (error);
  show_field_error (self, NULL, text);
}

static void
create_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwCreateBatchDialog *self = BW_CREATE_BATCH_DIALOG (widget);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name_row)));
  g_autofree char *color = get_color (self);
  const char *info = gtk_editable_get_text (self->info_row);
  BwEntity *company = adw_combo_row_get_selected_item (self->company_row);

  set_busy (self, TRUE);
  bw_session_create_batch_async (self->session, name, get_count (self),
                                 company != NULL ? bw_entity_get_id (company) : NULL,
                                 color, *info != '\0' ? info : NULL,
                                 self->cancellable, batch_created_cb, g_object_ref (self));
}

static void
bw_create_batch_dialog_constructed (GObject *object)
{
  BwCreateBatchDialog *self = (BwCreateBatchDialog *) object;
  guint n_batches = g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_batches (self->session)));
  GListModel *companies = G_LIST_MODEL (bw_session_get_companies (self->session));
  GdkRGBA rgba;

  G_OBJECT_CLASS (bw_create_batch_dialog_parent_class)->constructed (object);

  if (gdk_rgba_parse (&rgba, palette[n_batches % G_N_ELEMENTS (palette)]))
    gtk_color_chooser_set_rgba (self->color_button, &rgba);

  adw_combo_row_set_model (self->company_row, companies);
  gtk_widget_set_visible (GTK_WIDGET (self->company_row), g_list_model_get_n_items (companies) > 1);
  gtk_widget_grab_focus (GTK_WIDGET (self->name_row));
  validate (self);
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_create_batch_dialog_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_CREATE_BATCH_DIALOG (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_create_batch_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_create_batch_dialog_dispose (GObject *object)
{
  BwCreateBatchDialog *self = (BwCreateBatchDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_CREATE_BATCH_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_create_batch_dialog_parent_class)->dispose (object);
}

static void
bw_create_batch_dialog_set_property (GObject      *object,
                                     guint         prop_id,
                                     const GValue *value,
                                     GParamSpec   *pspec)
{
  BwCreateBatchDialog *self = BW_CREATE_BATCH_DIALOG (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_create_batch_dialog_class_init (BwCreateBatchDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_create_batch_dialog_constructed;
  object_class->dispose = bw_create_batch_dialog_dispose;
  object_class->set_property = bw_create_batch_dialog_set_property;
  widget_class->unmap = bw_create_batch_dialog_unmap;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CREATED] =
    g_signal_new ("created", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, BW_TYPE_BATCH);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               BW_RESOURCE_BASE "/ui/batches/bw-create-batch-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, button_stack);
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, form);
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, count_spin);
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, color_button);
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, company_row);
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, info_row);
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, name_error);
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, count_error);
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, info_error);
  gtk_widget_class_bind_template_child (widget_class, BwCreateBatchDialog, general_error);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, validate);

  gtk_widget_class_install_action (widget_class, "create-batch.create", NULL, create_action);

  g_type_ensure (BW_TYPE_COMPANY);
}

static void
bw_create_batch_dialog_init (BwCreateBatchDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_create_batch_dialog_new (BwSession *session)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  return g_object_new (BW_TYPE_CREATE_BATCH_DIALOG, "session", session, NULL);
}
