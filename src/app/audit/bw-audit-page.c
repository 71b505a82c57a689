/* bw-audit-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-audit-page.h"

#include <glib/gi18n.h>

#include "bw-audit-dialog.h"
#include "bw-audit-filter.h"
#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-record-text.h"
#include "bw-remote-view.h"
#include "bw-settings.h"
#include "bw-task-bar.h"
#include "bw-time-text.h"

/**
 * BwAuditPage:
 *
 * Who did what. Every entry holds the hash of the one before it: *Verify* walks them all.
 */

struct _BwAuditPage
{
  GtkWidget             parent_instance;

  BwSession            *session;
  BwRemoteTable        *table;
  GtkFileChooserNative *chooser;         /* (owned): while it is open; nobody else holds it */
  gint64                n_exported_of;   /* how many the file will hold, about */

  BwRemoteView         *view;
  GtkMenuButton        *filter_button;
  BwAuditFilter        *filter;
  BwTaskBar            *task_bar;
};

G_DEFINE_FINAL_TYPE (BwAuditPage, bw_audit_page, GTK_TYPE_WIDGET)

static char *
get_time (gpointer item)
{
  gint64 at_us;

  g_object_get (item, "at-us", &at_us, NULL);

  return bw_time_to_full_text (at_us);
}

static char *
get_user (gpointer item)
{
  const char *user = bw_record_get_text (item, "user");

  return g_strdup (user != NULL && *user != '\0' ? user : "—");
}

static char *
get_action (gpointer item)
{
  return g_strdup (bw_action_to_done_text (bw_record_get_text (item, "action")));
}

static char *
get_kind (gpointer item)
{
  return g_strdup (bw_kind_to_text (bw_record_get_text (item, "kind")));
}

static char *
get_object (gpointer item)
{
  const char *object = bw_record_get_text (item, "object");

  return g_strdup (object != NULL && *object != '\0' ? object : bw_record_get_text (item, "object-id"));
}

static char *
get_address (gpointer item)
{
  const char *address = bw_record_get_text (item, "address");

  return g_strdup (address != NULL && *address != '\0' ? address : "—");
}

static const BwRemoteColumn columns[] = {
  { "time", N_("Time"), NULL, BW_COLUMN_FIXED | BW_COLUMN_NUMERIC, 20, 26, 0, .text = get_time },
  { "user", N_("Person"), NULL, 0, 10, 18, 0, .text = get_user },
  { "action", N_("Action"), NULL, 0, 12, 20, 480, .text = get_action },
  { "kind", N_("Kind"), NULL, 0, 10, 14, 760, .text = get_kind },
  { "object", N_("Of"), NULL, BW_COLUMN_EXPAND, 20, 24, 600, .text = get_object },
  { "address", N_("Address"), NULL, 0, 12, 16, 980, .text = get_address },
};

static char *
make_count (guint total)
{
  return g_strdup_printf (ngettext ("%'u entry", "%'u entries", total), total);
}

static void
show_toast (BwAuditPage *self,
            const char  *text)
{
  bw_toast_show (bw_remote_view_get_toasts (self->view), text);
}

static void
filter_changed_cb (BwAuditPage *self)
{
  guint n_set;
  g_autofree char *label = NULL;

  if (self->table == NULL)
    return;

  n_set = bw_audit_filter_get_n_set (self->filter);
  /* Translators: a button, and how many filters are set */
  label = n_set > 0 ? g_strdup_printf (_("Filters (%u)"), n_set) : g_strdup (_("Filters"));
  gtk_menu_button_set_label (self->filter_button, label);
  bw_audit_filter_apply (self->filter, self->table);
}

static void
show_person (BwAuditPage *self,
             const char  *user_id,
             const char  *name)
{
  bw_audit_filter_set_person (self->filter, user_id, name);
}

static void
activated_cb (BwAuditPage *self,
              BwEntity    *entry)
{
  GtkWidget *dialog = bw_audit_dialog_new (self->session, BW_AUDIT_ENTRY (entry));

  g_signal_connect_object (dialog, "show-person", G_CALLBACK (show_person), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Whatever changes writes an entry; the feed tells of it without naming the log. */
static void
changed_cb (BwAuditPage *self,
            const char  *kind,
            JsonObject  *document)
{
  static const char * const audited[] = { "company", "user", "participation", "role", "tag", "request", "batch", NULL };

  if (g_strv_contains (audited, kind))
    bw_remote_table_reload_soon (self->table);
}

static void
update_actions (BwAuditPage *self)
{
  g_autoptr(BwRecord) entry = NULL;

  if (self->task_bar == NULL || self->table == NULL)
    return;

  entry = bw_remote_view_dup_selected_one (self->view);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "audit.person",
                                 entry != NULL && bw_record_get_text (entry, "user-id") != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "audit.export", !bw_task_bar_is_busy (self->task_bar));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "audit.verify", !bw_task_bar_is_busy (self->task_bar));
}

/* Verify */

static void
show_verdict (BwAuditPage *self,
              JsonObject  *verdict)
{
  gboolean ok = bw_json_get_boolean (verdict, "ok", FALSE);
  guint n = (guint) bw_json_get_int (verdict, "n", 0);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, bw_json_get_int (verdict, "firstBad", 0));
  const char *reason = bw_json_get_string (verdict, "reason");
  g_autofree char *text = NULL;
  GtkWidget *dialog;

  if (ok)
    text = g_strdup_printf (ngettext ("%'u entry was checked. It is as it was written.",
                                      "%'u entries were checked. None was changed, taken out or put in.", n), n);
  else
    /* Translators: the number of an entry, then the server's own sentence, in English */
    text = g_strdup_printf (_("It breaks at entry %s. %s"), number, reason != NULL ? reason : "");

  dialog = adw_message_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))),
                                   ok ? _("The Log Is Whole") : _("The Log Was Tampered With"), text);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (dialog), "close");
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
verified_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwAuditPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) verdict = bw_session_call_finish (BW_SESSION (source), result, &error);
  g_autofree char *text = NULL;

  /* The page is on its way out, and its bar with it. */
  if (self->session == NULL)
    return;

  bw_task_bar_end (self->task_bar);
  if (verdict != NULL)
    {
      show_verdict (self, verdict);
      return;
    }

  text = bw_error_to_user_text (error);
  show_toast (self, text);
}

/* Export */

static void
progress_cb (gint64   n_lines,
             gint64   n_total,
             gpointer user_data)
{
  BwAuditPage *self = user_data;

  if (self->session != NULL)
    bw_task_bar_set_progress (self->task_bar, n_lines, self->n_exported_of + 1);
}

static void
exported_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwAuditPage) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_session_download_finish (BW_SESSION (source), result, &error);
  g_autofree char *text = NULL;

  if (self->session == NULL)
    return;

  bw_task_bar_end (self->task_bar);
  text = ok ? g_strdup (_("Exported")) : bw_error_to_file_text (error);
  show_toast (self, text);
}

/* The same question that the table asks. */
static char *
make_export_path (BwAuditPage *self)
{
  static const char * const names[] = { "user", "kind", "action", "from", "to" };
  GString *path = g_string_new ("/v1/audit/export.csv");
  char separator = '?';

  for (gsize i = 0; i <= G_N_ELEMENTS (names); i++)
    {
      gboolean is_search = i == G_N_ELEMENTS (names);
      const char *name = is_search ? "search" : names[i];
      const char *value = is_search ? bw_remote_table_get_search (self->table)
                                    : bw_remote_table_get_filter (self->table, name);
      g_autofree char *escaped = value != NULL ? g_uri_escape_string (value, NULL, FALSE) : NULL;

      if (escaped == NULL)
        continue;

      g_string_append_printf (path, "%c%s=%s", separator, name, escaped);
      separator = '&';
    }

  return g_string_free (path, FALSE);
}

static void
export_to (BwAuditPage *self,
           const char  *file_path)
{
  g_autofree char *path = make_export_path (self);

  if (bw_task_bar_is_busy (self->task_bar))
    return;

  self->n_exported_of = bw_remote_table_get_total (self->table);
  bw_session_download_async (self->session, path, file_path, progress_cb, self,
                             bw_task_bar_begin (self->task_bar, _("Exporting the audit log")),
                             exported_cb, g_object_ref (self));
}

static void
file_chosen_cb (BwAuditPage     *self,
                int              response,
                GtkNativeDialog *dialog)
{
  g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (dialog));
  g_autoptr(GFile) folder = file != NULL ? g_file_get_parent (file) : NULL;
  g_autoptr(GSettings) settings = bw_settings_new ();

  if (response == GTK_RESPONSE_ACCEPT && file != NULL && g_file_peek_path (file) != NULL)
    {
      if (settings != NULL && folder != NULL)
        g_settings_set_string (settings, "export-folder", g_file_peek_path (folder));

      export_to (self, g_file_peek_path (file));
    }

  g_clear_object (&self->chooser);
}

/* Actions */

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwAuditPage *self = BW_AUDIT_PAGE (widget);
  g_autoptr(GSettings) settings = bw_settings_new ();
  g_autofree char *folder_path = settings != NULL ? g_settings_get_string (settings, "export-folder") : NULL;

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_("Export CSV"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Export"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), "audit.csv");
  if (folder_path != NULL && *folder_path != '\0')
    {
      g_autoptr(GFile) folder = g_file_new_for_path (folder_path);

      gtk_file_chooser_set_current_folder (GTK_FILE_CHOOSER (self->chooser), folder, NULL);
    }

  g_signal_connect_object (self->chooser, "response", G_CALLBACK (file_chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
export_to_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  export_to (BW_AUDIT_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
verify_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwAuditPage *self = BW_AUDIT_PAGE (widget);

  bw_session_call_async (self->session, "GET", "/v1/audit/verify", NULL,
                         bw_task_bar_begin (self->task_bar, _("Checking every entry of the audit log")),
                         verified_cb, g_object_ref (self));
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_remote_table_reload (BW_AUDIT_PAGE (widget)->table);
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_remote_view_start_search (BW_AUDIT_PAGE (widget)->view);
}

static void
person_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwAuditPage *self = BW_AUDIT_PAGE (widget);
  g_autoptr(BwRecord) entry = bw_remote_view_dup_selected_one (self->view);

  if (entry != NULL && bw_record_get_text (entry, "user-id") != NULL)
    show_person (self, bw_record_get_text (entry, "user-id"), bw_record_get_text (entry, "user"));
}

static void
bw_audit_page_dispose (GObject *object)
{
  BwAuditPage *self = (BwAuditPage *) object;

  g_clear_object (&self->chooser);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_AUDIT_PAGE);
  g_clear_object (&self->table);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_audit_page_parent_class)->dispose (object);
}

static void
bw_audit_page_class_init (BwAuditPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_audit_page_dispose;

  g_type_ensure (BW_TYPE_AUDIT_FILTER);
  g_type_ensure (BW_TYPE_REMOTE_VIEW);
  g_type_ensure (BW_TYPE_TASK_BAR);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/audit/bw-audit-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwAuditPage, view);
  gtk_widget_class_bind_template_child (widget_class, BwAuditPage, filter_button);
  gtk_widget_class_bind_template_child (widget_class, BwAuditPage, filter);
  gtk_widget_class_bind_template_child (widget_class, BwAuditPage, task_bar);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);

  gtk_widget_class_install_action (widget_class, "audit.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "audit.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "audit.verify", NULL, verify_action);
  gtk_widget_class_install_action (widget_class, "audit.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "audit.export-to", "s", export_to_action);
  gtk_widget_class_install_action (widget_class, "audit.person", NULL, person_action);
}

static void
bw_audit_page_init (BwAuditPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_audit_page_new (BwSession *session)
{
  BwAuditPage *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_AUDIT_PAGE, NULL);
  self->session = g_object_ref (session);
  bw_audit_filter_set_session (self->filter, session);
  self->table = bw_remote_table_new (session, "/v1/audit", BW_TYPE_AUDIT_ENTRY, NULL);
  bw_remote_view_set_count_text (self->view, make_count);
  bw_remote_view_set_table (self->view, self->table, "audit", columns, G_N_ELEMENTS (columns));
  g_signal_connect_object (session, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  update_actions (self);

  return GTK_WIDGET (self);
}
