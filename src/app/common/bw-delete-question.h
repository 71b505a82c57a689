/* bw-delete-question.h: asked before something goes that does not come back
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-session.h"

G_BEGIN_DECLS

/* The answer is that of bw_question_new (): "accept". What would change is shown below @body. @path: that of the
 * DELETE, with its revision. */
GtkWidget *bw_delete_question_new (GtkWidget  *parent,
                                   BwSession  *session,
                                   const char *heading,
                                   const char *body,
                                   const char *accept,
                                   const char *path);

G_END_DECLS
