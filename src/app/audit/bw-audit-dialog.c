/* bw-audit-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-audit-dialog.h"

#include <glib/gi18n.h>

#include "bw-difference-view.h"
#include "bw-record-text.h"
#include "bw-time-text.h"

/**
 * BwAuditDialog:
 *
 * Who did what, when and from where, and how the thing was before and after. An entry
 * never changes.
 */

struct _BwAuditDialog
{
  AdwWindow         parent_instance;

  BwAuditEntry     *entry;

  AdwActionRow     *time_row;
  AdwActionRow     *person_row;
  AdwActionRow     *address_row;
  AdwActionRow     *action_row;
  AdwActionRow     *object_row;
  AdwActionRow     *hash_row;
  GtkWidget        *person_button;
  BwDifferenceView *difference;
  GtkWidget        *difference_group;
};

G_DEFINE_FINAL_TYPE (BwAuditDialog, bw_audit_dialog, ADW_TYPE_WINDOW)

enum {
  SHOW_PERSON,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A row without a value is not shown. */
static void
show_fact (AdwActionRow *row,
           const char   *value)
{
  g_autofree char *escaped = value != NULL ? g_markup_escape_text (value, -1) : NULL;

  adw_action_row_set_subtitle (row, escaped != NULL ? escaped : "");
  gtk_widget_set_visible (GTK_WIDGET (row), value != NULL && *value != '\0');
}

static void
show_entry (BwAuditDialog *self,
            BwSession     *session)
{
  BwRecord *entry = BW_RECORD (self->entry);
  const char *object = bw_record_get_text (entry, "object");
  const char *object_id = bw_record_get_text (entry, "object-id");
  g_autoptr(JsonNode) before = NULL;
  g_autoptr(JsonNode) after = NULL;
  gint64 at_us;
  g_autofree char *when = NULL;
  g_autofree char *what = NULL;

  g_object_get (entry, "at-us", &at_us, "before", &before, "after", &after, NULL);
  when = bw_time_to_full_text (at_us);
  /* Translators: a kind of thing and its name, or its number: "Role: Night shift" */
  what = g_strdup_printf (_("%s: %s"), bw_kind_to_text (bw_record_get_text (entry, "kind")),
                          object != NULL && *object != '\0' ? object : object_id != NULL ? object_id : "—");

  show_fact (self->time_row, when);
  show_fact (self->person_row, bw_record_get_text (entry, "user"));
  show_fact (self->address_row, bw_record_get_text (entry, "address"));
  show_fact (self->action_row, bw_action_to_done_text (bw_record_get_text (entry, "action")));
  show_fact (self->object_row, what);
  show_fact (self->hash_row, bw_record_get_text (entry, "hash"));
  gtk_widget_set_visible (self->person_button, bw_record_get_text (entry, "user-id") != NULL);
  bw_difference_view_show (self->difference, session, before, after);
  gtk_widget_set_visible (self->difference_group, before != NULL || after != NULL);
}

static void
show_person_action (GtkWidget  *widget,
                    const char *action_name,
                    GVariant   *parameter)
{
  g_autoptr(BwAuditDialog) self = g_object_ref (BW_AUDIT_DIALOG (widget));
  BwRecord *entry = BW_RECORD (self->entry);

  gtk_window_close (GTK_WINDOW (self));
  g_signal_emit (self, signals[SHOW_PERSON], 0, bw_record_get_text (entry, "user-id"),
                 bw_record_get_text (entry, "user"));
}

static void
bw_audit_dialog_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), BW_TYPE_AUDIT_DIALOG);

  G_OBJECT_CLASS (bw_audit_dialog_parent_class)->dispose (object);
}

static void
bw_audit_dialog_finalize (GObject *object)
{
  g_clear_object (&BW_AUDIT_DIALOG (object)->entry);

  G_OBJECT_CLASS (bw_audit_dialog_parent_class)->finalize (object);
}

static void
bw_audit_dialog_class_init (BwAuditDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bw_audit_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = bw_audit_dialog_finalize;

  signals[SHOW_PERSON] =
    g_signal_new ("show-person", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 2, G_TYPE_STRING, G_TYPE_STRING);

  g_type_ensure (BW_TYPE_DIFFERENCE_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/audit/bw-audit-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwAuditDialog, time_row);
  gtk_widget_class_bind_template_child (widget_class, BwAuditDialog, person_row);
  gtk_widget_class_bind_template_child (widget_class, BwAuditDialog, address_row);
  gtk_widget_class_bind_template_child (widget_class, BwAuditDialog, action_row);
  gtk_widget_class_bind_template_child (widget_class, BwAuditDialog, object_row);
  gtk_widget_class_bind_template_child (widget_class, BwAuditDialog, hash_row);
  gtk_widget_class_bind_template_child (widget_class, BwAuditDialog, person_button);
  gtk_widget_class_bind_template_child (widget_class, BwAuditDialog, difference);
  gtk_widget_class_bind_template_child (widget_class, BwAuditDialog, difference_group);
  gtk_widget_class_install_action (widget_class, "entry.show-person", NULL, show_person_action);
}

static void
bw_audit_dialog_init (BwAuditDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
bw_audit_dialog_new (BwSession    *session,
                     BwAuditEntry *entry)
{
  BwAuditDialog *self;

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);
  g_return_val_if_fail (BW_IS_AUDIT_ENTRY (entry), NULL);

  self = g_object_new (BW_TYPE_AUDIT_DIALOG, NULL);
  self->entry = g_object_ref (entry);
  show_entry (self, session);

  return GTK_WIDGET (self);
}
