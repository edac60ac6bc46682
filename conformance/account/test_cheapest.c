/* SPDX-License-Identifier: MIT */
/*
 * The search of an account against brute force: on small accounts, every run is tried. What a run
 * costs is written down here once more, from the definition in docs/account.md.
 */
#include <stdlib.h>
#include <string.h>

#include "account/account.h"
#include "account/completeness.h"
#include "account/internal.h"
#include "account/search.h"
#include "random.h"
#include "tap.h"

#define RECORDS_MAX 8U
#define SECOND      10000000ULL
#define WINDOW      (10 * SECOND)
#define LOGS_MAX    3U

#define LEFT_OUT (1ULL << 50)
#define IMPLIED  (1ULL << 49)
#define MISSING  (1ULL << 38)
#define LATE     (1ULL << 23)
#define ODD      (1ULL << 21)
#define UNSEEN   (1ULL << 20)
#define AGAIN    (1ULL << 13)
#define SEEN     (1ULL << 12)

/* Between two records more unseen transitions never help. */
#define UNSEEN_MAX 5U

struct one {
	uint64_t time;
	unsigned log, event;
};

/* An account of one session: the records of each log in order. */
struct world {
	struct one records[RECORDS_MAX];
	unsigned count;
	unsigned by_log[ACCOUNT_LOGS][RECORDS_MAX], counts[ACCOUNT_LOGS];
	uint64_t begins; /* time of the first record */
	bool known;
	const struct account_visibility *sees;
	unsigned number; /* of the round */
};

struct position {
	unsigned at[ACCOUNT_LOGS];
	unsigned state;
};

static const struct one *head(const struct world *world, const struct position *position,
			      unsigned log)
{
	if (position->at[log] >= world->counts[log])
		return NULL;
	return &world->records[world->by_log[log][position->at[log]]];
}

/* The record of a log before the next one. */
static const struct one *last(const struct world *world, const struct position *position,
			      unsigned log)
{
	return position->at[log] > 0 ? &world->records[world->by_log[log][position->at[log] - 1]]
				     : NULL;
}

/* Whether a log has records up to @first and from @last on. */
static bool complete(const struct world *world, unsigned log, uint64_t first, uint64_t last)
{
	unsigned count = world->counts[log];

	return count > 0 && world->records[world->by_log[log][0]].time <= first &&
	       world->records[world->by_log[log][count - 1]].time >= last;
}

/* Whether the record comes after one that is later by the clock than two records of a transition
 * are ever apart. */
static bool is_late(const struct world *world, const struct position *position,
		    const struct one *record)
{
	uint64_t apart = (record->event == SESSIONLINT_EVENT_LOGON ? 5 : 2) * SECOND;

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		if (last(world, position, log) &&
		    last(world, position, log)->time > record->time + apart)
			return record->event != SESSIONLINT_EVENT_TERMINATED;
	return false;
}

static uint64_t best_from(const struct world *world, struct position position, unsigned unseen);

static uint64_t least(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

static uint64_t plus(uint64_t a, uint64_t b)
{
	return b == UINT64_MAX ? UINT64_MAX : a + b;
}

/* The transition by @event with the next records of @logs. */
static uint64_t best_with(const struct world *world, struct position position, unsigned event,
			  unsigned logs, uint64_t earliest)
{
	uint64_t latest = 0, first = 0, late = 0, cost;
	unsigned to = world->sees->next[event][position.state];

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		const struct one *record = head(world, &position, log);

		if (!(logs >> log & 1))
			continue;
		if (!record || record->event != event ||
		    !(world->sees->may[event][position.state] >> log & 1) ||
		    record->time > earliest + WINDOW)
			return UINT64_MAX;
		if (first == 0)
			first = record->time;
		late += is_late(world, &position, record);
		latest = record->time > latest ? record->time : latest;
	}
	cost = SEEN + LATE * late + (latest - earliest) * 1024 / WINDOW;
	if (event == SESSIONLINT_EVENT_CONNECTED &&
	    position.state == SESSIONLINT_STATE_DISCONNECTED)
		cost += AGAIN;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		if (world->sees->must[event][position.state] >> log & 1 && !(logs >> log & 1) &&
		    complete(world, log, first - WINDOW, first + WINDOW))
			cost += MISSING;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		position.at[log] += logs >> log & 1;
	position.state = to;
	return plus(cost, best_from(world, position, 0));
}

/* The unseen transition by @event. */
static uint64_t best_unseen(const struct world *world, struct position position, unsigned event,
			    uint64_t before, uint64_t next, unsigned unseen)
{
	bool ends = event == SESSIONLINT_EVENT_TERMINATED;
	uint64_t low = before < next ? before : next, high = before < next ? next : before;
	uint64_t cost = ODD;

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		if (world->sees->must[event][position.state] >> log & 1 &&
		    complete(world, log, low, high))
			return UINT64_MAX;
	if (ends && (position.state == SESSIONLINT_STATE_LOGGED_ON ||
		     position.state == SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON))
		cost = IMPLIED;
	else if (ends || event == SESSIONLINT_EVENT_CREATED || event == SESSIONLINT_EVENT_CONNECTED)
		cost = UNSEEN;
	position.state = world->sees->next[event][position.state];
	return plus(cost, best_from(world, position, unseen + 1));
}

static uint64_t try_all(const struct world *world, struct position position, unsigned unseen)
{
	uint64_t best = UINT64_MAX, earliest = UINT64_MAX;
	uint64_t before = world->begins;
	unsigned left = world->count;

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		const struct one *record = head(world, &position, log);

		left -= position.at[log];
		if (last(world, &position, log) && last(world, &position, log)->time > before)
			before = last(world, &position, log)->time;
		if (record && record->time < earliest)
			earliest = record->time;
	}
	if (earliest == UINT64_MAX)
		return 0;
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
		if (!world->sees->next[event][position.state])
			continue;
		if (unseen < UNSEEN_MAX)
			best = least(best,
				     best_unseen(world, position, event, before, earliest, unseen));
		for (unsigned logs = 1; logs < 1U << ACCOUNT_LOGS; logs++)
			best = least(best, best_with(world, position, event, logs, earliest));
	}
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		const struct one *record = head(world, &position, log);
		struct position after = position;

		if (!record || record->time > earliest + WINDOW)
			continue;
		after.at[log]++;
		best = least(best, plus(LEFT_OUT + left, best_from(world, after, 0)));
	}
	return best;
}

/* What has been tried from a position is not tried again. */
static uint64_t best_from(const struct world *world, struct position position, unsigned unseen)
{
	static uint64_t tried[RECORDS_MAX + 1][RECORDS_MAX + 1][RECORDS_MAX + 1][MODEL_STATES + 1]
			     [UNSEEN_MAX + 1];
	static const struct world *tried_of;
	static unsigned tried_count;
	uint64_t *one = &tried[position.at[ACCOUNT_LOG_LSM]][position.at[ACCOUNT_LOG_SYSTEM]]
			      [position.at[ACCOUNT_LOG_RDP]][position.state][unseen];

	if (tried_of != world || tried_count != world->number) {
		memset(tried, 0, sizeof tried);
		tried_of = world;
		tried_count = world->number;
	}
	/* 0: not yet */
	if (*one == 0) {
		uint64_t best = try_all(world, position, unseen);

		*one = best == UINT64_MAX ? best : best + 1;
	}
	return *one == UINT64_MAX ? *one : *one - 1;
}

/* By state: how many transitions a session has had when it is in it, at least. */
static const uint64_t before[MODEL_STATES + 1] = {
	[SESSIONLINT_STATE_CREATED] = 1,      [SESSIONLINT_STATE_CONNECTED] = 2,
	[SESSIONLINT_STATE_DISCONNECTED] = 2, [SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON] = 3,
	[SESSIONLINT_STATE_LOGGED_ON] = 3,    [SESSIONLINT_STATE_LOGGED_OFF] = 4,
	[SESSIONLINT_STATE_TERMINATED] = 2,
};

static uint64_t brute_force(const struct world *world)
{
	uint64_t best = UINT64_MAX;

	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		struct position position = { .state = state };

		if (!world->known || state == SESSIONLINT_STATE_INITIALIZED)
			best = least(best, plus(world->known ? 0 : before[state],
						best_from(world, position, 0)));
	}
	return best;
}

/* Records of up to three logs: some that witness the same, and some that do not fit. */
static void make_world(struct world *world, const struct account_visibility *sees)
{
	static const unsigned logs[LOGS_MAX] = { ACCOUNT_LOG_LSM, ACCOUNT_LOG_SYSTEM,
						 ACCOUNT_LOG_RDP };
	unsigned used = 1 + random_below(LOGS_MAX);
	unsigned first = random_below(LOGS_MAX);
	uint64_t time = 1000 * SECOND;

	*world = (struct world) { .sees = sees, .known = random_below(2) };
	while (world->count < RECORDS_MAX && random_below(10) > 0) {
		static const unsigned steps[] = { 0, 1, 4, 11, 40 };
		unsigned event = SESSIONLINT_EVENT_CONNECTED + random_below(4);

		time += steps[random_below(5)] * SECOND;
		for (unsigned i = 0; i < used && world->count < RECORDS_MAX; i++) {
			unsigned log = logs[(first + i) % LOGS_MAX];

			if (random_below(4) == 0 ||
			    (log == ACCOUNT_LOG_RDP) != (event == SESSIONLINT_EVENT_CONNECTED))
				continue;
			world->records[world->count++] = (struct one) {
				.time = time + random_below(3) * SECOND,
				.log = log,
				.event = event,
			};
		}
	}
}

/* Begins the account of the same records, up to the search; false: no memory. */
static bool make_account(struct account *account, const struct world *world)
{
	bool made = account_begin_file(account, "log", true) == 0;

	for (unsigned i = 0; i < world->count; i++) {
		struct record record = {
			.kind = RECORD_EVENT,
			.time = world->records[i].time,
			.line = i + 1,
			.session = 1,
			.source =
				(uint8_t)account_source_of((enum account_log)world->records[i].log),
			.event = world->records[i].event,
			.keys = KEY_BIT(KEY_SESSION) | KEY_BIT(KEY_EVENT) | KEY_BIT(KEY_TIME),
		};

		made = made && account_add(account, &record, false) == 0;
	}
	return made && account_align(account, 0) == 0 && account_number_places(account) == 0 &&
	       account_find_boots(account) == 0 && completeness_init(account) == 0;
}

/* Sorts the records by log. */
static void index_logs(struct world *world)
{
	for (unsigned i = 0; i < world->count; i++) {
		unsigned log = world->records[i].log;

		world->by_log[log][world->counts[log]++] = i;
	}
}

/* The cost that the search finds; NONE: no memory. */
static uint64_t search_cost(struct account *account, const struct world *world,
			    struct search *search)
{
	static struct search_record records[ACCOUNT_LOGS][RECORDS_MAX];

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		search->counts[log] = (uint32_t)account->logs[log].count;
		for (uint32_t i = 0; i < search->counts[log]; i++)
			records[log][i] = search_record(account, account->order.places[log][i]);
		search->records[log] = records[log];
	}
	search->begins = 0;
	search->shutdown = ACCOUNT_NONE;
	search->known = world->known;
	search->logs = UINT8_MAX;
	return search_run(search) == 0 ? search->cost : UINT64_MAX;
}

struct tally {
	unsigned rounds, wrong, simple, left_out;
};

static void try_world(const struct account_visibility *sees, struct tally *tally)
{
	struct account account;
	struct search search;
	struct world world;
	uint64_t found = UINT64_MAX, best = 0;

	make_world(&world, sees);
	world.number = ++tally->rounds;
	account_init(&account, WINDOW);
	if (search_init(&search, &account) == 0 && make_account(&account, &world)) {
		index_logs(&world);
		world.begins = world.count > 0 ? (uint64_t)account_time(&account, 0) : 0;
		best = brute_force(&world);
		found = search_cost(&account, &world, &search);
	}
	if (found != best) {
		tap_note("found %llx, best %llx", (unsigned long long)found,
			 (unsigned long long)best);
		for (unsigned i = 0; i < world.count && tally->wrong < 3; i++)
			tap_note("%llu s: %s %s",
				 (unsigned long long)(world.records[i].time / SECOND),
				 account_log_name((enum account_log)world.records[i].log),
				 sessionlint_event_name(world.records[i].event));
		tally->wrong++;
	}
	tally->simple += found < COST_UNSEEN;
	tally->left_out += found >= COST_LEFT_OUT;
	search_free(&search);
	account_free(&account);
}

int main(int argc, char **argv)
{
	unsigned rounds = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1000;
	struct account_visibility sees;
	struct tally tally = { 0 };

	account_visibility_tabulate(&sees);
	for (unsigned round = 0; round < rounds; round++)
		try_world(&sees, &tally);
	tap_ok(tally.wrong == 0, "%u random accounts: the search finds the cheapest run", rounds);
	tap_ok(tally.simple > rounds / 20 && tally.left_out > rounds / 20,
	       "%u of them need nothing unseen, %u leave records out", tally.simple,
	       tally.left_out);
	return tap_done();
}
