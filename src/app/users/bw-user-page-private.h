/* bw-user-page-private.h: what the files of BwUserPage share
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-participation.h"
#include "bw-tag-chips.h"
#include "bw-user-page.h"
#include "bw-user.h"

G_BEGIN_DECLS

#define BW_N_USER_FACTS 7

struct _BwUserPage
{
  GtkWidget        parent_instance;

  BwSession       *session;
  char            *user_id;
  BwUser          *user;                /* (owned): empty until it has come */
  GPtrArray       *participations;      /* (owned) (element-type BwParticipation): as they are shown */
  GCancellable    *cancellable;
  GCancellable    *reading;             /* (owned) (nullable): of what is being read, replaced by the next reading */
  guint            reload_id;

  AdwToastOverlay *toasts;
  GtkStack        *stack;
  AdwStatusPage   *failed_page;
  AdwAvatar       *avatar;
  GtkLabel        *name_label;
  GtkLabel        *status_label;
  GtkLabel        *email_label;
  BwTagChips      *tag_chips;
  GtkButton       *suspend_button;
  AdwPreferencesGroup *participations_group;
  GtkListBox      *participations_list;
  GtkWidget       *no_participations;
  AdwPreferencesGroup *facts_group;
  GtkLabel        *fact_labels[BW_N_USER_FACTS];
};

void bw_user_page_reload          (BwUserPage      *self);
/* In the order of the list box. */
BwParticipation *bw_user_page_get_participation (BwUserPage *self,
                                                 const char *id);
gboolean bw_user_page_is_me       (BwUserPage      *self);

/* In bw-user-page-actions.c. */
void bw_user_page_install_actions (GtkWidgetClass  *widget_class);
void bw_user_page_update_actions  (BwUserPage      *self);

/* In bw-user-page-participations.c. */
void bw_user_page_show_participations (BwUserPage  *self,
                                       JsonObject  *document);

G_END_DECLS
