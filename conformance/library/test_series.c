/* SPDX-License-Identifier: MIT */
/*
 * Long texts of events are judged a series at a time, unless somebody observes each step. Findings
 * and totals must be the same either way.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"
#include "random.h"
#include "sessionlint.h"
#include "tap.h"
#include "totals.h"

#define TEXT_SIZE ((size_t)1 << 20)
#define LINE_ROOM 256
#define SESSIONS  200
#define SAY_SIZE  4096

/* ---- texts ---- */

struct text {
	char *bytes;
	size_t size;
	unsigned steps[SESSIONS];
	unsigned second;
	unsigned stride; /* between the ids of sessions: what finds them by id has room for few */
	bool is_lsm;     /* which shows neither Created nor Terminated */
};

/* Something between the lines of a series, of one of few sessions. */
static void add_other(struct text *text, const char *host)
{
	static const char *const lines[] = {
		"marker=boot",
		"marker=gap reason=overrun",
		"marker=end",
		"state=LoggedOn",
		"event=Logon user=CORP\\ada",
		"event=Logon user=CORP\\bob address=10.0.0.1",
		"event=Logoff user=bob",
		"event=9",
		"event=Connected allow=* allow_reason=known",
		"event=",
		"event=Created boot=two",
		"event=Terminated",
		"notify=Logon io=1 driver=d",
		"notify=Logoff io=1 driver=d",
		("driver=d call=IoRegisterContainerNotification io=1 mask=all registration=r "
		 "status=STATUS_SUCCESS"),
		"driver=d call=IoUnregisterContainerNotification registration=r",
		"event=Logon seq=7",
	};
	unsigned last = sizeof lines / sizeof lines[0] - !one_in(20);
	const char *line = lines[random_below(last)];
	char *to = text->bytes + text->size;
	size_t size = 0;

	if (*host)
		size += (size_t)sprintf(to, "host=%s ", host);
	if (line[0] != 'm' && line[0] != 'd')
		size += (size_t)sprintf(to + size, "%ssession=%u ",
					text->is_lsm ? "source=lsm " : "",
					random_below(8) * text->stride);
	text->size += size + (size_t)sprintf(to + size, "%s\n", line);
}

static void add_event(struct text *text, const char *host, bool states, unsigned odds)
{
	unsigned session = random_below(one_in(2) ? 8 : SESSIONS), step = text->steps[session];
	char *line = text->bytes + text->size;
	size_t size = 0;

	if (one_in(odds))
		step = random_below(LIFE_STEPS);
	if (text->is_lsm && step % (LIFE_STEPS - 1) == 0)
		step = 1;
	text->steps[session] = (step + 1) % LIFE_STEPS;
	text->second += one_in(20);
	if (one_in(odds) && text->second > 100)
		text->second -= 50;
	size += (size_t)sprintf(line, "time=2026-01-01T%02u:%02u:%02uZ ", text->second / 3600 % 24,
				text->second / 60 % 60, text->second % 400);
	if (*host)
		size += (size_t)sprintf(line + size, "host=%s ", host);
	if (text->is_lsm)
		size += (size_t)sprintf(line + size, "source=lsm ");
	size += (size_t)sprintf(line + size, "session=%u event=%s", session * text->stride,
				life[one_in(odds) ? random_below(LIFE_STEPS) : step].event);
	if (states)
		size += (size_t)sprintf(line + size, " from=%s to=%s",
					life[one_in(odds) ? random_below(LIFE_STEPS) : step].from,
					life[one_in(odds) ? random_below(LIFE_STEPS) : step].to);
	line[size++] = '\n';
	text->size += size;
}

/* Sessions that are known before their first event. */
static void add_samples(struct text *text)
{
	for (unsigned session = 0; session < SESSIONS; session++)
		text->size += (size_t)sprintf(text->bytes + text->size,
					      "session=%u state=Initialized\n",
					      session * text->stride);
}

static void make_text(struct text *text, unsigned odds)
{
	static const char *const hosts[] = { "", "VDI-1", "VDI-2" };
	unsigned count = 1 + random_below(3);
	size_t size = random_below(TEXT_SIZE / 8) + LINE_ROOM;
	/* what ends the fast path for good comes late */
	size_t calm = random_below((unsigned)size);

	text->size = 0;
	text->second = 0;
	text->stride = one_in(3) ? 128 : 1;
	text->is_lsm = one_in(3);
	if (one_in(3))
		add_samples(text);
	memset(text->steps, 0, sizeof text->steps);
	while (text->size < size) {
		const char *host = hosts[random_below(count)];
		bool states = one_in(2);

		if (text->size > calm && one_in(3))
			add_other(text, host);

		for (unsigned lines = 1 + random_below(one_in(4) ? 4000 : 100);
		     lines > 0 && text->size < TEXT_SIZE - 2 * LINE_ROOM; lines--) {
			add_event(text, host, states, odds);
			if (text->size > calm && one_in(10 * odds))
				add_other(text, host);
		}
	}
}

/* ---- checks ---- */

/* All that is said of a text. */
struct said {
	char *bytes;
	size_t size, capacity;
	struct totals totals;
	uint64_t findings;
};

__attribute__((format(printf, 2, 3))) static void say(struct said *said, const char *format, ...)
{
	va_list arguments;
	int size;

	if (said->capacity - said->size < SAY_SIZE) {
		said->capacity = 2 * said->capacity + SAY_SIZE;
		said->bytes = realloc(said->bytes, said->capacity);
		if (!said->bytes)
			exit(1);
	}
	va_start(arguments, format);
	size = vsnprintf(said->bytes + said->size, SAY_SIZE, format, arguments);
	va_end(arguments);
	if (size < 0 || size >= SAY_SIZE)
		exit(1);
	said->size += (size_t)size;
}

static void say_text(struct said *said, const char *name, struct sessionlint_text text)
{
	say(said, " %s=%.*s", name, (int)text.size, text.data ? text.data : "");
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct said *said = userdata;

	said->findings++;
	say(said,
	    "%u %u %d:%" PRIu64 ":%" PRIu64 " %" PRIu64 " s%" PRIu32 " i%" PRIu32 " b%" PRIu64,
	    (unsigned)finding->rule, (unsigned)finding->severity, finding->has_session,
	    finding->line, finding->offset, finding->time, finding->session, finding->incarnation,
	    finding->boot_ordinal);
	say(said, " e%" PRIu32 " o%" PRIu32 " %x %x %d%d", finding->event, finding->observed,
	    (unsigned)finding->belief, (unsigned)finding->allowed, finding->cascade,
	    finding->swapped);
	say_text(said, "message", finding->message);
	say_text(said, "host", finding->host);
	say_text(said, "user", finding->user);
	for (unsigned i = 0; i < finding->history_count; i++)
		say(said, " %" PRIu64 "/%" PRIu32, finding->history[i].line,
		    finding->history[i].event);
	say(said, " +%" PRIu64 "\n", finding->history_omitted);
	return 0;
}

static void on_step(void *userdata, const struct sessionlint_step *step)
{
	uint64_t *steps = userdata;

	(void)step;
	++*steps;
}

static void check(const struct text *text, bool observed, bool strict, struct said *ret_said)
{
	struct sessionlint *run;
	uint64_t steps = 0;

	*ret_said = (struct said) { 0 };
	say(ret_said, "%s", "");
	if (sessionlint_new(&run) < 0)
		exit(1);
	sessionlint_set_report(run, on_finding, ret_said);
	sessionlint_set_strict(run, strict);
	if (observed)
		sessionlint_set_observe(run, on_step, &steps);
	if (sessionlint_check_buffer(run, text->bytes, text->size, "text") < 0)
		exit(1);
	totals_read(run, &ret_said->totals);
	sessionlint_free(run);
	if (observed && steps == 0)
		exit(1);
}

/* Lines before which a series is broken, an event in the next series that depends on them, and
 * lines that show whether that was seen. */
static const struct probe {
	const char *title, *before, *event, *after;
} probes[] = {
	{ "a user who logged off is gone",
	  "session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Logon user=ada\n",
	  "session=1 event=Logoff", "session=1 event=Logoff\n" },
	{ "a driver is not notified of an event in a series",
	  "driver=d call=IoRegisterContainerNotification io=1 mask=all registration=r "
	  "status=STATUS_SUCCESS\nsession=1 event=Created\n",
	  "session=1 event=Connected",
	  "session=1 notify=Created io=1 driver=d\nsession=1 event=Logon\n"
	  "session=1 notify=Logon io=1 driver=d\n"
	  "driver=d call=IoUnregisterContainerNotification registration=r\n"
	  "session=1 event=Disconnected\n" },
	{ "an event in a series is one of the kernel", "session=1 state=Initialized\n",
	  "session=1 event=Created",
	  "session=1 notify=Created io=1 driver=d\nsession=1 event=Logon\n" },
	{ "a session of an earlier boot is another one",
	  "session=1 event=Created\nsession=1 event=Connected\nmarker=boot\n",
	  "session=1 event=Logon", "session=1 event=Logoff\n" },
	{ "a record may be lost before an event in a series",
	  "session=1 event=Created\nmarker=gap\n", "session=1 event=Logon",
	  "session=1 event=Created\n" },
};

/* A series: legal lives of other sessions, with @event in the middle. */
static void add_series(struct text *text, const char *event)
{
	for (unsigned i = 0; i < 100; i++) {
		unsigned second = text->second++ / 4;

		if (i == 50 && event)
			text->size += (size_t)sprintf(text->bytes + text->size,
						      "time=2026-01-01T00:00:%02uZ %s\n", second,
						      event);
		text->size += (size_t)sprintf(text->bytes + text->size,
					      "time=2026-01-01T00:00:%02uZ session=%u event=%s\n",
					      second, (unsigned)(100 + i / LIFE_STEPS),
					      life[i % LIFE_STEPS].event);
	}
}

static void test_probe(struct text *text, const struct probe *probe)
{
	struct said series, records;

	*text = (struct text) { .bytes = text->bytes };
	add_series(text, NULL);
	text->size += (size_t)sprintf(text->bytes + text->size, "%s", probe->before);
	add_series(text, probe->event);
	text->size += (size_t)sprintf(text->bytes + text->size, "%s", probe->after);
	check(text, false, false, &series);
	check(text, true, false, &records);
	tap_ok(strcmp(series.bytes, records.bytes) == 0 && series.findings > 0, "%s", probe->title);
	free(series.bytes);
	free(records.bytes);
}

static void test(unsigned odds, unsigned texts)
{
	struct text text = { .bytes = malloc(TEXT_SIZE) };
	unsigned different = 0;
	uint64_t findings = 0;

	if (!text.bytes)
		exit(1);
	for (unsigned i = 0; i < texts; i++) {
		struct said series, records;
		bool strict = one_in(3);

		make_text(&text, odds);
		check(&text, false, strict, &series);
		check(&text, true, strict, &records);
		findings += series.findings;
		if (strcmp(series.bytes, records.bytes) != 0 ||
		    memcmp(&series.totals, &records.totals, sizeof series.totals) != 0) {
			if (different++ == 0)
				tap_note("text %u: %zu and %zu bytes of findings", i, series.size,
					 records.size);
		}
		free(series.bytes);
		free(records.bytes);
	}
	free(text.bytes);
	tap_ok(different == 0, "one in %u odd: findings and totals of %u texts are the same", odds,
	       texts);
	tap_ok(findings > texts, "they have findings: %" PRIu64, findings);
}

int main(void)
{
	struct text text = { .bytes = malloc(TEXT_SIZE) };

	if (!text.bytes)
		return 1;
	for (unsigned i = 0; i < sizeof probes / sizeof probes[0]; i++)
		test_probe(&text, &probes[i]);
	free(text.bytes);
	test(4000, 60);
	test(300, 60);
	test(30, 60);
	return tap_done();
}
