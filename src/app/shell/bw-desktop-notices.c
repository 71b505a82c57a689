/* bw-desktop-notices.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-desktop-notices.h"

#include <glib/gi18n.h>

#define GATHER_MS    1000
#define MIN_PAUSE_US (5 * G_USEC_PER_SEC)

/* More devices than these are one notification. */
#define MAX_DEVICES  3
#define MAX_COUNTED  10000

#define ARRIVALS_ID  "arrivals"
#define MANY_ID      "messages"
#define DEVICE_PREFIX "device-"

/**
 * BwDesktopNotices:
 *
 * There is one notification for all that wait for approval and one a device for what it says, up to a few devices;
 * each takes the place of the one before, so that no number of devices fills a screen. They count until somebody
 * looks at the window.
 */

struct _BwDesktopNotices
{
  GObject       parent_instance;

  GApplication *application;     /* (unowned) (nullable) */
  GHashTable   *arrived;         /* set of ids: as many as BwNotices knows at most */
  GHashTable   *said;            /* set of ids */
  GHashTable   *to_tell;         /* id → BwNotice: what those said since the last time, few of them */
  gboolean      is_beyond;       /* more devices than anybody counts */
  GPtrArray    *sent;            /* (element-type utf8): of notifications that may still be there */
  gint64        flushed_us;
  guint         flush_id;
  gboolean      may_approve;
  gboolean      arrivals_changed;
  gboolean      said_changed;
};

G_DEFINE_FINAL_TYPE (BwDesktopNotices, bw_desktop_notices, G_TYPE_OBJECT)

static void
send (BwDesktopNotices *self,
      const char       *id,
      GNotification    *notification)
{
  if (!g_ptr_array_find_with_equal_func (self->sent, id, g_str_equal, NULL))
    g_ptr_array_add (self->sent, g_strdup (id));

  if (self->application != NULL)
    g_application_send_notification (self->application, id, notification);
}

static void
withdraw (BwDesktopNotices *self,
          const char       *id)
{
  guint index;

  if (!g_ptr_array_find_with_equal_func (self->sent, id, g_str_equal, &index))
    return;

  if (self->application != NULL)
    g_application_withdraw_notification (self->application, id);
  g_ptr_array_remove_index (self->sent, index);
}

static GNotification *
notification_new (const char *title,
                  const char *body)
{
  GNotification *notification = g_notification_new (title);

  g_notification_set_body (notification, body);

  return notification;
}

static void
send_arrivals (BwDesktopNotices *self)
{
  g_autoptr(GNotification) notification = NULL;
  guint n = g_hash_table_size (self->arrived);
  GHashTableIter iter;
  gpointer id;

  g_hash_table_iter_init (&iter, self->arrived);
  if (n == 1 && g_hash_table_iter_next (&iter, &id, NULL))
    {
      notification = notification_new (_("A new device waits for approval"), id);
      g_notification_set_default_action_and_target (notification, "app.open-device", "s", id);
      if (self->may_approve)
        g_notification_add_button_with_target (notification, _("Approve"), "app.approve-device", "s", id);
      g_notification_add_button_with_target (notification, _("Show"), "app.open-device", "s", id);
    }
  else
    {
      g_autofree char *title = g_strdup_printf (ngettext ("%u device waits for approval", "%u devices wait for approval", n),
                                                n);

      notification = notification_new (title, _("They connected for the first time"));
      g_notification_set_default_action (notification, "app.show-approvals");
      g_notification_add_button (notification, _("Show"), "app.show-approvals");
    }

  send (self, ARRIVALS_ID, notification);
}

static void
send_device (BwDesktopNotices *self,
             BwNotice         *notice)
{
  const char *id = bw_notice_get_device_id (notice);
  BwNoticeKind kind = bw_notice_get_kind (notice);
  g_autofree char *name = bw_notice_dup_title (notice);
  g_autofree char *body = bw_notice_dup_body (notice);
  g_autofree char *notification_id = g_strconcat (DEVICE_PREFIX, id, NULL);
  g_autofree char *title = NULL;
  g_autoptr(GNotification) notification = NULL;

  /* Translators: a kind of message, as “Warning”, and a device's name */
  title = g_strdup_printf (_("%s: %s"), bw_notice_get_kind_text (notice), name);
  notification = notification_new (title, body);
  g_notification_set_priority (notification, kind == BW_NOTICE_ERROR ? G_NOTIFICATION_PRIORITY_HIGH
                                                                    : G_NOTIFICATION_PRIORITY_NORMAL);
  g_notification_set_default_action_and_target (notification, "app.open-device", "s", id);
  g_notification_add_button_with_target (notification, _("Show"), "app.open-device", "s", id);
  send (self, notification_id, notification);
}

static void
send_many (BwDesktopNotices *self)
{
  guint n = g_hash_table_size (self->said);
  g_autofree char *title = g_strdup_printf (ngettext ("%u device has something to say",
                                                      "%u devices have something to say", n), n);
  g_autoptr(GNotification) notification = NULL;

  for (guint i = self->sent->len; i > 0; i--)
    {
      const char *id = g_ptr_array_index (self->sent, i - 1);

      if (g_str_has_prefix (id, DEVICE_PREFIX))
        withdraw (self, id);
    }

  notification = notification_new (self->is_beyond ? _("Many devices have something to say") : title, NULL);
  g_notification_set_default_action (notification, "app.show-notices");
  g_notification_add_button (notification, _("Show"), "app.show-notices");
  send (self, MANY_ID, notification);
}

static void
send_said (BwDesktopNotices *self)
{
  GHashTableIter iter;
  gpointer notice;

  if (self->is_beyond || g_hash_table_size (self->said) > MAX_DEVICES)
    {
      send_many (self);
      return;
    }

  g_hash_table_iter_init (&iter, self->to_tell);
  while (g_hash_table_iter_next (&iter, NULL, &notice))
    send_device (self, notice);
}

static gboolean
flush_cb (gpointer user_data)
{
  BwDesktopNotices *self = user_data;

  self->flush_id = 0;
  self->flushed_us = g_get_monotonic_time ();
  if (self->arrivals_changed && g_hash_table_size (self->arrived) > 0)
    send_arrivals (self);
  if (self->said_changed)
    send_said (self);
  self->arrivals_changed = FALSE;
  self->said_changed = FALSE;
  g_hash_table_remove_all (self->to_tell);

  return G_SOURCE_REMOVE;
}

static void
bw_desktop_notices_dispose (GObject *object)
{
  bw_desktop_notices_withdraw (BW_DESKTOP_NOTICES (object));

  G_OBJECT_CLASS (bw_desktop_notices_parent_class)->dispose (object);
}

static void
bw_desktop_notices_finalize (GObject *object)
{
  BwDesktopNotices *self = (BwDesktopNotices *) object;

  g_hash_table_unref (self->arrived);
  g_hash_table_unref (self->said);
  g_hash_table_unref (self->to_tell);
  g_ptr_array_unref (self->sent);
  g_clear_weak_pointer (&self->application);

  G_OBJECT_CLASS (bw_desktop_notices_parent_class)->finalize (object);
}

static void
bw_desktop_notices_class_init (BwDesktopNoticesClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = bw_desktop_notices_dispose;
  object_class->finalize = bw_desktop_notices_finalize;
}

static void
bw_desktop_notices_init (BwDesktopNotices *self)
{
  self->arrived = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->said = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->to_tell = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->sent = g_ptr_array_new_with_free_func (g_free);
}

BwDesktopNotices *
bw_desktop_notices_new (GApplication *application)
{
  BwDesktopNotices *self;

  g_return_val_if_fail (G_IS_APPLICATION (application), NULL);

  self = g_object_new (BW_TYPE_DESKTOP_NOTICES, NULL);
  g_set_weak_pointer (&self->application, application);

  return self;
}

static void
schedule (BwDesktopNotices *self)
{
  gint64 pause_us = MIN_PAUSE_US - (g_get_monotonic_time () - self->flushed_us);

  if (self->flush_id == 0)
    self->flush_id = g_timeout_add (self->flushed_us == 0 ? GATHER_MS : MAX (GATHER_MS, (guint) (MAX (pause_us, 0) / 1000)),
                                    flush_cb, self);
}

void
bw_desktop_notices_add (BwDesktopNotices *self,
                        BwNotice         *notice,
                        const char       *device_id,
                        gboolean          may_approve)
{
  g_return_if_fail (BW_IS_DESKTOP_NOTICES (self));
  g_return_if_fail (BW_IS_NOTICE (notice));

  self->may_approve = may_approve;
  if (bw_notice_get_kind (notice) == BW_NOTICE_ARRIVAL)
    {
      g_hash_table_add (self->arrived, g_strdup (device_id));
      self->arrivals_changed = TRUE;
    }
  else
    {
      self->said_changed = TRUE;
      if (device_id == NULL || g_hash_table_size (self->said) >= MAX_COUNTED)
        self->is_beyond = TRUE;
      else
        g_hash_table_add (self->said, g_strdup (device_id));
      if (device_id != NULL && g_hash_table_size (self->said) <= MAX_DEVICES)
        g_hash_table_replace (self->to_tell, g_strdup (device_id), g_object_ref (notice));
    }

  schedule (self);
}

void
bw_desktop_notices_settle (BwDesktopNotices *self,
                           const char       *device_id)
{
  g_return_if_fail (BW_IS_DESKTOP_NOTICES (self));

  /* A number that is too large now is not said anew: somebody is at work already. */
  if (g_hash_table_remove (self->arrived, device_id) && g_hash_table_size (self->arrived) == 0)
    withdraw (self, ARRIVALS_ID);
}

void
bw_desktop_notices_withdraw (BwDesktopNotices *self)
{
  g_return_if_fail (BW_IS_DESKTOP_NOTICES (self));

  g_clear_handle_id (&self->flush_id, g_source_remove);
  while (self->sent->len > 0)
    withdraw (self, g_ptr_array_index (self->sent, self->sent->len - 1));

  g_hash_table_remove_all (self->arrived);
  g_hash_table_remove_all (self->said);
  g_hash_table_remove_all (self->to_tell);
  self->is_beyond = FALSE;
  self->arrivals_changed = FALSE;
  self->said_changed = FALSE;
}
