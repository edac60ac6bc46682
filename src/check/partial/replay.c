/* SPDX-License-Identifier: MIT */
/* Judges the items of a partial as a log of a run. */
#include "check/partial/partial.h"

#include <errno.h>
#include <stdlib.h>

#include "check/host.h"
#include "check/run.h"
#include "trace/text/feed.h"

struct replay {
	const struct sessionlint_partial *partial;
	struct sessionlint *run;
	uint64_t lines, bytes; /* of what the log has before it */
	uint32_t *hosts;       /* by number in the partial: that in the run, of the last omission */
};

/* ---- records ---- */

static void event_record(const struct replay *replay, const struct partial_item *item,
			 struct record *ret_record)
{
	const struct partial_texts *texts = &replay->partial->texts;

	*ret_record = (struct record) {
		.kind = RECORD_EVENT,
		.source = item->source,
		.flags = item->flags,
		.keys = item->keys,
		.session = item->session,
		.event = item->event,
		.from = item->from,
		.to = item->to,
		.state = SESSIONLINT_NO_STATE,
		.line = replay->lines + item->line,
		.offset = replay->bytes + item->offset,
		.time = item->time,
		.seq = item->seq,
		.host = partial_text(texts, item->host),
		.boot = partial_text(texts, item->boot),
		.user = partial_text(texts, item->user),
		.address = partial_text(texts, item->address),
	};
}

/* Judges the events from item @at on that are alike in having a seq or not, so that the log ends
 * where it does if they come one by one. *ret_next is the item after them. */
static int judge_events(const struct replay *replay, uint32_t at, uint32_t *ret_next)
{
	const struct sessionlint_partial *partial = replay->partial;
	const struct partial_item *first = &partial->items[at];
	struct sessionlint *run = replay->run;
	struct batch *batch = run->batch;

	batch->count = 0;
	arena_reset(&batch->arena);
	for (; at < partial->count && batch->count < BATCH_RECORDS; at++) {
		const struct partial_item *item = &partial->items[at];

		if (item->kind != ITEM_EVENT || (item->keys ^ first->keys) & KEY_BIT(KEY_SEQ))
			break;
		batch->places[batch->count] = (struct record_place) { 0 };
		event_record(replay, item, &batch->records[batch->count++]);
	}
	*ret_next = at;
	run->reader->counts.records += batch->count;
	return run_judge_fed(run, 0);
}

static int judge_raw(const struct replay *replay, const struct partial_item *item)
{
	const struct raw_record *raw = item->raw;
	struct sessionlint *run = replay->run;

	feed_seek(run->reader, replay->lines + item->line - 1, replay->bytes + item->offset);
	if (raw->line.data)
		return sessionlint_feed_line(run, raw->line.data, raw->line.size);
	return sessionlint_feed(run, raw->pairs, raw->count);
}

/* ---- omissions ---- */

static int replay_hosts(const struct replay *replay, const struct omission *omission)
{
	const struct hosts *names = &replay->partial->names;
	struct checker *checker = &replay->run->checker;

	for (uint32_t i = 0; i < omission->host_count; i++) {
		const struct omitted_host *one = &omission->hosts[i];
		struct sessionlint_text name = names->hosts[one->host].name;
		const struct record record = {
			.kind = RECORD_EVENT,
			.host = name,
			.keys = name.size ? KEY_BIT(KEY_HOST) : 0,
		};
		uint32_t number;
		int r = order_find_host(&replay->run->order, &record, &number);

		if (r >= 0)
			r = hosts_meet(checker, number);
		if (r < 0)
			return r;
		host_refresh(checker, &checker->hosts.hosts[number]);
		if (one->timed)
			checker->hosts.hosts[number].time = one->time;
		replay->hosts[one->host] = number;
	}
	return 0;
}

/* The number of a session that is remembered, or SESSION_NONE. */
static uint32_t find_session(const struct replay *replay, uint32_t owner)
{
	const struct partial_session *session = &replay->partial->sessions.list[owner];
	const struct checker *checker = &replay->run->checker;
	uint32_t host = replay->hosts[session->host], number;

	if (host >= checker->hosts.count)
		return SESSION_NONE;
	number = sessions_find(&checker->sessions,
			       session_hash(&checker->sessions, host, session->id, session->source),
			       host, session->id, session->source);
	if (number == SESSION_NONE || sessions_at(&checker->sessions, number)->generation !=
					      checker->hosts.hosts[host].generation)
		return SESSION_NONE;
	return number;
}

/* What was saved by the library names only sessions that are remembered. */
static int replay_sessions(const struct replay *replay, const struct omission *omission)
{
	struct omitted_session *sessions = calloc((size_t)omission->turn_count + 1,
						  sizeof *sessions);
	size_t count = 0;
	int r;

	if (!sessions)
		return -ENOMEM;
	for (uint32_t i = 0; i < omission->turn_count; i++) {
		const struct omitted_turn *turn = &omission->turns[i];
		uint32_t number = find_session(replay, turn->owner);

		if (number != SESSION_NONE)
			sessions[count++] = (struct omitted_session) {
				.number = number,
				.begun = turn->begun,
				.is_alive = turn->is_alive,
			};
	}
	r = sessions_omit(&replay->run->checker, sessions, count, &omission->lives);
	free(sessions);
	return r;
}

static int replay_omission(const struct replay *replay, const struct omission *omission)
{
	struct sessionlint *run = replay->run;
	int r;

	if (run->feed.error < 0)
		return run->feed.error;
	run->busy = true;
	run->reader->counts.records += omission->events;
	ends_follow_unnumbered(&run->extent);
	r = replay_hosts(replay, omission);
	run->checker.totals.events += omission->events;
	if (r >= 0)
		r = replay_sessions(replay, omission);
	run->busy = false;
	run->feed.error = r < 0 ? r : 0;
	return run->feed.error;
}

/* ---- the whole ---- */

static int replay_items(const struct replay *replay)
{
	const struct sessionlint_partial *partial = replay->partial;
	int r = 0;

	for (uint32_t at = 0; at < partial->count && r >= 0;) {
		const struct partial_item *item = &partial->items[at];

		switch ((enum item_kind)item->kind) {
		case ITEM_EVENT:
			r = judge_events(replay, at, &at);
			break;
		case ITEM_RAW:
			r = judge_raw(replay, item);
			at++;
			break;
		case ITEM_OMISSION:
			r = replay_omission(replay, item->omission);
			at++;
			break;
		case ITEM_OMITTED:
		case ITEM_KINDS:
			at++;
			break;
		}
	}
	return r;
}

/* Whether the run needs no record that is left out, and would read the same records. */
static bool can_finish(const struct sessionlint_partial *partial, const struct sessionlint *run)
{
	const struct reader_options *reader = &partial->reader.options;
	const struct run_options *options = &run->checker.options;

	if (options->source != reader->source || options->source_is_given == reader->source_assumed)
		return false;
	return partial->kind == SESSIONLINT_PARTIAL_WHOLE ||
	       (!options->observe && !options->trail && !options->reorder && !run->anonymize &&
		run->machines.together == SESSIONLINT_TOGETHER_OFF);
}

int sessionlint_feed_partial(struct sessionlint *run, struct sessionlint_partial *partial)
{
	struct replay replay = { .partial = partial, .run = run };
	int r = partial->error;

	if (run->busy)
		return -EBUSY;
	if (r == 0 && (!run->feed.name || !can_finish(partial, run)))
		return -EINVAL;
	if (r == 0)
		r = run->feed.error;
	if (r == 0)
		r = items_compact(partial);
	if (r < 0)
		return r;
	replay.hosts = malloc((partial->host_count + 1) * sizeof *replay.hosts);
	if (!replay.hosts)
		return -ENOMEM;
	for (uint32_t i = 0; i < partial->host_count; i++)
		replay.hosts[i] = NO_HOST;
	replay.lines = feed_lines(run->reader);
	replay.bytes = run->reader->done;
	r = replay_items(&replay);
	feed_seek(run->reader, replay.lines + feed_lines(&partial->reader),
		  replay.bytes + partial->reader.done);
	free(replay.hosts);
	return r;
}

int sessionlint_partial_finish(struct sessionlint_partial *partial, struct sessionlint *run,
			       const char *name)
{
	int r = run_is_busy(run) ? -EBUSY : partial->error, ended;

	if (r == 0 && !can_finish(partial, run))
		r = -EINVAL;
	if (r == 0)
		r = sessionlint_feed_begin(run, name);
	if (r < 0)
		return r;
	r = sessionlint_feed_partial(run, partial);
	ended = sessionlint_feed_end(run);
	return r < 0 ? r : ended;
}
