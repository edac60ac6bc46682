/* SPDX-License-Identifier: MIT */
/*
 * What a record costs must not grow with what is live: registrations, objects, drivers, events that
 * wait, calls that run, records that are held. Counts the basic blocks of the checker that run, by
 * -fsanitize-coverage=trace-pc, so that the numbers are the same on every machine. Prints TAP.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "sessionlint.h"
#include "tap.h"

static uint64_t blocks;

/* Of the compiler: called in each basic block. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	blocks++;
}

struct scenario {
	const char *what;
	void (*write)(FILE *trace);
	uint64_t most; /* blocks for each record */
};

/* ---- parts of traces ---- */

#define LIVE     4096U
#define SESSIONS 64U

/* Handles, by the number of the registration that they belong to. */
#define OBJECT  0x100000U
#define CONTEXT 0x200000U
#define HANDLE  0x300000U

/* What a session does, from its creation on, for ever. */
static const char *event_of(unsigned step)
{
	static const char *const events[] = { "Created",      "Connected", "Logon",
					      "Disconnected", "Connected", "Disconnected" };

	return events[step < 4 ? step : 4 + step % 2];
}

static void put_register(FILE *trace, const char *driver, unsigned number, const char *mask)
{
	fprintf(trace,
		"driver=%s call=IoRegisterContainerNotification io=%#x mask=%s context=%#x "
		"registration=%#x status=0\n",
		driver, OBJECT + number, mask, CONTEXT + number, HANDLE + number);
}

static void put_unregister(FILE *trace, unsigned number)
{
	fprintf(trace, "driver=d call=IoUnregisterContainerNotification registration=%#x\n",
		HANDLE + number);
}

static void put_notify(FILE *trace, unsigned session, const char *event, unsigned number)
{
	fprintf(trace, "driver=d session=%u notify=%s io=%#x payload_session=%u status=0\n",
		session, event, OBJECT + number, session);
}

static void put_live(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_register(trace, "d", i, "all");
}

/* @count events of each of @sessions sessions, in turn. */
static void put_events(FILE *trace, unsigned sessions, unsigned count)
{
	for (unsigned i = 0; i < sessions * count; i++)
		fprintf(trace, "session=%u event=%s\n", 1 + i % sessions, event_of(i / sessions));
}

/* ---- events that wait ---- */

static void write_one_session(FILE *trace)
{
	put_live(trace, LIVE);
	put_events(trace, 1, LIVE);
}

static void write_many_sessions(FILE *trace)
{
	put_live(trace, LIVE);
	put_events(trace, SESSIONS, 72);
}

/* Who selects an event and who does not share the words of a set. */
static void write_masks(FILE *trace)
{
	static const char *const masks[] = { "logon,created", "connect", "disconnect" };

	for (unsigned i = 0; i < LIVE; i++)
		put_register(trace, "d", i, masks[i % 3]);
	put_events(trace, SESSIONS, 72);
}

/* Numbers are given again, so that their order is not that of the calls. */
static void write_given_again(FILE *trace)
{
	put_live(trace, LIVE);
	for (unsigned i = 0; i < LIVE; i += 3)
		put_unregister(trace, i);
	for (unsigned i = 0; i < LIVE; i += 3)
		put_register(trace, "d", i, "all");
	put_events(trace, SESSIONS, 72);
}

static void write_missed(FILE *trace)
{
	put_live(trace, LIVE);
	put_events(trace, SESSIONS, 60);
	fprintf(trace, "marker=end\n");
}

static void write_missed_alone(FILE *trace)
{
	put_live(trace, LIVE);
	put_events(trace, SESSIONS, 60);
	for (unsigned i = 0; i < LIVE; i++)
		put_unregister(trace, i);
}

/* Of device objects of their session. */
static void write_local(FILE *trace)
{
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace, "driver=d object=created io=%#x device_session=1\n", OBJECT + i);
	put_live(trace, LIVE);
	put_events(trace, 1, LIVE);
}

/* Of device objects of sessions whose ids have the same lower half. */
static void write_local_alike(FILE *trace)
{
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace, "driver=d object=created io=%#x device_session=%u\n", OBJECT + i,
			(i + 1) << 16);
	put_live(trace, LIVE);
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace, "session=%u event=Created\n", (i + 1) << 16);
}

/* Events wait on one host, registrations end on another one. */
static void write_other_host(FILE *trace)
{
	fprintf(trace, "host=a driver=d call=IoRegisterContainerNotification io=0x1 mask=all "
		       "registration=0x2 status=0\n"
		       "host=b driver=d call=IoRegisterContainerNotification io=0x1 mask=all "
		       "registration=0x2 status=0\n");
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace,
			"host=b driver=d call=IoRegisterContainerNotification io=%#x mask=all "
			"registration=%#x status=0\n",
			OBJECT + i, HANDLE + i);
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace, "host=a session=%u event=Created\n", i);
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace,
			"host=b driver=d call=IoUnregisterContainerNotification "
			"registration=%#x\n",
			HANDLE + i);
}

/* Events wait on one host, another one loses records. */
static void write_other_loses(FILE *trace)
{
	fprintf(trace, "host=a driver=d call=IoRegisterContainerNotification io=0x1 mask=all "
		       "registration=0x2 status=0\n");
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace, "host=a session=%u event=Created\n", i);
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace,
			"host=b marker=gap\n"
			"host=b driver=d call=IoRegisterContainerNotification io=%#x mask=all "
			"registration=%#x status=0\n",
			OBJECT + i, HANDLE + i);
}

/* ---- registrations ---- */

/* The lowest number is given back, and two are taken. */
static void write_numbers(FILE *trace)
{
	put_live(trace, LIVE);
	for (unsigned i = 0; i < LIVE; i++) {
		put_unregister(trace, i ? LIVE + 2 * i - 2 : 0);
		put_register(trace, "d", LIVE + 2 * i, "all");
		put_register(trace, "d", LIVE + 2 * i + 1, "all");
	}
}

static void write_contexts(FILE *trace)
{
	put_live(trace, LIVE);
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace, "driver=d object=deleted io=%#x\n", HANDLE + i);
}

/* Each session is notified of something before the registrations are made, and after it. */
static void write_notified_before(FILE *trace)
{
	put_register(trace, "d", LIVE, "all");
	put_register(trace, "d", LIVE + 1, "all");
	for (unsigned i = 1; i <= LIVE; i++)
		put_notify(trace, i, "Created", LIVE);
	put_unregister(trace, LIVE);
	put_unregister(trace, LIVE + 1);
	put_live(trace, LIVE);
	for (unsigned i = 1; i <= LIVE; i++)
		put_notify(trace, i, "Connected", LIVE - 1);
}

/* Sessions of which two registrations are notified while many others are live. */
static void write_agreements(FILE *trace)
{
	put_live(trace, LIVE);
	for (unsigned i = 1; i <= 4; i++) {
		put_notify(trace, i, "Created", 0);
		put_notify(trace, i, "Created", 1);
	}
	for (unsigned i = LIVE; i-- > 0;)
		put_unregister(trace, i);
}

/* Those that a session was notified for end one by one. */
static void write_leaders(FILE *trace)
{
	put_live(trace, LIVE);
	for (unsigned i = 0; i < LIVE; i++)
		put_notify(trace, 1, "Created", i);
	for (unsigned i = 0; i < LIVE - 1; i++) {
		put_unregister(trace, i);
		put_notify(trace, 1, "Connected", LIVE - 1);
	}
}

/* Notifications whose session becomes known later. */
static void write_nameless(FILE *trace)
{
	put_live(trace, LIVE);
	for (unsigned i = 1; i <= LIVE; i++) {
		fprintf(trace, "session=%u event=Created\n", i);
		fprintf(trace, "driver=d notify=Created io=%#x session_object=%#x status=0\n",
			OBJECT + LIVE - 1, CONTEXT + i);
		fprintf(trace, "session=%u event=Connected\n", i);
		fprintf(trace,
			"driver=d session=%u notify=Connected payload_session=%u io=%#x "
			"session_object=%#x status=0\n",
			i, i, OBJECT + LIVE - 1, CONTEXT + i);
	}
}

/* ---- drivers ---- */

/* Each of many drivers registers an address that another one may have created. */
static void write_drivers(FILE *trace)
{
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace,
			"driver=d%u call=IoRegisterContainerNotification io=%#x mask=all "
			"registration=%#x status=0\n",
			i, OBJECT + i, HANDLE + i);
}

/* Each of many drivers asks about an object that another one may have been given. */
static void write_questions(FILE *trace)
{
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace,
			"driver=d%u call=IoGetContainerInformation session=1 session_object=%#x "
			"status=0\n",
			i, OBJECT + i);
}

/* ---- calls and callbacks that run ---- */

/* The begin or the end of a callback, with a context whose name is long. */
static void put_callback(FILE *trace, const char *phase, unsigned context)
{
	fprintf(trace, "driver=d session=1 notify=Created phase=%s io=%#x context=name-%0100u\n",
		phase, OBJECT, context);
}

/* Callbacks begin and do not return; ends are not theirs. */
static void write_running(FILE *trace)
{
	for (unsigned i = 0; i < LIVE; i++)
		put_callback(trace, "begin", i);
	for (unsigned i = 0; i < LIVE; i++)
		put_callback(trace, "end", LIVE + i);
}

/* As many run as are followed, and the last one returns first. */
static void write_returning(FILE *trace)
{
	for (unsigned round = 0; round < LIVE / 256; round++) {
		for (unsigned i = 0; i < 256; i++)
			put_callback(trace, "begin", i);
		for (unsigned i = 256; i-- > 0;)
			put_callback(trace, "end", i);
	}
}

/* Calls that register run, and their callbacks are called already. */
static void write_registering(FILE *trace)
{
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace,
			"driver=d%u call=IoRegisterContainerNotification phase=begin io=%#x "
			"mask=all\n",
			i, OBJECT + i);
	put_events(trace, 1, 6);
	for (unsigned i = 0; i < LIVE; i++)
		fprintf(trace,
			"driver=d%u session=1 notify=Connected payload_session=1 io=%#x status=0\n",
			i, OBJECT + i);
}

/* A call that registers runs, and its callback is called for many sessions. */
static void write_registering_one(FILE *trace)
{
	fprintf(trace,
		"driver=d call=IoRegisterContainerNotification phase=begin io=%#x mask=all\n",
		OBJECT);
	put_events(trace, LIVE, 5);
	for (unsigned i = 1; i <= LIVE; i++)
		put_notify(trace, i, "Connected", 0);
	fprintf(trace,
		"driver=d call=IoRegisterContainerNotification phase=end io=%#x registration=%#x "
		"status=0\n",
		OBJECT, HANDLE);
	put_unregister(trace, 0);
}

/* ---- records that are held ---- */

/* A record that is missing holds all others up, and each host starts again. */
static void write_boots(FILE *trace)
{
	unsigned seq = 3;

	fprintf(trace, "seq=1 host=a session=1 event=Created\n");
	for (unsigned i = 0; i < LIVE; i++, seq++)
		fprintf(trace, "seq=%u host=h%u session=1 event=Created\n", seq, i);
	for (unsigned i = 0; i < LIVE; i++, seq++)
		fprintf(trace, "seq=%u host=h%u marker=boot\n", seq, i);
}

/* ---- the scenarios ---- */

static const struct scenario scenarios[] = {
	{ "events of one session", write_one_session, 1500 },
	{ "events of many sessions", write_many_sessions, 1700 },
	{ "events that some select", write_masks, 1700 },
	{ "events for numbers that were given again", write_given_again, 1600 },
	{ "events that all have missed", write_missed, 4700 },
	/* each of these is looked at once for each registration */
	{ "ends of registrations that have missed 3,840 events", write_missed_alone, 80000 },
	{ "events of a session that has all objects", write_local, 1200 },
	{ "events of sessions that have an object each", write_local_alike, 1300 },
	{ "ends of registrations while events of another host wait", write_other_host, 1000 },
	{ "losses while events of another host wait", write_other_loses, 1000 },
	{ "lowest numbers that are given back and taken", write_numbers, 1200 },
	{ "objects that may be a context", write_contexts, 1200 },
	{ "sessions that were notified before", write_notified_before, 4500 },
	/* all of them are asked each time, in a bounded number of steps */
	{ "ends of registrations while 4 sessions wait for agreement", write_agreements, 30000 },
	{ "ends of registrations that a session is known from", write_leaders, 2700 },
	{ "notifications of which the session becomes known", write_nameless, 1100 },
	{ "drivers that register", write_drivers, 8000 },
	{ "drivers that ask", write_questions, 1100 },
	{ "callbacks that do not return", write_running, 5000 },
	{ "callbacks that return", write_returning, 4000 },
	{ "calls that register at the same time", write_registering, 1800 },
	{ "sessions during a call that registers", write_registering_one, 700 },
	{ "boots of hosts whose records wait", write_boots, 3000 },
};

static uint64_t lines_of(const char *text)
{
	uint64_t lines = 0;

	for (; *text; text++)
		lines += *text == '\n';
	return lines;
}

static void test(const struct scenario *scenario)
{
	struct sessionlint *run;
	FILE *trace;
	char *text;
	size_t size;
	uint64_t each;
	int r;

	trace = open_memstream(&text, &size);
	if (!trace || sessionlint_new(&run) < 0)
		exit(2);
	scenario->write(trace);
	fclose(trace);
	blocks = 0;
	r = sessionlint_check_buffer(run, text, size, "trace");
	each = blocks / lines_of(text);
	tap_ok(r == 0 && each > 0 && each <= scenario->most,
	       "%s: at most %" PRIu64 " blocks a record", scenario->what, scenario->most);
	tap_note("%" PRIu64 " blocks a record, of %" PRIu64 "; the result is %d", each,
		 lines_of(text), r);
	sessionlint_free(run);
	free(text);
}

int main(void)
{
	for (unsigned i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++)
		test(&scenarios[i]);
	return tap_done();
}
