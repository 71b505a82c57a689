/* bw-company-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-company-page-private.h"

#include <glib/gi18n.h>

#include "bw-company-picker.h"
#include "bw-time-text.h"

/**
 * BwCompanyPage:
 *
 * A company with its facts, who takes part in it, its devices and what hangs below it. The facts
 * are edited in place; while somebody types, what others save is not put over it, but
 * told when it is saved.
 */

G_DEFINE_FINAL_TYPE (BwCompanyPage, bw_company_page, GTK_TYPE_WIDGET)

enum {
  PROP_0,
  PROP_TITLE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint signals[BW_COMPANY_PAGE_N_SIGNALS];

static gboolean
is_changed (BwCompanyPage *self)
{
  g_autoptr(JsonObject) changes = bw_company_form_make_changes (self->form);

  return json_object_get_size (changes) > 0;
}

static void
update_facts (BwCompanyPage *self)
{
  gint64 created_at_us, edited_at_us;
  g_autofree char *created = NULL;
  g_autofree char *edited = NULL;

  g_object_get (self->company, "created-at-us", &created_at_us, "edited-at-us", &edited_at_us, NULL);
  created = bw_time_to_full_text (created_at_us);
  edited = bw_time_to_full_text (edited_at_us);
  adw_action_row_set_subtitle (self->created_row, created);
  adw_action_row_set_subtitle (self->edited_row, edited);
}

static void
update_title (BwCompanyPage *self)
{
  const char *parent_id = bw_record_get_text (BW_RECORD (self->company), "parent-id");
  BwCompanyNode *parent = bw_company_tree_lookup (self->tree, parent_id);
  g_autofree char *path = bw_company_path_to_text (self->session, self->company_id);

  gtk_label_set_label (self->title_label, bw_company_get_name (self->company));
  gtk_widget_set_visible (GTK_WIDGET (self->above_button), parent != NULL);
  gtk_label_set_label (GTK_LABEL (gtk_button_get_child (self->above_button)), path);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TITLE]);
}

static void
update_actions (BwCompanyPage *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean may_manage = bw_session_may (self->session, BW_PERMISSION_MANAGE_COMPANIES);
  gboolean may_delete = bw_session_may (self->session, BW_PERMISSION_DELETE_COMPANIES);
  gboolean may_participations = bw_session_may (self->session, BW_PERMISSION_MANAGE_PARTICIPATIONS);
  gboolean may_devices = bw_session_may (self->session, BW_PERMISSION_VIEW_DEVICES);
  gboolean has_changes = self->company != NULL && is_changed (self);
  gboolean is_valid = has_changes && bw_company_form_is_valid (self->form);

  bw_company_form_set_editable (self->form, may_manage && !self->is_busy);
  gtk_revealer_set_reveal_child (self->save_bar, has_changes);
  gtk_label_set_label (self->save_label, is_valid ? _("Changes are not saved yet.") : _("Something is not right yet."));
  gtk_widget_set_visible (self->delete_button, may_delete);
  gtk_widget_set_visible (self->create_button, may_manage);
  gtk_widget_set_visible (self->create_first_button, may_manage);
  gtk_widget_set_visible (self->add_participation_button, may_participations);

  gtk_widget_action_set_enabled (widget, "company.save", is_valid && may_manage && !self->is_busy);
  gtk_widget_action_set_enabled (widget, "company.revert", has_changes && !self->is_busy);
  gtk_widget_action_set_enabled (widget, "company.delete", may_delete && !self->is_busy);
  gtk_widget_action_set_enabled (widget, "company.create-below", may_manage);
  gtk_widget_action_set_enabled (widget, "company.add-participation", may_participations);
  gtk_widget_action_set_enabled (widget, "company.show-devices", may_devices);
}

static void
edited_cb (BwCompanyPage *self)
{
  update_actions (self);
}

void
bw_company_page_emit (BwCompanyPage       *self,
                      BwCompanyPageSignal  which,
                      const char          *text)
{
  g_signal_emit (self, signals[which], 0, text);
}

void
bw_company_page_load_form (BwCompanyPage *self)
{
  g_autoptr(JsonObject) document = bw_entity_save (BW_ENTITY (self->company));

  self->revision = bw_entity_get_revision (BW_ENTITY (self->company));
  bw_company_form_load (self->form, document, NULL);
  update_actions (self);
}

void
bw_company_page_set_busy (BwCompanyPage *self,
                          gboolean       is_busy)
{
  self->is_busy = is_busy;
  update_actions (self);
}

void
bw_company_page_update (BwCompanyPage *self)
{
  if (self->company == NULL)
    return;

  /* What somebody types is his until he saves it. */
  if (bw_entity_get_revision (BW_ENTITY (self->company)) != self->revision && !is_changed (self) && !self->is_busy)
    bw_company_page_load_form (self);

  update_title (self);
  update_facts (self);
  update_actions (self);
  bw_company_page_update_tabs (self);
}

/* The list was another: the company may be gone, or hang elsewhere. */
static void
tree_changed_cb (BwCompanyPage *self)
{
  BwCompanyNode *node = bw_company_tree_lookup (self->tree, self->company_id);

  if (node == NULL)
    {
      g_autofree char *text = NULL;

      /* Translators: %s is the name of a company */
      text = g_strdup_printf (self->is_deleting ? _("“%s” was deleted") : _("“%s” is not there any more"),
                              bw_company_get_name (self->company));
      bw_company_page_emit (self, BW_COMPANY_PAGE_GONE, text);
      return;
    }

  bw_company_page_update (self);
}

/* Counts move without a revision, and without the list saying so. */
static void
company_changed_cb (BwCompanyPage *self)
{
  bw_company_page_update_tabs (self);
}

/* Actions */

static void
save_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_company_page_save (BW_COMPANY_PAGE (widget));
}

static void
revert_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_company_page_load_form (BW_COMPANY_PAGE (widget));
}

static void
undo_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  bw_company_page_undo (BW_COMPANY_PAGE (widget));
}

static void
delete_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  bw_company_page_ask_delete (BW_COMPANY_PAGE (widget));
}

static void
open_above_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  BwCompanyPage *self = BW_COMPANY_PAGE (widget);
  const char *parent_id = bw_record_get_text (BW_RECORD (self->company), "parent-id");

  if (parent_id != NULL)
    bw_company_page_emit (self, BW_COMPANY_PAGE_OPEN_COMPANY, parent_id);
}

static void
show_tab_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  BwCompanyPage *self = BW_COMPANY_PAGE (widget);

  adw_view_stack_set_visible_child_name (self->views, g_variant_get_string (parameter, NULL));
}

static void
emit_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwCompanyPage *self = BW_COMPANY_PAGE (widget);
  const struct { const char *name; BwCompanyPageSignal which; } actions[] = {
    { "company.create-below", BW_COMPANY_PAGE_CREATE_BELOW },
    { "company.show-devices", BW_COMPANY_PAGE_SHOW_DEVICES },
    { "company.show-users", BW_COMPANY_PAGE_SHOW_USERS },
    { "company.add-participation", BW_COMPANY_PAGE_ADD_PARTICIPATION },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (actions); i++)
    {
      if (g_str_equal (action_name, actions[i].name))
        bw_company_page_emit (self, actions[i].which, self->company_id);
    }
}

static void
hide_refusal_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  gtk_revealer_set_reveal_child (BW_COMPANY_PAGE (widget)->refusal_revealer, FALSE);
}

static void
bw_company_page_dispose (GObject *object)
{
  BwCompanyPage *self = (BwCompanyPage *) object;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (self->tree != NULL)
    g_signal_handlers_disconnect_by_data (self->tree, self);
  if (self->company != NULL)
    g_signal_handlers_disconnect_by_data (self->company, self);
  if (self->subsidiaries_list != NULL)
    gtk_list_view_set_model (self->subsidiaries_list, NULL);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_COMPANY_PAGE);
  g_clear_object (&self->children);
  g_clear_object (&self->participations);
  g_clear_object (&self->company);
  g_clear_object (&self->tree);
  g_clear_object (&self->session);
  g_clear_pointer (&self->undo, json_object_unref);

  G_OBJECT_CLASS (bw_company_page_parent_class)->dispose (object);
}

static void
bw_company_page_finalize (GObject *object)
{
  BwCompanyPage *self = (BwCompanyPage *) object;

  g_free (self->company_id);

  G_OBJECT_CLASS (bw_company_page_parent_class)->finalize (object);
}

static void
bw_company_page_get_property (GObject    *object,
                              guint       prop_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  BwCompanyPage *self = BW_COMPANY_PAGE (object);

  switch (prop_id)
    {
    case PROP_TITLE:
      g_value_set_string (value, bw_company_page_get_title (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/companies/bw-company-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, title_label);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, above_button);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, delete_button);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, refusal_revealer);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, refusal_label);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, refusal_devices);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, refusal_participations);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, refusal_subsidiaries);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, refusal_users);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, views);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, participations_tab);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, devices_tab);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, subsidiaries_tab);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, form);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, created_row);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, edited_row);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, save_bar);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, save_label);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, participations_view);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, add_participation_button);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, devices_page);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, devices_button);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, subsidiaries_stack);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, subsidiaries_list);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, create_button);
  gtk_widget_class_bind_template_child (widget_class, BwCompanyPage, create_first_button);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
}

static void
install_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "company.save", NULL, save_action);
  gtk_widget_class_install_action (widget_class, "company.revert", NULL, revert_action);
  gtk_widget_class_install_action (widget_class, "company.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "company.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "company.open-above", NULL, open_above_action);
  gtk_widget_class_install_action (widget_class, "company.show-tab", "s", show_tab_action);
  gtk_widget_class_install_action (widget_class, "company.create-below", NULL, emit_action);
  gtk_widget_class_install_action (widget_class, "company.show-devices", NULL, emit_action);
  gtk_widget_class_install_action (widget_class, "company.show-users", NULL, emit_action);
  gtk_widget_class_install_action (widget_class, "company.add-participation", NULL, emit_action);
  gtk_widget_class_install_action (widget_class, "company.hide-refusal", NULL, hide_refusal_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_s, GDK_CONTROL_MASK, "company.save", NULL);
}

static void
bw_company_page_class_init (BwCompanyPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const char * const names[BW_COMPANY_PAGE_N_SIGNALS] = {
    [BW_COMPANY_PAGE_GONE] = "gone",
    [BW_COMPANY_PAGE_OPEN_COMPANY] = "open-company",
    [BW_COMPANY_PAGE_CREATE_BELOW] = "create-below",
    [BW_COMPANY_PAGE_SHOW_DEVICES] = "show-devices",
    [BW_COMPANY_PAGE_SHOW_USERS] = "show-users",
    [BW_COMPANY_PAGE_ADD_PARTICIPATION] = "add-participation",
    [BW_COMPANY_PAGE_EDIT_PARTICIPATION] = "edit-participation",
  };

  object_class->dispose = bw_company_page_dispose;
  object_class->finalize = bw_company_page_finalize;
  object_class->get_property = bw_company_page_get_property;

  properties[PROP_TITLE] =
    g_param_spec_string ("title", NULL, NULL, NULL, G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  for (guint i = 0; i < BW_COMPANY_PAGE_N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                               G_TYPE_NONE, 1, G_TYPE_STRING);

  bind_template (widget_class);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  install_actions (widget_class);

  g_type_ensure (BW_TYPE_COMPANY_FORM);
  g_type_ensure (BW_TYPE_REMOTE_VIEW);
}

static void
bw_company_page_init (BwCompanyPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_company_page_new (BwSession     *session,
                     BwCompanyTree *tree,
                     const char    *company_id)
{
  BwCompanyPage *self;
  BwCompanyNode *node;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_COMPANY_TREE (tree), NULL);

  node = bw_company_tree_lookup (tree, company_id);
  g_return_val_if_fail (node != NULL, NULL);

  self = g_object_new (BW_TYPE_COMPANY_PAGE, NULL);
  self->session = g_object_ref (session);
  self->tree = g_object_ref (tree);
  self->company_id = g_strdup (company_id);
  self->company = g_object_ref (bw_company_node_get_company (node));

  bw_company_form_set_session (self->form, session);
  bw_company_page_init_tabs (self);
  bw_company_page_load_form (self);
  bw_company_page_update (self);

  g_signal_connect_object (tree, "changed", G_CALLBACK (tree_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->company, "notify", G_CALLBACK (company_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::permissions", G_CALLBACK (update_actions), self, G_CONNECT_SWAPPED);

  return GTK_WIDGET (self);
}

const char *
bw_company_page_get_company_id (BwCompanyPage *self)
{
  g_return_val_if_fail (BW_IS_COMPANY_PAGE (self), NULL);

  return self->company_id;
}

const char *
bw_company_page_get_title (BwCompanyPage *self)
{
  g_return_val_if_fail (BW_IS_COMPANY_PAGE (self), NULL);

  return self->company != NULL ? bw_company_get_name (self->company) : NULL;
}
