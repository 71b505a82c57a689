/* bw-request-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-request-dialog.h"

#include <glib/gi18n.h>

#include "bw-difference-view.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-people-rules.h"
#include "bw-record-text.h"
#include "bw-time-text.h"

/**
 * BwRequestDialog:
 *
 * What somebody wants to change, and how it would be. Who may decide does so here;
 * who asked may take it back. It follows the request: another one may be faster.
 */

struct _BwRequestDialog
{
  AdwWindow         parent_instance;

  BwSession        *session;
  char             *id;
  BwRequest        *request;        /* as it was read last */
  GCancellable     *cancellable;
  const char       *done_text;      /* static: of what is under way */
  gboolean          is_loaded;
  gboolean          is_busy;

  GtkStack         *stack;
  AdwStatusPage    *failed_page;
  AdwActionRow     *what_row;
  AdwActionRow     *object_row;
  AdwActionRow     *company_row;
  AdwActionRow     *requester_row;
  AdwActionRow     *comment_row;
  AdwActionRow     *state_row;
  AdwActionRow     *decision_row;
  AdwActionRow     *expiry_row;
  BwDifferenceView *difference;
  GtkWidget        *difference_group;
  GtkWidget        *decide_group;
  GtkEditable      *reason_row;
  GtkWidget        *accept_button;
  GtkWidget        *reject_button;
  GtkWidget        *withdraw_button;
  GtkLabel         *error_label;
};

G_DEFINE_FINAL_TYPE (BwRequestDialog, bw_request_dialog, ADW_TYPE_WINDOW)

enum {
  DECIDED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
text_of (BwRequestDialog *self,
         const char      *property)
{
  return bw_record_get_text (BW_RECORD (self->request), property);
}

/* A row without a value is not shown. */
static void
show_fact (AdwActionRow *row,
           const char   *value)
{
  g_autofree char *escaped = value != NULL ? g_markup_escape_text (value, -1) : NULL;

  adw_action_row_set_subtitle (row, escaped != NULL ? escaped : "");
  gtk_widget_set_visible (GTK_WIDGET (row), value != NULL && *value != '\0');
}

static void
show_error (BwRequestDialog *self,
            const char      *text)
{
  gtk_label_set_label (self->error_label, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), text != NULL);
}

static void
update_actions (BwRequestDialog *self)
{
  const char *reason = gtk_editable_get_text (self->reason_row);
  gboolean is_pending, may_decide = FALSE, is_own, is_ready;

  if (!self->is_loaded)
    return;

  g_object_get (self->request, "may-decide", &may_decide, NULL);
  is_pending = g_strcmp0 (text_of (self, "state"), "pending") == 0;
  is_own = g_strcmp0 (text_of (self, "requester-id"), bw_session_get_user_id (self->session)) == 0;
  is_ready = is_pending && !self->is_busy;

  gtk_widget_set_visible (self->decide_group, is_pending && may_decide);
  gtk_widget_set_visible (self->accept_button, is_pending && may_decide);
  gtk_widget_set_visible (self->reject_button, is_pending && may_decide);
  gtk_widget_set_visible (self->withdraw_button, is_pending && is_own);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "request.accept", is_ready && may_decide);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "request.reject",
                                 is_ready && may_decide && strlen (reason) <= BW_PEOPLE_MAX_COMMENT_BYTES);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "request.withdraw", is_ready && is_own);
}

/* "Ada Lovelace, 12 March 2026, 14:05:33" */
static char *
by_at (const char *name,
       gint64      at_us)
{
  g_autofree char *when = at_us != 0 ? bw_time_to_full_text (at_us) : NULL;

  if (name == NULL || *name == '\0')
    return g_steal_pointer (&when);

  /* Translators: who and when */
  return when != NULL ? g_strdup_printf (_("%s, %s"), name, when) : g_strdup (name);
}

static void
show_request (BwRequestDialog *self)
{
  g_autoptr(JsonNode) before = NULL;
  g_autoptr(JsonNode) after = NULL;
  gint64 created_at_us, decided_at_us, expires_at_us;
  gboolean is_pending = g_strcmp0 (text_of (self, "state"), "pending") == 0;
  g_autofree char *what = bw_action_to_wish_text (text_of (self, "action"), text_of (self, "kind"));
  g_autofree char *requester = NULL;
  g_autofree char *decision = NULL;
  g_autofree char *expiry = NULL;
  g_autofree char *state = NULL;

  g_object_get (self->request, "before", &before, "after", &after, "created-at-us", &created_at_us,
                "decided-at-us", &decided_at_us, "expires-at-us", &expires_at_us, NULL);
  requester = by_at (text_of (self, "requester"), created_at_us);
  decision = is_pending ? NULL : by_at (text_of (self, "decided-by"), decided_at_us);
  expiry = is_pending && expires_at_us != 0 ? bw_time_to_full_text (expires_at_us) : NULL;
  state = g_strdup (bw_request_state_to_text (text_of (self, "state")));
  if (text_of (self, "reason") != NULL && *text_of (self, "reason") != '\0')
    {
      g_autofree char *alone = g_steal_pointer (&state);

      /* Translators: a decision and the reason for it: "Rejected: not now" */
      state = g_strdup_printf (_("%s: %s"), alone, text_of (self, "reason"));
    }

  show_fact (self->what_row, what);
  show_fact (self->object_row, text_of (self, "object"));
  show_fact (self->company_row, text_of (self, "company"));
  show_fact (self->requester_row, requester);
  show_fact (self->comment_row, text_of (self, "comment"));
  show_fact (self->state_row, state);
  show_fact (self->decision_row, decision);
  show_fact (self->expiry_row, expiry);

  bw_difference_view_show (self->difference, self->session, before, after);
  gtk_widget_set_visible (self->difference_group, before != NULL || after != NULL);
  gtk_stack_set_visible_child_name (self->stack, "request");
  update_actions (self);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwRequestDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (document != NULL && bw_entity_load (BW_ENTITY (self->request), document, &error))
    {
      self->is_loaded = TRUE;
      show_request (self);
      return;
    }

  text = bw_error_to_user_text (error);
  adw_status_page_set_description (self->failed_page, text);
  if (!self->is_loaded)
    gtk_stack_set_visible_child_name (self->stack, "failed");
}

static char *
make_path (BwRequestDialog *self,
           const char      *rest)
{
  g_autofree char *escaped = g_uri_escape_string (self->id, NULL, FALSE);

  return g_strconcat ("/v1/requests/", escaped, rest, NULL);
}

static void
load (BwRequestDialog *self)
{
  g_autofree char *path = make_path (self, "");

  if (!self->is_loaded)
    gtk_stack_set_visible_child_name (self->stack, "loading");
  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, loaded_cb, g_object_ref (self));
}

static void
changed_cb (BwRequestDialog *self,
            const char      *kind,
            JsonObject      *hint)
{
  if (g_strcmp0 (bw_json_get_string (hint, "id"), self->id) == 0 && !self->is_busy)
    load (self);
}

static void
decided_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwRequestDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwOutcome) outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  g_autofree char *text = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self->is_busy = FALSE;
  if (outcome != NULL)
    {
      g_signal_emit (self, signals[DECIDED], 0, self->done_text);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  /* It may be another one's decision that was in the way. */
  text = bw_error_to_user_text (error);
  show_error (self, text);
  update_actions (self);
  load (self);
}

static void
decide (BwRequestDialog *self,
        const char      *method,
        const char      *rest,
        JsonObject      *body,
        const char      *done_text)
{
  g_autofree char *path = make_path (self, rest);

  self->is_busy = TRUE;
  self->done_text = done_text;
  show_error (self, NULL);
  update_actions (self);
  bw_session_change_async (self->session, method, path, body, self->cancellable, decided_cb, g_object_ref (self));
}

/* (transfer full) */
static JsonObject *
make_reason (BwRequestDialog *self)
{
  JsonObject *body = json_object_new ();
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (self->reason_row)));

  if (*reason != '\0')
    json_object_set_string_member (body, "reason", reason);

  return body;
}

/* Actions */

static void
accept_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  g_autoptr(JsonObject) body = make_reason (BW_REQUEST_DIALOG (widget));

  decide (BW_REQUEST_DIALOG (widget), "POST", "/accept", body, _("Accepted: the change is done"));
}

static void
reject_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  g_autoptr(JsonObject) body = make_reason (BW_REQUEST_DIALOG (widget));

  decide (BW_REQUEST_DIALOG (widget), "POST", "/reject", body, _("Rejected: nothing changes"));
}

static void
withdraw_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  decide (BW_REQUEST_DIALOG (widget), "DELETE", "", NULL, _("Your request is withdrawn"));
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  load (BW_REQUEST_DIALOG (widget));
}

/* Closed. A call under way may keep the dialog for a moment, even beyond its parent. */
static void
bw_request_dialog_unmap (GtkWidget *widget)
{
  g_cancellable_cancel (BW_REQUEST_DIALOG (widget)->cancellable);

  GTK_WIDGET_CLASS (bw_request_dialog_parent_class)->unmap (widget);

  gtk_window_set_transient_for (GTK_WINDOW (widget), NULL);
}

static void
bw_request_dialog_dispose (GObject *object)
{
  BwRequestDialog *self = (BwRequestDialog *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_REQUEST_DIALOG);
  g_clear_object (&self->session);
  g_clear_object (&self->request);
  g_clear_pointer (&self->id, g_free);

  G_OBJECT_CLASS (bw_request_dialog_parent_class)->dispose (object);
}

static void
bw_request_dialog_class_init (BwRequestDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_request_dialog_dispose;
  widget_class->unmap = bw_request_dialog_unmap;

  signals[DECIDED] =
    g_signal_new ("decided", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (BW_TYPE_DIFFERENCE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/requests/bw-request-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, what_row);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, object_row);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, company_row);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, requester_row);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, comment_row);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, state_row);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, decision_row);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, expiry_row);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, difference);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, difference_group);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, decide_group);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, reason_row);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, accept_button);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, reject_button);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, withdraw_button);
  gtk_widget_class_bind_template_child (widget_class, BwRequestDialog, error_label);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);

  gtk_widget_class_install_action (widget_class, "request.accept", NULL, accept_action);
  gtk_widget_class_install_action (widget_class, "request.reject", NULL, reject_action);
  gtk_widget_class_install_action (widget_class, "request.withdraw", NULL, withdraw_action);
  gtk_widget_class_install_action (widget_class, "request.reload", NULL, reload_action);
}

static void
bw_request_dialog_init (BwRequestDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->request = bw_request_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_request_dialog_new (BwSession  *session,
                       const char *request_id)
{
  BwRequestDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (request_id != NULL, NULL);

  self = g_object_new (BW_TYPE_REQUEST_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->id = g_strdup (request_id);
  g_signal_connect_object (session, "changed::request", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  load (self);

  return GTK_WIDGET (self);
}
