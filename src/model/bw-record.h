/* bw-record.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-entity.h"

G_BEGIN_DECLS

#define BW_TYPE_RECORD (bw_record_get_type ())

G_DECLARE_DERIVABLE_TYPE (BwRecord, bw_record, BW, RECORD, BwEntity)

struct _BwField;

struct _BwRecordClass
{
  BwEntityClass          parent_class;

  const struct _BwField *fields;
  guint                  n_fields;
  GParamSpec           **pspecs;
};

/* The value of a field by its property's name; NULL when it is not there. For texts only. */
const char *bw_record_get_text (BwRecord   *self,
                                const char *property);

G_END_DECLS
