/* bw-device-actions.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-device-actions.h"

#include <glib/gi18n.h>

#include "bw-error-text.h"

/* A dialog with a thousand lines helps nobody. */
#define MAX_REASONS_SHOWN 12

/**
 * BwDeviceActions:
 *
 * Approves, blocks and takes both back, for one device or many. What was done can
 * be undone from the toast that says so; what was refused is said device by device.
 */

struct _BwDeviceActions
{
  GObject          parent_instance;

  BwSession       *session;       /* (owned) */
  AdwToastOverlay *toasts;        /* (unowned) (nullable) after stop */
  GCancellable    *cancellable;
  gboolean         is_running;
  const char      *running;       /* static: the action under way */

  const char      *undo_action;   /* static (nullable) */
  GStrv            undo_ids;
  AdwToast        *undo_toast;    /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (BwDeviceActions, bw_device_actions, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_CAN_UNDO,
  N_PROPS
};

enum {
  DONE,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static const struct
{
  const char *action;
  const char *inverse;
} inverses[] = {
  { "approve", "unapprove" },
  { "unapprove", "approve" },
  { "block", "unblock" },
  { "unblock", "block" },
};

/* (nullable): the static name of @action; @ret_inverse gets the one that takes it back */
static const char *
find_action (const char  *action,
             const char **ret_inverse)
{
  for (guint i = 0; i < G_N_ELEMENTS (inverses); i++)
    {
      if (g_strcmp0 (inverses[i].action, action) == 0)
        {
          *ret_inverse = inverses[i].inverse;
          return inverses[i].action;
        }
    }

  return NULL;
}

static char *
format_done (const char *action,
             guint       n)
{
  if (g_str_equal (action, "approve"))
    return g_strdup_printf (ngettext ("%u device approved", "%u devices approved", n), n);

  if (g_str_equal (action, "unapprove"))
    return g_strdup_printf (ngettext ("Approval of %u device taken back",
                                      "Approval of %u devices taken back", n), n);

  if (g_str_equal (action, "block"))
    return g_strdup_printf (ngettext ("%u device blocked", "%u devices blocked", n), n);

  return g_strdup_printf (ngettext ("%u device unblocked", "%u devices unblocked", n), n);
}

static char *
format_refused (const char *action,
                guint       n)
{
  if (g_str_equal (action, "approve"))
    return g_strdup_printf (ngettext ("%u Device Was Not Approved", "%u Devices Were Not Approved", n), n);

  if (g_str_equal (action, "unapprove"))
    return g_strdup_printf (ngettext ("%u Device Is Still Approved", "%u Devices Are Still Approved", n), n);

  if (g_str_equal (action, "block"))
    return g_strdup_printf (ngettext ("%u Device Was Not Blocked", "%u Devices Were Not Blocked", n), n);

  return g_strdup_printf (ngettext ("%u Device Is Still Blocked", "%u Devices Are Still Blocked", n), n);
}

static void
add_toast (BwDeviceActions *self,
           const char      *text)
{
  /* A toast reads markup, and what a server wrote is none. */
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  if (self->toasts != NULL)
    adw_toast_overlay_add_toast (self->toasts, adw_toast_new (escaped));
}

static void
forget_undo (BwDeviceActions *self)
{
  gboolean could = self->undo_action != NULL;

  self->undo_action = NULL;
  g_clear_pointer (&self->undo_ids, g_strfreev);

  if (self->undo_toast != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->undo_toast, self);
      adw_toast_dismiss (self->undo_toast);
      g_clear_object (&self->undo_toast);
    }

  if (could)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
}

static void
undo_clicked_cb (AdwToast        *toast,
                 BwDeviceActions *self)
{
  bw_device_actions_undo (self);
}

static void
offer_undo (BwDeviceActions *self,
            const char      *inverse,
            GPtrArray       *done_ids)
{
  g_autofree char *text = format_done (self->running, done_ids->len);
  AdwToast *toast = adw_toast_new (text);

  adw_toast_set_button_label (toast, _("_Undo"));
  g_signal_connect_object (toast, "button-clicked", G_CALLBACK (undo_clicked_cb), self, 0);

  self->undo_action = inverse;
  g_ptr_array_add (done_ids, NULL);
  self->undo_ids = g_strdupv ((char **) done_ids->pdata);
  self->undo_toast = g_object_ref (toast);
  adw_toast_overlay_add_toast (self->toasts, toast);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CAN_UNDO]);
}

static void
show_refusals (BwDeviceActions *self,
               GPtrArray       *refused)
{
  g_autofree char *heading = format_refused (self->running, refused->len);
  g_autoptr(GString) body = g_string_new (NULL);
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self->toasts));
  GtkWidget *dialog;

  for (guint i = 0; i < refused->len && i < MAX_REASONS_SHOWN; i++)
    {
      BwActionResult *result = refused->pdata[i];

      g_string_append_printf (body, "%s%s: %s", i > 0 ? "\n" : "", result->device_id, result->reason);
    }

  if (refused->len > MAX_REASONS_SHOWN)
    g_string_append_printf (body, ngettext ("\n…and %u more", "\n…and %u more",
                                            refused->len - MAX_REASONS_SHOWN),
                            refused->len - MAX_REASONS_SHOWN);

  dialog = adw_message_dialog_new (GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL, heading, body->str);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
show_results (BwDeviceActions *self,
              GPtrArray       *results)
{
  g_autoptr(GPtrArray) done = g_ptr_array_new ();
  g_autoptr(GPtrArray) refused = g_ptr_array_new ();
  const char *inverse = NULL;

  for (guint i = 0; i < results->len; i++)
    {
      BwActionResult *result = results->pdata[i];

      if (result->reason == NULL)
        g_ptr_array_add (done, result->device_id);
      else
        g_ptr_array_add (refused, result);
    }

  find_action (self->running, &inverse);
  if (done->len > 0)
    offer_undo (self, inverse, done);

  if (refused->len == 1 && results->len == 1)
    {
      BwActionResult *result = refused->pdata[0];
      g_autofree char *heading = format_refused (self->running, 1);
      g_autofree char *text = g_strdup_printf ("%s: %s", heading, result->reason);

      add_toast (self, text);
    }
  else if (refused->len > 0)
    {
      show_refusals (self, refused);
    }
}

static void
acted_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(BwDeviceActions) self = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) results = bw_session_act_finish (BW_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->toasts == NULL)
    return;

  self->is_running = FALSE;

  if (results == NULL)
    {
      g_autofree char *text = bw_error_to_user_text (error);

      add_toast (self, text);
    }
  else
    {
      show_results (self, results);
    }

  g_signal_emit (self, signals[DONE], 0);
}

static void
bw_device_actions_dispose (GObject *object)
{
  BwDeviceActions *self = (BwDeviceActions *) object;

  bw_device_actions_stop (self);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);

  G_OBJECT_CLASS (bw_device_actions_parent_class)->dispose (object);
}

static void
bw_device_actions_get_property (GObject    *object,
                                guint       prop_id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  BwDeviceActions *self = BW_DEVICE_ACTIONS (object);

  switch (prop_id)
    {
    case PROP_CAN_UNDO:
      g_value_set_boolean (value, bw_device_actions_get_can_undo (self));
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
bw_device_actions_class_init (BwDeviceActionsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_device_actions_dispose;
  object_class->get_property = bw_device_actions_get_property;

  properties[PROP_CAN_UNDO] =
    g_param_spec_boolean ("can-undo", NULL, NULL, FALSE,
                          G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);

  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[DONE] = g_signal_new ("done", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
bw_device_actions_init (BwDeviceActions *self)
{
  self->cancellable = g_cancellable_new ();
}

BwDeviceActions *
bw_device_actions_new (BwSession       *session,
                       AdwToastOverlay *toasts)
{
  BwDeviceActions *self = g_object_new (BW_TYPE_DEVICE_ACTIONS, NULL);

  g_return_val_if_fail (BW_IS_SESSION (session), NULL);

  self->session = g_object_ref (session);
  self->toasts = toasts;

  return self;
}

void
bw_device_actions_run (BwDeviceActions    *self,
                       const char         *action,
                       const char * const *device_ids)
{
  const char *inverse;
  const char *name;

  g_return_if_fail (BW_IS_DEVICE_ACTIONS (self));
  g_return_if_fail (device_ids != NULL);

  name = find_action (action, &inverse);
  g_return_if_fail (name != NULL);

  if (self->is_running || self->toasts == NULL || device_ids[0] == NULL)
    return;

  forget_undo (self);
  self->is_running = TRUE;
  self->running = name;
  bw_session_act_async (self->session, name, device_ids, self->cancellable, acted_cb, g_object_ref (self));
}

gboolean
bw_device_actions_get_can_undo (BwDeviceActions *self)
{
  g_return_val_if_fail (BW_IS_DEVICE_ACTIONS (self), FALSE);

  return self->undo_action != NULL;
}

void
bw_device_actions_undo (BwDeviceActions *self)
{
  const char *action;
  g_auto(GStrv) ids = NULL;

  g_return_if_fail (BW_IS_DEVICE_ACTIONS (self));

  if (self->undo_action == NULL || self->is_running)
    return;

  action = self->undo_action;
  ids = g_steal_pointer (&self->undo_ids);
  bw_device_actions_run (self, action, (const char * const *) ids);
}

/* Nothing is shown any more; what was asked for still happens. */
void
bw_device_actions_stop (BwDeviceActions *self)
{
  g_return_if_fail (BW_IS_DEVICE_ACTIONS (self));

  g_cancellable_cancel (self->cancellable);
  forget_undo (self);
  self->toasts = NULL;
}
