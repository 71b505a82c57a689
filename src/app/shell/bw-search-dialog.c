/* bw-search-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-search-dialog.h"

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-search-commands.h"

/* Who does not see what he means types a letter more. */
#define MAX_HITS 6

/**
 * BwSearchDialog:
 *
 * A search over everything and a list of what is like it, each a press away. The entry keeps the focus: arrows
 * move the mark in the list, Enter opens what is marked, also when it is pressed before the answer is there.
 */

struct _BwSearchDialog
{
  AdwWindow       parent_instance;

  BwSession      *session;
  GCancellable   *cancellable;    /* (nullable): of the search under way */
  char           *text;           /* (nullable): what the list answers, or will */
  gboolean        opens_first;    /* Enter came before the answer */
  GPtrArray      *actions;        /* (element-type utf8): what each row does, detailed names */

  GtkSearchEntry *entry;
  GtkStack       *stack;
  GtkListBox     *list;
  AdwStatusPage  *failed_page;
};

G_DEFINE_FINAL_TYPE (BwSearchDialog, bw_search_dialog, ADW_TYPE_WINDOW)

static const struct
{
  const char *nick;
  const char *title;
  const char *icon_name;
} kinds[BW_N_HIT_KINDS] = {
  [BW_HIT_DEVICE] = { "device", N_("Devices"), "bw-devices-symbolic" },
  [BW_HIT_BATCH] = { "batch", N_("Batches"), "bw-batches-symbolic" },
  [BW_HIT_COMPANY] = { "company", N_("Companies"), "bw-companies-symbolic" },
  [BW_HIT_USER] = { "user", N_("Users"), "bw-users-symbolic" },
};

static void
stop (BwSearchDialog *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
clear_list (BwSearchDialog *self)
{
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  g_ptr_array_set_size (self->actions, 0);
}

/* @group: the heading above the first of its like. @action: detailed */
static void
add_row (BwSearchDialog *self,
         const char     *group,
         const char     *icon_name,
         const char     *title,
         const char     *subtitle,
         const char     *action)
{
  GtkWidget *row = adw_action_row_new ();

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row), title);
  if (subtitle != NULL && *subtitle != '\0')
    adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_set_title_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_subtitle_lines (ADW_ACTION_ROW (row), 1);
  adw_action_row_set_icon_name (ADW_ACTION_ROW (row), icon_name);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_widget_set_focusable (row, FALSE);
  gtk_widget_set_name (row, group);
  g_ptr_array_add (self->actions, g_strdup (action));
  gtk_list_box_append (self->list, row);
}

static void
header_func (GtkListBoxRow *row,
             GtkListBoxRow *before,
             gpointer       user_data)
{
  const char *group = gtk_widget_get_name (GTK_WIDGET (row));
  GtkWidget *header = NULL;

  if (before == NULL || g_strcmp0 (gtk_widget_get_name (GTK_WIDGET (before)), group) != 0)
    {
      header = gtk_label_new (group);
      gtk_label_set_xalign (GTK_LABEL (header), 0);
      gtk_widget_add_css_class (header, "place-heading");
      gtk_widget_add_css_class (header, "dim-label");
    }

  gtk_list_box_row_set_header (row, header);
}

static void
add_hits (BwSearchDialog *self,
          BwSearchFound  *found,
          BwHitKind       kind)
{
  for (guint i = 0; i < found->hits->len; i++)
    {
      const BwSearchHit *hit = g_ptr_array_index (found->hits, i);
      g_autoptr(GVariant) target = NULL;
      g_autofree char *action = NULL;

      if (hit->kind != kind)
        continue;

      target = g_variant_ref_sink (g_variant_new ("(ss)", kinds[kind].nick, hit->id));
      action = g_action_print_detailed_name ("win.show-object", target);
      add_row (self, _(kinds[kind].title), kinds[kind].icon_name, hit->title, hit->detail, action);
    }

  if (kind == BW_HIT_DEVICE && found->has_more[kind])
    {
      g_autoptr(GVariant) target = g_variant_ref_sink (g_variant_new_string (self->text));
      g_autofree char *action = g_action_print_detailed_name ("win.search-devices", target);

      add_row (self, _(kinds[kind].title), "system-search-symbolic", _("All Devices Like This"), NULL, action);
    }
}

static void
add_commands (BwSearchDialog *self)
{
  g_autoptr(GPtrArray) commands = bw_search_commands_find (self->session, self->text);

  for (guint i = 0; i < commands->len; i++)
    {
      const BwSearchCommand *command = g_ptr_array_index (commands, i);

      /* Translators: heading above what the program can be told to do, in the search */
      add_row (self, _("Commands"), command->icon_name, _(command->title), NULL, command->action);
    }
}

static void
activate_row (BwSearchDialog *self,
              GtkListBoxRow  *row)
{
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_autofree char *action = g_strdup (g_ptr_array_index (self->actions, (guint) gtk_list_box_row_get_index (row)));
  g_autofree char *name = NULL;
  g_autoptr(GVariant) target = NULL;

  if (parent == NULL || !g_action_parse_detailed_name (action, &name, &target, NULL))
    return;

  gtk_window_close (GTK_WINDOW (self));
  gtk_widget_activate_action_variant (GTK_WIDGET (parent), name, target);
}

static void
show_found (BwSearchDialog *self,
            BwSearchFound  *found)
{
  GtkListBoxRow *first;

  clear_list (self);
  for (guint kind = 0; found != NULL && kind < BW_N_HIT_KINDS; kind++)
    add_hits (self, found, (BwHitKind) kind);
  add_commands (self);

  first = gtk_list_box_get_row_at_index (self->list, 0);
  gtk_list_box_select_row (self->list, first);
  gtk_stack_set_visible_child_name (self->stack, first == NULL && *self->text != '\0' ? "nothing" : "list");
  if (first != NULL && self->opens_first)
    activate_row (self, first);
  self->opens_first = FALSE;
}

static void
found_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwSearchDialog) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BwSearchFound) found = bw_session_search_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->cancellable);
  if (found == NULL)
    {
      g_autofree char *text = bw_error_to_user_text (error);

      self->opens_first = FALSE;
      /* Enter tries again */
      *self->text = '\0';
      clear_list (self);
      adw_status_page_set_description (self->failed_page, text);
      gtk_stack_set_visible_child_name (self->stack, "failed");
      return;
    }

  show_found (self, found);
}

static void
search_changed_cb (BwSearchDialog *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->entry))));

  if (g_strcmp0 (text, self->text) == 0)
    return;

  stop (self);
  self->opens_first = FALSE;
  g_free (self->text);
  self->text = g_steal_pointer (&text);
  if (*self->text == '\0')
    {
      show_found (self, NULL);
      return;
    }

  self->cancellable = g_cancellable_new ();
  bw_session_search_async (self->session, self->text, MAX_HITS, self->cancellable, found_cb, g_object_ref (self));
}

static void
activate_cb (BwSearchDialog *self)
{
  GtkListBoxRow *row;

  /* What was typed last may not have been looked for yet. */
  search_changed_cb (self);
  row = gtk_list_box_get_selected_row (self->list);
  if (self->cancellable != NULL)
    self->opens_first = TRUE;
  else if (row != NULL)
    activate_row (self, row);
}

static void
row_activated_cb (BwSearchDialog *self,
                  GtkListBoxRow  *row)
{
  activate_row (self, row);
}

/* The entry keeps the focus, and the list does not scroll by itself then. */
static void
mark_row (BwSearchDialog *self,
          GtkListBoxRow  *row)
{
  graphene_rect_t place;

  gtk_list_box_select_row (self->list, row);
  if (gtk_widget_compute_bounds (GTK_WIDGET (row), GTK_WIDGET (self->list), &place))
    gtk_adjustment_clamp_page (gtk_list_box_get_adjustment (self->list), place.origin.y,
                               place.origin.y + place.size.height);
}

static gboolean
key_pressed_cb (BwSearchDialog  *self,
                guint            keyval,
                guint            keycode,
                GdkModifierType  state)
{
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  int step = keyval == GDK_KEY_Down || keyval == GDK_KEY_KP_Down ? 1
           : keyval == GDK_KEY_Up || keyval == GDK_KEY_KP_Up ? -1 : 0;
  GtkListBoxRow *next;

  if (step == 0 || row == NULL)
    return GDK_EVENT_PROPAGATE;

  next = gtk_list_box_get_row_at_index (self->list, gtk_list_box_row_get_index (row) + step);
  if (next != NULL)
    mark_row (self, next);

  return GDK_EVENT_STOP;
}

static void
bw_search_dialog_dispose (GObject *object)
{
  BwSearchDialog *self = (BwSearchDialog *) object;

  stop (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_SEARCH_DIALOG);
  g_clear_object (&self->session);
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->actions, g_ptr_array_unref);

  G_OBJECT_CLASS (bw_search_dialog_parent_class)->dispose (object);
}

static void
bw_search_dialog_class_init (BwSearchDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_search_dialog_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-search-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwSearchDialog, entry);
  gtk_widget_class_bind_template_child (widget_class, BwSearchDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, BwSearchDialog, list);
  gtk_widget_class_bind_template_child (widget_class, BwSearchDialog, failed_page);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, row_activated_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bw_search_dialog_init (BwSearchDialog *self)
{
  GtkEventController *keys = gtk_event_controller_key_new ();

  self->text = g_strdup ("");
  self->actions = g_ptr_array_new_with_free_func (g_free);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_list_box_set_header_func (self->list, header_func, NULL, NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (key_pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
}

GtkWidget *
bw_search_dialog_new (GtkWindow *parent,
                      BwSession *session)
{
  BwSearchDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self = g_object_new (BW_TYPE_SEARCH_DIALOG, "transient-for", parent, NULL);
  self->session = g_object_ref (session);
  show_found (self, NULL);
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));

  return GTK_WIDGET (self);
}
