/* SPDX-License-Identifier: MIT */
/* Checks the payload of an event or a notification, an IO_SESSION_CONNECT_INFO. */
#include "check/driver/driver.h"
#include "check/finding.h"
#include "trace/contract.h"

#define CONNECTED_STATES                                                                           \
	(1U << (SESSIONLINT_STATE_CONNECTED - 1) | 1U << (SESSIONLINT_STATE_LOGGED_ON - 1) |       \
	 1U << (SESSIONLINT_STATE_LOGGED_OFF - 1))

/* Whether a Connected lacks its IO_SESSION_CONNECT_INFO: a length without a buffer. */
static bool payload_is_missing(const struct record *record)
{
	uint32_t length = record->contract ? record->contract->payload_length : 0;
	bool given = record_has(record, KEY_PAYLOAD_LENGTH);
	bool read = record_has(record, KEY_PAYLOAD_SESSION);

	if (record->event != SESSIONLINT_EVENT_CONNECTED)
		return false;
	if (record->kind != RECORD_NOTIFY || read)
		return given && length == 0;
	return !given || length == 0 || length >= CONNECT_INFO_SIZE;
}

static int check_payload_length(struct subject *subject)
{
	const struct record *record = subject->record;
	uint32_t length = record->contract ? record->contract->payload_length : 0;

	if (length > IO_SESSION_MAX_PAYLOAD_SIZE)
		return report(subject, SESSIONLINT_RULE_PAYLOAD_LENGTH, NO_PARTICULARS,
			      "the payload has %u bytes, more than IO_SESSION_MAX_PAYLOAD_SIZE, %u",
			      length, IO_SESSION_MAX_PAYLOAD_SIZE);
	if (payload_is_missing(record))
		return report(subject, SESSIONLINT_RULE_PAYLOAD_MISSING, NO_PARTICULARS,
			      "Connected has no IO_SESSION_CONNECT_INFO");
	if (length == 0 || length >= CONNECT_INFO_SIZE)
		return 0;
	return report(subject, SESSIONLINT_RULE_PAYLOAD_LENGTH, NO_PARTICULARS,
		      "the payload has %u bytes; IO_SESSION_CONNECT_INFO has %u", length,
		      CONNECT_INFO_SIZE);
}

int check_payload(struct subject *subject, sessionlint_belief where)
{
	const uint64_t keys = KEY_BIT(KEY_PAYLOAD_SESSION) | KEY_BIT(KEY_PAYLOAD_LOCAL) |
			      KEY_BIT(KEY_PAYLOAD_LENGTH);
	const struct record *record = subject->record;
	int r;

	/* only Connected must have one */
	if (!(record->keys & keys) && record->event != SESSIONLINT_EVENT_CONNECTED)
		return 0;
	r = check_payload_length(subject);
	if (r == 0 && record_has(record, KEY_PAYLOAD_SESSION) && record_has(record, KEY_SESSION) &&
	    record->contract->payload_session != record->session)
		r = report(subject, SESSIONLINT_RULE_PAYLOAD_SESSION, NO_PARTICULARS,
			   "the payload names session %u", record->contract->payload_session);
	if (r == 0 && record_has(record, KEY_PAYLOAD_LOCAL) && !(where & CONNECTED_STATES))
		r = report(
			subject, SESSIONLINT_RULE_INVALID_LOCAL, NO_PARTICULARS,
			"%s comes with LocalSession, but the session is not connected afterwards",
			event_text(subject->checker, record->event));
	return r;
}

int check_local(struct subject *subject, bool *ret_valid)
{
	const struct record *record = subject->record;

	*ret_valid = state_is_valid(record->state) && belief_of(record->state) & CONNECTED_STATES;
	if (*ret_valid || !state_is_valid(record->state))
		return 0;
	return report(subject, SESSIONLINT_RULE_INVALID_LOCAL, NO_PARTICULARS,
		      "the sample has LocalSession, but a session in %s is not connected",
		      sessionlint_state_name(record->state));
}
