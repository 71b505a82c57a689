/* bw-user-page.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-user-page-private.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-json.h"
#include "bw-time-text.h"
#include "bw-user-text.h"

/* What changes of a user comes as several hints at a time. */
#define RELOAD_MS 100

/**
 * BwUserPage:
 *
 * One user: who it is, where they act, and what can be done about it. The live feed's hints
 * make it read again, so that two who look at one user see the same.
 */

G_DEFINE_FINAL_TYPE (BwUserPage, bw_user_page, GTK_TYPE_WIDGET)

enum {
  BACK,
  DELETED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

enum {
  FACT_LOGIN,
  FACT_STATUS,
  FACT_COMPANY,
  FACT_TOTP,
  FACT_LAST_SEEN,
  FACT_CREATED,
  FACT_EDITED,
};

static const char * const fact_names[BW_N_USER_FACTS] = {
  [FACT_LOGIN] = N_("Signs In As"),
  [FACT_STATUS] = N_("Status"),
  [FACT_COMPANY] = N_("Belongs To"),
  [FACT_TOTP] = N_("Second Factor"),
  [FACT_LAST_SEEN] = N_("Last Seen"),
  [FACT_CREATED] = N_("Created"),
  [FACT_EDITED] = N_("Edited"),
};

static void
init_facts (BwUserPage *self)
{
  for (guint i = 0; i < BW_N_USER_FACTS; i++)
    {
      GtkWidget *row = adw_action_row_new ();
      GtkWidget *label = gtk_label_new ("");

      adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), _(fact_names[i]));
      gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), FALSE);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_label_set_xalign (GTK_LABEL (label), 1);
      gtk_widget_add_css_class (label, "dim-label");
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), label);
      adw_preferences_group_add (self->facts_group, row);
      self->fact_labels[i] = GTK_LABEL (label);
    }
}

static void
set_fact (BwUserPage *self,
          guint       fact,
          const char *text)
{
  const char *shown = text != NULL && *text != '\0' ? text : "—";

  gtk_label_set_label (self->fact_labels[fact], shown);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->fact_labels[fact]), shown);
}

static const char *
get_company_name (BwUserPage *self)
{
  const char *id = bw_record_get_text (BW_RECORD (self->user), "company-id");
  BwEntity *company = id != NULL ? bw_entity_list_lookup (bw_session_get_companies (self->session), id) : NULL;

  return company != NULL ? bw_company_get_name (BW_COMPANY (company)) : NULL;
}

static void
update_facts (BwUserPage *self)
{
  gint64 last_seen_us, created_us, edited_us;
  gboolean has_totp;
  g_autofree char *last_seen = NULL;
  g_autofree char *created = NULL;
  g_autofree char *edited = NULL;

  g_object_get (self->user, "last-seen-at-us", &last_seen_us, "created-at-us", &created_us,
                "edited-at-us", &edited_us, "totp", &has_totp, NULL);
  last_seen = bw_time_to_full_text (last_seen_us);
  created = bw_time_to_full_text (created_us);
  edited = bw_time_to_full_text (edited_us);

  set_fact (self, FACT_LOGIN, bw_record_get_text (BW_RECORD (self->user), "login"));
  set_fact (self, FACT_STATUS, bw_user_text_status (self->user));
  set_fact (self, FACT_COMPANY, get_company_name (self));
  set_fact (self, FACT_TOTP, has_totp ? _("On") : _("Off"));
  set_fact (self, FACT_LAST_SEEN, last_seen);
  set_fact (self, FACT_CREATED, created);
  set_fact (self, FACT_EDITED, edited);
}

static void
update_tags (BwUserPage *self)
{
  g_auto(GStrv) tags = NULL;

  g_object_get (self->user, "tags", &tags, NULL);
  bw_tag_chips_set_ids (self->tag_chips, (const char * const *) tags);
}

static void
update (BwUserPage *self)
{
  const char *name = bw_user_text_name (self->user);
  const char *email = bw_record_get_text (BW_RECORD (self->user), "email");

  adw_avatar_set_text (self->avatar, name);
  gtk_label_set_label (self->name_label, name);
  gtk_label_set_label (self->email_label, email != NULL ? email : "");
  gtk_label_set_label (self->status_label, bw_user_text_status (self->user));
  gtk_widget_remove_css_class (GTK_WIDGET (self->status_label), "error");
  gtk_widget_remove_css_class (GTK_WIDGET (self->status_label), "warning");
  if (bw_user_text_status_style (self->user) != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->status_label), bw_user_text_status_style (self->user));

  update_facts (self);
  update_tags (self);
  bw_user_page_update_actions (self);
  gtk_stack_set_visible_child_name (self->stack, "user");
}

static void
fail (BwUserPage   *self,
      const GError *error)
{
  g_autofree char *text = bw_error_to_user_text (error);
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  adw_status_page_set_description (self->failed_page, escaped);
  gtk_stack_set_visible_child_name (self->stack, "failed");
}

static void
participations_loaded_cb (GObject      *source,
                          GAsyncResult *result,
                          gpointer      user_data)
{
  g_autoptr(BwUserPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (document != NULL)
    bw_user_page_show_participations (self, document);
  else
    fail (self, error);
}

static void
user_loaded_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(BwUserPage) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(JsonObject) document = bw_session_call_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  if (document != NULL && bw_entity_load (BW_ENTITY (self->user), document, &error))
    update (self);
  else
    fail (self, error);
}

void
bw_user_page_reload (BwUserPage *self)
{
  g_autofree char *path = g_strconcat ("/v1/users/", self->user_id, NULL);
  g_autofree char *list = g_strconcat ("/v1/participations?limit=500&user=", self->user_id, NULL);

  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  self->reading = g_cancellable_new ();

  bw_session_call_async (self->session, "GET", path, NULL, self->reading, user_loaded_cb, g_object_ref (self));
  if (bw_session_may (self->session, BW_PERMISSION_VIEW_PARTICIPATIONS))
    bw_session_call_async (self->session, "GET", list, NULL, self->reading, participations_loaded_cb,
                           g_object_ref (self));
}

static gboolean
reload_cb (gpointer user_data)
{
  BwUserPage *self = user_data;

  self->reload_id = 0;
  bw_user_page_reload (self);

  return G_SOURCE_REMOVE;
}

static void
reload_soon (BwUserPage *self)
{
  if (self->reload_id == 0)
    self->reload_id = g_timeout_add (RELOAD_MS, reload_cb, self);
}

static void
user_changed_cb (BwUserPage *self,
                 const char *kind,
                 JsonObject *document,
                 BwSession  *session)
{
  if (g_strcmp0 (bw_json_get_string (document, "id"), self->user_id) == 0)
    reload_soon (self);
}

/* Whose participation it is, a hint does not say. */
static void
participation_changed_cb (BwUserPage *self,
                          const char *kind,
                          JsonObject *document,
                          BwSession  *session)
{
  reload_soon (self);
}

static void
names_changed_cb (BwUserPage *self)
{
  if (bw_entity_get_id (BW_ENTITY (self->user)) != NULL)
    update (self);
}

BwParticipation *
bw_user_page_get_participation (BwUserPage *self,
                                const char *id)
{
  for (guint i = 0; i < self->participations->len; i++)
    {
      if (g_strcmp0 (bw_entity_get_id (self->participations->pdata[i]), id) == 0)
        return self->participations->pdata[i];
    }

  return NULL;
}

gboolean
bw_user_page_is_me (BwUserPage *self)
{
  return g_strcmp0 (self->user_id, bw_session_get_user_id (self->session)) == 0;
}

static void
bw_user_page_dispose (GObject *object)
{
  BwUserPage *self = (BwUserPage *) object;

  g_cancellable_cancel (self->cancellable);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->reading);
  g_clear_handle_id (&self->reload_id, g_source_remove);

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_USER_PAGE);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_user_page_parent_class)->dispose (object);
}

static void
bw_user_page_finalize (GObject *object)
{
  BwUserPage *self = (BwUserPage *) object;

  g_clear_object (&self->user);
  g_clear_pointer (&self->participations, g_ptr_array_unref);
  g_clear_pointer (&self->user_id, g_free);

  G_OBJECT_CLASS (bw_user_page_parent_class)->finalize (object);
}

static void
bw_user_page_class_init (BwUserPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_user_page_dispose;
  object_class->finalize = bw_user_page_finalize;

  signals[BACK] = g_signal_new ("back", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 0);
  signals[DELETED] = g_signal_new ("deleted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  g_type_ensure (BW_TYPE_TAG_CHIPS);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/users/bw-user-page.ui");
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, toasts);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, stack);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, failed_page);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, avatar);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, name_label);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, status_label);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, email_label);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, tag_chips);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, suspend_button);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, participations_group);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, participations_list);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, no_participations);
  gtk_widget_class_bind_template_child (widget_class, BwUserPage, facts_group);

  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
  bw_user_page_install_actions (widget_class);
}

static void
bw_user_page_init (BwUserPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->user = bw_user_new ();
  self->participations = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  init_facts (self);
}

GtkWidget *
bw_user_page_new (BwSession  *session,
                  const char *user_id)
{
  BwUserPage *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (user_id != NULL, NULL);

  self = g_object_new (BW_TYPE_USER_PAGE, NULL);
  self->session = g_object_ref (session);
  self->user_id = g_strdup (user_id);
  g_signal_connect_object (session, "changed::user", G_CALLBACK (user_changed_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "changed::participation", G_CALLBACK (participation_changed_cb),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::permissions", G_CALLBACK (bw_user_page_update_actions),
                           self, G_CONNECT_SWAPPED);
  g_signal_connect_object (bw_session_get_companies (session), "items-changed", G_CALLBACK (names_changed_cb),
                           self, G_CONNECT_SWAPPED);
  bw_tag_chips_set_session (self->tag_chips, session);
  gtk_widget_set_visible (GTK_WIDGET (self->participations_group),
                          bw_session_may (session, BW_PERMISSION_VIEW_PARTICIPATIONS));
  bw_user_page_update_actions (self);
  bw_user_page_reload (self);

  return GTK_WIDGET (self);
}
