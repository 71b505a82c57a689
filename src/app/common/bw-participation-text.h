/* bw-participation-text.h: how long a participation lasts, in words
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "bw-participation.h"

G_BEGIN_DECLS

typedef enum
{
  BW_PARTICIPATION_ACTIVE,
  BW_PARTICIPATION_NOT_YET,
  BW_PARTICIPATION_EXPIRED,
  BW_PARTICIPATION_INACTIVE,   /* for another reason, which the backend knows */
} BwParticipationState;

BwParticipationState bw_participation_state (BwParticipation *participation);
const char *bw_participation_text_state (BwParticipation *participation);
const char *bw_participation_text_style (BwParticipation *participation);    /* (nullable) */
/* "From 25 Nov 2026 to 27 Nov 2026". (transfer full) */
char       *bw_participation_text_days  (BwParticipation *participation);
/* "2026-11-25" as a date for people; "—" when there is none. (transfer full) */
char       *bw_day_to_text              (const char      *day);

G_END_DECLS
