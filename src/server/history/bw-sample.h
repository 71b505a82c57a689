/* bw-sample.h: what a value of a device is kept as
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-chunk.h"
#include "bw-value.h"

G_BEGIN_DECLS

/* A text that is no value of its datatype is kept as a text; .text is then @text itself. */
BwSampleKind bw_sample_from_text   (BwDatatype     datatype,
                                    const char    *text,
                                    BwSampleValue *ret_value);
/* As an element of a JSON array: a number, true, false, a text; null for what JSON has no number for. */
void         bw_sample_add_json    (GString       *out,
                                    BwSampleKind   kind,
                                    BwSampleValue  value);
void         bw_number_add_json    (GString       *out,
                                    double         number);
/* As a device would write it: NaN, inf and -inf by their names. A text as it is. */
void         bw_sample_write_text  (GString       *out,
                                    BwSampleKind   kind,
                                    BwSampleValue  value);

G_END_DECLS
