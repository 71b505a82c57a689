/* test-labels.c: the labels dialog, what is kept between jobs, and the way to a printer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <glib/gstdio.h>

#include "../client/bw-fake-backend.h"

#include "bw-calibration-dialog.h"
#include "bw-labels-dialog.h"
#include "bw-page-test.h"
#include "bw-part-sheet.h"
#include "bw-settings.h"
#include "bw-sheet-output.h"
#include "bw-sheet-preview.h"
#include "bw-task-bar.h"
#include "bw-test.h"

#define SESSION "{\"id\":\"1\",\"user\":\"ada\",\"userId\":\"2\",\"userName\":\"Ada\",\"firstName\":\"Ada\",\"lastName\":\"L\"," \
                "\"email\":\"ada@example.com\",\"companyId\":\"1\",\"company\":\"Main\",\"participationId\":\"3\",\"roleId\":\"1\"," \
                "\"role\":\"Super Admin\",\"permissions\":[],\"totp\":false,\"mustChangePassword\":false,\"expiresAt\":0," \
                "\"participations\":[],\"broker\":{\"url\":\"mqtt://127.0.0.1:1\",\"username\":\"x\"}}"
#define BATCH "{\"id\":\"7\",\"revision\":1,\"name\":\"Winter\",\"info\":\"\",\"color\":\"#26a269\",\"companyId\":\"1\",\"state\":\"ready\"," \
              "\"count\":%u,\"nDone\":%u,\"createdAt\":1790000000000000,\"createdBy\":\"ada\",\"handedOverAt\":0}"

/* For how long the window may be deaf while a job is made. It is 50 ms; on a machine that is busy all takes longer, so a
 * third of the whole is allowed too: a job made on the main thread has one gap that is nearly all of it. */
#define GAP_MS 400

/* What the preview of a large batch may take. The test fails at ten times that, for machines that are busy. */
#define FIRST_PAGE_MS 200

static char *folder;

typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
  BwBatch       *batch;
  GtkWidget     *dialog;
  guint          n_asked;       /* IDs, in all requests */
  GPtrArray     *labelled;      /* (element-type utf8): the bodies that said which */
  guint          n_wanted;
  char          *facts;         /* (nullable): those of all devices, made before anything is measured */
  gboolean       closes;        /* the dialog, when the first of them has come */
  char          *next_path;     /* (nullable): exported as soon as the first of them has come */
} Fixture;

static gint64
get_number (GHashTable *query,
            const char *name)
{
  return g_ascii_strtoll (g_hash_table_lookup (query, name), NULL, 10);
}

/* The ID of a serial is made of its number. */
static char *
make_ids (GHashTable *query,
          gpointer    data)
{
  Fixture *fixture = data;
  gint64 first = get_number (query, "first");
  gint64 count = get_number (query, "count");
  GString *text = g_string_new (NULL);

  for (gint64 serial = first; serial < first + count; serial++)
    g_string_append_printf (text, "k3m9-t2xw-%04u-%04u\n", (guint) (serial / 10000), (guint) (serial % 10000));
  fixture->n_asked += (guint) count;

  return g_string_free (text, FALSE);
}

/* License and machine ID differ, so that each is measured. */
static char *
write_facts (gint64 first,
             gint64 count)
{
  GString *text = g_string_new ("serial,device_id,name,type,abbreviation,license,machine_id,company\r\n");

  for (gint64 serial = first; serial < first + count; serial++)
    g_string_append_printf (text, "\"%u\",\"k3m9-t2xw-%04u-%04u\",\"\",\"release\",\"BX\",\"L-%07u\",\"M%06u\",\"Main\"\r\n",
                            (guint) serial, (guint) (serial / 10000), (guint) (serial % 10000), (guint) serial * 3, (guint) serial);

  return g_string_free (text, FALSE);
}

static char *
make_facts (GHashTable *query,
            gpointer    data)
{
  Fixture *fixture = data;
  gint64 count = get_number (query, "count");

  fixture->n_asked += (guint) count;
  if (count > 1000 && fixture->facts != NULL)
    return g_strdup (fixture->facts);

  return write_facts (get_number (query, "first"), count);
}

static void
resumed_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  bw_session_resume_finish (BW_SESSION (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

static void
open_dialog (Fixture *fixture,
             guint    count)
{
  g_autofree char *text = g_strdup_printf (BATCH, count, count);
  g_autoptr(JsonNode) node = json_from_string (text, NULL);
  g_autoptr(GError) error = NULL;

  fixture->batch = g_object_new (BW_TYPE_BATCH, NULL);
  bw_entity_load (BW_ENTITY (fixture->batch), json_node_get_object (node), &error);
  g_assert_no_error (error);
  fixture->dialog = bw_labels_dialog_new (fixture->session, fixture->batch);
  g_object_add_weak_pointer (G_OBJECT (fixture->dialog), (gpointer *) &fixture->dialog);
  gtk_window_present (GTK_WINDOW (fixture->dialog));
}

static char *note_labelled (GHashTable *query,
                            gpointer    data);

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GSettings) settings = bw_settings_new ();
  gboolean resumed = FALSE;

  if (settings != NULL)
    g_settings_reset (settings, "label-stock");

  fixture->backend = bw_fake_backend_new ();
  bw_fake_backend_answer (fixture->backend, "GET /v1/sessions/current", 200, SESSION);
  bw_fake_backend_compute (fixture->backend, "GET /v1/batches/7/ids", make_ids, fixture);
  bw_fake_backend_compute (fixture->backend, "GET /v1/batches/7/label-facts", make_facts, fixture);
  fixture->labelled = g_ptr_array_new_with_free_func (g_free);
  bw_fake_backend_compute (fixture->backend, "POST /v1/batches/7/labelled", note_labelled, fixture);
  fixture->session = bw_session_new (bw_fake_backend_get_uri (fixture->backend), NULL);
  bw_session_resume_async (fixture->session, "token", NULL, resumed_cb, &resumed);
  bw_test_wait_for (is_true, &resumed);
  bw_part_sheet_forget (0, NULL);
  open_dialog (fixture, GPOINTER_TO_UINT (data));
}

static gboolean
is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  bw_test_wait_for (is_gone, &fixture->dialog);
  g_object_unref (fixture->batch);
  bw_wait_finalized (fixture->session);
  bw_fake_backend_free (fixture->backend);
  g_ptr_array_unref (fixture->labelled);
  g_free (fixture->facts);
}

/* Below @root: the spin button, drop-down or entry row that is called so. */
static GtkWidget *
find_control (GtkWidget  *root,
              GType       type,
              const char *title)
{
  GtkWidget *found = NULL;

  if (ADW_IS_PREFERENCES_ROW (root) && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return bw_page_test_find_type (root, type);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_control (child, type, title);

  return found;
}

static void
type_in (Fixture    *fixture,
         const char *title,
         const char *text)
{
  GtkWidget *row = find_control (fixture->dialog, ADW_TYPE_ENTRY_ROW, title);

  g_assert_nonnull (row);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

/* Another job begins while the first one still notes its devices. */
static char *
note_labelled (GHashTable *query,
               gpointer    data)
{
  Fixture *fixture = data;
  g_autofree char *path = g_steal_pointer (&fixture->next_path);

  g_ptr_array_add (fixture->labelled,
                   g_strdup (bw_fake_backend_get_body (fixture->backend, "POST /v1/batches/7/labelled")));
  if (fixture->closes && fixture->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->dialog));

  if (path != NULL)
    {
      type_in (fixture, "Only These Serials, Such as 3, 7-9", "10, 12");
      gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", path);
    }

  return g_strdup ("{}");
}

static void
check_typed (Fixture    *fixture,
             const char *title,
             const char *text)
{
  GtkWidget *row = find_control (fixture->dialog, ADW_TYPE_ENTRY_ROW, title);

  g_assert_nonnull (row);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, text);
}

static void
set_number (GtkWidget  *root,
            const char *title,
            double      value)
{
  GtkWidget *spin = find_control (root, GTK_TYPE_SPIN_BUTTON, title);

  g_assert_nonnull (spin);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
}

static void
choose (Fixture    *fixture,
        const char *title,
        guint       position)
{
  GtkWidget *drop = find_control (fixture->dialog, GTK_TYPE_DROP_DOWN, title);

  g_assert_nonnull (drop);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), position);
}

/* Writes what is chosen and gives its text, as pdftotext has it. (transfer full) */
static char *
export (Fixture    *fixture,
        const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *said = g_strdup_printf ("Saved as “%s”", name);
  const char *argv[] = { "pdftotext", "-raw", path, "-", NULL };
  char *text = NULL;

  gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", path);
  bw_page_test_wait_text (fixture->dialog, said);
  if (g_str_has_suffix (name, ".pdf"))
    g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, NULL));
  else
    g_file_get_contents (path, &text, NULL, NULL);
  g_unlink (path);

  return text;
}

static guint
count_in (const char *text,
          const char *part)
{
  guint n = 0;

  for (const char *at = strstr (text, part); at != NULL; at = strstr (at + 1, part))
    n++;

  return n;
}

static void
test_laid_out (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *text = NULL;

  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  type_in (fixture, "Only These Serials, Such as 3, 7-9", "59, 3-4");
  bw_page_test_wait_text (fixture->dialog, "3 labels on 1 sheet");
  set_number (fixture->dialog, "Copies of Each Label", 2);
  bw_page_test_wait_text (fixture->dialog, "6 labels on 1 sheet");
  choose (fixture, "Order", 1);
  choose (fixture, "Cut Marks", 2);

  /* a click leaves out, another one takes back */
  gtk_widget_activate_action (fixture->dialog, "labels.toggle-cell", "u", 4);
  gtk_widget_activate_action (fixture->dialog, "labels.toggle-cell", "u", 1);
  check_typed (fixture, "Leave Out Labels of the First Sheet", "1, 4");
  gtk_widget_activate_action (fixture->dialog, "labels.toggle-cell", "u", 1);
  gtk_widget_activate_action (fixture->dialog, "labels.toggle-cell", "u", 7);
  check_typed (fixture, "Leave Out Labels of the First Sheet", "4, 7");
  bw_test_spin (300);
  bw_page_test_picture (fixture->dialog, "labels-laid-out");
  gtk_window_set_default_size (GTK_WINDOW (fixture->dialog), 400, 600);
  bw_page_test_wait_text (fixture->dialog, "Preview");
  bw_page_test_picture (fixture->dialog, "labels-narrow");
  bw_page_test_click (fixture->dialog, "Preview");
  bw_page_test_wait_text (fixture->dialog, "Sheet 1 of 1");
  gtk_window_set_default_size (GTK_WINDOW (fixture->dialog), 960, 720);
  bw_page_test_wait_gone (fixture->dialog, "Preview");

  text = export (fixture, "laid-out.pdf");
  g_assert_cmpuint (count_in (text, "/ 60"), ==, 6);
  g_assert_cmpuint (count_in (text, "k3m9-t2xw-0000-0059"), ==, 2);
}

static gboolean
was_marked_twice (gpointer data)
{
  return bw_fake_backend_count (data, "POST /v1/batches/7/labelled") == 2;
}

static void
test_marked_in_runs (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *text = NULL;

  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_ancestor (
    bw_page_test_wait_text (fixture->dialog, "Only These Serials, Such as 3, 7-9"), ADW_TYPE_ENTRY_ROW)), "59, 3-4");
  bw_page_test_wait_text (fixture->dialog, "3 labels on 1 sheet");
  text = export (fixture, "runs.pdf");
  bw_test_wait_for (was_marked_twice, fixture->backend);
  g_assert_cmpstr (bw_fake_backend_get_body (fixture->backend, "POST /v1/batches/7/labelled"), ==,
                   "{\"first\":59,\"count\":1}");
}

static gboolean
were_all_marked (gpointer data)
{
  Fixture *fixture = data;

  return fixture->labelled->len == fixture->n_wanted;
}

/* Each of the @serials, and nothing else. */
static void
wait_marked (Fixture     *fixture,
             const guint *serials,
             guint        n_serials)
{
  fixture->n_wanted = n_serials;
  bw_test_wait_for (were_all_marked, fixture);
  for (guint i = 0; i < n_serials; i++)
    {
      g_autofree char *body = g_strdup_printf ("{\"first\":%u,\"count\":1}", serials[i]);

      g_assert_true (g_ptr_array_find_with_equal_func (fixture->labelled, body, g_str_equal, NULL));
    }
}

static void
test_two_jobs (Fixture       *fixture,
               gconstpointer  data)
{
  g_autofree char *path = g_build_filename (folder, "second.pdf", NULL);
  g_autofree char *text = NULL;

  type_in (fixture, "Only These Serials, Such as 3, 7-9", "1, 3");
  bw_page_test_wait_text (fixture->dialog, "2 labels on 1 sheet");
  fixture->next_path = g_strdup (path);
  text = export (fixture, "first.pdf");
  wait_marked (fixture, (const guint[]) { 1, 3, 10, 12 }, 4);
  g_unlink (path);
}

/* Closed while the first run is noted: the others follow. */
static void
test_marked_when_closed (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *path = g_build_filename (folder, "closed.pdf", NULL);

  type_in (fixture, "Only These Serials, Such as 3, 7-9", "1, 3, 5");
  bw_page_test_wait_text (fixture->dialog, "3 labels on 1 sheet");
  fixture->closes = TRUE;
  gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", path);
  wait_marked (fixture, (const guint[]) { 1, 3, 5 }, 3);
  g_unlink (path);
}

/* What was refused can be tried again, and goes on where it broke off. */
static void
test_marked_again (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autofree char *text = NULL;

  type_in (fixture, "Only These Serials, Such as 3, 7-9", "1, 3");
  bw_page_test_wait_text (fixture->dialog, "2 labels on 1 sheet");
  bw_fake_backend_answer (fixture->backend, "POST /v1/batches/7/labelled", 503,
                          "{\"code\":\"unavailable\",\"detail\":\"the disk is full\"}");
  text = export (fixture, "again.pdf");
  bw_page_test_wait_text (fixture->dialog, "The devices were not noted as labelled.");
  bw_fake_backend_compute (fixture->backend, "POST /v1/batches/7/labelled", note_labelled, fixture);
  bw_page_test_click (fixture->dialog, "Try Again");
  wait_marked (fixture, (const guint[]) { 1, 3 }, 2);
}

static void
test_bad_input (Fixture       *fixture,
                gconstpointer  data)
{
  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  type_in (fixture, "Only These Serials, Such as 3, 7-9", "61");
  bw_page_test_wait_text (fixture->dialog, "61-61 is not between 1 and 60.");
  type_in (fixture, "Only These Serials, Such as 3, 7-9", "x");
  bw_page_test_wait_text (fixture->dialog, "is no list of numbers");
  bw_page_test_picture (fixture->dialog, "labels-refused");
  type_in (fixture, "Only These Serials, Such as 3, 7-9", "");
  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  type_in (fixture, "Leave Out Labels of the First Sheet", "1-21");
  bw_page_test_wait_text (fixture->dialog, "No label of the first sheet is left to print on.");
  type_in (fixture, "Leave Out Labels of the First Sheet", "22");
  bw_page_test_wait_text (fixture->dialog, "22-22 is not between 1 and 21.");
  type_in (fixture, "Leave Out Labels of the First Sheet", "");
  set_number (fixture->dialog, "From Serial", 10);
  set_number (fixture->dialog, "To Serial", 9);
  bw_page_test_wait_text (fixture->dialog, "The last serial comes before the first one.");
}

static void
test_too_many (Fixture       *fixture,
               gconstpointer  data)
{
  bw_page_test_wait_text (fixture->dialog, "on 4762 sheets");
  set_number (fixture->dialog, "Copies of Each Label", 11);
  bw_page_test_wait_text (fixture->dialog, "in one print job");
}

/* What is left of a sheet is offered, and the next job goes on there. */
static void
test_goes_on (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr(GPtrArray) sheets = NULL;

  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  g_assert_null (bw_page_test_find_text (fixture->dialog, "Go On With"));
  set_number (fixture->dialog, "To Serial", 5);
  first = export (fixture, "first.pdf");
  bw_page_test_wait_text (fixture->dialog, "Go On With");

  choose (fixture, "Go On With", 1);
  check_typed (fixture, "Leave Out Labels of the First Sheet", "1-5");
  set_number (fixture->dialog, "To Serial", 12);
  set_number (fixture->dialog, "From Serial", 6);
  bw_test_spin (300);
  bw_page_test_picture (fixture->dialog, "labels-goes-on");
  second = export (fixture, "second.pdf");
  g_assert_cmpuint (count_in (second, "/ 60"), ==, 7);

  sheets = bw_part_sheet_list (bw_stock_find ("L7160", NULL), NULL);
  g_assert_cmpuint (sheets->len, ==, 1);
  g_assert_cmpuint (bw_part_sheet_get_n_free (g_ptr_array_index (sheets, 0)), ==, 9);

  choose (fixture, "Go On With", 1);
  gtk_widget_activate_action (fixture->dialog, "labels.forget-sheet", NULL);
  bw_page_test_wait_gone (fixture->dialog, "Go On With");
  g_clear_pointer (&sheets, g_ptr_array_unref);
  sheets = bw_part_sheet_list (NULL, NULL);
  g_assert_cmpuint (sheets->len, ==, 0);
}

static void
test_one_by_one (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *zip = NULL;
  g_autofree char *zpl = NULL;

  gtk_widget_activate_action (fixture->dialog, "labels.select-stock", "s", "roll-50x25");
  bw_page_test_wait_text (fixture->dialog, "60 labels on a roll");
  g_assert_null (bw_page_test_find_text (fixture->dialog, "Start at Label"));
  type_in (fixture, "Only These Serials, Such as 3, 7-9", "1-3");
  bw_page_test_wait_text (fixture->dialog, "3 labels on a roll");
  zip = export (fixture, "labels.zip");
  g_assert_true (g_str_has_prefix (zip, "PK"));
  zpl = export (fixture, "labels.zpl");
  g_assert_cmpuint (count_in (zpl, "^XA"), ==, 3);
}

/* A sheet that was not there before, and drawn. */
typedef struct
{
  Fixture *fixture;
  BwSheet *before;      /* (nullable): only compared */
  guint    n_frames;
} Watch;

static void
painted_cb (GdkFrameClock *clock,
            Watch         *watch)
{
  watch->n_frames++;
}

static gboolean
has_page (gpointer data)
{
  Watch *watch = data;
  GtkWidget *preview = bw_page_test_find_type (watch->fixture->dialog, BW_TYPE_SHEET_PREVIEW);
  BwSheet *sheet = preview != NULL ? bw_sheet_preview_get_sheet (BW_SHEET_PREVIEW (preview)) : NULL;

  return sheet != NULL && sheet != watch->before;
}

static gboolean
has_frame (gpointer data)
{
  return ((Watch *) data)->n_frames > 0;
}

/* Until the next page is on the screen. */
static int
wait_page (Fixture *fixture,
           BwSheet *before,
           gint64   begun_us)
{
  Watch watch = { fixture, before, 0 };
  GdkFrameClock *clock;
  gulong handler;

  bw_test_wait_for (has_page, &watch);
  clock = gtk_widget_get_frame_clock (fixture->dialog);
  handler = g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), &watch);
  bw_test_wait_for (has_frame, &watch);
  g_signal_handler_disconnect (clock, handler);

  return (int) ((g_get_monotonic_time () - begun_us) / 1000);
}

/* The IDs of the pages that are shown are all that is asked for. */
static void
test_large_batch (Fixture       *fixture,
                  gconstpointer  data)
{
  GtkWidget *preview;
  BwSheet *first;
  gint64 begun_us;
  int took_ms;

  /* once without a watch: fonts and styles are loaded by the first dialog */
  bw_page_test_wait_text (fixture->dialog, "100000 labels on 4762 sheets");
  wait_page (fixture, NULL, 0);
  gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  bw_test_wait_for (is_gone, &fixture->dialog);
  g_object_unref (fixture->batch);

  fixture->n_asked = 0;
  begun_us = g_get_monotonic_time ();
  open_dialog (fixture, 100000);
  took_ms = wait_page (fixture, NULL, begun_us);
  g_test_message ("the first page of 100,000 labels took %d ms", took_ms);
  g_assert_cmpint (took_ms, <, 10 * FIRST_PAGE_MS);
  g_assert_cmpuint (fixture->n_asked, ==, 21);

  /* the wheel turns the page */
  preview = bw_page_test_find_type (fixture->dialog, BW_TYPE_SHEET_PREVIEW);
  first = bw_sheet_preview_get_sheet (BW_SHEET_PREVIEW (preview));
  begun_us = g_get_monotonic_time ();
  g_signal_emit_by_name (preview, "turn-page", 1);
  g_test_message ("the next page took %d ms", wait_page (fixture, first, begun_us));
  bw_page_test_wait_text (fixture->dialog, "Sheet 2 of 4762");
  g_assert_cmpuint (fixture->n_asked, ==, 42);
}

typedef struct
{
  gint64 last_us;
  gint64 longest_us;
} Gaps;

static gboolean
beat_cb (gpointer user_data)
{
  Gaps *gaps = user_data;
  gint64 now_us = g_get_monotonic_time ();

  gaps->longest_us = MAX (gaps->longest_us, now_us - gaps->last_us);
  gaps->last_us = now_us;

  return G_SOURCE_CONTINUE;
}

static gboolean
is_halfway (gpointer data)
{
  GtkWidget *bar = bw_page_test_find_type (data, GTK_TYPE_PROGRESS_BAR);

  return bar != NULL && gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)) > 0.1;
}

/* The second half is the drawing. */
static gboolean
is_drawn (gpointer data)
{
  GtkWidget *bar = bw_page_test_find_type (data, GTK_TYPE_PROGRESS_BAR);

  return bar != NULL && gtk_progress_bar_get_fraction (GTK_PROGRESS_BAR (bar)) > 0.5;
}

static gboolean
is_idle (gpointer data)
{
  GtkWidget *bar = bw_page_test_find_type (data, BW_TYPE_TASK_BAR);

  return !bw_task_bar_is_busy (BW_TASK_BAR (bar));
}

/* All that is known of 100,000 devices, each looked at whether it fits. */
static void
choose_all_facts (Fixture *fixture)
{
  fixture->facts = write_facts (1, 100000);
  gtk_widget_activate_action (fixture->dialog, "labels.select-stock", "s", "L7163");
  choose (fixture, "Design", BW_LABEL_PRESET_FULL);
  bw_page_test_wait_text (fixture->dialog, "100000 labels on 7143 sheets");
}

static void
test_stays_awake (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *path = g_build_filename (folder, "awake.pdf", NULL);
  Gaps gaps = { 0 };
  guint beat_id;
  gint64 begun_us;

  choose_all_facts (fixture);
  gaps.last_us = begun_us = g_get_monotonic_time ();
  beat_id = g_timeout_add (2, beat_cb, &gaps);
  gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", path);
  bw_test_wait_for (is_halfway, fixture->dialog);
  g_test_message ("a tenth of 100,000 labels took %d ms, the longest gap %d ms",
                  (int) ((g_get_monotonic_time () - begun_us) / 1000), (int) (gaps.longest_us / 1000));
  bw_test_wait_for (is_drawn, fixture->dialog);
  g_source_remove (beat_id);
  g_test_message ("all of them were looked at in %d ms, the longest gap %d ms",
                  (int) ((g_get_monotonic_time () - begun_us) / 1000), (int) (gaps.longest_us / 1000));
  g_assert_cmpint (gaps.longest_us, <, MAX (GAP_MS * 1000, (g_get_monotonic_time () - begun_us) / 3));

  bw_page_test_click (fixture->dialog, "Cancel");
  bw_test_wait_for (is_idle, fixture->dialog);
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
}

/* Nothing is written, noted or remembered. */
static void
test_cancelled (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (folder, "cancelled", NULL);
  g_autofree char *file = g_build_filename (path, "labels.pdf", NULL);
  g_autoptr(GPtrArray) sheets = NULL;

  g_mkdir (path, 0700);
  choose_all_facts (fixture);
  gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", file);
  bw_test_wait_for (is_halfway, fixture->dialog);
  bw_page_test_click (fixture->dialog, "Cancel");
  bw_test_wait_for (is_idle, fixture->dialog);

  /* an empty folder can be removed */
  g_assert_cmpint (g_rmdir (path), ==, 0);
  g_assert_cmpuint (bw_fake_backend_count (fixture->backend, "POST /v1/batches/7/labelled"), ==, 0);
  sheets = bw_part_sheet_list (NULL, NULL);
  g_assert_cmpuint (sheets->len, ==, 0);
  g_assert_nonnull (bw_page_test_wait_text (fixture->dialog, "100000 labels on 7143 sheets"));
}

static gboolean
sees_dialog (gpointer data)
{
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  *(GtkWidget **) data = NULL;
  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (BW_IS_CALIBRATION_DIALOG (l->data) && gtk_widget_get_mapped (l->data))
        *(GtkWidget **) data = l->data;
    }

  return *(GtkWidget **) data != NULL;
}

static void
test_calibrate (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (folder, "test-page.pdf", NULL);
  GtkWidget *dialog, *printer;
  BwCalibration calibration;

  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  g_assert_null (bw_page_test_find_text (fixture->dialog, "Export for Printer"));
  gtk_widget_activate_action (fixture->dialog, "labels.calibrate", NULL);
  bw_test_wait_for (sees_dialog, &dialog);
  printer = gtk_combo_box_get_child (GTK_COMBO_BOX (bw_page_test_find_type (dialog, GTK_TYPE_COMBO_BOX_TEXT)));
  gtk_editable_set_text (GTK_EDITABLE (printer), "Office");
  set_number (dialog, "Print Further Right (mm)", -0.5);
  set_number (dialog, "Ruler Down, 100 mm", 99.5);
  bw_page_test_picture (dialog, "calibrate");
  gtk_widget_activate_action (dialog, "calibration.export-to", "s", path);
  bw_page_test_wait_text (dialog, "The test page was saved");
  g_assert_true (g_file_test (path, G_FILE_TEST_IS_REGULAR));
  g_unlink (path);

  gtk_widget_activate_action (dialog, "calibration.save", NULL);
  bw_page_test_wait_text (fixture->dialog, "Export for Printer");
  g_assert_true (bw_calibration_load ("Office", "L7160", &calibration, NULL));
  g_assert_cmpfloat_with_epsilon (calibration.dx, -0.5, 1e-9);
  g_assert_cmpfloat_with_epsilon (calibration.scale_y, 100 / 99.5, 1e-5);

  /* one that would push the labels off the paper is refused when it is used, and nothing is noted */
  calibration = (BwCalibration) BW_CALIBRATION_INIT;
  calibration.dx = 15;
  g_assert_true (bw_calibration_save ("Office", "L7160", &calibration, NULL));
  choose (fixture, "Export for Printer", 1);
  gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", path);
  bw_page_test_wait_text (fixture->dialog, "beyond the edge of the paper");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS));
  g_assert_cmpuint (bw_fake_backend_count (fixture->backend, "POST /v1/batches/7/labelled"), ==, 0);
  g_assert_true (bw_calibration_save ("Office", "L7160", &(BwCalibration) BW_CALIBRATION_INIT, NULL));
}

/* The sheet that was chosen is still the one, and the printer is chosen now. */
static void
test_calibrate_keeps (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autoptr(GPtrArray) sheets = NULL;
  GtkWidget *dialog, *printer, *printers, *parts;

  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  set_number (fixture->dialog, "To Serial", 5);
  first = export (fixture, "first.pdf");
  bw_page_test_wait_text (fixture->dialog, "Go On With");
  choose (fixture, "Go On With", 1);

  gtk_widget_activate_action (fixture->dialog, "labels.calibrate", NULL);
  bw_test_wait_for (sees_dialog, &dialog);
  printer = gtk_combo_box_get_child (GTK_COMBO_BOX (bw_page_test_find_type (dialog, GTK_TYPE_COMBO_BOX_TEXT)));
  gtk_editable_set_text (GTK_EDITABLE (printer), "Office");
  set_number (dialog, "Print Further Right (mm)", -0.5);
  gtk_widget_activate_action (dialog, "calibration.save", NULL);
  bw_page_test_wait_text (fixture->dialog, "Export for Printer");
  printers = find_control (fixture->dialog, GTK_TYPE_DROP_DOWN, "Export for Printer");
  parts = find_control (fixture->dialog, GTK_TYPE_DROP_DOWN, "Go On With");
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (printers)), ==, 1);
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (parts)), ==, 1);
  check_typed (fixture, "Leave Out Labels of the First Sheet", "1-5");

  /* after a job too */
  second = export (fixture, "second.pdf");
  g_assert_cmpuint (gtk_drop_down_get_selected (GTK_DROP_DOWN (printers)), ==, 1);
  sheets = bw_part_sheet_list (bw_stock_find ("L7160", NULL), NULL);
  g_assert_cmpuint (sheets->len, ==, 1);
  g_assert_cmpuint (bw_part_sheet_get_n_free (g_ptr_array_index (sheets, 0)), ==, 11);
  g_assert_true (bw_calibration_save ("Office", "L7160", &(BwCalibration) BW_CALIBRATION_INIT, NULL));
}

static void
print_to (Fixture    *fixture,
          const char *printer,
          const char *path)
{
  gtk_widget_activate_action (fixture->dialog, "labels.print-to", "(ss)", printer, path);
}

static void
check_nothing_noted (Fixture *fixture)
{
  g_autoptr(GPtrArray) sheets = bw_part_sheet_list (NULL, NULL);

  g_assert_cmpuint (sheets->len, ==, 0);
  g_assert_cmpuint (fixture->labelled->len, ==, 0);
}

/* A printer that is not there, one that goes away while it prints, and a job that is broken off: each one sentence, and
 * nothing is noted. */
static void
test_printer_vanishes (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autofree char *gone = g_build_filename (folder, "gone", "labels.pdf", NULL);
  g_autofree char *path = g_build_filename (folder, "printed.pdf", NULL);
  g_autoptr(GPtrArray) sheets = NULL;
  BwCalibration calibration = BW_CALIBRATION_INIT;

  /* the other one waits for a CUPS to say which printers it has */
  g_object_set (gtk_settings_get_default (), "gtk-print-backends", "file", NULL);

  bw_page_test_wait_text (fixture->dialog, "60 labels on 3 sheets");
  print_to (fixture, "Attic", "");
  bw_page_test_wait_text (fixture->dialog, "Nothing was printed: the printer is not there any more.");
  check_nothing_noted (fixture);
  print_to (fixture, "Office", gone);
  bw_page_test_wait_text (fixture->dialog, "Nothing was printed: error while writing to output stream.");
  check_nothing_noted (fixture);

  calibration.dx = 15;
  g_assert_true (bw_calibration_save ("Office", "L7160", &calibration, NULL));
  print_to (fixture, "Office", path);
  bw_page_test_wait_text (fixture->dialog, "beyond the edge of the paper");
  check_nothing_noted (fixture);
  g_assert_true (bw_calibration_save ("Office", "L7160", &(BwCalibration) BW_CALIBRATION_INIT, NULL));

  print_to (fixture, "Office", path);
  bw_page_test_wait_text (fixture->dialog, "Sent to the printer");
  fixture->n_wanted = 1;
  bw_test_wait_for (were_all_marked, fixture);
  g_assert_cmpstr (g_ptr_array_index (fixture->labelled, 0), ==, "{\"first\":1,\"count\":60}");
  sheets = bw_part_sheet_list (NULL, NULL);
  g_assert_cmpuint (sheets->len, ==, 1);
  g_unlink (path);
}

static BwSheet *
new_sheet (const char *stock)
{
  BwSheet *sheet = bw_sheet_new (bw_stock_find (stock, NULL), "Winter", "#26a269", 30, 0, 1, NULL);

  for (guint i = 1; i <= 30; i++)
    {
      g_autofree char *id = g_strdup_printf ("k3m9-t2xw-%04u-7hnc", i);

      g_assert_true (bw_sheet_add (sheet, id, i, NULL));
    }

  return sheet;
}

/* The words of a PDF with their places, and the page's size. (transfer full) */
static char *
get_words (const char *path)
{
  const char *argv[] = { "pdftotext", "-bbox", path, "-", NULL };
  char *text = NULL;

  g_assert_true (g_spawn_sync (NULL, (char **) argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL, NULL, NULL));

  return text;
}

static void
read_page_size (const char *words,
                double      size[2])
{
  const char *page = strstr (words, "<page ");
  int n = page != NULL ? sscanf (page, "<page width=\"%lf\" height=\"%lf\"", &size[0], &size[1]) : 0;

  g_assert_cmpint (n, ==, 2);
}

static gboolean
next_word (const char **at,
           double       numbers[4],
           char         word[64])
{
  const char *found = strstr (*at, "<word ");

  if (found == NULL)
    return FALSE;

  g_assert_cmpint (sscanf (found, "<word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">%63[^<]",
                           &numbers[0], &numbers[1], &numbers[2], &numbers[3], word), ==, 5);
  *at = found + 6;

  return TRUE;
}

/* A printer that does as it is told gets from GTK what the PDF has, in the same places: nothing is fitted or moved. */
static void
check_printed (const char *stock)
{
  g_autofree char *printed_path = g_build_filename (folder, "printed.pdf", NULL);
  g_autofree char *pdf_path = g_build_filename (folder, "written.pdf", NULL);
  g_autoptr(BwSheet) sheet = new_sheet (stock);
  g_autoptr(GtkPrintOperation) operation = bw_sheet_print_operation_new (sheet, "Winter");
  g_autoptr(GError) error = NULL;
  g_autofree char *printed = NULL;
  g_autofree char *pdf = NULL;
  const char *printed_at, *pdf_at;
  double page[2], printed_page[2], a[4], b[4];
  char word[64], other[64];
  guint n = 0;

  g_test_message ("%s", stock);
  gtk_print_operation_set_export_filename (operation, printed_path);
  gtk_print_operation_set_allow_async (operation, FALSE);
  g_assert_cmpint (gtk_print_operation_run (operation, GTK_PRINT_OPERATION_ACTION_EXPORT, NULL, &error), ==,
                   GTK_PRINT_OPERATION_RESULT_APPLY);
  g_assert_no_error (error);
  g_assert_true (bw_sheet_write_pdf (sheet, pdf_path, NULL, NULL, NULL, NULL));
  printed = get_words (printed_path);
  pdf = get_words (pdf_path);

  read_page_size (pdf, page);
  read_page_size (printed, printed_page);
  g_assert_cmpfloat_with_epsilon (page[0], printed_page[0], 0.6);
  g_assert_cmpfloat_with_epsilon (page[1], printed_page[1], 0.6);

  printed_at = printed;
  pdf_at = pdf;
  while (next_word (&pdf_at, a, word))
    {
      g_assert_true (next_word (&printed_at, b, other));
      g_assert_cmpstr (word, ==, other);
      for (guint i = 0; i < 4; i++)
        g_assert_cmpfloat_with_epsilon (a[i], b[i], 0.1 / 25.4 * 72);
      n++;
    }
  g_assert_false (next_word (&printed_at, b, other));
  g_assert_cmpuint (n, >=, 30);

  g_unlink (printed_path);
  g_unlink (pdf_path);
}

static void
test_virtual_printer (void)
{
  static const char * const stocks[] = { "L7160", "5160", "L7163", "DK-11201", "roll-50x25" };
  g_autoptr(BwSheet) sheet = new_sheet ("L7160");
  g_autoptr(GtkPrintOperation) operation = bw_sheet_print_operation_new (sheet, "Winter");
  GtkPrintSettings *settings = gtk_print_operation_get_print_settings (operation);

  g_assert_cmpstr (gtk_print_settings_get (settings, "cups-print-scaling"), ==, "none");
  g_assert_cmpfloat (gtk_print_settings_get_scale (settings), ==, 100.0);

  for (guint i = 0; i < G_N_ELEMENTS (stocks); i++)
    check_printed (stocks[i]);
}

int
main (int   argc,
      char *argv[])
{
  int status;

  folder = bw_test_make_dir ();
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  bw_page_test_init (&argc, &argv);

#define ADD(name, count, function) \
  g_test_add ("/app/labels/" name, Fixture, GUINT_TO_POINTER (count), set_up, function, tear_down)

  ADD ("laid-out", 60, test_laid_out);
  ADD ("marked-in-runs", 60, test_marked_in_runs);
  ADD ("two-jobs", 60, test_two_jobs);
  ADD ("marked-when-closed", 60, test_marked_when_closed);
  ADD ("marked-again", 60, test_marked_again);
  ADD ("bad-input", 60, test_bad_input);
  ADD ("too-many", 100000, test_too_many);
  ADD ("goes-on", 60, test_goes_on);
  ADD ("one-by-one", 60, test_one_by_one);
  ADD ("large-batch", 100000, test_large_batch);
  ADD ("stays-awake", 100000, test_stays_awake);
  ADD ("cancelled", 100000, test_cancelled);
  ADD ("calibrate", 60, test_calibrate);
  ADD ("calibrate-keeps", 60, test_calibrate_keeps);
  ADD ("printer-vanishes", 60, test_printer_vanishes);
  g_test_add_func ("/app/labels/virtual-printer", test_virtual_printer);

  status = g_test_run ();
  bw_test_remove_dir (folder);
  g_free (folder);

  return status;
}
