/* SPDX-License-Identifier: MIT */
/* Judges the account of a machine: each transition becomes a record, as if one log showed them
 * all. */
#include "check/run.h"

#include <errno.h>

#include "account/annotations.h"
#include "check/host.h"
#include "check/machine_emitter.h"
#include "check/machine_notes.h"
#include "check/witnesses.h"

/* Adds who the witnesses say it was: the session manager by name, Winlogon by number, which counts
 * only where there is no name. */
static void add_user(const struct emitter *emitter, const struct account_item *item,
		     struct record *record)
{
	for (unsigned i = item->count; i > 0; i--) {
		uint32_t place = account_witnesses(emitter->account, item)[i - 1];
		const struct account_details details =
			account_details(emitter->account, account_place(emitter->account, place));
		bool named = emitter->account->order.list[place].log == ACCOUNT_LOG_LSM;

		if (named || !record->user.size)
			emitter_set_text(record, KEY_USER, &record->user,
					 emitter_name(emitter, details.user));
		if (named)
			emitter_set_text(record, KEY_ADDRESS, &record->address,
					 emitter_name(emitter, details.address));
	}
}

/* Adds the states that the account knows. In the first boot a session may have been in any. */
static void add_states(const struct emitter *emitter, const struct account_item *item,
		       struct record *record)
{
	const struct account_subject *about = account_subject(emitter->account, item);

	if (about->boot == 0 || about->unnamed)
		return;
	record->from = item->event == SESSIONLINT_EVENT_CREATED ? SESSIONLINT_STATE_INITIALIZED
								: item->from;
	record->to = item->to;
	record->keys |= KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO);
}

/* Adds why the session was disconnected, which the session manager says in a record of its own. */
static int add_reason(struct emitter *emitter, const struct account_item *item,
		      struct record *record)
{
	const struct account_annotation *reason;
	struct annotation *details;

	if (item->event != SESSIONLINT_EVENT_DISCONNECTED || item->count == 0)
		return 0;
	reason = account_annotation_near(emitter->account, item, ANNOTATION_DISCONNECT_REASON);
	if (!reason)
		return 0;
	details = arena_allocate(&emitter->batch->arena, sizeof *details);
	if (!details)
		return -ENOMEM;
	*details = (struct annotation) { .kind = ANNOTATION_DETAILS, .reason = reason->reason };
	record->annotation = details;
	return 0;
}

static int emit_transition(struct emitter *emitter, size_t number)
{
	const struct account_item *item = account_item(emitter->account, number);
	struct record record = emitter_record(emitter, number);
	int r;

	/* an unseen end of a session in use is left for the rule about it */
	if (item->count == 0 &&
	    (account_is_unknown(emitter->account, item) || account_is_implied(item)))
		return 0;
	record.kind = RECORD_EVENT;
	record.event = item->event;
	record.keys |= KEY_BIT(KEY_EVENT);
	add_states(emitter, item, &record);
	if (item->count > 0)
		add_user(emitter, item, &record);
	r = add_reason(emitter, item, &record);
	if (r < 0)
		return r;
	r = emitter_add(emitter, &record);
	if (r == 0 && item->missing)
		r = machine_report_missing(emitter, item, &record);
	if (r == 0 && item->users)
		r = machine_report_users(emitter, item, &record);
	return r;
}

static int emit_marker(struct emitter *emitter, size_t number)
{
	const struct account_item *item = account_item(emitter->account, number);
	struct record record = emitter_record(emitter, number);

	record.kind = RECORD_MARKER;
	record.marker = item->kind == ACCOUNT_ITEM_BOOT ? MARKER_BOOT : MARKER_REPORTED;
	record.keys |= KEY_BIT(KEY_MARKER);
	if (item->kind == ACCOUNT_ITEM_REPORTED)
		record.reason = emitter_name(
			emitter,
			account_details(emitter->account,
					account_place(emitter->account,
						      account_witnesses(emitter->account, item)[0]))
				.reason);
	return emitter_add(emitter, &record);
}

static int emit_annotation(struct emitter *emitter, size_t number)
{
	const struct account *account = emitter->account;
	const struct account_annotation *one = &account->annotations[account->between[number]];
	struct annotation *details = arena_allocate(&emitter->batch->arena, sizeof *details);
	struct record record = {
		.kind = RECORD_ANNOTATION,
		.line = account->item_count + number + 1,
		.offset = one->offset,
		.time = one->time,
		.keys = KEY_BIT(KEY_TIME),
		.source = RECORD_NO_SOURCE,
		.flags = RECORD_HOST_IS_LABEL,
		.annotation = details,
	};

	if (!details)
		return -ENOMEM;
	*details = (struct annotation) {
		.kind = one->kind,
		.id = one->event_id,
		.reason = one->reason,
		.logon_id = one->logon_id,
		.domain = emitter_name(emitter, one->domain),
		.client = emitter_name(emitter, one->client),
	};
	if (one->session != ACCOUNT_NONE) {
		record.session = one->session;
		record.keys |= KEY_BIT(KEY_SESSION);
	}
	emitter_set_text(&record, KEY_HOST, &record.host, emitter_name(emitter, one->host));
	emitter_set_text(&record, KEY_USER, &record.user, emitter_name(emitter, one->user));
	emitter_set_text(&record, KEY_ADDRESS, &record.address,
			 emitter_name(emitter, one->address));
	return emitter_add(emitter, &record);
}

static int emit_item(struct emitter *emitter, size_t number)
{
	switch ((enum account_item_kind)account_item(emitter->account, number)->kind) {
	case ACCOUNT_ITEM_TRANSITION:
		return emit_transition(emitter, number);
	case ACCOUNT_ITEM_BOOT:
	case ACCOUNT_ITEM_REPORTED:
		return emit_marker(emitter, number);
	case ACCOUNT_ITEM_JUMP:
	case ACCOUNT_ITEM_COMPUTER:
	case ACCOUNT_ITEM_UNNAMED:
	case ACCOUNT_ITEM_CONTRADICTION:
	case ACCOUNT_ITEM_NARROWED:
		break;
	}
	return machine_report_note(emitter, number);
}

/* The file of an item, whose number is *line, and its line there: those of one of its witnesses.
 * Annotations have the numbers after those of the items. */
static const char *find_item(const void *source, uint64_t *line)
{
	const struct account *account = source;
	const struct account_item *item;
	const struct account_record *record;

	if (*line == 0 || *line > account->item_count + account->annotation_count)
		return NULL;
	if (*line > account->item_count) {
		size_t number = (size_t)(*line - 1) - account->item_count;
		const struct account_annotation *one =
			&account->annotations[account->between[number]];

		*line = one->line;
		return account->files[one->file].name;
	}
	item = account_item(account, (size_t)(*line - 1));
	record = account_place(account, witness_of(account, item));
	*line = record->line;
	return account->files[account_details(account, record).file].name;
}

/* Adds the annotations from *next on that come before item @number, which may be that after the
 * last. */
static int emit_annotations(struct emitter *emitter, size_t number, size_t *next)
{
	const struct account *account = emitter->account;
	int r = 0;

	while (r == 0 && *next < account->annotation_count &&
	       (number == account->item_count ||
		account_annotation_precedes(account, *next, account_item(account, number))))
		r = emit_annotation(emitter, (*next)++);
	return r;
}

static int emit_items(struct emitter *emitter)
{
	struct sessionlint *run = emitter->run;
	size_t count = emitter->account->item_count, annotation = 0;
	int r = hosts_search(&run->order.names, text_of(NULL, 0), 0, &emitter->host);

	r = r < 0 ? r : 0;
	for (size_t i = 0; r == 0 && i <= count; i++) {
		r = emit_annotations(emitter, i, &annotation);
		if (r == 0 && i < count)
			r = emit_item(emitter, i);
	}
	return r < 0 ? r : emitter_flush(emitter);
}

/* Judges a machine called @name. */
static int judge_machine(struct sessionlint *run, const struct account *account, const char *name)
{
	struct checker *checker = &run->checker;
	struct judged_account judged = { .account = account };
	struct emitter emitter = { .run = run, .account = account, .batch = run->batch };
	uint64_t events = checker->totals.events, annotations = checker->totals.annotations;
	int r, ended;

	run_begin(run, name, true);
	run->batch->count = 0;
	checker->jitter = UINT64_MAX;
	checker->files.find = find_item;
	checker->files.source = account;
	checker->judged = &judged;
	r = emit_items(&emitter);
	ended = run_end(run, r);
	checker->files.find = NULL;
	checker->judged = NULL;
	/* the records have been counted as they were read */
	checker->totals.events = events;
	checker->totals.annotations = annotations;
	return r < 0 ? r : ended;
}

int sessionlint_end_machine(struct sessionlint *run, const char *name)
{
	struct machines *machines = &run->machines;
	int r = 0;

	if (run_is_busy(run))
		return -EBUSY;
	if (machines->together == SESSIONLINT_TOGETHER_OFF)
		return -EINVAL;
	run->busy = true;
	for (size_t i = 0; r == 0 && i < machines->count; i++) {
		r = account_solve(&machines->list[i].account);
		if (r == 0)
			r = judge_machine(run, &machines->list[i].account, name);
	}
	run->busy = false;
	run->failed |= r < 0;
	run->checker.totals.events += machines->taken;
	machines_free(machines);
	return r;
}
