/* SPDX-License-Identifier: MIT */
#include "check/machines.h"

#include <errno.h>
#include <stdlib.h>

#include "account/annotations.h"
#include "base/array.h"
#include "base/fold.h"
#include "check/log_end.h"

void machines_free(struct machines *machines)
{
	for (size_t i = 0; i < machines->count; i++) {
		account_free(&machines->list[i].account);
		text_disown(&machines->list[i].computer);
	}
	free(machines->list);
	free(machines->rest);
	arena_free(&machines->names);
	*machines = (struct machines) {
		.together = machines->together,
		.window = machines->window,
		.witnesses = machines->witnesses,
	};
}

int machines_begin_file(struct machines *machines, const char *name, bool windows_log)
{
	struct sessionlint_text copy = arena_format(&machines->names, "%s", name);

	if (machines->names.failed)
		return -ENOMEM;
	machines->file++;
	machines->file_name = copy.data;
	machines->windows_log = windows_log;
	return 0;
}

/* The machine of a computer, which is added if it is new. -ENOMEM. */
static int machine_find(struct machines *machines, struct sessionlint_text computer,
			struct machine **ret_machine)
{
	struct machine *list;
	int r;

	if (machines->together != SESSIONLINT_TOGETHER_COMPUTER)
		computer = text_of(NULL, 0);
	for (size_t i = 0; i < machines->count; i++)
		if (text_alike(machines->list[i].computer, computer)) {
			*ret_machine = &machines->list[i];
			return 0;
		}
	list = array_grow(machines->list, machines->count, &machines->capacity, sizeof *list);
	if (!list)
		return -ENOMEM;
	machines->list = list;
	list[machines->count] = (struct machine) { .file = 0 };
	r = text_own(computer, &list[machines->count].computer);
	if (r < 0)
		return r;
	account_init(&list[machines->count].account, machines->window);
	*ret_machine = &list[machines->count++];
	return 0;
}

/* The same; the machine then has the current file. */
static int machine_begin(struct machines *machines, struct sessionlint_text computer,
			 struct machine **ret_machine)
{
	int r = machine_find(machines, computer, ret_machine);

	if (r < 0 || (*ret_machine)->file == machines->file)
		return r;
	(*ret_machine)->file = machines->file;
	return account_begin_file(&(*ret_machine)->account, machines->file_name,
				  machines->windows_log);
}

static int take_witness(struct machines *machines, const struct record *record, bool missing)
{
	struct machine *machine;
	int r = machine_begin(machines, record->host, &machine);

	return r < 0 ? r : account_add(&machine->account, record, missing);
}

static int learn_person(struct machines *machines, const struct record *record)
{
	struct machine *machine;
	int r = machine_begin(machines, record->host, &machine);

	return r < 0 ? r : account_learn_person(&machine->account, record);
}

/* Keeps an annotation, to be among the transitions. */
static int take_annotation(struct machines *machines, const struct record *record)
{
	struct machine *machine;
	int r = machine_begin(machines, record->host, &machine);

	return r < 0 ? r : account_add_annotation(&machine->account, record);
}

/* Records may be missing here, of any machine of the file. */
static void note_gap(struct machines *machines)
{
	for (size_t i = 0; i < machines->count; i++)
		if (machines->list[i].file == machines->file)
			account_add_gap(&machines->list[i].account);
}

static bool is_gap(const struct record *record)
{
	return record->kind == RECORD_MALFORMED ||
	       (record->kind == RECORD_MARKER && record->marker == MARKER_GAP);
}

/* An account has the lines of files: those of a log that consists of several are in *own. */
static const struct record *of_file(const struct checker *checker, const struct record *record,
				    struct record *own)
{
	if (checker->files.count == 0)
		return record;
	*own = *record;
	log_files_locate(&checker->files, NULL, &own->line);
	return own;
}

int machines_take(struct machines *machines, struct checker *checker, const struct batch *batch,
		  const struct batch **ret_rest)
{
	/* nobody else asks for them */
	bool keep = checker->options.observe || checker->options.annotate;
	struct batch *rest = machines->rest;
	int r = 0;

	if (!rest) {
		rest = machines->rest = calloc(1, sizeof *rest);
		if (!rest)
			return -ENOMEM;
	}
	rest->count = 0;
	for (unsigned i = 0; r == 0 && i < batch->count; i++) {
		const struct record *record = &batch->records[i];
		const struct record_place *place = &batch->places[i];
		struct record own;

		if (is_gap(record))
			note_gap(machines);
		if (record->kind == RECORD_ANNOTATION && record->annotation &&
		    record->annotation->sid.size > 0)
			r = learn_person(machines, record);
		if (r == 0 && keep && record->kind == RECORD_ANNOTATION && record->annotation) {
			r = take_annotation(machines, of_file(checker, record, &own));
			checker->totals.annotations++;
			continue;
		}
		if (!account_takes(record)) {
			rest->records[rest->count] = *record;
			rest->places[rest->count++] = *place;
			continue;
		}
		r = take_witness(machines, of_file(checker, record, &own),
				 place->sequel != SEQUEL_NEXT &&
					 place->sequel != SEQUEL_AFTER_LATE);
		machines->taken += record->kind == RECORD_EVENT;
		machines->witnesses += record->kind == RECORD_EVENT;
		/* what was found before the first record of a session matters now */
		if (r == 0 && !checker->notes.passing && record_is_of_session(record))
			r = notes_release(checker);
	}
	*ret_rest = rest;
	return r;
}
