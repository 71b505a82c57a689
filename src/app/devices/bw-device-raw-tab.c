/* bw-device-raw-tab.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-raw-tab.h"

#include <adwaita.h>
#include <glib/gi18n.h>
#include <string.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-raw-detail.h"
#include "bw-raw-file.h"
#include "bw-raw-row.h"

/* Eyes do not follow more than this, and the newest is to be there within a tenth of a second. */
#define FLUSH_PERIOD_MS 50

/* Payloads are searched again when they change, but not at each of their thousand changes. */
#define REFILTER_PERIOD_US (1 * G_USEC_PER_SEC)

/**
 * BwDeviceRawTab:
 *
 * Each topic of a device with its last message, or each message, as they come; those that
 * were not used with the reason. The log is the live device's, so that what came before the
 * tab was opened is there too, and goes on while the list stands still.
 */

typedef enum
{
  KIND_ALL,
  KIND_FROM_DEVICE,
  KIND_TO_DEVICE,
  KIND_NOT_USED,
} Kind;

struct _BwDeviceRawTab
{
  GtkWidget             parent_instance;

  BwLiveDevice         *live;            /* (owned) */
  BwRawLog             *log;             /* (owned) */
  GtkFilterListModel   *filtered;        /* (owned): of topics, or of messages */
  BwRawTail            *tail;            /* (owned): over the messages */
  GtkSingleSelection   *selection;       /* (owned) */
  GHashTable           *rows;            /* (element-type BwRawRow): set, unowned: those that show something */
  GtkFileChooserNative *chooser;         /* (owned) (nullable): while it is open; nobody else holds it */
  GCancellable         *cancellable;
  guint                 flush_id;
  char                 *text;            /* (nullable): what is looked for, case-folded */
  gint64                refiltered_us;

  GtkWidget            *box;
  GtkToggleButton      *topics_button;
  GtkDropDown          *kind_drop_down;
  GtkToggleButton      *pause_button;
  GtkEditable          *search_entry;
  GtkLabel             *count_label;
  GtkStack             *stack;
  AdwStatusPage        *empty_page;
  GtkScrolledWindow    *scrolled;
  GtkListView          *list_view;
  BwRawDetail          *detail;
};

G_DEFINE_FINAL_TYPE (BwDeviceRawTab, bw_device_raw_tab, GTK_TYPE_WIDGET)

static gboolean
is_wanted (gpointer item,
           gpointer user_data)
{
  BwDeviceRawTab *self = user_data;
  BwRawMessage *message = bw_raw_item_get_message (item);
  Kind kind = (Kind) gtk_drop_down_get_selected (self->kind_drop_down);

  if ((kind == KIND_FROM_DEVICE && bw_raw_message_get_direction (message) != BW_RAW_FROM_DEVICE) ||
      (kind == KIND_TO_DEVICE && bw_raw_message_get_direction (message) != BW_RAW_TO_DEVICE) ||
      (kind == KIND_NOT_USED && bw_raw_message_get_reason (message) == NULL))
    return FALSE;

  return self->text == NULL || bw_raw_message_has_text (message, self->text);
}

static gboolean
is_filtering (BwDeviceRawTab *self)
{
  return self->text != NULL || gtk_drop_down_get_selected (self->kind_drop_down) != KIND_ALL;
}

static void
refilter (BwDeviceRawTab *self)
{
  self->refiltered_us = g_get_monotonic_time ();
  gtk_filter_changed (gtk_filter_list_model_get_filter (self->filtered), GTK_FILTER_CHANGE_DIFFERENT);
}

static void
append_sentence (GString *text,
                 char    *sentence)
{
  if (text->len > 0)
    g_string_append (text, " · ");
  g_string_append (text, sentence);
  g_free (sentence);
}

static void
update_counts (BwDeviceRawTab *self)
{
  g_autoptr(GString) text = g_string_new (NULL);
  gulong n_messages = (gulong) bw_raw_log_get_n_messages (self->log);
  gulong n_topics = g_list_model_get_n_items (bw_raw_log_get_topics (self->log));
  gulong n_lost_topics = (gulong) bw_raw_log_get_n_lost_topics (self->log);
  gulong n_lost_messages = (gulong) bw_raw_log_get_n_lost_messages (self->log);
  gulong n_dropped = (gulong) bw_live_device_get_n_dropped (self->live);

  if (gtk_toggle_button_get_active (self->pause_button))
    append_sentence (text, g_strdup (_("Paused")));

  append_sentence (text, g_strdup_printf (ngettext ("%'lu message", "%'lu messages", n_messages), n_messages));
  append_sentence (text, g_strdup_printf (ngettext ("%'lu topic", "%'lu topics", n_topics), n_topics));

  if (n_lost_messages > 0)
    append_sentence (text, g_strdup_printf (ngettext ("%'lu older message is not kept any more",
                                                      "%'lu older messages are not kept any more", n_lost_messages), n_lost_messages));
  if (n_lost_topics > 0)
    append_sentence (text, g_strdup_printf (ngettext ("%'lu older topic is not kept any more",
                                                      "%'lu older topics are not kept any more", n_lost_topics), n_lost_topics));
  if (n_dropped > 0)
    append_sentence (text, g_strdup_printf (ngettext ("%'lu message came faster than it could be read",
                                                      "%'lu messages came faster than they could be read", n_dropped), n_dropped));

  gtk_label_set_label (self->count_label, text->str);
}

static void
update_stack (BwDeviceRawTab *self)
{
  gboolean is_empty = g_list_model_get_n_items (G_LIST_MODEL (self->filtered)) == 0;

  if (is_empty)
    adw_status_page_set_description (self->empty_page,
                                     is_filtering (self) ? _("No message is like that.")
                                                         : _("Each message of the device appears here as it comes."));
  gtk_stack_set_visible_child_name (self->stack, is_empty ? "empty" : "list");
}

static void
show_selected (BwDeviceRawTab *self)
{
  gpointer item = gtk_single_selection_get_selected_item (self->selection);

  /* What is looked at does not slip away. */
  if (BW_IS_RAW_SLOT (item))
    gtk_toggle_button_set_active (self->pause_button, TRUE);

  if (item != NULL)
    bw_raw_detail_set_message (self->detail, bw_raw_item_get_message (item));
  gtk_widget_set_visible (GTK_WIDGET (self->detail), item != NULL);
}

/* A list view has two hundred rows, whatever one can see of them; those close by count as seen. */
static gboolean
is_in_sight (BwDeviceRawTab *self,
             GtkWidget      *row)
{
  int height = gtk_widget_get_height (GTK_WIDGET (self->list_view));
  GtkAllocation place;

  gtk_widget_get_allocation (gtk_widget_get_parent (row), &place);

  return place.y < height + place.height && place.y + 2 * place.height > 0;
}

static void
update_rows (BwDeviceRawTab *self,
             gboolean        only_in_sight)
{
  GHashTableIter iter;
  gpointer row;

  bw_raw_tail_update (self->tail);

  g_hash_table_iter_init (&iter, self->rows);
  while (g_hash_table_iter_next (&iter, &row, NULL))
    {
      if (!only_in_sight || is_in_sight (self, row))
        bw_raw_row_update (row);
    }
}

static void
flushed_cb (BwDeviceRawTab *self)
{
  update_rows (self, TRUE);

  if (is_filtering (self) && gtk_toggle_button_get_active (self->topics_button) &&
      g_get_monotonic_time () - self->refiltered_us > REFILTER_PERIOD_US)
    refilter (self);

  show_selected (self);
  update_counts (self);
  update_stack (self);
}

static gboolean
flush_cb (gpointer user_data)
{
  BwDeviceRawTab *self = user_data;

  self->flush_id = 0;
  bw_raw_log_flush (self->log);

  return G_SOURCE_REMOVE;
}

static void
schedule_flush (BwDeviceRawTab *self)
{
  if (self->flush_id == 0 && gtk_widget_get_mapped (GTK_WIDGET (self)) &&
      !gtk_toggle_button_get_active (self->pause_button))
    self->flush_id = g_timeout_add (FLUSH_PERIOD_MS, flush_cb, self);
}

static void
unmap_cb (BwDeviceRawTab *self)
{
  g_clear_handle_id (&self->flush_id, g_source_remove);
}

static void
view_toggled_cb (BwDeviceRawTab *self)
{
  gboolean is_topics = gtk_toggle_button_get_active (self->topics_button);

  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);
  gtk_single_selection_set_model (self->selection, NULL);
  gtk_filter_list_model_set_model (self->filtered, is_topics ? bw_raw_log_get_topics (self->log)
                                                             : bw_raw_log_get_messages (self->log));
  bw_raw_tail_update (self->tail);
  gtk_single_selection_set_model (self->selection, is_topics ? G_LIST_MODEL (self->filtered) : G_LIST_MODEL (self->tail));
  update_stack (self);
}

static void
kind_selected_cb (BwDeviceRawTab *self)
{
  refilter (self);
  update_rows (self, FALSE);
  update_stack (self);
}

static void
search_changed_cb (BwDeviceRawTab *self)
{
  const char *text = gtk_editable_get_text (self->search_entry);

  g_free (self->text);
  self->text = *text != '\0' ? g_utf8_casefold (text, -1) : NULL;
  refilter (self);
  update_rows (self, FALSE);
  update_stack (self);
}

/* Who scrolls down the messages reads them; at the top they go on. */
static void
scrolled_cb (BwDeviceRawTab *self,
             GtkAdjustment  *adjustment)
{
  gboolean is_down = gtk_adjustment_get_value (adjustment) > 0;

  update_rows (self, FALSE);
  if (is_down && !gtk_toggle_button_get_active (self->topics_button))
    gtk_toggle_button_set_active (self->pause_button, TRUE);
}

static void
pause_toggled_cb (BwDeviceRawTab *self)
{
  g_clear_handle_id (&self->flush_id, g_source_remove);
  schedule_flush (self);
  update_counts (self);
}

static void
bind_cb (BwDeviceRawTab *self,
         GtkListItem    *list_item)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);

  bw_raw_row_set_item (BW_RAW_ROW (row), gtk_list_item_get_item (list_item));
  g_hash_table_add (self->rows, row);
}

static void
unbind_cb (BwDeviceRawTab *self,
           GtkListItem    *list_item)
{
  GtkWidget *row = gtk_list_item_get_child (list_item);

  g_hash_table_remove (self->rows, row);
  bw_raw_row_set_item (BW_RAW_ROW (row), NULL);
}

static void
setup_cb (BwDeviceRawTab *self,
          GtkListItem    *list_item)
{
  gtk_list_item_set_child (list_item, bw_raw_row_new ());
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwDeviceRawTab) self = user_data;
  GtkWidget *toasts = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_TOAST_OVERLAY);
  g_autoptr(GError) error = NULL;
  gboolean is_saved = bw_raw_file_write_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || toasts == NULL)
    return;

  bw_toast_show (ADW_TOAST_OVERLAY (toasts), is_saved ? _("Messages saved") : error->message);
}

static void
chosen_cb (BwDeviceRawTab *self,
           int             response)
{
  g_autoptr(GFile) file = response == GTK_RESPONSE_ACCEPT ? gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser)) : NULL;
  g_autoptr(GPtrArray) messages = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  gboolean is_topics = gtk_toggle_button_get_active (self->topics_button);

  g_clear_object (&self->chooser);
  if (file == NULL || g_file_peek_path (file) == NULL)
    return;

  /* Topics by their names, messages in the order in which they came. */
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->filtered), is_topics ? i : n_items - 1 - i);

      g_ptr_array_add (messages, g_object_ref (bw_raw_item_get_message (item)));
    }

  bw_raw_file_write_async (g_file_peek_path (file), messages, self->cancellable, saved_cb, g_object_ref (self));
}

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwDeviceRawTab *self = BW_DEVICE_RAW_TAB (widget);
  g_autofree char *name = g_strdup_printf ("%s.jsonl", bw_live_device_get_id (self->live));

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (_("Save Messages"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                               GTK_FILE_CHOOSER_ACTION_SAVE, _("_Save"), _("_Cancel"));
  gtk_file_chooser_set_current_name (GTK_FILE_CHOOSER (self->chooser), name);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
close_detail_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  gtk_single_selection_set_selected (BW_DEVICE_RAW_TAB (widget)->selection, GTK_INVALID_LIST_POSITION);
}

/* Of an open message; otherwise it leads back, as everywhere. */
static gboolean
escape_cb (GtkWidget *widget,
           GVariant  *arguments,
           gpointer   user_data)
{
  BwDeviceRawTab *self = BW_DEVICE_RAW_TAB (widget);

  if (gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    return GDK_EVENT_PROPAGATE;

  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);

  return GDK_EVENT_STOP;
}

static void
bw_device_raw_tab_dispose (GObject *object)
{
  BwDeviceRawTab *self = (BwDeviceRawTab *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_handle_id (&self->flush_id, g_source_remove);
  g_clear_object (&self->chooser);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_DEVICE_RAW_TAB);
  g_clear_object (&self->selection);
  g_clear_object (&self->tail);
  g_clear_object (&self->filtered);
  g_clear_object (&self->log);
  g_clear_object (&self->live);

  G_OBJECT_CLASS (bw_device_raw_tab_parent_class)->dispose (object);
}

static void
bw_device_raw_tab_finalize (GObject *object)
{
  BwDeviceRawTab *self = (BwDeviceRawTab *) object;

  g_hash_table_unref (self->rows);
  g_free (self->text);

  G_OBJECT_CLASS (bw_device_raw_tab_parent_class)->finalize (object);
}

static void
bw_device_raw_tab_class_init (BwDeviceRawTabClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_device_raw_tab_dispose;
  G_OBJECT_CLASS (klass)->finalize = bw_device_raw_tab_finalize;

  g_type_ensure (BW_TYPE_RAW_DETAIL);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/devices/bw-device-raw-tab.ui");
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, box);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, topics_button);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, kind_drop_down);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, pause_button);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, count_label);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, stack);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, empty_page);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, scrolled);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, list_view);
  gtk_widget_class_bind_template_child (widget_class, BwDeviceRawTab, detail);
  gtk_widget_class_bind_template_callback (widget_class, view_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, pause_toggled_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  gtk_widget_class_install_action (widget_class, "raw.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "raw.close-detail", NULL, close_detail_action);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Escape, 0, escape_cb, NULL);
}

static void
bw_device_raw_tab_init (BwDeviceRawTab *self)
{
  self->cancellable = g_cancellable_new ();
  self->rows = g_hash_table_new (NULL, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->kind_drop_down), _("Kind of Message"));

  /* The text inside is what a screen reader meets. */
  bw_accessible_set_label (GTK_WIDGET (gtk_editable_get_delegate (self->search_entry)), _("Filter Messages"));
}

static void
show_log (BwDeviceRawTab *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_wanted, self, NULL));

  self->filtered = gtk_filter_list_model_new (NULL, filter);
  self->selection = gtk_single_selection_new (NULL);
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  self->tail = bw_raw_tail_new (G_LIST_MODEL (self->filtered));
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (show_selected), self, G_CONNECT_SWAPPED);

  g_signal_connect_object (factory, "setup", G_CALLBACK (setup_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "bind", G_CALLBACK (bind_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (factory, "unbind", G_CALLBACK (unbind_cb), self, G_CONNECT_SWAPPED);
  gtk_list_view_set_factory (self->list_view, factory);
  gtk_list_view_set_model (self->list_view, GTK_SELECTION_MODEL (self->selection));
  g_signal_connect_object (gtk_scrolled_window_get_vadjustment (self->scrolled), "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  g_object_unref (factory);

  bw_raw_log_flush (self->log);
  view_toggled_cb (self);
  update_counts (self);
}

GtkWidget *
bw_device_raw_tab_new (BwSession    *session,
                       BwLiveDevice *live)
{
  BwDeviceRawTab *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_LIVE_DEVICE (live), NULL);

  self = g_object_new (BW_TYPE_DEVICE_RAW_TAB, NULL);
  self->live = g_object_ref (live);
  self->log = g_object_ref (bw_live_device_get_raw_log (live));
  show_log (self);

  g_signal_connect_object (self->log, "added", G_CALLBACK (schedule_flush), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->log, "flushed", G_CALLBACK (flushed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect (self, "map", G_CALLBACK (schedule_flush), NULL);
  g_signal_connect (self, "unmap", G_CALLBACK (unmap_cb), NULL);

  return GTK_WIDGET (self);
}
