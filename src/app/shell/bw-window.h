/* bw-window.h
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "bw-this-computer.h"

G_BEGIN_DECLS

#define BW_TYPE_WINDOW (bw_window_get_type ())

G_DECLARE_FINAL_TYPE (BwWindow, bw_window, BW, WINDOW, AdwApplicationWindow)

BwWindow *bw_window_new            (AdwApplication *application,
                                    BwThisComputer *this_computer);
/* As soon as there is something to show, and after a moment in any case: a start with a token
 * does not flash the sign-in page. */
void      bw_window_present_soon   (BwWindow       *self);
void      bw_window_resume_last    (BwWindow       *self);
void      bw_window_resume         (BwWindow       *self,
                                    const char     *server_uri,
                                    const char     *token);
/* "overview", "devices", "batches" or "device:ID"; before the sign-in: shown after it. */
void      bw_window_show_place     (BwWindow       *self,
                                    const char     *place);
void      bw_window_show_toast     (BwWindow       *self,
                                    const char     *text);

G_END_DECLS
