/* bw-bulk-repo.h: many devices changed as one job
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device.h"
#include "bw-event-kind.h"
#include "bw-store.h"
#include "bw-value.h"

G_BEGIN_DECLS

/* The numbers are stored. */
typedef enum
{
  BW_BULK_FILLING,       /* its ids are being written down; the next start takes it back */
  BW_BULK_RUNNING,
  BW_BULK_DONE,
  BW_BULK_CANCELLED,
  BW_BULK_FAILED,
} BwBulkState;

typedef enum
{
  BW_BULK_ITEM_WAITING,
  BW_BULK_ITEM_DONE,
  BW_BULK_ITEM_REFUSED,
  BW_BULK_ITEM_KEPT,        /* its value waits for the device, which is offline */
} BwBulkItemState;

const char *bw_bulk_state_to_nick (BwBulkState state);

/* Why a device is refused of which the actor may not know: its name is not told either. */
#define BW_BULK_NO_DEVICE "there is no such device"

typedef struct
{
  gint64       id;
  gint64       revision;
  gint64       company_id;
  gint64       account_id;
  gint64       participation_id;
  char        *login;
  char        *address;
  char        *action;
  char        *parameters;      /* JSON */
  BwBulkState  state;
  gint64       total;
  gint64       n_done;
  gint64       n_failed;
  gint64       n_kept;
  gint64       undo_of;         /* 0: of none */
  gint64       undone_by;       /* 0: by none */
  char        *error;           /* (nullable) */
  gint64       created_at_us;
  gint64       ended_at_us;
} BwBulkRow;

void       bw_bulk_row_free      (BwBulkRow        *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwBulkRow, bw_bulk_row_free)
/* The API's document. */
void       bw_bulk_row_write     (const BwBulkRow  *row,
                                  GString          *out);

/* Within a transaction: fills in @row's id. */
gboolean   bw_bulk_repo_add      (BwStoreThread    *thread,
                                  BwBulkRow        *row,
                                  GError          **error);
/* Within a transaction: @ids, BW_DEVICE_ID_LENGTH bytes each, at the positions from @first on. */
gboolean   bw_bulk_repo_add_ids  (BwStoreThread    *thread,
                                  gint64            id,
                                  gint64            first,
                                  const char       *ids,
                                  guint             n_ids,
                                  GError          **error);
/* Within a transaction: what of the positions @from to @until (not included) @of has changed, to be changed back. */
gboolean   bw_bulk_repo_add_undo (BwStoreThread    *thread,
                                  const BwBulkRow  *row,
                                  gint64            from,
                                  gint64            until,
                                  gint64           *ret_n,
                                  GError          **error);
/* Within a transaction: it has been undone by @by. */
gboolean   bw_bulk_repo_set_undone (BwStoreThread  *thread,
                                  gint64            id,
                                  gint64            by,
                                  GError          **error);
/* Within a transaction: what may change; the revision moves. */
gboolean   bw_bulk_repo_set      (BwStoreThread    *thread,
                                  BwBulkRow        *row,
                                  GError          **error);
/* BW_ERROR_NOT_FOUND also when it is not in the reach of @company_id, 0: of anybody. */
BwBulkRow *bw_bulk_repo_get      (BwDb             *db,
                                  gint64            company_id,
                                  gint64            id,
                                  GError          **error);
/* (transfer full) (element-type BwBulkRow): those that are running */
GPtrArray *bw_bulk_repo_get_running (BwDb          *db,
                                  GError          **error);
gboolean   bw_bulk_repo_count_running (BwDb        *db,
                                  gint64            company_id,
                                  gint64           *ret_n,
                                  GError          **error);
/* Writes {"total","items":[job…]}, newest first. */
gboolean   bw_bulk_repo_list     (BwDb             *db,
                                  gint64            company_id,
                                  gint64            offset,
                                  gint64            limit,
                                  GString          *out,
                                  GError          **error);
/* Writes {"total","items":[result…]}, by position. @state: a BwBulkItemState, -1: all */
gboolean   bw_bulk_repo_write_results (BwDb        *db,
                                  gint64            id,
                                  int               state,
                                  gint64            offset,
                                  gint64            limit,
                                  GString          *out,
                                  GError          **error);
/* Takes away a piece of what nobody may look at any more: jobs that ended before @before_us or are older than the
 * newest @n_max of their company, and those whose filling was cut short (@with_filling). */
gboolean   bw_bulk_repo_sweep    (BwStoreThread    *thread,
                                  gint64            before_us,
                                  guint             n_max,
                                  gboolean          with_filling,
                                  gboolean         *ret_more,
                                  GError          **error);

/* The file bw-bulk-items.c */

/* What a device would have to leave behind in another company, which is decided for each by itself. */
typedef enum
{
  BW_BULK_TIE_NONE,
  BW_BULK_TIE_OWNER,
  BW_BULK_TIE_DESIRED,
} BwBulkTie;

/* A device on its way through a job. */
typedef struct
{
  gint64           position;
  char             id[24];
  BwBulkItemState  state;
  char            *reason;      /* (nullable) */
  char            *was;         /* (nullable) */
  char            *became;      /* (nullable) */

  /* as it is now */
  gboolean         found;
  gint64           company_id;
  BwBulkTie        tie;
  char            *name;        /* (nullable) */
  BwStatus         status;
  BwStatus         before_block;
  gboolean         online;
  gboolean         has_tag;
  guint            n_tags;
  gboolean         has_property;
  gboolean         settable;
  BwDatatype       datatype;
  char            *format;      /* (nullable) */
  char            *value;       /* (nullable) */
  gboolean         retained;    /* the property keeps a value */
  char            *desired;     /* (nullable): what waits for it */
  gint64           desired_at_us; /* since when; 0: nothing does */
  guint            n_desired;   /* values that wait for the device */
  char            *homie;       /* (nullable): the convention it speaks */

  /* of a value, what is decided beside the state */
  gboolean         withdraws;   /* the one that waits goes */
} BwBulkItem;

void       bw_bulk_item_free     (BwBulkItem       *item);
/* (transfer full) (element-type BwBulkItem): the next from position @from on that are in this state */
GPtrArray *bw_bulk_repo_get_items (BwDb            *db,
                                  gint64            id,
                                  BwBulkItemState   state,
                                  gint64            from,
                                  guint             limit,
                                  GError          **error);
/* What they are now. @tag_id: 0 for none; @node and @property: (nullable) */
gboolean   bw_bulk_repo_load_facts (BwDb           *db,
                                  GPtrArray        *items,
                                  gint64            tag_id,
                                  const char       *node,
                                  const char       *property,
                                  GError          **error);
/* Within a transaction: how they ended. */
gboolean   bw_bulk_repo_set_items (BwStoreThread   *thread,
                                  gint64            id,
                                  GPtrArray        *items,
                                  GError          **error);

/* When the values of a job were wished for, by which one knows them; 0 when the job is not there any more. */
gboolean   bw_bulk_repo_get_wish_time (BwDb        *db,
                                  gint64            id,
                                  gint64           *ret_at_us,
                                  GError          **error);
/* Within a transaction, the file bw-bulk-desired.c: what waits from now on for those that are BW_BULK_ITEM_KEPT is the value
 * that they become, in the name of who began @row; of those with @withdraws it is nothing any more. */
gboolean   bw_bulk_repo_keep      (BwStoreThread   *thread,
                                  const BwBulkRow  *row,
                                  GPtrArray        *items,
                                  const char       *node,
                                  const char       *property,
                                  gint64            expires_at_us,
                                  GError          **error);
gboolean   bw_bulk_repo_withdraw  (BwStoreThread   *thread,
                                  GPtrArray        *items,
                                  const char       *node,
                                  const char       *property,
                                  GError          **error);

/* Within a transaction: entry @seq of the audit log is about these, and stands so in the timeline of each. */
gboolean   bw_bulk_repo_note_audit (BwStoreThread  *thread,
                                  GPtrArray        *items,
                                  gint64            seq,
                                  BwEventKind       kind,
                                  GError          **error);

/* Within a transaction: of those that are done, what became of them. The broker is told. */
gboolean   bw_bulk_repo_set_statuses  (BwStoreThread *thread,
                                  GPtrArray        *items,
                                  gint64            approved_at_us,
                                  const char       *approved_by,
                                  GError          **error);
gboolean   bw_bulk_repo_set_companies (BwStoreThread *thread,
                                  GPtrArray        *items,
                                  GError          **error);
gboolean   bw_bulk_repo_set_tags      (BwStoreThread *thread,
                                  GPtrArray        *items,
                                  gint64            tag_id,
                                  GError          **error);

G_END_DECLS
