/* bw-device-filter-private.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device-filter.h"

G_BEGIN_DECLS

typedef enum
{
  BW_FIELD_TEXT,
  BW_FIELD_BATCH,
  BW_FIELD_COMPANY,
  BW_FIELD_TAG,
  BW_FIELD_STATUS,
  BW_FIELD_STATE,
  BW_FIELD_TYPE,
  BW_FIELD_ONLINE,
  BW_FIELD_SERIAL,
  BW_FIELD_AFTER,
  BW_FIELD_BEFORE,
  BW_FIELD_EMPTY,
  BW_FIELD_SEARCH,
} BwFieldKind;

typedef enum
{
  BW_MATCH_IS,
  BW_MATCH_CONTAINS,
  BW_MATCH_BEGINS,
} BwMatch;

typedef struct
{
  const char  *name;
  BwFieldKind  kind;
  const char  *column;
  const char  *index;       /* (nullable): for BW_MATCH_IS */
} BwDeviceField;

typedef struct
{
  const BwDeviceField *field;
  BwMatch              match;
  gboolean             negated;
  char                *key;
  GPtrArray           *values;     /* texts, as they came */
  GArray              *numbers;    /* gint64: what they mean, where they are no texts */
} BwDeviceCondition;

struct _BwDeviceFilter
{
  gatomicrefcount  refs;
  GPtrArray       *conditions;
};

/* What may be empty: the SQL for "has one". NULL: @name is none. */
const char *bw_device_filter_find_has (const char *name);

/* Statuses that stand for several. */
#define BW_STATUS_ANY_APPROVED (-1)
#define BW_STATUS_ANY_SEEN     (-2)

G_END_DECLS
