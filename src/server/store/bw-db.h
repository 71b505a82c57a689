/* bw-db.h: what a database driver must do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Where PostgreSQL has the history; SQLite has a file. */
#define BW_DB_HISTORY_SCHEMA "bellwether_history"

typedef struct _BwDb   BwDb;
typedef struct _BwRows BwRows;

typedef struct _BwDbBulk BwDbBulk;

typedef enum
{
  BW_CELL_NULL,
  BW_CELL_INT,
  BW_CELL_DOUBLE,
  BW_CELL_TEXT,
  BW_CELL_BLOB,
} BwCellType;

/* A value on its way into a statement; what it points to must live until
 * the statement has run. */
typedef struct
{
  BwCellType type;

  union
  {
    gint64 integer;
    double real;
    struct
    {
      const void *data;   /* text: terminated when the length is negative */
      gssize      length;
    };
  };
} BwCell;

/* Fills the cells of one row, $1 first. */
typedef void (*BwCellFunc) (BwCell   *cells,
                            guint     row,
                            gpointer  user_data);

#define BW_DB_MAX_CELLS 32

/* A driver speaks SQL with $1-style parameters, given as one GVariant tuple:
 * s → text, x i u b → integer, d → real, ay → bytes, and an m before any of them
 * for one that may be NULL. It is used from one thread only and so needs no locks. */
typedef struct
{
  const char *name;

  /* What the common subset of SQL has not: replaced in migrations. */
  const char *blob_type;
  const char *text_type;      /* whose order and equality is that of the bytes */
  const char *serial_type;
  const char *without_rowid;
  const char *functions;      /* makes bw_lower(), which knows the letters of all scripts */
  const char *begin;
  const char *concat;         /* the aggregate (text, what stands between) */
  const char *like;           /* LIKE for which the letters of ASCII have no case */
  const char *position;       /* the function (text, part): where the part begins, from 1 on; 0: nowhere */
  const char *texts[2];       /* a table of the texts of the JSON array between these two; the column is value */
  /* It can crash by itself, and what it forgets then broker.db would remember. */
  gboolean    is_apart;
  /* It knows nothing of how many rows a condition leaves, and understands INDEXED BY. */
  gboolean    takes_hints;

  BwRows       *(*query)     (BwDb        *db,
                              const char  *sql,
                              GVariant    *args,
                              GError     **error);
  gboolean      (*next)      (BwRows      *rows,
                              GError     **error);
  const char   *(*get_text)  (BwRows      *rows,
                              guint        column);
  gint64        (*get_int)   (BwRows      *rows,
                              guint        column);
  double        (*get_double) (BwRows     *rows,
                              guint        column);
  const guint8 *(*get_blob)  (BwRows      *rows,
                              guint        column,
                              gsize       *ret_length);
  gboolean      (*is_null)   (BwRows      *rows,
                              guint        column);
  void          (*end)       (BwRows      *rows);
  gint64        (*n_changed) (BwDb        *db);
  gboolean      (*run_many)  (BwDb        *db,
                              const char  *sql,
                              guint        n_cells,
                              guint        n_rows,
                              BwCellFunc   func,
                              gpointer     user_data,
                              gint64      *ret_n_changed,
                              GError     **error);
  gboolean      (*run_script) (BwDb       *db,
                              const char  *sql,
                              GError     **error);
  gboolean      (*set_durable) (BwDb      *db,
                              gboolean     durable);
  gboolean      (*checkpoint) (BwDb       *db,
                              GError     **error);
  /* (nullable): a server's database is copied by its operator */
  gboolean      (*copy_to)   (BwDb        *db,
                              const char  *path,
                              GError     **error);
  void          (*close)     (BwDb        *db);

  const BwDbBulk *bulk;
} BwDbDriver;

struct _BwDb
{
  const BwDbDriver *driver;
  gboolean          damaged;   /* a file that is no database, or not a whole one: met once, for good */
};

struct _BwRows
{
  BwDb *db;
};

typedef enum
{
  BW_DB_READ_WRITE,
  BW_DB_READ_ONLY,
  BW_DB_ALONE,      /* refused while anybody else has it open; never made */
  BW_DB_SCRATCH,    /* SQLite only: a new file that counts for nothing until it is whole, and so is never synced */
  BW_DB_HISTORY,    /* of PostgreSQL the schema of its own; who opens it has the main database open already */
  BW_DB_HISTORY_READ_ONLY,
} BwDbMode;

BwDb         *bw_db_open_sqlite   (const char  *path,
                                   BwDbMode     mode,
                                   GError     **error);

BwDb         *bw_db_open_postgres (const char  *url,
                                   BwDbMode     mode,
                                   GError     **error);

/* Either: @address is a path, or the URL of a PostgreSQL database. */
gboolean      bw_db_is_postgres   (const char  *address);
BwDb         *bw_db_open          (const char  *address,
                                   BwDbMode     mode,
                                   GError     **error);

void          bw_db_close         (BwDb        *db);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwDb, bw_db_close)

/* Reading. A text or blob is valid until the next row. */
BwRows       *bw_db_query         (BwDb        *db,
                                   const char  *sql,
                                   GVariant    *args,
                                   GError     **error);
gboolean      bw_rows_next        (BwRows      *rows,
                                   GError     **error);
const char   *bw_rows_get_text    (BwRows      *rows,
                                   guint        column);
gint64        bw_rows_get_int     (BwRows      *rows,
                                   guint        column);
double        bw_rows_get_double  (BwRows      *rows,
                                   guint        column);
const guint8 *bw_rows_get_blob    (BwRows      *rows,
                                   guint        column,
                                   gsize       *ret_length);
gboolean      bw_rows_is_null     (BwRows      *rows,
                                   guint        column);
void          bw_rows_end         (BwRows      *rows);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwRows, bw_rows_end)

/* Runs a statement to its end. @args: (nullable) (transfer floating) */
gboolean      bw_db_run           (BwDb        *db,
                                   const char  *sql,
                                   GVariant    *args,
                                   GError     **error);
/* The same statement for many rows, without a GVariant each. */
gboolean      bw_db_run_many      (BwDb        *db,
                                   const char  *sql,
                                   guint        n_cells,
                                   guint        n_rows,
                                   BwCellFunc   func,
                                   gpointer     user_data,
                                   gint64      *ret_n_changed,
                                   GError     **error);
/* Rows the last bw_db_run() has changed. */
gint64        bw_db_get_n_changed (BwDb        *db);
/* The first column of the first row; @fallback when there is none. */
gboolean      bw_db_get_scalar    (BwDb        *db,
                                   const char  *sql,
                                   GVariant    *args,
                                   gint64       fallback,
                                   gint64      *ret_value,
                                   GError     **error);

gboolean      bw_db_begin         (BwDb        *db,
                                   GError     **error);
gboolean      bw_db_commit        (BwDb        *db,
                                   GError     **error);
void          bw_db_rollback      (BwDb        *db);

G_END_DECLS
