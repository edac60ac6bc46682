/* SPDX-License-Identifier: MIT */
/* What SENS and WTS tell of a session besides its transitions: locks, shells, users. */
#include <errno.h>
#include <stdlib.h>

#include "check/checker.h"

#define STATE(name) (1U << (SESSIONLINT_STATE_##name - 1))
#define LOGGED_ON   (STATE(LOGGED_ON) | STATE(DISCONNECTED_LOGGED_ON))
#define CONNECTED   (STATE(CONNECTED) | STATE(LOGGED_ON) | STATE(LOGGED_OFF))

/*
 * "WM_WTSSESSION_CHANGE message": a session is locked and unlocked by the user who is logged on; it
 * is remotely controlled where it is, or has just been, connected. "ISensLogon2 interface
 * (sensevts.h)": PostShell comes when the shell is up behind a Logon. A session can be disconnected
 * before any of them is told, so that DisconnectedLoggedOn is always one of the states.
 */
static const struct {
	const char *name;
	unsigned states;
} activities[] = {
	[MODEL_NO_ACTIVITY] = { "", SESSIONLINT_BELIEF_ANY },
	[MODEL_LOCK] = { "a lock, which needs a user who is logged on,", LOGGED_ON },
	[MODEL_UNLOCK] = { "an unlock, which needs a user who is logged on,", LOGGED_ON },
	[MODEL_REMOTE_CONTROL] = { "remote control", CONNECTED | STATE(DISCONNECTED) |
							     STATE(DISCONNECTED_LOGGED_ON) },
	[MODEL_SHELL] = { "the shell, which needs a user who is logged on,", LOGGED_ON },
	[MODEL_DESKTOP] = { "a desktop that is ready", CONNECTED | STATE(DISCONNECTED_LOGGED_ON) },
	[MODEL_SCREEN_SAVER] = { "a screen saver", CONNECTED | STATE(DISCONNECTED_LOGGED_ON) },
};

sessionlint_belief activity_states(unsigned activity)
{
	return (sessionlint_belief)activities[activity].states;
}

const char *activity_name(unsigned activity)
{
	return activities[activity].name;
}

static bool is_ascii(char c)
{
	return (unsigned char)c < 0x80;
}

/*
 * Whether two account names can be one: Windows does not tell upper from lower case. Letters beyond
 * ASCII are not looked at closely, so that no two spellings of one name are ever told apart.
 */
static bool same_name(struct sessionlint_text a, struct sessionlint_text b)
{
	size_t i = 0, j = 0;

	while (i < a.size && j < b.size) {
		if (is_ascii(a.data[i]) != is_ascii(b.data[j]))
			return false;
		if (is_ascii(a.data[i])) {
			if (ascii_lower(a.data[i++]) != ascii_lower(b.data[j++]))
				return false;
			continue;
		}
		while (i < a.size && !is_ascii(a.data[i]))
			i++;
		while (j < b.size && !is_ascii(b.data[j]))
			j++;
	}
	return i == a.size && j == b.size;
}

/* The part behind the domain. */
static struct sessionlint_text account_of(struct sessionlint_text user)
{
	const char *slash = user.size ? memchr(user.data, '\\', user.size) : NULL;

	return slash ? text_of(slash + 1, user.size - (size_t)(slash + 1 - user.data)) : user;
}

static bool same_user(struct sessionlint_text a, struct sessionlint_text b)
{
	bool domains = account_of(a).size != a.size && account_of(b).size != b.size;

	return domains ? same_name(a, b) : same_name(account_of(a), account_of(b));
}

static int user_keep(struct session_detail *detail, struct sessionlint_text user)
{
	char *copy = NULL;

	if (user.size && user.size <= USER_MAX_SIZE) {
		copy = malloc(user.size);
		if (!copy)
			return -ENOMEM;
		memcpy(copy, user.data, user.size);
	}
	free((void *)(uintptr_t)detail->user.data);
	detail->user = text_of(copy, copy ? user.size : 0);
	return 0;
}

int check_user(struct subject *subject, uint32_t number)
{
	const struct record *record = subject->record;
	bool logon = record->event == SESSIONLINT_EVENT_LOGON;
	bool logoff = record->event == SESSIONLINT_EVENT_LOGOFF ||
		      record->event == SESSIONLINT_EVENT_TERMINATED ||
		      record->event == SESSIONLINT_EVENT_CREATED;
	struct session_detail *detail = details_at(&subject->checker->details, number);
	int r = 0;

	if (record->source != SESSIONLINT_SOURCE_SENS || record->kind != RECORD_EVENT)
		return 0;
	if (!detail && record->user.size)
		r = details_make(&subject->checker->details, number, &detail);
	if (r < 0 || !detail)
		return r;
	if (!logon && detail->user.size && record->user.size &&
	    !same_user(detail->user, record->user))
		r = report(subject, SESSIONLINT_RULE_WRONG_USER, NO_PARTICULARS,
			   "%s names the user %.*s, but %.*s is logged on",
			   record->activity ? "the record"
					    : event_text(subject->checker, record->event),
			   (int)record->user.size, record->user.data, (int)detail->user.size,
			   detail->user.data);
	if (logoff)
		return r < 0 ? r : user_keep(detail, text_of(NULL, 0));
	if (logon || !detail->user.size) {
		int kept = user_keep(detail, record->user);

		r = r < 0 ? r : kept;
	}
	return r;
}
