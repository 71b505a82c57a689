/* bw-csv-reader.h: tables as spreadsheets and people write them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BW_CSV_MAX_FIELDS      64
#define BW_CSV_MAX_FIELD_LINES 20

/* A BOM is skipped; commas, semicolons and tabs are told apart by the first record; lines end
 * with CR LF, LF or CR; empty lines count as rows of the file but are none. A quote opens a field only as
 * its first character (RFC 4180), elsewhere it is a character: 3.5" panel. Nothing is copied but the record
 * at hand, so that a million of them need no memory. */
typedef struct
{
  const char *at;
  const char *end;
  char        separator;
  guint       line;                        /* where the record at hand begins, from 1 */
  guint       next_line;
  guint       quote_line;                  /* where the last quoted field began */
  const char *start;                       /* of the record at hand, and behind it */
  const char *stop;
  guint       n_fields;
  const char *fields[BW_CSV_MAX_FIELDS];   /* valid until the next record; UTF-8 */
  GString    *text;
} BwCsvReader;

/* @data must outlive it. BW_ERROR_INVALID: this is no text of one byte a letter, UTF-16 say. */
gboolean bw_csv_reader_init  (BwCsvReader  *self,
                              const char   *data,
                              gsize         size,
                              GError      **error);
void     bw_csv_reader_clear (BwCsvReader  *self);
/* FALSE at the end, or with @error: a quoted field without an end, of more than BW_CSV_MAX_FIELD_LINES lines or with
 * something between its end and the separator, too many fields, a record too long, not UTF-8. After an error it can go on
 * with the next record, which begins on the next line when a quote was wrong. */
gboolean bw_csv_reader_next  (BwCsvReader  *self,
                              GError      **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BwCsvReader, bw_csv_reader_clear)

G_END_DECLS
