/* bw-device-filter.h: which devices, as the API says it
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

#include "bw-filter.h"

G_BEGIN_DECLS

#define BW_DEVICE_FILTER_MAX_VALUES 100
#define BW_DEVICE_FILTER_MAX_KEYS   20
#define BW_DEVICE_SORT_MAX_KEYS     4

/* Conditions “key = any of these values”, joined by AND. Made on any thread, and not changed after that. */
typedef struct _BwDeviceFilter BwDeviceFilter;

BwDeviceFilter *bw_device_filter_new       (void);
BwDeviceFilter *bw_device_filter_ref       (BwDeviceFilter  *self);
void            bw_device_filter_unref     (BwDeviceFilter  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwDeviceFilter, bw_device_filter_unref)

/* @key: "status", "version!", "name~", …; an empty value is no condition. BW_ERROR_INVALID, naming the key. */
gboolean        bw_device_filter_add       (BwDeviceFilter  *self,
                                            const char      *key,
                                            const char      *value,
                                            GError         **error);
/* One of these, however many they are. BW_ERROR_INVALID: there is none, or one is no device id. */
gboolean        bw_device_filter_add_ids   (BwDeviceFilter     *self,
                                            const char * const *ids,
                                            GError            **error);
/* (transfer full): of an object whose members are keys, each a value or a list of them */
BwDeviceFilter *bw_device_filter_from_json (JsonObject      *object,
                                            GError         **error);
/* How many conditions; @self: (nullable): none */
guint           bw_device_filter_get_n     (BwDeviceFilter  *self);

/* The file bw-device-filter-sql.c */

/* Adds the conditions. @probes_tags: each device is asked for its tags, rather than all that have one found first: for a walk
 * that ends soon */
void            bw_device_filter_append    (BwDeviceFilter  *self,
                                            BwDb            *db,
                                            gboolean         probes_tags,
                                            BwFilter        *where);
/* Appends what counts the devices of the only condition without looking at them; FALSE: nothing does. @self: (nullable) */
gboolean        bw_device_filter_append_count (BwDeviceFilter *self,
                                               GString        *sql);
/* Those conditions for which there is an index; each is called alone. */
typedef gboolean (*BwDeviceFilterFunc)     (const char      *index,
                                            BwFilter        *where,
                                            gpointer         user_data,
                                            GError         **error);
gboolean        bw_device_filter_each_indexed (BwDeviceFilter     *self,
                                               BwDb               *db,
                                               BwDeviceFilterFunc  func,
                                               gpointer            user_data,
                                               GError            **error);

/* An order: at most BW_DEVICE_SORT_MAX_KEYS columns. */
typedef struct
{
  const char *nick;
  const char *column;       /* SQL */
  gboolean    nullable;
  const char *join;         /* (nullable): that table */
  const char *has;          /* (nullable): SQL: it is not empty; what is empty comes first */
  const char *index;        /* (nullable): of those that have it, in its order */
  const char *narrow;       /* (nullable): an index that has the column, to go through all */
  const char *groups;       /* (nullable): SQL: id, name and number of devices of each that has a name, by name */
  const char *group_column; /* what refers to it */
} BwDeviceSortColumn;

typedef struct
{
  const BwDeviceSortColumn *columns[BW_DEVICE_SORT_MAX_KEYS];
  gboolean                  descending[BW_DEVICE_SORT_MAX_KEYS];
  guint                     n;
} BwDeviceSort;

/* @text: (nullable): "product,-last-seen"; by id */
gboolean        bw_device_sort_parse       (const char      *text,
                                            BwDeviceSort    *ret_sort,
                                            GError         **error);

G_END_DECLS
