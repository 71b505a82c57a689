/* bw-feed.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-service"

#include "bw-feed.h"

/**
 * BwFeed:
 *
 * The services say here what has changed, after it has been committed; the
 * broker side publishes it. Main context only.
 */

struct _BwFeed
{
  GObject parent_instance;
};

enum {
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BwFeed, bw_feed, G_TYPE_OBJECT)

static void
bw_feed_class_init (BwFeedClass *klass)
{
  signals[CHANGED] =
    g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                  G_TYPE_NONE, 3,
                  G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE, G_TYPE_INT64,
                  G_TYPE_STRING | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void
bw_feed_init (BwFeed *self)
{
}

BwFeed *
bw_feed_new (void)
{
  return g_object_new (BW_TYPE_FEED, NULL);
}

void
bw_feed_changed (BwFeed     *self,
                 const char *kind,
                 gint64      company_id,
                 const char *document)
{
  g_return_if_fail (BW_IS_FEED (self));
  g_return_if_fail (kind != NULL && document != NULL);

  g_signal_emit (self, signals[CHANGED], 0, kind, company_id, document);
}
