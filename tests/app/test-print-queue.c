/* test-print-queue.c: labels through the print dialog and CUPS to printers that do as they are told, and to those that do not
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <gtk/gtkunixprint.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bw-page-test.h"
#include "bw-sheet-output.h"
#include "bw-test.h"

/* A cupsd of the test's own, in a folder and on a socket there. Its printers are a script that keeps what comes.
 * "Plain" is one that changes nothing. "Fitting" does what the filters of CUPS do: it fits to what it can print
 * on unless it is asked not to. "Stubborn" always does. */

#define CUPS_PROGRAMS "/usr/lib/cups/daemon"

#define TOLERANCE_MM 0.1
#define DPI          400
#define MM_PER_INCH  25.4
#define DARK         128

static const char * const printers[] = { "Plain", "Fitting", "Stubborn" };

static const char cupsd_conf[] =
  "LogLevel debug\n"
  "Listen %1$s/socket\n"
  "WebInterface No\n"
  "Browsing No\n"
  "DefaultAuthType None\n"
  "<Location />\nOrder deny,allow\nAllow all\n</Location>\n"
  "<Policy default>\n<Limit All>\nOrder deny,allow\n</Limit>\n</Policy>\n";

static const char cups_files_conf[] =
  "ServerRoot %1$s/etc\n"
  "ServerBin %1$s/bin\n"
  "StateDir %1$s/state\n"
  "CacheDir %1$s/cache\n"
  "RequestRoot %1$s/spool\n"
  "TempDir %1$s/tmp\n"
  "DocumentRoot %1$s/tmp\n"
  "AccessLog %1$s/access\n"
  "ErrorLog %1$s/error\n"
  "PageLog %1$s/page\n"
  "SystemGroup root\n";

static const char printer_conf[] =
  "<Printer %1$s>\nInfo %1$s\nDeviceURI keep:/%1$s\nState Idle\nAccepting Yes\nShared No\nJobSheets none none\n</Printer>\n";

/* What CUPS starts for each job, with its number, user, title, copies, options and maybe a file. 97 per cent of A4
 * is 577.4 by 816.6 points. The file is there when it is whole. */
static const char backend[] =
  "#!/bin/sh\n"
  "[ $# -ge 5 ] || exit 0\n"
  "kept='%1$s/kept/'$PRINTER\n"
  "echo \"$5\" > \"$kept.options\"\n"
  "cat ${6:+\"$6\"} > \"$kept.part\"\n"
  "fits=no\n"
  "case \"$PRINTER, $5 \" in\n"
  "  Stubborn,*) fits=yes ;;\n"
  "  Fitting,*print-scaling=none*) ;;\n"
  "  Fitting,*) fits=yes ;;\n"
  "esac\n"
  "if [ $fits = yes ]; then\n"
  "  pdftocairo -pdf -paperw 577 -paperh 817 \"$kept.part\" \"$kept.fitted\" && mv \"$kept.fitted\" \"$kept.part\"\n"
  "fi\n"
  "mv \"$kept.part\" \"$kept.pdf\"\n";

typedef struct
{
  char        *folder;
  GSubprocess *cupsd;
} Queue;

static void
write_file (Queue      *queue,
            const char *name,
            const char *text,
            int         mode)
{
  g_autofree char *path = g_build_filename (queue->folder, name, NULL);
  g_autoptr(GError) error = NULL;

  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, mode, &error);
  g_assert_no_error (error);
}

static gboolean
is_listening (gpointer data)
{
  g_autoptr(GSocketClient) client = g_socket_client_new ();
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (data);
  g_autoptr(GSocketConnection) connection = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, NULL);

  return connection != NULL;
}

/* (transfer full) (nullable) */
static char *
find_cupsd (void)
{
  char *path = g_find_program_in_path ("cupsd");

  if (path == NULL && g_file_test ("/usr/sbin/cupsd", G_FILE_TEST_IS_EXECUTABLE))
    path = g_strdup ("/usr/sbin/cupsd");

  return path;
}

static void
queue_start (Queue      *queue,
             const char *cupsd)
{
  static const char * const folders[] = { "etc", "bin/backend", "state", "cache", "spool", "tmp", "kept" };
  g_autoptr(GString) all_printers = g_string_new (NULL);
  g_autofree char *text = NULL;
  g_autofree char *files_text = NULL;
  g_autofree char *script = NULL;
  g_autofree char *conf = g_build_filename (queue->folder, "etc", "cupsd.conf", NULL);
  g_autofree char *files = g_build_filename (queue->folder, "etc", "cups-files.conf", NULL);
  g_autofree char *address = g_build_filename (queue->folder, "socket", NULL);
  g_autofree char *programs = g_build_filename (queue->folder, "bin", "daemon", NULL);
  const char *argv[] = { cupsd, "-f", "-c", conf, "-s", files, NULL };

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    {
      g_autofree char *path = g_build_filename (queue->folder, folders[i], NULL);

      g_assert_cmpint (g_mkdir_with_parents (path, 0755), ==, 0);
    }
  for (guint i = 0; i < G_N_ELEMENTS (printers); i++)
    g_string_append_printf (all_printers, printer_conf, printers[i]);

  text = g_strdup_printf (cupsd_conf, queue->folder);
  files_text = g_strdup_printf (cups_files_conf, queue->folder);
  script = g_strdup_printf (backend, queue->folder);
  write_file (queue, "etc/cupsd.conf", text, 0644);
  write_file (queue, "etc/cups-files.conf", files_text, 0644);
  write_file (queue, "etc/printers.conf", all_printers->str, 0600);
  write_file (queue, "bin/backend/keep", script, 0700);

  /* by which cupsd starts a backend */
  g_assert_cmpint (symlink (CUPS_PROGRAMS, programs), ==, 0);

  queue->cupsd = bw_test_spawn (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE);
  bw_test_wait_for (is_listening, address);
  g_setenv ("CUPS_SERVER", address, TRUE);
}

static void
queue_stop (Queue *queue)
{
  g_subprocess_send_signal (queue->cupsd, SIGTERM);
  g_subprocess_wait (queue->cupsd, NULL, NULL);
  g_clear_object (&queue->cupsd);
}

/* What a person does in the dialog. */
typedef struct
{
  const char         *printer;
  GtkPrintUnixDialog *dialog;   /* once it shows that printer */
} Choice;

static GtkPrintUnixDialog *
find_dialog (void)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);

      if (GTK_IS_PRINT_UNIX_DIALOG (window) && gtk_widget_get_mapped (window))
        return GTK_PRINT_UNIX_DIALOG (window);
    }

  return NULL;
}

/* Printers come one by one, and what they can do comes later still. */
static gboolean
is_chosen (gpointer data)
{
  Choice *choice = data;
  GtkPrintUnixDialog *dialog = find_dialog ();
  GtkPrinter *chosen = dialog != NULL ? gtk_print_unix_dialog_get_selected_printer (dialog) : NULL;
  GtkWidget *view;
  GtkSelectionModel *model;

  if (dialog == NULL)
    return FALSE;

  if (chosen != NULL && gtk_printer_has_details (chosen) &&
      g_strcmp0 (gtk_printer_get_name (chosen), choice->printer) == 0)
    {
      choice->dialog = dialog;
      return TRUE;
    }

  view = bw_page_test_find_type (GTK_WIDGET (dialog), GTK_TYPE_COLUMN_VIEW);
  model = gtk_column_view_get_model (GTK_COLUMN_VIEW (view));
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (model)); i++)
    {
      g_autoptr(GtkPrinter) printer = g_list_model_get_item (G_LIST_MODEL (model), i);

      if (g_strcmp0 (gtk_printer_get_name (printer), choice->printer) == 0 &&
          !gtk_selection_model_is_selected (model, i))
        gtk_selection_model_select_item (model, i, TRUE);
    }

  return FALSE;
}

static void
choose (const char *printer)
{
  Choice choice = { .printer = printer };

  bw_test_wait_for (is_chosen, &choice);
  gtk_dialog_response (GTK_DIALOG (choice.dialog), GTK_RESPONSE_OK);
}

static gboolean
is_kept (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}

/* (transfer full): what the printer got, once it is there */
static char *
wait_for_paper (Queue      *queue,
                const char *printer,
                char      **ret_options)
{
  g_autofree char *name = g_strconcat (printer, ".pdf", NULL);
  g_autofree char *options_name = g_strconcat (printer, ".options", NULL);
  g_autofree char *options = g_build_filename (queue->folder, "kept", options_name, NULL);
  char *path = g_build_filename (queue->folder, "kept", name, NULL);
  g_autoptr(GError) error = NULL;

  bw_test_wait_for (is_kept, path);
  g_file_get_contents (options, ret_options, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s: %s", printer, *ret_options);

  return path;
}

static BwSheet *
new_sheet (const BwStock *stock)
{
  guint n = bw_stock_get_n_cells (stock);
  BwSheet *sheet = bw_sheet_new (stock, "Winter", "#26a269", n, 0, 1, NULL);

  for (guint i = 1; i <= n; i++)
    {
      g_autofree char *id = g_strdup_printf ("k3m9-t2xw-%04u-7hnc", i);

      g_assert_true (bw_sheet_add (sheet, id, i, NULL));
    }

  return sheet;
}

typedef struct
{
  GBytes *bytes;
  guchar *pixels;
  guint   width;
  guint   height;
} Picture;

static void
render (const char *pdf,
        Picture    *ret_picture)
{
  g_autofree char *dpi = g_strdup_printf ("%d", DPI);
  const char *argv[] = { "pdftoppm", "-gray", "-singlefile", "-r", dpi, pdf, NULL };
  g_autoptr(GSubprocess) process = bw_test_spawn (argv, G_SUBPROCESS_FLAGS_STDOUT_PIPE);
  g_autoptr(GError) error = NULL;
  gsize length;
  int header;

  g_subprocess_communicate (process, NULL, NULL, &ret_picture->bytes, NULL, &error);
  g_assert_no_error (error);
  ret_picture->pixels = (guchar *) g_bytes_get_data (ret_picture->bytes, &length);
  g_assert_cmpint (sscanf ((char *) ret_picture->pixels, "P5 %u %u 255%n", &ret_picture->width, &ret_picture->height,
                           &header), ==, 2);
  g_assert_cmpuint (length, ==, (gsize) header + 1 + (gsize) ret_picture->width * ret_picture->height);
  ret_picture->pixels += header + 1;
}

/* How far the middle of what is dark in @where is from the middle of @where, in mm across or
 * down; without end when nothing is. */
static double
measure_offset (const Picture *picture,
                BwRect         where)
{
  double pixels = DPI / MM_PER_INCH;
  guint to_x = MIN ((guint) ((where.x + where.width) * pixels), picture->width);
  guint to_y = MIN ((guint) ((where.y + where.height) * pixels), picture->height);
  guint left = G_MAXUINT, right = 0, top = G_MAXUINT, bottom = 0;

  for (guint y = (guint) (where.y * pixels); y < to_y; y++)
    {
      for (guint x = (guint) (where.x * pixels); x < to_x; x++)
        {
          if (picture->pixels[(gsize) y * picture->width + x] >= DARK)
            continue;
          left = MIN (left, x);
          right = MAX (right, x + 1);
          top = MIN (top, y);
          bottom = MAX (bottom, y + 1);
        }
    }

  if (left > right)
    return INFINITY;

  return MAX (fabs ((left + right) / 2.0 / pixels - where.x - where.width / 2),
              fabs ((top + bottom) / 2.0 / pixels - where.y - where.height / 2));
}

/* The code that is farthest from its place on the sticker. */
static double
measure_worst (const BwStock *stock,
               const char    *pdf)
{
  Picture picture;
  BwLabelLayout at;
  double worst = 0;

  g_assert_true (bw_label_layout (stock, 0, &at, NULL));
  render (pdf, &picture);
  for (guint cell = 0; cell < bw_stock_get_n_cells (stock); cell++)
    {
      double x, y;

      bw_stock_get_cell (stock, cell, &x, &y);
      worst = MAX (worst, measure_offset (&picture, (BwRect) { x + at.quiet.x + 0.15, y + at.quiet.y + 0.15,
                                                               at.quiet.width - 0.3, at.quiet.height - 0.3 }));
    }
  g_bytes_unref (picture.bytes);
  g_test_message ("%s: the worst code is %.3f mm from its place", stock->name, worst);

  return worst;
}

static void
printed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  GAsyncResult **ret_result = user_data;

  *ret_result = g_object_ref (result);
}

static gboolean
has_result (gpointer data)
{
  return *(GAsyncResult **) data != NULL;
}

/* As the labels dialog does it. Returns: how far off the worst label is */
static double
print_labels (Queue      *queue,
              const char *stock_name,
              const char *printer)
{
  const BwStock *stock = bw_stock_find (stock_name, NULL);
  g_autoptr(BwSheet) sheet = new_sheet (stock);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *options = NULL;
  g_autofree char *pdf = NULL;
  double worst;

  bw_sheet_print_async (sheet, NULL, "Winter", NULL, NULL, printed_cb, &result);
  choose (printer);
  pdf = wait_for_paper (queue, printer, &options);
  bw_test_wait_for (has_result, &result);
  g_assert_true (bw_sheet_print_finish (sheet, result, &error));
  g_assert_no_error (error);

  g_assert_nonnull (strstr (options, "print-scaling=none"));
  worst = measure_worst (stock, pdf);
  g_unlink (pdf);

  return worst;
}

/* A printer that changes nothing, and one that fits unless it is told not to. */
static void
test_obeys (gconstpointer data)
{
  Queue *queue = (Queue *) data;
  static const char * const stocks[] = { "L7160", "L7651", "3474" };

  for (guint i = 0; i < G_N_ELEMENTS (stocks); i++)
    g_assert_cmpfloat (print_labels (queue, stocks[i], "Plain"), <=, TOLERANCE_MM);

  g_assert_cmpfloat (print_labels (queue, "L7160", "Fitting"), <=, TOLERANCE_MM);
}

/* One that scales whatever it is told shows in the measures: that is what the test page and its rulers are for. */
static void
test_stubborn (gconstpointer data)
{
  g_assert_cmpfloat (print_labels ((Queue *) data, "L7160", "Stubborn"), >, 1.0);
}

static void
forget_cb (GtkPrintOperation *operation)
{
  gtk_print_settings_unset (gtk_print_operation_get_print_settings (operation), "cups-print-scaling");
}

/* The same job without the option is fitted: it is the option that keeps labels in their places. */
static void
test_not_asked (gconstpointer data)
{
  Queue *queue = (Queue *) data;
  const BwStock *stock = bw_stock_find ("L7160", NULL);
  g_autoptr(BwSheet) sheet = new_sheet (stock);
  g_autoptr(GtkPrintOperation) operation = bw_sheet_print_operation_new (sheet, "Winter");
  g_autofree char *options = NULL;
  g_autofree char *pdf = NULL;

  g_signal_connect (operation, "notify::print-settings", G_CALLBACK (forget_cb), NULL);
  g_assert_cmpint (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_PRINT_DIALOG, NULL, NULL), ==,
                   GTK_PRINT_OPERATION_RESULT_IN_PROGRESS);
  choose ("Fitting");
  pdf = wait_for_paper (queue, "Fitting", &options);
  g_assert_null (strstr (options, "print-scaling=none"));
  g_assert_cmpfloat (measure_worst (stock, pdf), >, 1.0);
  g_unlink (pdf);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *cupsd = find_cupsd ();
  Queue queue = { .folder = bw_test_make_dir () };
  int status;

  g_setenv ("XDG_CONFIG_HOME", queue.folder, TRUE);
  bw_page_test_init (&argc, &argv);
  if (cupsd == NULL)
    {
      g_print ("1..0 # SKIP there is no cupsd\n");
      bw_test_remove_dir (queue.folder);
      g_free (queue.folder);
      return 0;
    }

  /* GTK's module warns when no colord is there, and of nothing else that a test brings about */
  g_log_set_always_fatal (G_LOG_FATAL_MASK | G_LOG_LEVEL_CRITICAL);
  queue_start (&queue, cupsd);
  g_test_add_data_func ("/app/print-queue/obeys", &queue, test_obeys);
  g_test_add_data_func ("/app/print-queue/stubborn", &queue, test_stubborn);
  g_test_add_data_func ("/app/print-queue/not-asked", &queue, test_not_asked);

  status = g_test_run ();
  queue_stop (&queue);
  bw_test_remove_dir (queue.folder);
  g_free (queue.folder);

  return status;
}
