/* bw-remote-view-print.c: the table on paper
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-remote-view-private.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-table-print.h"
#include "bw-time-text.h"

/* About 200 pages. Whoever needs more reads them in a program, from a CSV file. */
#define MAX_ROWS 10000

typedef struct
{
  BwRemoteView *view;     /* (owned) */
  char         *path;     /* (nullable): a PDF in place of a printer */
  guint         total;
} Print;

static void
print_free (Print *print)
{
  g_object_unref (print->view);
  g_free (print->path);
  g_free (print);
}

/* (transfer full): the cell as a line of text */
static char *
make_cell (BwRemoteView *self,
           guint         column,
           gpointer      item)
{
  const BwRemoteColumn *info = &self->infos[column];
  g_auto(GStrv) chips = NULL;

  if (info->look_up_chips != NULL)
    chips = info->look_up_chips (item, self->context);
  else if (info->chips != NULL)
    chips = info->chips (item);
  if (chips != NULL)
    return g_strjoinv (", ", chips);

  return info->look_up != NULL ? info->look_up (item, self->context) : info->text != NULL ? info->text (item) : NULL;
}

/* (transfer full) */
static char *
make_notes (guint total)
{
  g_autofree char *now = bw_time_to_full_text (g_get_real_time ());

  if (total > MAX_ROWS)
    return g_strdup_printf (_("%s · The first %'u of %'u rows"), now, (guint) MAX_ROWS, total);

  return g_strdup_printf (ngettext ("%s · %'u row", "%s · %'u rows", total), now, total);
}

static BwTablePrint *
make_table (BwRemoteView *self,
            GPtrArray    *items,
            guint         total)
{
  g_autofree char *notes = make_notes (total);
  const char *titles[BW_REMOTE_COLUMNS_MAX + 1] = { NULL, };
  guint columns[BW_REMOTE_COLUMNS_MAX];
  guint n = 0;
  BwTablePrint *table;

  for (guint i = 0; i < self->n_columns; i++)
    {
      if ((self->chosen & (1u << i)) == 0)
        continue;

      titles[n] = _(self->infos[i].title);
      columns[n++] = i;
    }

  table = bw_table_print_new (self->label != NULL ? self->label : "", notes, titles);
  for (guint row = 0; row < items->len; row++)
    {
      g_auto(GStrv) cells = g_new0 (char *, n + 1);

      for (guint i = 0; i < n; i++)
        {
          char *text = make_cell (self, columns[i], g_ptr_array_index (items, row));

          cells[i] = text != NULL ? text : g_strdup ("");
        }
      bw_table_print_add_row (table, (const char * const *) cells);
    }

  return table;
}

static void
say_failed (BwRemoteView *self,
            const GError *error)
{
  g_autofree char *text = error != NULL ? g_strdup_printf (_("The list could not be printed: %s"), error->message)
                                        : g_strdup (_("The list could not be printed"));

  bw_toast_show (self->toasts, text);
}

static void
done_cb (GtkPrintOperation       *operation,
         GtkPrintOperationResult  result,
         BwRemoteView            *self)
{
  g_autoptr(GError) error = NULL;

  if (result != GTK_PRINT_OPERATION_RESULT_ERROR)
    return;

  gtk_print_operation_get_error (operation, &error);
  say_failed (self, error);
}

static void
run (Print     *print,
     GPtrArray *items)
{
  BwRemoteView *self = print->view;
  g_autoptr(GtkPrintOperation) operation = bw_table_print_new_operation (make_table (self, items, print->total));
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  g_autoptr(GError) error = NULL;

  g_signal_connect_object (operation, "done", G_CALLBACK (done_cb), self, 0);
  if (print->path != NULL)
    gtk_print_operation_set_export_filename (operation, print->path);

  /* what fails before there is anything to print comes without a signal */
  if (gtk_print_operation_run (operation,
                               print->path != NULL ? GTK_PRINT_OPERATION_ACTION_EXPORT
                                                   : GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG,
                               GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, &error) ==
      GTK_PRINT_OPERATION_RESULT_ERROR)
    say_failed (self, error);
}

static void
end_loading (BwRemoteView *self)
{
  g_clear_object (&self->printing);
  if (self->print_toast != NULL)
    adw_toast_dismiss (self->print_toast);
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Print *print = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) items = bw_remote_table_load_all_finish (BW_REMOTE_TABLE (source), result, &error);

  end_loading (print->view);
  if (items != NULL && gtk_widget_get_root (GTK_WIDGET (print->view)) != NULL)
    run (print, items);
  else if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    bw_toast_show_error (print->view->toasts, error);

  print_free (print);
}

static void
toast_gone_cb (BwRemoteView *self)
{
  g_clear_weak_pointer (&self->print_toast);
  g_cancellable_cancel (self->printing);
}

static void
show_progress (BwRemoteView *self,
               guint         n)
{
  g_autofree char *text = g_strdup_printf (ngettext ("Fetching %'u row…", "Fetching %'u rows…", n), n);

  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_timeout (toast, 0);
  adw_toast_set_button_label (toast, _("_Cancel"));
  adw_toast_set_action_name (toast, "table.print-cancel");
  g_signal_connect_object (toast, "dismissed", G_CALLBACK (toast_gone_cb), self, G_CONNECT_SWAPPED);
  g_set_weak_pointer (&self->print_toast, toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
}

static void
begin (BwRemoteView *self,
       const char   *path)
{
  Print *print;
  guint n;

  if (self->table == NULL || self->printing != NULL)
    return;

  n = bw_remote_table_get_total (self->table);
  if (n == 0)
    {
      bw_toast_show (self->toasts, _("There is nothing to print"));
      return;
    }

  print = g_new0 (Print, 1);
  print->view = g_object_ref (self);
  print->path = g_strdup (path);
  print->total = n;

  self->printing = g_cancellable_new ();
  if (n > BW_REMOTE_VIEW_FAST_ROWS)
    show_progress (self, MIN (n, MAX_ROWS));
  bw_remote_table_load_all_async (self->table, MAX_ROWS, self->printing, loaded_cb, print);
}

static void
print_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  begin (BW_REMOTE_VIEW (widget), parameter != NULL ? g_variant_get_string (parameter, NULL) : NULL);
}

static void
cancel_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  g_cancellable_cancel (BW_REMOTE_VIEW (widget)->printing);
}

void
bw_remote_view_install_print (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "table.print", NULL, print_action);
  gtk_widget_class_install_action (widget_class, "table.print-to", "s", print_action);
  gtk_widget_class_install_action (widget_class, "table.print-cancel", NULL, cancel_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_p, GDK_CONTROL_MASK, "table.print", NULL);
}
