/* bw-record-text.h: companies, people, roles and what is done to them, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

/* "company" → "Company"; what is not known stays as it is. */
const char *bw_kind_to_text          (const char *kind);
/* "create" → "Created": what was done. */
const char *bw_action_to_done_text   (const char *action);
/* A sentence's head for something that waits: "Delete the company" */
char       *bw_action_to_wish_text   (const char *action,
                                      const char *kind);
const char *bw_request_state_to_text (const char *state);
/* The member of a document, "parentId" → "Parent company"; NULL: nothing people want to see. */
const char *bw_member_to_text        (const char *member);
/* Its value: ids as names where the session's lists have them, µs as times, nicks in words. @value: (nullable) */
char       *bw_member_value_to_text  (BwSession  *session,
                                      const char *member,
                                      JsonNode   *value);

G_END_DECLS
