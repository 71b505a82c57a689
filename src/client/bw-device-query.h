/* bw-device-query.h: which devices, as conditions
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* A filter is an object of conditions as the API has it: the key is a field with an operator, the value one or
 * several of which any does (negated: none): {"status":["pairing","paired"],"version!":"1.0.0","name~":"pump"}. */

/* The same as parameters of a request, escaped; "" for none. (transfer full) */
char       *bw_device_query_to_query   (JsonObject         *filter);
/* (transfer full) */
JsonObject *bw_device_query_copy       (JsonObject         *filter);
gboolean    bw_device_query_equal      (JsonObject         *a,
                                        JsonObject         *b);
/* As texts; empty when there is no such condition. (transfer full) */
char      **bw_device_query_dup_values (JsonObject         *filter,
                                        const char         *key);
/* The only value, or NULL. (transfer full) (nullable) */
char       *bw_device_query_dup_value  (JsonObject         *filter,
                                        const char         *key);
/* Numbers and truth values are written as such where the field has them. @values: NULL or empty: no such condition. */
void        bw_device_query_set        (JsonObject         *filter,
                                        const char         *key,
                                        const char * const *values);
void        bw_device_query_set_one    (JsonObject         *filter,
                                        const char         *key,
                                        const char         *value);   /* (nullable) */

G_END_DECLS
