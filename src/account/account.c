/* SPDX-License-Identifier: MIT */
#include "account/account.h"

#include <errno.h>
#include <stdlib.h>

#include "account/completeness.h"
#include "account/internal.h"
#include "base/array.h"
#include "trace/annotation.h"

void account_init(struct account *account, uint64_t window)
{
	*account = (struct account) { .window = window };
	account_names_init(&account->names);
	account_names_init(&account->details);
	account_visibility_tabulate(&account->visibility);
}

void account_free(struct account *account)
{
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		free(account->logs[log].list);
		free(account->order.places[log]);
	}
	account_names_free(&account->names);
	account_names_free(&account->details);
	free(account->files);
	free(account->order.list);
	free(account->jumps);
	free(account->items);
	free(account->sorted);
	free(account->between);
	free(account->subjects);
	free(account->witnesses);
	free(account->conflicts);
	free(account->begins);
	free(account->annotations);
	free(account->persons);
	completeness_free(account);
	*account = (struct account) { .window = account->window };
}

bool account_takes(const struct record *record)
{
	if (account_log_of(record->source) == ACCOUNT_LOGS)
		return false;
	if (record->kind == RECORD_EVENT)
		return record->event < MODEL_EVENTS;
	if (record->kind != RECORD_MARKER)
		return false;
	return record->marker == MARKER_BOOT || record->marker == MARKER_SHUTDOWN ||
	       record->marker == MARKER_SERVICE || record->marker == MARKER_REPORTED;
}

int account_begin_file(struct account *account, const char *name, bool windows_log)
{
	struct account_file *files, *file;

	files = array_grow(account->files, account->file_count, &account->file_capacity,
			   sizeof *files);
	if (!files)
		return -ENOMEM;
	account->files = files;
	file = &files[account->file_count++];
	*file = (struct account_file) { .name = name, .windows_log = windows_log };
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		file->first[log] = account->logs[log].count;
	return 0;
}

/* What is stored of @record; false: it is not a witness. */
static bool convert(const struct record *record, struct account_record *ret_stored)
{
	ret_stored->event = 0;
	if (record->kind == RECORD_EVENT) {
		ret_stored->kind = ACCOUNT_EVENT;
		ret_stored->event = (uint8_t)record->event;
		return record->event != SESSIONLINT_EVENT_IGNORE;
	}
	switch ((enum record_marker)record->marker) {
	case MARKER_BOOT:
		ret_stored->kind = ACCOUNT_BOOT;
		return true;
	case MARKER_SHUTDOWN:
		ret_stored->kind = ACCOUNT_SHUTDOWN;
		return true;
	case MARKER_REPORTED:
		ret_stored->kind = ACCOUNT_REPORTED;
		return true;
	case MARKER_NONE:
	case MARKER_GAP:
	case MARKER_END:
	case MARKER_SERVICE:
	case MARKER_REMARK:
	case MARKER_LEFTOVER:
		break;
	}
	return false;
}

/* Gives a record without a time that of the one before it in its log. */
static void time_from_neighbor(const struct account_records *log, const struct account_file *file,
			       unsigned number, struct account_record *stored)
{
	if (stored->time != SESSIONLINT_NO_TIME)
		return;
	stored->flags |= ACCOUNT_UNTIMED;
	stored->time = log->count > file->first[number] ? log->list[log->count - 1].time : 0;
}

/* Stores what other records may have too. */
static int add_details(struct account *account, const struct record *record,
		       struct account_record *stored)
{
	struct account_details details = { .file = (uint32_t)account->file_count - 1 };
	const struct account_naming list[] = {
		{ record->user, &details.user },
		{ record->address, &details.address },
		{ record->host, &details.host },
		{ record->reason, &details.reason },
	};
	int r = account_names_numbers(&account->names, list, sizeof list / sizeof list[0]);

	return r < 0 ? r
		     : account_names_number(&account->details,
					    text_of((const char *)&details, sizeof details),
					    &stored->details);
}

/* Whether the process that writes the records of a log is the winlogon of their session. */
static bool names_winlogon(unsigned log)
{
	return log == ACCOUNT_LOG_SYSTEM || log == ACCOUNT_LOG_WINLOGON;
}

int account_add(struct account *account, const struct record *record, bool missing)
{
	unsigned number = account_log_of(record->source);
	struct account_file *file = &account->files[account->file_count - 1];
	struct account_records *log = &account->logs[number];
	struct account_record *list, stored = {
		.time = record->time,
		.line = record->line,
		.offset = (record->offset < ACCOUNT_OFFSET_MAX ? record->offset
							       : ACCOUNT_OFFSET_MAX) &
			  ACCOUNT_OFFSET_MAX,
		.session = record_has(record, KEY_SESSION) ? record->session : ACCOUNT_NONE,
		.process = names_winlogon(number) && record->annotation
				   ? record->annotation->process
				   : 0,
	};
	int r;

	if (!convert(record, &stored))
		return 0;
	if (number == ACCOUNT_LOG_WINLOGON) {
		stored.process = stored.session;
		stored.session = ACCOUNT_NONE;
	}
	if (account->record_count >= ACCOUNT_RECORDS_MAX)
		return -EOVERFLOW;
	list = array_grow(log->list, log->count, &log->capacity, sizeof *list);
	if (!list)
		return -ENOMEM;
	log->list = list;
	r = add_details(account, record, &stored);
	if (r < 0)
		return r;
	time_from_neighbor(log, file, number, &stored);
	if (missing || file->gaps & 1U << number)
		stored.flags |= ACCOUNT_AFTER_GAP;
	file->gaps &= (uint8_t) ~(1U << number);
	if (record->flags & RECORD_HOST_IS_LABEL)
		stored.flags |= ACCOUNT_LABELED;
	log->list[log->count++] = stored;
	account->record_count++;
	return 0;
}

void account_add_gap(struct account *account)
{
	if (account->file_count > 0)
		account->files[account->file_count - 1].gaps = UINT8_MAX;
}

bool account_is_unknown(const struct account *account, const struct account_item *item)
{
	return account_subject(account, item)->unnamed &&
	       !(account->visibility.may[item->event][item->from] >> ACCOUNT_LOG_WINLOGON & 1);
}

bool account_is_implied(const struct account_item *item)
{
	return item->event == SESSIONLINT_EVENT_TERMINATED &&
	       (item->from == SESSIONLINT_STATE_LOGGED_ON ||
		item->from == SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON);
}
