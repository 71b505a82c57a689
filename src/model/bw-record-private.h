/* bw-record-private.h: for the entities that are nothing but their fields
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-fields-private.h"
#include "bw-record.h"

G_BEGIN_DECLS

/* From class_init; @pspecs has as many places as there are @fields. All are static. */
void bw_record_class_set_fields (BwRecordClass  *klass,
                                 const BwField  *fields,
                                 guint           n_fields,
                                 GParamSpec    **pspecs);

G_END_DECLS
