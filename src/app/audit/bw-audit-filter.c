/* bw-audit-filter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-audit-filter.h"

#include <glib/gi18n.h>

#include "bw-compat.h"
#include "bw-people-rules.h"
#include "bw-person-chooser.h"
#include "bw-record-text.h"

#define HOUR_US (G_GINT64_CONSTANT (3600) * G_USEC_PER_SEC)

/**
 * BwAuditFilter:
 *
 * In a popover: who, what kind of thing, what was done to it, when.
 */

struct _BwAuditFilter
{
  GtkWidget        parent_instance;

  gboolean         is_updating;

  GtkWidget       *grid;
  BwPersonChooser *person;
  GtkWidget       *person_label;
  GtkDropDown     *kind;
  GtkDropDown     *action;
  GtkDropDown     *time;
  GtkWidget       *days;
  GtkEditable     *from;
  GtkEditable     *to;
};

G_DEFINE_FINAL_TYPE (BwAuditFilter, bw_audit_filter, GTK_TYPE_WIDGET)

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* The first choice of each list is "any". */
static const char * const kinds[] = {
  "company", "user", "participation", "role", "tag", "label-design", "rule", "request", "device", "batch", "session",
  "bulk", "view", "history-retention",
};
static const char * const actions[] = {
  "create", "edit", "delete", "ask", "accept", "reject", "withdraw", "sign-in", "sign-out", "switch",
  "invite", "accept-invitation", "register", "change-password", "log-out", "totp-begin", "totp-on", "totp-off",
  "approve", "unapprove", "block", "unblock", "set", "keep", "deliver", "pair", "unpair", "rotate-key",
  "tag", "untag", "import", "label", "hand-over", "flash", "cancel", "assign", "begin", "undo",
};

/* In the order of the drop-down; the last one, days by hand, has no length. */
enum {
  TIME_ANY,
  TIME_HOUR,
  TIME_DAY,
  TIME_WEEK,
  TIME_MONTH,
  TIME_DAYS
};

static const gint64 lengths_us[] = {
  [TIME_HOUR] = HOUR_US,
  [TIME_DAY] = 24 * HOUR_US,
  [TIME_WEEK] = 7 * 24 * HOUR_US,
  [TIME_MONTH] = 30 * 24 * HOUR_US,
};

/* When a day that was typed begins here, @n_days later. FALSE: it is none. */
static gboolean
parse_day (GtkEditable *entry,
           int          n_days,
           gint64      *ret_at_us)
{
  const char *text = gtk_editable_get_text (entry);
  g_autoptr(GDateTime) day = NULL;
  g_autoptr(GDateTime) then = NULL;
  gint64 unused;

  if (!bw_day_parse (text, &unused))
    return FALSE;

  day = g_date_time_new_local ((int) g_ascii_strtoll (text, NULL, 10), (int) g_ascii_strtoll (text + 5, NULL, 10),
                               (int) g_ascii_strtoll (text + 8, NULL, 10), 0, 0, 0);
  then = day != NULL ? g_date_time_add_days (day, n_days) : NULL;
  if (then == NULL)
    return FALSE;

  *ret_at_us = g_date_time_to_unix (then) * G_USEC_PER_SEC;

  return TRUE;
}

static void
show_validity (GtkEditable *entry)
{
  gint64 unused;
  gboolean is_wrong = *gtk_editable_get_text (entry) != '\0' && !parse_day (entry, 0, &unused);

  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (entry), "error");

  gtk_accessible_update_state (GTK_ACCESSIBLE (entry), GTK_ACCESSIBLE_STATE_INVALID,
                               is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

static void
changed_cb (BwAuditFilter *self)
{
  /* While it is built, too. */
  if (self->to == NULL || self->is_updating)
    return;

  gtk_widget_set_visible (self->days, gtk_drop_down_get_selected (self->time) == TIME_DAYS);
  show_validity (self->from);
  show_validity (self->to);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
set_time (BwRemoteTable *table,
          const char    *name,
          gboolean       is_set,
          gint64         at_us)
{
  g_autofree char *text = is_set ? g_strdup_printf ("%" G_GINT64_FORMAT, at_us) : NULL;

  bw_remote_table_set_filter (table, name, text);
}

static void
apply_time (BwAuditFilter *self,
            BwRemoteTable *table)
{
  guint selected = gtk_drop_down_get_selected (self->time);
  gint64 from_us = 0, to_us = 0;
  gboolean has_from = FALSE, has_to = FALSE;

  if (selected == TIME_DAYS)
    {
      has_from = parse_day (self->from, 0, &from_us);
      has_to = parse_day (self->to, 1, &to_us);
    }
  else if (selected > TIME_ANY && selected < G_N_ELEMENTS (lengths_us))
    {
      has_from = TRUE;
      from_us = g_get_real_time () - lengths_us[selected];
    }

  set_time (table, "from", has_from, from_us);
  set_time (table, "to", has_to, to_us);
}

static const char *
get_choice (GtkDropDown        *drop_down,
            const char * const *nicks,
            gsize               n_nicks)
{
  guint selected = gtk_drop_down_get_selected (drop_down);

  return selected >= 1 && selected <= n_nicks ? nicks[selected - 1] : NULL;
}

static void
fill (GtkDropDown        *drop_down,
      const char         *any,
      const char * const *nicks,
      gsize               n_nicks,
      const char       *(*to_text) (const char *nick))
{
  g_autoptr(GtkStringList) list = gtk_string_list_new (NULL);

  gtk_string_list_append (list, any);
  for (gsize i = 0; i < n_nicks; i++)
    gtk_string_list_append (list, to_text (nicks[i]));

  gtk_drop_down_set_model (drop_down, G_LIST_MODEL (list));
}

static void
clear_clicked_cb (BwAuditFilter *self)
{
  bw_audit_filter_clear (self);
}

static void
bw_audit_filter_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BW_TYPE_AUDIT_FILTER);

  G_OBJECT_CLASS (bw_audit_filter_parent_class)->dispose (object);
}

static void
bw_audit_filter_class_init (BwAuditFilterClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_audit_filter_dispose;
  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (BW_TYPE_PERSON_CHOOSER);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/audit/bw-audit-filter.ui");
  gtk_widget_class_bind_template_child (widget_class, BwAuditFilter, grid);
  gtk_widget_class_bind_template_child (widget_class, BwAuditFilter, person);
  gtk_widget_class_bind_template_child (widget_class, BwAuditFilter, person_label);
  gtk_widget_class_bind_template_child (widget_class, BwAuditFilter, kind);
  gtk_widget_class_bind_template_child (widget_class, BwAuditFilter, action);
  gtk_widget_class_bind_template_child (widget_class, BwAuditFilter, time);
  gtk_widget_class_bind_template_child (widget_class, BwAuditFilter, days);
  gtk_widget_class_bind_template_child (widget_class, BwAuditFilter, from);
  gtk_widget_class_bind_template_child (widget_class, BwAuditFilter, to);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, clear_clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bw_audit_filter_init (BwAuditFilter *self)
{
  self->is_updating = TRUE;
  gtk_widget_init_template (GTK_WIDGET (self));
  bw_accessible_set_label (GTK_WIDGET (self->kind), _("Kind"));
  bw_accessible_set_label (GTK_WIDGET (self->action), _("Action"));
  bw_accessible_set_label (GTK_WIDGET (self->time), _("Time"));
  fill (self->kind, _("Anything"), kinds, G_N_ELEMENTS (kinds), bw_kind_to_text);
  fill (self->action, _("Anything"), actions, G_N_ELEMENTS (actions), bw_action_to_done_text);
  self->is_updating = FALSE;
}

void
bw_audit_filter_set_session (BwAuditFilter *self,
                             BwSession     *session)
{
  gboolean may_search;

  g_return_if_fail (BW_IS_AUDIT_FILTER (self));

  may_search = bw_session_may (session, BW_PERMISSION_VIEW_USERS);
  bw_person_chooser_set_session (self->person, session);
  gtk_widget_set_visible (GTK_WIDGET (self->person), may_search);
  gtk_widget_set_visible (self->person_label, may_search);
}

void
bw_audit_filter_apply (BwAuditFilter *self,
                       BwRemoteTable *table)
{
  g_return_if_fail (BW_IS_AUDIT_FILTER (self));

  bw_remote_table_freeze (table);
  bw_remote_table_set_filter (table, "user", bw_person_chooser_get_id (self->person));
  bw_remote_table_set_filter (table, "kind", get_choice (self->kind, kinds, G_N_ELEMENTS (kinds)));
  bw_remote_table_set_filter (table, "action", get_choice (self->action, actions, G_N_ELEMENTS (actions)));
  apply_time (self, table);
  bw_remote_table_thaw (table);
}

void
bw_audit_filter_set_person (BwAuditFilter *self,
                            const char    *user_id,
                            const char    *name)
{
  g_return_if_fail (BW_IS_AUDIT_FILTER (self));

  bw_person_chooser_set_person (self->person, user_id, name);
  gtk_widget_set_visible (GTK_WIDGET (self->person), TRUE);
  gtk_widget_set_visible (self->person_label, TRUE);
}

void
bw_audit_filter_clear (BwAuditFilter *self)
{
  g_return_if_fail (BW_IS_AUDIT_FILTER (self));

  self->is_updating = TRUE;
  bw_person_chooser_set_person (self->person, NULL, NULL);
  gtk_drop_down_set_selected (self->kind, 0);
  gtk_drop_down_set_selected (self->action, 0);
  gtk_drop_down_set_selected (self->time, TIME_ANY);
  gtk_editable_set_text (self->from, "");
  gtk_editable_set_text (self->to, "");
  self->is_updating = FALSE;
  changed_cb (self);
}

guint
bw_audit_filter_get_n_set (BwAuditFilter *self)
{
  g_return_val_if_fail (BW_IS_AUDIT_FILTER (self), 0);

  return (bw_person_chooser_get_id (self->person) != NULL) + (gtk_drop_down_get_selected (self->kind) > 0) +
         (gtk_drop_down_get_selected (self->action) > 0) + (gtk_drop_down_get_selected (self->time) > TIME_ANY);
}
