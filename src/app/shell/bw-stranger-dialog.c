/* bw-stranger-dialog.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-stranger-dialog.h"

#include <string.h>

#include <glib/gi18n.h>

#include "bw-error-text.h"
#include "bw-pins.h"
#include "bw-time-text.h"

/**
 * BwStrangerDialog:
 *
 * What is wrong with a server's certificate, and the fingerprint to compare. Trust keeps that
 * very certificate for that address. One that has changed cannot be trusted from here:
 * the old one has to be forgotten on purpose first.
 */

struct _BwStrangerDialog
{
  AdwWindow   parent_instance;

  BwStranger *stranger;

  GtkLabel   *heading;
  GtkLabel   *problems;
  GtkLabel   *advice;
  GtkLabel   *fingerprint;
  GtkWidget  *known_box;
  GtkLabel   *known;
  GtkLabel   *details;
  GtkButton  *cancel_button;
  GtkWidget  *trust_button;
  GtkLabel   *error_label;
};

G_DEFINE_FINAL_TYPE (BwStrangerDialog, bw_stranger_dialog, ADW_TYPE_WINDOW)

enum {
  TRUSTED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
add_sentence (GString    *text,
              const char *sentence)
{
  g_string_append_printf (text, "%s%s", text->len > 0 ? "\n" : "", sentence);
}

static char *
describe_problems (const BwStranger *stranger)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *from = bw_time_to_date_text (stranger->valid_from_us);
  g_autofree char *until = bw_time_to_date_text (stranger->valid_until_us);
  g_autofree char *sentence = NULL;

  if (stranger->known != NULL)
    add_sentence (text, _("This is not the certificate that you have trusted for this server."));
  if ((stranger->problems & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    add_sentence (text, _("Nobody whom this computer trusts has signed the certificate."));
  if ((stranger->problems & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    {
      /* Translators: %s is the name or address of a server */
      sentence = g_strdup_printf (_("The certificate is for another server, not for %s."), stranger->host);
      add_sentence (text, sentence);
      g_clear_pointer (&sentence, g_free);
    }
  if ((stranger->problems & G_TLS_CERTIFICATE_EXPIRED) != 0)
    {
      /* Translators: %s is a date */
      sentence = g_strdup_printf (_("The certificate expired on %s."), until);
      add_sentence (text, sentence);
      g_clear_pointer (&sentence, g_free);
    }
  if ((stranger->problems & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    {
      /* Translators: %s is a date */
      sentence = g_strdup_printf (_("The certificate is not valid before %s."), from);
      add_sentence (text, sentence);
    }
  if ((stranger->problems & G_TLS_CERTIFICATE_REVOKED) != 0)
    add_sentence (text, _("The certificate has been revoked by whoever signed it."));
  if ((stranger->problems & G_TLS_CERTIFICATE_INSECURE) != 0)
    add_sentence (text, _("The certificate is made in a way that is not safe any more."));
  if (text->len == 0)
    add_sentence (text, _("The certificate cannot be verified."));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
describe_details (const BwStranger *stranger)
{
  g_autofree char *from = bw_time_to_date_text (stranger->valid_from_us);
  g_autofree char *until = bw_time_to_date_text (stranger->valid_until_us);

  /* Translators: two names as a certificate has them, and two dates */
  return g_strdup_printf (_("Issued to: %s\nIssued by: %s\nValid: %s – %s"),
                          stranger->subject != NULL ? stranger->subject : "—",
                          stranger->issuer != NULL ? stranger->issuer : "—", from, until);
}

/* Two lines of equal length are easier to compare. (transfer full) */
static char *
break_fingerprint (const char *fingerprint)
{
  char *text = g_strdup (fingerprint);
  gsize middle = strlen (text) / 2;

  if (text[middle] == ':')
    text[middle] = '\n';

  return text;
}

static void
show_stranger (BwStrangerDialog *self)
{
  const BwStranger *stranger = self->stranger;
  gboolean has_changed = stranger->known != NULL;
  g_autofree char *heading = NULL;
  g_autofree char *problems = describe_problems (stranger);
  g_autofree char *details = describe_details (stranger);
  g_autofree char *fingerprint = break_fingerprint (stranger->fingerprint);
  g_autofree char *known = has_changed ? break_fingerprint (stranger->known) : NULL;

  heading = g_strdup_printf (has_changed
                               /* Translators: %s is the address of a server */
                               ? _("The Certificate of %s Has Changed")
                               /* Translators: %s is the address of a server */
                               : _("Do You Trust %s?"), stranger->place);
  gtk_label_set_label (self->heading, heading);
  gtk_label_set_label (self->problems, problems);
  gtk_label_set_label (self->advice, has_changed
    ? _("Somebody may be pretending to be this server. Nothing was sent to it. Ask whoever runs it; if the new "
        "certificate is right, forget the old one in “Trusted Certificates” and sign in again.")
    : _("Nothing was sent to it yet, neither user nor password. Trust it only if whoever runs the server tells you "
        "the same fingerprint."));
  gtk_label_set_label (self->fingerprint, fingerprint);
  gtk_label_set_label (self->known, known != NULL ? known : "");
  gtk_label_set_label (self->details, details);
  gtk_widget_set_visible (self->known_box, has_changed);
  gtk_widget_set_visible (self->trust_button, !has_changed);
  gtk_button_set_label (self->cancel_button, has_changed ? _("_Close") : _("_Cancel"));
  gtk_window_set_title (GTK_WINDOW (self), has_changed ? _("Changed Certificate") : _("Unknown Certificate"));
}

static void
trust_action (GtkWidget  *widget,
              const char *action_name,
              GVariant   *parameter)
{
  BwStrangerDialog *self = BW_STRANGER_DIALOG (widget);
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (self->stranger->known == NULL && bw_pins_add (self->stranger->place, self->stranger->fingerprint, &error))
    {
      g_signal_emit (self, signals[TRUSTED], 0);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  if (error == NULL)
    return;

  text = bw_error_to_field_text (error);
  gtk_label_set_label (self->error_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), TRUE);
}

static void
bw_stranger_dialog_dispose (GObject *object)
{
  BwStrangerDialog *self = (BwStrangerDialog *) object;

  gtk_widget_dispose_template (GTK_WIDGET (self), BW_TYPE_STRANGER_DIALOG);
  g_clear_pointer (&self->stranger, bw_stranger_free);

  G_OBJECT_CLASS (bw_stranger_dialog_parent_class)->dispose (object);
}

static void
bw_stranger_dialog_class_init (BwStrangerDialogClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = bw_stranger_dialog_dispose;

  signals[TRUSTED] =
    g_signal_new ("trusted", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, BW_RESOURCE_BASE "/ui/shell/bw-stranger-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BwStrangerDialog, heading);
  gtk_widget_class_bind_template_child (widget_class, BwStrangerDialog, problems);
  gtk_widget_class_bind_template_child (widget_class, BwStrangerDialog, advice);
  gtk_widget_class_bind_template_child (widget_class, BwStrangerDialog, fingerprint);
  gtk_widget_class_bind_template_child (widget_class, BwStrangerDialog, known_box);
  gtk_widget_class_bind_template_child (widget_class, BwStrangerDialog, known);
  gtk_widget_class_bind_template_child (widget_class, BwStrangerDialog, details);
  gtk_widget_class_bind_template_child (widget_class, BwStrangerDialog, cancel_button);
  gtk_widget_class_bind_template_child (widget_class, BwStrangerDialog, trust_button);
  gtk_widget_class_bind_template_child (widget_class, BwStrangerDialog, error_label);

  gtk_widget_class_install_action (widget_class, "stranger.trust", NULL, trust_action);
}

static void
bw_stranger_dialog_init (BwStrangerDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

BwStrangerDialog *
bw_stranger_dialog_present (GtkWidget        *parent,
                            const BwStranger *stranger)
{
  GtkRoot *root;
  BwStrangerDialog *self;

  g_return_val_if_fail (GTK_IS_WIDGET (parent), NULL);
  g_return_val_if_fail (stranger != NULL, NULL);

  self = g_object_new (BW_TYPE_STRANGER_DIALOG, NULL);
  self->stranger = bw_stranger_copy (stranger);
  show_stranger (self);

  root = gtk_widget_get_root (parent);
  if (GTK_IS_WINDOW (root))
    gtk_window_set_transient_for (GTK_WINDOW (self), GTK_WINDOW (root));
  gtk_window_present (GTK_WINDOW (self));

  return self;
}
