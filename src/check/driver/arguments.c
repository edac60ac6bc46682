/* SPDX-License-Identifier: MIT */
/* Checks arguments and results of calls against the pages of the routines. */
#include "check/driver/arguments.h"

#include "check/finding.h"
#include "check/host.h"
#include "check/state/registrations.h"

static void expected_add(struct expected_statuses *expected, uint32_t status)
{
	expected->statuses[expected->count++] = status;
}

bool expected_include(const struct expected_statuses *expected, uint32_t status)
{
	for (unsigned i = 0; i < expected->count; i++)
		if (expected->statuses[i] == status)
			return true;
	return false;
}

int check_irql(struct subject *subject)
{
	const struct record *record = subject->record;
	const char *what = contract_call_name(record->contract->call);

	if (record->kind == RECORD_NOTIFY)
		what = record->contract->phase == PHASE_END ? "the callback returned"
							    : "the callback is called";
	if (record->contract->irql <= APC_LEVEL)
		return 0;
	return report(subject, SESSIONLINT_RULE_IRQL, NO_PARTICULARS,
		      "%s at IRQL %u; the maximum is APC_LEVEL, %u", what, record->contract->irql,
		      APC_LEVEL);
}

/* ---- arguments ---- */

static int check_size(struct subject *subject, struct expected_statuses *expected)
{
	const struct record *record = subject->record;
	const struct contract *contract = record->contract;
	unsigned pointer_size = host_pointer_size(subject->checker, subject->host);
	unsigned size = pointer_size == 4 ? NOTIFICATION_SIZE_32 : NOTIFICATION_SIZE_64;
	bool bad_size = record_has(record, KEY_SIZE) && contract->size != size;
	bool bad_length = record_has(record, KEY_LENGTH) && contract->length != size;

	if (bad_size)
		expected_add(expected, STATUS_INVALID_PARAMETER_3);
	if (bad_length)
		expected_add(expected, STATUS_INVALID_PARAMETER_4);
	if (!bad_size && !bad_length)
		return 0;
	return report(subject, SESSIONLINT_RULE_BAD_SIZE, NO_PARTICULARS,
		      "%s is %u; IO_SESSION_STATE_NOTIFICATION has %u bytes if pointers have %u",
		      bad_size && bad_length ? "Size and Length are wrong: Size"
		      : bad_size             ? "Size"
					     : "Length",
		      bad_size ? contract->size : contract->length, size, pointer_size);
}

static int check_flags(struct subject *subject, struct expected_statuses *expected)
{
	uint32_t flags = subject->record->contract->flags;

	if (flags == 0)
		return 0;
	expected_add(expected, STATUS_INVALID_PARAMETER_3);
	return report(subject, SESSIONLINT_RULE_BAD_FLAGS, NO_PARTICULARS,
		      "Flags is 0x%x; no flags are defined", flags);
}

static int check_mask(struct subject *subject, struct expected_statuses *expected)
{
	uint32_t mask = subject->record->contract->mask;
	uint32_t stray = mask & ~IO_SESSION_STATE_VALID_EVENT_MASK;

	if (mask == IO_SESSION_STATE_ALL_EVENTS || (mask && !stray))
		return 0;
	expected_add(expected, STATUS_INVALID_PARAMETER_3);
	if (mask == 0)
		return report(subject, SESSIONLINT_RULE_BAD_MASK, NO_PARTICULARS,
			      "EventMask is 0: it selects no event");
	return report(subject, SESSIONLINT_RULE_BAD_MASK, NO_PARTICULARS,
		      "EventMask is 0x%x; the bits 0x%x are undefined", mask, stray);
}

static int check_class(struct subject *subject, struct expected_statuses *expected)
{
	const struct contract *contract = subject->record->contract;

	if (contract->class_number == 0)
		return 0;
	expected_add(expected, STATUS_INVALID_PARAMETER_1);
	return report(subject, SESSIONLINT_RULE_BAD_ARGUMENT, NO_PARTICULARS,
		      "the class is %u; %s accepts only 0", contract->class_number,
		      contract_call_name(contract->call));
}

static int check_null(struct subject *subject, struct expected_statuses *expected,
		      enum record_key key, struct sessionlint_text handle, uint32_t status)
{
	if (!record_has(subject->record, key) || !handle_is_null(handle))
		return 0;
	expected_add(expected, status);
	return report(subject, SESSIONLINT_RULE_BAD_ARGUMENT, NO_PARTICULARS, "%s is NULL",
		      key == KEY_IO ? "IoObject" : "ContainerObject");
}

int check_register_arguments(struct subject *subject, struct expected_statuses *expected)
{
	int r = check_class(subject, expected);

	if (r == 0)
		r = check_null(subject, expected, KEY_IO, subject->record->contract->io,
			       STATUS_INVALID_PARAMETER_3);
	if (r == 0)
		r = check_size(subject, expected);
	if (r == 0)
		r = check_flags(subject, expected);
	return r == 0 ? check_mask(subject, expected) : r;
}

/* ---- results ---- */

/* "A", "A or B", "A, B or C": the results that such a call can return. */
static const char *answers_text(const struct subject *subject,
				const struct expected_statuses *expected, bool registered)
{
	struct expected_statuses answers = { .count = 0 };
	struct sessionlint_text text = text_from("");
	char status[STATUS_TEXT_SIZE];

	for (unsigned i = 0; i < expected->count; i++)
		if (!expected_include(&answers, expected->statuses[i]))
			expected_add(&answers, expected->statuses[i]);
	if (expected->count == 0)
		expected_add(&answers, STATUS_SUCCESS);
	if (subject->record->contract->call == CALL_REGISTER)
		expected_add(&answers, STATUS_INSUFFICIENT_RESOURCES);
	if (registered)
		expected_add(&answers, STATUS_ALREADY_COMMITTED);
	for (unsigned i = 0; i < answers.count; i++)
		text = arena_format(&subject->checker->arena, "%s%s%s", text.data ? text.data : "",
				    text_or(i, answers.count),
				    status_text(answers.statuses[i], status));
	return text.data ? text.data : "";
}

bool status_is_unlisted(const struct contract *contract)
{
	static const uint32_t of_register[] = {
		STATUS_INVALID_PARAMETER_1,    STATUS_INVALID_PARAMETER_3,
		STATUS_INVALID_PARAMETER_4,    STATUS_ALREADY_COMMITTED,
		STATUS_INSUFFICIENT_RESOURCES,
	};
	static const uint32_t of_get[] = {
		STATUS_INVALID_PARAMETER_1,
		STATUS_INVALID_PARAMETER_2,
		STATUS_INVALID_PARAMETER_4,
	};
	bool registers = contract->call == CALL_REGISTER;
	const uint32_t *listed = registers ? of_register : of_get;
	size_t count = registers ? sizeof of_register / sizeof of_register[0]
				 : sizeof of_get / sizeof of_get[0];

	for (size_t i = 0; i < count; i++)
		if (listed[i] == contract->status)
			return false;
	return status_is_error(contract->status);
}

int report_unlisted(struct subject *subject)
{
	const struct contract *contract = subject->record->contract;
	struct particulars particulars = NO_PARTICULARS;
	char status[STATUS_TEXT_SIZE];

	particulars.severity_change = -1;
	return report(subject, SESSIONLINT_RULE_BAD_STATUS, particulars,
		      "%s returned %s, which its page does not list",
		      contract_call_name(contract->call), status_text(contract->status, status));
}

int report_status(struct subject *subject, const struct expected_statuses *expected,
		  bool registered)
{
	const struct contract *contract = subject->record->contract;
	const char *call = contract_call_name(contract->call);
	char status[STATUS_TEXT_SIZE];

	if (registered && (expected->count == 0 || contract->status == STATUS_SUCCESS))
		return report(subject, SESSIONLINT_RULE_DUPLICATE, NO_PARTICULARS,
			      "the I/O object is registered; %s returned %s, not "
			      "STATUS_ALREADY_COMMITTED",
			      call, status_text(contract->status, status));
	if (contract->call == CALL_REGISTER && contract->status == STATUS_ALREADY_COMMITTED)
		return report(subject, SESSIONLINT_RULE_BAD_STATUS, NO_PARTICULARS,
			      "%s returned STATUS_ALREADY_COMMITTED, but the I/O object is not "
			      "registered",
			      call);
	return report(subject, SESSIONLINT_RULE_BAD_STATUS, NO_PARTICULARS,
		      "%s returned %s; expected %s", call, status_text(contract->status, status),
		      answers_text(subject, expected, registered));
}

int report_callback_status(struct subject *subject)
{
	const struct record *record = subject->record;
	struct particulars particulars = NO_PARTICULARS;
	char status[STATUS_TEXT_SIZE];

	/* an error is allowed; a status that is neither success nor error is not */
	if (!status_is_error(record->contract->status)) {
		particulars.severity_change = 1;
		return report(
			subject, SESSIONLINT_RULE_FAILED, particulars,
			"the callback returned %s for %s, which is neither STATUS_SUCCESS nor an "
			"error status",
			status_text(record->contract->status, status),
			event_text(subject->checker, record->event));
	}
	return report(subject, SESSIONLINT_RULE_FAILED, particulars,
		      "the callback returned %s for %s",
		      status_text(record->contract->status, status),
		      event_text(subject->checker, record->event));
}

int check_get(struct subject *subject)
{
	const struct record *record = subject->record;
	const struct contract *contract = record->contract;
	struct expected_statuses expected = { .count = 0 };
	int r = check_class(subject, &expected);

	if (r == 0)
		r = check_null(subject, &expected, KEY_SESSION_OBJECT, contract->session_object,
			       STATUS_INVALID_PARAMETER_2);
	if (r == 0 && record_has(record, KEY_LENGTH) && contract->length < STATE_INFORMATION_SIZE) {
		expected_add(&expected, STATUS_INVALID_PARAMETER_4);
		r = report(subject, SESSIONLINT_RULE_BAD_ARGUMENT, NO_PARTICULARS,
			   "Length is %u; IO_SESSION_STATE_INFORMATION has %u bytes",
			   contract->length, STATE_INFORMATION_SIZE);
	}
	if (r < 0 || expected_include(&expected, contract->status) ||
	    (expected.count == 0 && contract->status == STATUS_SUCCESS))
		return r;
	if (status_is_unlisted(contract))
		return report_unlisted(subject);
	return report_status(subject, &expected, false);
}
