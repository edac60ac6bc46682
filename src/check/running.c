/* SPDX-License-Identifier: MIT */
#include "check/running.h"

#include <errno.h>
#include <stdlib.h>

/* ---- the list ---- */

/* Takes out the one at @link. */
static struct running *running_take(struct driver *driver, struct running **link)
{
	struct running *one = *link;

	*link = one->next;
	driver->running_count--;
	return one;
}

int running_begin(struct subject *subject, struct driver *driver, uint32_t serial)
{
	const struct record *record = subject->record;
	struct running *running = malloc(sizeof *running + record_texts_size(record)), **link;

	if (!running)
		return -ENOMEM;
	*running = (struct running) {
		.record = *record,
		.at = subject->host->drivers->now,
		.serial = serial,
	};
	running->record.allowance = NULL;
	record_keep(&running->record, running + 1);
	if (driver->running_count == RUNNING_OF_DRIVER)
		free(running_take(driver, &driver->running));
	for (link = &driver->running; *link; link = &(*link)->next)
		;
	*link = running;
	driver->running_count++;
	return 0;
}

void running_forget(struct driver *driver)
{
	while (driver->running)
		free(running_take(driver, &driver->running));
}

void running_forget_callbacks(struct driver *driver)
{
	struct running **link = &driver->running;

	while (*link) {
		if ((*link)->record.kind == RECORD_NOTIFY)
			free(running_take(driver, link));
		else
			link = &(*link)->next;
	}
}

/* ---- begin and end ---- */

static bool handles_agree(const struct record *one, const struct record *other, enum record_key key,
			  struct sessionlint_text a, struct sessionlint_text b)
{
	char x[HANDLE_MAX_SIZE], y[HANDLE_MAX_SIZE];

	return !record_has(one, key) || !record_has(other, key) || text_equal(a, b) ||
	       text_equal(text_of(x, handle_canonical(a, x)), text_of(y, handle_canonical(b, y)));
}

/* Whether @end can be the end of what began with @begin. */
static bool can_end(const struct record *begin, const struct record *end)
{
	const struct contract *a = begin->contract, *b = end->contract;
	uint64_t both = begin->keys & end->keys;

	/* two parts of one record; a line can hold several */
	if (a->seq_end || b->seq_end)
		return a->seq_end == b->seq_end && begin->line == end->line;
	if (begin->kind != end->kind || a->call != b->call)
		return false;
	if (begin->kind == RECORD_NOTIFY &&
	    (begin->event != end->event ||
	     (both & KEY_BIT(KEY_SESSION) && begin->session != end->session) ||
	     (both & KEY_BIT(KEY_PAYLOAD_SESSION) && a->payload_session != b->payload_session)))
		return false;
	return handles_agree(begin, end, KEY_IO, a->io, b->io) &&
	       handles_agree(begin, end, KEY_CONTEXT, a->context, b->context) &&
	       handles_agree(begin, end, KEY_SESSION_OBJECT, a->session_object,
			     b->session_object) &&
	       handles_agree(begin, end, KEY_REGISTRATION, a->registration, b->registration);
}

struct running *running_end(struct driver *driver, const struct record *record)
{
	for (struct running **link = &driver->running; *link; link = &(*link)->next)
		if (can_end(&(*link)->record, record))
			return running_take(driver, link);
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

/* ---- what must not run any more ---- */

static const char *begin_line(struct subject *subject, const struct running *running)
{
	return line_text(subject->checker, running->record.line, subject->record->line);
}

/* Whether @call began after @callback, both of @driver. */
static bool began_after(const struct running *call, const struct running *callback)
{
	return call && call->at > callback->at;
}

int running_check_end(struct subject *subject, const struct running *call, uint32_t serial)
{
	int r = 0;

	for (struct running *one = subject->driver->running; r == 0 && one; one = one->next) {
		const char *event;

		if (one->record.kind != RECORD_NOTIFY || one->serial != serial || one->outlived)
			continue;
		one->outlived = true;
		event = event_text(subject->checker, one->record.event);
		if (began_after(call, one))
			r = report(subject, SESSIONLINT_RULE_INSIDE_CALLBACK, NO_PARTICULARS,
				   "called and returned while the callback for %s, which began in "
				   "line %s, runs",
				   event, begin_line(subject, one));
		else
			r = report(
				subject, SESSIONLINT_RULE_OUTLIVES_REGISTRATION, NO_PARTICULARS,
				"the callback for %s, which began in line %s, still runs when the "
				"registration has ended",
				event, begin_line(subject, one));
	}
	return r;
}

/* The callback of the same registration during which @call began; NULL if there is none. */
static const struct running *caller_of(const struct driver *driver, const struct running *call)
{
	const struct running *one = driver->running;

	while (one && (one->record.kind != RECORD_NOTIFY || one->serial != call->serial ||
		       !began_after(call, one)))
		one = one->next;
	return one;
}

int running_check_stuck(struct subject *subject, const struct driver *driver)
{
	int r = 0;

	for (const struct running *one = driver->running; r == 0 && one; one = one->next) {
		struct subject call = { .checker = subject->checker,
					.host = subject->host,
					.record = &one->record };
		const struct running *callback;

		if (one->record.kind != RECORD_CALL || !one->serial ||
		    one->record.contract->call != CALL_UNREGISTER)
			continue;
		callback = caller_of(driver, one);
		if (callback)
			r = report(
				&call, SESSIONLINT_RULE_INSIDE_CALLBACK, NO_PARTICULARS,
				"called while the callback for %s, which began in line %s, runs; "
				"neither has returned",
				event_text(subject->checker, callback->record.event),
				begin_line(&call, callback));
	}
	return r;
}
