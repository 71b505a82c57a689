/* bw-filter.h: the WHERE of a list, piece by piece
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

#include "bw-db.h"

G_BEGIN_DECLS

#define BW_FILTER_MAX_SEARCH_BYTES 200
#define BW_FILTER_MAX_LIMIT        500

typedef struct
{
  GString         *where;      /* empty, or " WHERE …" */
  GVariantBuilder  args;
  guint            n_args;
} BwFilter;

void      bw_filter_init     (BwFilter    *self);
void      bw_filter_clear    (BwFilter    *self);
/* Conditions are joined by AND; each question mark in one stands for its one value. */
void      bw_filter_add      (BwFilter    *self,
                              const char  *condition);
void      bw_filter_add_int  (BwFilter    *self,
                              const char  *condition,
                              gint64       value);
void      bw_filter_add_text (BwFilter    *self,
                              const char  *condition,
                              const char  *value);
/* With @search made a pattern for LIKE ? ESCAPE '!', in lower case. */
void      bw_filter_add_search (BwFilter  *self,
                              const char  *condition,
                              const char  *search);
/* Appends "SELECT value FROM …" of these texts to @sql: one argument, however many they are. */
void      bw_filter_push_texts (BwFilter  *self,
                              BwDb        *db,
                              GPtrArray   *texts,
                              GString     *sql);
/* The arguments so far and @limit and @offset behind them, as $n_args + 1 and + 2. (transfer full) */
GVariant *bw_filter_end_page (BwFilter    *self,
                              gint64       limit,
                              gint64       offset);
/* (transfer full) */
GVariant *bw_filter_end      (BwFilter    *self);
/* BW_ERROR_INVALID */
gboolean  bw_filter_check_page (const char *search,
                              gint64       offset,
                              gint64       limit,
                              GError     **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BwFilter, bw_filter_clear)

G_END_DECLS
