/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/escape.h"
#include "base/hash.h"
#include "report/html/html.h"
#include "trace/user_names.h"

#define TEXTS_MAX ((size_t)8 << 20)

/* The maximum number of sessions that are followed at once: those without findings, and all. */
#define OPEN_CLEAN_MAX (4 * HTML_INCARNATIONS_MAX)
#define OPEN_MAX       (5 * HTML_INCARNATIONS_MAX)

/* The maximum number of slices per incarnation; fewer if there are many incarnations. */
#define INCARNATION_SLICES     512
#define INCARNATION_SLICES_FEW 16

void incarnations_init(struct html_incarnations *incarnations)
{
	*incarnations = (struct html_incarnations) { 0 };
	open_incarnations_init(&incarnations->open, sizeof(struct html_incarnation));
	incarnations->witnesses_left = HTML_WITNESSES_MAX;
}

/* Frees the witnesses of the first @count slices. Returns how many there were. */
static uint64_t free_witnesses(struct html_incarnation *incarnation, uint32_t count)
{
	uint64_t freed = 0;

	for (uint32_t i = 0; i < count; i++) {
		freed += incarnation->slices[i].witness_count;
		free(incarnation->slices[i].witnesses);
	}
	return freed;
}

static void incarnation_release_slices(void *userdata)
{
	struct html_incarnation *incarnation = userdata;

	free_witnesses(incarnation, incarnation->count);
	free(incarnation->slices);
}

/* Returns how many witnesses it had. */
static uint64_t incarnation_free(struct html_incarnation *incarnation)
{
	uint64_t freed = free_witnesses(incarnation, incarnation->count);

	free(incarnation->slices);
	free(incarnation);
	return freed;
}

void incarnations_free(struct html_incarnations *incarnations)
{
	open_incarnations_free(&incarnations->open, incarnation_release_slices);
	for (unsigned gravest = 0; gravest < 4; gravest++) {
		for (uint32_t i = 0; i < incarnations->counts[gravest]; i++)
			incarnation_free(incarnations->closed[gravest][i]);
		free(incarnations->closed[gravest]);
	}
}

/* ---- findings ---- */

void incarnations_finding(struct html_incarnations *incarnations,
			  const struct sessionlint_finding *finding)
{
	struct html_awaited *awaited =
		&incarnations->awaited[incarnations->awaited_next % HTML_AWAITED];

	if (!finding->incarnation)
		return;
	incarnations->awaited_next++;
	incarnations->awaited_count += awaited->severity == SESSIONLINT_SEVERITY_OFF;
	*awaited = (struct html_awaited) {
		.host = text_hash(finding->host),
		.session = finding->session,
		.incarnation = finding->incarnation,
		.source = (uint32_t)finding->source,
		.severity = finding->suppression == SESSIONLINT_SUPPRESSION_NONE
				    ? finding->severity
				    : SESSIONLINT_SEVERITY_NOTE,
	};
}

/* The most severe of the findings that wait for this step. */
static enum sessionlint_severity take_awaited(struct html_incarnations *incarnations,
					      const struct sessionlint_step *step)
{
	enum sessionlint_severity gravest = SESSIONLINT_SEVERITY_OFF;
	uint32_t host;

	if (incarnations->awaited_count == 0)
		return gravest;
	host = text_hash(step->host);
	for (unsigned i = 0; i < HTML_AWAITED; i++) {
		struct html_awaited *awaited = &incarnations->awaited[i];

		if (awaited->severity == SESSIONLINT_SEVERITY_OFF || awaited->host != host ||
		    awaited->session != step->session ||
		    awaited->incarnation != step->incarnation ||
		    awaited->source != (uint32_t)step->source)
			continue;
		if (awaited->severity > gravest)
			gravest = awaited->severity;
		awaited->severity = SESSIONLINT_SEVERITY_OFF;
		incarnations->awaited_count--;
	}
	return gravest;
}

/* ---- live incarnations ---- */

static void incarnation_release(struct html_incarnation *incarnation, struct html_texts *texts)
{
	texts_release(texts, incarnation->file);
	texts_release(texts, incarnation->host);
	texts_release(texts, incarnation->boot);
	texts_release(texts, incarnation->user);
	texts_release(texts, incarnation->address);
	texts_release(texts, incarnation->client);
}

static int incarnation_hold(struct html_incarnation *incarnation, struct html_texts *texts,
			    const struct sessionlint_step *step)
{
	struct sessionlint_text file = path_shown(step->log), host = step->host, boot = step->boot;
	int r = texts_hold(texts, &file, TEXTS_MAX);

	if (r < 0)
		return r;
	incarnation->file = file;
	r = texts_hold(texts, &host, TEXTS_MAX);
	if (r == 0) {
		incarnation->host = host;
		r = texts_hold(texts, &boot, TEXTS_MAX);
	}
	if (r == 0)
		incarnation->boot = boot;
	else
		incarnation_release(incarnation, texts);
	return r;
}

/* Replaces a held text, if there is another one and room for it. -ENOMEM. */
static int replace_text(struct html_texts *texts, struct sessionlint_text *text,
			struct sessionlint_text other)
{
	int r;

	if (other.size == 0 || text_equal(*text, other))
		return 0;
	r = texts_hold(texts, &other, TEXTS_MAX);
	if (r < 0)
		return r == -ENOSPC ? 0 : r;
	texts_release(texts, *text);
	*text = other;
	return 0;
}

/* Notes who uses the session, and from where; a name says more than a SID. -ENOMEM. */
static int note_who(struct html_incarnation *incarnation, struct html_texts *texts,
		    const struct sessionlint_step *step)
{
	int r = 0;

	if (incarnation->user.size == 0 ||
	    (user_form(incarnation->user) == USER_SID && step->user.size > 0 &&
	     user_form(step->user) != USER_SID))
		r = replace_text(texts, &incarnation->user, step->user);
	if (r == 0)
		r = replace_text(texts, &incarnation->address, step->address);
	return r < 0 ? r : replace_text(texts, &incarnation->client, step->client);
}

/* -ENOSPC: no room for its texts. */
static int incarnation_begin(struct html_incarnations *incarnations, struct html_texts *texts,
			     const struct sessionlint_step *step,
			     struct html_incarnation **ret_life)
{
	struct html_incarnation *incarnation = open_incarnation_add(&incarnations->open, step);
	int r;

	if (!incarnation)
		return -ENOMEM;
	incarnation->order = incarnations->seen++;
	incarnation->late = incarnations->refused;
	incarnation->boot_ordinal = step->boot_ordinal;
	incarnation->session = step->session;
	incarnation->incarnation = step->incarnation;
	incarnation->source = step->source;
	incarnation->begin_time = incarnation->end_time = step->time;
	incarnation->begin_line = step->log_line;
	r = incarnation_hold(incarnation, texts, step);
	if (r < 0) {
		open_incarnation_take(&incarnations->open, incarnation);
		free(incarnation);
		return r;
	}
	*ret_life = incarnation;
	return 0;
}

/* Makes room for one more slice: drops the older half at the maximum. */
static int incarnation_room(struct html_incarnations *incarnations,
			    struct html_incarnation *incarnation)
{
	uint32_t limit = incarnations->slices > HTML_SLICES_MAX ? INCARNATION_SLICES_FEW
								: INCARNATION_SLICES;
	uint32_t left = limit / 2;
	struct html_slice *grown;

	if (incarnation->count >= limit) {
		uint32_t gone = incarnation->count - left;

		incarnations->witnesses_left += free_witnesses(incarnation, gone);
		memmove(incarnation->slices, incarnation->slices + gone,
			left * sizeof *incarnation->slices);
		incarnation->count = left;
		incarnation->omitted += gone;
		incarnations->slices -= gone;
	}
	grown = array_grow(incarnation->slices, incarnation->count, &incarnation->capacity,
			   sizeof *grown);
	if (!grown)
		return -ENOMEM;
	incarnation->slices = grown;
	return 0;
}

static int incarnation_add(struct html_incarnations *incarnations,
			   struct html_incarnation *incarnation, struct html_texts *texts,
			   const struct sessionlint_step *step)
{
	struct html_slice *slice;
	const struct html_slice *last = incarnation->count
						? &incarnation->slices[incarnation->count - 1]
						: NULL;
	int r;

	/* slices without a time are between those that have one */
	if (incarnation->begin_time == SESSIONLINT_NO_TIME)
		incarnation->begin_time = step->time;
	if (step->time != SESSIONLINT_NO_TIME)
		incarnation->end_time = step->time;
	incarnation->end_line = step->log_line;
	/* nothing new to show */
	if (step->kind == SESSIONLINT_STEP_SAMPLE && last && last->after == step->after &&
	    step->verdict != SESSIONLINT_VERDICT_CONTRADICTED)
		return 0;
	r = incarnation_room(incarnations, incarnation);
	if (r < 0)
		return r;
	slice = &incarnation->slices[incarnation->count];
	*slice = (struct html_slice) {
		.time = step->time,
		.line = step->log_line,
		.event = step->event,
		.kind = (uint8_t)step->kind,
		.verdict = (uint8_t)step->verdict,
		.after = step->after,
	};
	r = witnesses_keep(texts, step, &incarnations->witnesses_left, slice);
	if (r < 0)
		return r;
	incarnation->count++;
	incarnations->slices++;
	return 0;
}

/* ---- ended incarnations ---- */

/* Drops the last of those with the lowest severe findings. */
static void drop_least(struct html_incarnations *incarnations, struct html_texts *texts)
{
	struct html_incarnation *dropped;
	unsigned lowest = 0;

	while (incarnations->counts[lowest] == 0)
		lowest++;
	dropped = incarnations->closed[lowest][--incarnations->counts[lowest]];
	incarnations->dropped = true;
	incarnations->closed_count--;
	incarnations->closed_slices -= dropped->count;
	incarnations->slices -= dropped->count;
	incarnation_release(dropped, texts);
	incarnations->witnesses_left += incarnation_free(dropped);
}

/* Frees what the incarnation does not need any more. */
static void incarnation_shrink(struct html_incarnation *incarnation)
{
	struct html_slice *shrunk;

	if (incarnation->count == 0 || incarnation->count == incarnation->capacity)
		return;
	shrunk = realloc(incarnation->slices, incarnation->count * sizeof *shrunk);
	if (!shrunk)
		return;
	incarnation->slices = shrunk;
	incarnation->capacity = incarnation->count;
}

static int incarnation_end(struct html_incarnations *incarnations, struct html_texts *texts,
			   struct html_incarnation *incarnation)
{
	unsigned gravest = incarnation->gravest;
	struct html_incarnation **closed =
		array_grow(incarnations->closed[gravest], incarnations->counts[gravest],
			   &incarnations->capacities[gravest], sizeof *closed);

	if (!closed)
		return -ENOMEM;
	incarnations->closed[gravest] = closed;
	open_incarnation_take(&incarnations->open, incarnation);
	incarnation_shrink(incarnation);
	incarnations->closed[gravest][incarnations->counts[gravest]++] = incarnation;
	incarnations->closed_count++;
	incarnations->closed_slices += incarnation->count;
	while (incarnations->closed_count > HTML_INCARNATIONS_MAX ||
	       incarnations->closed_slices > HTML_SLICES_MAX)
		drop_least(incarnations, texts);
	return 0;
}

/* ---- steps ---- */

/* Whether one more session can be followed. */
static bool has_place(const struct html_incarnations *incarnations,
		      enum sessionlint_severity gravest)
{
	return incarnations->open.table.count <
	       (gravest == SESSIONLINT_SEVERITY_OFF ? OPEN_CLEAN_MAX : OPEN_MAX);
}

int incarnations_step(struct html_incarnations *incarnations, struct html_texts *texts,
		      const struct sessionlint_step *step)
{
	enum sessionlint_severity gravest = take_awaited(incarnations, step);
	struct html_incarnation *incarnation = open_incarnation_find(&incarnations->open, step);
	int r = 0;

	/* there is nothing to show without a record */
	if (!incarnation &&
	    (step->kind == SESSIONLINT_STEP_END || step->kind == SESSIONLINT_STEP_LOST))
		return 0;
	if (!incarnation)
		r = has_place(incarnations, gravest)
			    ? incarnation_begin(incarnations, texts, step, &incarnation)
			    : -ENOSPC;
	if (r == -ENOSPC) {
		incarnations->refused = true;
		return 0;
	}
	if (r < 0)
		return r;
	if (gravest > incarnation->gravest)
		incarnation->gravest = gravest;
	if (step->kind == SESSIONLINT_STEP_END)
		return incarnation_end(incarnations, texts, incarnation);
	r = note_who(incarnation, texts, step);
	if (r < 0)
		return r;
	return incarnation_add(incarnations, incarnation, texts, step);
}

static int compare(const void *a, const void *b)
{
	const struct html_incarnation *const *first = a, *const *second = b;

	return ((*first)->order > (*second)->order) - ((*first)->order < (*second)->order);
}

int incarnations_ordered(struct html_incarnations *incarnations,
			 struct html_incarnation ***ret_list, uint32_t *ret_count)
{
	struct html_incarnation **list =
		malloc((incarnations->closed_count + 1U) * sizeof(struct html_incarnation *));
	uint32_t count = 0;

	if (!list)
		return -ENOMEM;
	for (unsigned gravest = 0; gravest < 4; gravest++)
		for (uint32_t i = 0; i < incarnations->counts[gravest]; i++)
			list[count++] = incarnations->closed[gravest][i];
	qsort(list, count, sizeof *list, compare);
	*ret_list = list;
	*ret_count = count;
	return 0;
}
