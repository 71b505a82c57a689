/* bw-create-company-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-create-company-dialog.h"

#include "bw-company-form.h"
#include "bw-json.h"

/**
 * BwCreateCompanyDialog:
 *
 * Asks for a new company. The form says what is wrong with it.
 */

struct _BwCreateCompanyDialog
{
  AdwWindow      parent_instance;

  BwSession     *session;        /* (owned) */
  GCancellable  *cancellable;
  gboolean       is_busy;

  GtkStack      *button_stack;
  BwCompanyForm *form;
};

G_DEFINE_FINAL_TYPE (BwCreateCompanyDialog, bw_create_company_dialog, ADW_TYPE_WINDOW)

enum {
  CREATED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update (BwCreateCompanyDialog *self)
{
  gtk_widget_set_sensitive (GTK_WIDGET (self->form), !self->is_busy);
  gtk_stack_set_visible_child_name (self->button_stack, self->is_busy ? "busy" : "create");
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "create-company.create",
                                 !self->is_busy && bw_company_form_is_valid (self->form));
}

static void
company_created_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(BwCreateCompanyDialog) self = user_data;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  const char *id;

  outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_busy = FALSE;
  update (self);
  if (outcome == NULL)
    {
      bw_company_form_show_error (self->form, error);
      return;
    }

  id = outcome->document != NULL ? bw_json_get_string (outcome->document, "id") : NULL;
  if (id != NULL)
    g_signal_emit (self, signals[CREATED], 0, id);
  gtk_window_close (GTK_WINDOW (self));
}

static void
create_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwCreateCompanyDialog *self = BW_CREATE_COMPANY_DIALOG (widget);
  g_autoptr(JsonObject) body = bw_company_form_make_changes (self->form);

  self->is_busy = TRUE;
  update (self);
  bw_session_change_async (self->session, "POST", "/v1/companies", body, self->cancellable,
                           company_created_cb, g_object_ref (self));
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_create_company_dialog_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_CREATE_COMPANY_DIALOG (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_create_company_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_create_company_dialog_dispose (GObject *object)
{
  BwCreateCompanyDialog *self = (BwCreateCompanyDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_CREATE_COMPANY_DIALOG);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_create_company_dialog_parent_class)->dispose (object);
}

static void
bw_create_company_dialog_class_init (BwCreateCompanyDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_create_company_dialog_dispose;
  widget_class->unmap = bw_create_company_dialog_unmap;

  signals[CREATED] =
    g_signal_new ("created", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class,
                                               BW_RESOURCE_BASE "/ui/companies/bw-create-company-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwCreateCompanyDialog, button_stack);
  gtk_widget_class_bind_template_child (widget_class, BwCreateCompanyDialog, form);
  gtk_widget_class_bind_template_callback (widget_class, update);

  gtk_widget_class_install_action (widget_class, "create-company.create", NULL, create_action);

  g_type_ensure (BW_TYPE_COMPANY_FORM);
}

static void
bw_create_company_dialog_init (BwCreateCompanyDialog *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_create_company_dialog_new (BwSession  *session,
                              const char *parent_id)
{
  BwCreateCompanyDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_CREATE_COMPANY_DIALOG, NULL);
  self->session = g_object_ref (session);
  bw_company_form_set_session (self->form, session);
  bw_company_form_load (self->form, NULL, parent_id != NULL ? parent_id : bw_session_get_company_id (session));
  bw_company_form_focus (self->form);
  update (self);

  return GTK_WIDGET (self);
}
