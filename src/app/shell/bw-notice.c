/* bw-notice.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-app"

#include "bw-notice.h"

#include <glib/gi18n.h>

#include "bw-text.h"

/**
 * BwNotice:
 *
 * What a device said, or that one came. A list replaces it by itself when it changes.
 */

struct _BwNotice
{
  GObject       parent_instance;

  BwNoticeKind  kind;
  char         *device_id;
  char         *name;
  char         *text;
  gint64        count;
  gint64        at_us;
  gboolean      unread;
};

G_DEFINE_FINAL_TYPE (BwNotice, bw_notice, G_TYPE_OBJECT)

static void
bw_notice_finalize (GObject *object)
{
  BwNotice *self = (BwNotice *) object;

  g_free (self->device_id);
  g_free (self->name);
  g_free (self->text);

  G_OBJECT_CLASS (bw_notice_parent_class)->finalize (object);
}

static void
bw_notice_class_init (BwNoticeClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = bw_notice_finalize;
}

static void
bw_notice_init (BwNotice *self)
{
  self->unread = TRUE;
}

BwNotice *
bw_notice_new (BwNoticeKind  kind,
               const char   *device_id,
               const char   *name,
               const char   *text,
               gint64        count,
               gint64        at_us)
{
  BwNotice *self = g_object_new (BW_TYPE_NOTICE, NULL);

  self->kind = kind;
  self->device_id = g_strdup (device_id);
  self->name = g_strdup (name);
  self->text = g_strdup (text);
  self->count = MAX (count, 1);
  self->at_us = at_us;

  return self;
}

void
bw_notice_fold (BwNotice *self,
                BwNotice *later)
{
  g_return_if_fail (BW_IS_NOTICE (self));
  g_return_if_fail (BW_IS_NOTICE (later));

  /* Several devices are no device. */
  if (g_strcmp0 (self->device_id, later->device_id) != 0)
    {
      g_clear_pointer (&self->device_id, g_free);
      g_clear_pointer (&self->name, g_free);
    }
  else if (later->name != NULL)
    {
      bw_set_str (&self->name, later->name);
    }

  bw_set_str (&self->text, later->text);
  self->count += later->count;
  self->at_us = MAX (self->at_us, later->at_us);
  self->unread = TRUE;
}

BwNoticeKind
bw_notice_get_kind (BwNotice *self)
{
  g_return_val_if_fail (BW_IS_NOTICE (self), BW_NOTICE_INFO);

  return self->kind;
}

const char *
bw_notice_get_device_id (BwNotice *self)
{
  g_return_val_if_fail (BW_IS_NOTICE (self), NULL);

  return self->device_id;
}

const char *
bw_notice_get_text (BwNotice *self)
{
  g_return_val_if_fail (BW_IS_NOTICE (self), NULL);

  return self->text;
}

gint64
bw_notice_get_count (BwNotice *self)
{
  g_return_val_if_fail (BW_IS_NOTICE (self), 0);

  return self->count;
}

gint64
bw_notice_get_at_us (BwNotice *self)
{
  g_return_val_if_fail (BW_IS_NOTICE (self), 0);

  return self->at_us;
}

gboolean
bw_notice_get_unread (BwNotice *self)
{
  g_return_val_if_fail (BW_IS_NOTICE (self), FALSE);

  return self->unread;
}

void
bw_notice_set_unread (BwNotice *self,
                      gboolean  unread)
{
  g_return_if_fail (BW_IS_NOTICE (self));

  self->unread = unread;
}

char *
bw_notice_dup_title (BwNotice *self)
{
  guint n;

  g_return_val_if_fail (BW_IS_NOTICE (self), NULL);

  if (self->device_id != NULL)
    return g_strdup (self->name != NULL && *self->name != '\0' ? self->name : self->device_id);

  n = (guint) MIN (self->count, G_MAXUINT);
  if (self->kind == BW_NOTICE_ARRIVAL)
    return g_strdup_printf (ngettext ("%u device waits for approval", "%u devices wait for approval", n), n);

  return g_strdup (_("Many devices"));
}

char *
bw_notice_dup_body (BwNotice *self)
{
  guint n;

  g_return_val_if_fail (BW_IS_NOTICE (self), NULL);

  if (self->kind == BW_NOTICE_ARRIVAL)
    return g_strdup (self->device_id != NULL ? _("New, waits for approval")
                                             : _("They connected for the first time"));

  n = (guint) MIN (self->count, G_MAXUINT);
  if (self->kind == BW_NOTICE_BEYOND)
    return g_strdup_printf (ngettext ("%u message too many to show", "%u messages too many to show", n), n);

  if (self->count > 1)
    {
      /* Translators: after the newest message of a device: how many it has sent in all */
      g_autofree char *more = g_strdup_printf (ngettext ("(%u message)", "(%u messages)", n), n);

      return g_strjoin (" ", self->text != NULL ? self->text : "", more, NULL);
    }

  return g_strdup (self->text != NULL ? self->text : "");
}

const char *
bw_notice_get_kind_text (BwNotice *self)
{
  g_return_val_if_fail (BW_IS_NOTICE (self), NULL);

  switch (self->kind)
    {
    case BW_NOTICE_ARRIVAL:
      return _("New device");
    case BW_NOTICE_WARNING:
      return C_("message of a device", "Warning");
    case BW_NOTICE_ALERT:
      return C_("message of a device", "Alert");
    case BW_NOTICE_ERROR:
      return C_("message of a device", "Error");
    case BW_NOTICE_INFO:
    case BW_NOTICE_BEYOND:
    default:
      return C_("message of a device", "Information");
    }
}

const char *
bw_notice_get_icon_name (BwNotice *self)
{
  g_return_val_if_fail (BW_IS_NOTICE (self), NULL);

  switch (self->kind)
    {
    case BW_NOTICE_ARRIVAL:
      return "bw-devices-symbolic";
    case BW_NOTICE_WARNING:
    case BW_NOTICE_ALERT:
      return "dialog-warning-symbolic";
    case BW_NOTICE_ERROR:
      return "dialog-error-symbolic";
    case BW_NOTICE_INFO:
    case BW_NOTICE_BEYOND:
    default:
      return "dialog-information-symbolic";
    }
}
