/* bw-label-reader.h: printed labels, read back from pictures of their sheets
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gio/gio.h>

#include "bw-gray.h"
#include "bw-label-report.h"
#include "bw-label.h"
#include "bw-label-plan.h"
#include "bw-stock.h"

G_BEGIN_DECLS

#define BW_TYPE_LABEL_READER (bw_label_reader_get_type ())

/* What a batch ought to look like on paper, and what was seen of it. IDs
 * first, then files, as many as there are, then a report. A sheet may lie in
 * its picture shifted, turned by any angle, and scaled; at 150 to 600 dpi.
 *
 * For one thread at a time, which may be another one each time. */
G_DECLARE_FINAL_TYPE (BwLabelReader, bw_label_reader, BW, LABEL_READER, GObject)

#define BW_LABEL_READER_MAX_PAGES 1000

/* @design: (nullable): what the labels were printed with.  Fails when no label of @stock holds its code. */
BwLabelReader *bw_label_reader_new          (const BwStock        *stock,
                                             const BwLabelDesign  *design,
                                             GError              **error);

/* Where codes are when it is not where bw_label_layout() puts them. @code: on the label, the way it is
 * read.  @n_modules: along a side. */
void           bw_label_reader_set_code     (BwLabelReader        *self,
                                             const BwRect         *code,
                                             guint                 n_modules);

/* @id: in any form that bw_device_id_parse() reads; all of the batch, in the order of printing. */
gboolean       bw_label_reader_add          (BwLabelReader        *self,
                                             const char           *id,
                                             GError              **error);

/* Which of them were printed: @n from index @first on, beginning at cell @start (from 1) of a sheet; 0: find it
 * out. Without this it is all of them. */
void           bw_label_reader_set_job      (BwLabelReader        *self,
                                             guint                 first,
                                             guint                 n,
                                             guint                 start);

/* Of each label, one after the other; 1 without this. More than that are duplicates. */
void           bw_label_reader_set_copies   (BwLabelReader        *self,
                                             guint                 copies);

/* On the reading thread, before each page. */
typedef void (*BwLabelReaderFunc)           (guint                 n_pages_done,
                                             guint                 n_pages,
                                             gpointer              user_data);

/* Blocks. Fails without having seen anything when the file cannot be read. A picture in which no code can be
 * read is none, and one that was taken at too much of an angle is said to be so: see BwLabelReport. */
gboolean       bw_label_reader_read_file    (BwLabelReader        *self,
                                             const char           *path,
                                             BwLabelReaderFunc     progress,
                                             gpointer              progress_data,
                                             GCancellable         *cancellable,
                                             GError              **error);
/* The same of a picture in memory. */
gboolean       bw_label_reader_read_gray    (BwLabelReader        *self,
                                             const BwGray         *image,
                                             GCancellable         *cancellable,
                                             GError              **error);

/* (transfer full): what is known now; it lasts no longer than the reader, and until the next file */
BwLabelReport *bw_label_reader_judge        (BwLabelReader        *self);

G_END_DECLS
