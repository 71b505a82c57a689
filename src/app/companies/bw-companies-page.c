/* bw-companies-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-companies-page-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-create-company-dialog.h"
#include "bw-error-text.h"
#include "bw-tags-dialog.h"
#include "bw-text.h"

/* Below this the search entry gets a line of its own. */
#define WIDE_TOOLBAR_PX 560

/**
 * BwCompaniesPage:
 *
 * The place Companies: the tree as a table, and the page of the company that somebody
 * opened, which slides in over it. The tree is the session's list of companies.
 */

G_DEFINE_FINAL_TYPE (BwCompaniesPage, bw_companies_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_SESSION,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint signals[BW_COMPANIES_PAGE_N_SIGNALS];

static guint
count_all (BwCompaniesPage *self)
{
  return g_list_model_get_n_items (G_LIST_MODEL (bw_session_get_companies (self->session)));
}

static void
update_count (BwCompaniesPage *self)
{
  guint n = bw_company_tree_get_n_found (self->tree);
  g_autofree char *text = NULL;

  if (bw_company_tree_is_searched (self->tree))
    text = g_strdup_printf (ngettext ("%'u company found", "%'u companies found", n), n);
  else
    text = g_strdup_printf (ngettext ("%'u company", "%'u companies", n), n);

  gtk_label_set_label (self->count_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->count_label), count_all (self) > 0);
}

static void
update_stack (BwCompaniesPage *self)
{
  const char *name;

  /* While it is built and taken apart, too. */
  if (self->session == NULL || self->tree == NULL || self->stack == NULL)
    return;

  if (count_all (self) > 0)
    name = bw_company_tree_get_n_found (self->tree) > 0 ? "list" : "nothing";
  else if (self->error_text != NULL)
    name = "failed";
  else
    name = self->is_loaded ? "nothing" : "loading";

  if (bw_company_tree_is_searched (self->tree))
    {
      adw_status_page_set_title (self->nothing_page, _("No Company Found"));
      adw_status_page_set_description (self->nothing_page, _("Try another word, or another tag."));
    }
  else
    {
      adw_status_page_set_title (self->nothing_page, _("No Companies"));
      adw_status_page_set_description (self->nothing_page, _("There is none in your reach."));
    }

  if (self->error_text != NULL)
    {
      g_autofree char *escaped = g_markup_escape_text (self->error_text, -1);

      adw_status_page_set_description (self->failed_page, escaped);
    }

  gtk_stack_set_visible_child_name (self->stack, name);
  update_count (self);
}

void
bw_companies_page_update_actions (BwCompaniesPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean may_manage = bw_session_may (self->session, BW_PERMISSION_MANAGE_COMPANIES);
  gboolean has_selected = bw_companies_page_get_selected (self) != NULL;

  gtk_widget_set_visible (self->create_button, may_manage);
  gtk_widget_action_set_enabled (widget, "companies.create", may_manage);
  gtk_widget_action_set_enabled (widget, "companies.create-below", may_manage && has_selected);
  gtk_widget_action_set_enabled (widget, "companies.open-selected", has_selected);
  gtk_widget_action_set_enabled (widget, "companies.menu", has_selected);
  gtk_widget_action_set_enabled (widget, "companies.show-devices",
                                 has_selected && bw_session_may (self->session, BW_PERMISSION_VIEW_DEVICES));
  gtk_widget_action_set_enabled (widget, "companies.manage-tags",
                                 bw_session_may (self->session, BW_PERMISSION_MANAGE_TAGS));
  gtk_widget_action_set_enabled (widget, "companies.back", self->company_page != NULL);
}

void
bw_companies_page_emit (BwCompaniesPage       *self,
                        BwCompaniesPageSignal  which,
                        const char            *id)
{
  g_signal_emit (self, signals[which], 0, id);
}

void
bw_companies_page_notify_title (BwCompaniesPage *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

/* A tree of one row is opened for whoever sees it first. */
static void
open_root (BwCompaniesPage *self)
{
  GtkTreeListModel *model = bw_company_tree_get_model (self->tree);
  guint n_rows = g_list_model_get_n_items (G_LIST_MODEL (model));
  g_autoptr(GtkTreeListRow) row = NULL;

  if (n_rows != 1)
    return;

  row = gtk_tree_list_model_get_row (model, 0);
  if (row != NULL)
    gtk_tree_list_row_set_expanded (row, TRUE);
}

static void
tree_changed_cb (BwCompaniesPage *self)
{
  if (self->sorted == NULL)
    return;

  gtk_sorter_changed (gtk_column_view_get_sorter (self->column_view), GTK_SORTER_CHANGE_DIFFERENT);
  if (!self->is_loaded)
    open_root (self);

  update_stack (self);
  bw_companies_page_update_actions (self);
}

static void
companies_loaded_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(BwCompaniesPage) self = user_data;
  g_autoptr(GError) error = NULL;
  gboolean ok = bw_session_load_companies_finish (BW_SESSION (source), result, &error);

  /* The page is going away; its children may be gone already. */
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_pointer (&self->error_text, g_free);
  if (ok)
    {
      self->is_loaded = TRUE;
    }
  else
    {
      self->error_text = bw_error_to_user_text (error);
      if (count_all (self) > 0)
        bw_toast_show (self->toasts, self->error_text);
    }

  update_stack (self);
}

static void
reload (BwCompaniesPage *self)
{
  g_clear_pointer (&self->error_text, g_free);
  update_stack (self);
  bw_session_load_companies_async (self->session, self->cancellable, companies_loaded_cb, g_object_ref (self));
}

static void
online_cb (BwCompaniesPage *self)
{
  if (bw_session_get_online (self->session) && self->error_text != NULL)
    reload (self);
}

static void
search_changed_cb (BwCompaniesPage *self)
{
  if (self->tree == NULL)
    return;

  bw_company_tree_search (self->tree, gtk_editable_get_text (GTK_EDITABLE (self->search_entry)),
                          bw_tag_filter_get_tag_id (self->tag_filter));
  update_stack (self);
}

static void
stop_search_cb (BwCompaniesPage *self)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

/* Enter goes from the entry into what was found, also when the entry has not told of it yet. */
static void
search_activated_cb (BwCompaniesPage *self)
{
  search_changed_cb (self);
  if (bw_companies_page_get_selected (self) == NULL)
    gtk_single_selection_set_selected (self->selection, 0);

  gtk_widget_grab_focus (GTK_WIDGET (self->column_view));
}

static void
width_changed_cb (BwCompaniesPage *self)
{
  gboolean is_wide = bw_width_bin_get_width (self->width_bin) >= WIDE_TOOLBAR_PX;

  gtk_orientable_set_orientation (GTK_ORIENTABLE (self->toolbar),
                                  is_wide ? GTK_ORIENTATION_HORIZONTAL : GTK_ORIENTATION_VERTICAL);
  bw_companies_page_fit_columns (self);
}

static void
company_created_cb (BwCompaniesPage *self,
                    const char      *company_id)
{
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  bw_tag_filter_set_tag_id (self->tag_filter, NULL);
  search_changed_cb (self);
  bw_companies_page_select (self, company_id);
  bw_toast_show (self->toasts, _("The company was created"));
}

static void
ask_for_company (BwCompaniesPage *self,
                 const char      *parent_id)
{
  GtkWidget *dialog = bw_create_company_dialog_new (self->session, parent_id);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))));
  g_signal_connect_object (dialog, "created", G_CALLBACK (company_created_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Nothing of what another participation saw may stay in sight. */
static void
acting_changed_cb (BwCompaniesPage *self)
{
  if (self->company_page != NULL)
    bw_companies_page_close (self, NULL);

  bw_set_str (&self->selected_id, NULL);
  self->is_loaded = FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  search_changed_cb (self);
  reload (self);
}

/* Actions */

static void
reload_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  reload (BW_COMPANIES_PAGE (widget));
}

static void
create_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  BwCompaniesPage *self = BW_COMPANIES_PAGE (widget);
  BwCompanyNode *node = g_str_equal (action_name, "companies.create-below") ? bw_companies_page_get_selected (self) : NULL;

  if (parameter != NULL)
    ask_for_company (self, g_variant_get_string (parameter, NULL));
  else
    ask_for_company (self, node != NULL ? bw_company_node_get_id (node) : NULL);
}

static void
open_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_companies_page_open (BW_COMPANIES_PAGE (widget), g_variant_get_string (parameter, NULL));
}

static void
open_selected_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  BwCompaniesPage *self = BW_COMPANIES_PAGE (widget);
  BwCompanyNode *node = bw_companies_page_get_selected (self);

  if (node != NULL)
    bw_companies_page_open (self, bw_company_node_get_id (node));
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_companies_page_go_back (BW_COMPANIES_PAGE (widget));
}

static void
show_devices_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  BwCompanyNode *node = bw_companies_page_get_selected (BW_COMPANIES_PAGE (widget));

  if (node != NULL)
    bw_companies_page_emit (BW_COMPANIES_PAGE (widget), BW_COMPANIES_PAGE_SHOW_DEVICES, bw_company_node_get_id (node));
}

static void
manage_tags_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  GtkWidget *dialog = bw_tags_dialog_new (BW_COMPANIES_PAGE (widget)->session);

  gtk_window_set_transient_for (GTK_WINDOW (dialog), GTK_WINDOW (gtk_widget_get_root (widget)));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
expand_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_companies_page_expand_all (BW_COMPANIES_PAGE (widget), g_str_equal (action_name, "companies.expand-all"));
}

static void
sort_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  const char *wish = g_variant_get_string (parameter, NULL);
  gboolean is_descending = *wish == '-';

  bw_companies_page_sort_by (BW_COMPANIES_PAGE (widget), is_descending ? wish + 1 : wish,
                             is_descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

static void
menu_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_companies_page_pop_up (BW_COMPANIES_PAGE (widget));
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_companies_page_start_search (BW_COMPANIES_PAGE (widget));
}

static void
row_activated_cb (BwCompaniesPage *self,
                  guint            position)
{
  gtk_single_selection_set_selected (self->selection, position);
  gtk_widget_activate_action (GTK_WIDGET (self), "companies.open-selected", NULL);
}

static void
bw_companies_page_constructed (GObject *object)
{
  BwCompaniesPage *self = (BwCompaniesPage *) object;

  G_OBJECT_CLASS (bw_companies_page_parent_class)->constructed (object);

  self->tree = bw_company_tree_new (bw_session_get_companies (self->session));
  bw_companies_page_init_columns (self);
  bw_companies_page_init_rows (self);
  bw_tag_filter_set_session (self->tag_filter, self->session);
  gtk_search_entry_set_key_capture_widget (GTK_SEARCH_ENTRY (self->search_entry), GTK_WIDGET (self->column_view));

  g_signal_connect_object (self->tree, "changed", G_CALLBACK (tree_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "notify::selected-item", G_CALLBACK (bw_companies_page_update_actions), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::online", G_CALLBACK (online_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::acting", G_CALLBACK (acting_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->session, "notify::permissions", G_CALLBACK (bw_companies_page_update_actions), self,
                           G_CONNECT_SWAPPED);

  open_root (self);
  bw_companies_page_update_actions (self);
  reload (self);
}

static void
bw_companies_page_dispose (GObject *object)
{
  BwCompaniesPage *self = (BwCompaniesPage *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  /* Their handlers look at children. */
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->tree != NULL)
    g_signal_handlers_disconnect_by_data (self->tree, self);
  if (self->column_view != NULL)
    gtk_column_view_set_model (self->column_view, NULL);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_COMPANIES_PAGE);
  self->company_page = NULL;
  g_clear_object (&self->selection);
  g_clear_object (&self->sorted);
  g_clear_object (&self->tree);
  g_clear_object (&self->choice);
  g_clear_object (&self->session);
  g_clear_pointer (&self->error_text, g_free);
  g_clear_pointer (&self->selected_id, g_free);

  G_OBJECT_CLASS (bw_companies_page_parent_class)->dispose (object);
}

static void
bw_companies_page_finalize (GObject *object)
{
  BwCompaniesPage *self = (BwCompaniesPage *) object;

  g_queue_free_full (self->history, g_free);

  G_OBJECT_CLASS (bw_companies_page_parent_class)->finalize (object);
}

static void
bw_companies_page_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  BwCompaniesPage *self = BW_COMPANIES_PAGE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, bw_companies_page_get_title (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_companies_page_set_property (GObject      *object,
                                guint         prop_id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  BwCompaniesPage *self = BW_COMPANIES_PAGE (object);

  switch (prop_id)
    {
    case PROP_SESSION:
      self->session = g_value_dup_object (value);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/companies/bw-companies-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, places);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, toolbar);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, tag_filter);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, menu_button);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, create_button);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, count_label);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, nothing_page);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, width_bin);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, column_view);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, row_popover);
  gtk_widget_class_bind_template_child (widget_class, BwCompaniesPage, page_menu);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, stop_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, width_changed_cb);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "companies.reload", NULL, reload_action);
  gtk_widget_class_install_action (widget_class, "companies.create", NULL, create_action);
  gtk_widget_class_install_action (widget_class, "companies.create-below", NULL, create_action);
  gtk_widget_class_install_action (widget_class, "companies.create-in", "s", create_action);
  gtk_widget_class_install_action (widget_class, "companies.open", "s", open_action);
  gtk_widget_class_install_action (widget_class, "companies.open-selected", NULL, open_selected_action);
  gtk_widget_class_install_action (widget_class, "companies.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "companies.show-devices", NULL, show_devices_action);
  gtk_widget_class_install_action (widget_class, "companies.manage-tags", NULL, manage_tags_action);
  gtk_widget_class_install_action (widget_class, "companies.expand-all", NULL, expand_action);
  gtk_widget_class_install_action (widget_class, "companies.collapse-all", NULL, expand_action);
  gtk_widget_class_install_action (widget_class, "companies.sort", "s", sort_action);
  gtk_widget_class_install_action (widget_class, "companies.menu", NULL, menu_action);
  gtk_widget_class_install_action (widget_class, "companies.search", NULL, search_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Menu, 0, "companies.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, "companies.menu", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK, "companies.search", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_F5, 0, "companies.reload", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, GDK_ALT_MASK, "companies.back", NULL);
}

static void
bw_companies_page_class_init (BwCompaniesPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char * const names[BW_COMPANIES_PAGE_N_SIGNALS] = {
    [BW_COMPANIES_PAGE_SHOW_DEVICES] = "show-devices",
    [BW_COMPANIES_PAGE_SHOW_USERS] = "show-users",
    [BW_COMPANIES_PAGE_ADD_PARTICIPATION] = "add-participation",
    [BW_COMPANIES_PAGE_EDIT_PARTICIPATION] = "edit-participation",
  };

  object_class->constructed = bw_companies_page_constructed;
  object_class->dispose = bw_companies_page_dispose;
  object_class->finalize = bw_companies_page_finalize;
  object_class->get_property = bw_companies_page_get_property;
  object_class->set_property = bw_companies_page_set_property;

  properties[PROP_SESSION] =
    g_param_spec_object ("session", NULL, NULL, BW_TYPE_SESSION,
                         G_PARAM_WRITABLE | G_PARAM_CONSTRUCT_ONLY | G_PARAM_STATIC_STRINGS);
  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  for (guint i = 0; i < BW_COMPANIES_PAGE_N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);

  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  install_actions (widget_class);

  g_type_ensure (BW_TYPE_TAG_FILTER);
  g_type_ensure (BW_TYPE_WIDTH_BIN);
}

static void
bw_companies_page_init (BwCompaniesPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->history = g_queue_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_companies_page_new (BwSession *session)
{
  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  return g_object_new (BW_TYPE_COMPANIES_PAGE, "session", session, NULL);
}

void
bw_companies_page_start_search (BwCompaniesPage *self)
{
  g_return_if_fail (BW_IS_COMPANIES_PAGE (self));

  if (self->company_page != NULL)
    bw_companies_page_close (self, NULL);

  gtk_widget_grab_focus (self->search_entry);
}
