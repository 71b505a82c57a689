/* test-audit.c: the chain of the audit log, by known numbers
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#include <sodium.h>
#include <string.h>

#include "bw-audit-repo.h"
#include "bw-error.h"

static const BwAuditRow row = {
  .seq = 7, .at_us = 1795576151602290, .account_id = 1, .login = "admin", .address = "192.0.2.7", .action = "edit",
  .kind = "company", .object_id = "2", .object = "North", .company_id = 1, .before = NULL,
  .after = "{\"name\":\"North\"}",
};

static void
expect_hash (const BwAuditRow *entry,
             const guint8     *before,
             const char       *expected)
{
  guint8 hash[BW_SECRET_HASH_BYTES];
  char text[2 * BW_SECRET_HASH_BYTES + 1];

  bw_audit_row_hash (entry, before, hash);
  sodium_bin2hex (text, sizeof text, hash, sizeof hash);
  g_assert_cmpstr (text, ==, expected);
}

/* Computed with Python's hashlib: logs that are kept must be verified by every later release. */
static void
test_hash (void)
{
  guint8 before[BW_SECRET_HASH_BYTES];

  for (guint i = 0; i < sizeof before; i++)
    before[i] = (guint8) i;

  expect_hash (&row, before, "67211cf9d4716b9ae0bd3928cf811bcde21390f96de0b2bbfcb4cbf59f893358");
}

/* What is moved from one field to the next is another entry, and empty is not the same as not there. */
static void
test_fields_do_not_run_together (void)
{
  const guint8 before[BW_SECRET_HASH_BYTES] = { 0, };
  guint8 mine[BW_SECRET_HASH_BYTES];
  guint8 other[BW_SECRET_HASH_BYTES];
  BwAuditRow moved = row;
  BwAuditRow empty = row;

  bw_audit_row_hash (&row, before, mine);

  moved.login = "admi";
  moved.address = "n192.0.2.7";
  bw_audit_row_hash (&moved, before, other);
  g_assert_cmpint (memcmp (mine, other, sizeof mine), !=, 0);

  empty.before = "";
  bw_audit_row_hash (&empty, before, other);
  g_assert_cmpint (memcmp (mine, other, sizeof mine), !=, 0);
}

static void
check_query (const char *search,
             gint64      offset,
             gint64      limit,
             gboolean    good)
{
  const BwAuditQuery query = { .search = search, .offset = offset, .limit = limit };
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (bw_audit_query_check (&query, &error), ==, good);
  if (!good)
    g_assert_error (error, BW_ERROR, BW_ERROR_INVALID);
}

static void
test_queries (void)
{
  g_autofree char *longest = g_strnfill (200, 'a');
  g_autofree char *too_long = g_strnfill (201, 'a');

  check_query (NULL, 0, 500, TRUE);
  check_query (longest, 0, 0, TRUE);
  check_query (too_long, 0, 1, FALSE);
  check_query (NULL, -1, 1, FALSE);
  check_query (NULL, 0, 501, FALSE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (sodium_init (), >=, 0);

  g_test_add_func ("/store/audit/hash", test_hash);
  g_test_add_func ("/store/audit/fields", test_fields_do_not_run_together);
  g_test_add_func ("/store/audit/queries", test_queries);

  return g_test_run ();
}
