/* bw-device-edit-repo.h: what people change of one device
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-device.h"
#include "bw-store.h"

G_BEGIN_DECLS

typedef struct
{
  char     *id;
  gint64    facts_revision;
  gint64    company_id;
  BwStatus  status;
  BwStatus  before_block;
  gint64    owner_id;          /* 0: nobody */
  char     *owner;             /* (nullable): the login */
  gint64    paired_at_us;
  char     *type;              /* (nullable), as the rest */
  char     *abbreviation;
  char     *license;
  char     *machine_id;
} BwDeviceEditRow;

void             bw_device_edit_row_free          (BwDeviceEditRow        *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BwDeviceEditRow, bw_device_edit_row_free)

/* NULL without @error: there is none, or its batch is not made yet. */
BwDeviceEditRow *bw_device_edit_repo_get          (BwDb                   *db,
                                                   const char             *id,
                                                   GError                **error);
/* Owner, status and what it was before it was blocked; the broker makes no difference between paired and not. */
gboolean         bw_device_edit_repo_set_owner    (BwStoreThread          *thread,
                                                   const BwDeviceEditRow  *row,
                                                   GError                **error);
/* Its facts and its company; the broker is told. */
gboolean         bw_device_edit_repo_set_facts    (BwStoreThread          *thread,
                                                   const BwDeviceEditRow  *row,
                                                   GError                **error);
/* Nobody's any more: all that are this account's. */
gboolean         bw_device_edit_repo_forget_owner (BwStoreThread          *thread,
                                                   gint64                  account_id,
                                                   GError                **error);
/* Whether this account acts in a company that reaches @company_id. */
gboolean         bw_device_edit_repo_is_at_home   (BwDb                   *db,
                                                   gint64                  account_id,
                                                   gint64                  company_id,
                                                   gboolean               *ret_is,
                                                   GError                **error);
/* Appends {"items":[…]}: the devices of this account, as their owner may know them. */
gboolean         bw_device_edit_repo_write_owned  (BwDb                   *db,
                                                   gint64                  account_id,
                                                   GString                *out,
                                                   GError                **error);

G_END_DECLS
