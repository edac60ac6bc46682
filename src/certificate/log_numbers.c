/* SPDX-License-Identifier: MIT */
#include "certificate/log_numbers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* So many numbers in a row show with which one a count begins. */
#define IN_ORDER 32U

void log_numbers_forget(struct log_numbers *numbers)
{
	for (size_t i = 0; i < numbers->room; i++)
		free((char *)(uintptr_t)numbers->hosts[i].boot.data);
	free(numbers->hosts);
	*numbers = (struct log_numbers) { 0 };
}

/* What is known of the host, by its number; NULL: no memory. */
static struct log_host *host_at(struct log_numbers *numbers, uint32_t number)
{
	struct log_host *hosts = numbers->hosts;

	/* nearly always it is there */
	if (number >= numbers->room)
		hosts = array_reach(hosts, number, &numbers->room, sizeof *hosts);
	if (!hosts)
		return NULL;
	numbers->hosts = hosts;
	return &hosts[number];
}

/* Follows the value of the key boot. Returns whether it is another one than before, or -ENOMEM. */
static int follow_value(struct log_host *host, const struct record *record)
{
	bool differs;

	if (!record_has(record, KEY_BOOT) || text_equal(host->boot, record->boot))
		return false;
	differs = host->boot.data;
	return text_set(&host->boot, record->boot) < 0 ? -ENOMEM : differs;
}

/* Follows whether the records of a boot are together in the file. */
static void follow_line(struct log_numbers *numbers, struct log_host *host,
			const struct record *record, bool marker, bool differs)
{
	bool named = record_has(record, KEY_BOOT);
	uint64_t line = record->line;

	numbers->moved |= line < host->line;
	if (marker) {
		numbers->mixed |= line < host->line;
		host->begin = line;
	} else if (differs) {
		host->begin = host->line;
	}
	if (marker || differs || (named && line < host->first_line))
		host->first_line = line;
	/* a record that names no boot is of the one before it in the file */
	numbers->mixed |= line < (named ? host->begin : host->first_line);
	if (line > host->line)
		host->line = line;
}

bool log_numbers_is_late(const struct log_numbers *numbers, const struct record *record,
			 uint32_t number, uint64_t before)
{
	const struct log_host *host = number < numbers->room ? &numbers->hosts[number] : NULL;

	if (!host || !host->numbered || host->boot.data)
		return false;
	return record->seq == before || (numbers->stop > host->line && record->seq < before) ||
	       (record->seq < host->first && host->row >= IN_ORDER);
}

/* Follows how many numbers go on from the one before. */
static void follow_row(struct log_host *host, uint64_t seq)
{
	if (!host->numbered)
		host->first = seq;
	host->row += host->numbered ? seq == host->seq + 1 : seq <= 1;
}

int log_numbers_follow(struct log_numbers *numbers, const struct record *record, uint32_t number,
		       bool lost)
{
	bool marker = record->kind == RECORD_MARKER && record->marker == MARKER_BOOT;
	struct log_host *host = host_at(numbers, number);
	int differs = host ? follow_value(host, record) : -ENOMEM;

	if (differs < 0)
		return differs;
	follow_line(numbers, host, record, marker, differs);
	if (!record_has(record, KEY_SEQ))
		return 0;
	/* a count of 32 bits may have wrapped */
	numbers->wrapped |= record->seq < numbers->last_seq && numbers->last_seq > UINT32_MAX / 2;
	numbers->again_in_trace |= numbers->numbered && record->seq <= numbers->last_seq;
	numbers->zero |= record->seq == 0 && !lost && !(host->numbered && host->seq == UINT32_MAX);
	numbers->one |= record->seq == 1 && !lost &&
			!(host->numbered && host->seq == 0 && !differs);
	numbers->loaded |= host->numbered && record->seq <= 1 && record->seq <= host->seq &&
			   !marker && !differs && record_has(record, KEY_DRIVER);
	/* records with the same number are in the order of the file */
	numbers->again |= host->numbered &&
			  (record->seq < host->seq ||
			   (record->seq == host->seq && record->line < host->line));
	if (host->row < IN_ORDER)
		follow_row(host, record->seq);
	numbers->numbered = host->numbered = true;
	numbers->last_seq = host->seq = record->seq;
	return 0;
}
