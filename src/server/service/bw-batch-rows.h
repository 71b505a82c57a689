/* bw-batch-rows.h: Device IDs that came as a file, and what is wrong with some
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-batch-repo.h"
#include "bw-batch-service.h"
#include "bw-import.h"

G_BEGIN_DECLS

/* Reports rows, in any order; the list is cut, the count is not. */
typedef struct
{
  GString *json;      /* one document behind the other */
  GArray  *places;    /* where each of them is */
  gint64   n;
} BwProblems;

#define BW_PROBLEMS_MAX_LISTED 10000

void     bw_problems_init  (BwProblems      *self);
void     bw_problems_clear (BwProblems      *self);
/* @value: what stands there, (nullable); @column: (nullable) */
void     bw_problems_add   (BwProblems      *self,
                            guint            line,
                            const char      *column,
                            const char      *value,
                            const char      *nick,
                            const char      *reason);
/* As the member "problems", by line. */
void     bw_problems_write (BwProblems      *self,
                            GString         *out);

/* One row of the file, whose @problem (and @column) is said when it is not good. */
typedef gboolean (*BwRowFunc) (const char * const  texts[BW_IMPORT_N_COLUMNS],
                               const char         *id,
                               BwImportProblem     problem,
                               BwImportColumn      column,
                               guint               line,
                               gpointer            user_data,
                               GError            **error);

/* Reads all of it: what is a table is told by its first row. @ignored: (element-type utf8): names of columns that mean
 * nothing here are added. */
gboolean bw_rows_read      (GBytes          *csv,
                            GPtrArray       *ignored,
                            BwRowFunc        func,
                            gpointer         user_data,
                            GError         **error);

G_END_DECLS
