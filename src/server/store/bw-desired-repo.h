/* bw-desired-repo.h: values that wait until their device is there
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-store.h"

G_BEGIN_DECLS

typedef enum
{
  BW_DESIRED_PENDING,
  BW_DESIRED_REFUSED,      /* by the device, or it does not fit what it describes now */
} BwDesiredState;

typedef struct
{
  char           *device_id;
  char           *node;
  char           *property;
  char           *value;
  BwDesiredState  state;
  char           *reason;         /* (nullable): of a pending one: why the last attempt came to nothing */
  gint64          account_id;     /* who wants it */
  char           *login;
  gint64          created_at_us;
  gint64          expires_at_us;
} BwDesiredRow;

void          bw_desired_row_free          (BwDesiredRow        *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwDesiredRow, bw_desired_row_free)

/* Its document; @removed: it waits no more. */
void          bw_desired_row_write         (const BwDesiredRow  *row,
                                            gboolean             removed,
                                            GString             *out);

/* In the place of the one that waits for the same property. */
gboolean      bw_desired_repo_put          (BwStoreThread       *thread,
                                            const BwDesiredRow  *row,
                                            GError             **error);
/* NULL without @error: there is none. */
BwDesiredRow *bw_desired_repo_get          (BwDb                *db,
                                            const char          *device_id,
                                            const char          *node,
                                            const char          *property,
                                            GError             **error);
/* @created_at_us: only the very one that was made then; 0: whichever. @ret_removed: (nullable) */
gboolean      bw_desired_repo_remove       (BwStoreThread       *thread,
                                            const char          *device_id,
                                            const char          *node,
                                            const char          *property,
                                            gint64               created_at_us,
                                            gboolean            *ret_removed,
                                            GError             **error);
/* What came of an attempt, unless another one has taken its place. */
gboolean      bw_desired_repo_set_state    (BwStoreThread       *thread,
                                            const BwDesiredRow  *row,
                                            BwDesiredState       state,
                                            const char          *reason,
                                            GError             **error);
/* All of a device, oldest first. (transfer full) (element-type BwDesiredRow) */
GPtrArray    *bw_desired_repo_list         (BwDb                *db,
                                            const char          *device_id,
                                            GError             **error);
/* Those whose time is over, at most @limit. */
GPtrArray    *bw_desired_repo_list_expired (BwDb                *db,
                                            gint64               now_us,
                                            gint64               limit,
                                            GError             **error);
/* The ids of the devices that something pending waits for. (transfer full) (element-type utf8) */
GPtrArray    *bw_desired_repo_list_devices (BwDb                *db,
                                            GError             **error);
/* @ret_n_device: (nullable) */
gboolean      bw_desired_repo_count        (BwDb                *db,
                                            const char          *device_id,
                                            gint64              *ret_n_device,
                                            gint64              *ret_n_all,
                                            GError             **error);
/* All of a device go. */
gboolean      bw_desired_repo_forget       (BwStoreThread       *thread,
                                            const char          *device_id,
                                            GError             **error);
/* As the member "desired" of a device's document. */
gboolean      bw_desired_repo_write        (BwDb                *db,
                                            const char          *device_id,
                                            GString             *out,
                                            GError             **error);

G_END_DECLS
