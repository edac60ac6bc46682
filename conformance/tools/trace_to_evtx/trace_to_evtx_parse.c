/* SPDX-License-Identifier: MIT */
/*
 *	line	 = pair *(space pair)
 *	pair	 = key "=" (bare | quoted)
 *	bare	 = one or more characters, no space, no quotation mark
 *	quoted	 = quotation mark, characters and escapes \\ \" \n \r \t, quotation mark
 *
 * A line with source=wdm, from and to is a whole transition, event 38. Keys that the session
 * manager's log has no place for (boot, and from and to elsewhere) are read over.
 */
#include "trace_to_evtx.h"
#include "trace_to_evtx_time.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

enum key {
	KEY_TIME,
	KEY_SEQUENCE,
	KEY_HOST,
	KEY_SOURCE,
	KEY_SESSION,
	KEY_USER,
	KEY_ADDRESS,
	KEY_REASON,
	KEY_EVENT,
	KEY_FROM,
	KEY_TO,
	KEY_MARKER,
	KEY_ANNOTATION,
	KEY_DOMAIN,
	KEY_CLIENT,
	KEY_LOGON_ID,
	KEY_PROCESS,
	KEY_COUNT,
};

static const char *const key_names[KEY_COUNT] = {
	[KEY_TIME] = "time",
	[KEY_SEQUENCE] = "seq",
	[KEY_HOST] = "host",
	[KEY_SOURCE] = "source",
	[KEY_SESSION] = "session",
	[KEY_USER] = "user",
	[KEY_ADDRESS] = "address",
	[KEY_REASON] = "reason",
	[KEY_EVENT] = "event",
	[KEY_FROM] = "from",
	[KEY_TO] = "to",
	[KEY_MARKER] = "marker",
	[KEY_ANNOTATION] = "annotation",
	[KEY_DOMAIN] = "domain",
	[KEY_CLIENT] = "client",
	[KEY_LOGON_ID] = "logon_id",
	[KEY_PROCESS] = "process",
};

/* Records of these kinds are a driver's or a debugger's. */
static const char *const foreign_keys[] = { "state", "notify", "call", "object" };

struct name {
	const char *name;
	enum trace_kind kind;
};

static const struct name event_names[] = {
	{ "Logon", TRACE_LOGON },
	{ "Logoff", TRACE_LOGOFF },
	{ "Disconnected", TRACE_DISCONNECTED },
	{ "Connected", TRACE_CONNECTED },
};

/* Which events the other logs have. */
static const struct {
	const char *name;
	enum trace_origin source;
	unsigned kinds;
} origins[] = {
	{ "winlogon", TRACE_OF_WINLOGON, 1U << TRACE_LOGON | 1U << TRACE_LOGOFF },
	{ "winlogon-operational", TRACE_OF_WINLOGON_OPERATIONAL,
	  1U << TRACE_LOGON | 1U << TRACE_LOGOFF | 1U << TRACE_DISCONNECTED |
		  1U << TRACE_CONNECTED | 1U << TRACE_CREATED | 1U << TRACE_TERMINATED },
	{ "profile", TRACE_OF_PROFILE, 1U << TRACE_LOGON | 1U << TRACE_LOGOFF },
	{ "rdp", TRACE_OF_RDP, 1U << TRACE_CONNECTED },
};

static const struct name other_names[] = {
	{ "Created", TRACE_CREATED },
	{ "Terminated", TRACE_TERMINATED },
};

static const struct name marker_names[] = {
	{ "boot", TRACE_BOOT },
	{ "shutdown", TRACE_SHUTDOWN },
	{ "reported", TRACE_FAILED },
	{ "gap", TRACE_GAP },
};

static bool is_space(char character)
{
	return character == ' ' || character == '\t';
}

bool trace_line_is_empty(const char *line)
{
	while (is_space(*line))
		line++;
	return *line == '\0' || *line == '#';
}

static char *skip_spaces(char *at)
{
	while (is_space(*at))
		at++;
	return at;
}

/* Takes the escapes out in place. Returns what follows the value, NULL if it is malformed. */
static char *take_quoted(char *at)
{
	static const char escapes[] = "\\\\\"\"n\nr\rt\t";
	char *out = at;

	for (; *at != '"'; at++) {
		if (*at == '\0')
			return NULL;
		if (*at == '\\') {
			const char *escape = escapes;

			at++;
			while (*escape && *escape != *at)
				escape += 2;
			if (!*escape)
				return NULL;
			*out++ = escape[1];
		} else {
			*out++ = *at;
		}
	}
	*out = '\0';
	return at + 1;
}

/* Takes one pair. Returns what follows it, NULL with a message if it is malformed. */
static char *take_pair(char *at, char **ret_key, char **ret_value, const char **ret_message)
{
	char *end = at;
	bool last;

	while (*end && *end != '=' && !is_space(*end) && *end != '"')
		end++;
	*ret_message = "expected key=value";
	if (end == at || *end != '=')
		return NULL;
	*end = '\0';
	*ret_key = at;
	at = end + 1;

	if (*at == '"') {
		*ret_value = at + 1;
		*ret_message = "malformed quoted value";
		at = take_quoted(at + 1);
		if (!at || (*at && !is_space(*at)))
			return NULL;
		return skip_spaces(at);
	}

	*ret_value = at;
	*ret_message = "quotation mark inside a bare value";
	while (*at && !is_space(*at))
		if (*at++ == '"')
			return NULL;
	last = *at == '\0';
	*at = '\0';
	return last ? at : skip_spaces(at + 1);
}

/* Decimal, or hexadecimal with 0x. */
static bool parse_code(const char *text, uint32_t *ret_code)
{
	uint64_t number = 0;

	if (text[0] != '0' || (text[1] != 'x' && text[1] != 'X')) {
		if (!trace_number_parse(text, UINT32_MAX, &number))
			return false;
		*ret_code = (uint32_t)number;
		return true;
	}
	text += 2;
	if (strlen(text) < 1 || strlen(text) > 8)
		return false;
	for (; *text; text++) {
		int digit = tolower((unsigned char)*text);

		if (!isxdigit(digit))
			return false;
		number = number * 16 + (uint64_t)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
	}
	*ret_code = (uint32_t)number;
	return true;
}

static bool equal_without_case(const char *left, const char *right)
{
	while (*left && tolower((unsigned char)*left) == tolower((unsigned char)*right)) {
		left++;
		right++;
	}
	return *left == *right;
}

static bool find_name(const struct name *names, size_t count, const char *text,
		      enum trace_kind *ret_kind)
{
	for (size_t i = 0; i < count; i++) {
		if (equal_without_case(names[i].name, text)) {
			*ret_kind = names[i].kind;
			return true;
		}
	}
	return false;
}

static const char *without_prefix(const char *text)
{
	const char *prefix = "iosessionevent";
	const char *at = text;

	while (*prefix && tolower((unsigned char)*at) == *prefix) {
		prefix++;
		at++;
	}
	return *prefix ? text : at;
}

static int split_line(char *line, char **values, const char **ret_message)
{
	char *at = skip_spaces(line);

	while (*at) {
		char *key;
		char *value;

		at = take_pair(at, &key, &value, ret_message);
		if (!at)
			return -EINVAL;
		for (size_t i = 0; i < sizeof(foreign_keys) / sizeof(foreign_keys[0]); i++) {
			if (strcmp(key, foreign_keys[i]) == 0) {
				*ret_message = "the session manager logs no such record";
				return -EINVAL;
			}
		}
		for (size_t i = 0; i < KEY_COUNT; i++) {
			if (strcmp(key, key_names[i]) != 0)
				continue;
			*ret_message = "a key is given twice";
			if (values[i])
				return -EINVAL;
			values[i] = value;
		}
	}
	return 0;
}

/* reason="StateName,EventName,ErrorCode" is event 36; with "invalid in " before it, 37. */
static bool split_report(char *reason, struct trace_event *event)
{
	static const char invalid[] = "invalid in ";
	char *event_name = reason ? strchr(reason, ',') : NULL;
	char *error_code = event_name ? strchr(event_name + 1, ',') : NULL;

	if (!error_code)
		return false;
	*event_name++ = '\0';
	*error_code++ = '\0';
	if (strncmp(reason, invalid, strlen(invalid)) == 0) {
		event->kind = TRACE_INVALID;
		reason += strlen(invalid);
	}
	event->state_name = reason;
	event->event_name = event_name;
	return parse_code(error_code, &event->error_code);
}

/* What is known of a whole transition is names. */
static const char *read_transition(char **values, struct trace_event *event)
{
	if (!values[KEY_EVENT] || !values[KEY_FROM] || !values[KEY_TO])
		return "source=wdm needs event, from and to";
	event->kind = TRACE_TRANSITION;
	event->event_name = values[KEY_EVENT];
	event->state_name = values[KEY_FROM];
	event->new_state_name = values[KEY_TO];
	return NULL;
}

/* An event of another log than the session manager's; false if it is none. */
static bool read_origin(char **values, struct trace_event *event)
{
	const char *name = values[KEY_EVENT], *source = values[KEY_SOURCE];

	for (size_t i = 0; name && source && i < sizeof(origins) / sizeof(origins[0]); i++) {
		if (strcmp(source, origins[i].name) != 0)
			continue;
		event->source = origins[i].source;
		name = without_prefix(name);
		return (find_name(event_names, sizeof(event_names) / sizeof(event_names[0]), name,
				  &event->kind) ||
			find_name(other_names, sizeof(other_names) / sizeof(other_names[0]), name,
				  &event->kind)) &&
		       origins[i].kinds >> event->kind & 1;
	}
	return false;
}

static const char *read_kind(char **values, struct trace_event *event)
{
	const char *name = values[KEY_EVENT];
	const char *marker = values[KEY_MARKER];

	if (values[KEY_ANNOTATION]) {
		event->annotation = values[KEY_ANNOTATION];
		return trace_annotation_exists(event->annotation) ? NULL : "unknown annotation";
	}
	if (!name == !marker)
		return "expected either an event or a marker";
	if (name && values[KEY_SOURCE] && strcmp(values[KEY_SOURCE], "wdm") == 0)
		return read_transition(values, event);
	if (read_origin(values, event))
		return NULL;
	if (marker && strcmp(marker, "boot") == 0 && values[KEY_SOURCE] &&
	    strcmp(values[KEY_SOURCE], "winlogon") == 0) {
		/* the System log: Kernel-General 12 */
		event->kind = TRACE_BOOT;
		event->source = TRACE_OF_WINLOGON;
		return NULL;
	}
	if (event->source != TRACE_OF_LSM)
		return "the log of that source has no such event";
	if (name && !find_name(event_names, sizeof(event_names) / sizeof(event_names[0]),
			       without_prefix(name), &event->kind))
		return "the session manager does not log this event";
	if (marker && !find_name(marker_names, sizeof(marker_names) / sizeof(marker_names[0]),
				 marker, &event->kind))
		return "the session manager does not log this marker";
	return NULL;
}

/* Returns what is wrong, NULL if nothing is. */
static const char *read_values(char **values, struct trace_event *event)
{
	const char *message = read_kind(values, event);
	uint64_t number = 0;
	bool has_session;

	if (message)
		return message;
	if (event->kind != TRACE_TRANSITION && values[KEY_SOURCE] && !event->annotation &&
	    event->source == TRACE_OF_LSM && strcmp(values[KEY_SOURCE], "lsm") != 0)
		return "the source is not lsm";
	if (event->kind != TRACE_GAP &&
	    (!values[KEY_TIME] || !trace_time_parse(values[KEY_TIME], &event->time)))
		return "the time is missing or malformed";
	if (values[KEY_SEQUENCE] &&
	    (!trace_number_parse(values[KEY_SEQUENCE], UINT64_MAX, &event->sequence) ||
	     event->sequence == 0))
		return "seq is not a positive number";

	has_session = values[KEY_EVENT] || event->kind == TRACE_FAILED;
	if (has_session &&
	    (!values[KEY_SESSION] || !trace_number_parse(values[KEY_SESSION], UINT32_MAX, &number)))
		return "the session is missing or not a 32-bit number";
	event->session = (uint32_t)number;

	if (event->annotation && values[KEY_SESSION] &&
	    !trace_number_parse(values[KEY_SESSION], UINT32_MAX, &number))
		return "the session is not a 32-bit number";
	event->session = (uint32_t)number;
	if ((values[KEY_LOGON_ID] &&
	     !trace_number_parse(values[KEY_LOGON_ID], UINT64_MAX, &event->logon_id)) ||
	    (values[KEY_PROCESS] && !parse_code(values[KEY_PROCESS], &event->process)) ||
	    (event->annotation && values[KEY_REASON] &&
	     !parse_code(values[KEY_REASON], &event->reason)))
		return "expected a number";
	event->domain = values[KEY_DOMAIN];
	event->client = values[KEY_CLIENT];

	if (event->kind == TRACE_FAILED && !split_report(values[KEY_REASON], event))
		return "expected reason=\"StateName,EventName,ErrorCode\"";
	if (event->kind == TRACE_DISCONNECTED && !event->annotation && values[KEY_REASON] &&
	    !parse_code(values[KEY_REASON], &event->reason))
		return "the reason of a disconnect is a 32-bit number";

	event->host = values[KEY_HOST];
	event->user = values[KEY_USER];
	event->address = values[KEY_ADDRESS];
	return NULL;
}

int trace_line_parse(char *line, struct trace_event *ret_event, const char **ret_message)
{
	char *values[KEY_COUNT] = { 0 };
	struct trace_event event = { .reason = TRACE_NO_REASON };
	int error = split_line(line, values, ret_message);

	if (error)
		return error;
	*ret_message = read_values(values, &event);
	if (*ret_message)
		return -EINVAL;
	*ret_event = event;
	return 0;
}
