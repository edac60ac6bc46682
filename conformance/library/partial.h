/* SPDX-License-Identifier: MIT */
/* Made-up logs, and the partials of their stretches. */
#ifndef CONFORMANCE_LIBRARY_PARTIAL_H
#define CONFORMANCE_LIBRARY_PARTIAL_H

#include <errno.h>

#include "seen.h"

#define LINES    4000
#define CUTS     9
#define SESSIONS 6

struct log {
	char *lines[LINES];
	unsigned count;
	bool drivers; /* it has records of them */
};

/* How a run is set up. */
struct setup {
	bool strict, observed, clocks_off, given, sorted, anonymous;
	enum sessionlint_start start;
	enum sessionlint_source source;
};

static uint64_t random_state;

static inline unsigned below(unsigned limit)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return (unsigned)(random_state * 0x2545f4914f6cdd1dU >> 33) % limit;
}

static inline bool chance(unsigned in)
{
	return in > 0 && below(in) == 0;
}

static inline void must(bool holds, const char *what)
{
	if (holds)
		return;
	printf("Bail out! %s\n", what);
	exit(1);
}

/* ---- logs ---- */

__attribute__((format(printf, 2, 3))) static inline void log_add(struct log *log,
								 const char *format, ...)
{
	va_list arguments;
	char line[1024];

	if (log->count == LINES)
		return;
	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	log->lines[log->count++] = strdup(line);
}

static inline void log_clear(struct log *log)
{
	while (log->count > 0)
		free(log->lines[--log->count]);
	log->drivers = false;
}

/* How likely it is, one in so many, that something is not as in a calm life; 0: never. */
struct weather {
	unsigned breach, doubt, marker, broken, user, back, named, seq, boot, other_source, driver;
	bool mixed;   /* not all records have a seq */
	bool account; /* all records are of that source, which names users */
};

struct world {
	struct weather weather;
	sessionlint_belief beliefs[2][SESSIONS];
	unsigned users[2][SESSIONS];
	unsigned hosts, sessions, boot, clock, seq;
};

/* What every record of a host has. */
static inline void add_head(const struct world *world, unsigned host, char *line)
{
	static const char *const names[2][2] = { { "", "pc" }, { "", "PC" } };
	char *at = line;

	*at = '\0';
	if (world->clock % 7)
		at += sprintf(at, "time=2026-01-%02uT%02u:%02u:%02uZ ",
			      1 + world->clock / 86400 % 28, world->clock / 3600 % 24,
			      world->clock / 60 % 60, world->clock % 60);
	if (world->weather.seq && !(world->weather.mixed && below(12)))
		at += sprintf(at, "seq=%u ", world->seq);
	if (host)
		at += sprintf(at, "host=%s ", names[below(2)][1]);
	if (world->weather.boot && world->boot)
		sprintf(at, "boot=b%u ", world->boot);
}

static inline unsigned choose_event(struct world *world, unsigned host, unsigned session)
{
	sessionlint_belief *belief = &world->beliefs[host][session];
	unsigned allowed, event;

	if (*belief == 1U << (SESSIONLINT_STATE_TERMINATED - 1))
		*belief = 1U << (SESSIONLINT_STATE_INITIALIZED - 1);
	allowed = sessionlint_model_allowed(SESSIONLINT_SOURCE_WDM, SESSIONLINT_TOLERANCE_PUBLISHED,
					    *belief);
	do
		event = chance(world->weather.breach) ? below(9) : 1 + below(6);
	while (!(allowed >> event & 1) && !chance(world->weather.breach));
	*belief = sessionlint_model_next(SESSIONLINT_SOURCE_WDM, SESSIONLINT_TOLERANCE_PUBLISHED,
					 *belief, event);
	if (*belief == 0)
		*belief = (sessionlint_belief)(1U << below(8));
	return event;
}

static inline unsigned state_of(sessionlint_belief belief)
{
	unsigned state = 1;

	while (state < 8 && !(belief >> (state - 1) & 1))
		state++;
	return state;
}

static inline void add_event(struct world *world, struct log *log)
{
	unsigned host = below(world->hosts), session = below(world->sessions);
	unsigned before = state_of(world->beliefs[host][session]);
	unsigned event = choose_event(world, host, session);
	unsigned after = state_of(world->beliefs[host][session]);
	char head[256], user[64] = "", states[64] = "", source[32] = "", allow[64] = "";

	add_head(world, host, head);
	if (event == SESSIONLINT_EVENT_LOGON)
		world->users[host][session] = below(4);
	if (chance(world->weather.user))
		sprintf(user, " user=u%u", chance(10) ? below(4) : world->users[host][session]);
	if (chance(world->weather.user))
		strcat(user, " address=10.0.0.7");
	if (chance(world->weather.named))
		sprintf(states, " to=%u", chance(world->weather.breach) ? below(10) : after);
	if (chance(world->weather.named) && before != SESSIONLINT_STATE_TERMINATED)
		sprintf(states + strlen(states), " from=%u", before);
	if (chance(world->weather.other_source))
		strcpy(source, below(2) ? " source=wts" : " source=lsm");
	if (world->weather.account)
		strcpy(source, " source=account");
	if (chance(world->weather.doubt) && chance(3))
		strcpy(allow, " allow=session/illegal-transition");
	log_add(log, "%ssession=%u event=%u%s%s%s%s", head, session, event, user, states, source,
		allow);
}

static inline void add_other(struct world *world, struct log *log)
{
	static const char *const markers[] = { "boot", "gap", "end", "shutdown",
					       "gap reason=lost" };
	const struct weather *weather = &world->weather;
	unsigned host = below(world->hosts), session = below(world->sessions);
	char head[256];

	add_head(world, host, head);
	if (chance(weather->doubt))
		log_add(log, "%ssession=%u state=%u", head, session, 1 + below(9));
	if (chance(weather->doubt))
		log_add(log, "%s", below(2) ? "# a remark" : "");
	if (chance(weather->marker))
		log_add(log, "%smarker=%s", head, markers[below(5)]);
	if (chance(weather->broken))
		log_add(log, below(2) ? "%ssession=%u event=Logn" : "%sevent=%u=", head, session);
	if (chance(weather->driver)) {
		log->drivers = true;
		log_add(log,
			below(2) ? "call=IoRegisterContainerNotification io=0x%u "
				   "registration=0x7 mask=all status=0"
				 : "notify=Logon session=%u io=0x1",
			1 + below(3));
	}
}

/* A log of sessions whose lives are mostly calm, or not at all. */
static inline void make_log(struct log *log, unsigned count)
{
	static const struct weather kinds[] = {
		{ .user = 3 },
		{ .user = 4, .named = 3 },
		{ .breach = 60, .user = 3, .named = 4 },
		{ .breach = 200, .doubt = 90, .user = 3 },
		{ .breach = 90, .marker = 80, .user = 9 },
		{ .breach = 90, .broken = 80, .back = 30 },
		{ .breach = 20, .doubt = 30, .marker = 60, .broken = 60, .user = 5, .back = 20 },
		{ .breach = 90, .boot = 50, .user = 3 },
		{ .breach = 90, .other_source = 5, .user = 3 },
		{ .breach = 90, .seq = 9, .mixed = true },
		{ .seq = 3, .mixed = true, .back = 40 },
		{ .breach = 90, .account = true, .user = 2 },
		{ .account = true, .user = 2 },
		{ .breach = 90, .seq = 40, .user = 3 },
		{ .breach = 90, .seq = 3, .marker = 60, .back = 20 },
		{ .breach = 60, .driver = 20, .doubt = 50 },
	};
	struct world world = {
		.weather = kinds[below(sizeof kinds / sizeof kinds[0])],
		.hosts = 1 + below(2),
		.sessions = 1 + below(SESSIONS),
		.clock = 1000,
	};

	log_clear(log);
	for (unsigned host = 0; host < 2; host++)
		for (unsigned i = 0; i < SESSIONS; i++)
			world.beliefs[host][i] =
				(sessionlint_belief)(1U
						     << (chance(2) ? below(8)
								   : SESSIONLINT_STATE_INITIALIZED -
									     1));
	while (log->count < count) {
		world.clock += chance(3);
		if (chance(world.weather.back))
			world.clock -= below(60);
		world.seq += 1 + chance(world.weather.seq);
		world.boot += chance(world.weather.boot);
		add_event(&world, log);
		add_other(&world, log);
	}
}

/* ---- runs ---- */

static inline struct sessionlint *begin_run(const struct setup *setup, struct seen *seen)
{
	struct sessionlint *run = seen_run(seen);

	if (!setup->observed)
		sessionlint_set_observe(run, NULL, NULL);
	sessionlint_set_strict(run, setup->strict);
	sessionlint_set_start(run, setup->start);
	if (setup->given)
		sessionlint_set_source(run, setup->source);
	if (setup->sorted)
		sessionlint_set_reorder(run, 100000000);
	sessionlint_set_anonymize(run, setup->anonymous);
	if (setup->clocks_off)
		sessionlint_set_severity(run, SESSIONLINT_RULE_TIME_REVERSED,
					 SESSIONLINT_SEVERITY_OFF);
	return run;
}

static inline void judge_at_once(const struct log *log, const struct setup *setup,
				 struct seen *seen)
{
	struct sessionlint *run = begin_run(setup, seen);
	int r = sessionlint_feed_begin(run, "log");

	for (unsigned i = 0; i < log->count && r == 0; i++)
		r = sessionlint_feed_line(run, log->lines[i], strlen(log->lines[i]));
	must(r == 0, "the log cannot be fed");
	r = sessionlint_feed_end(run);
	seen_end(seen, run, r, true);
	sessionlint_free(run);
}

/* Saves a partial and loads it again. */
static inline void travel(struct sessionlint_partial **partial)
{
	struct sessionlint_partial *loaded;
	const void *data;
	size_t size;

	must(sessionlint_partial_save(*partial, &data, &size) == 0, "it cannot be saved");
	must(sessionlint_partial_load(data, size, &loaded) == 0, "it cannot be loaded");
	sessionlint_partial_free(*partial);
	*partial = loaded;
}

static inline struct sessionlint_partial *make_partial(const struct log *log, unsigned from,
						       unsigned to,
						       enum sessionlint_partial_kind kind,
						       const struct setup *setup, int *ret_error)
{
	struct seen none = { 0 };
	struct sessionlint *run = begin_run(setup, &none);
	struct sessionlint_partial *partial;

	must(sessionlint_partial_new(run, kind, &partial) == 0, "no partial");
	sessionlint_free(run);
	for (; from < to && *ret_error == 0; from++)
		*ret_error = sessionlint_partial_feed_line(partial, log->lines[from],
							   strlen(log->lines[from]));
	return partial;
}

/* Partials of @count stretches of a log. Returns what feeding did. */
static inline int make_stretches(const struct log *log, unsigned count,
				 enum sessionlint_partial_kind kind, const struct setup *setup,
				 struct sessionlint_partial *parts[CUTS])
{
	unsigned cuts[CUTS + 1];
	int error = 0;

	for (unsigned i = 0; i <= count; i++)
		cuts[i] = i == 0 ? 0 : i == count ? log->count : below(log->count + 1);
	for (unsigned i = 1; i < count; i++)
		for (unsigned j = i; j > 1 && cuts[j] < cuts[j - 1]; j--) {
			unsigned swap = cuts[j];

			cuts[j] = cuts[j - 1];
			cuts[j - 1] = swap;
		}
	for (unsigned i = 0; i < count; i++) {
		parts[i] = make_partial(log, cuts[i], cuts[i + 1], kind, setup, &error);
		if (error == 0 && chance(3))
			travel(&parts[i]);
	}
	must(error == 0 || (error == -ENOTSUP && log->drivers), "a record is refused");
	return error;
}

/* Such partials, merged at random. NULL: a record was refused. */
static inline struct sessionlint_partial *merge_stretches(const struct log *log, unsigned count,
							  enum sessionlint_partial_kind kind,
							  const struct setup *setup)
{
	struct sessionlint_partial *parts[CUTS];
	int error = make_stretches(log, count, kind, setup, parts);

	while (count > 1 && error == 0) {
		unsigned at = below(count - 1);

		if (chance(3))
			travel(&parts[at]);
		must(sessionlint_partial_merge(parts[at], parts[at + 1]) == 0,
		     "it cannot be merged");
		sessionlint_partial_free(parts[at + 1]);
		count--;
		memmove(&parts[at + 1], &parts[at + 2], (count - at - 1) * sizeof *parts);
	}
	if (error == 0)
		return parts[0];
	for (unsigned i = 0; i < count; i++)
		sessionlint_partial_free(parts[i]);
	return NULL;
}

/* Such partials, handed over one after the other. */
static inline void judge_stretches(const struct log *log, unsigned count,
				   enum sessionlint_partial_kind kind, const struct setup *setup,
				   struct seen *seen)
{
	struct sessionlint *run = begin_run(setup, seen);
	struct sessionlint_partial *parts[CUTS];

	must(sessionlint_feed_begin(run, "log") == 0 &&
		     make_stretches(log, count, kind, setup, parts) == 0,
	     "no log");
	for (unsigned i = 0; i < count; i++) {
		must(sessionlint_feed_partial(run, parts[i]) == 0, "it cannot be handed over");
		sessionlint_partial_free(parts[i]);
	}
	seen_end(seen, run, sessionlint_feed_end(run), true);
	sessionlint_free(run);
}

static inline void judge_partial(struct sessionlint_partial *partial, const struct setup *setup,
				 struct seen *seen)
{
	struct sessionlint *run = begin_run(setup, seen);
	int r = sessionlint_partial_finish(partial, run, "log");

	seen_end(seen, run, r, true);
	sessionlint_free(run);
}

/* Whether two partials are the same bytes. */
static inline bool same_bytes(struct sessionlint_partial *a, struct sessionlint_partial *b)
{
	const void *first, *second;
	size_t first_size = 0, second_size = 0;

	must(sessionlint_partial_save(a, &first, &first_size) == 0 &&
		     sessionlint_partial_save(b, &second, &second_size) == 0,
	     "they cannot be saved");
	return first_size == second_size && memcmp(first, second, first_size) == 0;
}

#endif
