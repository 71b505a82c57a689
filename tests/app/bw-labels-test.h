/* bw-labels-test.h: a labels dialog on a backend of the test's own
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "../client/bw-fake-backend.h"

#include "bw-session.h"

G_BEGIN_DECLS

typedef struct
{
  BwFakeBackend *backend;
  BwSession     *session;
  BwBatch       *batch;
  GtkWidget     *dialog;
  guint          n_asked;       /* IDs, in all requests */
  GPtrArray     *labelled;      /* (element-type utf8): the bodies that said which */
  guint          n_wanted;
  char          *facts;         /* (nullable): those of all devices, made before anything is measured */
  gboolean       closes;        /* the dialog, when the first of them has come */
  char          *next_path;     /* (nullable): exported as soon as the first of them has come */
} BwLabelsTest;

/* (owned by bw_labels_test_run()): files of the tests, and the settings */
extern char *bw_labels_test_folder;

/* Whole program: @add adds the tests with BW_LABELS_TEST_ADD. */
int        bw_labels_test_run             (int             *argc,
                                           char          ***argv,
                                           void           (*add) (void));
#define BW_LABELS_TEST_ADD(name, count, function) \
  g_test_add ("/app/labels/" name, BwLabelsTest, GUINT_TO_POINTER (count), bw_labels_test_set_up, function, \
              bw_labels_test_tear_down)

void       bw_labels_test_set_up          (BwLabelsTest    *fixture,
                                           gconstpointer    data);
void       bw_labels_test_tear_down       (BwLabelsTest    *fixture,
                                           gconstpointer    data);
void       bw_labels_test_open            (BwLabelsTest    *fixture,
                                           guint            count);
/* (transfer full): what the backend tells of devices, as CSV */
char      *bw_labels_test_write_facts     (gint64           first,
                                           gint64           count);
GtkWidget *bw_labels_test_find            (GtkWidget       *root,
                                           GType            type,
                                           const char      *title);
void       bw_labels_test_type_in         (BwLabelsTest    *fixture,
                                           const char      *title,
                                           const char      *text);
void       bw_labels_test_check_typed     (BwLabelsTest    *fixture,
                                           const char      *title,
                                           const char      *text);
void       bw_labels_test_set_number      (GtkWidget       *root,
                                           const char      *title,
                                           double           value);
void       bw_labels_test_choose          (BwLabelsTest    *fixture,
                                           const char      *title,
                                           guint            position);
/* Writes what is chosen and gives its text, as pdftotext has it. (transfer full) */
char      *bw_labels_test_export          (BwLabelsTest    *fixture,
                                           const char      *name);
/* The backend's answer to what was labelled: kept in the fixture, and what was asked for then is done. */
char      *bw_labels_test_note            (GHashTable      *query,
                                           gpointer         data);
/* To be waited for. @data: where a pointer was; the fixture. */
gboolean   bw_labels_test_is_gone         (gpointer         data);
gboolean   bw_labels_test_were_all_marked (gpointer         data);

G_END_DECLS
