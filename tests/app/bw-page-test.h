/* bw-page-test.h: looking at a page as a person would
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* In main(), first: the toolkit without animations, the application's style; dark when $BW_TEST_DARK is set. */
void       bw_page_test_init      (int        *argc,
                                   char     ***argv);

/* A window around @page, presented and with its first frame drawn. */
GtkWidget *bw_page_test_present   (GtkWidget  *page,
                                   int         width,
                                   int         height);
/* Closes it, and fails when the page outlives it. */
void       bw_page_test_close     (GtkWidget  *window);

/* (transfer full): drops the last reference but those of calls under way, and fails when any other one stays. */
void       bw_page_test_let_go    (GObject    *object);

/* (nullable): the first mapped widget with that text: a label, an inscription or an entry */
GtkWidget *bw_page_test_find_text (GtkWidget  *root,
                                   const char *text);
/* (nullable): the first mapped widget of @type at @root or below it */
GtkWidget *bw_page_test_find_type (GtkWidget  *root,
                                   GType       type);
guint      bw_page_test_count_type (GtkWidget *root,
                                   GType       type);
/* Waits; the test fails when it does not come, or does not go. @text may be a part. */
GtkWidget *bw_page_test_wait_text (GtkWidget  *root,
                                   const char *text);
void       bw_page_test_wait_gone (GtkWidget  *root,
                                   const char *text);
/* Waits for the button with exactly that label, and that it can be used, and clicks it. */
void       bw_page_test_click     (GtkWidget  *root,
                                   const char *label);
/* And waits until that very button is gone, as a toast's is: what comes in its place may have the same label. */
void       bw_page_test_click_away (GtkWidget *root,
                                   const char *label);
/* The nearest ancestor of that type. */
GtkWidget *bw_page_test_ancestor  (GtkWidget  *widget,
                                   GType       type);

/* Moves the scrolled window around @widget so that it is in sight. */
void       bw_page_test_scroll_to (GtkWidget  *widget);

/* Leaves a picture of the window in $BW_TEST_SCREENSHOTS when that is set. */
void       bw_page_test_picture   (GtkWidget  *window,
                                   const char *name);

G_END_DECLS
