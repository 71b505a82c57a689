/* bw-overview-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-overview-page.h"

#include <glib/gi18n.h>

#include "bw-color-swatch.h"
#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-status-text.h"
#include "bw-text.h"
#include "bw-time-text.h"
#include "bw-trends.h"

#define N_STATUSES   (BW_STATUS_RETIRED + 1)
#define N_ARRIVALS   5
#define MAX_VERSIONS 8

/* "5 minutes ago" grows old. */
#define RENEW_S 30

/**
 * BwOverviewPage:
 *
 * The fleet at a glance; every number leads to the devices behind it.
 */

struct _BwOverviewPage
{
  GtkWidget            parent_instance;

  BwSession           *session;
  BwFleet             *fleet;
  GCancellable        *cancellable;
  GPtrArray           *arrival_devices;             /* (owned) (element-type BwDevice) */
  AdwActionRow        *status_rows[N_STATUSES];     /* (unowned) */
  GtkLabel            *status_counts[N_STATUSES];   /* (unowned) */
  char                *company_mark;
  char                *batch_mark;
  char                *version_mark;                /* what the version rows show; they are built anew when it differs */
  gint64               n_awaiting;
  guint                renew_id;

  GtkStack            *stack;
  AdwStatusPage       *failed_page;
  AdwStatusPage       *empty_page;
  GtkWidget           *total_tile;
  GtkWidget           *online_tile;
  GtkWidget           *awaiting_tile;
  GtkWidget           *alerts_tile;
  GtkLabel            *total_number;
  GtkLabel            *online_number;
  GtkLabel            *awaiting_number;
  GtkLabel            *alerts_number;
  BwTrends            *trends;
  GtkWidget           *arrivals_group;
  GtkListBox          *arrivals;
  GtkListBox          *statuses;
  GtkListBox          *versions;
  GtkWidget           *versions_child;
  GtkListBox          *companies;
  GtkWidget           *companies_child;
  GtkListBox          *batches;
  GtkWidget           *batches_child;
};

G_DEFINE_FINAL_TYPE (BwOverviewPage, bw_overview_page, GTK_TYPE_WIDGET)

static char *
format_count (gint64 count)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, count);
}

static void
clear_list (GtkListBox *list)
{
  GtkWidget *row;

  while ((row = gtk_widget_get_first_child (GTK_WIDGET (list))) != NULL)
    gtk_list_box_remove (list, row);
}

static GtkWidget *
count_label_new (gint64 count)
{
  g_autofree char *text = format_count (count);
  GtkWidget *label = gtk_label_new (text);

  gtk_widget_add_css_class (label, "numeric-cell");

  return label;
}

/* A row that leads somewhere when it is activated. @suffix stands before the arrow; @action takes a string. */
static GtkWidget *
link_row_new (const char *title,
              const char *subtitle,
              GtkWidget  *suffix,
              const char *action,
              const char *target)
{
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *arrow = gtk_image_new_from_icon_name ("go-next-symbolic");

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (subtitle, -1);

      adw_action_row_set_subtitle (ADW_ACTION_ROW (row), escaped);
    }

  adw_action_row_add_suffix (ADW_ACTION_ROW (row), suffix);
  gtk_widget_add_css_class (arrow, "dim-label");
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (row), action);
  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", target);

  return row;
}

static void
build_status_rows (BwOverviewPage *self)
{
  for (guint i = 0; i < N_STATUSES; i++)
    {
      GtkWidget *count = count_label_new (0);
      GtkWidget *row = link_row_new (bw_status_to_text ((BwStatus) i), NULL, count,
                                     "win.show-devices", bw_status_to_nick ((BwStatus) i));

      gtk_list_box_append (self->statuses, row);
      self->status_rows[i] = ADW_ACTION_ROW (row);
      self->status_counts[i] = GTK_LABEL (count);
    }
}

static void
update_status_rows (BwOverviewPage *self)
{
  for (guint i = 0; i < N_STATUSES; i++)
    {
      gint64 count = bw_fleet_get_by_status (self->fleet, (BwStatus) i);
      g_autofree char *text = format_count (count);
      g_autofree char *label = NULL;

      gtk_label_set_label (self->status_counts[i], text);
      gtk_widget_set_visible (GTK_WIDGET (self->status_rows[i]), count > 0);

      /* Translators: read out: a status and how many devices have it */
      label = g_strdup_printf (_("%s: %s"), bw_status_to_text ((BwStatus) i), text);
      bw_accessible_set_label (GTK_WIDGET (self->status_rows[i]), label);
    }
}

static void
update_version_rows (BwOverviewPage *self)
{
  GPtrArray *versions = bw_fleet_get_versions (self->fleet);
  g_autoptr(GString) mark = g_string_new (NULL);

  for (guint i = 0; i < versions->len; i++)
    {
      BwFleetVersion *version = g_ptr_array_index (versions, i);

      g_string_append_printf (mark, "%s\n%s\n%" G_GINT64_FORMAT "\n", version->product != NULL ? version->product : "",
                              version->version != NULL ? version->version : "", version->count);
    }

  gtk_widget_set_visible (self->versions_child, versions->len > 0);
  if (!bw_set_str (&self->version_mark, mark->str))
    return;

  clear_list (self->versions);
  for (guint i = 0; i < MIN (versions->len, MAX_VERSIONS); i++)
    {
      BwFleetVersion *version = g_ptr_array_index (versions, i);
      const char *product = version->product != NULL && *version->product != '\0' ? version->product
                                                                                   : _("Unknown product");
      GtkWidget *row = link_row_new (product, version->version, count_label_new (version->count),
                                     "win.search-devices", version->product != NULL ? version->product : "");

      gtk_list_box_append (self->versions, row);
    }
}

/* The largest ones, and a way to all of them. @mark: what @list shows */
static void
update_group_rows (GtkListBox  *list,
                   char       **mark,
                   GPtrArray   *groups,
                   const char  *action,
                   const char  *place)
{
  g_autoptr(GString) text = g_string_new (NULL);
  GtkWidget *all;

  for (guint i = 0; i < groups->len; i++)
    {
      BwFleetGroup *group = g_ptr_array_index (groups, i);

      g_string_append_printf (text, "%s\n%s\n%s\n%" G_GINT64_FORMAT "\n", group->id, group->name,
                              group->color != NULL ? group->color : "", group->count);
    }

  if (!bw_set_str (mark, text->str))
    return;

  clear_list (list);
  for (guint i = 0; i < groups->len; i++)
    {
      BwFleetGroup *group = g_ptr_array_index (groups, i);
      g_autofree char *count = format_count (group->count);
      /* Translators: read out: what is counted and how many there are */
      g_autofree char *label = g_strdup_printf (_("%s: %s"), group->name, count);
      GtkWidget *row = link_row_new (group->name, NULL, count_label_new (group->count), action, group->id);

      if (group->color != NULL)
        adw_action_row_add_prefix (ADW_ACTION_ROW (row), bw_color_swatch_new (group->color));
      bw_accessible_set_label (row, label);
      gtk_list_box_append (list, row);
    }

  /* Translators: below the largest companies or batches: leads to the list of all */
  all = link_row_new (_("All…"), NULL, gtk_label_new (NULL), "win.show-place", place);
  gtk_list_box_append (list, all);
}

static void
update_groups (BwOverviewPage *self)
{
  GPtrArray *companies = bw_fleet_get_companies (self->fleet);
  GPtrArray *batches = bw_fleet_get_batches (self->fleet);

  gtk_widget_set_visible (self->companies_child,
                          companies->len > 0 && bw_session_may (self->session, BW_PERMISSION_VIEW_COMPANIES));
  gtk_widget_set_visible (self->batches_child, batches->len > 0);
  update_group_rows (self->companies, &self->company_mark, companies, "win.show-company-devices", "companies");
  update_group_rows (self->batches, &self->batch_mark, batches, "win.show-batch-devices", "batches");
}

static void
update_tile (GtkWidget  *tile,
             GtkLabel   *number,
             gint64      count,
             const char *name)
{
  g_autofree char *text = format_count (count);
  g_autofree char *label = NULL;

  gtk_label_set_label (number, text);

  /* Translators: read out: what is counted and how many there are */
  label = g_strdup_printf (_("%s: %s"), name, text);
  bw_accessible_set_label (tile, label);
}

static GtkWidget *
arrival_row_new (BwDevice *device,
                 gint64    now_us)
{
  const char *id = bw_entity_get_id (BW_ENTITY (device));
  const char *name = bw_device_get_product (device);
  g_autofree char *when = bw_time_to_relative_text (bw_device_get_first_seen_us (device), now_us);
  g_autofree char *from = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *target = g_strconcat ("device:", id, NULL);
  GtkWidget *row, *label;

  if (bw_device_get_address (device) != NULL)
    /* Translators: %s is a network address */
    from = g_strdup_printf (_("from %s"), bw_device_get_address (device));

  subtitle = g_strjoin (" · ", bw_device_get_batch (device) != NULL ? bw_device_get_batch (device) : "—",
                        name != NULL ? name : from, name != NULL ? from : NULL, NULL);
  label = gtk_label_new (when);
  gtk_widget_add_css_class (label, "dim-label");
  row = link_row_new (id, subtitle, label, "win.show-place", target);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), bw_color_swatch_new (bw_device_get_color (device)));

  return row;
}

static void
show_arrivals (BwOverviewPage *self)
{
  gint64 now_us = g_get_real_time ();

  clear_list (self->arrivals);
  for (guint i = 0; i < self->arrival_devices->len; i++)
    gtk_list_box_append (self->arrivals, arrival_row_new (g_ptr_array_index (self->arrival_devices, i), now_us));

  gtk_widget_set_visible (self->arrivals_group, self->arrival_devices->len > 0);
}

static void
arrivals_loaded_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(BwOverviewPage) self = user_data;
  g_autoptr(JsonObject) document = NULL;
  g_autoptr(GError) error = NULL;
  JsonArray *items;

  document = bw_session_call_finish (BW_SESSION (source), result, &error);
  items = document != NULL ? bw_json_get_array (document, "items") : NULL;
  if (items == NULL)
    {
      /* The numbers above tell that the server is out of reach. */
      g_debug ("loading arrivals: %s", error != NULL ? error->message : "no list");
      return;
    }

  g_ptr_array_set_size (self->arrival_devices, 0);
  for (guint i = 0; i < json_array_get_length (items); i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      g_autoptr(BwDevice) device = bw_device_new ();

      if (JSON_NODE_HOLDS_OBJECT (node) && bw_entity_load (BW_ENTITY (device), json_node_get_object (node), NULL))
        g_ptr_array_add (self->arrival_devices, g_steal_pointer (&device));
    }

  if (self->session != NULL)
    show_arrivals (self);
}

static void
load_arrivals (BwOverviewPage *self)
{
  g_autofree char *path = g_strdup_printf ("/v1/devices?status=awaiting-approval&sort=-first-seen&limit=%d", N_ARRIVALS);

  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable,
                         arrivals_loaded_cb, g_object_ref (self));
}

static void
update (BwOverviewPage *self)
{
  gint64 total, online, awaiting, alerts, batches;

  g_object_get (self->fleet, "total", &total, "online", &online, "awaiting", &awaiting, "alerts", &alerts,
                "batches", &batches, NULL);
  update_tile (self->total_tile, self->total_number, total, _("Devices"));
  update_tile (self->online_tile, self->online_number, online, _("Online"));
  update_tile (self->awaiting_tile, self->awaiting_number, awaiting, _("Awaiting approval"));
  update_tile (self->alerts_tile, self->alerts_number, alerts, _("Alerts"));

  if (awaiting > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->awaiting_number), "accent");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->awaiting_number), "accent");

  if (alerts > 0)
    gtk_widget_add_css_class (GTK_WIDGET (self->alerts_number), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->alerts_number), "error");

  update_status_rows (self);
  update_version_rows (self);
  update_groups (self);
  adw_status_page_set_description (self->failed_page, bw_fleet_get_error_text (self->fleet));
  adw_status_page_set_description (self->empty_page,
                                   bw_session_may (self->session, BW_PERMISSION_CREATE_IDS)
                                     ? _("A device needs an ID before it may connect. Create the first batch of IDs,"
                                         " and print their labels.")
                                     : _("Devices appear here as soon as the company has Device IDs."));

  if (bw_fleet_get_loaded (self->fleet))
    gtk_stack_set_visible_child_name (self->stack, total > 0 || batches > 0 ? "overview" : "empty");
  else
    gtk_stack_set_visible_child_name (self->stack,
                                      bw_fleet_get_error_text (self->fleet) != NULL ? "failed" : "loading");

  if (self->n_awaiting != awaiting)
    {
      self->n_awaiting = awaiting;
      load_arrivals (self);
    }
}

static gboolean
renew_cb (gpointer user_data)
{
  BwOverviewPage *self = user_data;

  if (gtk_widget_get_mapped (GTK_WIDGET (self)) && self->arrival_devices->len > 0 &&
      gtk_widget_get_focus_child (GTK_WIDGET (self->arrivals)) == NULL)
    show_arrivals (self);

  return G_SOURCE_CONTINUE;
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwOverviewPage *self = BW_OVERVIEW_PAGE (widget);

  bw_fleet_reload (self->fleet);
  bw_trends_reload (self->trends);
  load_arrivals (self);
}

static void
bw_overview_page_dispose (GObject *object)
{
  BwOverviewPage *self = (BwOverviewPage *) object;

  g_clear_handle_id (&self->renew_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  if (self->fleet != NULL)
    g_signal_handlers_disconnect_by_data (self->fleet, self);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_OVERVIEW_PAGE);
  g_clear_object (&self->fleet);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_overview_page_parent_class)->dispose (object);
}

static void
bw_overview_page_finalize (GObject *object)
{
  BwOverviewPage *self = (BwOverviewPage *) object;

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->arrival_devices, g_ptr_array_unref);
  g_clear_pointer (&self->version_mark, g_free);
  g_clear_pointer (&self->company_mark, g_free);
  g_clear_pointer (&self->batch_mark, g_free);

  G_OBJECT_CLASS (bw_overview_page_parent_class)->finalize (object);
}

static void
bw_overview_page_class_init (BwOverviewPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_overview_page_dispose;
  object_class->finalize = bw_overview_page_finalize;

  g_type_ensure (BW_TYPE_TRENDS);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, empty_page);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, total_tile);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, online_tile);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, awaiting_tile);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, alerts_tile);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, total_number);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, online_number);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, awaiting_number);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, alerts_number);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, trends);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, arrivals_group);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, arrivals);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, statuses);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, versions);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, versions_child);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, companies);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, companies_child);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, batches);
  gtk_widget_class_bind_template_child (widget_class, BwOverviewPage, batches_child);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "overview.reload", NULL, reload_action);
}

static void
bw_overview_page_init (BwOverviewPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->arrival_devices = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  build_status_rows (self);
  self->renew_id = g_timeout_add_seconds (RENEW_S, renew_cb, self);
}

GtkWidget *
bw_overview_page_new (BwSession *session,
                      BwFleet   *fleet)
{
  BwOverviewPage *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_FLEET (fleet), NULL);

  self = g_object_new (BW_TYPE_OVERVIEW_PAGE, NULL);
  self->session = g_object_ref (session);
  self->fleet = g_object_ref (fleet);
  bw_trends_set_session (self->trends, session);
  g_signal_connect_object (fleet, "changed", G_CALLBACK (update), self, G_CONNECT_SWAPPED);
  update (self);

  return GTK_WIDGET (self);
}
