/* bw-batches-page-columns.c: what the cells of the table say, and which columns there is room for
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-batches-page-private.h"

#include <glib/gi18n.h>

#include "bw-time-text.h"

/* Below it four buttons are too wide in some languages; opening the row does what the last one does. */
#define SHOW_DEVICES_MIN_PX 600

/* And below this one the menu of the row has the way there. */
#define PROGRESS_MIN_PX 480

/* Closures of the cells. */

static char *
get_search_text (GObject    *unused,
                 const char *name,
                 const char *info)
{
  return g_strjoin ("\n", name != NULL ? name : "", info, NULL);
}

static char *
format_count (GObject *unused,
              gint64   count)
{
  return g_strdup_printf ("%'" G_GINT64_FORMAT, count);
}

static char *
format_date (GObject *unused,
             gint64   at_us)
{
  return bw_time_to_date_text (at_us);
}

static char *
format_time (GObject *unused,
             gint64   at_us)
{
  return bw_time_to_full_text (at_us);
}

static char *
format_time_or_none (GObject *unused,
                     gint64   at_us)
{
  return at_us != 0 ? bw_time_to_full_text (at_us) : NULL;
}

static char *
format_keys (GObject    *unused,
             gint64      handed_over_at_us,
             const char *state)
{
  if (g_strcmp0 (state, "ready") != 0)
    return g_strdup ("—");

  return g_strdup (handed_over_at_us == 0 ? C_("device keys", "On the server") : C_("device keys", "Handed over"));
}

static double
get_fraction (GObject *unused,
              gint64   n_done,
              gint64   count)
{
  return count > 0 ? CLAMP ((double) n_done / (double) count, 0, 1) : 0;
}

static const char *
get_company_name (BwBatchesPage *self,
                  BwBatch       *batch)
{
  const char *id = bw_batch_get_company_id (batch);
  BwCompany *company = id != NULL ? bw_entity_list_lookup (bw_session_get_companies (self->session), id) : NULL;

  return company != NULL ? bw_company_get_name (company) : "—";
}

static void
company_setup_cb (GtkSignalListItemFactory *factory,
                  GtkListItem              *item)
{
  GtkWidget *cell = gtk_inscription_new (NULL);

  gtk_inscription_set_min_chars (GTK_INSCRIPTION (cell), 10);
  gtk_inscription_set_nat_chars (GTK_INSCRIPTION (cell), 16);
  gtk_widget_set_valign (cell, GTK_ALIGN_CENTER);
  gtk_inscription_set_text_overflow (GTK_INSCRIPTION (cell), GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END);
  gtk_inscription_set_xalign (GTK_INSCRIPTION (cell), 0);
  gtk_list_item_set_child (item, cell);
}

/* A batch never moves to another company, so the name is looked up once. */
static void
company_bind_cb (GtkSignalListItemFactory *factory,
                 GtkListItem              *item,
                 BwBatchesPage            *self)
{
  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)),
                            get_company_name (self, gtk_list_item_get_item (item)));
}

static int
compare_companies (gconstpointer a,
                   gconstpointer b,
                   gpointer      user_data)
{
  return g_utf8_collate (get_company_name (user_data, (BwBatch *) a), get_company_name (user_data, (BwBatch *) b));
}

void
bw_batches_page_set_up_company_column (BwBatchesPage *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();
  g_autoptr(GtkSorter) sorter = GTK_SORTER (gtk_custom_sorter_new (compare_companies, self, NULL));

  g_signal_connect (factory, "setup", G_CALLBACK (company_setup_cb), NULL);
  g_signal_connect_object (factory, "bind", G_CALLBACK (company_bind_cb), self, 0);
  gtk_column_view_column_set_factory (self->company_column, factory);
  gtk_column_view_column_set_sorter (self->company_column, sorter);
}

static void
fit_columns (BwBatchesPage *self)
{
  int width = bw_width_bin_get_width (self->width_bin);
  const struct { GtkColumnViewColumn *column; int min_width; } columns[] = {
    { self->company_column, 720 },
    { self->created_column, 680 },
    { self->keys_column, 480 },
    { self->state_column, 400 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    gtk_column_view_column_set_visible (columns[i].column, width >= columns[i].min_width);

  gtk_widget_set_visible (self->show_devices_button, width >= SHOW_DEVICES_MIN_PX);
  gtk_widget_set_visible (self->progress_button, width >= PROGRESS_MIN_PX);
}

static void
sort_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  BwBatchesPage *self = BW_BATCHES_PAGE (widget);
  const char *wish = g_variant_get_string (parameter, NULL);
  gboolean is_descending = *wish == '-';
  const struct { const char *name; GtkColumnViewColumn *column; } columns[] = {
    { "name", self->name_column },
    { "count", self->count_column },
    { "company", self->company_column },
    { "created", self->created_column },
    { "keys", self->keys_column },
    { "state", self->state_column },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (strcmp (wish + (is_descending ? 1 : 0), columns[i].name) == 0)
        gtk_column_view_sort_by_column (self->column_view, columns[i].column,
                                        is_descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
    }
}

void
bw_batches_page_class_bind_columns (GtkWidgetClass *widget_class)
{
  gtk_widget_class_bind_template_callback (widget_class, get_search_text);
  gtk_widget_class_bind_template_callback (widget_class, format_count);
  gtk_widget_class_bind_template_callback (widget_class, format_date);
  gtk_widget_class_bind_template_callback (widget_class, format_time);
  gtk_widget_class_bind_template_callback (widget_class, format_time_or_none);
  gtk_widget_class_bind_template_callback (widget_class, format_keys);
  gtk_widget_class_bind_template_callback (widget_class, get_fraction);
  gtk_widget_class_bind_template_callback (widget_class, fit_columns);
  gtk_widget_class_install_action (widget_class, "batches.sort", "s", sort_action);
}
