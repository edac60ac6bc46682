/* SPDX-License-Identifier: MIT */
#include "check/filters.h"

#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "check/run.h"
#include "trace/time.h"

#define TICKS_PER_DAY UINT64_C(864000000000)

/* One of the values of a filter, any of which is enough. */
struct filter_value {
	struct filter_value *next;
	uint32_t session;
	char pattern[];
};

void filters_free(struct filters *filters)
{
	arena_free(&filters->arena);
	*filters = (struct filters) { .since = 0 };
}

static int add_value(struct filters *filters, enum sessionlint_filter kind,
		     struct sessionlint_text pattern, uint32_t session)
{
	struct filter_value *value = arena_allocate(&filters->arena,
						    sizeof *value + pattern.size + 1);

	if (!value)
		return -ENOMEM;
	*value = (struct filter_value) { .next = filters->values[kind], .session = session };
	memcpy(value->pattern, pattern.data, pattern.size);
	value->pattern[pattern.size] = '\0';
	filters->values[kind] = value;
	return 0;
}

static int add_session(struct filters *filters, struct sessionlint_text text)
{
	uint64_t number;

	if (number_parse(text, UINT32_MAX, &number) < 0)
		return -EINVAL;
	return add_value(filters, SESSIONLINT_FILTER_SESSION, text, (uint32_t)number);
}

void filters_set_time(struct filters *filters, enum sessionlint_filter kind, uint64_t time)
{
	if (kind == SESSIONLINT_FILTER_UNTIL) {
		filters->until_given = true;
		filters->until = time;
	} else {
		filters->since_given = true;
		filters->since = time;
	}
}

/* The end of the time that is shown has all of a day. */
static int parse_time(enum sessionlint_filter kind, struct sessionlint_text text,
		      uint64_t *ret_time)
{
	uint64_t time;

	if (text.size == strlen("2026-01-31") && day_parse(text.data, &time) == 0)
		time += kind == SESSIONLINT_FILTER_UNTIL ? TICKS_PER_DAY - 1 : 0;
	else if (time_parse(text, &time) < 0)
		return -EINVAL;
	*ret_time = time;
	return 0;
}

static int set_severity(struct filters *filters, struct sessionlint_text text)
{
	enum sessionlint_severity severity;

	if (sessionlint_severity_parse(text.data, text.size, &severity) < 0 ||
	    severity == SESSIONLINT_SEVERITY_OFF)
		return -EINVAL;
	filters->severity = severity;
	return 0;
}

int filters_add(struct filters *filters, enum sessionlint_filter kind,
		struct sessionlint_text value)
{
	uint64_t time;
	int r;

	switch (kind) {
	case SESSIONLINT_FILTER_HOST:
	case SESSIONLINT_FILTER_USER:
	case SESSIONLINT_FILTER_ADDRESS:
		if (value.size == 0 || memchr(value.data, '\0', value.size))
			return -EINVAL;
		return add_value(filters, kind, value, 0);
	case SESSIONLINT_FILTER_SESSION:
		return add_session(filters, value);
	case SESSIONLINT_FILTER_SINCE:
	case SESSIONLINT_FILTER_UNTIL:
		r = parse_time(kind, value, &time);
		if (r == 0)
			filters_set_time(filters, kind, time);
		return r;
	case SESSIONLINT_FILTER_SEVERITY:
		return set_severity(filters, value);
	}
	return -EINVAL;
}

/* ---- what passes ---- */

/* Whether @text is @pattern, in which * stands for any text; upper and lower case are alike. */
static bool matches(const char *pattern, struct sessionlint_text text)
{
	const char *star = NULL;
	size_t at = 0, from = 0;

	while (at < text.size) {
		if (*pattern == '*') {
			star = pattern++;
			from = at;
		} else if (*pattern && ascii_lower(*pattern) == ascii_lower(text.data[at])) {
			pattern++;
			at++;
		} else if (star) {
			pattern = star + 1;
			at = ++from;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static bool pass(const struct filters *filters, enum sessionlint_filter kind,
		 struct sessionlint_text text)
{
	const struct filter_value *value = filters->values[kind];

	if (!value)
		return true;
	for (; value && text.size > 0; value = value->next)
		if (matches(value->pattern, text))
			return true;
	return false;
}

bool filters_host(const struct filters *filters, struct sessionlint_text host)
{
	size_t size = 0;

	if (pass(filters, SESSIONLINT_FILTER_HOST, host))
		return true;
	/* the name alone stands for it in any domain */
	while (size < host.size && host.data[size] != '.')
		size++;
	return pass(filters, SESSIONLINT_FILTER_HOST, text_of(host.data, size));
}

bool filters_session(const struct filters *filters, bool has_session, uint32_t session)
{
	const struct filter_value *value = filters->values[SESSIONLINT_FILTER_SESSION];

	if (!value)
		return true;
	for (; value && has_session; value = value->next)
		if (value->session == session)
			return true;
	return false;
}

/* Whether @pattern is domain and user, of @domain and @user. */
static bool is_domain_user(const char *pattern, struct sessionlint_text user,
			   struct sessionlint_text domain)
{
	const char *slash = strchr(pattern, '\\');

	if (!slash || (size_t)(slash - pattern) != domain.size)
		return false;
	for (size_t i = 0; i < domain.size; i++)
		if (ascii_lower(pattern[i]) != ascii_lower(domain.data[i]))
			return false;
	return matches(slash + 1, user);
}

bool filters_user(const struct filters *filters, struct sessionlint_text user,
		  struct sessionlint_text domain)
{
	const char *slash;

	if (pass(filters, SESSIONLINT_FILTER_USER, user))
		return true;
	slash = user.size > 0 ? memchr(user.data, '\\', user.size) : NULL;
	if (slash && pass(filters, SESSIONLINT_FILTER_USER,
			  text_of(slash + 1, user.size - (size_t)(slash + 1 - user.data))))
		return true;
	for (const struct filter_value *value = filters->values[SESSIONLINT_FILTER_USER]; value;
	     value = value->next)
		if (is_domain_user(value->pattern, user, domain))
			return true;
	return false;
}

bool filters_address(const struct filters *filters, struct sessionlint_text address)
{
	return pass(filters, SESSIONLINT_FILTER_ADDRESS, address);
}

bool filters_severity(const struct filters *filters, enum sessionlint_severity severity)
{
	return severity >= filters->severity;
}

bool filters_time(const struct filters *filters, uint64_t first, uint64_t last)
{
	if (!filters->since_given && !filters->until_given)
		return true;
	if (first == SESSIONLINT_NO_TIME || last == SESSIONLINT_NO_TIME)
		return false;
	return !(filters->since_given && last < filters->since) &&
	       !(filters->until_given && first > filters->until);
}

bool filters_show_finding(const struct filters *filters, const struct sessionlint_finding *finding)
{
	return filters_host(filters, finding->host) &&
	       filters_session(filters, finding->has_session, finding->session) &&
	       filters_user(filters, finding->user, text_of(NULL, 0)) &&
	       filters_address(filters, finding->address) &&
	       filters_severity(filters, finding->severity) &&
	       filters_time(filters, finding->time, finding->time);
}

bool filters_show_annotation(const struct filters *filters,
			     const struct sessionlint_annotation *annotation)
{
	return filters_host(filters, annotation->host) &&
	       filters_session(filters, annotation->has_session, annotation->session) &&
	       filters_user(filters, annotation->user, annotation->domain) &&
	       filters_address(filters, annotation->address) &&
	       filters_time(filters, annotation->time, annotation->time);
}

bool filters_show_step(const struct filters *filters, const struct sessionlint_step *step)
{
	/* of a session, the end is shown of what was begun */
	return filters_host(filters, step->host) && filters_session(filters, true, step->session) &&
	       (step->kind == SESSIONLINT_STEP_END ||
		filters_time(filters, step->time, step->time));
}

/* ---- of a run ---- */

int sessionlint_add_filter(struct sessionlint *run, enum sessionlint_filter filter,
			   const char *value, size_t size)
{
	if (run_is_busy(run))
		return -EBUSY;
	return filters_add(&run->filters, filter, text_of(value, size));
}

void run_set_filters(struct sessionlint *run, const struct filters *filters)
{
	run->checker.options.filters = filters;
}

/* Whether a time, or none, is shown. */
static bool pass_time(const struct filters *filters, enum sessionlint_filter kind,
		      struct sessionlint_text text)
{
	bool until = kind == SESSIONLINT_FILTER_UNTIL;
	uint64_t time;

	if (until ? !filters->until_given : !filters->since_given)
		return true;
	return parse_time(kind, text, &time) == 0 &&
	       (until ? time <= filters->until : time >= filters->since);
}

bool sessionlint_passes_filter(const struct sessionlint *run, enum sessionlint_filter filter,
			       const char *value, size_t size)
{
	const struct filters *filters = &run->filters;
	const struct sessionlint_text text = text_of(value, size), none = { 0 };
	enum sessionlint_severity severity = SESSIONLINT_SEVERITY_OFF;
	uint64_t number = 0;
	bool known;

	switch (filter) {
	case SESSIONLINT_FILTER_HOST:
		return filters_host(filters, text);
	case SESSIONLINT_FILTER_SESSION:
		known = number_parse(text, UINT32_MAX, &number) == 0;
		return filters_session(filters, known, (uint32_t)number);
	case SESSIONLINT_FILTER_USER:
		return filters_user(filters, text, none);
	case SESSIONLINT_FILTER_ADDRESS:
		return filters_address(filters, text);
	case SESSIONLINT_FILTER_SINCE:
	case SESSIONLINT_FILTER_UNTIL:
		return pass_time(filters, filter, text);
	case SESSIONLINT_FILTER_SEVERITY:
		sessionlint_severity_parse(value, size, &severity);
		return filters_severity(filters, severity);
	}
	return false;
}
