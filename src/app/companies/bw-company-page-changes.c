/* bw-company-page-changes.c: saving, moving and deleting a company
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-company-page-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-effects-view.h"
#include "bw-error-text.h"
#include "bw-error.h"
#include "bw-json.h"
#include "bw-outcome.h"

#define EFFECTS_MIN_HEIGHT_PX 200
#define EFFECTS_WIDTH_PX      320

/* A question that is open, or a call under way, and what it is about. */
typedef struct
{
  BwCompanyPage *page;       /* (owned) */
  JsonObject    *changes;    /* (owned) (nullable): members to save */
  GtkEditable   *comment;    /* (nullable): the dialog's */
  GError        *error;      /* (owned) (nullable): why it was refused */
  gint64         revision;   /* that it is said of */
} Question;

static Question *
question_new (BwCompanyPage *self,
              JsonObject    *changes,
              gint64         revision)
{
  Question *question = g_new0 (Question, 1);

  question->page = g_object_ref (self);
  question->changes = changes != NULL ? json_object_ref (changes) : NULL;
  question->revision = revision;

  return question;
}

static void
question_free (Question *question)
{
  g_object_unref (question->page);
  g_clear_pointer (&question->changes, json_object_unref);
  g_clear_error (&question->error);
  g_free (question);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Question, question_free)

static void
question_closed (gpointer  data,
                 GClosure *closure)
{
  question_free (data);
}

static void
ask (GtkWidget *dialog,
     GCallback  response_cb,
     Question  *question)
{
  g_signal_connect_data (dialog, "response", response_cb, question, question_closed, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* What somebody has to say to whoever decides. (transfer full) (nullable) */
static char *
get_comment (Question *question)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (question->comment)));

  return *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static GtkWidget *
comment_new (Question *question)
{
  GtkWidget *group = adw_preferences_group_new ();
  GtkWidget *row = adw_entry_row_new ();

  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _("Comment"));
  adw_preferences_group_add (ADW_PREFERENCES_GROUP (group), row);
  question->comment = GTK_EDITABLE (row);

  return group;
}

static char *
make_path (BwCompanyPage *self)
{
  g_autofree char *escaped = g_uri_escape_string (self->company_id, NULL, FALSE);

  return g_strconcat ("/v1/companies/", escaped, NULL);
}

/* What the members of @changes are now, so that it can be taken back. */
static JsonObject *
make_undo (BwCompanyPage *self,
           JsonObject    *changes)
{
  g_autoptr(JsonObject) before = bw_entity_save (BW_ENTITY (self->company));
  g_autoptr(GList) names = json_object_get_members (changes);
  JsonObject *undo = json_object_new ();

  for (GList *l = names; l != NULL; l = l->next)
    {
      JsonNode *value = json_object_get_member (before, l->data);

      /* To have no phone is said by an empty text. */
      if (value != NULL && !JSON_NODE_HOLDS_NULL (value))
        json_object_set_member (undo, l->data, json_node_copy (value));
      else
        json_object_set_string_member (undo, l->data, "");
    }

  return undo;
}

static JsonObject *
make_body (JsonObject *changes,
           gint64      revision,
           const char *comment)
{
  g_autoptr(GList) names = json_object_get_members (changes);
  JsonObject *body = json_object_new ();

  for (GList *l = names; l != NULL; l = l->next)
    json_object_set_member (body, l->data, json_node_copy (json_object_get_member (changes, l->data)));

  json_object_set_int_member (body, "revision", revision);
  if (comment != NULL)
    json_object_set_string_member (body, "comment", comment);

  return body;
}

static void send_changes (BwCompanyPage *self,
                          JsonObject    *changes,
                          gint64         revision,
                          const char    *comment);

static void
stale_response_cb (GtkWidget  *dialog,
                   const char *response,
                   Question   *question)
{
  if (g_str_equal (response, "mine"))
    send_changes (question->page, question->changes, question->revision, NULL);
  else if (g_str_equal (response, "theirs"))
    bw_company_page_load_form (question->page);
}

/* A conflict is with somebody who saved meanwhile, or with another company, whose alias it is. */
static void
looked_again_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(Question) question = user_data;
  BwCompanyPage *self = question->page;
  g_autoptr(JsonObject) theirs = NULL;
  g_autoptr(GError) error = NULL;
  gint64 revision;

  theirs = bw_session_call_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  bw_company_page_set_busy (self, FALSE);
  revision = theirs != NULL ? bw_json_get_int (theirs, "revision", 0) : question->revision;
  if (revision == question->revision)
    {
      bw_company_form_show_error (self->form, question->error);
      return;
    }

  bw_entity_list_upsert (bw_session_get_companies (self->session), theirs, NULL);
  ask (bw_stale_dialog_new (GTK_WIDGET (self), self->session, question->changes, theirs),
       G_CALLBACK (stale_response_cb), question_new (self, question->changes, revision));
}

static void
saved_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(Question) question = user_data;
  BwCompanyPage *self = question->page;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *path = make_path (self);

  outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT))
    {
      question->error = g_steal_pointer (&error);
      bw_session_call_async (self->session, "GET", path, NULL, self->cancellable,
                             looked_again_cb, g_steal_pointer (&question));
      return;
    }

  bw_company_page_set_busy (self, FALSE);
  if (outcome == NULL)
    {
      bw_company_form_show_error (self->form, error);
      return;
    }

  /* What waits for approval is not so yet. */
  bw_company_page_load_form (self);
  bw_company_page_update (self);
  bw_outcome_show (self->toasts, outcome, _("Saved"), self->undo != NULL ? "company.undo" : NULL, NULL);
}

static void
send_changes (BwCompanyPage *self,
              JsonObject    *changes,
              gint64         revision,
              const char    *comment)
{
  g_autoptr(JsonObject) body = make_body (changes, revision, comment);
  g_autofree char *path = make_path (self);

  /* To hang it back takes the same way as to move it: a request. */
  g_clear_pointer (&self->undo, json_object_unref);
  if (!json_object_has_member (changes, "parentId"))
    self->undo = make_undo (self, changes);

  bw_company_page_set_busy (self, TRUE);
  bw_session_change_async (self->session, "PATCH", path, body, self->cancellable,
                           saved_cb, question_new (self, changes, revision));
}

static void
move_response_cb (GtkWidget  *dialog,
                  const char *response,
                  Question   *question)
{
  g_autofree char *comment = get_comment (question);

  if (g_str_equal (response, "accept"))
    send_changes (question->page, question->changes, question->revision, comment);
}

/* Who acts above the new place gets it into his reach, and who acts above the old one loses it. */
static void
ask_move (BwCompanyPage *self,
          JsonObject    *changes)
{
  GtkWidget *dialog = bw_question_new (GTK_WIDGET (self), _("What Would Change"),
                                       _("Another parent company changes who reaches this company and all below it. "
                                         "It may have to be approved first."),
                                       _("_Move"), FALSE);
  Question *question = question_new (self, changes, self->revision);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *effects = bw_effects_view_new ();
  g_autoptr(JsonObject) body = make_body (changes, self->revision, NULL);
  g_autofree char *path = make_path (self);

  gtk_scrolled_window_set_policy (GTK_SCROLLED_WINDOW (scrolled), GTK_POLICY_NEVER, GTK_POLICY_AUTOMATIC);
  gtk_scrolled_window_set_min_content_height (GTK_SCROLLED_WINDOW (scrolled), EFFECTS_MIN_HEIGHT_PX);
  gtk_widget_set_size_request (scrolled, EFFECTS_WIDTH_PX, -1);
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), effects);
  gtk_box_append (GTK_BOX (box), scrolled);
  gtk_box_append (GTK_BOX (box), comment_new (question));
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), box);

  bw_effects_view_ask (BW_EFFECTS_VIEW (effects), self->session, "PATCH", path, body);
  ask (dialog, G_CALLBACK (move_response_cb), question);
}

void
bw_company_page_save (BwCompanyPage *self)
{
  g_autoptr(JsonObject) changes = bw_company_form_make_changes (self->form);

  if (json_object_has_member (changes, "parentId"))
    ask_move (self, changes);
  else
    send_changes (self, changes, self->revision, NULL);
}

void
bw_company_page_undo (BwCompanyPage *self)
{
  g_autoptr(JsonObject) undo = g_steal_pointer (&self->undo);

  if (undo != NULL && !self->is_busy)
    send_changes (self, undo, bw_entity_get_revision (BW_ENTITY (self->company)), NULL);
}

/* Deleting */

static gint64
get_count (BwCompanyPage *self,
           const char    *property)
{
  gint64 count = 0;

  g_object_get (self->company, property, &count, NULL);

  return count;
}

static void
update_refusal (BwCompanyPage *self,
                const GError  *error)
{
  BwCompanyNode *node = bw_company_tree_lookup (self->tree, self->company_id);
  gboolean is_in_the_way = g_error_matches (error, BW_ERROR, BW_ERROR_CONFLICT);
  gboolean may_users = bw_session_may (self->session, BW_PERMISSION_VIEW_USERS);

  gtk_widget_set_visible (self->refusal_devices, is_in_the_way && get_count (self, "n-devices") > 0);
  gtk_widget_set_visible (self->refusal_participations, is_in_the_way && get_count (self, "n-participations") > 0);
  gtk_widget_set_visible (self->refusal_subsidiaries,
                          is_in_the_way && node != NULL && bw_company_node_get_n_children (node) > 0);
  gtk_widget_set_visible (self->refusal_users,
                          is_in_the_way && may_users && strstr (error->message, "user") != NULL);
}

static void
refusal_looked_at_cb (GObject      *source,
                      GAsyncResult *result,
                      gpointer      user_data)
{
  g_autoptr(Question) question = user_data;
  BwCompanyPage *self = question->page;
  g_autoptr(JsonObject) document = NULL;
  g_autoptr(GError) error = NULL;

  document = bw_session_call_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (document != NULL)
    bw_entity_list_upsert (bw_session_get_companies (self->session), document, NULL);

  update_refusal (self, question->error);
}

/* The server's sentence says what is in the way; the buttons lead there. What was counted when the
 * list was read may be another number now. */
static void
show_refusal (BwCompanyPage *self,
              const GError  *error)
{
  g_autofree char *text = bw_error_to_user_text (error);
  g_autofree char *path = make_path (self);
  Question *question = question_new (self, NULL, 0);

  gtk_label_set_label (self->refusal_label, text);
  update_refusal (self, error);
  gtk_revealer_set_reveal_child (self->refusal_revealer, TRUE);

  question->error = g_error_copy (error);
  bw_session_call_async (self->session, "GET", path, NULL, self->cancellable, refusal_looked_at_cb, question);
}

static void
deleted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(BwCompanyPage) self = user_data;
  g_autoptr(BwOutcome) outcome = NULL;
  g_autoptr(GError) error = NULL;

  outcome = bw_session_change_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  /* When it is gone, so is the page: the list tells first. */
  self->is_deleting = FALSE;
  bw_company_page_set_busy (self, FALSE);
  if (outcome != NULL)
    bw_outcome_show (self->toasts, outcome, _("Deleted"), NULL, NULL);
  else
    show_refusal (self, error);
}

static void
delete_response_cb (GtkWidget  *dialog,
                    const char *response,
                    Question   *question)
{
  BwCompanyPage *self = question->page;
  g_autofree char *comment = get_comment (question);
  g_autofree char *escaped = comment != NULL ? g_uri_escape_string (comment, NULL, FALSE) : NULL;
  g_autofree char *path = make_path (self);
  g_autofree char *full = NULL;

  if (!g_str_equal (response, "accept"))
    return;

  full = g_strdup_printf ("%s?revision=%" G_GINT64_FORMAT "%s%s", path, question->revision,
                          escaped != NULL ? "&comment=" : "", escaped != NULL ? escaped : "");
  self->is_deleting = TRUE;
  bw_company_page_set_busy (self, TRUE);
  bw_session_change_async (self->session, "DELETE", full, NULL, self->cancellable, deleted_cb, g_object_ref (self));
}

static void
delete_previewed_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(Question) question = user_data;
  BwCompanyPage *self = question->page;
  g_autoptr(JsonObject) effects = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *heading = NULL;
  GtkWidget *dialog;
  gboolean is_parked;

  effects = bw_session_preview_finish (BW_SESSION (source), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  bw_company_page_set_busy (self, FALSE);
  if (effects == NULL)
    {
      show_refusal (self, error);
      return;
    }

  is_parked = bw_json_get_boolean (effects, "parked", FALSE);
  /* Translators: %s is the name of a company */
  heading = g_strdup_printf (_("Delete “%s”?"), bw_company_get_name (self->company));
  dialog = bw_question_new (GTK_WIDGET (self), heading,
                            is_parked ? _("Somebody above has to approve it. It cannot be brought back then.")
                                      : _("It cannot be brought back."),
                            is_parked ? _("Ask for _Approval") : _("_Delete"), TRUE);
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), comment_new (question));
  ask (dialog, G_CALLBACK (delete_response_cb), g_steal_pointer (&question));
}

/* Whether it can be deleted at all, and by whom, is asked before the person is. */
void
bw_company_page_ask_delete (BwCompanyPage *self)
{
  gint64 revision = bw_entity_get_revision (BW_ENTITY (self->company));
  g_autofree char *path = make_path (self);
  g_autofree char *full = g_strdup_printf ("%s?revision=%" G_GINT64_FORMAT, path, revision);

  gtk_revealer_set_reveal_child (self->refusal_revealer, FALSE);
  bw_company_page_set_busy (self, TRUE);
  bw_session_preview_async (self->session, "DELETE", full, NULL, self->cancellable,
                            delete_previewed_cb, question_new (self, NULL, revision));
}
