/* SPDX-License-Identifier: MIT */
/*
 * Remote connections, and the winlogon processes that start for them ("One machine, several logs").
 * A connection that goes to a session which is in use starts none. A process is named only where
 * one connection alone can be its own; otherwise its session stays unknown.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account/completeness.h"
#include "account/internal.h"
#include "account/winlogons.h"

/* The winlogon of a new session starts 0.2 to 0.4 s after the connection in all cases seen: what is
 * so close is looked at first. In 100 ns. */
#define CLOSE_BEFORE 6000000
#define CLOSE_AFTER  0

/* The other witnesses of a reconnect are this close to the connection. In 100 ns. */
#define RECONNECT_APART 20000000

/* This many neighbors are looked at; where there are more, it is not certain which one it is. */
#define NEIGHBORS 64U

/* A record that says what became of a session, or a connection. */
struct moment {
	uint32_t boot, session, place;
	uint8_t log, event;
};

enum connection_kind {
	CONNECTION_UNCERTAIN,
	CONNECTION_NEW,
	CONNECTION_AGAIN, /* to a session that is in use */
};

struct connection {
	int64_t time;
	uint32_t session;
	enum connection_kind kind;
};

/* The start of a process. */
struct start {
	int64_t time;
	struct winlogon *winlogon;
	uint32_t session; /* that it is found to have, or NONE */
};

struct connector {
	const struct account *account;
	struct moment *moments;
	size_t moment_count;
	struct connection *connections; /* by time */
	size_t connection_count;
	struct start *starts; /* by time */
	size_t start_count;
	int64_t *reconnects; /* times, as the log of the winlogons has them */
	size_t reconnect_count;
};

static int compare_moments(const void *a, const void *b)
{
	const struct moment *x = a, *y = b;

	if (x->boot != y->boot)
		return x->boot < y->boot ? -1 : 1;
	if (x->session != y->session)
		return x->session < y->session ? -1 : 1;
	return x->place < y->place ? -1 : x->place > y->place;
}

static int compare_connections(const void *a, const void *b)
{
	const struct connection *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->session < y->session ? -1 : x->session > y->session;
}

static int compare_starts(const void *a, const void *b)
{
	const struct start *x = a, *y = b;

	if (x->time != y->time)
		return x->time < y->time ? -1 : 1;
	return x->winlogon < y->winlogon ? -1 : x->winlogon > y->winlogon;
}

/* The number of the first entry at or after @time in a list by time; each entry of @size bytes
 * begins with its time. */
static size_t first_at(const void *list, size_t count, size_t size, int64_t time)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int64_t there;

		memcpy(&there, (const char *)list + middle * size, sizeof there);
		if (there < time)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int compare_times(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

/* ---- which connections are new ---- */

static void collect_moments(struct connector *connector)
{
	const struct account *account = connector->account;

	for (uint32_t place = 0; place < account->order.count; place++) {
		const struct account_record *record = account_place(account, place);
		unsigned log = account->order.list[place].log;

		if (record->kind != ACCOUNT_EVENT)
			continue;
		if (log == ACCOUNT_LOG_WINLOGON) {
			if (record->event == SESSIONLINT_EVENT_CONNECTED)
				connector->reconnects[connector->reconnect_count++] =
					account_time(account, place);
			continue;
		}
		connector->moments[connector->moment_count++] = (struct moment) {
			.boot = record->boot,
			.session = record->session,
			.place = place,
			.log = (uint8_t)log,
			.event = record->event,
		};
	}
	if (connector->moment_count > 0)
		qsort(connector->moments, connector->moment_count, sizeof *connector->moments,
		      compare_moments);
	if (connector->reconnect_count > 0)
		qsort(connector->reconnects, connector->reconnect_count,
		      sizeof *connector->reconnects, compare_times);
}

static int64_t apart(const struct account *account, uint32_t x, uint32_t y)
{
	return llabs(account_time(account, x) - account_time(account, y));
}

/* Whether the session manager shows a reconnect close to the connection. */
static bool is_shown(const struct connector *connector, size_t number)
{
	const struct moment *connection = &connector->moments[number];
	size_t near = number > NEIGHBORS ? number - NEIGHBORS : 0;

	for (; near < connector->moment_count && near <= number + NEIGHBORS; near++) {
		const struct moment *moment = &connector->moments[near];

		if (moment->boot == connection->boot && moment->session == connection->session &&
		    moment->log == ACCOUNT_LOG_LSM &&
		    moment->event == SESSIONLINT_EVENT_CONNECTED &&
		    apart(connector->account, moment->place, connection->place) <= RECONNECT_APART)
			return true;
	}
	return false;
}

/* Whether the log of the winlogons is complete and shows no reconnect of any session then. */
static bool nobody_returns(const struct connector *connector, int64_t time)
{
	int64_t from = time - RECONNECT_APART, to = time + RECONNECT_APART;
	size_t low = first_at(connector->reconnects, connector->reconnect_count,
			      sizeof *connector->reconnects, from);

	return (low == connector->reconnect_count || connector->reconnects[low] > to) &&
	       completeness_between(connector->account, from, time, 0) & 1U << ACCOUNT_LOG_WINLOGON;
}

/* Whether a log that would show that the session is in use has all records of the boot so far. A
 * log that shows nothing more is not taken for one that ends too early. */
static bool use_is_known(const struct account *account, uint32_t boot, int64_t time)
{
	int64_t begins;

	if (boot == 0)
		return false;
	begins = account_time(account, account->begins[boot]);
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		int64_t last = account->complete[log].last;

		if (ACCOUNT_LOGS_RELIABLE >> log & 1 && last >= begins &&
		    completeness_between(account, begins, last < time ? last : time, 0) >> log & 1)
			return true;
	}
	return false;
}

/* Whether the connection could be a reconnect that is hidden: no log that would show it, or that
 * the session is in use, is complete. */
static bool can_hide(const struct connector *connector, const struct moment *connection)
{
	const struct account *account = connector->account;
	int64_t time = account_time(account, connection->place);
	unsigned complete = completeness_between(account, time, time, RECONNECT_APART);

	return !(complete & 1U << ACCOUNT_LOG_LSM) && !nobody_returns(connector, time) &&
	       !use_is_known(account, connection->boot, time);
}

/* Goes through what happened to each session, and judges its connections. */
static void judge_connections(struct connector *connector)
{
	bool used = false;

	for (size_t i = 0; i < connector->moment_count; i++) {
		const struct moment *moment = &connector->moments[i];
		struct connection *connection;

		if (i == 0 || moment->boot != moment[-1].boot ||
		    moment->session != moment[-1].session)
			used = false;
		if (moment->log != ACCOUNT_LOG_RDP) {
			used = moment->event == SESSIONLINT_EVENT_LOGON ||
			       (used && moment->event != SESSIONLINT_EVENT_LOGOFF);
			continue;
		}
		connection = &connector->connections[connector->connection_count++];
		*connection = (struct connection) {
			.time = account_time(connector->account, moment->place),
			.session = moment->session,
			.kind = CONNECTION_NEW,
		};
		if (used || is_shown(connector, i))
			connection->kind = CONNECTION_AGAIN;
		else if (can_hide(connector, moment))
			connection->kind = CONNECTION_UNCERTAIN;
	}
	if (connector->connection_count > 0)
		qsort(connector->connections, connector->connection_count,
		      sizeof *connector->connections, compare_connections);
}

/* ---- which process started for which ---- */

static void collect_starts(struct connector *connector, struct winlogons *winlogons)
{
	for (size_t i = 0; i < winlogons->count; i++) {
		struct winlogon *winlogon = &winlogons->list[i];

		if (winlogon->started)
			connector->starts[connector->start_count++] = (struct start) {
				.time = account_time(connector->account, winlogon->first),
				.winlogon = winlogon,
				.session = ACCOUNT_NONE,
			};
	}
	if (connector->start_count > 0)
		qsort(connector->starts, connector->start_count, sizeof *connector->starts,
		      compare_starts);
}

enum claim {
	CLAIM_NONE,
	CLAIM_POSSIBLE, /* another process can have started for the connection, or one unseen */
	CLAIM_CERTAIN,
};

/* Whether another process than that of @start has started for the connection. */
static enum claim find_claim(const struct connector *connector, const struct connection *connection,
			     const struct start *start, int64_t before, int64_t after)
{
	const struct account *account = connector->account;
	int64_t from = connection->time - after, to = connection->time + before;
	size_t first = first_at(connector->starts, connector->start_count,
				sizeof *connector->starts, from);
	enum claim claim = CLAIM_NONE;

	for (size_t i = first; i < connector->start_count && connector->starts[i].time <= to; i++) {
		const struct start *other = &connector->starts[i];

		if (i - first > NEIGHBORS)
			return CLAIM_POSSIBLE;
		if (other == start)
			continue;
		if (other->winlogon->session == connection->session)
			return CLAIM_CERTAIN;
		if (other->winlogon->session == ACCOUNT_NONE)
			claim = CLAIM_POSSIBLE;
	}
	/* of a process that is lost, unless it would have started later than this one */
	from = from < account->complete[ACCOUNT_LOG_WINLOGON].first
		       ? account->complete[ACCOUNT_LOG_WINLOGON].first
		       : from;
	if (from < start->time &&
	    !(completeness_between(account, from, start->time, 0) >> ACCOUNT_LOG_WINLOGON & 1))
		claim = CLAIM_POSSIBLE;
	return claim;
}

/* The session of the only connection that the process can have started for; NONE: not found, or not
 * certain. */
static uint32_t connected_session(const struct connector *connector, const struct start *start,
				  int64_t before, int64_t after)
{
	size_t first = first_at(connector->connections, connector->connection_count,
				sizeof *connector->connections, start->time - before);
	uint32_t session = ACCOUNT_NONE;

	for (size_t i = first; i < connector->connection_count; i++) {
		const struct connection *connection = &connector->connections[i];
		enum claim claim;

		if (connection->time > start->time + after)
			break;
		if (i - first > NEIGHBORS || connection->kind == CONNECTION_UNCERTAIN)
			return ACCOUNT_NONE;
		if (connection->kind == CONNECTION_AGAIN)
			continue;
		claim = find_claim(connector, connection, start, before, after);
		if (claim == CLAIM_CERTAIN)
			continue;
		if (claim == CLAIM_POSSIBLE ||
		    (session != ACCOUNT_NONE && session != connection->session))
			return ACCOUNT_NONE;
		session = connection->session;
	}
	return session;
}

/* Names all processes that can be named before the first of them gets its name: the order in which
 * they are looked at means nothing. */
static void name_starts(struct connector *connector, int64_t before, int64_t after)
{
	for (size_t i = 0; i < connector->start_count; i++) {
		struct start *start = &connector->starts[i];

		if (start->winlogon->session == ACCOUNT_NONE)
			start->session = connected_session(connector, start, before, after);
	}
	for (size_t i = 0; i < connector->start_count; i++)
		if (connector->starts[i].session != ACCOUNT_NONE)
			connector->starts[i].winlogon->session = connector->starts[i].session;
}

int winlogons_name_by_connection(struct winlogons *winlogons)
{
	const struct account *account = winlogons->account;
	size_t connections = account->logs[ACCOUNT_LOG_RDP].count;
	struct connector connector = { .account = account };
	int r = 0;

	if (connections == 0 || winlogons->count == 0)
		return 0;
	connector.moments = malloc(account->order.count * sizeof *connector.moments);
	connector.connections = malloc(connections * sizeof *connector.connections);
	connector.starts = malloc(winlogons->count * sizeof *connector.starts);
	connector.reconnects =
		malloc(account->logs[ACCOUNT_LOG_WINLOGON].count * sizeof *connector.reconnects);
	if (connector.moments && connector.connections && connector.starts &&
	    connector.reconnects) {
		collect_moments(&connector);
		judge_connections(&connector);
		collect_starts(&connector, winlogons);
		name_starts(&connector, CLOSE_BEFORE, CLOSE_AFTER);
		name_starts(&connector, ACCOUNT_CONNECTED_BEFORE, ACCOUNT_CONNECTED_AFTER);
	} else {
		r = -ENOMEM;
	}
	free(connector.moments);
	free(connector.connections);
	free(connector.starts);
	free(connector.reconnects);
	return r;
}
