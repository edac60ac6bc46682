/* SPDX-License-Identifier: MIT */
/* What single registrations know of a session, by the numbers of these. */
#ifndef CHECK_STATE_SESSION_VIEWS_H
#define CHECK_STATE_SESSION_VIEWS_H

#include "check/state/session_details.h"
#include "model/model.h"

/* The states of a session that are possible after the notifications of one registration. */
struct view {
	uint32_t number, serial; /* of the registration */
	sessionlint_belief beliefs[TOLERANCE_COUNT];
	sessionlint_belief without_violation; /* as in struct session */
	uint8_t local;                        /* LocalSession of the last Connected: enum local */
};

/* What the registration with that number knows, or one that had the number before; or NULL. */
struct view *view_at(const struct session_detail *detail, uint32_t number);

/* The same; makes one with serial 0 if it is missing. Others may move. -ENOMEM. */
int view_make(struct session_detail *detail, uint32_t number, struct view **ret_view);

#endif
