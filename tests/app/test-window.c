/* test-window.c: the window against a real server on this computer
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <string.h>

#include <adwaita.h>

#include "bw-account-dialog.h"
#include "bw-companies-page.h"
#include "bw-create-batch-dialog.h"
#include "bw-design-editor.h"
#include "bw-design-row.h"
#include "bw-devices-page.h"
#include "bw-labels-dialog.h"
#include "bw-page-test.h"
#include "bw-participation-dialog.h"
#include "bw-password-dialog.h"
#include "bw-stock-chooser.h"
#include "bw-test.h"
#include "bw-this-computer.h"
#include "bw-trend-days.h"
#include "bw-window.h"

/* libsecret's keyring in a file loses a string each time it is read, which a leak checker counts as ours. */
#if defined (__SANITIZE_ADDRESS__)
#define HAS_KEYRING 0
#elif defined (__has_feature)
#if __has_feature (address_sanitizer)
#define HAS_KEYRING 0
#endif
#endif
#ifndef HAS_KEYRING
#define HAS_KEYRING 1
#endif

/* Broker and backend are started by the first test and serve all of them. */
static BwThisComputer *this_computer;
static AdwApplication *application;
static char *folder;

typedef struct
{
  BwWindow *window;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->window = bw_window_new (application, this_computer);
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 1200, 780);
  gtk_window_present (GTK_WINDOW (fixture->window));
  bw_page_test_wait_text (GTK_WIDGET (fixture->window), "Sign In");
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
  gpointer window = fixture->window;

  g_object_add_weak_pointer (G_OBJECT (fixture->window), &window);
  gtk_window_destroy (GTK_WINDOW (fixture->window));
  bw_test_wait_for (is_gone, &window);
}

static GtkWidget *
widget (Fixture *fixture)
{
  return GTK_WIDGET (fixture->window);
}

static void
sign_in (Fixture    *fixture,
         const char *place)
{
  bw_window_show_place (fixture->window, place);
  bw_page_test_click (widget (fixture), "Use This Computer");
  bw_page_test_wait_text (widget (fixture), "Administrator at this computer");
}

typedef struct
{
  GType      type;
  GtkWidget *found;
} Wanted;

static gboolean
sees_window (gpointer data)
{
  Wanted *wanted = data;
  g_autoptr(GList) windows = gtk_window_list_toplevels ();

  wanted->found = NULL;
  for (GList *l = windows; l != NULL; l = l->next)
    {
      if (G_TYPE_CHECK_INSTANCE_TYPE (l->data, wanted->type) && gtk_widget_get_mapped (l->data))
        wanted->found = l->data;
    }

  return wanted->found != NULL;
}

static gboolean
misses_window (gpointer data)
{
  return !sees_window (data);
}

static GtkWidget *
wait_window (GType type)
{
  Wanted wanted = { type, NULL };

  bw_test_wait_for (sees_window, &wanted);

  return wanted.found;
}

static void
wait_window_gone (GType type)
{
  Wanted wanted = { type, NULL };

  bw_test_wait_for (misses_window, &wanted);
}

/* The entry row with that title. */
static GtkWidget *
find_row (GtkWidget  *root,
          const char *title)
{
  if (ADW_IS_PREFERENCES_ROW (root) &&
      g_strcmp0 (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (root)), title) == 0)
    return root;

  for (GtkWidget *child = gtk_widget_get_first_child (root); child != NULL; child = gtk_widget_get_next_sibling (child))
    {
      GtkWidget *found = find_row (child, title);

      if (found != NULL)
        return found;
    }

  return NULL;
}

static void
fill_in (GtkWidget  *root,
         const char *title,
         const char *text)
{
  GtkWidget *row = find_row (root, title);

  g_assert_nonnull (row);
  gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static void
create_batch (Fixture    *fixture,
              const char *name,
              int         count)
{
  GtkWidget *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "create-ids", NULL);
  dialog = wait_window (BW_TYPE_CREATE_BATCH_DIALOG);
  fill_in (dialog, "Name", name);
  gtk_spin_button_set_value (GTK_SPIN_BUTTON (bw_page_test_find_type (dialog, GTK_TYPE_SPIN_BUTTON)), count);
  bw_page_test_click (dialog, "Create");
  wait_window_gone (BW_TYPE_CREATE_BATCH_DIALOG);
  bw_page_test_wait_text (widget (fixture), name);
}

static gboolean
is_file_there (gpointer data)
{
  return g_file_test (data, G_FILE_TEST_EXISTS);
}

static char *
wait_file (const char *name,
           char      **ret_contents,
           gsize      *ret_length)
{
  char *path = g_build_filename (folder, name, NULL);

  bw_test_wait_for (is_file_there, path);
  g_assert_true (g_file_get_contents (path, ret_contents, ret_length, NULL));

  return path;
}

/* Tests */

static void
test_wrong_ways_in (Fixture       *fixture,
                    gconstpointer  data)
{
  fill_in (widget (fixture), "Server Address", "ftp://example.org");
  fill_in (widget (fixture), "User", "admin");
  fill_in (widget (fixture), "Password", "wrong password");
  bw_page_test_click (widget (fixture), "Sign In");
  bw_page_test_wait_text (widget (fixture), "This is not the address of a server");
  bw_page_test_picture (widget (fixture), "sign-in-address");

  /* Nobody listens on a port that was free a moment ago. */
  {
    g_autofree char *address = g_strdup_printf ("127.0.0.1:%u", bw_test_free_port ());

    fill_in (widget (fixture), "Server Address", address);
    bw_page_test_wait_gone (widget (fixture), "This is not the address of a server");
    bw_page_test_click (widget (fixture), "Sign In");
    bw_page_test_wait_text (widget (fixture), "The server does not answer.");
  }
}

static void
test_use_this_computer (Fixture       *fixture,
                        gconstpointer  data)
{
  sign_in (fixture, "overview");
  bw_page_test_wait_text (widget (fixture), "No Devices Yet");
  bw_page_test_picture (widget (fixture), "overview-empty");
  g_assert_true (bw_this_computer_is_running (this_computer));

  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "show-place", g_variant_new_string ("batches"));
  bw_page_test_wait_text (widget (fixture), "No Device IDs Yet");

  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "sign-out", NULL);
  bw_page_test_wait_text (widget (fixture), "Sign In");

  /* A server is no token: this one wants a person's password. */
  fill_in (widget (fixture), "Server Address", bw_this_computer_get_uri (this_computer));
  fill_in (widget (fixture), "User", "admin");
  fill_in (widget (fixture), "Password", "wrong password");
  bw_page_test_click (widget (fixture), "Sign In");
  bw_page_test_wait_text (widget (fixture), "User or password is wrong.");
}

static void
test_create_batch (Fixture       *fixture,
                   gconstpointer  data)
{
  GtkWidget *dialog;

  sign_in (fixture, "batches");
  create_batch (fixture, "Kitchen lamps", 40);
  bw_page_test_wait_text (widget (fixture), "Ready");
  bw_page_test_wait_text (widget (fixture), "Main Company");
  bw_page_test_wait_text (widget (fixture), "On the server");
  bw_page_test_picture (widget (fixture), "batches");

  /* The same name once more: said while it is typed, and not to be sent. */
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "create-ids", NULL);
  dialog = wait_window (BW_TYPE_CREATE_BATCH_DIALOG);
  fill_in (dialog, "Name", "Kitchen lamps");
  bw_page_test_wait_text (dialog, "There is a batch of this name already.");
  fill_in (dialog, "Name", "");
  bw_page_test_wait_text (dialog, "A name without line breaks is needed");
  fill_in (dialog, "Name", "Kitchen lamps 2");
  bw_page_test_wait_gone (dialog, "A name without line breaks is needed");
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (dialog, GTK_TYPE_SPIN_BUTTON)), "1000001");
  bw_page_test_wait_text (dialog, "IDs can be created at once");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_window_gone (BW_TYPE_CREATE_BATCH_DIALOG);
}

static GObject *
get_selected (GtkWidget *page)
{
  GtkWidget *view = bw_page_test_find_type (page, GTK_TYPE_COLUMN_VIEW);
  GtkSelectionModel *model = gtk_column_view_get_model (GTK_COLUMN_VIEW (view));

  return gtk_single_selection_get_selected_item (GTK_SINGLE_SELECTION (model));
}

static char *
get_selected_id (GtkWidget *page)
{
  GObject *batch = get_selected (page);
  char *id = NULL;

  g_assert_nonnull (batch);
  g_object_get (batch, "id", &id, NULL);

  return id;
}

static gboolean
has_selected (gpointer page)
{
  return get_selected (page) != NULL;
}

/* A load that was asked for before a batch was made takes it out of the list, and the next one brings it back. */
static void
test_made_stays_selected (GtkWidget *page)
{
  g_autofree char *made = get_selected_id (page);
  g_autofree char *id = NULL;
  g_autoptr(BwSession) session = NULL;

  g_object_get (page, "session", &session, NULL);
  bw_entity_list_remove (bw_session_get_batches (session), made);
  g_assert_null (get_selected (page));
  bw_session_load_batches_async (session, NULL, NULL, NULL);
  bw_test_wait_for (has_selected, page);
  id = get_selected_id (page);
  g_assert_cmpstr (id, ==, made);
}

static gboolean
fits_across (gpointer data)
{
  GtkWidget *table = bw_page_test_ancestor (bw_page_test_find_text (data, "Keys"), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *across = gtk_scrolled_window_get_hadjustment (GTK_SCROLLED_WINDOW (table));

  return gtk_widget_get_width (table) < 650 &&
         gtk_adjustment_get_upper (across) <= gtk_adjustment_get_page_size (across);
}

static void
test_batches_table (Fixture       *fixture,
                    gconstpointer  data)
{
  GtkWidget *page;

  sign_in (fixture, "batches");
  bw_page_test_wait_text (widget (fixture), "Kitchen lamps");
  create_batch (fixture, "Pumps", 3);

  page = bw_page_test_find_type (widget (fixture), g_type_from_name ("BwBatchesPage"));
  test_made_stays_selected (page);
  gtk_widget_activate_action (page, "batches.sort", "s", "-name");
  bw_page_test_wait_text (page, "Pumps");

  /* Search leaves one, nothing matches, and back. */
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (page, GTK_TYPE_SEARCH_ENTRY)), "kitchen");
  bw_page_test_wait_gone (page, "Pumps");
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (page, GTK_TYPE_SEARCH_ENTRY)), "no such batch");
  bw_page_test_wait_text (page, "No Batch Found");
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (page, GTK_TYPE_SEARCH_ENTRY)), "");
  bw_page_test_wait_text (page, "Pumps");

  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 640, 720);
  bw_test_wait_for (fits_across, page);
  bw_page_test_picture (widget (fixture), "batches-640");
}

static void
choose_stock (GtkWidget *dialog)
{
  GtkWidget *chooser;

  gtk_widget_activate_action (dialog, "labels.choose-stock", NULL);
  chooser = wait_window (BW_TYPE_STOCK_CHOOSER);
  bw_page_test_wait_text (chooser, "Avery 5160");
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (chooser, GTK_TYPE_SEARCH_ENTRY)), "sample s-101");
  bw_page_test_wait_text (chooser, "Also S-101");
  bw_page_test_click (chooser, "Use");
  wait_window_gone (BW_TYPE_STOCK_CHOOSER);
  bw_page_test_wait_text (dialog, "A4, 4 × 10 = 40 labels of 45.7 × 25.4 mm");
  bw_page_test_wait_text (dialog, "Sample S-100");
  bw_page_test_wait_text (dialog, "Nobody has checked the measures of this stock: print a test page");
  bw_page_test_picture (dialog, "labels-unverified");
}

static void
test_labels (Fixture       *fixture,
             gconstpointer  data)
{
  g_autofree char *path = g_build_filename (folder, "labels.pdf", NULL);
  g_autofree char *written = NULL;
  g_autofree char *contents = NULL;
  GtkWidget *dialog;
  gsize length;

  sign_in (fixture, "batches");
  create_batch (fixture, "Labelled", 40);
  bw_page_test_click (widget (fixture), "Labels…");
  dialog = wait_window (BW_TYPE_LABELS_DIALOG);
  bw_page_test_wait_text (dialog, "40 labels on 2 sheets");
  gtk_widget_activate_action (dialog, "labels.next-page", NULL);
  bw_page_test_wait_text (dialog, "Sheet 2 of 2");
  bw_page_test_picture (dialog, "labels");

  gtk_widget_activate_action (dialog, "labels.select-stock", "s", "5160");
  bw_page_test_wait_text (dialog, "Letter, 3 × 10 = 30 labels");
  choose_stock (dialog);
  gtk_widget_activate_action (dialog, "labels.select-stock", "s", "5160");
  bw_page_test_wait_gone (dialog, "Nobody has checked the measures");

  gtk_widget_activate_action (dialog, "labels.export-to", "s", path);
  written = wait_file ("labels.pdf", &contents, &length);
  g_assert_true (g_str_has_prefix (contents, "%PDF-"));
  bw_page_test_wait_text (dialog, "Saved as “labels.pdf”");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_window_gone (BW_TYPE_LABELS_DIALOG);

  /* And the devices are noted as labelled. */
  bw_page_test_click (widget (fixture), "Show Devices");
  bw_page_test_wait_text (widget (fixture), "Labelled");
  bw_page_test_wait_text (widget (fixture), "40 devices");
}

/* The row with that title has a spin button. */
static void
set_spin (GtkWidget  *root,
          const char *title,
          double      value)
{
  GtkWidget *row = bw_page_test_ancestor (bw_page_test_wait_text (root, title), ADW_TYPE_ACTION_ROW);

  gtk_spin_button_set_value (GTK_SPIN_BUTTON (bw_page_test_find_type (row, GTK_TYPE_SPIN_BUTTON)), value);
}

/* The field list's rows say what they are. */
static void
pick_field (GtkWidget  *editor,
            const char *word)
{
  GtkWidget *label = bw_page_test_wait_text (editor, word);

  gtk_list_box_select_row (GTK_LIST_BOX (bw_page_test_ancestor (label, GTK_TYPE_LIST_BOX)),
                           GTK_LIST_BOX_ROW (bw_page_test_ancestor (label, GTK_TYPE_LIST_BOX_ROW)));
}

static gboolean
is_saved (gpointer dialog)
{
  return bw_page_test_find_text (dialog, "Thermostats") != NULL;
}

static gboolean
is_usable (gpointer data)
{
  return gtk_widget_is_sensitive (data);
}

/* The button has a picture: the row's last one. */
static void
click_edit (GtkWidget *dialog)
{
  GtkWidget *row = bw_page_test_find_type (dialog, BW_TYPE_DESIGN_ROW);
  GtkWidget *button = gtk_widget_get_last_child (gtk_widget_get_last_child (gtk_widget_get_first_child (row)));

  g_assert_true (GTK_IS_BUTTON (button));
  bw_test_wait_for (is_usable, button);
  g_signal_emit_by_name (button, "clicked");
}

static void
test_label_design (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char svg[] = "<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'><circle cx='20' cy='10' r='9'/></svg>";
  g_autofree char *logo = g_build_filename (folder, "logo.svg", NULL);
  g_autofree char *path = g_build_filename (folder, "designed.pdf", NULL);
  g_autofree char *written = NULL;
  g_autofree char *contents = NULL;
  GtkWidget *dialog, *editor;
  gsize length;

  g_assert_true (g_file_set_contents (logo, svg, -1, NULL));
  sign_in (fixture, "batches");
  create_batch (fixture, "Designed", 30);
  bw_page_test_click (widget (fixture), "Labels…");
  dialog = wait_window (BW_TYPE_LABELS_DIALOG);
  bw_page_test_wait_text (dialog, "30 labels on");
  gtk_widget_activate_action (dialog, "labels.select-stock", "s", "L7163");
  bw_page_test_wait_text (dialog, "Green: any phone reads this code.");
  click_edit (dialog);
  editor = wait_window (BW_TYPE_DESIGN_EDITOR);
  bw_page_test_wait_text (editor, "Laid out anew on each label.");

  /* A layout becomes fields; one is picked, moved by a number into another's place, and back. */
  gtk_widget_activate_action (editor, "design.layout", "s", "product");
  pick_field (editor, "Batch");
  bw_page_test_wait_text (editor, "Words Before It");
  bw_page_test_picture (editor, "label-design");
  set_spin (editor, "From Left, mm", 10);
  bw_page_test_wait_text (editor, "lies in the quiet zone of the code");
  gtk_widget_activate_action (editor, "design.undo", NULL);
  bw_page_test_wait_gone (editor, "lies in the quiet zone of the code");
  gtk_widget_activate_action (editor, "design.redo", NULL);
  bw_page_test_wait_text (editor, "lies in the quiet zone of the code");
  gtk_widget_activate_action (editor, "design.undo", NULL);

  /* A field more, a field less, a picture. */
  gtk_widget_activate_action (editor, "design.add", "s", "license");
  bw_page_test_wait_text (editor, "License");
  gtk_widget_activate_action (editor, "design.remove", NULL);
  bw_page_test_wait_gone (editor, "License");
  gtk_widget_activate_action (editor, "design.load-logo", "s", "/nonexistent/logo.png");
  bw_page_test_wait_text (editor, "/nonexistent/logo.png");
  gtk_widget_activate_action (editor, "design.load-logo", "s", logo);
  bw_page_test_wait_text (editor, "PNG or SVG, at most 256 KiB");

  /* The name, and it is kept; the dialog takes it at once. */
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (editor, ADW_TYPE_ENTRY_ROW)), "Thermostats");
  gtk_window_set_default_size (GTK_WINDOW (editor), 640, 800);
  bw_test_spin (200);
  bw_page_test_picture (editor, "label-design-640");
  bw_page_test_click (editor, "Save");
  bw_page_test_wait_text (editor, "Saved");
  gtk_window_close (GTK_WINDOW (editor));
  wait_window_gone (BW_TYPE_DESIGN_EDITOR);
  bw_test_wait_for (is_saved, dialog);
  bw_page_test_wait_text (dialog, "Stays empty: Product.");
  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_find_type (dialog, ADW_TYPE_ENTRY_ROW)), "Thermostat mini");
  bw_page_test_wait_gone (dialog, "Stays empty: Product.");
  bw_page_test_picture (dialog, "labels-designed");

  gtk_widget_activate_action (dialog, "labels.export-to", "s", path);
  written = wait_file ("designed.pdf", &contents, &length);
  g_assert_true (g_str_has_prefix (contents, "%PDF-"));
  bw_page_test_wait_text (dialog, "Saved as “designed.pdf”");

  /* Deleted, and taken back. */
  click_edit (dialog);
  editor = wait_window (BW_TYPE_DESIGN_EDITOR);
  bw_page_test_wait_text (editor, "Check Character");
  gtk_widget_activate_action (editor, "design.delete", NULL);
  bw_page_test_wait_text (editor, "The label design is deleted");
  bw_page_test_click (editor, "Undo");
  bw_page_test_wait_text (editor, "Saved");
  bw_test_wait_for (is_saved, dialog);
  gtk_window_close (GTK_WINDOW (editor));
  wait_window_gone (BW_TYPE_DESIGN_EDITOR);
  gtk_window_close (GTK_WINDOW (dialog));
  wait_window_gone (BW_TYPE_LABELS_DIALOG);
}

static void
test_labels_to_nowhere (Fixture       *fixture,
                        gconstpointer  data)
{
  GtkWidget *dialog;

  sign_in (fixture, "batches");
  create_batch (fixture, "Nowhere", 5);
  bw_page_test_click (widget (fixture), "Labels…");
  dialog = wait_window (BW_TYPE_LABELS_DIALOG);
  bw_page_test_wait_text (dialog, "5 labels on 1 sheet");
  gtk_widget_activate_action (dialog, "labels.export-to", "s", "/nonexistent/labels.pdf");
  bw_page_test_wait_text (dialog, "No such file or directory");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_window_gone (BW_TYPE_LABELS_DIALOG);
}

static void
test_hand_over (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_build_filename (folder, "hand-over.csv", NULL);
  g_autofree char *again = g_build_filename (folder, "again.csv", NULL);
  g_autofree char *written = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *id = NULL;
  GtkWidget *page, *question;
  gsize length;

  sign_in (fixture, "batches");
  create_batch (fixture, "Sold lamps", 12);
  page = bw_page_test_find_type (widget (fixture), g_type_from_name ("BwBatchesPage"));

  /* It asks, and says that there is no way back. */
  bw_page_test_click (page, "Export CSV…");
  question = wait_window (ADW_TYPE_MESSAGE_DIALOG);
  bw_page_test_wait_text (question, "nothing brings them back");
  bw_page_test_picture (question, "hand-over");
  adw_message_dialog_response (ADW_MESSAGE_DIALOG (question), "cancel");
  gtk_window_close (GTK_WINDOW (question));
  wait_window_gone (ADW_TYPE_MESSAGE_DIALOG);

  id = get_selected_id (page);
  gtk_widget_activate_action (page, "batches.export-to", "(ss)", id, path);
  bw_page_test_wait_text (page, "The server has forgotten the keys.");
  bw_page_test_wait_text (page, "Handed over");
  written = wait_file ("hand-over.csv", &contents, &length);
  g_assert_true (g_str_has_prefix (contents, "\"device_id\",\"device_key\"") ||
                 g_str_has_prefix (contents, "device_id,device_key"));

  /* Once more: not over the file that has the keys; elsewhere, with the sentence that they are gone. */
  gtk_widget_activate_action (page, "batches.export-to", "(ss)", id, path);
  bw_page_test_wait_text (page, "This cannot be done now.");
  gtk_widget_activate_action (page, "batches.export-to", "(ss)", id, again);
  bw_page_test_wait_text (page, "without the keys");
}

/* To go through the window by Tab opens no other page. */
static void
test_tab_leaves_the_places (Fixture *fixture)
{
  GtkWidget *places = bw_page_test_find_type (widget (fixture), GTK_TYPE_LIST_BOX);
  GtkWidget *row = bw_page_test_ancestor (bw_page_test_find_text (places, "Devices"), GTK_TYPE_LIST_BOX_ROW);

  for (int direction = GTK_DIR_TAB_FORWARD; direction <= GTK_DIR_TAB_BACKWARD; direction++)
    {
      g_assert_true (gtk_widget_grab_focus (row));
      g_assert_true (gtk_widget_child_focus (widget (fixture), (GtkDirectionType) direction));
      g_assert_false (gtk_widget_is_ancestor (gtk_root_get_focus (GTK_ROOT (fixture->window)), places));
      g_assert_nonnull (bw_page_test_find_text (widget (fixture), "40 devices"));
      g_assert_true (gtk_list_box_row_is_selected (GTK_LIST_BOX_ROW (row)));
    }
}

/* What the charts of the overview lead to. */
static void
test_trends (Fixture       *fixture,
             gconstpointer  data)
{
  sign_in (fixture, "overview");
  bw_page_test_wait_text (widget (fixture), "Online, the Last 24 Hours");
  bw_page_test_wait_text (widget (fixture), "0 devices in 30 days");
  /* where nothing has been counted there is a sentence and no empty chart */
  g_assert_null (bw_page_test_find_type (widget (fixture), BW_TYPE_TREND_LINE));
  g_assert_null (bw_page_test_find_type (widget (fixture), BW_TYPE_TREND_DAYS));
  bw_page_test_picture (widget (fixture), "overview-nothing-counted");
  bw_page_test_click (widget (fixture), "Show Devices");
  bw_page_test_wait_text (widget (fixture), "Nothing matches all of the filters.");
  bw_page_test_picture (widget (fixture), "devices-online");

  /* what is no filter leaves the page as it is */
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "show-devices-where", g_variant_new_string ("{"));
  g_assert_nonnull (bw_page_test_find_text (widget (fixture), "Nothing matches all of the filters."));
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "show-devices-where", g_variant_new_string ("{\"online\":false}"));
  bw_page_test_wait_text (widget (fixture), "100 devices found");
}

static void
test_places (Fixture       *fixture,
             gconstpointer  data)
{
  sign_in (fixture, "overview");
  bw_page_test_wait_text (widget (fixture), "By Status");
  bw_page_test_picture (widget (fixture), "overview");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "show-devices", g_variant_new_string ("labelled"));
  bw_page_test_wait_text (widget (fixture), "40 devices");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "search", NULL);

  test_tab_leaves_the_places (fixture);

  /* Narrow: the sidebar is a page of its own. */
  gtk_window_set_default_size (GTK_WINDOW (fixture->window), 400, 700);
  bw_page_test_wait_gone (widget (fixture), "Administrator at");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "back", NULL);
  bw_page_test_wait_text (widget (fixture), "Administrator at");
  bw_page_test_picture (widget (fixture), "sidebar-400");
}

/* What the page of a company leads to is other pages' business. */
static void
test_from_a_company (Fixture       *fixture,
                     gconstpointer  data)
{
  GtkWidget *page, *dialog;

  sign_in (fixture, "companies");
  page = bw_page_test_find_type (widget (fixture), BW_TYPE_COMPANIES_PAGE);
  bw_page_test_wait_text (page, "Main Company");

  g_signal_emit_by_name (page, "add-participation", "1");
  dialog = wait_window (BW_TYPE_PARTICIPATION_DIALOG);
  bw_page_test_wait_text (dialog, "Main Company");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_window_gone (BW_TYPE_PARTICIPATION_DIALOG);

  g_signal_emit_by_name (page, "edit-participation", "1");
  dialog = wait_window (BW_TYPE_PARTICIPATION_DIALOG);
  bw_page_test_wait_text (dialog, "Super Admin");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_window_gone (BW_TYPE_PARTICIPATION_DIALOG);

  g_signal_emit_by_name (page, "edit-participation", "99");
  bw_page_test_wait_text (widget (fixture), "This does not exist, or not any more.");

  g_signal_emit_by_name (page, "show-users", "1");
  bw_page_test_wait_text (widget (fixture), "Filters (1)");
  bw_page_test_wait_text (widget (fixture), "1 user");

  g_signal_emit_by_name (page, "show-devices", "1");
  bw_page_test_wait_text (widget (fixture), "100 devices");
  bw_page_test_wait_text (bw_page_test_find_type (widget (fixture), BW_TYPE_DEVICES_PAGE), "Main Company");
  bw_page_test_picture (widget (fixture), "devices-of-a-company");
}

static void
rename_to (Fixture    *fixture,
           const char *first_name,
           const char *account)
{
  GtkWidget *dialog;

  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "account", NULL);
  dialog = wait_window (BW_TYPE_ACCOUNT_DIALOG);
  fill_in (dialog, "First Name", first_name);
  bw_page_test_click (dialog, "Save Name");
  bw_page_test_wait_text (widget (fixture), account);
  gtk_window_close (GTK_WINDOW (dialog));
  wait_window_gone (BW_TYPE_ACCOUNT_DIALOG);
}

/* Who is renamed sees it in the sidebar. */
static void
test_rename (Fixture       *fixture,
             gconstpointer  data)
{
  sign_in (fixture, "overview");
  rename_to (fixture, "Ada", "Ada at this computer");
  rename_to (fixture, "Administrator", "Administrator at this computer");
}

static void
test_change_password (Fixture       *fixture,
                      gconstpointer  data)
{
  GtkWidget *dialog;

  sign_in (fixture, "overview");
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "change-password", NULL);
  dialog = wait_window (BW_TYPE_PASSWORD_DIALOG);
  fill_in (dialog, "New Password", "short");
  bw_page_test_wait_text (dialog, "The new password is too short.");
  fill_in (dialog, "New Password", "long enough");
  fill_in (dialog, "New Password Again", "long enoug");
  bw_page_test_wait_text (dialog, "The two new passwords are not the same.");
  fill_in (dialog, "New Password Again", "long enough");
  fill_in (dialog, "Current Password", "not the current one");
  bw_page_test_click (dialog, "Change");
  bw_page_test_wait_text (dialog, "This is not your current password.");
  gtk_window_close (GTK_WINDOW (dialog));
  wait_window_gone (BW_TYPE_PASSWORD_DIALOG);
}

/* The password of the first start opens one door only: to a new password. */
static void
test_first_password (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *path = g_build_filename (folder, "data", "admin-password", NULL);
  g_autofree char *contents = NULL;
  g_auto(GStrv) words = NULL;
  const char *password;
  GtkWidget *dialog;

  g_assert_true (g_file_get_contents (path, &contents, NULL, NULL));
  words = g_strsplit_set (g_strstrip (contents), " \n", -1);
  password = words[g_strv_length (words) - 1];

  for (guint i = 0; i < 2; i++)
    {
      fill_in (widget (fixture), "Server Address", bw_this_computer_get_uri (this_computer));
      fill_in (widget (fixture), "User", "admin");
      fill_in (widget (fixture), "Password", password);
      bw_page_test_click (widget (fixture), "Sign In");
      dialog = wait_window (BW_TYPE_PASSWORD_DIALOG);
      bw_page_test_wait_text (dialog, "for the first sign-in only");

      /* Closed: still outside. The second time a new one is chosen, which opens. */
      if (i == 0)
        {
          gtk_window_close (GTK_WINDOW (dialog));
          wait_window_gone (BW_TYPE_PASSWORD_DIALOG);
          bw_page_test_wait_text (widget (fixture), "Use This Computer");
        }
    }

  fill_in (dialog, "Current Password", password);
  fill_in (dialog, "New Password", "correct horse");
  fill_in (dialog, "New Password Again", "correct horse");
  bw_page_test_click (dialog, "Change");
  wait_window_gone (BW_TYPE_PASSWORD_DIALOG);
  bw_page_test_wait_text (widget (fixture), "By Status");
}

/* The token of the last sign-in is in the keyring, and a new window is signed in with it. */
static void
test_resume_last (Fixture       *fixture,
                  gconstpointer  data)
{
  if (!HAS_KEYRING)
    {
      g_test_skip ("no keyring under a sanitizer");
      return;
    }

  bw_window_resume_last (fixture->window);
  bw_page_test_wait_text (widget (fixture), "Administrator at this computer");

  /* Signed out, it is forgotten. */
  g_action_group_activate_action (G_ACTION_GROUP (fixture->window), "sign-out", NULL);
  bw_page_test_wait_text (widget (fixture), "Use This Computer");
  bw_window_resume_last (fixture->window);
  bw_page_test_wait_text (widget (fixture), "Use This Computer");
}

/* Every action that a menu or the help names is there. */
static void
test_actions_exist (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char * const names[] = {
    "show-place", "show-devices", "search-devices", "back", "search", "reload", "create-ids", "change-password",
    "sign-out",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_assert_true (g_action_group_has_action (G_ACTION_GROUP (fixture->window), names[i]));

      /* Signed out, none of them leads anywhere. */
      g_assert_false (g_action_group_get_action_enabled (G_ACTION_GROUP (fixture->window), names[i]));
    }
}

static void
stopped_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_assert_true (bw_this_computer_stop_finish (BW_THIS_COMPUTER (source), result, NULL));
  *(gboolean *) user_data = TRUE;
}

static gboolean
is_true (gpointer data)
{
  return *(gboolean *) data;
}

int
main (int   argc,
      char *argv[])
{
  gboolean has_stopped = FALSE;
  g_autofree char *data_dir = NULL;
  int status;

  folder = bw_test_make_dir ();
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);   /* what is kept of the sheets of whoever runs this is not ours */
  bw_page_test_init (&argc, &argv);

  /* Ours is read by now; a warning of the backend's does not have to end it. */
  g_unsetenv ("G_DEBUG");

  /* A keyring of the test's own, in a file. */
  {
    g_autofree char *keyring = g_build_filename (folder, HAS_KEYRING ? "keyring" : "no-folder/keyring", NULL);

    g_setenv ("SECRET_BACKEND", "file", TRUE);
    g_setenv ("SECRET_FILE_TEST_PATH", keyring, TRUE);
    g_setenv ("SECRET_FILE_TEST_PASSWORD", "test", TRUE);
  }

  data_dir = g_build_filename (folder, "data", NULL);
  this_computer = bw_this_computer_new (data_dir);
  application = ADW_APPLICATION (adw_application_new ("io.github.bellwether_iot.Bellwether.Test",
                                                      G_APPLICATION_NON_UNIQUE));
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));

#define ADD(name, function) \
  g_test_add ("/app/window/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("wrong-ways-in", test_wrong_ways_in);
  ADD ("actions-exist", test_actions_exist);
  ADD ("use-this-computer", test_use_this_computer);
  ADD ("create-batch", test_create_batch);
  ADD ("batches-table", test_batches_table);
  ADD ("labels", test_labels);
  ADD ("labels-to-nowhere", test_labels_to_nowhere);
  ADD ("hand-over", test_hand_over);
  ADD ("places", test_places);
  ADD ("trends", test_trends);
  ADD ("from-a-company", test_from_a_company);
  ADD ("label-design", test_label_design);
  ADD ("rename", test_rename);
  ADD ("change-password", test_change_password);
  ADD ("first-password", test_first_password);
  ADD ("resume-last", test_resume_last);

  status = g_test_run ();

  bw_this_computer_stop_async (this_computer, stopped_cb, &has_stopped);
  bw_test_wait_for (is_true, &has_stopped);
  g_object_unref (this_computer);
  g_object_unref (application);
  bw_test_remove_dir (folder);
  g_free (folder);

  return status;
}
