/* bw-labels-test.c: a labels dialog on a backend of the test's own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-labels-test.h"

#include <string.h>

#include <glib/gstdio.h>

#include "bw-labels-dialog.h"
#include "bw-page-test.h"
#include "bw-part-sheet.h"
#include "bw-settings.h"
#include "bw-test.h"

#define SESSION "{\"id\":\"1\",\"user\":\"ada\",\"userId\":\"2\",\"userName\":\"Ada\",\"firstName\":\"Ada\",\"lastName\":\"L\"," \
                "\"email\":\"ada@example.com\",\"companyId\":\"1\",\"company\":\"Main\",\"participationId\":\"3\",\"roleId\":\"1\"," \
                "\"role\":\"Super Admin\",\"permissions\":[],\"totp\":false,\"mustChangePassword\":false,\"expiresAt\":0," \
                "\"participations\":[],\"broker\":{\"url\":\"mqtt://127.0.0.1:1\",\"username\":\"x\"}}"
#define BATCH "{\"id\":\"7\",\"revision\":1,\"name\":\"Winter\",\"info\":\"\",\"color\":\"#26a269\",\"companyId\":\"1\",\"state\":\"ready\"," \
              "\"count\":%u,\"nDone\":%u,\"createdAt\":1790000000000000,\"createdBy\":\"ada\",\"handedOverAt\":0}"

char *bw_labels_test_folder;

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
  BwLabelsTest *fixture = data;
  gint64 first = get_number (query, "first");
  gint64 count = get_number (query, "count");
  GString *text = g_string_new (NULL);

  for (gint64 serial = first; serial < first + count; serial++)
    g_string_append_printf (text, "k3m9-t2xw-%04u-%04u\n", (guint) (serial / 10000), (guint) (serial % 10000));
  fixture->n_asked += (guint) count;

  return g_string_free (text, FALSE);
}

/* License and machine ID differ, so that each is measured. */
char *
bw_labels_test_write_facts (gint64 first,
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
  BwLabelsTest *fixture = data;
  gint64 count = get_number (query, "count");

  fixture->n_asked += (guint) count;
  if (count > 1000 && fixture->facts != NULL)
    return g_strdup (fixture->facts);

  return bw_labels_test_write_facts (get_number (query, "first"), count);
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

void
bw_labels_test_open (BwLabelsTest *fixture,
                     guint         count)
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

/* Below @root: the spin button, drop-down or entry row that is called so. */
GtkWidget *
bw_labels_test_find (GtkWidget  *root,
                     GType       type,
                     const char *title)
{
  GtkWidget *found = NULL;

  if (ADW_IS_PREFERENCES_ROW (root) && g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return bw_page_test_find_type (root, type);

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = bw_labels_test_find (child, type, title);

  return found;
}

void
bw_labels_test_type_in (BwLabelsTest *fixture,
                        const char   *title,
                        const char   *text)
{
  GtkWidget *row = bw_labels_test_find (fixture->dialog, ADW_TYPE_ENTRY_ROW, title);

  g_assert_nonnull (row);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

/* Another job begins while the first one still notes its devices. */
char *
bw_labels_test_note (GHashTable *query,
                     gpointer    data)
{
  BwLabelsTest *fixture = data;
  g_autofree char *path = g_steal_pointer (&fixture->next_path);

  g_ptr_array_add (fixture->labelled,
                   g_strdup (bw_fake_backend_get_body (fixture->backend, "POST /v1/batches/7/labelled")));
  if (fixture->closes && fixture->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->dialog));

  if (path != NULL)
    {
      bw_labels_test_type_in (fixture, "Only These Serials, Such as 3, 7-9", "10, 12");
      gtk_widget_activate_action (fixture->dialog, "labels.export-to", "s", path);
    }

  return g_strdup ("{}");
}

void
bw_labels_test_set_up (BwLabelsTest  *fixture,
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
  bw_fake_backend_compute (fixture->backend, "POST /v1/batches/7/labelled", bw_labels_test_note, fixture);
  fixture->session = bw_session_new (bw_fake_backend_get_uri (fixture->backend), NULL);
  bw_session_resume_async (fixture->session, "token", NULL, resumed_cb, &resumed);
  bw_test_wait_for (is_true, &resumed);
  bw_part_sheet_forget (0, NULL);
  bw_labels_test_open (fixture, GPOINTER_TO_UINT (data));
}

gboolean
bw_labels_test_is_gone (gpointer data)
{
  return *(gpointer *) data == NULL;
}

void
bw_labels_test_tear_down (BwLabelsTest  *fixture,
                          gconstpointer  data)
{
  if (fixture->dialog != NULL)
    gtk_window_destroy (GTK_WINDOW (fixture->dialog));
  bw_test_wait_for (bw_labels_test_is_gone, &fixture->dialog);
  g_object_unref (fixture->batch);
  bw_wait_finalized (fixture->session);
  bw_fake_backend_free (fixture->backend);
  g_ptr_array_unref (fixture->labelled);
  g_free (fixture->facts);
}

void
bw_labels_test_check_typed (BwLabelsTest *fixture,
                            const char   *title,
                            const char   *text)
{
  GtkWidget *row = bw_labels_test_find (fixture->dialog, ADW_TYPE_ENTRY_ROW, title);

  g_assert_nonnull (row);
  g_assert_cmpstr (gtk_editable_get_text (GTK_EDITABLE (row)), ==, text);
}

void
bw_labels_test_set_number (GtkWidget  *root,
                           const char *title,
                           double      value)
{
  GtkWidget *spin = bw_labels_test_find (root, GTK_TYPE_SPIN_BUTTON, title);

  g_assert_nonnull (spin);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (spin), value);
}

void
bw_labels_test_choose (BwLabelsTest *fixture,
                       const char   *title,
                       guint         position)
{
  GtkWidget *drop = bw_labels_test_find (fixture->dialog, GTK_TYPE_DROP_DOWN, title);

  g_assert_nonnull (drop);
  gtk_drop_down_set_selected (GTK_DROP_DOWN (drop), position);
}

/* Writes what is chosen and gives its text, as pdftotext has it. (transfer full) */
char *
bw_labels_test_export (BwLabelsTest *fixture,
                       const char   *name)
{
  g_autofree char *path = g_build_filename (bw_labels_test_folder, name, NULL);
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

gboolean
bw_labels_test_were_all_marked (gpointer data)
{
  BwLabelsTest *fixture = data;

  return fixture->labelled->len == fixture->n_wanted;
}

int
bw_labels_test_run (int       *argc,
                    char    ***argv,
                    void     (*add) (void))
{
  int status;

  bw_labels_test_folder = bw_test_make_dir ();
  g_setenv ("XDG_CONFIG_HOME", bw_labels_test_folder, TRUE);
  bw_page_test_init (argc, argv);
  add ();
  status = g_test_run ();
  bw_test_remove_dir (bw_labels_test_folder);
  g_free (bw_labels_test_folder);

  return status;
}
