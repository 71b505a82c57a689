/* bw-filter.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-store"

#include "bw-filter.h"

#include <string.h>

#include "bw-error.h"
#include "bw-json.h"

void
bw_filter_init (BwFilter *self)
{
  self->where = g_string_new (NULL);
  self->n_args = 0;
  g_variant_builder_init (&self->args, G_VARIANT_TYPE_TUPLE);
}

void
bw_filter_clear (BwFilter *self)
{
  if (self->where == NULL)
    return;

  g_string_free (self->where, TRUE);
  self->where = NULL;
  g_variant_builder_clear (&self->args);
}

static void
append (BwFilter   *self,
        const char *condition)
{
  g_string_append (self->where, self->where->len == 0 ? " WHERE (" : " AND (");
  for (const char *p = condition; *p != '\0'; p++)
    {
      if (*p == '?')
        g_string_append_printf (self->where, "$%u", self->n_args);
      else
        g_string_append_c (self->where, *p);
    }
  g_string_append_c (self->where, ')');
}

void
bw_filter_add (BwFilter   *self,
               const char *condition)
{
  append (self, condition);
}

void
bw_filter_add_int (BwFilter   *self,
                   const char *condition,
                   gint64      value)
{
  self->n_args++;
  g_variant_builder_add (&self->args, "x", value);
  append (self, condition);
}

void
bw_filter_add_text (BwFilter   *self,
                    const char *condition,
                    const char *value)
{
  self->n_args++;
  g_variant_builder_add (&self->args, "s", value);
  append (self, condition);
}

void
bw_filter_add_search (BwFilter   *self,
                      const char *condition,
                      const char *search)
{
  g_autofree char *lower = g_utf8_strdown (search, -1);
  g_autoptr(GString) pattern = g_string_new ("%");

  for (const char *p = lower; *p != '\0'; p++)
    {
      if (*p == '%' || *p == '_' || *p == '!')
        g_string_append_c (pattern, '!');
      g_string_append_c (pattern, *p);
    }
  g_string_append_c (pattern, '%');

  bw_filter_add_text (self, condition, pattern->str);
}

void
bw_filter_push_texts (BwFilter  *self,
                      BwDb      *db,
                      GPtrArray *texts,
                      GString   *sql)
{
  g_autoptr(GString) array = g_string_new (NULL);

  bw_json_begin_array (array, NULL);
  for (guint i = 0; i < texts->len; i++)
    bw_json_add_string (array, NULL, g_ptr_array_index (texts, i));
  bw_json_end_array (array);

  g_variant_builder_add (&self->args, "s", array->str);
  g_string_append_printf (sql, "SELECT value FROM %s$%u%s", db->driver->texts[0], ++self->n_args, db->driver->texts[1]);
}

GVariant *
bw_filter_end_page (BwFilter *self,
                    gint64    limit,
                    gint64    offset)
{
  g_variant_builder_add (&self->args, "x", limit);
  g_variant_builder_add (&self->args, "x", offset);

  return bw_filter_end (self);
}

GVariant *
bw_filter_end (BwFilter *self)
{
  return g_variant_ref_sink (g_variant_builder_end (&self->args));
}

gboolean
bw_filter_check_page (const char  *search,
                      gint64       offset,
                      gint64       limit,
                      GError     **error)
{
  if (limit < 0 || limit > BW_FILTER_MAX_LIMIT)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the limit must be between 0 and %d", BW_FILTER_MAX_LIMIT);
  else if (offset < 0)
    g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID, "the offset must not be negative");
  else if (search != NULL && strlen (search) > BW_FILTER_MAX_SEARCH_BYTES)
    g_set_error (error, BW_ERROR, BW_ERROR_INVALID, "the search is longer than %d bytes", BW_FILTER_MAX_SEARCH_BYTES);
  else
    return TRUE;

  return FALSE;
}
