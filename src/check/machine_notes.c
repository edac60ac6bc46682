/* SPDX-License-Identifier: MIT */
#include "check/machine_notes.h"

#include <inttypes.h>

#include "check/finding.h"
#include "trace/time.h"

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

static int report_narrowed(struct emitter *emitter, struct subject *subject)
{
	char duration[DURATION_TEXT_SIZE];

	duration_format(emitter->account->window, duration);
	return report(
		subject, SESSIONLINT_RULE_INCOMPLETE_SEARCH, NO_PARTICULARS,
		"too many records of the session lie within %s of each other: not every run was "
		"tried, and a better one may exist",
		duration);
}

static int report_computer(struct emitter *emitter, struct subject *subject,
			   const struct account_item *item)
{
	const struct account *account = emitter->account;
	const struct account_record *here = account_place(account, item->place);
	struct account_details first;
	struct sessionlint_text name = emitter_name(emitter, account_details(account, here).host),
				other;
	uint32_t place = 0;

	do
		first = account_details(account, account_place(account, place++));
	while (!first.host);
	other = emitter_name(emitter, first.host);
	return report(subject, SESSIONLINT_RULE_DIFFERENT_COMPUTERS, NO_PARTICULARS,
		      "the log is of %.*s; no log ties that name to %.*s, of which %s is",
		      (int)name.size, name.data, (int)other.size, other.data,
		      account->files[first.file].name);
}

int machine_report_note(struct emitter *emitter, size_t number)
{
	const struct account_item *item = account_item(emitter->account, number);
	const struct record_place place = { .host = emitter->host };
	struct record record = emitter_record(emitter, number);
	struct subject subject;
	uint32_t session;
	int r, settled = 0;

	if (item->kind == ACCOUNT_ITEM_UNNAMED)
		record.source = SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL;
	else if (item->kind == ACCOUNT_ITEM_CONTRADICTION)
		record.event = item->event;
	r = emitter_subject(emitter, &record, &place, &subject, &session);
	if (r < 0)
		return r;
	if (item->kind == ACCOUNT_ITEM_CONTRADICTION)
		r = report_contradiction(emitter, &subject, item);
	else if (item->kind == ACCOUNT_ITEM_UNNAMED)
		r = report_unnamed(emitter, &subject, item);
	else if (item->kind == ACCOUNT_ITEM_COMPUTER)
		r = report_computer(emitter, &subject, item);
	else if (item->kind == ACCOUNT_ITEM_NARROWED)
		r = report_narrowed(emitter, &subject);
	else
		r = report_jump(emitter, &subject, item);
	if (session != SESSION_NONE)
		settled = session_settle(subject.checker, session, subject.host);
	return r < 0 ? r : settled;
}

int machine_report_missing(struct emitter *emitter, const struct account_item *item,
			   const struct record *record)
{
	struct arena *arena = &emitter->run->checker.arena;
	const struct record_place place = { .host = emitter->host };
	struct sessionlint_text logs = text_from("");
	struct subject subject;
	unsigned count = (unsigned)__builtin_popcount(item->missing), index = 0;
	uint32_t session;
	int r = emitter_subject(emitter, record, &place, &subject, &session), settled;

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

int machine_report_users(struct emitter *emitter, const struct account_item *item,
			 const struct record *record)
{
	const struct record_place place = { .host = emitter->host };
	const struct account_user_conflict *conflict = account_user_conflict(emitter->account,
									     item);
	struct sessionlint_text user = emitter_name(emitter, conflict->user),
				other = emitter_name(emitter, conflict->other);
	struct subject subject;
	uint32_t session;
	int r = emitter_subject(emitter, record, &place, &subject, &session), settled;

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
