/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/escape.h"
#include "base/hash.h"
#include "report/html/html.h"

#define TEXTS_MAX ((size_t)8 << 20)

/* The maximum number of sessions that are followed at once: those without findings, and all. */
#define OPEN_CLEAN_MAX (4 * HTML_LIVES_MAX)
#define OPEN_MAX       (5 * HTML_LIVES_MAX)

/* The maximum number of slices per incarnation; fewer if there are many incarnations. */
#define LIFE_SLICES     512
#define LIFE_SLICES_FEW 16

void lives_init(struct html_lives *lives)
{
	*lives = (struct html_lives) { 0 };
	open_incarnations_init(&lives->open, sizeof(struct html_life));
}

static void life_release_slices(void *life)
{
	free(((struct html_life *)life)->slices);
}

static void life_free(struct html_life *life)
{
	free(life->slices);
	free(life);
}

void lives_free(struct html_lives *lives)
{
	open_incarnations_free(&lives->open, life_release_slices);
	for (unsigned gravest = 0; gravest < 4; gravest++) {
		for (uint32_t i = 0; i < lives->counts[gravest]; i++)
			life_free(lives->closed[gravest][i]);
		free(lives->closed[gravest]);
	}
}

/* ---- findings ---- */

void lives_finding(struct html_lives *lives, const struct sessionlint_finding *finding)
{
	struct html_awaited *awaited = &lives->awaited[lives->awaited_next % HTML_AWAITED];

	if (!finding->incarnation)
		return;
	lives->awaited_next++;
	lives->awaited_count += awaited->severity == SESSIONLINT_SEVERITY_OFF;
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
static enum sessionlint_severity take_awaited(struct html_lives *lives,
					      const struct sessionlint_step *step)
{
	enum sessionlint_severity gravest = SESSIONLINT_SEVERITY_OFF;
	uint32_t host;

	if (lives->awaited_count == 0)
		return gravest;
	host = text_hash(step->host);
	for (unsigned i = 0; i < HTML_AWAITED; i++) {
		struct html_awaited *awaited = &lives->awaited[i];

		if (awaited->severity == SESSIONLINT_SEVERITY_OFF || awaited->host != host ||
		    awaited->session != step->session ||
		    awaited->incarnation != step->incarnation ||
		    awaited->source != (uint32_t)step->source)
			continue;
		if (awaited->severity > gravest)
			gravest = awaited->severity;
		awaited->severity = SESSIONLINT_SEVERITY_OFF;
		lives->awaited_count--;
	}
	return gravest;
}

/* ---- live incarnations ---- */

static void life_release(struct html_life *life, struct html_texts *texts)
{
	texts_release(texts, life->file);
	texts_release(texts, life->host);
	texts_release(texts, life->boot);
}

static int life_hold(struct html_life *life, struct html_texts *texts,
		     const struct sessionlint_step *step)
{
	struct sessionlint_text file = path_shown(step->log), host = step->host, boot = step->boot;
	int r = texts_hold(texts, &file, TEXTS_MAX);

	if (r < 0)
		return r;
	life->file = file;
	r = texts_hold(texts, &host, TEXTS_MAX);
	if (r == 0) {
		life->host = host;
		r = texts_hold(texts, &boot, TEXTS_MAX);
	}
	if (r == 0)
		life->boot = boot;
	else
		life_release(life, texts);
	return r;
}

/* -ENOSPC: no room for its texts. */
static int life_begin(struct html_lives *lives, struct html_texts *texts,
		      const struct sessionlint_step *step, struct html_life **ret_life)
{
	struct html_life *life = open_incarnation_add(&lives->open, step);
	int r;

	if (!life)
		return -ENOMEM;
	life->order = lives->seen++;
	life->late = lives->refused;
	life->boot_ordinal = step->boot_ordinal;
	life->session = step->session;
	life->incarnation = step->incarnation;
	life->source = step->source;
	life->begin_time = life->end_time = step->time;
	life->begin_line = step->log_line;
	r = life_hold(life, texts, step);
	if (r < 0) {
		open_incarnation_take(&lives->open, life);
		free(life);
		return r;
	}
	*ret_life = life;
	return 0;
}

/* Makes room for one more slice: drops the older half at the maximum. */
static int life_room(struct html_lives *lives, struct html_life *life)
{
	uint32_t limit = lives->slices > HTML_SLICES_MAX ? LIFE_SLICES_FEW : LIFE_SLICES;
	uint32_t left = limit / 2;
	struct html_slice *grown;

	if (life->count >= limit) {
		uint32_t gone = life->count - left;

		memmove(life->slices, life->slices + gone, left * sizeof *life->slices);
		life->count = left;
		life->omitted += gone;
		lives->slices -= gone;
	}
	grown = array_grow(life->slices, life->count, &life->capacity, sizeof *grown);
	if (!grown)
		return -ENOMEM;
	life->slices = grown;
	return 0;
}

static int life_add(struct html_lives *lives, struct html_life *life,
		    const struct sessionlint_step *step)
{
	const struct html_slice *last = life->count ? &life->slices[life->count - 1] : NULL;
	int r;

	/* slices without a time are between those that have one */
	if (life->begin_time == SESSIONLINT_NO_TIME)
		life->begin_time = step->time;
	if (step->time != SESSIONLINT_NO_TIME)
		life->end_time = step->time;
	life->end_line = step->log_line;
	/* nothing new to show */
	if (step->kind == SESSIONLINT_STEP_SAMPLE && last && last->after == step->after &&
	    step->verdict != SESSIONLINT_VERDICT_CONTRADICTED)
		return 0;
	r = life_room(lives, life);
	if (r < 0)
		return r;
	life->slices[life->count++] = (struct html_slice) {
		.time = step->time,
		.line = step->log_line,
		.event = step->event,
		.kind = (uint8_t)step->kind,
		.verdict = (uint8_t)step->verdict,
		.after = step->after,
	};
	lives->slices++;
	return 0;
}

/* ---- ended incarnations ---- */

/* Drops the last of those with the lowest severe findings. */
static void drop_least(struct html_lives *lives, struct html_texts *texts)
{
	struct html_life *dropped;
	unsigned lowest = 0;

	while (lives->counts[lowest] == 0)
		lowest++;
	dropped = lives->closed[lowest][--lives->counts[lowest]];
	lives->dropped = true;
	lives->closed_count--;
	lives->closed_slices -= dropped->count;
	lives->slices -= dropped->count;
	life_release(dropped, texts);
	life_free(dropped);
}

/* Frees what the incarnation does not need any more. */
static void life_shrink(struct html_life *life)
{
	struct html_slice *shrunk;

	if (life->count == 0 || life->count == life->capacity)
		return;
	shrunk = realloc(life->slices, life->count * sizeof *shrunk);
	if (!shrunk)
		return;
	life->slices = shrunk;
	life->capacity = life->count;
}

static int life_end(struct html_lives *lives, struct html_texts *texts, struct html_life *life)
{
	unsigned gravest = life->gravest;
	struct html_life **closed = array_grow(lives->closed[gravest], lives->counts[gravest],
					       &lives->capacities[gravest], sizeof *closed);

	if (!closed)
		return -ENOMEM;
	lives->closed[gravest] = closed;
	open_incarnation_take(&lives->open, life);
	life_shrink(life);
	lives->closed[gravest][lives->counts[gravest]++] = life;
	lives->closed_count++;
	lives->closed_slices += life->count;
	while (lives->closed_count > HTML_LIVES_MAX || lives->closed_slices > HTML_SLICES_MAX)
		drop_least(lives, texts);
	return 0;
}

/* ---- steps ---- */

/* Whether one more session can be followed. */
static bool has_place(const struct html_lives *lives, enum sessionlint_severity gravest)
{
	return lives->open.table.count <
	       (gravest == SESSIONLINT_SEVERITY_OFF ? OPEN_CLEAN_MAX : OPEN_MAX);
}

int lives_step(struct html_lives *lives, struct html_texts *texts,
	       const struct sessionlint_step *step)
{
	enum sessionlint_severity gravest = take_awaited(lives, step);
	struct html_life *life = open_incarnation_find(&lives->open, step);
	int r = 0;

	/* there is nothing to show without a record */
	if (!life && (step->kind == SESSIONLINT_STEP_END || step->kind == SESSIONLINT_STEP_LOST))
		return 0;
	if (!life)
		r = has_place(lives, gravest) ? life_begin(lives, texts, step, &life) : -ENOSPC;
	if (r == -ENOSPC) {
		lives->refused = true;
		return 0;
	}
	if (r < 0)
		return r;
	if (gravest > life->gravest)
		life->gravest = gravest;
	if (step->kind == SESSIONLINT_STEP_END)
		return life_end(lives, texts, life);
	return life_add(lives, life, step);
}

static int compare(const void *a, const void *b)
{
	const struct html_life *const *first = a, *const *second = b;

	return ((*first)->order > (*second)->order) - ((*first)->order < (*second)->order);
}

int lives_ordered(struct html_lives *lives, struct html_life ***ret_list, uint32_t *ret_count)
{
	struct html_life **list = malloc((lives->closed_count + 1U) * sizeof(struct html_life *));
	uint32_t count = 0;

	if (!list)
		return -ENOMEM;
	for (unsigned gravest = 0; gravest < 4; gravest++)
		for (uint32_t i = 0; i < lives->counts[gravest]; i++)
			list[count++] = lives->closed[gravest][i];
	qsort(list, count, sizeof *list, compare);
	*ret_list = list;
	*ret_count = count;
	return 0;
}
