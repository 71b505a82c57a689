/* bw-remote-view.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-remote-view-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-text.h"

/* Below this the search entry gets a line of its own. */
#define WIDE_TOOLBAR_PX 720
#define SEARCH_PX       260   /* with the menu of the columns, and what is between all of them */

/**
 * BwRemoteView:
 *
 * The table of a page over a BwRemoteTable. Which rows, and in which order, is the
 * database's business; the view shows those in sight, and says so when there are
 * none or when they could not be had. What the rows are and what is done to them is
 * the page's.
 */

static void buildable_iface_init (GtkBuildableIface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (BwRemoteView, bw_remote_view, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_BUILDABLE, buildable_iface_init))

enum {
  PROP_0,
  PROP_LABEL,
  PROP_SEARCH_PLACEHOLDER,
  PROP_FAILED_TITLE,
  PROP_EMPTY_ICON_NAME,
  PROP_EMPTY_TITLE,
  PROP_EMPTY_DESCRIPTION,
  PROP_ROW_MENU,
  PROP_MULTIPLE,
  PROP_FILTERED,
  PROP_SEARCH_DESCRIPTION,
  N_PROPS
};

enum {
  ACTIVATED,
  SELECTION_CHANGED,
  SEARCH_ACTIVATED,
  CLEAR_FILTERS,
  COLUMNS_CHANGED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];
static GtkBuildableIface *parent_buildable_iface;

static void
update_nothing_page (BwRemoteView *self)
{
  gboolean is_search = self->table != NULL && bw_remote_table_get_search (self->table) != NULL;
  const char *icon = self->empty_icon_name;
  const char *title = self->empty_title;
  const char *description = self->empty_description;

  if (is_search)
    {
      icon = "edit-find-symbolic";
      title = _("Nothing Found");
      description = self->search_description != NULL ? self->search_description : _("Nothing matches the search.");
    }
  else if (self->is_filtered)
    {
      icon = "edit-find-symbolic";
      title = _("Nothing Found");
      description = _("Nothing matches all of the filters.");
    }

  adw_status_page_set_icon_name (self->nothing_page, icon);
  adw_status_page_set_title (self->nothing_page, title);
  adw_status_page_set_description (self->nothing_page, description);
  gtk_widget_set_visible (self->clear_button, self->is_filtered);
}

static void
update_count (BwRemoteView *self)
{
  g_autofree char *text = NULL;

  /* Or the old number would be said of the new filter. */
  if (self->count != NULL && bw_remote_table_is_current (self->table))
    text = self->count (bw_remote_table_get_total (self->table));

  gtk_label_set_label (self->count_label, text != NULL ? text : "");
}

static void
show_failure (BwRemoteView *self,
              const GError *error)
{
  g_autofree char *text = bw_error_to_user_text (error);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_description (self->failed_page, escaped);
}

void
bw_remote_view_update_stack (BwRemoteView *self)
{
  const GError *error = bw_remote_table_get_error (self->table);
  guint total = bw_remote_table_get_total (self->table);
  gboolean is_loading = bw_remote_table_get_loading (self->table);
  gboolean is_current = bw_remote_table_is_current (self->table);
  const char *name;

  update_count (self);

  /* What is here stays until the answer to another question comes. */
  if (self->has_loaded && is_loading && !is_current)
    return;

  if (error != NULL && !is_loading && (total == 0 || !is_current))
    name = "failed";
  else if (total > 0)
    name = "list";
  else if (!self->has_loaded)
    name = "loading";
  else
    name = "nothing";

  if (g_str_equal (name, "nothing"))
    update_nothing_page (self);
  else if (g_str_equal (name, "failed"))
    show_failure (self, error);

  gtk_spinner_set_spinning (self->spinner, g_str_equal (name, "loading"));
  gtk_stack_set_visible_child_name (self->stack, name);
}

/* The row with the focus may be among those that went, and keys would go nowhere. */
static void
mend_focus (BwRemoteView *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (root != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)) && gtk_root_get_focus (root) == NULL &&
      !gtk_widget_grab_focus (GTK_WIDGET (self->column_view)))
    gtk_widget_grab_focus (self->search_entry);
}

static void
loading_cb (BwRemoteView  *self,
            GParamSpec    *pspec,
            BwRemoteTable *table)
{
  if (bw_remote_table_is_current (table))
    self->has_loaded = TRUE;

  bw_remote_view_update_stack (self);
  if (bw_remote_table_get_loading (table))
    return;

  bw_remote_view_update_selection (self);
  mend_focus (self);
}

static void
total_cb (BwRemoteView  *self,
          GParamSpec    *pspec,
          BwRemoteTable *table)
{
  self->has_loaded = TRUE;
  bw_remote_view_update_stack (self);
}

static void
failed_cb (BwRemoteView  *self,
           GError        *error,
           BwRemoteTable *table)
{
  g_autofree char *text = NULL;

  /* With rows on the screen they stay, and a message says that they are old. */
  if (bw_remote_table_get_total (table) == 0 || !bw_remote_table_is_current (table))
    return;

  text = bw_error_to_user_text (error);
  bw_toast_show (self->toasts, text);
}

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwRemoteView *self = BW_REMOTE_VIEW (widget);

  if (self->table != NULL)
    bw_remote_table_reload (self->table);
}

static void
sort_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_remote_view_sort_by (BW_REMOTE_VIEW (widget), g_variant_get_string (parameter, NULL));
}

/* By that column alone; again: the other way round. */
static void
sort_by_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  BwRemoteView *self = BW_REMOTE_VIEW (widget);

  if (self->columns != NULL)
    bw_remote_columns_sort_only (self->columns, g_variant_get_string (parameter, NULL));
}

static void
sort_also_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  BwRemoteView *self = BW_REMOTE_VIEW (widget);

  if (self->columns != NULL)
    bw_remote_columns_sort_also (self->columns, g_variant_get_string (parameter, NULL));
}

static int
get_natural_width (gpointer widget)
{
  int natural = 0;

  if (gtk_widget_get_visible (widget))
    gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, NULL, &natural, NULL, NULL);

  return natural;
}

/* Words are longer in some languages, and none of the buttons may be out of sight. */
static gboolean
has_wide_toolbar (BwRemoteView *self)
{
  int needed = get_natural_width (self->start_box) + get_natural_width (self->end_box) + SEARCH_PX;

  /* Without a search, a second line would hold nothing but the menu of the columns. */
  return !gtk_widget_get_visible (self->search_entry) || self->width >= MAX (needed, WIDE_TOOLBAR_PX);
}

static gboolean
fit_cb (GtkWidget     *widget,
        GdkFrameClock *clock,
        gpointer       user_data)
{
  BwRemoteView *self = BW_REMOTE_VIEW (widget);

  self->fit_id = 0;
  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->toolbar),
                                  has_wide_toolbar (self) ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  bw_remote_view_fit_columns (self);

  return G_SOURCE_REMOVE;
}

static void
bw_remote_view_measure (GtkWidget      *widget,
                        GtkOrientation  orientation,
                        int             for_size,
                        int            *minimum,
                        int            *natural,
                        int            *minimum_baseline,
                        int            *natural_baseline)
{
  gtk_widget_measure (BW_REMOTE_VIEW (widget)->box, orientation, for_size,
                      minimum, natural, minimum_baseline, natural_baseline);
}

static void
bw_remote_view_size_allocate (GtkWidget *widget,
                              int        width,
                              int        height,
                              int        baseline)
{
  BwRemoteView *self = BW_REMOTE_VIEW (widget);

  gtk_widget_allocate (self->box, width, height, baseline, NULL);
  gtk_popover_present (GTK_POPOVER (self->row_popover));

  if (width == self->width)
    return;

  /* Columns cannot come and go while they are being laid out. */
  self->width = width;
  if (self->fit_id == 0)
    self->fit_id = gtk_widget_add_tick_callback (widget, fit_cb, NULL, NULL);
}

static void
bw_remote_view_add_child (GtkBuildable *buildable,
                          GtkBuilder   *builder,
                          GObject      *child,
                          const char   *type)
{
  BwRemoteView *self = BW_REMOTE_VIEW (buildable);
  GtkBox *box = NULL;

  /* While the view's own template is built there is no place yet, and it goes to the parent. */
  if (self->toasts != NULL && g_strcmp0 (type, "start") == 0)
    box = self->start_box;
  else if (self->toasts != NULL && g_strcmp0 (type, "end") == 0)
    box = self->end_box;
  else if (self->toasts != NULL && g_strcmp0 (type, "bottom") == 0)
    box = self->bottom_box;
  else if (self->toasts != NULL && g_strcmp0 (type, "info") == 0)
    box = GTK_BOX (self->info_box);

  if (box == NULL)
    {
      parent_buildable_iface->add_child (buildable, builder, child, type);
      return;
    }

  gtk_box_append (box, GTK_WIDGET (child));
  gtk_widget_set_visible (GTK_WIDGET (box), TRUE);
}

static void
buildable_iface_init (GtkBuildableIface *iface)
{
  parent_buildable_iface = g_type_interface_peek_parent (iface);
  iface->add_child = bw_remote_view_add_child;
}

static void
bw_remote_view_dispose (GObject *object)
{
  BwRemoteView *self = (BwRemoteView *) object;

  g_cancellable_cancel (self->printing);
  g_clear_weak_pointer (&self->print_toast);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_REMOTE_VIEW);
  g_clear_object (&self->columns);
  g_clear_object (&self->selection);
  g_clear_object (&self->table);
  g_clear_object (&self->row_menu);
  g_clear_object (&self->choices);
  g_clear_object (&self->settings);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (bw_remote_view_parent_class)->dispose (object);
}

static void
bw_remote_view_finalize (GObject *object)
{
  BwRemoteView *self = (BwRemoteView *) object;

  g_clear_pointer (&self->name, g_free);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->empty_icon_name, g_free);
  g_clear_pointer (&self->empty_title, g_free);
  g_clear_pointer (&self->empty_description, g_free);
  g_clear_pointer (&self->search_description, g_free);

  G_OBJECT_CLASS (bw_remote_view_parent_class)->finalize (object);
}

static void
bw_remote_view_get_property (GObject    *object,
                             guint       prop_id,
                             GValue     *value,
                             GParamSpec *pspec)
{
  BwRemoteView *self = BW_REMOTE_VIEW (object);

  switch (prop_id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;

    case PROP_EMPTY_ICON_NAME:
      g_value_set_string (value, self->empty_icon_name);
      break;

    case PROP_EMPTY_TITLE:
      g_value_set_string (value, self->empty_title);
      break;

    case PROP_EMPTY_DESCRIPTION:
      g_value_set_string (value, self->empty_description);
      break;

    case PROP_SEARCH_DESCRIPTION:
      g_value_set_string (value, self->search_description);
      break;

    case PROP_ROW_MENU:
      g_value_set_object (value, self->row_menu);
      break;

    case PROP_MULTIPLE:
      g_value_set_boolean (value, self->is_multiple);
      break;

    case PROP_FILTERED:
      g_value_set_boolean (value, self->is_filtered);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
set_label (BwRemoteView *self,
           const char   *label)
{
  bw_set_str (&self->label, label);
  bw_accessible_set_label (GTK_WIDGET (self->column_view), label);
}

static void
set_search_placeholder (BwRemoteView *self,
                        const char   *text)
{
  g_object_set (self->search_entry, "placeholder-text", text, NULL);
  gtk_widget_set_visible (self->search_entry, text != NULL);
  bw_accessible_set_label (self->search_entry, text != NULL ? text : "");
}

static void
bw_remote_view_set_property (GObject      *object,
                             guint         prop_id,
                             const GValue *value,
                             GParamSpec   *pspec)
{
  BwRemoteView *self = BW_REMOTE_VIEW (object);

  switch (prop_id)
    {
    case PROP_LABEL:
      set_label (self, g_value_get_string (value));
      break;

    case PROP_SEARCH_PLACEHOLDER:
      set_search_placeholder (self, g_value_get_string (value));
      break;

    case PROP_FAILED_TITLE:
      adw_status_page_set_title (self->failed_page, g_value_get_string (value));
      break;

    case PROP_EMPTY_ICON_NAME:
      bw_set_str (&self->empty_icon_name, g_value_get_string (value));
      update_nothing_page (self);
      break;

    case PROP_EMPTY_TITLE:
      bw_set_str (&self->empty_title, g_value_get_string (value));
      update_nothing_page (self);
      break;

    case PROP_EMPTY_DESCRIPTION:
      bw_set_str (&self->empty_description, g_value_get_string (value));
      update_nothing_page (self);
      break;

    case PROP_SEARCH_DESCRIPTION:
      bw_set_str (&self->search_description, g_value_get_string (value));
      break;

    case PROP_ROW_MENU:
      g_set_object (&self->row_menu, g_value_get_object (value));
      gtk_popover_menu_set_menu_model (self->row_popover, self->row_menu);
      break;

    case PROP_MULTIPLE:
      g_return_if_fail (self->table == NULL);
      self->is_multiple = g_value_get_boolean (value);
      break;

    case PROP_FILTERED:
      self->is_filtered = g_value_get_boolean (value);
      update_nothing_page (self);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
install_properties (GObjectClass *object_class)
{
  const GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  properties[PROP_LABEL] = g_param_spec_string ("label", NULL, NULL, NULL, flags);
  properties[PROP_SEARCH_PLACEHOLDER] =
    g_param_spec_string ("search-placeholder", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_FAILED_TITLE] =
    g_param_spec_string ("failed-title", NULL, NULL, NULL, G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_EMPTY_ICON_NAME] = g_param_spec_string ("empty-icon-name", NULL, NULL, NULL, flags);
  properties[PROP_EMPTY_TITLE] = g_param_spec_string ("empty-title", NULL, NULL, NULL, flags);
  properties[PROP_EMPTY_DESCRIPTION] = g_param_spec_string ("empty-description", NULL, NULL, NULL, flags);
  properties[PROP_ROW_MENU] = g_param_spec_object ("row-menu", NULL, NULL, G_TYPE_MENU_MODEL, flags);
  properties[PROP_MULTIPLE] = g_param_spec_boolean ("multiple", NULL, NULL, FALSE, flags);
  properties[PROP_FILTERED] = g_param_spec_boolean ("filtered", NULL, NULL, FALSE, flags);
  properties[PROP_SEARCH_DESCRIPTION] = g_param_spec_string ("search-description", NULL, NULL, NULL, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/common/bw-remote-view.ui");
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, box);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, toolbar);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, start_box);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, columns_button);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, end_box);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, bottom_box);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, count_label);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, info_box);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, clear_button);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, stack);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, spinner);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, column_view);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwRemoteView, row_popover);
  bw_remote_view_bind_search (widget_class);
}

static void
bw_remote_view_class_init (BwRemoteViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_remote_view_dispose;
  object_class->finalize = bw_remote_view_finalize;
  object_class->get_property = bw_remote_view_get_property;
  object_class->set_property = bw_remote_view_set_property;
  widget_class->measure = bw_remote_view_measure;
  widget_class->size_allocate = bw_remote_view_size_allocate;

  install_properties (object_class);

  signals[ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                     0, NULL, NULL, NULL, G_TYPE_NONE, 1, BW_TYPE_ENTITY);
  signals[SELECTION_CHANGED] = g_signal_new ("selection-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                             0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  /* Emitted by bw-remote-view-search.c. */
  signals[SEARCH_ACTIVATED] = g_signal_new ("search-activated", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                                            g_signal_accumulator_true_handled, NULL, NULL,
                                            G_TYPE_BOOLEAN, 1, G_TYPE_STRING);
  signals[CLEAR_FILTERS] = g_signal_new ("clear-filters", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                         0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[COLUMNS_CHANGED] = g_signal_new ("columns-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "table.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "table.sort", "s", sort_action);
  gtk_widget_class_install_action (widget_class, "table.sort-by", "s", sort_by_action);
  gtk_widget_class_install_action (widget_class, "table.sort-also", "s", sort_also_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "table.reload", NULL);
  bw_remote_view_install_selection (widget_class);
  bw_remote_view_install_print (widget_class);
}

static void
bw_remote_view_init (BwRemoteView *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "table.activate", FALSE);
}

GtkWidget *
bw_remote_view_new (void)
{
  return g_object_new (BW_TYPE_REMOTE_VIEW, NULL);
}

void
bw_remote_view_set_table (BwRemoteView         *self,
                          BwRemoteTable        *table,
                          const char           *name,
                          const BwRemoteColumn *columns,
                          guint                 n_columns)
{
  g_return_if_fail (BW_IS_REMOTE_VIEW (self));
  g_return_if_fail (BW_IS_REMOTE_TABLE (table));
  g_return_if_fail (self->table == NULL);
  g_return_if_fail (name != NULL);
  g_return_if_fail (columns != NULL && n_columns > 0 && n_columns <= BW_REMOTE_COLUMNS_MAX);

  self->table = g_object_ref (table);
  self->name = g_strdup (name);
  self->infos = columns;
  self->n_columns = n_columns;
  self->has_loaded = bw_remote_table_is_current (table);
  self->columns = bw_remote_columns_new (self->column_view, table, columns, n_columns, self->context);
  bw_remote_view_init_choice (self);
  bw_remote_view_init_selection (self);

  g_signal_connect_object (table, "notify::loading", G_CALLBACK (loading_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (table, "notify::total", G_CALLBACK (total_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (table, "failed", G_CALLBACK (failed_cb), self, G_CONNECT_SWAPPED);

  bw_remote_view_fit_columns (self);
  bw_remote_view_update_stack (self);
}

void
bw_remote_view_set_count_text (BwRemoteView      *self,
                               BwRemoteViewCount  count)
{
  g_return_if_fail (BW_IS_REMOTE_VIEW (self));

  self->count = count;
  if (count != NULL)
    gtk_widget_set_visible (self->info_box, TRUE);
  if (self->table != NULL)
    update_count (self);
}

void
bw_remote_view_sort_by (BwRemoteView *self,
                        const char   *sort)
{
  g_return_if_fail (BW_IS_REMOTE_VIEW (self));
  g_return_if_fail (self->columns != NULL);

  if (!bw_remote_columns_sort_by (self->columns, sort))
    g_debug ("no column is sorted by %s, ignoring", sort);
}

void
bw_remote_view_set_context (BwRemoteView *self,
                            GObject      *context)
{
  g_return_if_fail (BW_IS_REMOTE_VIEW (self));
  g_return_if_fail (self->table == NULL);

  g_set_object (&self->context, context);
}

void
bw_remote_view_set_multi_sort (BwRemoteView *self)
{
  g_return_if_fail (BW_IS_REMOTE_VIEW (self));
  g_return_if_fail (self->columns != NULL);

  self->has_multi_sort = TRUE;
  bw_remote_columns_set_multi_sort (self->columns);
  bw_remote_view_fill_menus (self);
}

AdwToastOverlay *
bw_remote_view_get_toasts (BwRemoteView *self)
{
  g_return_val_if_fail (BW_IS_REMOTE_VIEW (self), NULL);

  return self->toasts;
}
