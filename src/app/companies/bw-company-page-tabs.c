/* bw-company-page-tabs.c: who takes part in a company, its devices, and what hangs below it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-company-page-private.h"

#include <glib/gi18n.h>

#include "bw-participation.h"
#include "bw-participation-text.h"
#include "bw-permission-text.h"
#include "bw-remote-table.h"

static char *
get_user (gpointer item)
{
  const char *name = bw_record_get_text (item, "user");

  return g_strdup (name != NULL && *name != '\0' ? name : bw_record_get_text (item, "email"));
}

static char *
get_email (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "email"));
}

static char *
get_company (gpointer item)
{
  return g_strdup (bw_record_get_text (item, "company"));
}

static char *
get_role (gpointer item)
{
  const char *name = bw_record_get_text (item, "role");
  const char *text = bw_role_name_to_text (name);

  return g_strdup (text != NULL ? text : name);
}

static char *
get_state (gpointer item)
{
  return g_strdup (bw_participation_text_state (item));
}

static const char *
get_state_style (gpointer item)
{
  return bw_participation_text_style (item);
}

static char *
get_first_day (gpointer item)
{
  return bw_day_to_text (bw_record_get_text (item, "first-day"));
}

static char *
get_last_day (gpointer item)
{
  return bw_day_to_text (bw_record_get_text (item, "last-day"));
}

static const BwRemoteColumn columns[] = {
  { "user", N_("User"), "user", BW_COLUMN_FIXED | BW_COLUMN_EXPAND, 12, 24, 0, get_user },
  { "email", N_("E-Mail"), NULL, 0, 12, 24, 760, get_email },
  { "role", N_("Role"), "role", 0, 10, 16, 0, get_role },
  { "company", N_("Company"), "company", 0, 10, 18, 520, get_company },
  { "active", N_("State"), NULL, 0, 8, 10, 640, get_state, get_state_style },
  { "first-day", N_("First Day"), "first-day", BW_COLUMN_EXTRA | BW_COLUMN_NUMERIC, 10, 12, 480, get_first_day },
  { "last-day", N_("Last Day"), "last-day", BW_COLUMN_NUMERIC, 10, 12, 900, get_last_day },
};

static char *
make_count (guint total)
{
  return g_strdup_printf (ngettext ("%'u participation, here and below", "%'u participations, here and below", total),
                          total);
}

static void
participation_activated_cb (BwCompanyPage *self,
                            BwEntity      *item)
{
  if (bw_entity_get_id (item) != NULL)
    bw_company_page_emit (self, BW_COMPANY_PAGE_EDIT_PARTICIPATION, bw_entity_get_id (item));
}

/* The server is asked when somebody looks. */
static void
view_changed_cb (BwCompanyPage *self)
{
  if (self->participations != NULL || self->session == NULL ||
      g_strcmp0 (adw_view_stack_get_visible_child_name (self->views), "participations") != 0)
    return;

  self->participations = bw_remote_table_new (self->session, "/v1/participations", BW_TYPE_PARTICIPATION,
                                              "participation");
  bw_remote_table_set_filter (self->participations, "company", self->company_id);
  bw_remote_view_set_count_text (self->participations_view, make_count);
  bw_remote_view_set_table (self->participations_view, self->participations, "company-participations",
                            columns, G_N_ELEMENTS (columns));
}

/* Subsidiaries */

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  for (guint i = 0; i < 2; i++)
    {
      GtkWidget *label = gtk_label_new (NULL);

      gtk_label_set_xalign (GTK_LABEL (label), 0);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      if (i == 1)
        {
          gtk_widget_add_css_class (label, "dim-label");
          gtk_widget_add_css_class (label, "caption");
        }
      gtk_box_append (GTK_BOX (box), label);
    }

  gtk_widget_add_css_class (box, "picker-row");
  gtk_list_item_set_child (item, box);
}

static char *
describe (BwCompanyNode *node)
{
  gint64 n_devices;
  guint n_below = bw_company_node_get_n_children (node);
  g_autofree char *devices = NULL;
  g_autofree char *below = NULL;

  g_object_get (node->company, "n-devices", &n_devices, NULL);
  devices = g_strdup_printf (ngettext ("%'u device", "%'u devices", (gulong) n_devices), (guint) n_devices);
  if (n_below == 0)
    return g_steal_pointer (&devices);

  below = g_strdup_printf (ngettext ("%'u subsidiary", "%'u subsidiaries", n_below), n_below);

  return g_strdup_printf ("%s · %s", devices, below);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item)
{
  GtkWidget *name = gtk_widget_get_first_child (gtk_list_item_get_child (item));
  GtkWidget *facts = gtk_widget_get_next_sibling (name);
  BwCompanyNode *node = gtk_list_item_get_item (item);
  g_autofree char *text = describe (node);

  gtk_label_set_label (GTK_LABEL (name), bw_company_get_name (node->company));
  gtk_label_set_label (GTK_LABEL (facts), text);
}

static void
subsidiary_activated_cb (BwCompanyPage *self,
                         guint          position)
{
  g_autoptr(BwCompanyNode) node = NULL;

  node = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->subsidiaries_list)), position);
  if (node != NULL)
    bw_company_page_emit (self, BW_COMPANY_PAGE_OPEN_COMPANY, bw_company_node_get_id (node));
}

static int
compare_names (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return g_strcmp0 (bw_company_node_get_name_key ((BwCompanyNode *) a),
                    bw_company_node_get_name_key ((BwCompanyNode *) b));
}

static void
set_tab_title (AdwViewStackPage *tab,
               const char       *title,
               gint64            count)
{
  g_autofree char *text = NULL;

  if (count > 0)
    /* Translators: the title of a tab and how many there are in it */
    text = g_strdup_printf (_("%s (%'u)"), title, (guint) count);

  adw_view_stack_page_set_title (tab, text != NULL ? text : title);
}

static void
update_subsidiaries (BwCompanyPage *self)
{
  BwCompanyNode *node = bw_company_tree_lookup (self->tree, self->company_id);
  GListStore *children = node != NULL ? node->children : NULL;
  guint n = node != NULL ? bw_company_node_get_n_children (node) : 0;

  gtk_stack_set_visible_child_name (self->subsidiaries_stack, n > 0 ? "list" : "empty");
  set_tab_title (self->subsidiaries_tab, _("Subsidiaries"), n);
  if (self->children == children)
    return;

  g_set_object (&self->children, children);
  if (children == NULL)
    {
      gtk_list_view_set_model (self->subsidiaries_list, NULL);
    }
  else
    {
      GtkSorter *sorter = GTK_SORTER (gtk_custom_sorter_new (compare_names, NULL, NULL));
      GListModel *sorted = G_LIST_MODEL (gtk_sort_list_model_new (g_object_ref (G_LIST_MODEL (children)), sorter));
      g_autoptr(GtkSelectionModel) selection = GTK_SELECTION_MODEL (gtk_single_selection_new (sorted));

      gtk_list_view_set_model (self->subsidiaries_list, selection);
    }
}

void
bw_company_page_init_tabs (BwCompanyPage *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  gtk_list_view_set_factory (self->subsidiaries_list, factory);

  g_signal_connect_object (self->subsidiaries_list, "activate", G_CALLBACK (subsidiary_activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->participations_view, "activated", G_CALLBACK (participation_activated_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->views, "notify::visible-child", G_CALLBACK (view_changed_cb), self,
                           G_CONNECT_SWAPPED);
  adw_view_stack_page_set_visible (self->participations_tab,
                                   bw_session_may (self->session, BW_PERMISSION_VIEW_PARTICIPATIONS));
}

void
bw_company_page_update_tabs (BwCompanyPage *self)
{
  gint64 n_devices, n_participations;
  g_autofree char *text = NULL;

  if (self->company == NULL)
    return;

  g_object_get (self->company, "n-devices", &n_devices, "n-participations", &n_participations, NULL);
  set_tab_title (self->participations_tab, _("Participations"), n_participations);
  set_tab_title (self->devices_tab, _("Devices"), n_devices);

  text = g_strdup_printf (ngettext ("%'u Device", "%'u Devices", (gulong) n_devices), (guint) n_devices);
  adw_status_page_set_title (self->devices_page, n_devices > 0 ? text : _("No Devices"));
  adw_status_page_set_description (self->devices_page,
                                   n_devices > 0 ? _("They belong to this company itself.")
                                                 : _("No device belongs to this company itself."));
  gtk_widget_set_visible (self->devices_button, n_devices > 0);
  update_subsidiaries (self);
}
