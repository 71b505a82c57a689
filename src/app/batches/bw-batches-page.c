/* bw-batches-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-batches-page-private.h"

#include <glib/gi18n.h>

#include "bw-color-swatch.h"
#include "bw-compat.h"
#include "bw-error-text.h"

/* A batch that is being created is looked after even when the feed is silent: the broker may be
 * down, or the last word came while the feed was being taken up. */
#define WATCH_MS 1500

/**
 * BwBatchesPage:
 *
 * The table of batches: make one, watch it grow, print its labels, hand its
 * keys over. The list is the session's and follows the live feed.
 */

G_DEFINE_FINAL_TYPE (BwBatchesPage, bw_batches_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_BATCHES,
  N_PROPS
};

enum {
  SHOW_DEVICES,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

BwBatch *
bw_batches_page_get_selected (BwBatchesPage *self)
{
  return gtk_single_selection_get_selected_item (self->selection);
}

static void
update_stack (BwBatchesPage *self)
{
  GListModel *batches;
  guint n_found;

  /* While it is built and taken apart, too. */
  if (self->session == NULL || self->filtered == NULL || self->stack == NULL)
    return;

  batches = G_LIST_MODEL (bw_session_get_batches (self->session));
  n_found = g_list_model_get_n_items (self->filtered);
  if (g_list_model_get_n_items (batches) > 0)
    gtk_stack_set_visible_child_name (self->stack, "list");
  else if (self->error_text != NULL)
    gtk_stack_set_visible_child_name (self->stack, "failed");
  else
    gtk_stack_set_visible_child_name (self->stack, self->is_loaded ? "empty" : "loading");

  adw_status_page_set_description (self->failed_page, self->error_text);
  gtk_stack_set_visible_child_name (self->table_stack, n_found > 0 ? "table" : "no-match");
}

static void
update_actions (BwBatchesPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  BwBatch *batch;
  gboolean is_ready, is_busy, may_create;

  /* The selection tells as it is taken apart, too. */
  if (self->session == NULL || self->selection == NULL || self->task_bar == NULL)
    return;

  batch = bw_batches_page_get_selected (self);
  if (batch != NULL && g_strcmp0 (bw_entity_get_id (BW_ENTITY (batch)), self->made_id) != 0)
    g_clear_pointer (&self->made_id, g_free);

  is_ready = batch != NULL && bw_batch_is_ready (batch);
  is_busy = bw_task_bar_is_busy (self->task_bar);
  may_create = bw_session_may (self->session, BW_PERMISSION_CREATE_IDS);
  gtk_action_bar_set_revealed (self->action_bar, batch != NULL);
  gtk_widget_action_set_enabled (widget, "batches.create", may_create);
  gtk_widget_action_set_enabled (widget, "batches.import", may_create);
  gtk_widget_action_set_enabled (widget, "batches.progress", batch != NULL);
  gtk_widget_action_set_enabled (widget, "batches.confirm",
                                 is_ready && bw_session_may (self->session, BW_PERMISSION_MANAGE_IDS));
  gtk_widget_action_set_enabled (widget, "batches.labels", is_ready && may_create);
  gtk_widget_action_set_enabled (widget, "batches.verify", is_ready && may_create);
  gtk_widget_action_set_enabled (widget, "batches.export", is_ready && may_create && !is_busy);
  gtk_widget_action_set_enabled (widget, "batches.show-devices", batch != NULL);
}

void
bw_batches_page_show_toast (BwBatchesPage *self,
                            const char    *text)
{
  bw_toast_show (self->toasts, text);
}

static void
batches_loaded_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(BwBatchesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_session_load_batches_finish (BW_SESSION (source), result, &error);

  /* The page is going away; its children may be gone already. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_pointer (&self->error_text, g_free);
  if (!ok)
    self->error_text = bw_error_to_user_text (error);

  self->is_loaded = ok;
  update_stack (self);
}

static void
companies_loaded_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(BwBatchesPage) self = user_data;
  g_autoptr(GError) error = NULL;

  /* Only their names are missing then; the batches' own load will tell. */
  if (!bw_session_load_companies_finish (BW_SESSION (source), result, &error))
    g_debug ("loading companies: %s", error->message);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  bw_session_load_batches_async (BW_SESSION (source), self->cancellable, batches_loaded_cb, g_object_ref (self));
}

static void
reload (BwBatchesPage *self)
{
  g_clear_pointer (&self->error_text, g_free);
  update_stack (self);
  bw_session_load_companies_async (self->session, self->cancellable, companies_loaded_cb, g_object_ref (self));
}

static void
watched_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* The next look comes soon; the bar above the page tells when the server is gone. */
  if (!bw_session_load_batches_finish (BW_SESSION (source), result, &error))
    g_debug ("looking after a batch: %s", error->message);
}

static gboolean
has_unfinished (BwBatchesPage *self)
{
  GListModel *batches = G_LIST_MODEL (bw_session_get_batches (self->session));
  guint n_batches = g_list_model_get_n_items (batches);
  gboolean is_unfinished = FALSE;

  for (guint i = 0; i < n_batches && !is_unfinished; i++)
    {
      g_autoptr(BwBatch) batch = g_list_model_get_item (batches, i);

      is_unfinished = !bw_batch_is_ready (batch);
    }

  return is_unfinished;
}

static gboolean
watch_cb (gpointer user_data)
{
  BwBatchesPage *self = user_data;

  if (!has_unfinished (self))
    {
      self->watch_id = 0;
      return G_SOURCE_REMOVE;
    }

  bw_session_load_batches_async (self->session, self->cancellable, watched_cb, NULL);

  return G_SOURCE_CONTINUE;
}

static void
select_batch (BwBatchesPage *self,
              const char    *id)
{
  GListModel *model = G_LIST_MODEL (self->selection);

  for (guint i = 0; i < g_list_model_get_n_items (model); i++)
    {
      g_autoptr(BwEntity) batch = g_list_model_get_item (model, i);

      /* The list may tell before the models on top of it have looked again. */
      if (batch != NULL && g_strcmp0 (bw_entity_get_id (batch), id) == 0)
        {
          gtk_single_selection_set_selected (self->selection, i);
          bw_column_view_scroll_to (self->column_view, i);
          return;
        }
    }
}

static void
batches_changed_cb (BwBatchesPage *self)
{
  /* A load that was asked for before the batch was made takes it out of the list for a moment. */
  if (self->made_id != NULL && self->selection != NULL && bw_batches_page_get_selected (self) == NULL)
    select_batch (self, self->made_id);

  update_actions (self);
  if (self->watch_id == 0 && has_unfinished (self))
    self->watch_id = g_timeout_add (WATCH_MS, watch_cb, self);
}

static void
online_cb (BwBatchesPage *self)
{
  if (bw_session_get_online (self->session) && self->error_text != NULL)
    reload (self);
}

/* A table that has to be pushed sideways hides what one looks for: narrow pages
 * leave out what matters least. */
static void
row_activated_cb (BwBatchesPage *self,
                  guint          position)
{
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self), "batches.show-devices", NULL);
}

static void
stop_search_cb (BwBatchesPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
context_menu_cb (BwBatchesPage *self,
                 int            n_press,
                 double         x,
                 double         y)
{
  GtkWidget *picked = gtk_widget_pick (GTK_WIDGET (self->column_view), x, y, GTK_PICK_DEFAULT);
  double page_x, page_y;

  /* Selects the row below the pointer; in the header there is no such action. */
  if (picked == NULL || !gtk_widget_activate_action (picked, "listitem.select", "(bb)", FALSE, FALSE) ||
      bw_batches_page_get_selected (self) == NULL)
    return;

  gtk_widget_translate_coordinates (GTK_WIDGET (self->column_view), GTK_WIDGET (self), x, y, &page_x, &page_y);
  gtk_popover_set_pointing_to (self->context_menu, &(GdkRectangle) { (int) page_x, (int) page_y, 1, 1 });
  gtk_popover_popup (self->context_menu);
}

static void
batch_cancelled_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(BwBatchesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (bw_session_cancel_batch_finish (BW_SESSION (source), result, &error))
    text = g_strdup (_("The batch was taken back"));
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  else
    text = bw_error_to_user_text (error);

  bw_batches_page_show_toast (self, text);
}

static void
cancel_clicked_cb (GtkWidget   *button,
                   GtkListItem *item)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (gtk_widget_get_ancestor (button, BW_TYPE_BATCHES_PAGE));
  BwEntity *batch = gtk_list_item_get_item (item);

  if (self != NULL && batch != NULL)
    bw_session_cancel_batch_async (self->session, bw_entity_get_id (batch), self->cancellable,
                                   batch_cancelled_cb, g_object_ref (self));
}

/* Actions */

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  reload (BW_BATCHES_PAGE (widget));
}

static void
export_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (widget);

  bw_batches_page_ask_for_export (self, bw_batches_page_get_selected (self));
}

static void
export_to_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (widget);
  const char *id, *path;
  BwBatch *batch;

  g_variant_get (parameter, "(&s&s)", &id, &path);
  batch = bw_entity_list_lookup (bw_session_get_batches (self->session), id);
  if (batch != NULL && !bw_task_bar_is_busy (self->task_bar))
    bw_batches_page_export_to (self, batch, BW_HAND_OVER_CSV, path);
}

static void
show_devices_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  BwBatch *batch = bw_batches_page_get_selected (BW_BATCHES_PAGE (widget));

  if (batch != NULL)
    g_signal_emit (widget, signals[SHOW_DEVICES], 0, bw_entity_get_id (BW_ENTITY (batch)));
}

static void
select_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  select_batch (BW_BATCHES_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
context_menu_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (widget);

  if (bw_batches_page_get_selected (self) != NULL)
    gtk_popover_popup (self->context_menu);
}

static void
bw_batches_page_constructed (GObject *object)
{
  BwBatchesPage *self = (BwBatchesPage *) object;

  G_OBJECT_CLASS (bw_batches_page_parent_class)->constructed (object);

  bw_batches_page_set_up_company_column (self);
  gtk_column_view_sort_by_column (self->column_view, self->created_column, GTK_SORT_DESCENDING);
  g_signal_connect_object (self->session, "notify::online", G_CALLBACK (online_cb), self, G_CONNECT_SWAPPED);
  /* It looks into the models over the list, so after them. */
  g_signal_connect_object (bw_session_get_batches (self->session), "items-changed",
                           G_CALLBACK (batches_changed_cb), self, G_CONNECT_SWAPPED | G_CONNECT_AFTER);
  g_signal_connect_object (self->task_bar, "notify::busy", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);
  update_actions (self);
  reload (self);
}

static void
bw_batches_page_dispose (GObject *object)
{
  BwBatchesPage *self = (BwBatchesPage *) object;

  g_clear_handle_id (&self->watch_id, g_source_remove);
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->chooser);

  /* Their handlers look at children. */
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (bw_session_get_batches (self->session), self);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_BATCHES_PAGE);
  g_clear_object (&self->session);
  g_clear_pointer (&self->error_text, g_free);
  g_clear_pointer (&self->made_id, g_free);

  G_OBJECT_CLASS (bw_batches_page_parent_class)->dispose (object);
}

static void
bw_batches_page_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;

    case PROP_BATCHES:
      if (self->session != NULL)
        g_value_set_object (value, bw_session_get_batches (self->session));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_batches_page_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      g_object_notify_by_pspec (object, properties[PROP_BATCHES]);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/batches/bw-batches-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, table_stack);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, show_devices_button);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, progress_button);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, width_bin);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, column_view);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, name_column);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, count_column);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, company_column);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, created_column);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, keys_column);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, state_column);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, selection);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, filtered);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, action_bar);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, task_bar);
  gtk_widget_class_bind_template_child (widget_class, BwBatchesPage, context_menu);
  bw_batches_page_class_bind_columns (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, context_menu_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_bind_template_callback (widget_class, update_stack);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "batches.reload", NULL, reload_action);
  bw_batches_page_class_install_dialogs (widget_class);
  gtk_widget_class_install_action (widget_class, "batches.export", NULL, export_action);
  gtk_widget_class_install_action (widget_class, "batches.export-to", "(ss)", export_to_action);
  gtk_widget_class_install_action (widget_class, "batches.show-devices", NULL, show_devices_action);
  gtk_widget_class_install_action (widget_class, "batches.select", "s", select_action);
  gtk_widget_class_install_action (widget_class, "batches.context-menu", NULL, context_menu_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "batches.context-menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "batches.context-menu", NULL);
}

static void
bw_batches_page_class_init (BwBatchesPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_batches_page_constructed;
  object_class->dispose = bw_batches_page_dispose;
  object_class->get_property = bw_batches_page_get_property;
  object_class->set_property = bw_batches_page_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_BATCHES] =
    g_param_spec_object ("batches", NULL, NULL, G_TYPE_LIST_MODEL,
                         G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SHOW_DEVICES] =
    g_signal_new ("show-devices", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  install_actions (widget_class);

  g_type_ensure (BW_TYPE_BATCH);
  g_type_ensure (BW_TYPE_COLOR_SWATCH);
  g_type_ensure (BW_TYPE_TASK_BAR);
  g_type_ensure (BW_TYPE_WIDTH_BIN);
}

static void
bw_batches_page_init (BwBatchesPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_batches_page_new (BwSession *session)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  return g_object_new (BW_TYPE_BATCHES_PAGE, "session", session, NULL);
}

void
bw_batches_page_start_search (BwBatchesPage *self)
{
  g_return_if_fail (BW_IS_BATCHES_PAGE (self));

  gtk_widget_grab_focus (self->search_entry);
}

void
bw_batches_page_show_batch (BwBatchesPage *self,
                            const char    *id)
{
  g_return_if_fail (BW_IS_BATCHES_PAGE (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  g_free (self->made_id);
  self->made_id = g_strdup (id);
  select_batch (self, self->made_id);
}
