/* bw-permission.h: what a role lets people do
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>
#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/* Bits of a set. The numbers are stored and never change; add at the end. */
typedef enum
{
  BW_PERMISSION_NONE                  = 0,        /* being signed in is enough */
  BW_PERMISSION_VIEW_COMPANIES        = 1 << 0,
  BW_PERMISSION_MANAGE_COMPANIES      = 1 << 1,
  BW_PERMISSION_DELETE_COMPANIES      = 1 << 2,
  BW_PERMISSION_VIEW_USERS            = 1 << 3,
  BW_PERMISSION_MANAGE_USERS          = 1 << 4,
  BW_PERMISSION_DELETE_USERS          = 1 << 5,
  BW_PERMISSION_VIEW_PARTICIPATIONS   = 1 << 6,
  BW_PERMISSION_MANAGE_PARTICIPATIONS = 1 << 7,
  BW_PERMISSION_DELETE_PARTICIPATIONS = 1 << 8,
  BW_PERMISSION_VIEW_ROLES            = 1 << 9,
  BW_PERMISSION_MANAGE_ROLES          = 1 << 10,
  BW_PERMISSION_DELETE_ROLES          = 1 << 11,
  BW_PERMISSION_CREATE_IDS            = 1 << 12,
  BW_PERMISSION_MANAGE_IDS            = 1 << 13,
  BW_PERMISSION_DELETE_IDS            = 1 << 14,
  BW_PERMISSION_VIEW_DEVICES          = 1 << 15,
  BW_PERMISSION_SERVICE_DEVICES       = 1 << 16,
  BW_PERMISSION_MANAGE_DEVICES        = 1 << 17,
  BW_PERMISSION_CONTROL_DEVICES       = 1 << 18,
  BW_PERMISSION_APPROVE_DEVICES       = 1 << 19,
  BW_PERMISSION_MANAGE_LAYOUTS        = 1 << 20,
  BW_PERMISSION_UPLOAD_FIRMWARE       = 1 << 21,
  BW_PERMISSION_RUN_ROLLOUTS          = 1 << 22,
  BW_PERMISSION_DECIDE_REQUESTS       = 1 << 23,
  BW_PERMISSION_READ_AUDIT            = 1 << 24,
  BW_PERMISSION_MANAGE_TAGS           = 1 << 25,
} BwPermission;

#define BW_N_PERMISSIONS 26
#define BW_PERMISSION_ALL ((1u << BW_N_PERMISSIONS) - 1)

/* Built-in roles, by their nicks. */
#define BW_ROLE_SUPER_ADMIN   "super-admin"
#define BW_ROLE_COMPANY_ADMIN "company-admin"
#define BW_ROLE_SUPPORT       "support"
#define BW_ROLE_SERVICEMAN    "serviceman"
#define BW_ROLE_END_USER      "end-user"

/* "view-devices"; @number is a bit's place, below BW_N_PERMISSIONS. */
const char *bw_permission_to_nick        (guint         number);
/* FALSE: there is none of that name. */
gboolean    bw_permission_from_nick      (const char   *nick,
                                          BwPermission *ret_permission);
/* With all that they imply: who manages also views. */
guint       bw_permissions_complete      (guint         permissions);
/* What a built-in role may do; FALSE: there is none of that nick. */
gboolean    bw_permissions_of_builtin    (const char   *nick,
                                          guint        *ret_permissions);
/* An array of nicks; what is no nick is told in @error (BW_ERROR_INVALID). */
gboolean    bw_permissions_from_json     (JsonArray    *array,
                                          guint        *ret_permissions,
                                          GError      **error);
void        bw_permissions_write         (GString      *out,
                                          const char   *name,
                                          guint         permissions);

G_END_DECLS
