/* bw-json.h: reading JSON from strangers, writing it quickly
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

#define BW_JSON_MAX_DEPTH 32

JsonNode   *bw_json_parse        (const char  *text,
                                  gsize        length,
                                  gsize        max_bytes,
                                  GError     **error);
JsonObject *bw_json_parse_object (const char  *text,
                                  gsize        length,
                                  gsize        max_bytes,
                                  GError     **error);

/* These never warn: a member that is missing or of another type is the fallback. */
const char *bw_json_get_string   (JsonObject  *object,
                                  const char  *name);
/* An id that is written as a text; 0 when it is none. */
gint64      bw_json_get_id       (JsonObject  *object,
                                  const char  *name);
gint64      bw_json_get_int      (JsonObject  *object,
                                  const char  *name,
                                  gint64       fallback);
gboolean    bw_json_get_boolean  (JsonObject  *object,
                                  const char  *name,
                                  gboolean     fallback);
JsonObject *bw_json_get_object   (JsonObject  *object,
                                  const char  *name);
JsonArray  *bw_json_get_array    (JsonObject  *object,
                                  const char  *name);

/* A streaming writer onto a GString. @name is NULL inside an array and for the
 * root. Commas are its business; closing what was opened is the caller's. */
void bw_json_begin_object (GString    *out,
                           const char *name);
void bw_json_end_object   (GString    *out);
void bw_json_begin_array  (GString    *out,
                           const char *name);
void bw_json_end_array    (GString    *out);
void bw_json_add_string   (GString    *out,
                           const char *name,
                           const char *value);
/* The id of a row, which the API writes as a text; 0 is null. */
void bw_json_add_id       (GString    *out,
                           const char *name,
                           gint64      id);
void bw_json_add_int      (GString    *out,
                           const char *name,
                           gint64      value);
/* With four decimals, and a point whatever the locale; @value is finite. */
void bw_json_add_decimal  (GString    *out,
                           const char *name,
                           double      value);
void bw_json_add_boolean  (GString    *out,
                           const char *name,
                           gboolean    value);
void bw_json_add_null     (GString    *out,
                           const char *name);
void bw_json_add_raw      (GString    *out,
                           const char *name,
                           const char *json);

G_END_DECLS
