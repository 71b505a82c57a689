/* bw-trends.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-trends.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-device-query.h"
#include "bw-json.h"
#include "bw-trend-days.h"
#include "bw-trend-line.h"

#define MAX_VALUES 1000

/* The backend counts each five minutes. */
#define RENEW_S 60

/**
 * BwTrends:
 *
 * Three small charts below the numbers of the overview. One that would be empty is only a sentence. A server that has no
 * trends shows none; that it is out of reach the numbers say.
 */

struct _BwTrends
{
  GtkWidget            parent_instance;

  BwSession           *session;
  GCancellable        *cancellable;
  guint                renew_id;

  GtkWidget           *box;
  AdwPreferencesGroup *online_group;
  BwTrendLine         *online;
  AdwPreferencesGroup *arrived_group;
  BwTrendDays         *arrived;
  AdwPreferencesGroup *approved_group;
  BwTrendDays         *approved;
};

G_DEFINE_FINAL_TYPE (BwTrends, bw_trends, GTK_TYPE_WIDGET)

/* (transfer full): each a count, or BW_TREND_NOT_KNOWN. @member: (nullable): of objects */
static GArray *
read_values (JsonArray  *items,
             const char *member,
             guint       max)
{
  GArray *values = g_array_new (FALSE, FALSE, sizeof (gint64));
  guint n = items != NULL ? MIN (json_array_get_length (items), max) : 0;

  for (guint i = 0; i < n; i++)
    {
      JsonNode *node = json_array_get_element (items, i);
      gint64 value = BW_TREND_NOT_KNOWN;

      if (member != NULL && JSON_NODE_HOLDS_OBJECT (node))
        value = bw_json_get_int (json_node_get_object (node), member, BW_TREND_NOT_KNOWN);
      else if (member == NULL && JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_INT64)
        value = json_node_get_int (node);

      value = MAX (value, BW_TREND_NOT_KNOWN);
      g_array_append_val (values, value);
    }

  return values;
}

static void
take_online (BwTrends   *self,
             JsonObject *online)
{
  g_autoptr(GArray) values = read_values (bw_json_get_array (online, "values"), NULL, MAX_VALUES);
  g_autofree char *summary = NULL;
  gint64 step_us = bw_json_get_int (online, "step", 0);

  if (values->len >= 2 && step_us > 0 && step_us <= G_TIME_SPAN_DAY)
    bw_trend_line_set_values (self->online, values, bw_json_get_int (online, "from", 0), step_us);
  gtk_widget_set_visible (GTK_WIDGET (self->online), bw_trend_line_get_most (self->online) > 0);
  summary = bw_trend_line_dup_summary (self->online);
  adw_preferences_group_set_description (self->online_group, summary);
}

static void
take_days (BwTrendDays         *days,
           AdwPreferencesGroup *group,
           JsonArray           *items,
           const char          *member)
{
  g_autoptr(GArray) values = read_values (items, member, BW_TREND_MAX_DAYS);
  JsonNode *first = values->len > 0 ? json_array_get_element (items, 0) : NULL;
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;
  gint64 total;

  if (first == NULL || !JSON_NODE_HOLDS_OBJECT (first))
    return;

  bw_trend_days_set_values (days, values, bw_json_get_int (json_node_get_object (first), "from", 0));
  total = bw_trend_days_get_total (days);
  gtk_widget_set_visible (GTK_WIDGET (days), total > 0);
  count = g_strdup_printf ("%'" G_GINT64_FORMAT, total);
  /* Translators: %s is the number in the reader's writing */
  text = g_strdup_printf (ngettext ("%s device in 30 days", "%s devices in 30 days", (gulong) total), count);
  adw_preferences_group_set_description (group, text);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(BwTrends) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);
  JsonObject *online = document != NULL ? bw_json_get_object (document, "online") : NULL;

  if (self->session == NULL)
    return;

  if (online == NULL)
    {
      g_debug ("loading trends: %s", error != NULL ? error->message : "nothing in them");
      return;
    }

  take_online (self, online);
  take_days (self->arrived, self->arrived_group, bw_json_get_array (document, "days"), "arrived");
  take_days (self->approved, self->approved_group, bw_json_get_array (document, "days"), "approved");
  gtk_widget_set_visible (self->box, TRUE);
}

static void
show_between (BwTrends   *self,
              const char *field,
              gint64      from_us,
              gint64      to_us)
{
  g_autoptr(JsonObject) filter = json_object_new ();
  g_autoptr(JsonNode) node = json_node_new (JSON_NODE_OBJECT);
  g_autofree char *after = g_strconcat (field, "After", NULL);
  g_autofree char *before = g_strconcat (field, "Before", NULL);
  g_autofree char *from = g_strdup_printf ("%" G_GINT64_FORMAT, from_us);
  g_autofree char *to = g_strdup_printf ("%" G_GINT64_FORMAT, to_us);
  g_autofree char *text = NULL;

  bw_device_query_set_one (filter, after, from);
  bw_device_query_set_one (filter, before, to);
  json_node_set_object (node, filter);
  text = json_to_string (node, FALSE);
  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-devices-where", "s", text);
}

static void
show_arrived_cb (BwTrends *self,
                 gint64    from_us,
                 gint64    to_us)
{
  show_between (self, "firstSeen", from_us, to_us);
}

static void
show_approved_cb (BwTrends *self,
                  gint64    from_us,
                  gint64    to_us)
{
  show_between (self, "approved", from_us, to_us);
}

static gboolean
renew_cb (gpointer user_data)
{
  bw_trends_reload (user_data);

  return G_SOURCE_CONTINUE;
}

static void
bw_trends_map (GtkWidget *widget)
{
  BwTrends *self = BW_TRENDS (widget);

  GTK_WIDGET_CLASS (bw_trends_parent_class)->map (widget);
  bw_trends_reload (self);
  self->renew_id = g_timeout_add_seconds (RENEW_S, renew_cb, self);
}

static void
bw_trends_unmap (GtkWidget *widget)
{
  BwTrends *self = BW_TRENDS (widget);

  g_clear_handle_id (&self->renew_id, g_source_remove);
  GTK_WIDGET_CLASS (bw_trends_parent_class)->unmap (widget);
}

static void
bw_trends_dispose (GObject *object)
{
  BwTrends *self = (BwTrends *) object;

  g_clear_handle_id (&self->renew_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_TRENDS);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_trends_parent_class)->dispose (object);
}

static void
bw_trends_finalize (GObject *object)
{
  BwTrends *self = (BwTrends *) object;

  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (bw_trends_parent_class)->finalize (object);
}

static void
bw_trends_class_init (BwTrendsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_trends_dispose;
  object_class->finalize = bw_trends_finalize;
  widget_class->map = bw_trends_map;
  widget_class->unmap = bw_trends_unmap;

  g_type_ensure (BW_TYPE_TREND_LINE);
  g_type_ensure (BW_TYPE_TREND_DAYS);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-trends.ui");
  gtk_widget_class_bind_template_child (widget_class, BwTrends, box);
  gtk_widget_class_bind_template_child (widget_class, BwTrends, online_group);
  gtk_widget_class_bind_template_child (widget_class, BwTrends, online);
  gtk_widget_class_bind_template_child (widget_class, BwTrends, arrived_group);
  gtk_widget_class_bind_template_child (widget_class, BwTrends, arrived);
  gtk_widget_class_bind_template_child (widget_class, BwTrends, approved_group);
  gtk_widget_class_bind_template_child (widget_class, BwTrends, approved);
  gtk_widget_class_bind_template_callback (widget_class, show_arrived_cb);
  gtk_widget_class_bind_template_callback (widget_class, show_approved_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_trends_init (BwTrends *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

void
bw_trends_set_session (BwTrends  *self,
                       BwSession *session)
{
  g_return_if_fail (BW_IS_TRENDS (self));
  g_return_if_fail (BW_IS_SESSION (session));
  g_return_if_fail (self->session == NULL);

  self->session = g_object_ref (session);
}

void
bw_trends_reload (BwTrends *self)
{
  g_return_if_fail (BW_IS_TRENDS (self));

  if (self->session != NULL)
    bw_session_call_async (self->session, "GET", "/v1/overview/trends", NULL, self->cancellable,
                           loaded_cb, g_object_ref (self));
}
