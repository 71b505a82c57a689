/* bw-device-tree.h: what a device says of itself: nodes, properties, values
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "bw-value.h"

G_BEGIN_DECLS

/* Limits of one device; what is over them is counted and shown, not kept. */
#define BW_TREE_MAX_NODES      256
#define BW_TREE_MAX_PROPERTIES 2048
#define BW_TREE_MAX_TEXT_BYTES 1024   /* a name, unit or format */

/* The device's own state, as the conventions have it. */
typedef enum
{
  BW_STATE_NOT_CONNECTED,   /* has never said anything */
  BW_STATE_INIT,
  BW_STATE_READY,
  BW_STATE_DISCONNECTED,
  BW_STATE_SLEEPING,
  BW_STATE_LOST,
  BW_STATE_ALERT,
} BwState;

const char *bw_state_to_nick   (BwState     state);   /* "not-connected", "init", … */
BwState     bw_state_from_nick (const char *nick);

typedef struct _BwDeviceTree   BwDeviceTree;
typedef struct _BwTreeNode     BwTreeNode;
typedef struct _BwTreeProperty BwTreeProperty;

/* Plain structs, one thread at a time; strings are interned GRefStrings, since
 * a fleet repeats the same few names ten thousand times. (nullable) unless said. */
struct _BwTreeProperty
{
  char       *id;               /* GRefString, never NULL; first, as in BwTreeNode */
  BwTreeNode *node;             /* (unowned) */
  char       *name;             /* GRefString */
  char       *unit;             /* GRefString */
  char       *format;           /* GRefString */
  char       *value;            /* (owned): NULL until one came */
  char       *target;           /* (owned) */
  gint64      updated_at_us;    /* when the value came; 0: never */
  gint64      row;              /* the store's key; 0: not stored yet */
  BwDatatype  datatype : 8;
  guint       settable : 1;
  guint       retained : 1;
  guint       described : 1;    /* metadata has come; a bare value makes an undescribed one */
  guint       bad_value : 1;    /* the value last received is against datatype or format; it is shown all the same */
  guint       dirty_value : 1;  /* for the owner's use: not stored yet */
  guint       dirty : 1;        /* likewise: metadata not stored yet */
  guint       hidden : 1;       /* in the node's .aside, not in its .properties */
};

struct _BwTreeNode
{
  char       *id;               /* GRefString, never NULL; "child:node" for a node of a gateway's child */
  char       *name;             /* GRefString */
  char       *type;             /* GRefString */
  char       *array;            /* GRefString: Homie 3's range of an array of nodes, "0-3" */
  GPtrArray  *properties;       /* (owned) (element-type BwTreeProperty): in the device's order */
  GPtrArray  *aside;            /* (owned) (nullable): those that the device's own list does not name */
  guint       hint;             /* where the last look-up ended */
  guint       has_list : 1;     /* the device has said which properties there are */
  guint       hidden : 1;       /* in the tree's .aside, not in its .nodes */
  guint       own_name : 1;     /* for an element of an array: not the name of all */
  guint       is_array : 1;     /* describes elements of an array, and is none itself */
};

struct _BwDeviceTree
{
  char       *id;               /* (owned): the device id */
  char       *name;             /* (owned) */
  char       *product;          /* (owned): firmware name, or the description's type */
  char       *version;          /* (owned): firmware version, or the description's version */
  char       *local_ip;         /* (owned) */
  char       *homie;            /* (owned): the convention's version it speaks, "5.0", "4.0.0", "3.0.1" */
  BwState     state;
  GPtrArray  *nodes;            /* (owned) (element-type BwTreeNode) */
  GPtrArray  *aside;            /* (owned) (nullable): nodes that the device's own list does not name */
  GPtrArray  *scopes;           /* (owned) (nullable) (element-type utf8): "" and children whose nodes are listed */
  GPtrArray  *children;         /* (owned) (nullable) (element-type utf8): ids of a gateway's children */
  char       *node_list;        /* (owned): Homie 3 and 4's $nodes */
  guint       n_nodes;          /* with those set aside */
  guint       n_properties;     /* likewise */
  guint       n_refused;        /* over the limits above */
  guint       hint;             /* where the last look-up ended */
  guint       n_dialect : 2;    /* BwDialect's: who has written here, 0: nobody yet */
  guint       firmware_name : 1;      /* .product is the firmware's own word */
  guint       firmware_version : 1;   /* likewise .version */
};

BwDeviceTree   *bw_device_tree_new             (const char   *id);
void            bw_device_tree_free            (BwDeviceTree *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwDeviceTree, bw_device_tree_free)

BwTreeNode     *bw_device_tree_get_node        (BwDeviceTree *self,
                                                const char   *node_id);
BwTreeProperty *bw_device_tree_get_property    (BwDeviceTree *self,
                                                const char   *node_id,
                                                const char   *property_id);
/* The same, made when missing; NULL when a limit is reached. */
BwTreeNode     *bw_device_tree_ensure_node     (BwDeviceTree *self,
                                                const char   *node_id);
BwTreeProperty *bw_device_tree_ensure_property (BwDeviceTree *self,
                                                const char   *node_id,
                                                const char   *property_id);
void            bw_device_tree_remove_node     (BwDeviceTree *self,
                                                const char   *node_id);
void            bw_device_tree_remove_property (BwDeviceTree *self,
                                                const char   *node_id,
                                                const char   *property_id);

/* For the dialects. Messages come in any order, stale ones among them: what the
 * device's own list does not name is set aside, where no page shows it, and is
 * there with its value when a list names it after all. So the order of a list
 * and of what it lists does not matter. */

/* The nodes of a gateway's child have ids that begin with "child:", their scope;
 * the device's own have none. */
#define BW_TREE_SCOPE_SEPARATOR ':'

/* These two find also what is set aside. */
BwTreeNode     *bw_device_tree_find_node       (BwDeviceTree *self,
                                                const char   *node_id,
                                                gsize         length);
BwTreeProperty *bw_tree_node_find_property     (BwTreeNode   *node,
                                                const char   *property_id,
                                                gsize         length);
/* Made when missing, aside if a list has come that does not name it; NULL when a limit is reached. */
BwTreeNode     *bw_device_tree_touch_node      (BwDeviceTree *self,
                                                const char   *node_id,
                                                gsize         length);
BwTreeProperty *bw_device_tree_touch_property  (BwDeviceTree *self,
                                                BwTreeNode   *node,
                                                const char   *property_id,
                                                gsize         length);
gboolean        bw_tree_property_is_visible    (const BwTreeProperty *property);
/* Says which nodes there are in @scope ("" for the device's own), and in which order. Returns: whether
 * anything visible changed. */
gboolean        bw_device_tree_list_nodes      (BwDeviceTree       *self,
                                                const char         *scope,
                                                const char * const *node_ids,
                                                gsize               n_ids);
gboolean        bw_device_tree_list_properties (BwDeviceTree       *self,
                                                BwTreeNode         *node,
                                                const char * const *property_ids,
                                                gsize               n_ids);
gboolean        bw_device_tree_remove_scope    (BwDeviceTree       *self,
                                                const char         *scope);
/* Forgets all that the device has said but its id. */
void            bw_device_tree_clear           (BwDeviceTree       *self);
/* Returns: whether the text is another one now; it is cut at BW_TREE_MAX_TEXT_BYTES. */
gboolean        bw_tree_set_text               (char              **ref_string,
                                                const char         *text);

/* The "nodes" array of the API's device document: [{"id","name","type","properties":[{"id","name",
 * "value","target","datatype","unit","format","settable","retained","updatedAt"}]}] */
void            bw_device_tree_write_nodes     (BwDeviceTree *self,
                                                GString      *out,
                                                const char   *member);
gboolean        bw_device_tree_read_nodes      (BwDeviceTree *self,
                                                JsonArray    *nodes,
                                                GError      **error);

G_END_DECLS
