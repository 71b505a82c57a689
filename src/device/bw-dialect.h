/* bw-dialect.h: messages of a device in, operations on its tree out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-tree.h"
#include "bw-topic.h"

G_BEGIN_DECLS

#define BW_DESCRIPTION_MAX_BYTES (1024 * 1024)

/* What one message changed in a tree. Several may hold at once. */
typedef enum
{
  BW_CHANGE_NONE       = 0,
  BW_CHANGE_FACTS      = 1 << 0,   /* name, product, version, address, convention */
  BW_CHANGE_STATE      = 1 << 1,
  BW_CHANGE_STRUCTURE  = 1 << 2,   /* nodes or properties came, went or were described anew */
  BW_CHANGE_VALUE      = 1 << 3,   /* .property holds the one */
  BW_CHANGE_TARGET     = 1 << 4,   /* .property holds the one */
  BW_CHANGE_LOG        = 1 << 5,   /* .level and .text hold what the device says; .is_alert: a Homie 5 alert */
  BW_CHANGE_REMOVED    = 1 << 6,   /* the device took itself away (empty retained $state or $homie) */
  BW_CHANGE_IGNORED    = 1 << 7,   /* .text says why; the raw view shows it */
} BwChange;

typedef enum
{
  BW_LEVEL_DEBUG,
  BW_LEVEL_INFO,
  BW_LEVEL_WARNING,
  BW_LEVEL_ERROR,
  BW_LEVEL_FATAL,
} BwLevel;

typedef struct
{
  guint           changes;     /* BwChange */
  BwTreeProperty *property;    /* (unowned) (nullable) */
  BwLevel         level;
  gboolean        is_alert;
  char           *text;        /* (owned) (nullable) */
} BwEffect;

void     bw_effect_clear (BwEffect *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BwEffect, bw_effect_clear)

/* A convention that devices speak. Stateless: all there is to know sits in the tree. */
typedef struct
{
  const char *name;      /* "homie-5", "homie-3-4" */
  BwTopicRoot root;

  /* The filters a desktop subscribes for one device; NULL-terminated. (transfer full) */
  char     **(*filters)    (const char           *device_id);

  /* @payload need not be UTF-8 nor terminated. Any order of messages must do. @ret_effect is
   * written whole: clear it before it is used again. Homie 5: the messages of a gateway's
   * children go to the tree of the gateway (.children names them), as nodes "child:node". */
  void       (*on_message) (BwDeviceTree         *tree,
                            const BwTopic        *topic,
                            const char           *payload,
                            gsize                 length,
                            gboolean              retained,
                            gint64                now_us,
                            BwEffect             *ret_effect);

  /* (transfer full): the topic and the bytes that ask @property to become @value,
   * which bw_value_check() has passed. */
  gboolean   (*encode_set) (BwDeviceTree         *tree,
                            const BwTreeProperty *property,
                            const char           *value,
                            char                **ret_topic,
                            GBytes              **ret_payload,
                            GError              **error);
} BwDialect;

const BwDialect *bw_dialect_for_root (BwTopicRoot         root);
const BwDialect *bw_dialect_for_tree (const BwDeviceTree *tree);   /* by what it says in $homie or "homie"; NULL: not known yet */

G_END_DECLS
