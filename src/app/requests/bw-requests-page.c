/* bw-requests-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-requests-page.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-record-text.h"
#include "bw-remote-view.h"
#include "bw-request-dialog.h"
#include "bw-time-text.h"

/**
 * BwRequestsPage:
 *
 * Changes that wait for a second person, and those that did: one's own, and those one may decide.
 */

struct _BwRequestsPage
{
  GtkWidget      parent_instance;

  BwSession     *session;
  BwRemoteTable *table;

  BwRemoteView  *view;
  GtkDropDown   *state_drop_down;
};

G_DEFINE_FINAL_TYPE (BwRequestsPage, bw_requests_page, GTK_TYPE_WIDGET)

/* In the order of the drop-down. */
static const char * const states[] = { "pending", "accepted", "rejected", "withdrawn", "expired", NULL };

static char *
get_what (gpointer item)
{
  return bw_action_to_wish_text (bw_record_get_text (item, "action"), bw_record_get_text (item, "kind"));
}

static char *
get_object (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "object"));
}

static char *
get_company (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "company"));
}

static char *
get_requester (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "requester"));
}

static char *
get_state (gpointer item)
{
  return g_strdup (bw_request_state_to_text (bw_record_get_text (item, "state")));
}

static const char *
get_state_style (gpointer item)
{
  const char *state = bw_record_get_text (item, "state");

  if (g_strcmp0 (state, "pending") == 0)
    return "warning";

  if (g_strcmp0 (state, "accepted") == 0)
    return "success";

  return g_strcmp0 (state, "rejected") == 0 ? "error" : "dim-label";
}

static char *
get_created (gpointer item)
{
  gint64 at_us;

  g_object_get (item, "created-at-us", &at_us, NULL);

  return bw_time_to_relative_text (at_us, g_get_real_time ());
}

static char *
get_expires (gpointer item)
{
  gint64 at_us;

  if (g_strcmp0 (bw_record_get_text (item, "state"), "pending") != 0)
    return g_strdup ("—");

  g_object_get (item, "expires-at-us", &at_us, NULL);

  return bw_time_to_date_text (at_us);
}

static char *
get_decided_by (gpointer item)
{
  const char *name = bw_record_get_text (item, "decided-by");

  return g_strdup (name != NULL && *name != '\0' ? name : "—");
}

static const BwRemoteColumn columns[] = {
  { "what", N_("Change"), NULL, BW_COLUMN_FIXED | BW_COLUMN_EXPAND, 16, 26, 0, .text = get_what },
  { "object", N_("Of"), NULL, BW_COLUMN_EXPAND, 10, 18, 0, .text = get_object },
  { "company", N_("Company"), NULL, 0, 10, 16, 820, .text = get_company },
  { "requester", N_("Asked By"), NULL, 0, 10, 16, 560, .text = get_requester },
  { "created", N_("Asked"), "created", BW_COLUMN_AGE | BW_COLUMN_REVERSE, 12, 18, 680, .text = get_created },
  { "state", N_("State"), NULL, 0, 10, 12, 0, .text = get_state, .style = get_state_style },
  { "expires", N_("Expires"), NULL, 0, 11, 13, 920, .text = get_expires },
  { "decided-by", N_("Decided By"), NULL, BW_COLUMN_EXTRA, 10, 16, 0, .text = get_decided_by },
};

static char *
make_count (guint total)
{
  return g_strdup_printf (ngettext ("%'u request", "%'u requests", total), total);
}

static void
update_filter (BwRequestsPage *self)
{
  guint selected;

  if (self->table == NULL)
    return;

  selected = gtk_drop_down_get_selected (self->state_drop_down);
  bw_remote_table_set_filter (self->table, "state", selected < G_N_ELEMENTS (states) ? states[selected] : NULL);
  g_object_set (self->view,
                "empty-title", selected == 0 ? _("Nothing Waits for Approval") : _("No Requests"),
                "empty-description",
                selected == 0 ? _("Changes that need a second person appear here.")
                              : _("No request of yours, and none that you may decide, is in this state."), NULL);
}

static void
decided_cb (BwRequestsPage *self,
            const char     *text)
{
  bw_toast_show (bw_remote_view_get_toasts (self->view), text);
  bw_remote_table_reload (self->table);
}

/* One that is new is in no window that the table holds, and one that was decided leaves its state's list. */
static void
request_changed_cb (BwRequestsPage *self,
                    const char     *kind,
                    JsonObject     *hint)
{
  bw_remote_table_reload_soon (self->table);
}

static void
activated_cb (BwRequestsPage *self,
              BwEntity       *request)
{
  bw_requests_page_show_request (self, bw_entity_get_id (request));
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_remote_table_reload (BW_REQUESTS_PAGE (widget)->table);
}

static void
bw_requests_page_dispose (GObject *object)
{
  BwRequestsPage *self = (BwRequestsPage *) object;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_REQUESTS_PAGE);
  g_clear_object (&self->table);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_requests_page_parent_class)->dispose (object);
}

static void
bw_requests_page_class_init (BwRequestsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_requests_page_dispose;

  g_type_ensure (BW_TYPE_REMOTE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/requests/bw-requests-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwRequestsPage, view);
  gtk_widget_class_bind_template_child (widget_class, BwRequestsPage, state_drop_down);
  gtk_widget_class_bind_template_callback (widget_class, activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_filter);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "requests.reload", NULL, reload_action);
}

static void
bw_requests_page_init (BwRequestsPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->state_drop_down), _("State of the requests"));
}

GtkWidget *
bw_requests_page_new (BwSession *session)
{
  BwRequestsPage *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_REQUESTS_PAGE, NULL);
  self->session = g_object_ref (session);
  self->table = bw_remote_table_new (session, "/v1/requests", BW_TYPE_REQUEST, "request");
  bw_remote_table_freeze (self->table);
  update_filter (self);
  bw_remote_view_set_count_text (self->view, make_count);
  bw_remote_view_set_table (self->view, self->table, "requests", columns, G_N_ELEMENTS (columns));
  bw_remote_view_sort_by (self->view, "created");
  bw_remote_table_thaw (self->table);
  g_signal_connect_object (session, "changed::request", G_CALLBACK (request_changed_cb), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

void
bw_requests_page_show_request (BwRequestsPage *self,
                               const char     *request_id)
{
  GtkWidget *dialog;

  g_return_if_fail (BW_IS_REQUESTS_PAGE (self));
  g_return_if_fail (request_id != NULL);

  dialog = bw_request_dialog_new (self->session, request_id);
  g_signal_connect_object (dialog, "decided", G_CALLBACK (decided_cb), self, G_CONNECT_SWAPPED);
  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  gtk_window_present (GTK_WINDOW (dialog));
}
