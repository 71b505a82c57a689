/* bw-actor-button.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-actor-button.h"

#include <adwaita.h>
#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-error-text.h"
#include "bw-participation-text.h"
#include "bw-permission-text.h"

/**
 * BwActorButton:
 *
 * At the foot of the sidebar: the person, the role and the company he acts in. Pressed, it
 * lists all the participations, to act under another one.
 */

struct _BwActorButton
{
  GtkWidget      parent_instance;

  BwSession     *session;        /* (nullable) */
  GCancellable  *cancellable;    /* (nullable): of the switch under way */

  GtkMenuButton *button;
  GtkLabel      *account_label;
  GtkLabel      *acting_label;
  GtkPopover    *popover;
  GtkListBox    *list;
};

G_DEFINE_FINAL_TYPE (BwActorButton, bw_actor_button, GTK_TYPE_WIDGET)

enum {
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
update_labels (BwActorButton *self)
{
  g_autofree char *acting = NULL;
  g_autofree char *spoken = NULL;
  g_autofree char *tooltip = NULL;

  if (self->session == NULL)
    return;

  acting = bw_role_at_company_to_text (bw_session_get_role (self->session), bw_session_get_company (self->session));
  gtk_label_set_label (self->acting_label, acting != NULL ? acting : "");
  gtk_widget_set_visible (GTK_WIDGET (self->acting_label), acting != NULL);

  /* Translators: read out for the button that shows who is signed in: who, as what */
  spoken = g_strdup_printf (_("%s, acting as %s"), gtk_label_get_label (self->account_label),
                            acting != NULL ? acting : "—");
  bw_accessible_set_label (GTK_WIDGET (self->button), spoken);

  /* The sidebar does not grow with the name of a company. */
  tooltip = acting != NULL ? g_strconcat (gtk_label_get_label (self->account_label), "\n", acting, NULL)
                           : g_strdup (gtk_label_get_label (self->account_label));
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->button), tooltip);
}

static GtkWidget *
make_row (gpointer item,
          gpointer user_data)
{
  BwActorButton *self = user_data;
  const char *id = bw_entity_get_id (item);
  const char *last_day = bw_record_get_text (item, "last-day");
  gboolean is_active;
  gboolean is_acting = self->session != NULL && g_strcmp0 (id, bw_session_get_acting (self->session)) == 0;
  GtkWidget *row = adw_action_row_new ();
  g_autofree char *company = g_markup_escape_text (bw_record_get_text (item, "company") != NULL
                                                   ? bw_record_get_text (item, "company") : "—", -1);
  g_autofree char *role = g_strdup (bw_role_name_to_text (bw_record_get_text (item, "role")));
  g_autofree char *until = bw_day_to_text (last_day);
  g_autofree char *subtitle = NULL;
  g_autofree char *tooltip = NULL;

  g_object_get (item, "active", &is_active, NULL);
  if (!is_active)
    /* Translators: a role that one does not have now, by its first or last day */
    subtitle = g_markup_printf_escaped (_("%s, not valid today"), role != NULL ? role : "—");
  else if (last_day != NULL)
    /* Translators: a role, and the last day one has it */
    subtitle = g_markup_printf_escaped (_("%s, until %s"), role != NULL ? role : "—", until);
  else
    subtitle = g_markup_escape_text (role != NULL ? role : "—", -1);

  tooltip = g_strconcat (company, "\n", subtitle, NULL);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), company);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);

  /* The height of the list is measured as if nothing wrapped. */
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  gtk_widget_set_tooltip_markup (row, tooltip);
  gtk_widget_set_name (row, id);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), is_active);
  gtk_widget_set_sensitive (row, is_active);
  if (is_acting)
    {
      GtkWidget *mark = gtk_image_new_from_icon_name ("object-select-symbolic");

      bw_accessible_set_label (mark, _("Current"));
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), mark);
    }

  return row;
}

/* Which one is the current one is no property of the list's items. */
static void
fill_list (BwActorButton *self)
{
  GListModel *model = self->session != NULL ? G_LIST_MODEL (bw_session_get_participations (self->session)) : NULL;

  gtk_list_box_bind_model (self->list, NULL, NULL, NULL, NULL);
  if (model != NULL)
    gtk_list_box_bind_model (self->list, model, make_row, self, NULL);
}

/* A popover whose rows went while it was closed takes the focus to be where it was, and no key does anything. */
static void
focus_first (BwActorButton *self)
{
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    {
      if (gtk_widget_grab_focus (GTK_WIDGET (row)))
        return;
    }
}

static void
acting_cb (BwActorButton *self)
{
  update_labels (self);
  fill_list (self);
}

static void
switched_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(BwActorButton) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (bw_session_switch_participation_finish (BW_SESSION (source), result, &error))
    return;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  text = bw_error_to_user_text (error);
  g_signal_emit (self, signals[FAILED], 0, text);
}

static void
row_activated_cb (BwActorButton *self,
                  GtkListBoxRow *row)
{
  const char *id = gtk_widget_get_name (GTK_WIDGET (row));

  gtk_popover_popdown (self->popover);
  if (self->session == NULL || g_strcmp0 (id, bw_session_get_acting (self->session)) == 0)
    return;

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->cancellable = g_cancellable_new ();
  bw_session_switch_participation_async (self->session, id, self->cancellable,
                                         switched_cb, g_object_ref (self));
}

static void
leave_session (BwActorButton *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);

  g_clear_object (&self->session);
}

static void
bw_actor_button_dispose (GObject *object)
{
  leave_session (BW_ACTOR_BUTTON (object));
  gtk_widget_dispose_template (GTK_WIDGET (object), BW_TYPE_ACTOR_BUTTON);

  G_OBJECT_CLASS (bw_actor_button_parent_class)->dispose (object);
}

static void
bw_actor_button_class_init (BwActorButtonClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_actor_button_dispose;

  signals[FAILED] =
    g_signal_new ("failed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-actor-button.ui");
  gtk_widget_class_bind_template_child (widget_class, BwActorButton, button);
  gtk_widget_class_bind_template_child (widget_class, BwActorButton, account_label);
  gtk_widget_class_bind_template_child (widget_class, BwActorButton, acting_label);
  gtk_widget_class_bind_template_child (widget_class, BwActorButton, popover);
  gtk_widget_class_bind_template_child (widget_class, BwActorButton, list);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, fill_list);
  gtk_widget_class_bind_template_callback (widget_class, focus_first);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_actor_button_init (BwActorButton *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void
show_account (BwActorButton *self,
              const char    *account)
{
  gtk_label_set_label (self->account_label, account != NULL ? account : "");
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->account_label), account);
}

void
bw_actor_button_set_session (BwActorButton *self,
                             BwSession     *session,
                             const char    *account)
{
  g_return_if_fail (BW_IS_ACTOR_BUTTON (self));

  leave_session (self);
  self->session = session != NULL ? g_object_ref (session) : NULL;
  show_account (self, account);
  if (session != NULL)
    {
      /* The role may be called otherwise without being another one. */
      g_signal_connect_object (session, "notify::acting", G_CALLBACK (acting_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (session, "notify::permissions", G_CALLBACK (acting_cb), self, G_CONNECT_SWAPPED);
    }

  acting_cb (self);
}

void
bw_actor_button_set_account (BwActorButton *self,
                             const char    *account)
{
  g_return_if_fail (BW_IS_ACTOR_BUTTON (self));

  show_account (self, account);
  update_labels (self);
}

void
bw_actor_button_popup (BwActorButton *self)
{
  g_return_if_fail (BW_IS_ACTOR_BUTTON (self));

  gtk_menu_button_popup (self->button);
}
