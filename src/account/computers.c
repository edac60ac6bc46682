/* SPDX-License-Identifier: MIT */
/*
 * Whether all logs name one computer. A computer can get another name, also within a log of
 * Windows; then a log that has both holds those together that have one.
 */
#include <errno.h>
#include <stdlib.h>

#include "account/internal.h"
#include "base/fold.h"

/* Names of computers are at most this long without their domain; of longer ones the rest does not
 * count. */
#define NAME_MAX_SIZE 256

/* Names, which come first, files, and the logs of each file, joined where one has the other. */
struct computers {
	struct account *account;
	struct account_names folded; /* names without domain and letter case */
	uint32_t *heads;             /* by number: another one of its set, or itself */
	uint32_t names;              /* max number of names */
	uint32_t count;              /* of all that can be joined */
	uint32_t *current; /* by number, of logs of a text: the name that it has; NONE: the names
			      of two computers alternate */
	uint32_t *left;    /* by name: the log that has had it before another one, or NONE */
	uint8_t *seen;     /* by number of details: the steps that have been taken for them */
};

static uint32_t head_of(const struct computers *computers, uint32_t one)
{
	while (computers->heads[one] != one)
		one = computers->heads[one] = computers->heads[computers->heads[one]];
	return one;
}

/* The number of a name without domain and letter case, less 1. -ENOMEM. */
static int fold_name(struct computers *computers, uint32_t name, uint32_t *ret_number)
{
	struct sessionlint_text text = account_names_text(&computers->account->names, name);
	const char *dot = memchr(text.data, '.', text.size);
	char folded[NAME_MAX_SIZE + 4];
	size_t size = 0;
	uint32_t number = 0;
	int r;

	if (dot && dot != text.data)
		text.size = (size_t)(dot - text.data);
	for (size_t at = 0; at < text.size && size < NAME_MAX_SIZE;) {
		size_t step = text_fold_at(text, at, folded + size);

		at += step;
		size += step;
	}
	r = account_names_number(&computers->folded, text_of(folded, size), &number);
	if (r == 0)
		*ret_number = number - 1;
	return r;
}

static void join(struct computers *computers, uint32_t one, uint32_t other)
{
	computers->heads[head_of(computers, one)] = head_of(computers, other);
}

/* Joins the file of a record with the name of its computer. */
static int join_file(struct computers *computers, const struct account_record *record)
{
	struct account_details details = account_details(computers->account, record);
	uint32_t number;
	int r = fold_name(computers, details.host, &number);

	if (r == 0 && record->flags & ACCOUNT_LABELED)
		join(computers, computers->names + details.file, number);
	return r;
}

/* The number of a log of a text. */
static uint32_t log_number(const struct computers *computers, uint32_t file, unsigned log)
{
	return computers->names + (uint32_t)computers->account->file_count + file * ACCOUNT_LOGS +
	       log;
}

/* Notes which name a log of a text has now. A text can have the records of several computers, but
 * a computer does not get its old name back: then they alternate. */
static int follow_name(struct computers *computers, const struct account_record *record,
		       unsigned log)
{
	struct account_details details = account_details(computers->account, record);
	uint32_t number = log_number(computers, details.file, log), name;
	uint32_t *current = &computers->current[number];
	int r = fold_name(computers, details.host, &name);

	if (r < 0 || *current == name || *current == ACCOUNT_NONE)
		return r;
	if (*current != number)
		computers->left[*current] = number;
	*current = computers->left[name] == number ? ACCOUNT_NONE : name;
	return 0;
}

/* Joins the names that one log of a text has one after the other. */
static int join_log(struct computers *computers, unsigned log)
{
	const struct account_records *records = &computers->account->logs[log];
	int r = 0;

	for (unsigned step = 0; step < 2; step++) {
		uint32_t last = ACCOUNT_NONE;

		for (size_t i = 0; r == 0 && i < records->count; i++) {
			const struct account_record *record = &records->list[i];
			struct account_details details;
			uint32_t number, name;

			if (record->flags & ACCOUNT_LABELED || record->details == last)
				continue;
			last = record->details;
			details = account_details(computers->account, record);
			if (!details.host)
				continue;
			if (step == 0) {
				r = follow_name(computers, record, log);
				continue;
			}
			number = log_number(computers, details.file, log);
			r = fold_name(computers, details.host, &name);
			if (r == 0 && computers->current[number] != ACCOUNT_NONE)
				join(computers, number, name);
		}
	}
	return r;
}

/* The steps, which are taken once for each details: records that share them name one computer. */
enum {
	SEEN_JOIN = 1 << 0,
	SEEN_JOIN_LABELED = 1 << 1,
	SEEN_ADD = 1 << 2,
};

static bool is_seen(struct computers *computers, const struct account_record *record, unsigned step)
{
	uint8_t *seen = &computers->seen[record->details];

	if (*seen & step)
		return true;
	*seen |= (uint8_t)step;
	return false;
}

static int join_files(struct computers *computers)
{
	const struct account *account = computers->account;
	int r = 0;

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		for (size_t i = 0; r == 0 && i < account->logs[log].count; i++) {
			const struct account_record *record = &account->logs[log].list[i];
			bool labeled = record->flags & ACCOUNT_LABELED;

			if (!is_seen(computers, record, labeled ? SEEN_JOIN_LABELED : SEEN_JOIN) &&
			    account_details(account, record).host)
				r = join_file(computers, record);
		}
	for (unsigned log = 0; r == 0 && log < ACCOUNT_LOGS; log++)
		r = join_log(computers, log);
	return r;
}

/* Adds an item for the first record of each set but the first. */
static int add_items(struct computers *computers)
{
	struct account *account = computers->account;
	uint32_t first = ACCOUNT_NONE;
	int r = 0;

	for (uint32_t place = 0; r == 0 && place < account->order.count; place++) {
		const struct account_record *record = account_place(account, place);
		uint32_t host, head;

		if (is_seen(computers, record, SEEN_ADD))
			continue;
		host = account_details(account, record).host;
		if (!host)
			continue;
		r = fold_name(computers, host, &head);
		if (r < 0)
			break;
		head = head_of(computers, head);
		if (first == ACCOUNT_NONE)
			first = head;
		if (head == first)
			continue;
		r = account_add_note(account, ACCOUNT_ITEM_COMPUTER,
				     (struct account_subject) { .boot = record->boot }, place);
		/* reported once */
		computers->heads[head] = first;
	}
	return r;
}

int account_find_computers(struct account *account)
{
	struct computers computers = { .account = account };
	int r = 0;

	account_names_init(&computers.folded);
	computers.names = (uint32_t)account->names.count;
	computers.count = computers.names + (uint32_t)account->file_count * (ACCOUNT_LOGS + 1);
	computers.heads = malloc((computers.count + 1) * sizeof *computers.heads);
	computers.current = malloc((computers.count + 1) * sizeof *computers.current);
	computers.left = malloc((computers.names + 1) * sizeof *computers.left);
	computers.seen = calloc(account->details.count + 1, 1);
	if (!computers.heads || !computers.current || !computers.left || !computers.seen)
		r = -ENOMEM;
	for (uint32_t i = 0; r == 0 && i < computers.count; i++)
		computers.heads[i] = computers.current[i] = i;
	for (uint32_t i = 0; r == 0 && i < computers.names; i++)
		computers.left[i] = ACCOUNT_NONE;
	if (r == 0)
		r = join_files(&computers);
	if (r == 0)
		r = add_items(&computers);
	account_names_free(&computers.folded);
	free(computers.heads);
	free(computers.current);
	free(computers.left);
	free(computers.seen);
	return r;
}
