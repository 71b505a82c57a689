/* bw-devices-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-devices-page.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-color-swatch.h"
#include "bw-device-id.h"
#include "bw-devices-page-private.h"
#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-rules-dialog.h"
#include "bw-text.h"

/* Below this the search entry gets a line of its own. */
#define WIDE_TOOLBAR_PX 720

/**
 * BwDevicesPage:
 *
 * The table of devices. Which of them, and in which order, is the database's
 * business; the page shows the rows that are in sight. The approval list is this
 * table with the filter on those that wait, and the columns that are evidence.
 */

G_DEFINE_FINAL_TYPE (BwDevicesPage, bw_devices_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_STATUS,
  N_PROPS
};

enum {
  OPEN_DEVICE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static gboolean
is_status (BwDevicesPage *self,
           const char    *status)
{
  return g_strcmp0 (self->status, status) == 0;
}

static void
update_nothing_page (BwDevicesPage *self)
{
  const char *title, *description;
  const char *icon = "edit-find-symbolic";

  if (self->search != NULL)
    {
      title = _("No Device Found");
      description = _("Nothing matches the search. An ID may be typed with or without dashes, in any case.");
    }
  else if (is_status (self, "awaiting-approval"))
    {
      title = _("Nothing Waits for Approval");
      description = _("Devices appear here when they connect for the first time.");
      icon = "emblem-ok-symbolic";
    }
  else if (is_status (self, "approved"))
    {
      title = _("No Approved Devices");
      description = _("Approve devices that wait, and they appear here.");
    }
  else if (is_status (self, "blocked"))
    {
      title = _("No Blocked Devices");
      description = _("Devices that may not connect any more appear here.");
    }
  else if (self->company_id != NULL)
    {
      title = _("No Devices in This Company");
      description = _("None belongs to it or to a company below it.");
    }
  else if (self->batch_id != NULL)
    {
      title = _("No Devices in This Batch");
      description = _("Its Device IDs may still be on their way.");
    }
  else
    {
      title = _("No Devices Yet");
      description = bw_session_may (self->session, BW_PERMISSION_CREATE_IDS)
                      ? _("Create a batch of Device IDs first; every ID is a device.")
                      : _("Devices appear here as soon as the company has Device IDs.");
      icon = "bw-devices-symbolic";
    }

  adw_status_page_set_icon_name (self->nothing_page, icon);
  adw_status_page_set_title (self->nothing_page, title);
  adw_status_page_set_description (self->nothing_page, description);
}

static void
update_count (BwDevicesPage *self)
{
  guint total = bw_remote_table_get_total (self->table);
  g_autofree char *text = NULL;

  if (self->search != NULL)
    text = g_strdup_printf (ngettext ("%'u device found", "%'u devices found", total), total);
  else if (is_status (self, "awaiting-approval"))
    text = g_strdup_printf (ngettext ("%'u device waits for approval",
                                      "%'u devices wait for approval", total), total);
  else
    text = g_strdup_printf (ngettext ("%'u device", "%'u devices", total), total);

  gtk_label_set_label (self->count_label, self->has_loaded ? text : "");
}

static void
update_stack (BwDevicesPage *self)
{
  guint total = bw_remote_table_get_total (self->table);
  gboolean is_loading = bw_remote_table_get_loading (self->table);
  const char *name;

  /* Or the old number would be said of the new filter. */
  if (self->has_loaded && self->is_filtering && is_loading)
    {
      gtk_label_set_label (self->count_label, "");
      return;
    }

  if (total > 0)
    name = "list";
  else if (self->error_text != NULL && !is_loading)
    name = "failed";
  else if (!self->has_loaded)
    name = "loading";
  else
    name = "nothing";

  if (g_str_equal (name, "nothing"))
    update_nothing_page (self);

  if (g_str_equal (name, "failed"))
    {
      g_autofree char *escaped = g_markup_escape_text (self->error_text, -1);

      adw_status_page_set_description (self->failed_page, escaped);
    }

  gtk_spinner_set_spinning (self->spinner, g_str_equal (name, "loading"));
  gtk_stack_set_visible_child_name (self->stack, name);
  update_count (self);
}

static void
update_awaiting (BwDevicesPage *self)
{
  g_autofree char *label = NULL;

  if (self->n_awaiting > 0)
    /* Translators: a filter of the table and how many devices it would show */
    label = g_strdup_printf (_("Awaiting Approval (%'u)"), self->n_awaiting);

  gtk_button_set_label (GTK_BUTTON (self->awaiting_button),
                        label != NULL ? label : _("Awaiting Approval"));
}

void
bw_devices_page_apply_filter (BwDevicesPage *self)
{
  char id[BW_DEVICE_ID_SIZE];
  const char *search = self->search;

  /* A label's code has no dashes and is in upper case; people type as they like. */
  if (search != NULL && bw_device_id_parse (search, strlen (search), id))
    search = id;

  bw_remote_table_freeze (self->table);
  bw_remote_table_set_filter (self->table, "status", is_status (self, "all") ? NULL : self->status);
  bw_remote_table_set_filter (self->table, "batch", self->batch_id);
  bw_remote_table_set_filter (self->table, "company", self->company_id);
  bw_remote_table_set_search (self->table, search);
  bw_remote_table_thaw (self->table);
  self->is_filtering = TRUE;
  bw_devices_page_update_chips (self);
  bw_devices_page_fit_columns (self);
  update_stack (self);
}

static void
set_status (BwDevicesPage *self,
            const char    *status)
{
  if (!bw_set_str (&self->status, status))
    return;

  if (self->table != NULL)
    bw_devices_page_apply_filter (self);

  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

static void
take_overview (BwDevicesPage *self,
               JsonObject    *overview)
{
  JsonObject *by_status = bw_json_get_object (overview, "byStatus");

  if (by_status == NULL)
    return;

  self->n_awaiting = (guint) bw_json_get_int (by_status, "awaiting-approval", 0);
  update_awaiting (self);
}

static void
overview_loaded_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(BwDevicesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) overview = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* The number in a button is worth no message of its own: the table says what is wrong. */
  if (overview == NULL)
    g_debug ("loading the overview: %s", error->message);
  else
    take_overview (self, overview);
}

static void
load_overview (BwDevicesPage *self)
{
  bw_session_call_async (self->session, "GET", "/v1/overview", NULL, self->cancellable,
                         overview_loaded_cb, g_object_ref (self));
}

static void
overview_changed_cb (BwDevicesPage *self,
                     const char    *kind,
                     JsonObject    *document,
                     BwSession     *session)
{
  take_overview (self, document);
}

static void
device_changed_cb (BwDevicesPage *self,
                   const char    *kind,
                   JsonObject    *document,
                   BwSession     *session)
{
  /* What can be done to the selected ones may be something else now. */
  if (gtk_action_bar_get_revealed (self->selection_bar))
    bw_devices_page_update_selection (self);
}

/* The row with the focus may be among those that went, and keys would go nowhere. */
static void
mend_focus (BwDevicesPage *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) && gtk_root_get_focus (root) == NULL &&
      !gtk_widget_grab_focus (GTK_WIDGET (self->column_view)))
    gtk_widget_grab_focus (self->search_entry);
}

static void
table_loading_cb (BwDevicesPage *self,
                  GParamSpec    *pspec,
                  BwRemoteTable *table)
{
  if (bw_remote_table_get_loading (table))
    {
      g_clear_pointer (&self->error_text, g_free);
      return;
    }

  if (self->error_text == NULL)
    self->has_loaded = TRUE;

  self->is_filtering = FALSE;
  update_stack (self);
  bw_devices_page_update_selection (self);
  bw_devices_page_resume_action (self);
  mend_focus (self);
}

static void
table_total_cb (BwDevicesPage *self,
                GParamSpec    *pspec,
                BwRemoteTable *table)
{
  self->is_filtering = FALSE;
  update_stack (self);
}

static void
table_failed_cb (BwDevicesPage *self,
                 GError        *error,
                 BwRemoteTable *table)
{
  g_free (self->error_text);
  self->error_text = bw_error_to_user_text (error);

  /* With rows on the screen they stay, and a message says that they are old. */
  if (bw_remote_table_get_total (self->table) > 0)
    {
      g_autofree char *escaped = g_markup_escape_text (self->error_text, -1);

      adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
    }

  update_stack (self);
}

static void
actions_done_cb (BwDevicesPage   *self,
                 BwDeviceActions *actions)
{
  bw_remote_table_reload (self->table);
  load_overview (self);
}

static void
search_changed_cb (GtkSearchEntry *entry,
                   BwDevicesPage  *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (entry))));

  if (bw_set_str (&self->search, *text != '\0' ? text : NULL) && self->table != NULL)
    bw_devices_page_apply_filter (self);
}

static void
search_stopped_cb (GtkSearchEntry *entry,
                   BwDevicesPage  *self)
{
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
open_position (BwDevicesPage *self,
               guint          position)
{
  g_autoptr(BwDevice) device = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (device != NULL && bw_entity_get_id (BW_ENTITY (device)) != NULL)
    g_signal_emit (self, signals[OPEN_DEVICE], 0, bw_entity_get_id (BW_ENTITY (device)));
}

/* A hand scanner types a code and Enter: the one device that is meant opens. */
static void
search_activated_cb (GtkSearchEntry *entry,
                     BwDevicesPage  *self)
{
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  char id[BW_DEVICE_ID_SIZE];

  if (bw_device_id_parse (text, strlen (text), id))
    g_signal_emit (self, signals[OPEN_DEVICE], 0, id);
  else if (bw_remote_table_get_total (self->table) == 1 && !bw_remote_table_get_loading (self->table))
    open_position (self, 0);
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
row_activated_cb (GtkColumnView *view,
                  guint          position,
                  BwDevicesPage *self)
{
  open_position (self, position);
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (widget);

  bw_remote_table_reload (self->table);
  load_overview (self);
  update_stack (self);
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_devices_page_start_search (BW_DEVICES_PAGE (widget));
}

/* Letters typed anywhere search. GtkSearchEntry's own capture would take Delete, Escape and Ctrl+A from
 * the table, too; the focus stays there, so that arrows and Enter mean what was found. */
static gboolean
key_pressed_cb (GtkEventControllerKey *controller,
                guint                  keyval,
                guint                  keycode,
                GdkModifierType        state,
                BwDevicesPage         *self)
{
  const GdkModifierType others = GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK | GDK_META_MASK;
  GtkEditable *text = gtk_editable_get_delegate (GTK_EDITABLE (self->search_entry));
  gboolean is_typed = g_unichar_isgraph (gdk_keyval_to_unicode (keyval));
  gboolean is_mended = keyval == GDK_KEY_BackSpace && self->search != NULL;

  if ((state & others) != 0 || text == NULL || gtk_widget_has_focus (GTK_WIDGET (text)) ||
      gtk_widget_get_visible (GTK_WIDGET (self->row_popover)))
    return GDK_EVENT_PROPAGATE;

  if (keyval == GDK_KEY_Escape && self->search != NULL)
    {
      gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
      return GDK_EVENT_STOP;
    }

  if (!is_typed && !is_mended)
    return GDK_EVENT_PROPAGATE;

  return gtk_event_controller_key_forward (controller, GTK_WIDGET (text));
}

/* The parameter is a key of the database's, with a '-' in front for descending. */
static void
sort_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  const char *sort = g_variant_get_string (parameter, NULL);

  if (!bw_remote_columns_sort_by (BW_DEVICES_PAGE (widget)->columns, sort))
    g_debug ("no column is sorted by %s, ignoring", sort);
}

static gboolean
fit_cb (GtkWidget     *widget,
        GdkFrameClock *clock,
        gpointer       user_data)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (widget);

  self->fit_id = 0;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->toolbar),
                                  self->width < WIDE_TOOLBAR_PX ? GTK_ORIENTATION_VERTICAL
                                                                : GTK_ORIENTATION_HORIZONTAL);
  bw_devices_page_fit_columns (self);

  return G_SOURCE_REMOVE;
}

static void
bw_devices_page_measure (GtkWidget      *widget,
                         GtkOrientation  orientation,
                         int             for_size,
                         int            *minimum,
                         int            *natural,
                         int            *minimum_baseline,
                         int            *natural_baseline)
{
  gtk_widget_measure (GTK_WIDGET (BW_DEVICES_PAGE (widget)->toasts), orientation, for_size,
                      minimum, natural, minimum_baseline, natural_baseline);
}

static void
bw_devices_page_size_allocate (GtkWidget *widget,
                               int        width,
                               int        height,
                               int        baseline)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (widget);

  gtk_widget_allocate (GTK_WIDGET (self->toasts), width, height, baseline, NULL);
  gtk_popover_present (self->row_popover);

  if (width == self->width)
    return;

  /* Columns cannot come and go while they are being laid out. */
  self->width = width;
  if (self->fit_id == 0)
    self->fit_id = gtk_widget_add_tick_callback (widget, fit_cb, NULL, NULL);
}

static void
bw_devices_page_constructed (GObject *object)
{
  BwDevicesPage *self = (BwDevicesPage *) object;

  G_OBJECT_CLASS (bw_devices_page_parent_class)->constructed (object);

  self->table = bw_device_table_new (self->session);
  self->actions = bw_device_actions_new (self->session, self->toasts);
  bw_devices_page_init_selection (self);
  bw_devices_page_init_columns (self);

  g_signal_connect_object (self->table, "notify::loading", G_CALLBACK (table_loading_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->table, "notify::total", G_CALLBACK (table_total_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->table, "failed", G_CALLBACK (table_failed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->actions, "done", G_CALLBACK (actions_done_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed::overview",
                           G_CALLBACK (overview_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "changed::device",
                           G_CALLBACK (device_changed_cb), self, G_CONNECT_SWAPPED);

  bw_devices_page_fit_columns (self);
  bw_devices_page_update_selection (self);
  update_stack (self);
  load_overview (self);
}

static void
bw_devices_page_dispose (GObject *object)
{
  BwDevicesPage *self = (BwDevicesPage *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (self->actions != NULL)
    bw_device_actions_stop (self->actions);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_DEVICES_PAGE);
  g_clear_object (&self->columns);
  g_clear_object (&self->actions);
  g_clear_object (&self->selection);
  g_clear_object (&self->table);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_devices_page_parent_class)->dispose (object);
}

static void
bw_devices_page_finalize (GObject *object)
{
  BwDevicesPage *self = (BwDevicesPage *) object;

  g_clear_pointer (&self->status, g_free);
  g_clear_pointer (&self->batch_id, g_free);
  g_clear_pointer (&self->company_id, g_free);
  g_clear_pointer (&self->search, g_free);
  g_clear_pointer (&self->error_text, g_free);

  G_OBJECT_CLASS (bw_devices_page_parent_class)->finalize (object);
}

static void
bw_devices_page_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      g_value_set_object (value, self->session);
      break;

    case PROP_STATUS:
      g_value_set_string (value, self->status);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_devices_page_set_property (GObject      *object,
                              guint         prop_id,
                              const GValue *value,
                              GParamSpec   *pspec)
{
  BwDevicesPage *self = BW_DEVICES_PAGE (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;

    case PROP_STATUS:
      set_status (self, g_value_get_string (value));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class,
                                               BW_RESOURCE_BASE "/ui/devices/bw-devices-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, awaiting_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, batch_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, batch_swatch);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, batch_label);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, company_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, company_label);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, column_view);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, selection_bar);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, selection_label);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, unblock_button);
  gtk_widget_class_bind_template_child (widget_class, BwDevicesPage, row_popover);
  gtk_widget_class_bind_template_callback (widget_class, key_pressed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
}

static void
bw_devices_page_class_init (BwDevicesPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->constructed = bw_devices_page_constructed;
  object_class->dispose = bw_devices_page_dispose;
  object_class->finalize = bw_devices_page_finalize;
  object_class->get_property = bw_devices_page_get_property;
  object_class->set_property = bw_devices_page_set_property;
  widget_class->measure = bw_devices_page_measure;
  widget_class->size_allocate = bw_devices_page_size_allocate;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_READWRITE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_STATUS] =
    g_param_spec_string ("status", NULL, NULL, "all",
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[OPEN_DEVICE] = g_signal_new ("open-device", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                       0, NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);

  g_type_ensure (BW_TYPE_COLOR_SWATCH);
  bind_template (widget_class);

  gtk_widget_class_install_property_action (widget_class, "devices.status", "status");
  bw_rules_dialog_install_action (widget_class);
  gtk_widget_class_install_action (widget_class, "devices.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "devices.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "devices.sort", "s", sort_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "devices.reload", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "devices.search", NULL);
  bw_devices_page_install_chip_actions (widget_class);
  bw_devices_page_install_selection_actions (widget_class);
}

static void
bw_devices_page_init (BwDevicesPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->status = g_strdup ("all");
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_devices_page_new (BwSession *session)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  return g_object_new (BW_TYPE_DEVICES_PAGE, "session", session, NULL);
}

static void
set_filter (BwDevicesPage *self,
            const char    *status,
            const char    *batch_id,
            const char    *company_id,
            const char    *search)
{
  bw_set_str (&self->batch_id, batch_id);
  bw_set_str (&self->company_id, company_id);
  bw_set_str (&self->search, search != NULL && *search != '\0' ? search : NULL);
  bw_set_str (&self->status, status != NULL ? status : "all");
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), search != NULL ? search : "");
  bw_devices_page_apply_filter (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATUS]);
}

void
bw_devices_page_set_filter (BwDevicesPage *self,
                            const char    *status,
                            const char    *batch_id,
                            const char    *search)
{
  g_return_if_fail (BW_IS_DEVICES_PAGE (self));

  set_filter (self, status, batch_id, NULL, search);
}

void
bw_devices_page_set_company (BwDevicesPage *self,
                             const char    *company_id)
{
  g_return_if_fail (BW_IS_DEVICES_PAGE (self));

  set_filter (self, NULL, NULL, company_id, NULL);
}

void
bw_devices_page_start_search (BwDevicesPage *self)
{
  g_return_if_fail (BW_IS_DEVICES_PAGE (self));

  gtk_widget_grab_focus (self->search_entry);
}
