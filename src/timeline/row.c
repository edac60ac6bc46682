/* SPDX-License-Identifier: MIT */
#include "timeline/row.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/array.h"

const char *timeline_file(struct timeline_files *files, const char *file)
{
	char **list;
	char *copy;

	/* a run reads its logs one after the other, an account a few at a time */
	for (size_t i = files->count; i > 0; i--)
		if (strcmp(files->list[i - 1], file) == 0)
			return files->list[i - 1];
	list = array_grow(files->list, files->count, &files->capacity, sizeof *list);
	if (!list)
		return NULL;
	files->list = list;
	copy = malloc(strlen(file) + 1);
	if (!copy)
		return NULL;
	memcpy(copy, file, strlen(file) + 1);
	list[files->count++] = copy;
	return copy;
}

void timeline_files_free(struct timeline_files *files)
{
	for (size_t i = 0; i < files->count; i++)
		free(files->list[i]);
	free(files->list);
	*files = (struct timeline_files) { 0 };
}

/* A row with room for @witnesses places and @size bytes of text, and where that is. */
static struct timeline_row *row_allocate(unsigned witnesses, size_t size, char **ret_room)
{
	size_t places = witnesses * sizeof(struct timeline_place);
	struct timeline_row *row = calloc(1, sizeof *row + places + size);

	if (!row)
		return NULL;
	row->witnesses = (struct timeline_place *)(row + 1);
	row->witness_count = witnesses;
	row->reason = row->logon_type = SESSIONLINT_NO_REASON;
	*ret_room = (char *)(row->witnesses + witnesses);
	return row;
}

/* Sets a witness. */
static bool set_place(struct timeline_files *files, struct timeline_place *place, const char *file,
		      uint64_t record)
{
	*place = (struct timeline_place) { timeline_file(files, file), record };
	return place->file;
}

/* Sets all of them: the @count in @list, or else the one at @file and @line. */
static bool set_witnesses(struct timeline_files *files, struct timeline_row *row,
			  const struct sessionlint_witness *list, unsigned count, const char *file,
			  uint64_t line)
{
	if (count == 0)
		return set_place(files, &row->witnesses[0], file, line);
	for (unsigned i = 0; i < count; i++)
		if (!set_place(files, &row->witnesses[i], list[i].file, list[i].line))
			return false;
	return true;
}

static bool set_places(struct timeline_files *files, struct timeline_row *row,
		       const struct sessionlint_step *step, const struct timeline_known *known)
{
	if (!step->inferred)
		return set_witnesses(files, row, step->witnesses, step->witness_count, step->file,
				     step->line);
	row->unseen = true;
	row->before = known->last;
	return set_place(files, &row->after, step->file, step->line);
}

static struct sessionlint_text named_or(struct sessionlint_text named,
					struct sessionlint_text known)
{
	return named.size > 0 ? named : known;
}

struct timeline_row *timeline_row_of_step(struct timeline_files *files,
					  const struct sessionlint_step *step,
					  const struct timeline_known *known)
{
	struct sessionlint_text user = named_or(step->user, known->user),
				address = named_or(step->address, known->address),
				client = named_or(step->client, known->client);
	unsigned witnesses = step->inferred ? 0 : step->witness_count ? step->witness_count : 1;
	struct timeline_row *row;
	char *room;

	row = row_allocate(
		witnesses,
		step->host.size + step->boot.size + user.size + address.size + client.size, &room);
	if (!row)
		return NULL;
	row->kind = step->kind == SESSIONLINT_STEP_EVENT ? TIMELINE_EVENT : TIMELINE_SAMPLE;
	row->time = step->time;
	row->host = text_keep(step->host, &room);
	row->boot = text_keep(step->boot, &room);
	row->boot_ordinal = step->boot_ordinal;
	row->has_session = true;
	row->source = step->source;
	row->session = step->session;
	row->incarnation = step->incarnation;
	row->event = step->event;
	row->from = step->before;
	row->to = step->after;
	row->verdict = step->verdict;
	row->user = text_keep(user, &room);
	row->address = text_keep(address, &room);
	row->client = text_keep(client, &room);
	row->reason = step->reason;
	if (!set_places(files, row, step, known)) {
		free(row);
		return NULL;
	}
	return row;
}

struct timeline_row *timeline_row_of_annotation(struct timeline_files *files,
						const struct sessionlint_annotation *annotation)
{
	struct timeline_row *row;
	char *room;

	row = row_allocate(1,
			   annotation->host.size + annotation->user.size + annotation->domain.size +
				   annotation->address.size + annotation->client.size,
			   &room);
	if (!row)
		return NULL;
	row->kind = TIMELINE_ANNOTATION;
	row->annotation = annotation->kind;
	row->time = annotation->time;
	row->host = text_keep(annotation->host, &room);
	row->boot_ordinal = annotation->boot_ordinal;
	row->has_session = annotation->has_session;
	row->session = annotation->session;
	row->event = SESSIONLINT_NO_EVENT;
	row->event_id = annotation->event_id;
	row->logon_id = annotation->logon_id;
	if (annotation->kind == SESSIONLINT_ANNOTATION_DISCONNECT_REASON)
		row->reason = annotation->reason;
	else
		row->logon_type = annotation->reason;
	row->user = text_keep(annotation->user, &room);
	row->domain = text_keep(annotation->domain, &room);
	row->address = text_keep(annotation->address, &room);
	row->client = text_keep(annotation->client, &room);
	if (!set_place(files, &row->witnesses[0], annotation->file, annotation->line)) {
		free(row);
		return NULL;
	}
	return row;
}

struct timeline_row *timeline_row_of_finding(struct timeline_files *files,
					     const struct sessionlint_finding *finding)
{
	struct timeline_row *row;
	char *room;

	row = row_allocate(finding->witness_count ? finding->witness_count : 1,
			   finding->host.size + finding->boot.size + finding->user.size +
				   finding->address.size + finding->message.size,
			   &room);
	if (!row)
		return NULL;
	row->kind = TIMELINE_FINDING;
	row->time = finding->time;
	row->host = text_keep(finding->host, &room);
	row->boot = text_keep(finding->boot, &room);
	row->boot_ordinal = finding->boot_ordinal;
	row->has_session = finding->has_session;
	row->source = finding->source;
	row->session = finding->session;
	row->incarnation = finding->incarnation;
	row->event = SESSIONLINT_NO_EVENT;
	if (finding->suppression == SESSIONLINT_SUPPRESSION_NONE)
		row->rules = (struct timeline_rules) { UINT64_C(1) << finding->rule,
						       finding->severity };
	row->user = text_keep(finding->user, &room);
	row->address = text_keep(finding->address, &room);
	row->message = text_keep(finding->message, &room);
	if (!set_witnesses(files, row, finding->witnesses, finding->witness_count, finding->file,
			   finding->line)) {
		free(row);
		return NULL;
	}
	return row;
}

/* ---- words ---- */

const char *timeline_what(const struct timeline_row *row, char room[TIMELINE_WORD_SIZE])
{
	const char *name;

	switch (row->kind) {
	case TIMELINE_SAMPLE:
		return "sample";
	case TIMELINE_FINDING:
		return "finding";
	case TIMELINE_ANNOTATION:
		name = sessionlint_annotation_name(row->annotation);
		return name ? name : "";
	case TIMELINE_EVENT:
		break;
	}
	name = sessionlint_event_name(row->event);
	if (name)
		return name;
	snprintf(room, TIMELINE_WORD_SIZE, "%" PRIu32, row->event);
	return room;
}

const char *timeline_states(sessionlint_belief belief, const char *between,
			    char room[TIMELINE_WORD_SIZE])
{
	size_t size = 0;

	room[0] = '\0';
	for (unsigned state = SESSIONLINT_STATE_CREATED; state < SESSIONLINT_STATE_MAX; state++) {
		if (!(belief & 1U << (state - 1)))
			continue;
		size += (size_t)snprintf(room + size, TIMELINE_WORD_SIZE - size, "%s%s",
					 size > 0 ? between : "", sessionlint_state_name(state));
	}
	return room;
}

const char *timeline_source(const struct timeline_row *row)
{
	return row->has_session && row->kind != TIMELINE_ANNOTATION
		       ? sessionlint_source_name(row->source)
		       : NULL;
}

const char *timeline_kind_name(enum timeline_kind kind)
{
	switch (kind) {
	case TIMELINE_EVENT:
		return "event";
	case TIMELINE_SAMPLE:
		return "sample";
	case TIMELINE_ANNOTATION:
		return "annotation";
	case TIMELINE_FINDING:
		break;
	}
	return "finding";
}

const char *timeline_verdict_name(enum sessionlint_verdict verdict)
{
	switch (verdict) {
	case SESSIONLINT_VERDICT_LEGAL:
		return "legal";
	case SESSIONLINT_VERDICT_UNDOCUMENTED:
		return "undocumented";
	case SESSIONLINT_VERDICT_IMPLIED:
		return "implied";
	case SESSIONLINT_VERDICT_CONTRADICTED:
		return "contradicted";
	case SESSIONLINT_VERDICT_ILLEGAL:
		break;
	}
	return "illegal";
}

const char *timeline_record(const struct timeline_place *place, char room[TIMELINE_WORD_SIZE])
{
	if (place->record == 0)
		return "";
	snprintf(room, TIMELINE_WORD_SIZE, ":%" PRIu64, place->record);
	return room;
}

const char *timeline_reason(uint32_t reason, char room[TIMELINE_WORD_SIZE])
{
	if (reason == SESSIONLINT_NO_REASON)
		return NULL;
	if (sessionlint_reason_text(reason))
		return sessionlint_reason_text(reason);
	snprintf(room, TIMELINE_WORD_SIZE, "reason %" PRIu32, reason);
	return room;
}

const char *timeline_next_rule(uint64_t set, unsigned *at)
{
	while (*at < sessionlint_rule_count() && *at < 64) {
		unsigned rule = (*at)++;

		if (set >> rule & 1)
			return sessionlint_rule_info(rule)->name;
	}
	return NULL;
}
