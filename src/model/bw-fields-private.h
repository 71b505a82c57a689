/* bw-fields-private.h: the plain fields of an entity, said once
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-entity.h"

G_BEGIN_DECLS

typedef enum
{
  BW_FIELD_STRING,    /* char *, NULL is null */
  BW_FIELD_INT64,     /* gint64, never negative */
  BW_FIELD_BOOLEAN,   /* gboolean */
  BW_FIELD_NICK,      /* guint here, a nick in JSON */
  BW_FIELD_STRINGS,   /* GStrv, never NULL once loaded; an array of texts */
  BW_FIELD_JSON,      /* JsonNode *, NULL is null: whatever it is, immutable */
} BwFieldKind;

/* One field: a read-only property, a JSON member and a place in the instance. */
typedef struct _BwField
{
  const char  *property;
  const char  *member;
  BwFieldKind  kind;
  gsize        offset;
  const char *(*to_nick)   (guint       number);
  gboolean    (*from_nick) (const char *nick,
                            guint      *ret_number);
} BwField;

/* Property ids are positions in @fields plus one; @pspecs has as many places. */
void     bw_fields_install      (GObjectClass   *klass,
                                 const BwField  *fields,
                                 guint           n_fields,
                                 GParamSpec    **pspecs);
void     bw_fields_get_property (gpointer        instance,
                                 const BwField  *field,
                                 GValue         *value);
/* All or nothing: a nick that is not known leaves the instance as it was. */
gboolean bw_fields_load         (gpointer        instance,
                                 const BwField  *fields,
                                 guint           n_fields,
                                 GParamSpec    **pspecs,
                                 JsonObject     *json,
                                 GError        **error);
void     bw_fields_save         (gpointer        instance,
                                 const BwField  *fields,
                                 guint           n_fields,
                                 JsonObject     *json);
void     bw_fields_clear        (gpointer        instance,
                                 const BwField  *fields,
                                 guint           n_fields);

G_END_DECLS
