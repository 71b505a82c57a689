/* bw-label-design.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-sheet"

#include "bw-label-design.h"

#include "bw-error.h"
#include "bw-json.h"
#include "bw-text.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#define FORMAT 1

/* A label is never larger; in relative lengths the whole is 1. */
#define MAX_MM       1000.0
#define TOLERANCE_MM 1e-3

/* The document of a label design: read strictly, since what is not understood
 * would be missing on ten thousand labels. What depends on the label itself
 * (is it large enough?) is asked in bw-label-plan.c. */

static const char * const kinds[] = {
  "qr", "id", "check", "batch", "serial", "product", "abbreviation", "license", "machine-id", "company",
  "text", "logo", "color-bar", NULL
};
static const char * const aligns[] = { "left", "center", "right", NULL };
static const char * const corrections[] = { "auto", "L", "M", "Q", "H", NULL };
static const char * const units[] = { "mm", "label", NULL };

static const char * const design_members[] = {
  "format", "units", "link", "errorCorrection", "dpi", "allowSmall", "fields", NULL
};
static const char * const field_members[] = {
  "kind", "x", "y", "width", "height", "align", "pt", "text", "logo", NULL
};

G_STATIC_ASSERT (G_N_ELEMENTS (kinds) == BW_LABEL_N_FIELD_KINDS + 1);

static gboolean fail (GError **error, const char *format, ...) G_GNUC_PRINTF (2, 3);

/* Returns: FALSE */
static gboolean
fail (GError     **error,
      const char  *format,
      ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (BW_ERROR, BW_ERROR_INVALID, format, args);
  va_end (args);

  return FALSE;
}

const char *
bw_label_field_kind_to_text (BwLabelFieldKind kind)
{
  g_return_val_if_fail (kind < BW_LABEL_N_FIELD_KINDS, NULL);

  return kinds[kind];
}

gboolean
bw_label_field_kind_is_text (BwLabelFieldKind kind)
{
  return kind != BW_LABEL_FIELD_QR && kind != BW_LABEL_FIELD_LOGO && kind != BW_LABEL_FIELD_COLOR_BAR;
}

const char *
bw_label_correction_to_text (BwLabelCorrection correction)
{
  g_return_val_if_fail (correction <= BW_LABEL_CORRECTION_H, NULL);

  return corrections[correction];
}

BwLabelField *
bw_label_field_new (BwLabelFieldKind kind)
{
  BwLabelField *field = g_new0 (BwLabelField, 1);

  field->kind = kind;
  field->text = g_strdup ("");

  return field;
}

void
bw_label_field_free (BwLabelField *field)
{
  g_free (field->text);
  g_clear_pointer (&field->logo, g_bytes_unref);
  g_free (field);
}

BwLabelDesign *
bw_label_design_new (void)
{
  BwLabelDesign *self = g_new0 (BwLabelDesign, 1);

  self->link = g_strdup ("");
  self->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_label_field_free);

  return self;
}

BwLabelDesign *
bw_label_design_copy (const BwLabelDesign *self)
{
  BwLabelDesign *copy;

  g_return_val_if_fail (self != NULL, NULL);

  copy = g_memdup2 (self, sizeof *self);
  copy->link = g_strdup (self->link);
  copy->fields = g_ptr_array_new_with_free_func ((GDestroyNotify) bw_label_field_free);
  for (guint i = 0; i < self->fields->len; i++)
    {
      BwLabelField *field = g_memdup2 (g_ptr_array_index (self->fields, i), sizeof *field);

      field->text = g_strdup (field->text);
      if (field->logo != NULL)
        g_bytes_ref (field->logo);
      g_ptr_array_add (copy->fields, field);
    }

  return copy;
}

void
bw_label_design_free (BwLabelDesign *self)
{
  g_free (self->link);
  g_ptr_array_unref (self->fields);
  g_free (self);
}

static gboolean
is_text (const char *text,
         gsize       max_bytes)
{
  return *text == '\0' || bw_name_is_valid (text, max_bytes);
}

static gboolean
check_link (const char  *link,
            GError     **error)
{
  const char *id = strstr (link, "{id}");

  if (*link == '\0')
    return TRUE;

  if (strlen (link) > BW_LABEL_MAX_LINK_BYTES)
    return fail (error, "a claim link has at most %d bytes", BW_LABEL_MAX_LINK_BYTES);

  for (const char *p = link; *p != '\0'; p++)
    {
      if (!g_ascii_isgraph (*p))
        return fail (error, "a claim link has neither spaces nor letters outside of ASCII");
    }

  if (g_ascii_strncasecmp (link, "https://", 8) != 0 && g_ascii_strncasecmp (link, "http://", 7) != 0)
    return fail (error, "a claim link begins with https:// or http://");

  if (id == NULL || strstr (id + 1, "{id}") != NULL)
    return fail (error, "a claim link has {id} once, where the ID goes");

  return TRUE;
}

static gboolean
check_rect (const BwLabelDesign *self,
            const BwLabelField  *field,
            GError             **error)
{
  const BwRect *rect = &field->rect;
  double max = self->is_relative ? 1.0 : MAX_MM;

  if (!isfinite (rect->x) || !isfinite (rect->y) || !isfinite (rect->width) || !isfinite (rect->height) ||
      rect->width <= 0 || rect->height <= 0 || rect->x < -TOLERANCE_MM || rect->y < -TOLERANCE_MM ||
      rect->x + rect->width > max + TOLERANCE_MM || rect->y + rect->height > max + TOLERANCE_MM)
    return fail (error, "the field “%s” does not lie on the label", kinds[field->kind]);

  return TRUE;
}

static gboolean
check_field (const BwLabelDesign *self,
             const BwLabelField  *field,
             GError             **error)
{
  const char *name = kinds[field->kind];
  gboolean has_text = *field->text != '\0';

  if (!check_rect (self, field, error))
    return FALSE;

  if (field->pt != 0 && !(field->pt >= BW_LABEL_MIN_PT && field->pt <= BW_LABEL_MAX_PT))
    return fail (error, "the letters of the field “%s” are 0 (as large as fits) or %g to %g points high",
                 name, BW_LABEL_MIN_PT, BW_LABEL_MAX_PT);

  if (!bw_label_field_kind_is_text (field->kind) && (has_text || field->pt != 0))
    return fail (error, "the field “%s” has no letters", name);

  if (!is_text (field->text, BW_LABEL_MAX_TEXT_BYTES))
    return fail (error, "the text of the field “%s” is one line of at most %d bytes", name, BW_LABEL_MAX_TEXT_BYTES);

  if (field->kind == BW_LABEL_FIELD_TEXT && !has_text)
    return fail (error, "the field “text” has no text");

  if ((field->kind == BW_LABEL_FIELD_ID || field->kind == BW_LABEL_FIELD_SERIAL) && has_text)
    return fail (error, "the field “%s” stands alone, its words go into a field “text”", name);

  if ((field->kind == BW_LABEL_FIELD_LOGO) != (field->logo != NULL))
    return fail (error, "a logo belongs to a field “logo”, and each of those has one");

  if (field->logo != NULL && g_bytes_get_size (field->logo) > BW_LABEL_MAX_LOGO_BYTES)
    return fail (error, "a logo has at most %d KiB", BW_LABEL_MAX_LOGO_BYTES / 1024);

  return TRUE;
}

static gboolean
overlap (const BwRect *a,
         const BwRect *b,
         double        tolerance)
{
  return a->x + a->width > b->x + tolerance && b->x + b->width > a->x + tolerance &&
         a->y + a->height > b->y + tolerance && b->y + b->height > a->y + tolerance;
}

static gboolean
check_overlaps (const BwLabelDesign *self,
                GError             **error)
{
  double tolerance = self->is_relative ? TOLERANCE_MM / 100 : TOLERANCE_MM;

  for (guint i = 0; i < self->fields->len; i++)
    {
      const BwLabelField *a = g_ptr_array_index (self->fields, i);

      for (guint j = 0; j < i; j++)
        {
          const BwLabelField *b = g_ptr_array_index (self->fields, j);

          if (!overlap (&a->rect, &b->rect, tolerance))
            continue;

          if (a->kind == BW_LABEL_FIELD_QR || b->kind == BW_LABEL_FIELD_QR)
            return fail (error, "the field “%s” lies in the quiet zone of the code, which stays white",
                         kinds[a->kind == BW_LABEL_FIELD_QR ? b->kind : a->kind]);

          return fail (error, "the fields “%s” and “%s” overlap", kinds[b->kind], kinds[a->kind]);
        }
    }

  return TRUE;
}

gboolean
bw_label_design_check (const BwLabelDesign *self,
                       GError             **error)
{
  guint n_codes = 0;
  guint n_logos = 0;

  g_return_val_if_fail (self != NULL, FALSE);

  if (!check_link (self->link, error))
    return FALSE;

  if (self->dpi != 0 && (self->dpi < 100 || self->dpi > BW_LABEL_MAX_DPI))
    return fail (error, "a printer has 100 to %d dots per inch", BW_LABEL_MAX_DPI);

  if (self->fields->len > BW_LABEL_MAX_FIELDS)
    return fail (error, "a label has at most %d fields", BW_LABEL_MAX_FIELDS);

  for (guint i = 0; i < self->fields->len; i++)
    {
      const BwLabelField *field = g_ptr_array_index (self->fields, i);

      if (!check_field (self, field, error))
        return FALSE;
      n_codes += field->kind == BW_LABEL_FIELD_QR;
      n_logos += field->kind == BW_LABEL_FIELD_LOGO;
    }

  if (self->fields->len > 0 && n_codes != 1)
    return fail (error, "a label has one field “qr”");
  if (n_logos > 1)
    return fail (error, "a label has one logo at most");

  return check_overlaps (self, error);
}

static gboolean
check_members (JsonObject          *object,
               const char * const  *members,
               const char          *what,
               GError             **error)
{
  JsonObjectIter iter;
  const char *name;

  json_object_iter_init (&iter, object);
  while (json_object_iter_next (&iter, &name, NULL))
    {
      g_autofree char *shown = NULL;

      if (g_strv_contains (members, name))
        continue;

      shown = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), 40));
      return fail (error, "%s has no member “%s”", what, shown);
    }

  return TRUE;
}

/* Missing is the fallback that @ret_value has already; another type is an error. */
static gboolean
read_number (JsonObject  *object,
             const char  *name,
             double      *ret_value,
             GError     **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL)
    return TRUE;

  if (json_node_get_value_type (node) == G_TYPE_INT64)
    *ret_value = (double) json_node_get_int (node);
  else if (json_node_get_value_type (node) == G_TYPE_DOUBLE)
    *ret_value = json_node_get_double (node);
  else
    return fail (error, "“%s” of a label design is a number", name);

  return TRUE;
}

static gboolean
read_text (JsonObject  *object,
           const char  *name,
           char       **ret_value,
           GError     **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL)
    return TRUE;

  if (json_node_get_value_type (node) != G_TYPE_STRING)
    return fail (error, "“%s” of a label design is a text", name);

  bw_set_str (ret_value, json_node_get_string (node));

  return TRUE;
}

static gboolean
read_boolean (JsonObject  *object,
              const char  *name,
              gboolean    *ret_value,
              GError     **error)
{
  JsonNode *node = json_object_get_member (object, name);

  if (node == NULL)
    return TRUE;

  if (json_node_get_value_type (node) != G_TYPE_BOOLEAN)
    return fail (error, "“%s” of a label design is true or false", name);

  *ret_value = json_node_get_boolean (node);

  return TRUE;
}

static gboolean
read_word (JsonObject          *object,
           const char          *name,
           const char * const  *words,
           guint               *ret_value,
           GError             **error)
{
  g_autofree char *word = NULL;
  g_autofree char *choices = NULL;

  if (!json_object_has_member (object, name))
    return TRUE;

  if (!read_text (object, name, &word, error))
    return FALSE;

  for (guint i = 0; words[i] != NULL; i++)
    {
      if (strcmp (words[i], word) == 0)
        {
          *ret_value = i;
          return TRUE;
        }
    }

  choices = g_strjoinv (", ", (char **) words);

  return fail (error, "“%s” of a label design is one of %s", name, choices);
}

static gboolean
read_logo (JsonObject    *object,
           BwLabelField  *field,
           GError       **error)
{
  g_autofree char *text = NULL;
  guchar *bytes;
  gsize n_bytes;

  if (!json_object_has_member (object, "logo"))
    return TRUE;

  if (!read_text (object, "logo", &text, error))
    return FALSE;

  if (strlen (text) % 4 != 0 ||
      strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != strlen (text))
    return fail (error, "a logo is written in base64");

  bytes = g_base64_decode (text, &n_bytes);
  field->logo = g_bytes_new_take (bytes, n_bytes);

  return TRUE;
}

static BwLabelField *
read_field (JsonNode  *node,
            GError   **error)
{
  g_autoptr(BwLabelField) field = bw_label_field_new (BW_LABEL_FIELD_TEXT);
  JsonObject *object;
  guint kind = BW_LABEL_N_FIELD_KINDS;
  guint align = BW_LABEL_ALIGN_LEFT;

  if (!JSON_NODE_HOLDS_OBJECT (node))
    {
      fail (error, "a field of a label design is an object");
      return NULL;
    }

  object = json_node_get_object (node);
  if (!check_members (object, field_members, "a field of a label design", error) ||
      !read_word (object, "kind", kinds, &kind, error) || !read_word (object, "align", aligns, &align, error) ||
      !read_number (object, "x", &field->rect.x, error) || !read_number (object, "y", &field->rect.y, error) ||
      !read_number (object, "width", &field->rect.width, error) ||
      !read_number (object, "height", &field->rect.height, error) ||
      !read_number (object, "pt", &field->pt, error) || !read_text (object, "text", &field->text, error) ||
      !read_logo (object, field, error))
    return NULL;

  if (kind == BW_LABEL_N_FIELD_KINDS)
    {
      fail (error, "a field of a label design has no kind");
      return NULL;
    }

  field->kind = kind;
  field->align = align;

  return g_steal_pointer (&field);
}

static gboolean
read_fields (JsonObject     *object,
             BwLabelDesign  *self,
             GError        **error)
{
  JsonNode *node = json_object_get_member (object, "fields");
  JsonArray *array;
  guint n;

  if (node == NULL)
    return TRUE;

  if (!JSON_NODE_HOLDS_ARRAY (node))
    return fail (error, "“fields” of a label design is a list");

  array = json_node_get_array (node);
  n = json_array_get_length (array);
  if (n > BW_LABEL_MAX_FIELDS)
    return fail (error, "a label has at most %d fields", BW_LABEL_MAX_FIELDS);

  for (guint i = 0; i < n; i++)
    {
      BwLabelField *field = read_field (json_array_get_element (array, i), error);

      if (field == NULL)
        return FALSE;
      g_ptr_array_add (self->fields, field);
    }

  return TRUE;
}

static gboolean
read_design (JsonObject     *object,
             BwLabelDesign  *self,
             GError        **error)
{
  guint correction = BW_LABEL_CORRECTION_AUTO;
  guint unit = 0;
  double format = 0;
  double dpi = 0;

  if (!check_members (object, design_members, "a label design", error) ||
      !read_number (object, "format", &format, error))
    return FALSE;

  if (format != FORMAT)
    return fail (error, "a label design has “format” %d, others are not known here", FORMAT);

  if (!read_word (object, "units", units, &unit, error) || !read_text (object, "link", &self->link, error) ||
      !read_word (object, "errorCorrection", corrections, &correction, error) ||
      !read_number (object, "dpi", &dpi, error) ||
      !read_boolean (object, "allowSmall", &self->allow_small, error) || !read_fields (object, self, error))
    return FALSE;

  if (!(dpi >= 0 && dpi <= BW_LABEL_MAX_DPI) || dpi != floor (dpi))
    return fail (error, "a printer has 100 to %d dots per inch", BW_LABEL_MAX_DPI);

  self->is_relative = unit == 1;
  self->correction = correction;
  self->dpi = (guint) dpi;

  return bw_label_design_check (self, error);
}

/**
 * bw_label_design_from_json:
 *
 * Returns: (transfer full) (nullable)
 */
BwLabelDesign *
bw_label_design_from_json (const char  *text,
                           gsize        length,
                           GError     **error)
{
  g_autoptr(BwLabelDesign) self = bw_label_design_new ();
  g_autoptr(JsonObject) object = NULL;

  g_return_val_if_fail (text != NULL, NULL);

  object = bw_json_parse_object (text, length, BW_LABEL_DESIGN_MAX_BYTES, error);
  if (object == NULL || !read_design (object, self, error))
    return NULL;

  return g_steal_pointer (&self);
}

/* To a thousandth of a millimetre; parts of a label to a millionth. */
static void
add_number (GString    *out,
            const char *name,
            double      value)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  value = round (value * 1e6) / 1e6;
  bw_json_add_raw (out, name, g_ascii_formatd (text, sizeof text, "%.8g", value == 0 ? 0.0 : value));
}

static void
add_field (GString            *out,
           const BwLabelField *field)
{
  bw_json_begin_object (out, NULL);
  bw_json_add_string (out, "kind", kinds[field->kind]);
  add_number (out, "x", field->rect.x);
  add_number (out, "y", field->rect.y);
  add_number (out, "width", field->rect.width);
  add_number (out, "height", field->rect.height);
  if (bw_label_field_kind_is_text (field->kind))
    {
      bw_json_add_string (out, "align", aligns[field->align]);
      add_number (out, "pt", field->pt);
      if (*field->text != '\0')
        bw_json_add_string (out, "text", field->text);
    }
  if (field->logo != NULL)
    {
      gsize n_bytes;
      const guchar *bytes = g_bytes_get_data (field->logo, &n_bytes);
      g_autofree char *text = g_base64_encode (bytes, n_bytes);

      bw_json_add_string (out, "logo", text);
    }
  bw_json_end_object (out);
}

/**
 * bw_label_design_to_json:
 *
 * Returns: (transfer full)
 */
char *
bw_label_design_to_json (const BwLabelDesign *self)
{
  g_autoptr(GString) out = g_string_new (NULL);

  g_return_val_if_fail (self != NULL, NULL);

  bw_json_begin_object (out, NULL);
  bw_json_add_int (out, "format", FORMAT);
  bw_json_add_string (out, "units", units[self->is_relative ? 1 : 0]);
  bw_json_add_string (out, "link", self->link);
  bw_json_add_string (out, "errorCorrection", corrections[self->correction]);
  bw_json_add_int (out, "dpi", self->dpi);
  bw_json_add_boolean (out, "allowSmall", self->allow_small);
  bw_json_begin_array (out, "fields");
  for (guint i = 0; i < self->fields->len; i++)
    add_field (out, g_ptr_array_index (self->fields, i));
  bw_json_end_array (out);
  bw_json_end_object (out);

  return g_string_free (g_steal_pointer (&out), FALSE);
}
