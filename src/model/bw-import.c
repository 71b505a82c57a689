/* bw-import.c
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#define G_LOG_DOMAIN "bw-model"

#include "bw-import.h"

#include <string.h>

#include "bw-error.h"

/* A key needs 128 bits; how many characters that takes depends on what it is written in. */
#define MIN_DIGITS     39
#define MIN_HEX        32
#define MIN_LETTERS    25    /* digits and letters of one case */
#define MIN_ANY        22    /* base64 */
#define MIN_DISTINCT   8

static const char *const column_names[] = {
  [BW_IMPORT_ID] = "device_id",
  [BW_IMPORT_KEY] = "device_key",
  [BW_IMPORT_TYPE] = "type",
  [BW_IMPORT_ABBREVIATION] = "abbreviation",
  [BW_IMPORT_LICENSE] = "license",
  [BW_IMPORT_MACHINE_ID] = "machine_id",
};

static const struct
{
  const char *nick;
  const char *reason;
} problems[] = {
  [BW_IMPORT_GOOD] = { "good", "there is nothing wrong" },
  [BW_IMPORT_UNREADABLE] = { "unreadable", "the row cannot be read" },
  [BW_IMPORT_NO_ID] = { "no-id", "there is no Device ID" },
  [BW_IMPORT_BAD_ID] = { "bad-id", "this is no Device ID; one looks like xxxx-xxxx-xxxx-xxxx" },
  [BW_IMPORT_DUPLICATE] = { "duplicate", "the Device ID stands in a row before" },
  [BW_IMPORT_EXISTS] = { "exists", "the Device ID exists already" },
  [BW_IMPORT_BAD_KEY] = { "bad-key", "a key has at most 128 characters, all visible ones of ASCII" },
  [BW_IMPORT_WEAK_KEY] = { "weak-key", "the key is too weak; it needs 128 random bits, 32 hexadecimal digits say" },
  [BW_IMPORT_BAD_TYPE] = { "bad-type", "the type must be testing, development or release" },
  [BW_IMPORT_TOO_LONG] = { "too-long", "the text is too long" },
  [BW_IMPORT_BAD_TEXT] = { "bad-text", "the text holds characters that cannot be seen" },
};

const char *
bw_import_column_to_name (BwImportColumn column)
{
  g_return_val_if_fail ((gsize) column < G_N_ELEMENTS (column_names), "");

  return column_names[column];
}

const char *
bw_import_problem_to_nick (BwImportProblem problem)
{
  g_return_val_if_fail ((gsize) problem < G_N_ELEMENTS (problems), "");

  return problems[problem].nick;
}

BwImportProblem
bw_import_problem_from_nick (const char *nick)
{
  for (guint i = 0; i < G_N_ELEMENTS (problems); i++)
    {
      if (g_strcmp0 (problems[i].nick, nick) == 0)
        return (BwImportProblem) i;
    }

  return BW_IMPORT_UNREADABLE;
}

const char *
bw_import_problem_to_reason (BwImportProblem problem)
{
  g_return_val_if_fail ((gsize) problem < G_N_ELEMENTS (problems), "");

  return problems[problem].reason;
}

/* Written “Device ID” or “device_id”, with space around it. */
static gboolean
is_named (const char *field,
          const char *name)
{
  field += strspn (field, " \t");

  for (; *name != '\0'; name++, field++)
    {
      if (g_ascii_tolower (*field) != *name && !(*name == '_' && (*field == ' ' || *field == '-')))
        return FALSE;
    }

  return field[strspn (field, " \t")] == '\0';
}

gboolean
bw_import_is_column (const char *name)
{
  for (guint i = 0; i < BW_IMPORT_N_COLUMNS; i++)
    {
      if (is_named (name, column_names[i]))
        return TRUE;
    }

  return FALSE;
}

gboolean
bw_import_head_read (BwImportHead        *self,
                     const char * const  *fields,
                     guint                n_fields,
                     GError             **error)
{
  char id[BW_DEVICE_ID_SIZE];

  self->has_names = FALSE;
  for (guint column = 0; column < BW_IMPORT_N_COLUMNS; column++)
    {
      self->places[column] = -1;
      for (guint i = 0; i < n_fields && self->places[column] < 0; i++)
        {
          if (is_named (fields[i], column_names[column]))
            self->places[column] = (int) i;
        }
    }

  if (self->places[BW_IMPORT_ID] >= 0)
    {
      self->has_names = TRUE;
      return TRUE;
    }

  if (n_fields == 1 || (n_fields > 0 && bw_device_id_parse (fields[0], strlen (fields[0]), id) &&
                        strspn (fields[1], " ") == strlen (fields[1]) && n_fields == 2))
    {
      for (guint column = 1; column < BW_IMPORT_N_COLUMNS; column++)
        self->places[column] = -1;
      self->places[BW_IMPORT_ID] = 0;
      return TRUE;
    }

  g_set_error_literal (error, BW_ERROR, BW_ERROR_INVALID,
                       "the first row must name the columns, and one of them must be device_id");

  return FALSE;
}

void
bw_import_head_pick (const BwImportHead  *self,
                     const char * const  *fields,
                     guint                n_fields,
                     const char          *ret_texts[BW_IMPORT_N_COLUMNS])
{
  for (guint column = 0; column < BW_IMPORT_N_COLUMNS; column++)
    {
      int place = self->places[column];

      ret_texts[column] = place >= 0 && (guint) place < n_fields ? g_strstrip ((char *) fields[place]) : "";
    }
}

static BwImportProblem
check_key (const char *key)
{
  gboolean seen[128] = { FALSE, };
  gboolean digits = TRUE, hex = TRUE, lower = FALSE, upper = FALSE, other = FALSE;
  guint n_distinct = 0;
  gsize length = 0;

  for (const char *p = key; *p != '\0'; p++, length++)
    {
      guchar c = (guchar) *p;

      if (c <= ' ' || c >= 127 || length == BW_DEVICE_MAX_KEY_BYTES)
        return BW_IMPORT_BAD_KEY;

      n_distinct += !seen[c];
      seen[c] = TRUE;
      digits = digits && g_ascii_isdigit (c);
      hex = hex && g_ascii_isxdigit (c);
      lower = lower || g_ascii_islower (c);
      upper = upper || g_ascii_isupper (c);
      other = other || !g_ascii_isalnum (c);
    }

  if (n_distinct < MIN_DISTINCT ||
      length < (digits ? MIN_DIGITS : hex ? MIN_HEX : other || (lower && upper) ? MIN_ANY : MIN_LETTERS))
    return BW_IMPORT_WEAK_KEY;

  return BW_IMPORT_GOOD;
}

static BwImportProblem
check_text (const char *text,
            gsize       max_bytes)
{
  if (strlen (text) > max_bytes)
    return BW_IMPORT_TOO_LONG;

  for (const char *p = text; *p != '\0'; p = g_utf8_next_char (p))
    {
      if (g_unichar_iscntrl (g_utf8_get_char (p)))
        return BW_IMPORT_BAD_TEXT;
    }

  return BW_IMPORT_GOOD;
}

static BwImportProblem
check_type (const char *type)
{
  static const char *const types[] = { "testing", "development", "release", NULL };

  return *type == '\0' || g_strv_contains (types, type) ? BW_IMPORT_GOOD : BW_IMPORT_BAD_TYPE;
}

BwImportProblem
bw_import_check (const char * const  texts[BW_IMPORT_N_COLUMNS],
                 char                ret_id[BW_DEVICE_ID_SIZE],
                 BwImportColumn     *ret_column)
{
  BwImportProblem found[BW_IMPORT_N_COLUMNS] = { BW_IMPORT_GOOD, };

  ret_id[0] = '\0';
  if (*texts[BW_IMPORT_ID] == '\0')
    found[BW_IMPORT_ID] = BW_IMPORT_NO_ID;
  else if (!bw_device_id_parse (texts[BW_IMPORT_ID], strlen (texts[BW_IMPORT_ID]), ret_id))
    found[BW_IMPORT_ID] = BW_IMPORT_BAD_ID;

  if (*texts[BW_IMPORT_KEY] != '\0')
    found[BW_IMPORT_KEY] = check_key (texts[BW_IMPORT_KEY]);
  found[BW_IMPORT_TYPE] = check_type (texts[BW_IMPORT_TYPE]);
  found[BW_IMPORT_ABBREVIATION] = check_text (texts[BW_IMPORT_ABBREVIATION], BW_DEVICE_MAX_ABBREVIATION_BYTES);
  found[BW_IMPORT_LICENSE] = check_text (texts[BW_IMPORT_LICENSE], BW_DEVICE_MAX_LICENSE_BYTES);
  found[BW_IMPORT_MACHINE_ID] = check_text (texts[BW_IMPORT_MACHINE_ID], BW_DEVICE_MAX_MACHINE_ID_BYTES);

  for (guint i = 0; i < BW_IMPORT_N_COLUMNS; i++)
    {
      if (found[i] != BW_IMPORT_GOOD)
        {
          *ret_column = (BwImportColumn) i;
          return found[i];
        }
    }

  return BW_IMPORT_GOOD;
}
