/* SPDX-License-Identifier: MIT */
/*
 * JUnit XML by Ant's strict schema. There is a test case for each subject of findings (a session, a
 * driver, a log), and one for all sessions without findings. Errors are failures; unreadable
 * records are errors in the sense of JUnit; warnings and notes go to system-out.
 */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <time.h>

#include "base/escape.h"
#include "base/now.h"
#include "base/table.h"
#include "check/subject.h"
#include "report/limit.h"
#include "report/notice.h"
#include "report/reporter.h"
#include "report/stored_findings.h"

/* The maximum per severity in a test case; other formats have all findings. */
#define SHOWN 20

/* The limit for the texts of all stored findings. */
#define TEXT_MAX ((size_t)32 << 20)

struct junit_case {
	struct table_entry entry;
	struct junit_case *next;
	struct stored_findings stored;
	bool unreadable;
	char key[]; /* entry in the table */
};

struct junit {
	struct table table;
	struct junit_case *first, *last;
	uint64_t cases, failures, errors;
	bool unreadable; /* a record could not be read */
	struct limit limit;
};

/* The parts of the name of the case, with sizes, so that keys are unique. */
struct junit_key {
	uint64_t boot_ordinal;
	size_t file, host, boot, driver, io;
	uint32_t session, incarnation;
	bool has_session;
};

static int junit_begin(struct report_output *output)
{
	struct junit *junit = calloc(1, sizeof *junit);

	if (!junit)
		return -ENOMEM;
	table_init(&junit->table);
	junit->limit = (struct limit) { .places = limit_places, .text_room = TEXT_MAX };
	output->state = junit;
	return 0;
}

static char *put_text(char *at, struct sessionlint_text text)
{
	if (text.size > 0)
		memcpy(at, text.data, text.size);
	return at + text.size;
}

static struct junit_case *new_case(const struct sessionlint_finding *finding, size_t *ret_size)
{
	struct sessionlint_text file = path_shown(finding->file), none = { 0 };
	bool known = subject_is_named(finding);
	struct sessionlint_text host = known ? finding->host : none;
	struct sessionlint_text boot = known ? finding->boot : none;
	struct junit_key key;
	struct junit_case *new;
	char *at;

	memset(&key, 0, sizeof key); /* with padding */
	key.boot_ordinal = known && !boot.size ? finding->boot_ordinal : 0;
	key.file = file.size;
	key.host = host.size;
	key.boot = boot.size;
	key.driver = finding->driver.size;
	key.io = finding->io.size;
	key.session = finding->has_session ? finding->session : 0;
	key.incarnation = known && finding->incarnation > 1 ? finding->incarnation : 1;
	key.has_session = finding->has_session;
	*ret_size = sizeof key + key.file + key.host + key.boot + key.driver + key.io;
	new = calloc(1, sizeof *new + *ret_size);
	if (!new)
		return NULL;
	memcpy(new->key, &key, sizeof key);
	at = put_text(new->key + sizeof key, file);
	at = put_text(at, host);
	at = put_text(at, boot);
	at = put_text(at, finding->driver);
	put_text(at, finding->io);
	stored_findings_init(&new->stored, SHOWN);
	return new;
}

/* Adds a case whose key has @size bytes. Frees it if memory runs out. */
static int add_case(struct junit *junit, struct junit_case *new, size_t size)
{
	int r = table_add(&junit->table, &new->entry, text_of(new->key, size));

	if (r < 0) {
		free(new);
		return r;
	}
	if (junit->last)
		junit->last->next = new;
	else
		junit->first = new;
	junit->last = new;
	junit->cases++;
	return 0;
}

static int take_finding(struct junit *junit, const struct sessionlint_finding *finding)
{
	size_t size;
	struct junit_case *new = new_case(finding, &size), *known;
	int r;

	if (!new)
		return -ENOMEM;
	known = (struct junit_case *)table_find(&junit->table, text_of(new->key, size));
	/* a full case counts the others itself */
	if (!(known && stored_findings_full(&known->stored, finding)) &&
	    !limit_take(&junit->limit, finding)) {
		free(new);
		return 0;
	}
	if (known) {
		free(new);
	} else {
		r = add_case(junit, new, size);
		if (r < 0)
			return r;
		known = new;
	}
	r = stored_findings_add(&known->stored, finding);
	known->unreadable |= finding->severity == SESSIONLINT_SEVERITY_ERROR &&
			     finding->rule == SESSIONLINT_RULE_MALFORMED;
	return r;
}

static void junit_finding(struct report_output *output, const struct sessionlint_finding *finding)
{
	int r = take_finding(output->state, finding);

	if (r < 0)
		output->error = r;
}

/* One of the most severe findings of the case; NULL: memory ran out. */
static const struct sessionlint_finding *any_of(const struct junit_case *of)
{
	for (unsigned severity = SESSIONLINT_SEVERITY_ERROR + 1; severity-- > 0;)
		if (of->stored.of[severity].first)
			return &of->stored.of[severity].first->finding;
	return NULL;
}

static bool failed(const struct junit_case *of)
{
	return of->stored.of[SESSIONLINT_SEVERITY_ERROR].first != NULL;
}

static void write_name(FILE *file, const struct sessionlint_finding *finding)
{
	if (subject_is_named(finding))
		subject_write_session(file, finding, escape_xml);
	else
		fputs("the log", file);
}

static void write_list(FILE *file, const struct finding_list *list)
{
	for (const struct stored_finding *one = list->first; one; one = one->next) {
		const struct sessionlint_finding *finding = &one->finding;

		fprintf(file, "line %" PRIu64 ": %s: ", finding->line,
			sessionlint_severity_name(finding->severity));
		if (who_known(finding)) {
			who_write(file, finding, escape_xml);
			fputs(": ", file);
		}
		escape_xml(file, finding->message);
		fprintf(file, " [%s]%s", sessionlint_rule_info(finding->rule)->name,
			finding->cascade ? " (cascade)" : "");
		if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE) {
			fputs(" (suppressed: ", file);
			escape_xml(file, finding->reason);
			putc(')', file);
		}
		putc('\n', file);
		if (finding->history_count > 0 && finding->severity != SESSIONLINT_SEVERITY_NOTE)
			history_write(file, finding, escape_xml, path_shown);
		if (witnesses_shown(finding)) {
			fputs("  ", file);
			witnesses_write(file, finding, escape_xml, path_shown, UINT_MAX);
			putc('\n', file);
		}
	}
	if (list->omitted)
		fprintf(file, "and %" PRIu64 " more of them\n", list->omitted);
}

/* The strict schema does not have these attributes. */
static void write_place(FILE *file, const struct sessionlint_finding *finding)
{
	fputs(" file=\"", file);
	escape_xml(file, path_shown(finding->file));
	fprintf(file, "\" line=\"%" PRIu64 "\"", line_shown(finding));
}

static void write_case(FILE *file, const struct junit_case *of, enum junit_flavor flavor)
{
	const struct sessionlint_finding *worst = any_of(of);

	if (!worst)
		return;
	fputs("<testcase name=\"", file);
	write_name(file, worst);
	fputs("\" classname=\"", file);
	escape_xml(file, path_shown(worst->file));
	fputs("\" time=\"0\"", file);
	if (flavor == JUNIT_FLAVOR_GITLAB)
		write_place(file, worst);
	if (!failed(of)) {
		fputs("/>\n", file);
		return;
	}
	fprintf(file, "><%s type=\"%s\" message=\"", of->unreadable ? "error" : "failure",
		sessionlint_rule_info(worst->rule)->name);
	escape_xml(file, worst->message);
	fputs("\">", file);
	for (unsigned severity = SESSIONLINT_SEVERITY_ERROR; severity > 0; severity--)
		write_list(file, &of->stored.of[severity]);
	fprintf(file, "</%s></testcase>\n", of->unreadable ? "error" : "failure");
}

static void write_property(FILE *file, const char *name, uint64_t value)
{
	fprintf(file, "<property name=\"%s\" value=\"%" PRIu64 "\"/>\n", name, value);
}

/* The schema has no time zone: it is UTC. */
static void write_timestamp(FILE *file)
{
	time_t now = (time_t)now_seconds();
	struct tm utc = { .tm_year = 70, .tm_mday = 1 };
	char text[32];

#ifdef _WIN32
	gmtime_s(&utc, &now);
#else
	gmtime_r(&now, &utc);
#endif
	/* the schema requires a year of four digits */
	if (utc.tm_year < -900 || utc.tm_year > 8099)
		utc = (struct tm) { .tm_year = 70, .tm_mday = 1 };
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &utc);
	fputs(text, file);
}

static void write_head(FILE *file, const struct junit *junit, const struct run_totals *totals)
{
	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n<testsuite id=\"0\" "
	      "name=\"sessionlint\" package=\"sessionlint\" hostname=\"localhost\" timestamp=\"",
	      file);
	write_timestamp(file);
	fprintf(file,
		"\" tests=\"%" PRIu64 "\" failures=\"%" PRIu64 "\" errors=\"%" PRIu64
		"\" time=\"0\">\n<properties>\n",
		junit->cases, junit->failures, junit->errors);
	write_property(file, "files", totals->files);
	write_property(file, "events", totals->events);
	write_property(file, "sessions", totals->incarnations);
	write_property(file, "conforming", totals->conforming);
	write_property(file, "violating", totals->violating);
	write_property(file, "undetermined", totals->undetermined);
	write_property(file, "unfinished", totals->unfinished);
	write_property(file, "forgotten", totals->forgotten);
	fputs("</properties>\n", file);
}

static void write_passed(FILE *file, const struct junit_case *of)
{
	const struct sessionlint_finding *any = any_of(of);

	if (!any || (failed(of) && !of->stored.of[SESSIONLINT_SEVERITY_OFF].first))
		return;
	fputs("in ", file);
	escape_xml(file, path_shown(any->file));
	fputs(", ", file);
	write_name(file, any);
	fputs(":\n", file);
	if (!failed(of)) {
		write_list(file, &of->stored.of[SESSIONLINT_SEVERITY_WARNING]);
		write_list(file, &of->stored.of[SESSIONLINT_SEVERITY_NOTE]);
	}
	write_list(file, &of->stored.of[SESSIONLINT_SEVERITY_OFF]);
}

/* ---- other failures ---- */

/* Test cases for whatever else fails a run. */
static const struct notice_case {
	const char *name, *element, *type, *message;
	enum notice_kind kinds[2];
} notice_cases[] = {
	{ "the run",
	  "error",
	  "failed",
	  "the job could not be done in full",
	  { NOTICE_FAILED, NOTICE_FAILED } },
	{ "undetermined sessions",
	  "failure",
	  "run/undetermined",
	  "some sessions have no verdict (--fail-on-undetermined)",
	  { NOTICE_UNDETERMINED, NOTICE_UNDETERMINED } },
	{ "baseline",
	  "failure",
	  "baseline/stale",
	  "some of its entries no longer match anything",
	  { NOTICE_STALE, NOTICE_EXPIRED } },
};
#define NOTICE_CASES (sizeof notice_cases / sizeof notice_cases[0])

static bool is_of(const struct report_notice *notice, const struct notice_case *of)
{
	return notice->kind == of->kinds[0] || notice->kind == of->kinds[1];
}

/* Whether the run has such a case; a failure need not be about a file. */
static bool notice_fails(const struct report_output *output, const struct junit *junit,
			 const struct notice_case *of)
{
	for (size_t i = 0; i < output->notice_count; i++)
		if (is_of(&output->notices[i], of) &&
		    output->notices[i].severity == SESSIONLINT_SEVERITY_ERROR)
			return true;
	return of->kinds[0] == NOTICE_FAILED && output->status == 2 && !junit->unreadable;
}

static void write_notices(const struct report_output *output, const struct notice_case *of)
{
	FILE *file = output->file;
	size_t count = 0;

	for (size_t i = 0; i < output->notice_count; i++) {
		const struct report_notice *notice = &output->notices[i];

		if (!is_of(notice, of) || ++count > SHOWN)
			continue;
		fputs("in ", file);
		escape_xml(file, path_shown(notice->file));
		if (notice_line(notice))
			fprintf(file, ", line %u", notice_line(notice));
		fprintf(file, ": %s: ", sessionlint_severity_name(notice->severity));
		notice_write(file, notice, escape_xml);
		fprintf(file, " [%s]\n", notice_name(notice));
	}
	if (count > SHOWN)
		fprintf(file, "and %zu more of them\n", count - SHOWN);
	if (count == 0 && of->kinds[0] == NOTICE_FAILED)
		fputs("see standard error", file);
}

static void write_notice_cases(const struct report_output *output, const struct junit *junit)
{
	FILE *file = output->file;

	for (unsigned i = 0; i < NOTICE_CASES; i++) {
		const struct notice_case *of = &notice_cases[i];

		if (!notice_fails(output, junit, of))
			continue;
		fprintf(file,
			"<testcase name=\"%s\" classname=\"sessionlint\" time=\"0\"><%s "
			"type=\"%s\" message=\"%s\">",
			of->name, of->element, of->type, of->message);
		write_notices(output, of);
		fprintf(file, "</%s></testcase>\n", of->element);
	}
}

/* The case that says that findings are left out; it fails if errors are. */
static void write_omitted(FILE *file, const struct junit *junit)
{
	bool fails = junit->limit.omitted[SESSIONLINT_SEVERITY_ERROR] > 0;

	if (limit_omitted(&junit->limit) == 0)
		return;
	fputs("<testcase name=\"findings that are left out\" classname=\"sessionlint\" time=\"0\"",
	      file);
	if (fails) {
		fputs("><failure type=\"omitted\" message=\"", file);
		limit_write(file, &junit->limit, "findings");
		fputs("\"></failure></testcase>\n", file);
	} else {
		fputs("/>\n", file);
	}
}

static void count_cases(struct junit *junit, const struct report_output *output)
{
	for (const struct junit_case *of = junit->first; of; of = of->next) {
		junit->errors += of->unreadable;
		junit->failures += failed(of) && !of->unreadable;
	}
	junit->unreadable = junit->errors > 0;
	junit->cases++; /* the sessions without findings */
	junit->cases += limit_omitted(&junit->limit) > 0;
	junit->failures += junit->limit.omitted[SESSIONLINT_SEVERITY_ERROR] > 0;
	for (unsigned i = 0; i < NOTICE_CASES; i++) {
		bool fails = notice_fails(output, junit, &notice_cases[i]);

		junit->cases += fails;
		junit->errors += fails && notice_cases[i].kinds[0] == NOTICE_FAILED;
		junit->failures += fails && notice_cases[i].kinds[0] != NOTICE_FAILED;
	}
}

static void junit_free(struct junit *junit)
{
	while (junit->first) {
		struct junit_case *of = junit->first;

		junit->first = of->next;
		stored_findings_free(&of->stored);
		free(of);
	}
	table_free(&junit->table);
	free(junit);
}

static void junit_end(struct report_output *output, const struct run_totals *totals)
{
	struct junit *junit = output->state;
	FILE *file = output->file;

	count_cases(junit, output);
	write_head(file, junit, totals);
	for (const struct junit_case *of = junit->first; of; of = of->next)
		write_case(file, of, output->junit_flavor);
	write_omitted(file, junit);
	write_notice_cases(output, junit);
	fputs("<testcase name=\"all sessions without findings\" classname=\"sessionlint\" "
	      "time=\"0\"/>\n<system-out>",
	      file);
	for (const struct junit_case *of = junit->first; of; of = of->next)
		write_passed(file, of);
	for (unsigned i = 0; i < NOTICE_CASES; i++)
		if (notice_cases[i].kinds[0] != NOTICE_FAILED &&
		    !notice_fails(output, junit, &notice_cases[i]))
			write_notices(output, &notice_cases[i]);
	if (limit_omitted(&junit->limit) > 0) {
		limit_write(file, &junit->limit, "findings");
		putc('\n', file);
	}
	fputs("</system-out>\n<system-err></system-err>\n</testsuite>\n</testsuites>\n", file);
	junit_free(junit);
}

const struct reporter reporter_junit = {
	.name = "junit",
	.summary = "JUnit XML: one test case per session with findings, and one for all others",
	.begin = junit_begin,
	.finding = junit_finding,
	.end = junit_end,
};
