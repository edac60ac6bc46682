/* SPDX-License-Identifier: MIT */
/* What turns the items of an account into records and findings. */
#ifndef CHECK_MACHINE_EMITTER_H
#define CHECK_MACHINE_EMITTER_H

#include "account/account.h"
#include "check/run.h"
#include "check/session/session.h"

struct emitter {
	struct sessionlint *run;
	const struct account *account;
	struct batch *batch;
	uint32_t host;
	uint32_t label; /* the last name of the computer, a number in account->names */
};

/* The name with a number in account->names. */
struct sessionlint_text emitter_name(const struct emitter *emitter, uint32_t number);

/* Sets a text of a record, unless it is empty. */
void emitter_set_text(struct record *record, enum record_key key, struct sessionlint_text *field,
		      struct sessionlint_text text);

/* A record for the item with that number. */
struct record emitter_record(struct emitter *emitter, size_t number);

/* Adds a record to the batch. 0 or a negative errno. */
int emitter_add(struct emitter *emitter, const struct record *record);

/* Judges the records that have been added. 0 or a negative errno. */
int emitter_flush(struct emitter *emitter);

/* Judges what came before @record, and looks up its session: SESSION_NONE if it has none. 0 or a
 * negative errno. */
int emitter_subject(struct emitter *emitter, const struct record *record,
		    const struct record_place *place, struct subject *ret_subject,
		    uint32_t *ret_number);

#endif
