/* SPDX-License-Identifier: MIT */
#include "judge.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/annotation.h"

#define WINDOW (10 * MACHINE_SECOND)

/* A remote connection can name a winlogon that starts within this time after it, or just before; it
 * does if nothing else begins so close that it could be meant. */
#define CONNECTED_BEFORE (2 * MACHINE_SECOND)
#define CONNECTED_AFTER  (MACHINE_SECOND / 10)
#define ALONE            (3 * MACHINE_SECOND)

/* The records of a machine that belong together: those of a transition, or, where no log names the
 * session of a winlogon process, each record of its log. */
struct expected {
	int group[MACHINE_RECORDS_MAX]; /* by record */
	bool unnamed[MACHINE_RECORDS_MAX];
	unsigned left[MACHINE_TRANSITIONS_MAX + MACHINE_RECORDS_MAX]; /* by group: witnesses */
	bool seen[MACHINE_TRANSITIONS_MAX + MACHINE_RECORDS_MAX];
	unsigned ordinals[MACHINE_BOOTS_MAX + 1]; /* of boots, among those that are marked */
};

/* A session of the account, and when the last thing happened to it. */
struct track {
	uint64_t boot;
	uint32_t session;
	bool unnamed;
	int64_t real;
};

struct judging {
	struct judgement *judgement;
	const struct made_machine *machine;
	struct expected expected;
	struct track tracks[MACHINE_WINLOGONS_MAX * 2];
	unsigned track_count;
	bool asked;
	bool unnamed[MACHINE_WINLOGONS_MAX]; /* by the account */
};

__attribute__((format(printf, 2, 3))) static void wrong(struct judging *judging, const char *format,
							...)
{
	va_list arguments;

	va_start(arguments, format);
	if (judging->judgement->wrong++ == 0)
		vsnprintf(judging->judgement->problem, PROBLEM_SIZE, format, arguments);
	va_end(arguments);
}

/* ---- what is true ---- */

/* What the account must say of the session of a winlogon process. */
enum naming {
	NAMING_NONE,
	NAMING_OPEN, /* the true session, or that it is unknown */
	NAMING_CERTAIN,
};

/* What a remote connection close to the start of a process says of its session. */
static enum naming naming_by_connection(const struct made_machine *machine,
					const struct machine_record *started)
{
	enum naming naming = NAMING_NONE;
	bool alone = !machine->damaged && machine->jump_count == 0;

	/* records can be missing between two files */
	for (unsigned log = 0; log < MACHINE_LOGS; log++)
		alone &= machine->files[log] == 1;
	for (int i = 0; i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];
		bool connects = record->event == MACHINE_CONNECTED;

		if (record->lost || record == started)
			continue;
		if (record->log == MACHINE_RDP && record->boot == started->boot &&
		    record->session == started->session &&
		    record->real >= started->real - CONNECTED_BEFORE &&
		    record->real <= started->real + CONNECTED_AFTER)
			naming = NAMING_OPEN;
		else if (llabs(record->real - started->real) <= ALONE &&
			 (connects || record->event == MACHINE_CREATED))
			alone = false;
	}
	return naming == NAMING_OPEN && alone ? NAMING_CERTAIN : naming;
}

static enum naming naming_of(const struct made_machine *machine,
			     const struct machine_winlogon *winlogon)
{
	const struct machine_record *started = NULL;

	for (int i = 0; i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];

		if (record->lost || record->kind != MACHINE_EVENT ||
		    record->boot != winlogon->boot || record->process != winlogon->process)
			continue;
		if (record->log == MACHINE_SYSTEM)
			return NAMING_CERTAIN;
		if (record->log == MACHINE_WINLOGON && record->event == MACHINE_CREATED)
			started = record;
	}
	return started ? naming_by_connection(machine, started) : NAMING_NONE;
}

/* Flags the records of processes whose session is not known: returns whether it is open for some,
 * and the account had not been asked yet. */
static bool flag_unnamed(struct judging *judging)
{
	const struct made_machine *machine = judging->machine;
	bool open = false;

	for (int i = 0; i < machine->winlogon_count; i++) {
		const struct machine_winlogon *winlogon = &machine->winlogons[i];
		enum naming naming = naming_of(machine, winlogon);
		bool unnamed = naming == NAMING_NONE ||
			       (naming == NAMING_OPEN && judging->unnamed[i]);

		open |= naming == NAMING_OPEN && !judging->asked;
		for (int j = 0; unnamed && j < machine->count; j++)
			if (machine->records[j].log == MACHINE_WINLOGON &&
			    machine->records[j].boot == winlogon->boot &&
			    machine->records[j].process == winlogon->process)
				judging->expected.unnamed[j] = true;
	}
	return open;
}

/* Takes down of which processes the account does not know the session. */
static int ask_unnamed(void *userdata, const struct sessionlint_finding *finding)
{
	struct judging *judging = userdata;
	const struct made_machine *machine = judging->machine;
	int index;

	if (finding->rule != SESSIONLINT_RULE_UNNAMED_SESSION || finding->witness_count == 0)
		return 0;
	index = reading_find_record(machine, &finding->witnesses[0]);
	for (int i = 0; index != MACHINE_NONE && i < machine->winlogon_count; i++)
		if (machine->winlogons[i].boot == machine->records[index].boot &&
		    machine->winlogons[i].process == machine->records[index].process)
			judging->unnamed[i] = true;
	return 0;
}

static void number_boots(struct judging *judging)
{
	const struct made_machine *machine = judging->machine;
	bool marked[MACHINE_BOOTS_MAX + 1] = { false };

	for (int i = 0; i < machine->count; i++)
		if (machine->records[i].kind == MACHINE_BOOT && !machine->records[i].lost)
			marked[machine->records[i].boot] = true;
	for (unsigned boot = 1; boot <= machine->boots; boot++)
		judging->expected.ordinals[boot] = judging->expected.ordinals[boot - 1] +
						   marked[boot];
}

/* Finds out what the account must say. Returns whether it has to be asked first which processes it
 * has named. */
static bool expect(struct judging *judging)
{
	const struct made_machine *machine = judging->machine;
	struct expected *expected = &judging->expected;

	if (flag_unnamed(judging))
		return true;
	number_boots(judging);
	for (int i = 0; i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];

		expected->group[i] = expected->unnamed[i] || record->transition == MACHINE_NONE
					     ? MACHINE_TRANSITIONS_MAX + i
					     : record->transition;
		if (!record->lost && record->kind == MACHINE_EVENT)
			expected->left[expected->group[i]]++;
	}
	return false;
}

/* ---- what the account says ---- */

static struct track *find_track(struct judging *judging, const struct track *wanted)
{
	for (unsigned i = judging->track_count; i > 0; i--) {
		struct track *track = &judging->tracks[i - 1];

		if (track->boot == wanted->boot && track->session == wanted->session &&
		    track->unnamed == wanted->unnamed)
			return track;
	}
	if (judging->track_count == MACHINE_WINLOGONS_MAX * 2)
		abort();
	judging->tracks[judging->track_count] = *wanted;
	return &judging->tracks[judging->track_count++];
}

/* Compares a step with the transition that its first witness shows. */
static void compare_step(struct judging *judging, const struct sessionlint_step *step, int first)
{
	const struct made_machine *machine = judging->machine;
	struct expected *expected = &judging->expected;
	const struct machine_record *record = &machine->records[first];
	bool unnamed = expected->unnamed[first];
	struct track *track;
	int group = expected->group[first];
	int64_t real = group < MACHINE_TRANSITIONS_MAX ? machine->transitions[group].real
						       : record->real;

	if (step->session != (unnamed ? record->process : record->session) ||
	    unnamed != (step->source == SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL))
		wrong(judging, "%s %u: number %llu is in session %u", machine_sources[record->log],
		      record->session, (unsigned long long)record->number, step->session);
	if (step->event != record->event || step->witness_count != expected->left[group])
		wrong(judging, "boot %u session %u: %s has %u witnesses, not %u", record->boot,
		      record->session, machine_events[record->event], step->witness_count,
		      expected->left[group]);
	if (step->boot_ordinal != expected->ordinals[record->boot])
		wrong(judging, "boot %u session %u: %s is in boot %llu, not %u", record->boot,
		      record->session, machine_events[record->event],
		      (unsigned long long)step->boot_ordinal, expected->ordinals[record->boot]);
	if (expected->seen[group])
		wrong(judging, "boot %u session %u: %s appears twice", record->boot,
		      record->session, machine_events[record->event]);
	expected->seen[group] = true;
	track = find_track(judging, &(struct track) { .boot = step->boot_ordinal,
						      .session = step->session,
						      .unnamed = unnamed,
						      .real = INT64_MIN / 2 });
	/* where records are lost, those of two transitions that are closer than the window can be
	 * in the other order: a run with less that is unseen is cheaper */
	if (real < track->real - (machine->damaged ? WINDOW : 0))
		wrong(judging, "boot %u session %u: %s is too late", record->boot, record->session,
		      machine_events[record->event]);
	track->real = real;
	judging->judgement->recovered++;
}

static void observe(void *userdata, const struct sessionlint_step *step)
{
	struct judging *judging = userdata;
	int first = MACHINE_NONE;

	reading_add(&judging->judgement->reading, step);
	if (step->event == SESSIONLINT_NO_EVENT || step->witness_count == 0)
		return;
	for (unsigned i = 0; i < step->witness_count; i++) {
		int index = reading_find_record(judging->machine, &step->witnesses[i]);

		if (index == MACHINE_NONE || judging->machine->records[index].lost) {
			wrong(judging, "no record has the number %llu",
			      (unsigned long long)step->witnesses[i].line);
			return;
		}
		if (i > 0 && judging->expected.group[index] != judging->expected.group[first])
			wrong(judging, "boot %u session %u: %s by number %llu of %s is another one",
			      judging->machine->records[index].boot,
			      judging->machine->records[index].session,
			      machine_events[judging->machine->records[index].event],
			      (unsigned long long)step->witnesses[i].line,
			      machine_sources[judging->machine->records[index].log]);
		first = i == 0 ? index : first;
	}
	compare_step(judging, step, first);
}

/* Whether a finding says that something is wrong. */
static bool is_wrong(unsigned rule)
{
	return rule == SESSIONLINT_RULE_CONTRADICTION || rule == SESSIONLINT_RULE_MISSING_WITNESS ||
	       rule == SESSIONLINT_RULE_ILLEGAL_TRANSITION ||
	       rule == SESSIONLINT_RULE_IMPLIED_TERMINATION;
}

static int take_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct judging *judging = userdata;
	struct judgement *judgement = judging->judgement;

	judgement->findings[finding->rule]++;
	for (unsigned i = 0; i < finding->witness_count; i++) {
		int index = reading_find_record(judging->machine, &finding->witnesses[i]);
		int transition = index == MACHINE_NONE
					 ? MACHINE_NONE
					 : judging->machine->records[index].transition;

		if (transition == MACHINE_NONE)
			continue;
		judgement->missing[transition] |= finding->rule == SESSIONLINT_RULE_MISSING_WITNESS;
		judgement->named[transition] |= is_wrong(finding->rule);
	}
	return 0;
}

static void look_for_missing(struct judging *judging)
{
	const struct made_machine *machine = judging->machine;

	for (int i = 0; i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];

		if (record->lost || record->kind != MACHINE_EVENT ||
		    judging->expected.seen[judging->expected.group[i]])
			continue;
		judging->expected.seen[judging->expected.group[i]] = true;
		wrong(judging, "boot %u session %u: %s (%s:%llu) does not appear", record->boot,
		      record->session, machine_events[record->event], machine_sources[record->log],
		      (unsigned long long)record->number);
	}
}

/* ---- handing over ---- */

static void set_record(const struct made_machine *machine, const struct machine_record *from,
		       struct annotation *annotation, struct record *to)
{
	static const uint8_t sources[] = {
		SESSIONLINT_SOURCE_LSM,
		SESSIONLINT_SOURCE_WINLOGON,
		SESSIONLINT_SOURCE_PROFILE,
		SESSIONLINT_SOURCE_RDP,
		SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL,
	};

	*to = (struct record) {
		.line = from->number,
		.time = (uint64_t)from->time,
		.source = sources[from->log],
		.host = text_from(machine->foreign >> from->log & 1 ? "other" : "machine"),
		.event = SESSIONLINT_NO_EVENT,
		.keys = KEY_BIT(KEY_SOURCE) | KEY_BIT(KEY_TIME) | KEY_BIT(KEY_HOST),
		.flags = RECORD_HOST_IS_LABEL,
		.kind = RECORD_MARKER,
		.marker = from->kind == MACHINE_BOOT ? MARKER_BOOT : MARKER_SHUTDOWN,
	};
	if (from->kind != MACHINE_EVENT)
		return;
	to->kind = RECORD_EVENT;
	to->marker = MARKER_NONE;
	to->event = from->event;
	to->session = from->log == MACHINE_WINLOGON ? from->process : from->session;
	to->keys |= KEY_BIT(KEY_EVENT) | KEY_BIT(KEY_SESSION);
	if (from->log != MACHINE_SYSTEM)
		return;
	*annotation = (struct annotation) { .process = from->process };
	to->annotation = annotation;
}

static int hand_over_file(struct sessionlint *run, const struct made_machine *machine, unsigned log,
			  unsigned file)
{
	static struct batch batch;
	static struct annotation annotations[BATCH_RECORDS];
	const struct batch *rest;
	char name[40];
	int r;

	snprintf(name, sizeof name, "%s.%u.evtx", machine_sources[log], file);
	r = machines_begin_file(&run->machines, name, true);
	batch.count = 0;
	for (int i = 0; r == 0 && i < machine->count; i++) {
		const struct machine_record *record = &machine->records[i];

		if (record->log != log || record->file != file || record->lost)
			continue;
		set_record(machine, record, &annotations[batch.count], &batch.records[batch.count]);
		batch.places[batch.count++] = (struct record_place) {
			.host = NO_HOST,
			.sequel = record->after_gap ? SEQUEL_MISSING : SEQUEL_NEXT,
		};
		if (batch.count < BATCH_RECORDS)
			continue;
		r = machines_take(&run->machines, &run->checker, &batch, &rest);
		batch.count = 0;
	}
	return r == 0 ? machines_take(&run->machines, &run->checker, &batch, &rest) : r;
}

static int read_file(struct sessionlint *run, const char *folder, unsigned log, unsigned file)
{
	char path[300];
	int r;

	snprintf(path, sizeof path, "%s/%s.%u.evtx", folder, machine_sources[log], file);
	r = sessionlint_check_file(run, path);
	/* rotation can leave a file without records */
	return r == -ENOENT ? 0 : r;
}

static int run_machine(struct judging *judging, const char *folder)
{
	const struct made_machine *machine = judging->machine;
	struct sessionlint *run;
	int r = sessionlint_new(&run);

	if (r < 0)
		return r;
	sessionlint_set_together(run, SESSIONLINT_TOGETHER_MACHINE);
	if (judging->asked)
		sessionlint_set_observe(run, observe, judging);
	sessionlint_set_report(run, judging->asked ? take_finding : ask_unnamed, judging);
	/* the last file first: what the files are called says nothing */
	for (unsigned log = 0; log < MACHINE_LOGS; log++)
		for (unsigned file = machine->files[log]; r == 0 && file > 0; file--)
			r = folder ? read_file(run, folder, log, file - 1)
				   : hand_over_file(run, machine, log, file - 1);
	if (r == 0)
		r = sessionlint_end_machine(run, "machine");
	sessionlint_free(run);
	return r;
}

static int judge(const struct made_machine *machine, const char *folder,
		 struct judgement *judgement)
{
	static struct judging judging;
	int r = 0;

	memset(judgement, 0, offsetof(struct judgement, reading));
	memset(&judging, 0, sizeof judging);
	judgement->machine = judging.machine = machine;
	reading_begin(&judgement->reading, machine);
	judging.judgement = judgement;
	if (expect(&judging)) {
		r = run_machine(&judging, folder);
		memset(&judging.expected, 0, sizeof judging.expected);
		judging.asked = true;
		expect(&judging);
	}
	judging.asked = true;
	if (r == 0)
		r = run_machine(&judging, folder);
	look_for_missing(&judging);
	return r;
}

int judge_machine_records(const struct made_machine *machine, struct judgement *ret_judgement)
{
	return judge(machine, NULL, ret_judgement);
}

int judge_machine_files(const struct made_machine *machine, const char *folder,
			struct judgement *ret_judgement)
{
	return judge(machine, folder, ret_judgement);
}
