/* bw-db-bulk.h: whole tables of any shape, in and out
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-db.h"

G_BEGIN_DECLS

typedef struct
{
  char       *name;
  BwCellType  type;
  guint       width;       /* bytes of a whole number, where the database has several kinds */
} BwColumn;

/* A table as the database itself describes it. */
typedef struct
{
  char       *name;
  GPtrArray  *columns;     /* (element-type BwColumn) */
  GArray     *key;         /* (element-type guint): places in columns, in the order of the primary key */
  int         serial;      /* place of the column that the database counts; -1 */
  GPtrArray  *refers_to;   /* (element-type utf8): tables that must have their rows first */
} BwTable;

typedef struct _BwTableReader BwTableReader;
typedef struct _BwTableWriter BwTableWriter;

/* The second half of a driver: one reader or writer at a time, and nothing else on the connection meanwhile. */
struct _BwDbBulk
{
  const char *list_tables;       /* name, in the order of bytes */
  const char *list_columns;      /* of $1: name, type, place in the key from 1 or 0, is it a serial */
  const char *list_references;   /* of $1: names of tables */
  /* FALSE: a type that nobody has taught it. */
  gboolean       (*take_type)       (BwColumn      *column,
                                     const char    *type);

  BwTableReader *(*read)            (BwDb          *db,
                                     const BwTable *table,
                                     GError       **error);
  gboolean       (*next)            (BwTableReader *reader,
                                     BwCell        *cells,
                                     GError       **error);
  void           (*end_read)        (BwTableReader *reader);

  BwTableWriter *(*write)           (BwDb          *db,
                                     const BwTable *table,
                                     GError       **error);
  gboolean       (*add)             (BwTableWriter *writer,
                                     const BwCell  *cells,
                                     GError       **error);
  gboolean       (*finish)          (BwTableWriter *writer,
                                     GError       **error);
  void           (*end_write)       (BwTableWriter *writer);

  gboolean       (*get_serial)      (BwDb          *db,
                                     const BwTable *table,
                                     gint64        *ret_last,
                                     GError       **error);
  gboolean       (*set_serial)      (BwDb          *db,
                                     const BwTable *table,
                                     gint64         last,
                                     GError       **error);
};

struct _BwTableReader
{
  BwDb          *db;
  const BwTable *table;
};

struct _BwTableWriter
{
  BwDb          *db;
  const BwTable *table;
};

/* (element-type utf8) (transfer full) */
GPtrArray     *bw_db_list_table_names (BwDb             *db,
                                       GError          **error);
/* (element-type BwTable) (transfer full): in an order in which their rows can be
 * added; NULL also when there is something the copy does not know. */
GPtrArray     *bw_db_list_tables      (BwDb             *db,
                                       GError          **error);
/* Whether they are the same tables with the same columns, types and keys. */
gboolean       bw_tables_equal        (GPtrArray        *a,
                                       GPtrArray        *b,
                                       GError          **error);

/* All rows in the order of the key. The cells are valid until the next row, texts with their length. */
BwTableReader *bw_db_read_table       (BwDb             *db,
                                       const BwTable    *table,
                                       GError          **error);
/* False at the end, and with @error set when it went wrong. */
gboolean       bw_table_reader_next   (BwTableReader    *reader,
                                       BwCell           *cells,
                                       GError          **error);
void           bw_table_reader_free   (BwTableReader    *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwTableReader, bw_table_reader_free)

/* Within a transaction. Freed without having been finished, the transaction must not be committed. */
BwTableWriter *bw_db_write_table      (BwDb             *db,
                                       const BwTable    *table,
                                       GError          **error);
gboolean       bw_table_writer_add    (BwTableWriter    *writer,
                                       const BwCell     *cells,
                                       GError          **error);
/* The last row is in. */
gboolean       bw_table_writer_finish (BwTableWriter    *writer,
                                       GError          **error);
void           bw_table_writer_free   (BwTableWriter    *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwTableWriter, bw_table_writer_free)

/* The last number that was given to a row, which may be gone: none is ever given twice. Of a
 * table without a serial it is 0. Setting is part of the transaction. */
gboolean       bw_db_get_serial       (BwDb             *db,
                                       const BwTable    *table,
                                       gint64           *ret_last,
                                       GError          **error);
gboolean       bw_db_set_serial       (BwDb             *db,
                                       const BwTable    *table,
                                       gint64            last,
                                       GError          **error);

/* (transfer full): SELECT and INSERT of all columns, for drivers */
char          *bw_table_make_select   (const BwTable    *table,
                                       const char       *collation);
char          *bw_table_make_columns  (const BwTable    *table);
/* (transfer full): “row id = 5 of the table batch”, for sentences */
char          *bw_table_describe_row  (const BwTable    *table,
                                       const BwCell     *cells);

G_END_DECLS
