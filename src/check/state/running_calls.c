/* SPDX-License-Identifier: MIT */
#include "check/state/running_calls.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"

/* ---- the list ---- */

/* Removes the call after @previous, or the first one if that is NULL. */
static struct running *running_take(struct driver *driver, struct running *previous)
{
	struct running **link = previous ? &previous->next : &driver->running, *one = *link;

	*link = one->next;
	if (driver->running_last == one)
		driver->running_last = previous;
	driver->running_count--;
	driver->running_bytes -= one->size;
	return one;
}

/* Hashes of the handles of @record in canonical form; 0: it lacks the handle. */
static void hashes_of(const struct driver *driver, const struct record *record,
		      uint64_t hashes[RUNNING_HANDLES])
{
	const struct contract *contract = record->contract;
	const struct {
		enum record_key key;
		struct sessionlint_text text;
	} handles[RUNNING_HANDLES] = {
		[RUNNING_IO] = { KEY_IO, contract->io },
		[RUNNING_CONTEXT] = { KEY_CONTEXT, contract->context },
		[RUNNING_SESSION_OBJECT] = { KEY_SESSION_OBJECT, contract->session_object },
		[RUNNING_REGISTRATION] = { KEY_REGISTRATION, contract->registration },
	};

	for (unsigned i = 0; i < RUNNING_HANDLES; i++) {
		char buffer[HANDLE_MAX_SIZE];

		hashes[i] = 0;
		if (!record_has(record, handles[i].key))
			continue;
		hashes[i] = hash_text(text_of(buffer, handle_canonical(handles[i].text, buffer)),
				      driver->seed, driver->factor) |
			    1;
	}
}

int running_begin(struct driver *driver, const struct record *record, uint64_t now, uint32_t serial)
{
	size_t size = sizeof(struct running) + record_texts_size(record);
	struct running *running = malloc(size);

	if (!running)
		return -ENOMEM;
	*running = (struct running) {
		.record = *record,
		.size = size,
		.at = now,
		.serial = serial,
	};
	running->record.allowance = NULL;
	record_keep(&running->record, running + 1);
	hashes_of(driver, record, running->hashes);
	while (driver->running && (driver->running_count >= RUNNING_OF_DRIVER ||
				   driver->running_bytes + size > RUNNING_BYTES))
		free(running_take(driver, NULL));
	if (driver->running_last)
		driver->running_last->next = running;
	else
		driver->running = running;
	driver->running_last = running;
	driver->running_count++;
	driver->running_bytes += size;
	return 0;
}

void running_forget(struct driver *driver)
{
	while (driver->running)
		free(running_take(driver, NULL));
}

void running_forget_callbacks(struct driver *driver)
{
	struct running *previous = NULL, *next;

	for (struct running *one = driver->running; one; one = next) {
		next = one->next;
		if (one->record.kind == RECORD_NOTIFY)
			free(running_take(driver, previous));
		else
			previous = one;
	}
}

/* ---- begin and end ---- */

/* Whether @end, whose handles have @hashes, can be the end of @running. */
static bool can_end(const struct running *running, const struct record *end,
		    const uint64_t hashes[RUNNING_HANDLES])
{
	const struct record *begin = &running->record;
	const struct contract *a = begin->contract, *b = end->contract;
	uint64_t both = begin->keys & end->keys;

	/* two parts of one record; a line can contain several */
	if (a->seq_end || b->seq_end)
		return a->seq_end == b->seq_end && begin->line == end->line;
	if (begin->kind != end->kind || a->call != b->call)
		return false;
	if (begin->kind == RECORD_NOTIFY &&
	    (begin->event != end->event ||
	     (both & KEY_BIT(KEY_SESSION) && begin->session != end->session) ||
	     (both & KEY_BIT(KEY_PAYLOAD_SESSION) && a->payload_session != b->payload_session)))
		return false;
	for (unsigned i = 0; i < RUNNING_HANDLES; i++)
		if (hashes[i] && running->hashes[i] && hashes[i] != running->hashes[i])
			return false;
	return true;
}

struct running *running_end(struct driver *driver, const struct record *record)
{
	uint64_t hashes[RUNNING_HANDLES];
	struct running *previous = NULL;

	hashes_of(driver, record, hashes);
	for (struct running *one = driver->running; one; one = one->next) {
		if (can_end(one, record, hashes))
			return running_take(driver, previous);
		previous = one;
	}
	return NULL;
}

void running_merge(const struct running *running, struct record *record, struct contract *contract)
{
	const struct record *begin = &running->record;
	const struct contract *from = begin->contract;
	uint64_t missing = begin->keys & ~record->keys;

	*contract = *record->contract;
#define MERGE(key, field)                                                                          \
	if (missing & KEY_BIT(key))                                                                \
	contract->field = from->field
	MERGE(KEY_DRIVER, driver);
	MERGE(KEY_IO, io);
	MERGE(KEY_REGISTRATION, registration);
	MERGE(KEY_SESSION_OBJECT, session_object);
	MERGE(KEY_CLASS, class_number);
	MERGE(KEY_SIZE, size);
	MERGE(KEY_LENGTH, length);
	MERGE(KEY_FLAGS, flags);
	MERGE(KEY_MASK, mask);
	MERGE(KEY_CONTEXT, context);
	MERGE(KEY_PAYLOAD_SESSION, payload_session);
	MERGE(KEY_PAYLOAD_LOCAL, payload_local);
	MERGE(KEY_PAYLOAD_LENGTH, payload_length);
#undef MERGE
	if (missing & KEY_BIT(KEY_SESSION))
		record->session = begin->session;
	record->keys |= missing;
	record->contract = contract;
}
