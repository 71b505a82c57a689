/* bw-import.h: what a row of Device IDs that exist already must be like
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "bw-device-id.h"

G_BEGIN_DECLS

#define BW_IMPORT_MAX_ROWS          1000000
#define BW_IMPORT_MAX_BYTES         (256 * 1024 * 1024)   /* of the file */
#define BW_DEVICE_MAX_KEY_BYTES     128
#define BW_DEVICE_MAX_ABBREVIATION_BYTES 32
#define BW_DEVICE_MAX_LICENSE_BYTES      200
#define BW_DEVICE_MAX_MACHINE_ID_BYTES   100

typedef enum
{
  BW_IMPORT_ID,
  BW_IMPORT_KEY,
  BW_IMPORT_TYPE,
  BW_IMPORT_ABBREVIATION,
  BW_IMPORT_LICENSE,
  BW_IMPORT_MACHINE_ID,
  BW_IMPORT_N_COLUMNS,
} BwImportColumn;

typedef enum
{
  BW_IMPORT_GOOD,
  BW_IMPORT_UNREADABLE,     /* the row is no CSV, no UTF-8 or too long */
  BW_IMPORT_NO_ID,
  BW_IMPORT_BAD_ID,
  BW_IMPORT_DUPLICATE,      /* another row before it has the same ID */
  BW_IMPORT_EXISTS,         /* in the backend */
  BW_IMPORT_BAD_KEY,        /* letters that no key has, or too many */
  BW_IMPORT_WEAK_KEY,
  BW_IMPORT_BAD_TYPE,
  BW_IMPORT_TOO_LONG,
  BW_IMPORT_BAD_TEXT,       /* control characters */
} BwImportProblem;

/* "device_id", … */
const char      *bw_import_column_to_name    (BwImportColumn       column);
/* "weak-key", …; known to programs */
const char      *bw_import_problem_to_nick   (BwImportProblem      problem);
BwImportProblem  bw_import_problem_from_nick (const char          *nick);    /* UNREADABLE for one that is not known */
/* One English sentence. */
const char      *bw_import_problem_to_reason (BwImportProblem      problem);

/* Where in a row the columns stand; -1: nowhere. */
typedef struct
{
  int      places[BW_IMPORT_N_COLUMNS];
  gboolean has_names;      /* the first row names them; without names it is a bare list of IDs */
} BwImportHead;

/* From the first row. FALSE with BW_ERROR_INVALID: there are several columns and none is named device_id. */
gboolean         bw_import_head_read         (BwImportHead        *self,
                                              const char * const  *fields,
                                              guint                n_fields,
                                              GError             **error);
/* Whether any column that we know has this name. */
gboolean         bw_import_is_column         (const char          *name);
/* The columns' texts of a row, without space around them; "" for what is not there. @ret_texts point into @fields
 * and into what they hold, which is changed. */
void             bw_import_head_pick         (const BwImportHead  *self,
                                              const char * const  *fields,
                                              guint                n_fields,
                                              const char          *ret_texts[BW_IMPORT_N_COLUMNS]);

/* All that can be said of a row by itself. @ret_id: its ID in the canonical form, when it has one.
 * @ret_column: where the problem is. */
BwImportProblem  bw_import_check             (const char * const   texts[BW_IMPORT_N_COLUMNS],
                                              char                 ret_id[BW_DEVICE_ID_SIZE],
                                              BwImportColumn      *ret_column);

G_END_DECLS
