/* test-account.c: the ways in, and what belongs to the person who is in
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include "bw-sign-in-page.h"

#include <string.h>

#include "bw-account-dialog.h"
#include "bw-fake-people.h"
#include "bw-page-test.h"
#include "bw-password-meter.h"
#include "bw-second-factor-dialog.h"
#include "bw-test.h"

typedef struct
{
  BwFakePeople   *backend;
  BwThisComputer *this_computer;
  GtkWidget      *page;
  GtkWidget      *window;
  BwSession      *signed_in;    /* (owned) (nullable) */
} Fixture;

static void
signed_in_cb (GtkWidget *page,
              BwSession *session,
              guint      way,
              Fixture   *fixture)
{
  g_set_object (&fixture->signed_in, session);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->backend = bw_fake_people_new (3);
  fixture->this_computer = bw_this_computer_new (g_get_tmp_dir ());
  fixture->page = bw_sign_in_page_new (fixture->this_computer);
  g_signal_connect (fixture->page, "signed-in", G_CALLBACK (signed_in_cb), fixture);
  fixture->window = bw_page_test_present (fixture->page, 800, 860);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  bw_page_test_close (fixture->window);
  g_clear_object (&fixture->signed_in);
  g_object_unref (fixture->this_computer);
  bw_fake_people_free (fixture->backend);
}

static void
type (GtkWidget  *root,
      const char *title,
      const char *text)
{
  GtkWidget *label = bw_page_test_wait_text (root, title);

  gtk_editable_set_text (GTK_EDITABLE (bw_page_test_ancestor (label, ADW_TYPE_ENTRY_ROW)), text);
}

static gboolean
is_signed_in (gpointer data)
{
  return ((Fixture *) data)->signed_in != NULL;
}

static void
test_second_factor_at_sign_in (Fixture       *fixture,
                               gconstpointer  data)
{
  bw_fake_people_set_totp (fixture->backend, TRUE);
  type (fixture->page, "Server Address", bw_fake_people_get_uri (fixture->backend));
  type (fixture->page, "User", "ada");
  type (fixture->page, "Password", "wrong password");
  gtk_widget_activate_action (fixture->page, "sign-in.sign-in", NULL);
  bw_page_test_wait_text (fixture->page, "User or password is wrong.");

  type (fixture->page, "Password", "right password");
  gtk_widget_activate_action (fixture->page, "sign-in.sign-in", NULL);
  bw_page_test_wait_text (fixture->page, "Second Step");
  bw_page_test_picture (fixture->window, "sign-in-code");
  type (fixture->page, "Code", "000000");
  gtk_widget_activate_action (fixture->page, "sign-in.send-code", NULL);
  bw_page_test_wait_text (fixture->page, "This code is not right.");
  g_assert_null (fixture->signed_in);
  type (fixture->page, "Code", " 123456 ");
  gtk_widget_activate_action (fixture->page, "sign-in.send-code", NULL);
  bw_test_wait_for (is_signed_in, fixture);
  g_assert_cmpstr (bw_session_get_token (fixture->signed_in), ==, "token");
}

static void
test_invitation (Fixture       *fixture,
                 gconstpointer  data)
{
  type (fixture->page, "Server Address", bw_fake_people_get_uri (fixture->backend));
  bw_page_test_click (fixture->page, "I Have an Invitation");
  bw_page_test_wait_text (fixture->page, "Accept an Invitation");
  type (fixture->page, "Invitation Code", "ABCD");
  type (fixture->page, "New Password", "short");
  bw_page_test_wait_text (fixture->page, "Too short");
  type (fixture->page, "New Password", "longer1111");
  bw_page_test_wait_text (fixture->page, "Weak");
  type (fixture->page, "New Password", "correct horse battery staple");
  bw_page_test_wait_text (fixture->page, "Strong password");
  type (fixture->page, "New Password Again", "correct horse");
  bw_page_test_wait_text (fixture->page, "The two new passwords are not the same.");
  bw_page_test_picture (fixture->window, "sign-in-invitation");
  type (fixture->page, "New Password Again", "correct horse battery staple");
  bw_page_test_click (fixture->page, "Join");
  bw_page_test_wait_text (fixture->page, "This code is not valid, or not any more.");

  type (fixture->page, "Invitation Code", "ABCD-EFGH-IJKL");
  bw_page_test_click (fixture->page, "Join");
  bw_test_wait_for (is_signed_in, fixture);

  /* Nothing of the password stays behind. */
  g_assert_null (bw_page_test_find_text (fixture->page, "correct horse"));
  bw_page_test_wait_text (fixture->page, "I Have an Invitation");
}

static void
test_registration (Fixture       *fixture,
                   gconstpointer  data)
{
  /* Only where the server allows it. */
  g_assert_null (bw_page_test_find_text (fixture->page, "Create an Account"));
  type (fixture->page, "Server Address", bw_fake_people_get_uri (fixture->backend));
  bw_page_test_click (fixture->page, "Create an Account");
  type (fixture->page, "E-Mail", "nobody");
  bw_page_test_wait_text (fixture->page, "This is not an e-mail address");
  type (fixture->page, "E-Mail", "new@example.com");
  type (fixture->page, "Company Alias", "No Alias");
  bw_page_test_wait_text (fixture->page, "A company’s alias has");
  type (fixture->page, "Company Alias", "elsewhere");
  type (fixture->page, "First Name", "Nora");
  type (fixture->page, "Last Name", "New");
  type (fixture->page, "New Password", "correct horse battery staple");
  type (fixture->page, "New Password Again", "correct horse battery staple");
  bw_page_test_picture (fixture->window, "sign-in-registration");
  bw_page_test_click (fixture->page, "Create Account");
  bw_page_test_wait_text (fixture->page, "No company has this alias.");
  type (fixture->page, "Company Alias", "acme");
  bw_page_test_click (fixture->page, "Create Account");
  bw_test_wait_for (is_signed_in, fixture);
}

static GtkWidget *
find_dialog (GType type_of_it)
{
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);

      if (G_TYPE_CHECK_INSTANCE_TYPE (window, type_of_it) && gtk_widget_get_mapped (window))
        return window;
    }

  return NULL;
}

static gboolean
has_no_factor_dialog (gpointer data)
{
  return find_dialog (BW_TYPE_SECOND_FACTOR_DIALOG) == NULL;
}

static void
test_account (void)
{
  g_autoptr(BwFakePeople) backend = bw_fake_people_new (3);
  BwSession *session = bw_fake_people_make_session (backend);
  GtkWidget *dialog = bw_account_dialog_new (session);
  GtkWidget *factor;

  gtk_window_present (GTK_WINDOW (dialog));
  bw_page_test_wait_text (dialog, "ada@example.com");
  bw_page_test_wait_text (dialog, "Super Admin at Main Company");
  bw_page_test_wait_text (dialog, "This session");
  bw_page_test_wait_text (dialog, "198.51.100.7");
  bw_page_test_picture (dialog, "account");
  bw_page_test_click (dialog, "End");
  bw_page_test_wait_gone (dialog, "198.51.100.7");
  bw_page_test_wait_text (dialog, "This session");

  type (dialog, "First Name", "Augusta");
  bw_page_test_click (dialog, "Save Name");
  bw_page_test_wait_text (dialog, "Saved");
  g_assert_cmpstr (bw_session_get_first_name (session), ==, "Augusta");

  bw_page_test_click (dialog, "Set Up…");
  factor = find_dialog (BW_TYPE_SECOND_FACTOR_DIALOG);
  g_assert_nonnull (factor);
  bw_page_test_wait_text (factor, "JBSWY3DPEHPK3PXP");
  bw_page_test_picture (factor, "factor-code");
  type (factor, "Code", "111111");
  bw_page_test_click (factor, "Confirm");
  bw_page_test_wait_text (factor, "This code is not right.");
  type (factor, "Code", "123456");
  bw_page_test_click (factor, "Confirm");
  bw_page_test_wait_text (factor, "bbbb-2222");
  bw_page_test_picture (factor, "factor-recovery");
  bw_page_test_click (factor, "Copy");
  bw_page_test_wait_text (factor, "Recovery codes copied");
  bw_page_test_click (factor, "Done");
  bw_test_wait_for (has_no_factor_dialog, NULL);

  bw_page_test_wait_text (dialog, "On: signing in takes a code, too");
  bw_page_test_click (dialog, "Switch Off…");
  factor = find_dialog (BW_TYPE_SECOND_FACTOR_DIALOG);
  type (factor, "Code", "123456");
  bw_page_test_click (factor, "Switch Off");
  bw_test_wait_for (has_no_factor_dialog, NULL);
  bw_page_test_wait_text (dialog, "Off: the password alone is enough");

  gtk_window_close (GTK_WINDOW (dialog));
  bw_page_test_let_go (G_OBJECT (session));
}

static void
test_strength (void)
{
  static const struct
  {
    const char         *password;
    BwPasswordStrength  strength;
  } cases[] = {
    { "", BW_PASSWORD_TOO_SHORT },
    { "Ab1!xyz", BW_PASSWORD_TOO_SHORT },
    { "aaaaaaaaaaaaaaaa", BW_PASSWORD_WEAK },
    { "12345678", BW_PASSWORD_WEAK },
    { "password", BW_PASSWORD_WEAK },
    { "xK4#pQ9z", BW_PASSWORD_FAIR },
    { "ґанок їжак мрія", BW_PASSWORD_STRONG },
    { "correct horse battery staple", BW_PASSWORD_STRONG },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("%s", cases[i].password);
      g_assert_cmpint (bw_password_strength (cases[i].password), ==, cases[i].strength);
    }
}

int
main (int   argc,
      char *argv[])
{
  bw_page_test_init (&argc, &argv);

#define ADD(name, function) \
  g_test_add ("/app/sign-in/" name, Fixture, NULL, set_up, function, tear_down)

  ADD ("second-factor", test_second_factor_at_sign_in);
  ADD ("invitation", test_invitation);
  ADD ("registration", test_registration);
  g_test_add_func ("/app/account/dialog", test_account);
  g_test_add_func ("/app/account/strength", test_strength);

  return g_test_run ();
}
