/* bw-device-timeline-tab.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-timeline-tab.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-timeline-row.h"
#include "bw-timeline.h"

/* What comes by in the feed comes in flocks, and the backend stores it a moment later. */
#define REFRESH_MS 800

/* What a device says of itself is not in the feed. */
#define REFRESH_PERIOD_S 30

/* The next page is asked for before the end of the last one is seen. */
#define AHEAD_PX 1000

/**
 * BwDeviceTimelineTab:
 *
 * What happened to a device and what was done to it, newest first, by days. It
 * grows at its end while one scrolls, and at its top as things happen.
 */

struct _BwDeviceTimelineTab
{
  GtkWidget      parent_instance;

  BwSession     *session;        /* (owned) */
  BwLiveDevice  *live;           /* (owned) */
  BwTimeline    *timeline;       /* (owned) */
  GHashTable    *rows;           /* (element-type GtkListItem BwTimelineRow): unowned: those that show something */
  guint          refresh_id;
  guint          period_id;
  gboolean       is_stale;       /* something happened while it was not to be seen */

  GtkWidget     *box;
  GtkDropDown   *kind_drop_down;
  GtkSpinner    *spinner;
  GtkStack      *stack;
  AdwStatusPage *empty_page;
  GtkWidget     *again_button;
  GtkScrolledWindow *scrolled;
  GtkListView   *list_view;
};

G_DEFINE_FINAL_TYPE (BwDeviceTimelineTab, bw_device_timeline_tab, GTK_TYPE_WIDGET)

/* As the template lists them. */
static const char * const kinds[] = {
  NULL, "connection,state,first-seen", "command", "notice", "firmware,description", "admission,tag,change",
};

static void
load_more_if_needed (BwDeviceTimelineTab *self)
{
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);

  if (gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment) + AHEAD_PX >= gtk_adjustment_get_upper (adjustment))
    bw_timeline_load_more (self->timeline);
}

static void
changed_cb (BwDeviceTimelineTab *self)
{
  const GError *error = bw_timeline_get_error (self->timeline);
  gboolean is_loading = bw_timeline_is_loading (self->timeline);
  gboolean is_empty = g_list_model_get_n_items (bw_timeline_get_items (self->timeline)) == 0;

  gtk_spinner_set_spinning (self->spinner, is_loading && is_empty);
  gtk_widget_set_visible (self->again_button, error != NULL);
  if (is_empty && error != NULL)
    {
      g_autofree char *text = bw_error_to_user_text (error);
      g_autofree char *escaped = g_markup_escape_text (text, -1);

      adw_status_page_set_title (self->empty_page, _("The Timeline Could Not Be Loaded"));
      adw_status_page_set_description (self->empty_page, escaped);
    }
  else if (is_empty)
    {
      adw_status_page_set_title (self->empty_page, is_loading ? _("Loading…") : _("Nothing Has Happened"));
      adw_status_page_set_description (self->empty_page, is_loading ? NULL : _("What happens to the device, and what is done to it, appears here."));
    }

  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "list");
}

static void
reload (BwDeviceTimelineTab *self)
{
  guint selected = gtk_drop_down_get_selected (self->kind_drop_down);

  bw_timeline_load (self->timeline, selected < G_N_ELEMENTS (kinds) ? kinds[selected] : NULL);
}

static void
kind_selected_cb (BwDeviceTimelineTab *self)
{
  if (self->timeline != NULL)
    reload (self);
}

static gboolean
refresh_cb (gpointer user_data)
{
  BwDeviceTimelineTab *self = user_data;

  self->refresh_id = 0;
  bw_timeline_refresh (self->timeline);

  return G_SOURCE_REMOVE;
}

static void
schedule_refresh (BwDeviceTimelineTab *self)
{
  self->is_stale = !gtk_widget_get_mapped (GTK_WIDGET (self));
  if (!self->is_stale && self->refresh_id == 0)
    self->refresh_id = g_timeout_add (REFRESH_MS, refresh_cb, self);
}

static gboolean
period_cb (gpointer user_data)
{
  schedule_refresh (user_data);

  return G_SOURCE_CONTINUE;
}

static void
feed_cb (BwDeviceTimelineTab *self,
         const char          *kind,
         JsonObject          *document,
         BwSession           *session)
{
  const char *id = bw_json_get_string (document, g_str_equal (kind, "device") ? "id" : "deviceId");

  if (g_strcmp0 (id, bw_live_device_get_id (self->live)) == 0)
    schedule_refresh (self);
}

static void
map_cb (BwDeviceTimelineTab *self)
{
  self->period_id = g_timeout_add_seconds (REFRESH_PERIOD_S, period_cb, self);
  if (self->is_stale)
    schedule_refresh (self);
}

static void
unmap_cb (BwDeviceTimelineTab *self)
{
  g_clear_handle_id (&self->period_id, g_source_remove);
  if (self->refresh_id != 0)
    self->is_stale = TRUE;
  g_clear_handle_id (&self->refresh_id, g_source_remove);
}

static void
update_day (BwDeviceTimelineTab *self,
            GtkListItem         *list_item,
            BwTimelineRow       *row)
{
  guint position = gtk_list_item_get_position (list_item);
  g_autoptr(BwTimelineItem) before = NULL;

  if (position > 0 && position != GTK_INVALID_LIST_POSITION)
    before = g_list_model_get_item (bw_timeline_get_items (self->timeline), position - 1);

  bw_timeline_row_set_before (row, before);
}

/* What was the first of today need not be any more. */
static void
items_changed_cb (BwDeviceTimelineTab *self)
{
  GHashTableIter iter;
  gpointer list_item, row;

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &list_item, &row))
    update_day (self, list_item, row);
}

static void
setup_cb (BwDeviceTimelineTab *self,
          GtkListItem         *list_item)
{
  gtk_list_item_set_child (list_item, bw_timeline_row_new ());
  gtk_list_item_set_activatable (list_item, FALSE);
}

static void
bind_cb (BwDeviceTimelineTab *self,
         GtkListItem         *list_item)
{
  BwTimelineRow *row = BW_TIMELINE_ROW (gtk_list_item_get_child (list_item));

  bw_timeline_row_set_item (row, gtk_list_item_get_item (list_item));
  g_hash_table_insert (self->rows, list_item, row);
  update_day (self, list_item, row);
}

static void
unbind_cb (BwDeviceTimelineTab *self,
           GtkListItem         *list_item)
{
  g_hash_table_remove (self->rows, list_item);
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  reload (BW_DEVICE_TIMELINE_TAB (widget));
}

static void
bw_device_timeline_tab_dispose (GObject *object)
{
  BwDeviceTimelineTab *self = (BwDeviceTimelineTab *) object;

  g_clear_handle_id (&self->refresh_id, g_source_remove);
  g_clear_handle_id (&self->period_id, g_source_remove);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_DEVICE_TIMELINE_TAB);
  g_clear_object (&self->timeline);
  g_clear_object (&self->live);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_device_timeline_tab_parent_class)->dispose (object);
}

static void
bw_device_timeline_tab_finalize (GObject *object)
{
  g_hash_table_unref (((BwDeviceTimelineTab *) object)->rows);

  G_OBJECT_CLASS (bw_device_timeline_tab_parent_class)->finalize (object);
}

static void
bw_device_timeline_tab_class_init (BwDeviceTimelineTabClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_device_timeline_tab_dispose;
  G_OBJECT_CLASS (klass)->finalize = bw_device_timeline_tab_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-device-timeline-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, BwDeviceTimelineTab, box);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceTimelineTab, kind_drop_down);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceTimelineTab, spinner);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceTimelineTab, stack);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceTimelineTab, empty_page);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceTimelineTab, again_button);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceTimelineTab, scrolled);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceTimelineTab, list_view);
  gtk_widget_class_bind_template_callback (widget_class, kind_selected_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "timeline.reload", NULL, reload_action);
}

static void
bw_device_timeline_tab_init (BwDeviceTimelineTab *self)
{
  self->rows = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->kind_drop_down), _("Kind of Event"));
}

static void
show_timeline (BwDeviceTimelineTab *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (self->scrolled);
  GtkNoSelection *selection = gtk_no_selection_new (g_object_ref (bw_timeline_get_items (self->timeline)));

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (selection));
  g_object_unref (selection);
  g_object_unref (factory);

  /* behind the list's own handler: the rows know their places by then */
  g_signal_connect_object (bw_timeline_get_items (self->timeline), "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (load_more_if_needed), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (adjustment, "changed", G_CALLBACK (load_more_if_needed), self, G_CONNECT_SWAPPED);
}

GtkWidget *
bw_device_timeline_tab_new (BwSession    *session,
                            BwLiveDevice *live)
{
  BwDeviceTimelineTab *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_LIVE_DEVICE (live), NULL);

  self = g_object_new (BW_TYPE_DEVICE_TIMELINE_TAB, NULL);
  self->session = g_object_ref (session);
  self->live = g_object_ref (live);
  self->timeline = bw_timeline_new (session, bw_live_device_get_id (live));

  g_signal_connect_object (self->timeline, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed::device", G_CALLBACK (feed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed::command", G_CALLBACK (feed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (live, "message", G_CALLBACK (schedule_refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (map_cb), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (unmap_cb), NULL);
  show_timeline (self);
  reload (self);

  return GTK_WIDGET (self);
}
