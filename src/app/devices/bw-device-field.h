/* bw-device-field.h: what devices are filtered by, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

typedef enum
{
  BW_DEVICE_FIELD_TEXT,     /* anything; ways to compare texts */
  BW_DEVICE_FIELD_CHOICE,   /* one of few, or of what there is */
  BW_DEVICE_FIELD_NUMBER,
  BW_DEVICE_FIELD_TIME,
} BwDeviceFieldKind;

typedef struct
{
  const char        *id;           /* in the API: "version" */
  const char        *title;        /* N_() */
  BwDeviceFieldKind  kind;
  gboolean           has_values;   /* the server tells which ones there are, and how often */
  const char * const *choices;     /* (nullable): fixed ones */
} BwDeviceField;

/* All of them, in the order in which they are offered. (transfer none) */
const BwDeviceField *bw_device_fields_get          (guint               *ret_n_fields);
/* Of a condition's key: "version!~" is the field version and the operator "!~"; "lastSeenAfter" has "After".
 * NULL: not known. (transfer none) (nullable) */
const BwDeviceField *bw_device_field_of_key        (const char          *key,
                                                    const char         **ret_operator);
/* The operators of a field, in the order in which they are offered. (transfer none) */
const char * const  *bw_device_field_get_operators (const BwDeviceField *field);
/* "contains" */
const char          *bw_device_operator_to_text    (const char          *operator);
/* (transfer full): a word for a nick, a name for an id. */
char                *bw_device_value_to_text       (const BwDeviceField *field,
                                                    BwSession           *session,
                                                    const char          *value);
/* (transfer full): "Version: 1.4.2, 1.4.3" */
char                *bw_device_condition_to_text   (BwSession           *session,
                                                    const char          *key,
                                                    const char * const  *values);

G_END_DECLS
