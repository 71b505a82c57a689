/* bw-labels-dialog-mark.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-labels-dialog-private.h"

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-hold.h"
#include "bw-number-list.h"

/* The labels exist: their devices are noted as labelled, run by run, since a
 * selection may have gaps. That goes on when the dialog is closed, or the last
 * window, and where it fails it can be tried again. */
typedef struct
{
  BwSession      *session;        /* (owned) */
  char           *batch_id;
  GArray         *numbers;        /* (owned) (element-type guint): serials, sorted */
  guint           n_marked;
  BwLabelsDialog *dialog;         /* (nullable): weak */
} Marking;

static void
marking_clear (gpointer data)
{
  Marking *self = data;

  g_object_unref (self->session);
  g_free (self->batch_id);
  g_array_unref (self->numbers);
  g_clear_weak_pointer (&self->dialog);
  bw_hold_application (FALSE);
}

static void
marking_unref (gpointer data)
{
  g_rc_box_release_full (data, marking_clear);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Marking, marking_unref)

static void mark_next (Marking *self);

static void
again_cb (gpointer  source,
          Marking  *self)
{
  mark_next (g_rc_box_acquire (self));
}

static void
question_again_cb (gpointer    source,
                   const char *response,
                   Marking    *self)
{
  mark_next (g_rc_box_acquire (self));
}

static void
closure_unref (gpointer  data,
               GClosure *closure)
{
  marking_unref (data);
}

/* In the dialog, or when that is closed before whichever window there is. */
static void
say_failed (Marking      *self,
            const GError *error)
{
  g_autofree char *reason = bw_error_to_user_text (error);
  GApplication *application = g_application_get_default ();
  GtkWindow *window = application != NULL ? gtk_application_get_active_window (GTK_APPLICATION (application)) : NULL;
  GtkWidget *question;
  g_autofree char *text = NULL;
  AdwToast *toast;

  if (self->dialog != NULL && self->dialog->session != NULL)
    {
      g_autofree char *escaped = NULL;

      /* Translators: %s is a sentence that says why */
      text = g_strdup_printf (_("The devices were not noted as labelled. %s"), reason);
      escaped = g_markup_escape_text (text, -1);
      toast = adw_toast_new (escaped);
      adw_toast_set_button_label (toast, _("_Try Again"));
      adw_toast_set_timeout (toast, 0);
      g_signal_connect_data (toast, "button-clicked", G_CALLBACK (again_cb), g_rc_box_acquire (self), closure_unref, 0);
      adw_toast_overlay_add_toast (self->dialog->toasts, toast);
      return;
    }

  question = adw_message_dialog_new (window, _("Not Noted as Labelled"), reason);
  adw_message_dialog_add_responses (ADW_MESSAGE_DIALOG (question), "close", _("_Close"), "again", _("_Try Again"), NULL);
  adw_message_dialog_set_response_appearance (ADW_MESSAGE_DIALOG (question), "again", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (ADW_MESSAGE_DIALOG (question), "again");
  g_signal_connect_data (question, "response::again", G_CALLBACK (question_again_cb), g_rc_box_acquire (self),
                         closure_unref, 0);
  gtk_window_present (GTK_WINDOW (question));
}

static void
marked_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(Marking) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!bw_session_mark_labelled_finish (BW_SESSION (source), result, &error))
    {
      say_failed (self, error);
      return;
    }

  self->n_marked += bw_number_list_get_run (self->numbers, self->n_marked);
  mark_next (g_steal_pointer (&self));
}

/* @self: (transfer full) */
static void
mark_next (Marking *self)
{
  guint first = self->n_marked;

  if (first >= self->numbers->len)
    {
      marking_unref (self);
      return;
    }

  bw_session_mark_labelled_async (self->session, self->batch_id, g_array_index (self->numbers, guint, first),
                                  bw_number_list_get_run (self->numbers, first), NULL, marked_cb, self);
}

void
bw_labels_dialog_mark (BwLabelsDialog *self,
                       BwSession      *session,
                       BwBatch        *batch,
                       GArray         *numbers)
{
  Marking *marking = g_rc_box_new0 (Marking);

  /* with whoever still shows what became of it */
  bw_hold_application (TRUE);
  marking->session = g_object_ref (session);
  marking->batch_id = g_strdup (bw_entity_get_id (BW_ENTITY (batch)));
  marking->numbers = g_array_ref (numbers);
  g_set_weak_pointer (&marking->dialog, self);
  mark_next (marking);
}
