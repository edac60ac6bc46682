/* SPDX-License-Identifier: MIT */
#include "machine.h"

#include <stdlib.h>
#include <string.h>

#include "random.h"

const char *const machine_sources[MACHINE_LOGS] = {
	"lsm", "winlogon", "profile", "rdp", "winlogon-operational",
};

const char *const machine_events[MACHINE_EVENTS] = {
	NULL, "Created", "Terminated", "Connected", "Disconnected", "Logon", "Logoff",
};

/* 2020-01-01 */
#define BEGINS      INT64_C(132223104000000000)
#define MILLISECOND INT64_C(10000)

/* No record is written so close to the moment when the clock is set: witnesses of one transition
 * have times that differ by less than the window, or the account cannot know them. */
#define JUMP_ROOM (15 * MACHINE_SECOND)

enum {
	SESSIONS_MAX = 12, /* in a boot */
};

/* Between two things that happen to a session all witnesses of the first are written. */
#define SHORTEST_STEP 4200

/* A session that is being made. */
struct making {
	struct made_machine *machine;
	unsigned boot;
	uint32_t session, process;
	int64_t now;
	char user;
	bool remote;
};

/* A boot: when it begins and ends, and how. */
struct span {
	int64_t begins, ends;
	int64_t shutdown; /* the record 54; 0: a crash */
	uint32_t next_session, free_session;
	uint32_t next_process;
};

static int64_t between(int64_t least, int64_t most)
{
	return (least + random_below((unsigned)(most - least + 1))) * MILLISECOND;
}

static int add_transition(struct making *making, unsigned event, int64_t real)
{
	struct made_machine *machine = making->machine;

	if (machine->transition_count == MACHINE_TRANSITIONS_MAX)
		abort();
	machine->transitions[machine->transition_count] = (struct machine_transition) {
		.real = real,
		.boot = making->boot,
		.session = making->session,
		.event = (uint8_t)event,
	};
	return machine->transition_count++;
}

static struct machine_record *add_record(struct made_machine *machine, enum machine_log log,
					 enum machine_kind kind, int64_t real)
{
	struct machine_record *record = &machine->records[machine->count++];

	if (machine->count == MACHINE_RECORDS_MAX)
		abort();
	*record = (struct machine_record) {
		.real = real,
		.transition = MACHINE_NONE,
		.log = (uint8_t)log,
		.kind = (uint8_t)kind,
	};
	return record;
}

/* A record of @log about @transition, written @delay after it. */
static void add_witness(const struct making *making, int transition, enum machine_log log,
			int64_t delay)
{
	const struct machine_transition *of = &making->machine->transitions[transition];
	struct machine_record *record = add_record(making->machine, log, MACHINE_EVENT,
						   of->real + delay);

	record->transition = transition;
	record->boot = making->boot;
	record->session = making->session;
	record->event = of->event;
	if (log == MACHINE_WINLOGON || log == MACHINE_SYSTEM)
		record->process = making->process;
	if (log == MACHINE_LSM || log == MACHINE_SYSTEM)
		record->user = making->user;
}

/* ---- what happens to a session ---- */

/* The session's winlogon starts; a remote session was given its connection just before. */
static void create(struct making *making)
{
	struct made_machine *machine = making->machine;
	int created = add_transition(making, MACHINE_CREATED, making->now);

	if (machine->winlogon_count == MACHINE_WINLOGONS_MAX)
		abort();
	machine->winlogons[machine->winlogon_count++] = (struct machine_winlogon) {
		.boot = making->boot,
		.session = making->session,
		.process = making->process,
	};
	if (making->remote) {
		int connected = add_transition(making, MACHINE_CONNECTED,
					       making->now + MILLISECOND);

		add_witness(making, connected, MACHINE_RDP, 0);
		add_witness(making, created, MACHINE_WINLOGON, between(200, 400));
	} else {
		add_witness(making, created, MACHINE_WINLOGON, 0);
	}
}

static void log_on(struct making *making)
{
	int logon = add_transition(making, MACHINE_LOGON, making->now);

	add_witness(making, logon, MACHINE_LSM, 0);
	add_witness(making, logon, MACHINE_SYSTEM, -between(40, 3700));
	add_witness(making, logon, MACHINE_PROFILE, -between(40, 3500));
	add_witness(making, logon, MACHINE_WINLOGON, -between(40, 3500));
}

static void disconnect(struct making *making)
{
	int disconnected = add_transition(making, MACHINE_DISCONNECTED, making->now);

	add_witness(making, disconnected, MACHINE_LSM, 0);
	add_witness(making, disconnected, MACHINE_WINLOGON, between(-100, 300));
}

static void reconnect(struct making *making, bool shown)
{
	int connected = add_transition(making, MACHINE_CONNECTED, making->now);

	making->machine->transitions[connected].reconnect = true;
	add_witness(making, connected, MACHINE_LSM, 0);
	add_witness(making, connected, MACHINE_WINLOGON, -between(300, 1000));
	if (shown)
		add_witness(making, connected, MACHINE_RDP, -between(450, 550));
}

static void terminate(struct making *making)
{
	int terminated = add_transition(making, MACHINE_TERMINATED, making->now);

	add_witness(making, terminated, MACHINE_WINLOGON, 0);
}

static void log_off(struct making *making)
{
	int logoff = add_transition(making, MACHINE_LOGOFF, making->now);

	add_witness(making, logoff, MACHINE_LSM, 0);
	add_witness(making, logoff, MACHINE_SYSTEM, between(60, 600));
	add_witness(making, logoff, MACHINE_PROFILE, between(1, 20));
	add_witness(making, logoff, MACHINE_WINLOGON, -between(5, 25));
}

/* The end after a Logoff: Windows disconnects the session if the system stays up, and its winlogon
 * has gone before that. */
static void end_logged_off(struct making *making, bool disconnected)
{
	int64_t gone = between(90, 300);
	int terminated;

	if (disconnected) {
		struct making later = *making;

		later.now += between(140, 8500);
		add_witness(&later, add_transition(&later, MACHINE_DISCONNECTED, later.now),
			    MACHINE_LSM, 0);
		terminated = add_transition(&later, MACHINE_TERMINATED, later.now + MILLISECOND);
		add_witness(making, terminated, MACHINE_WINLOGON,
			    making->now + gone - later.now - MILLISECOND);
		making->now = later.now;
	} else {
		terminated = add_transition(making, MACHINE_TERMINATED, making->now + gone);
		add_witness(making, terminated, MACHINE_WINLOGON, 0);
		making->now += gone;
	}
}

/* ---- lives ---- */

static int64_t some_time(void)
{
	switch (random_below(4)) {
	case 0:
		return between(SHORTEST_STEP, 15000);
	case 1:
		return between(SHORTEST_STEP, 300000);
	default:
		return between(60000, 20000000);
	}
}

/* Lets time pass; false: the boot ends before that. */
static bool wait(struct making *making, const struct span *span, int64_t time)
{
	if (making->now + time + JUMP_ROOM > span->ends)
		return false;
	making->now += time;
	return true;
}

static uint32_t take_process(struct span *span)
{
	return span->next_process += 4 * (1 + random_below(400));
}

/* A user who is logged on elsewhere connects: the new connection gets a session of its own until it
 * is known whose it is. */
static void reconnect_remotely(struct making *making, struct span *span)
{
	struct making transient = *making;

	transient.session = span->next_session++;
	transient.process = take_process(span);
	transient.user = 0;
	transient.remote = true;
	create(&transient);
	making->now += between(2500, 6000);
	reconnect(making, one_in(3));
	transient.now = making->now + between(20, 150);
	terminate(&transient);
}

/* The user of a session that is in use: disconnects, comes back, and logs off unless the boot ends
 * first. Returns whether the user logged off; *ret_away: and was disconnected then. */
static bool use(struct making *making, struct span *span, bool *ret_away)
{
	unsigned left = random_below(4);

	*ret_away = false;
	while (left-- > 0) {
		if (!wait(making, span, some_time()))
			return false;
		disconnect(making);
		if (!wait(making, span, some_time()))
			return false;
		if (one_in(6)) {
			/* an administrator logs the user off */
			*ret_away = true;
			log_off(making);
			return true;
		}
		if (one_in(2))
			reconnect_remotely(making, span);
		else
			reconnect(making, false);
	}
	if (!wait(making, span, some_time()))
		return false;
	log_off(making);
	return true;
}

/* The user logs off as the machine shuts down. */
static void shut_down(struct making *making, const struct span *span)
{
	if (!span->shutdown || one_in(6))
		return;
	making->now = span->shutdown + between(-1200, 3000);
	log_off(making);
	if (one_in(2))
		end_logged_off(making, false);
}

/* A session from its beginning. */
static void live(struct making *making, struct span *span)
{
	bool away;

	create(making);
	if (!wait(making, span, one_in(3) ? some_time() : between(SHORTEST_STEP, 30000)))
		return;
	if (one_in(4)) {
		/* nobody logs on */
		if (!one_in(3))
			terminate(making);
		return;
	}
	making->user = (char)('A' + random_below(5));
	log_on(making);
	if (use(making, span, &away)) {
		end_logged_off(making, !away && !one_in(5));
		if (making->session > 1 && one_in(3) && !span->free_session)
			span->free_session = making->session;
	} else {
		shut_down(making, span);
	}
}

/* ---- boots ---- */

static void add_marker(struct made_machine *machine, enum machine_log log, enum machine_kind kind,
		       unsigned boot, int64_t real)
{
	add_record(machine, log, kind, real)->boot = boot;
}

static void make_sessions(struct made_machine *machine, struct span *span, unsigned boot)
{
	unsigned count = random_below(SESSIONS_MAX);
	int64_t now = span->begins + between(4000, 60000);

	for (unsigned i = 0; i < count; i++) {
		struct making making = { .machine = machine, .boot = boot, .now = now };

		/* the session of the console comes first */
		making.remote = i > 0 && !one_in(3);
		making.process = take_process(span);
		if (span->free_session && one_in(2)) {
			making.session = span->free_session;
			span->free_session = 0;
		} else {
			making.session = span->next_session++;
		}
		live(&making, span);
		/* the next one begins during this one, or after it; an id is used again only after
		 * its session */
		now = one_in(2) || span->free_session ? (making.now > now ? making.now : now) : now;
		now += one_in(3) ? between(2500, 20000) : some_time();
		/* by the window */
		now += span->free_session ? between(11000, 12000) : 0;
		if (now + JUMP_ROOM > span->ends)
			return;
	}
}

static int64_t make_boot(struct made_machine *machine, unsigned boot, int64_t begins)
{
	struct span span = {
		.begins = begins,
		.ends = begins + between(300000, 30000000),
		.next_session = 1,
		.next_process = 400 + 4 * random_below(60),
	};

	add_marker(machine, MACHINE_SYSTEM, MACHINE_BOOT, boot, begins);
	add_marker(machine, MACHINE_LSM, MACHINE_BOOT, boot, begins + between(2000, 4000));
	if (!one_in(3)) {
		span.shutdown = span.ends;
		add_marker(machine, MACHINE_LSM, MACHINE_SHUTDOWN, boot, span.shutdown);
	}
	make_sessions(machine, &span, boot);
	return span.ends + between(20000, 600000);
}

/* ---- the clock ---- */

static bool is_quiet(const struct made_machine *machine, int64_t real)
{
	for (int i = 0; i < machine->count; i++)
		if (llabs(machine->records[i].real - real) < JUMP_ROOM)
			return false;
	return true;
}

static int64_t ahead_at(const struct made_machine *machine, int64_t real)
{
	int64_t ahead = 0;

	for (int i = 0; i < machine->jump_count && machine->jumps[i].real <= real; i++)
		ahead = machine->jumps[i].ahead;
	return ahead;
}

static void make_jumps(struct made_machine *machine, int64_t ends)
{
	unsigned count = one_in(2) ? random_below(4) : 0;
	int64_t real = 0, ahead = 0;

	for (unsigned i = 0; i < count; i++) {
		static const int64_t sizes[] = { 1, 40, 3600, 86400, 15552000 };
		int64_t size = sizes[random_below(5)] * between(500, 1500) / 10 / MILLISECOND *
			       MILLISECOND * 10;

		real += between(1000, ends / MILLISECOND / 3 > 2000000000
					      ? 2000000000
					      : ends / MILLISECOND / 3 + 1000);
		if (size >= 5 * MACHINE_SECOND && !is_quiet(machine, real))
			continue;
		ahead += one_in(2) ? size : -size;
		machine->jumps[machine->jump_count++] = (struct machine_jump) { real, ahead };
	}
}

static int compare_records(const void *a, const void *b)
{
	const struct machine_record *x = a, *y = b;

	if (x->log != y->log)
		return x->log < y->log ? -1 : 1;
	if (x->real != y->real)
		return x->real < y->real ? -1 : 1;
	return x->transition < y->transition ? -1 : x->transition > y->transition;
}

void machine_sort(struct made_machine *machine)
{
	qsort(machine->records, (size_t)machine->count, sizeof machine->records[0],
	      compare_records);
}

unsigned machine_records_of(const struct machine_record *record)
{
	static const uint8_t counts[] = {
		[MACHINE_CREATED] = 4,   [MACHINE_TERMINATED] = 2,   [MACHINE_LOGON] = 8,
		[MACHINE_CONNECTED] = 4, [MACHINE_DISCONNECTED] = 4, [MACHINE_LOGOFF] = 8,
	};

	if (record->log == MACHINE_WINLOGON)
		return counts[record->event];
	return record->log == MACHINE_PROFILE ? 2 : 1;
}

void machine_finish(struct made_machine *machine)
{
	uint64_t next = 1;

	for (int i = 0; i < machine->count; i++) {
		struct machine_record *record = &machine->records[i];

		if (i == 0 || record->log != record[-1].log)
			next = 1;
		record->time = BEGINS + record->real + ahead_at(machine, record->real);
		record->number = next;
		next += machine_records_of(record);
	}
}

void machine_make(struct made_machine *machine, uint64_t seed, struct machine_damage damage)
{
	int64_t real = 0;

	random_state = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
	machine->count = machine->transition_count = 0;
	machine->winlogon_count = machine->jump_count = 0;
	machine->damaged = false;
	machine->foreign = 0;
	machine->boots = 1 + random_below(MACHINE_BOOTS_MAX - 1);
	for (unsigned boot = 1; boot <= machine->boots; boot++)
		real = make_boot(machine, boot, real);
	if (!damage.steady)
		make_jumps(machine, real);
	machine_sort(machine);
	machine_finish(machine);
	machine_damage_logs(machine, damage, random_state);
}
