/* SPDX-License-Identifier: MIT */
#include "cli/filters.h"

#include <string.h>

#include "base/folder.h"
#include "base/number.h"
#include "base/text.h"
#include "trace/time.h"

#define TICKS_PER_DAY UINT64_C(864000000000)

static const char *const severities[] = { "note", "warning", "error", NULL };

const char *filters_severity_at(unsigned index)
{
	return severities[index];
}

/* ---- options ---- */

static int too_many(const struct command *command, const char *option)
{
	return usage_error(command, "too many --%s options", option);
}

static int add_text(const struct command *command, const char *option, const char *value,
		    struct filter_texts *texts)
{
	if (!*value)
		return usage_error(command, "--%s needs a value", option);
	if (texts->count == FILTER_TEXTS_MAX)
		return too_many(command, option);
	texts->list[texts->count++] = value;
	return STATUS_CLEAN;
}

static int add_session(struct filters *filters, const struct command *command, const char *value)
{
	uint64_t number;

	if (number_parse(text_from(value), UINT32_MAX, &number) < 0)
		return usage_error(command, "--session needs the number of a session, not '%s'",
				   value);
	if (filters->session_count == FILTER_TEXTS_MAX)
		return too_many(command, "session");
	filters->sessions[filters->session_count++] = (uint32_t)number;
	return STATUS_CLEAN;
}

/* The end of the time that is shown has all of a day. */
static int set_time(const struct command *command, const char *option, const char *value, bool end,
		    struct filter_time *time)
{
	struct sessionlint_text text = text_from(value);
	struct filter_time parsed = { .given = true };

	if (text.size == strlen("2026-01-31") && day_parse(value, &parsed.time) == 0) {
		parsed.time += end ? TICKS_PER_DAY - 1 : 0;
	} else if (value[0] == '-' && duration_parse(text_from(value + 1), &parsed.time) == 0) {
		parsed.relative = true;
	} else if (time_parse(text, &parsed.time) < 0) {
		return usage_error(
			command,
			"--%s needs a date, a time such as 2026-01-31T08:00:00Z, or -2d, "
			"not '%s'",
			option, value);
	}
	*time = parsed;
	return STATUS_CLEAN;
}

bool filters_set_option(struct filters *filters, const struct command *command, int option,
			const char *value, int *ret_status)
{
	int found;

	switch (option) {
	case FILTER_OPTION_HOST:
		*ret_status = add_text(command, "host", value, &filters->hosts);
		return true;
	case FILTER_OPTION_USER:
		*ret_status = add_text(command, "user", value, &filters->users);
		return true;
	case FILTER_OPTION_ADDRESS:
		*ret_status = add_text(command, "address", value, &filters->addresses);
		return true;
	case FILTER_OPTION_SESSION:
		*ret_status = add_session(filters, command, value);
		return true;
	case FILTER_OPTION_SINCE:
		*ret_status = set_time(command, "since", value, false, &filters->since);
		return true;
	case FILTER_OPTION_UNTIL:
		*ret_status = set_time(command, "until", value, true, &filters->until);
		return true;
	case FILTER_OPTION_SEVERITY:
		found = word_find(command, "severity", value, filters_severity_at);
		if (found >= 0)
			filters->severity = (enum sessionlint_severity)(found + 1);
		*ret_status = found < 0 ? STATUS_FAILED : STATUS_CLEAN;
		return true;
	default:
		return false;
	}
}

/* ---- the last record ---- */

struct last_record {
	uint64_t time; /* or SESSIONLINT_NO_TIME */
};

static void see_time(struct last_record *last, uint64_t time)
{
	if (time != SESSIONLINT_NO_TIME && (last->time == SESSIONLINT_NO_TIME || time > last->time))
		last->time = time;
}

static void see_step(void *userdata, const struct sessionlint_step *step)
{
	see_time(userdata, step->time);
}

static void see_annotation(void *userdata, const struct sessionlint_annotation *annotation)
{
	see_time(userdata, annotation->time);
}

static void make_absolute(struct filter_time *time, uint64_t last)
{
	if (!time->given || !time->relative)
		return;
	time->relative = false;
	time->time = last == SESSIONLINT_NO_TIME || last < time->time ? 0 : last - time->time;
}

int filters_begin(struct filters *filters, const struct logs *logs, char *const *operands,
		  int count)
{
	static const struct logs_listener listener = {
		.step = see_step,
		.annotation = see_annotation,
	};
	struct last_record last = { .time = SESSIONLINT_NO_TIME };
	/* what cannot be read is reported when it is shown */
	struct logs first = *logs;
	struct run_totals totals;

	if (!filters->since.relative && !filters->until.relative)
		return STATUS_CLEAN;
	for (int i = 0; i < count; i++) {
		enum path_kind kind = PATH_FILE;

		if (strcmp(operands[i], "-") != 0)
			path_kind(operands[i], true, &kind);
		if (strcmp(operands[i], "-") == 0 || kind == PATH_OTHER)
			return usage_error(logs->command,
					   "a time before the last record needs files, which can "
					   "be read twice; '%s' cannot be",
					   operands[i]);
	}
	first.silent = true;
	first.hints = false;
	if (logs_listen(&first, operands, count, &listener, &last, &totals) < 0)
		return out_of_memory();
	make_absolute(&filters->since, last.time);
	make_absolute(&filters->until, last.time);
	return STATUS_CLEAN;
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

static bool pass(const struct filter_texts *texts, struct sessionlint_text text)
{
	for (unsigned i = 0; i < texts->count; i++)
		if (text.size > 0 && matches(texts->list[i], text))
			return true;
	return texts->count == 0;
}

bool filters_host(const struct filters *filters, struct sessionlint_text host)
{
	size_t size = 0;

	/* the name alone stands for it in any domain */
	while (size < host.size && host.data[size] != '.')
		size++;
	return pass(&filters->hosts, host) || pass(&filters->hosts, text_of(host.data, size));
}

bool filters_session(const struct filters *filters, bool has_session, uint32_t session)
{
	for (unsigned i = 0; i < filters->session_count; i++)
		if (has_session && filters->sessions[i] == session)
			return true;
	return filters->session_count == 0;
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
	const char *slash = user.size > 0 ? memchr(user.data, '\\', user.size) : NULL;

	if (pass(&filters->users, user))
		return true;
	if (slash &&
	    pass(&filters->users, text_of(slash + 1, user.size - (size_t)(slash + 1 - user.data))))
		return true;
	for (unsigned i = 0; i < filters->users.count; i++)
		if (is_domain_user(filters->users.list[i], user, domain))
			return true;
	return false;
}

bool filters_address(const struct filters *filters, struct sessionlint_text address)
{
	return pass(&filters->addresses, address);
}

bool filters_severity(const struct filters *filters, enum sessionlint_severity severity)
{
	return severity >= filters->severity;
}

bool filters_time(const struct filters *filters, uint64_t first, uint64_t last)
{
	if (!filters->since.given && !filters->until.given)
		return true;
	if (first == SESSIONLINT_NO_TIME || last == SESSIONLINT_NO_TIME)
		return false;
	return !(filters->since.given && last < filters->since.time) &&
	       !(filters->until.given && first > filters->until.time);
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
