/* SPDX-License-Identifier: MIT */
/* Findings that an account makes by itself. All return 0 or a negative errno. */
#ifndef CHECK_MACHINE_NOTES_H
#define CHECK_MACHINE_NOTES_H

#include "check/machine_emitter.h"

/* Reports something about the item with that number, which is not a transition. */
int machine_report_note(struct emitter *emitter, size_t number);

/* Reports the logs that should have shown a transition, which has been judged. */
int machine_report_missing(struct emitter *emitter, const struct account_item *item,
			   const struct record *record);

/* Reports two users that witnesses of a transition, which has been judged, name. */
int machine_report_users(struct emitter *emitter, const struct account_item *item,
			 const struct record *record);

#endif
