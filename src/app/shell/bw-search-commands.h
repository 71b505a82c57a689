/* bw-search-commands.h: what the program can be told to do, by name
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-session.h"

G_BEGIN_DECLS

typedef struct
{
  const char *title;         /* not translated yet */
  const char *icon_name;
  const char *action;        /* detailed, as g_action_parse_detailed_name () reads it */
  guint       any_of;        /* the permissions that show it; 0: everybody */
} BwSearchCommand;

/* Those whose title has words that begin with those of @text, of what the session's role may do; all for an
 * empty text. (transfer container) (element-type BwSearchCommand) */
GPtrArray *bw_search_commands_find (BwSession  *session,
                                    const char *text);

G_END_DECLS
