/* SPDX-License-Identifier: MIT */
/* Judges the account of a machine: each transition becomes a record, as if one log showed them
 * all. */
#include "check/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "account/annotations.h"
#include "check/finding.h"
#include "check/host.h"
#include "check/log_end.h"
#include "check/session/session.h"
#include "check/witnesses.h"
#include "trace/time.h"

struct emitter {
	struct sessionlint *run;
	const struct account *account;
	struct batch *batch;
	uint32_t host;
	uint32_t label; /* the last name of the computer, a number in account->names */
};

static struct sessionlint_text name_of(const struct emitter *emitter, uint32_t number)
{
	return account_names_text(&emitter->account->names, number);
}

/* Judges the records that have been made. */
static int flush(struct emitter *emitter)
{
	int r = emitter->batch->count > 0 ? checker_batch(&emitter->run->checker, emitter->batch)
					  : 0;

	emitter->batch->count = 0;
	arena_reset(&emitter->batch->arena);
	return r;
}

static void set_text(struct record *record, enum record_key key, struct sessionlint_text *field,
		     struct sessionlint_text text)
{
	if (text.size == 0)
		return;
	*field = text;
	record->keys |= KEY_BIT(key);
}

/* A record for the item with that number. */
static struct record make_record(struct emitter *emitter, size_t number)
{
	const struct account *account = emitter->account;
	const struct account_item *item = account_item(account, number);
	const struct account_subject *about = account_subject(account, item);
	const struct account_record *witness = account_place(account, witness_of(account, item));
	struct record record = {
		.line = number + 1,
		.offset = witness->offset,
		.time = witness->flags & ACCOUNT_UNTIMED ? SESSIONLINT_NO_TIME : witness->time,
		.keys = KEY_BIT(KEY_SOURCE) | KEY_BIT(KEY_TIME),
		.session = about->session,
		.event = SESSIONLINT_NO_EVENT,
		.from = SESSIONLINT_NO_STATE,
		.to = SESSIONLINT_NO_STATE,
		.state = SESSIONLINT_NO_STATE,
		.source = about->unnamed ? SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL
					 : SESSIONLINT_SOURCE_ACCOUNT,
		.flags = RECORD_HOST_IS_LABEL,
	};

	if (account_details(emitter->account, witness).host)
		emitter->label = account_details(emitter->account, witness).host;
	set_text(&record, KEY_HOST, &record.host, name_of(emitter, emitter->label));
	if (item->kind == ACCOUNT_ITEM_BOOT || item->kind == ACCOUNT_ITEM_JUMP ||
	    item->kind == ACCOUNT_ITEM_COMPUTER)
		return record;
	record.keys |= KEY_BIT(KEY_SESSION);
	return record;
}

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
			set_text(record, KEY_USER, &record->user, name_of(emitter, details.user));
		if (named)
			set_text(record, KEY_ADDRESS, &record->address,
				 name_of(emitter, details.address));
	}
}

/* Adds a record to the batch. */
static int add_record(struct emitter *emitter, const struct record *record)
{
	struct batch *batch = emitter->batch;

	batch->records[batch->count] = *record;
	batch->places[batch->count++] = (struct record_place) { .host = emitter->host };
	return batch->count == BATCH_RECORDS ? flush(emitter) : 0;
}

/* Judges what came before @record, and looks up its session. */
static int find_subject(struct emitter *emitter, const struct record *record,
			const struct record_place *place, struct subject *ret_subject,
			uint32_t *ret_number)
{
	struct checker *checker = &emitter->run->checker;
	int r = flush(emitter);

	if (r < 0)
		return r;
	if (emitter->host >= checker->hosts.count)
		r = hosts_meet(checker, emitter->host);
	if (r < 0)
		return r;
	*ret_subject = (struct subject) {
		.checker = checker,
		.record = record,
		.place = place,
		.host = &checker->hosts.hosts[emitter->host],
	};
	*ret_number = SESSION_NONE;
	if (!record_has(record, KEY_SESSION))
		return 0;
	hosts_occupy(&checker->hosts, emitter->host);
	subject_rehash(ret_subject);
	return session_find(ret_subject, ret_number);
}

/* "23 in LocalSessionManager.evtx:40 and 7002 in System.evtx:7": at most four of them. */
static const char *list_records(struct emitter *emitter, const struct account_item *item)
{
	struct arena *arena = &emitter->run->checker.arena;
	struct sessionlint_text text = text_from("");
	unsigned shown = item->count < 4 ? item->count : 4;

	for (unsigned i = 0; i < shown; i++) {
		uint32_t place = account_witnesses(emitter->account, item)[i];
		const struct account_record *record = account_place(emitter->account, place);
		const char *between = i == 0 ? "" : i + 1 < item->count ? ", " : " and ";

		text = arena_format(
			arena, "%s%s%s by %s", text.data ? text.data : "", between,
			sessionlint_event_name(record->event),
			account_log_name(
				(enum account_log)emitter->account->order.list[place].log));
	}
	if (item->count > shown)
		text = arena_format(arena, "%s and %u more", text.data ? text.data : "",
				    item->count - shown);
	return text.data ? text.data : "";
}

static int report_contradiction(struct emitter *emitter, struct subject *subject,
				const struct account_item *item)
{
	struct particulars particulars = NO_PARTICULARS;
	const char *records = list_records(emitter, item);

	return report(subject, SESSIONLINT_RULE_CONTRADICTION, particulars,
		      "no run of the model explains %s (%s) with the other records of the session, "
		      "by which it is in %s",
		      item->count == 1 ? "this record" : "these records", records,
		      sessionlint_state_name(item->from));
}

static int report_unnamed(struct emitter *emitter, struct subject *subject,
			  const struct account_item *item)
{
	return report(subject, SESSIONLINT_RULE_UNNAMED_SESSION, NO_PARTICULARS,
		      "no log ties this winlogon process (%" PRIu32 ") to a session",
		      account_subject(emitter->account, item)->session);
}

static int report_jump(struct emitter *emitter, struct subject *subject,
		       const struct account_item *item)
{
	char duration[DURATION_TEXT_SIZE];

	duration_format(account_jump_at(emitter->account, item->place)->size, duration);
	return report(subject, SESSIONLINT_RULE_CLOCK_JUMP, NO_PARTICULARS,
		      "the clock of the machine was set back by %s", duration);
}

static int report_computer(struct emitter *emitter, struct subject *subject,
			   const struct account_item *item)
{
	const struct account *account = emitter->account;
	const struct account_record *here = account_place(account, item->place);
	struct account_details first;
	struct sessionlint_text name = name_of(emitter, account_details(account, here).host), other;
	uint32_t place = 0;

	do
		first = account_details(account, account_place(account, place++));
	while (!first.host);
	other = name_of(emitter, first.host);
	return report(subject, SESSIONLINT_RULE_DIFFERENT_COMPUTERS, NO_PARTICULARS,
		      "the log is of %.*s; no log ties that name to %.*s, of which %s is",
		      (int)name.size, name.data, (int)other.size, other.data,
		      account->files[first.file].name);
}

/* Reports something about the item that is not a transition. */
static int report_note(struct emitter *emitter, size_t number)
{
	const struct account_item *item = account_item(emitter->account, number);
	const struct record_place place = { .host = emitter->host };
	struct record record = make_record(emitter, number);
	struct subject subject;
	uint32_t session;
	int r, settled = 0;

	if (item->kind == ACCOUNT_ITEM_UNNAMED)
		record.source = SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL;
	else if (item->kind == ACCOUNT_ITEM_CONTRADICTION)
		record.event = item->event;
	r = find_subject(emitter, &record, &place, &subject, &session);
	if (r < 0)
		return r;
	if (item->kind == ACCOUNT_ITEM_CONTRADICTION)
		r = report_contradiction(emitter, &subject, item);
	else if (item->kind == ACCOUNT_ITEM_UNNAMED)
		r = report_unnamed(emitter, &subject, item);
	else if (item->kind == ACCOUNT_ITEM_COMPUTER)
		r = report_computer(emitter, &subject, item);
	else
		r = report_jump(emitter, &subject, item);
	if (session != SESSION_NONE)
		settled = session_settle(subject.checker, session, subject.host);
	return r < 0 ? r : settled;
}

/* Reports the logs that should have shown a transition, which has been judged. */
static int report_missing(struct emitter *emitter, const struct account_item *item,
			  const struct record *record)
{
	struct arena *arena = &emitter->run->checker.arena;
	const struct record_place place = { .host = emitter->host };
	struct sessionlint_text logs = text_from("");
	struct subject subject;
	unsigned count = (unsigned)__builtin_popcount(item->missing), index = 0;
	uint32_t session;
	int r = find_subject(emitter, record, &place, &subject, &session), settled;

	if (r < 0)
		return r;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		if (item->missing >> log & 1)
			logs = arena_format(arena, "%s%s%s", logs.data ? logs.data : "",
					    text_or(index++, count),
					    account_log_name((enum account_log)log));
	r = report(&subject, SESSIONLINT_RULE_MISSING_WITNESS, NO_PARTICULARS,
		   "%s has no record in %s, which %s complete here",
		   sessionlint_event_name(item->event), logs.data ? logs.data : "",
		   count == 1 ? "is" : "are");
	settled = session_settle(subject.checker, session, subject.host);
	return r < 0 ? r : settled;
}

/* Reports two users that witnesses of a transition, which has been judged, name. */
static int report_users(struct emitter *emitter, const struct account_item *item,
			const struct record *record)
{
	const struct record_place place = { .host = emitter->host };
	const struct account_user_conflict *conflict = account_user_conflict(emitter->account,
									     item);
	struct sessionlint_text user = name_of(emitter, conflict->user),
				other = name_of(emitter, conflict->other);
	struct subject subject;
	uint32_t session;
	int r = find_subject(emitter, record, &place, &subject, &session), settled;

	if (r < 0)
		return r;
	r = report(&subject, SESSIONLINT_RULE_WRONG_USER, NO_PARTICULARS,
		   conflict->same ? "records of %s name %.*s and %.*s, who are not the same user"
				  : "a record of %s names the user %.*s, but %.*s is logged on",
		   sessionlint_event_name(item->event), (int)user.size, user.data, (int)other.size,
		   other.data);
	settled = session_settle(subject.checker, session, subject.host);
	return r < 0 ? r : settled;
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
	struct record record = make_record(emitter, number);
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
	r = add_record(emitter, &record);
	if (r == 0 && item->missing)
		r = report_missing(emitter, item, &record);
	if (r == 0 && item->users)
		r = report_users(emitter, item, &record);
	return r;
}

static int emit_marker(struct emitter *emitter, size_t number)
{
	const struct account_item *item = account_item(emitter->account, number);
	struct record record = make_record(emitter, number);

	record.kind = RECORD_MARKER;
	record.marker = item->kind == ACCOUNT_ITEM_BOOT ? MARKER_BOOT : MARKER_REPORTED;
	record.keys |= KEY_BIT(KEY_MARKER);
	if (item->kind == ACCOUNT_ITEM_REPORTED)
		record.reason = name_of(
			emitter,
			account_details(emitter->account,
					account_place(emitter->account,
						      account_witnesses(emitter->account, item)[0]))
				.reason);
	return add_record(emitter, &record);
}

static int emit_annotation(struct emitter *emitter, size_t number)
{
	const struct account_annotation *one =
		&emitter->account->annotations[account_item(emitter->account, number)->first];
	struct annotation *details = arena_allocate(&emitter->batch->arena, sizeof *details);
	struct record record = {
		.kind = RECORD_ANNOTATION,
		.line = number + 1,
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
		.domain = name_of(emitter, one->domain),
		.client = name_of(emitter, one->client),
	};
	if (one->session != ACCOUNT_NONE) {
		record.session = one->session;
		record.keys |= KEY_BIT(KEY_SESSION);
	}
	set_text(&record, KEY_HOST, &record.host, name_of(emitter, one->host));
	set_text(&record, KEY_USER, &record.user, name_of(emitter, one->user));
	set_text(&record, KEY_ADDRESS, &record.address, name_of(emitter, one->address));
	return add_record(emitter, &record);
}

static int emit_item(struct emitter *emitter, size_t number)
{
	switch ((enum account_item_kind)account_item(emitter->account, number)->kind) {
	case ACCOUNT_ITEM_TRANSITION:
		return emit_transition(emitter, number);
	case ACCOUNT_ITEM_BOOT:
	case ACCOUNT_ITEM_REPORTED:
		return emit_marker(emitter, number);
	case ACCOUNT_ITEM_ANNOTATION:
		return emit_annotation(emitter, number);
	case ACCOUNT_ITEM_JUMP:
	case ACCOUNT_ITEM_COMPUTER:
	case ACCOUNT_ITEM_UNNAMED:
	case ACCOUNT_ITEM_CONTRADICTION:
		break;
	}
	return report_note(emitter, number);
}

/* The file of an item, whose number is *line, and its line there: those of one of its witnesses. */
static const char *find_item(const void *source, uint64_t *line)
{
	const struct account *account = source;
	const struct account_item *item;
	const struct account_record *record;

	if (*line == 0 || *line > account->item_count)
		return NULL;
	item = account_item(account, *line - 1);
	if (item->kind == ACCOUNT_ITEM_ANNOTATION) {
		const struct account_annotation *one = &account->annotations[item->first];

		*line = one->line;
		return account->files[one->file].name;
	}
	record = account_place(account, witness_of(account, item));
	*line = record->line;
	return account->files[account_details(account, record).file].name;
}

static int emit_items(struct emitter *emitter)
{
	struct sessionlint *run = emitter->run;
	int r = hosts_search(&run->order.names, text_of(NULL, 0), 0, &emitter->host);

	r = r < 0 ? r : 0;
	for (size_t i = 0; r == 0 && i < emitter->account->item_count; i++)
		r = emit_item(emitter, i);
	return r < 0 ? r : flush(emitter);
}

/* Judges a machine called @name. */
static int judge_machine(struct sessionlint *run, const struct account *account, const char *name)
{
	struct checker *checker = &run->checker;
	struct judged_account judged = { .account = account };
	struct emitter emitter = { .run = run, .account = account, .batch = &run->batch };
	uint64_t events = checker->totals.events;
	int r, ended;

	run_begin(run, name, true);
	run->batch.count = 0;
	checker->jitter = UINT64_MAX;
	checker->files.find = find_item;
	checker->files.source = account;
	checker->judged = &judged;
	r = emit_items(&emitter);
	ended = run_end(run, r);
	checker->files.find = NULL;
	checker->judged = NULL;
	/* these are the records that were read */
	checker->totals.events = events;
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
