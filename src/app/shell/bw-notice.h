/* bw-notice.h: one line of what has happened in the fleet
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum
{
  BW_NOTICE_ARRIVAL,   /* a device begins to wait for approval */
  BW_NOTICE_INFO,
  BW_NOTICE_WARNING,
  BW_NOTICE_ALERT,
  BW_NOTICE_ERROR,
  BW_NOTICE_BEYOND,    /* what was too much to be told singly */
} BwNoticeKind;

#define BW_TYPE_NOTICE (bw_notice_get_type ())

G_DECLARE_FINAL_TYPE (BwNotice, bw_notice, BW, NOTICE, GObject)

BwNotice     *bw_notice_new           (BwNoticeKind  kind,
                                       const char   *device_id,   /* (nullable) */
                                       const char   *name,        /* (nullable) */
                                       const char   *text,        /* (nullable) */
                                       gint64        count,
                                       gint64        at_us);
/* @later happened, too, and the two are one from now on. */
void          bw_notice_fold          (BwNotice     *self,
                                       BwNotice     *later);
BwNoticeKind  bw_notice_get_kind      (BwNotice     *self);
const char   *bw_notice_get_device_id (BwNotice     *self);       /* (nullable): of several devices */
const char   *bw_notice_get_text      (BwNotice     *self);       /* (nullable) */
gint64        bw_notice_get_count     (BwNotice     *self);       /* messages, or devices that wait */
gint64        bw_notice_get_at_us     (BwNotice     *self);
gboolean      bw_notice_get_unread    (BwNotice     *self);
void          bw_notice_set_unread    (BwNotice     *self,
                                       gboolean      unread);

/* For people. (transfer full) but for what is const */
char         *bw_notice_dup_title     (BwNotice     *self);       /* whom it is about */
char         *bw_notice_dup_body      (BwNotice     *self);
const char   *bw_notice_get_kind_text (BwNotice     *self);
const char   *bw_notice_get_icon_name (BwNotice     *self);

G_END_DECLS
