/* SPDX-License-Identifier: MIT */
#include "timeline/incarnation.h"

#include <errno.h>
#include <stdlib.h>

#include "rules/counts.h"

_Static_assert(RULE_COUNT <= 64, "a set of rules has a bit for each");

#define BIT(state) (1U << ((state)-1))

/* The states in which somebody is connected to a session, and in which nobody is. */
#define CONNECTED                                                                                  \
	(BIT(SESSIONLINT_STATE_CONNECTED) | BIT(SESSIONLINT_STATE_LOGGED_ON) |                     \
	 BIT(SESSIONLINT_STATE_LOGGED_OFF))
#define DISCONNECTED                                                                               \
	(BIT(SESSIONLINT_STATE_DISCONNECTED) | BIT(SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON))

struct timeline_incarnation *timeline_incarnation_new(const struct sessionlint_step *step)
{
	struct timeline_incarnation *incarnation = calloc(1, sizeof *incarnation);

	if (!incarnation)
		return NULL;
	incarnation->key[0] = step->host_number;
	incarnation->key[1] = (uint64_t)step->source << 32 | step->session;
	incarnation->boot_ordinal = step->boot_ordinal;
	incarnation->source = step->source;
	incarnation->session = step->session;
	incarnation->incarnation = step->incarnation;
	incarnation->first = incarnation->last = incarnation->time = SESSIONLINT_NO_TIME;
	incarnation->created = incarnation->logon = SESSIONLINT_NO_TIME;
	incarnation->logoff = incarnation->ended = SESSIONLINT_NO_TIME;
	incarnation->alias.incarnation = incarnation;
	if (text_set(&incarnation->host, step->host) < 0 ||
	    text_set(&incarnation->boot, step->boot) < 0) {
		timeline_incarnation_free(incarnation);
		return NULL;
	}
	return incarnation;
}

static void texts_free(struct timeline_texts *texts)
{
	for (unsigned i = 0; i < texts->count; i++)
		text_disown(&texts->list[i]);
}

void timeline_incarnation_drop_rows(struct timeline_incarnation *incarnation)
{
	while (incarnation->first_row) {
		struct timeline_row *row = incarnation->first_row;

		incarnation->first_row = row->next;
		free(row);
	}
	incarnation->last_row = NULL;
	incarnation->row_count = 0;
}

void timeline_incarnation_free(struct timeline_incarnation *incarnation)
{
	if (!incarnation)
		return;
	timeline_incarnation_drop_rows(incarnation);
	texts_free(&incarnation->users);
	texts_free(&incarnation->addresses);
	texts_free(&incarnation->clients);
	text_disown(&incarnation->host);
	text_disown(&incarnation->boot);
	text_disown(&incarnation->known.user);
	text_disown(&incarnation->known.address);
	text_disown(&incarnation->known.client);
	free(incarnation);
}

static int texts_add(struct timeline_texts *texts, struct sessionlint_text text)
{
	if (text.size == 0)
		return 0;
	for (unsigned i = 0; i < texts->count; i++)
		if (text_equal(texts->list[i], text))
			return 0;
	if (texts->count == TIMELINE_TEXTS_MAX) {
		texts->more = true;
		return 0;
	}
	if (text_own(text, &texts->list[texts->count]) < 0)
		return -ENOMEM;
	texts->count++;
	return 0;
}

static void add_reason(struct timeline_incarnation *incarnation, uint32_t reason)
{
	if (reason == SESSIONLINT_NO_REASON)
		return;
	for (unsigned i = 0; i < incarnation->reason_count; i++)
		if (incarnation->reasons[i] == reason)
			return;
	if (incarnation->reason_count < TIMELINE_TEXTS_MAX)
		incarnation->reasons[incarnation->reason_count++] = reason;
}

/* Adds the time since the last step if the session certainly was in one kind of states meanwhile.
 */
static void add_time(struct timeline_incarnation *incarnation, const struct sessionlint_step *step)
{
	uint64_t passed;

	/* when exactly something unseen happened is not known */
	if (step->inferred || incarnation->time == SESSIONLINT_NO_TIME ||
	    step->time == SESSIONLINT_NO_TIME || step->time < incarnation->time ||
	    !incarnation->after || !step->before)
		return;
	passed = step->time - incarnation->time;
	if (!((incarnation->after | step->before) & ~CONNECTED))
		incarnation->connected += passed;
	else if (!((incarnation->after | step->before) & ~DISCONNECTED))
		incarnation->disconnected += passed;
}

static void set_first(uint64_t *time, uint64_t value)
{
	if (*time == SESSIONLINT_NO_TIME)
		*time = value;
}

static void add_event(struct timeline_incarnation *incarnation, const struct sessionlint_step *step)
{
	uint64_t time = step->inferred ? SESSIONLINT_NO_TIME : step->time;

	switch (step->event) {
	case SESSIONLINT_EVENT_CREATED:
		set_first(&incarnation->created, time);
		break;
	case SESSIONLINT_EVENT_LOGON:
		set_first(&incarnation->logon, time);
		break;
	case SESSIONLINT_EVENT_LOGOFF:
		incarnation->logoff = time;
		break;
	case SESSIONLINT_EVENT_TERMINATED:
		incarnation->ended = time;
		break;
	case SESSIONLINT_EVENT_CONNECTED:
		incarnation->reconnects += step->before && !(step->before & ~DISCONNECTED);
		break;
	}
}

/* Remembers who uses the session, and from where. */
static int learn(struct timeline_incarnation *incarnation, struct sessionlint_text user,
		 struct sessionlint_text address, struct sessionlint_text client)
{
	struct timeline_known *known = &incarnation->known;

	if (texts_add(&incarnation->users, user) < 0 ||
	    texts_add(&incarnation->addresses, address) < 0 ||
	    texts_add(&incarnation->clients, client) < 0)
		return -ENOMEM;
	if ((user.size > 0 && text_set(&known->user, user) < 0) ||
	    (address.size > 0 && text_set(&known->address, address) < 0) ||
	    (client.size > 0 && text_set(&known->client, client) < 0))
		return -ENOMEM;
	return 0;
}

int timeline_incarnation_step(struct timeline_incarnation *incarnation,
			      struct timeline_files *files, const struct sessionlint_step *step)
{
	const struct sessionlint_text none = { .data = "" };

	add_time(incarnation, step);
	if (step->kind == SESSIONLINT_STEP_EVENT)
		add_event(incarnation, step);
	if (step->time != SESSIONLINT_NO_TIME)
		incarnation->time = step->time;
	if (step->time != SESSIONLINT_NO_TIME && !step->inferred) {
		set_first(&incarnation->first, step->time);
		incarnation->last = step->time;
	}
	incarnation->after = step->after;
	incarnation->violated |= step->verdict == SESSIONLINT_VERDICT_ILLEGAL ||
				 step->verdict == SESSIONLINT_VERDICT_CONTRADICTED;
	add_reason(incarnation, step->reason);
	if (!step->inferred) {
		unsigned last = step->witness_count;

		incarnation->known.last = (struct timeline_place) {
			timeline_file(files, last ? step->witnesses[last - 1].file : step->file),
			last ? step->witnesses[last - 1].line : step->line,
		};
		if (!incarnation->known.last.file)
			return -ENOMEM;
	}
	/* a log without hosts can name its computer later */
	if (text_set(&incarnation->host, step->host) < 0 ||
	    learn(incarnation, step->user, step->address, step->client) < 0)
		return -ENOMEM;
	/* who logs on next is somebody else */
	if (step->kind == SESSIONLINT_STEP_EVENT && step->event == SESSIONLINT_EVENT_LOGOFF &&
	    text_set(&incarnation->known.user, none) < 0)
		return -ENOMEM;
	return 0;
}

int timeline_incarnation_annotate(struct timeline_incarnation *incarnation,
				  const struct sessionlint_annotation *annotation)
{
	if (annotation->kind == SESSIONLINT_ANNOTATION_DISCONNECT_REASON)
		add_reason(incarnation, annotation->reason);
	if (texts_add(&incarnation->addresses, annotation->address) < 0)
		return -ENOMEM;
	return texts_add(&incarnation->clients, annotation->client);
}

const char *timeline_incarnation_verdict(const struct timeline_incarnation *incarnation)
{
	if (incarnation->violated)
		return "violating";
	return incarnation->midway ? "undetermined" : "conforming";
}
