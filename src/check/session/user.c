/* SPDX-License-Identifier: MIT */
/* Who is logged on: the user of the Logon. Later records of the session must name the same user. */
#include <errno.h>
#include <stdlib.h>

#include "check/finding.h"
#include "check/session/session.h"
#include "trace/user_names.h"

#define ROOM_MIN 32U

/* The text, or nothing if it is too long to store. */
static struct sessionlint_text stored_text(struct sessionlint_text text)
{
	return text.size > USER_MAX_SIZE ? text_of(NULL, 0) : text;
}

/* Stores who is logged on, and from where; @user may be the stored one. -ENOMEM. */
static int user_keep(struct session_detail *detail, struct sessionlint_text user,
		     struct sessionlint_text address)
{
	bool same = user.size && user.data == detail->user;
	size_t size;

	user = stored_text(user);
	address = stored_text(address);
	size = user.size + address.size;
	if (size > detail->user_room) {
		size_t room = size < ROOM_MIN ? ROOM_MIN : size;
		char *grown = realloc(detail->user, room);

		if (!grown)
			return -ENOMEM;
		detail->user = grown;
		detail->user_room = (uint16_t)room;
	}
	if (user.size && !same)
		memcpy(detail->user, user.data, user.size);
	if (address.size)
		memcpy(detail->user + user.size, address.data, address.size);
	detail->user_size = (uint16_t)user.size;
	detail->address_size = (uint16_t)address.size;
	return 0;
}

static int report_other(struct subject *subject, struct sessionlint_text user)
{
	const struct record *record = subject->record;
	bool from = record->address.size > 0;

	return report(subject, SESSIONLINT_RULE_WRONG_USER, NO_PARTICULARS,
		      "%s names the user %.*s%s%.*s, but %.*s is logged on",
		      record->activity ? "the record" : event_text(subject->checker, record->event),
		      (int)record->user.size, record->user.data, from ? " from " : "",
		      (int)record->address.size, from ? record->address.data : "", (int)user.size,
		      user.data);
}

/* Learns from the record, which names @user or nobody else, who is logged on. -ENOMEM. */
static int user_follow(struct session_detail *detail, const struct record *record,
		       struct sessionlint_text user)
{
	bool logon = record->event == SESSIONLINT_EVENT_LOGON;

	if (logon || !user.size)
		user = record->user;
	if (logon || record->address.size || (record->user.size && !detail->user_size))
		return user_keep(detail, user, record->address);
	return 0;
}

int check_user(struct subject *subject, uint32_t number, bool judged)
{
	const struct record *record = subject->record;
	bool logon = record->event == SESSIONLINT_EVENT_LOGON;
	bool logoff = record->event == SESSIONLINT_EVENT_LOGOFF ||
		      record->event == SESSIONLINT_EVENT_TERMINATED ||
		      record->event == SESSIONLINT_EVENT_CREATED;
	struct session_detail *detail = details_at(&subject->checker->details, number);
	struct sessionlint_text user;
	bool other;
	int r = 0, stored;

	if (!detail && (record->user.size || record->address.size))
		r = details_make(&subject->checker->details, number, &detail);
	/* of most sessions no user is known */
	if (r < 0 || !detail ||
	    !(detail->user_size | detail->address_size | record->user.size | record->address.size))
		return r;
	user = text_of(detail->user, detail->user_size);
	other = !logon && user.size && record->user.size && !user_may_be(user, record->user);
	if (other && judged)
		r = report_other(subject, user);
	if (logoff)
		detail->user_size = detail->address_size = 0;
	if (logoff || other)
		return r;
	stored = user_follow(detail, record, user);
	return r < 0 ? r : stored;
}
