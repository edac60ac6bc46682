/* SPDX-License-Identifier: MIT */
#include "certificate/log_numbers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/fold.h"
#include "base/hash.h"
#include "order/streams.h"

/* So many numbers in a row show with which one a count begins. */
#define IN_ORDER 32U

void log_numbers_forget(struct log_numbers *numbers)
{
	for (size_t i = 0; i < numbers->room; i++) {
		struct log_host *host = &numbers->hosts[i];

		text_disown(&host->boot);
		for (struct log_stream *stream = host->streams, *next; stream; stream = next) {
			next = stream->next;
			text_disown(&stream->driver);
			free(stream);
		}
	}
	free(numbers->hosts);
	text_disown(&numbers->boot_of);
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

struct log_stream *log_numbers_stream(const struct log_numbers *numbers,
				      const struct record *record, uint32_t number)
{
	struct log_host *host = number < numbers->room ? &numbers->hosts[number] : NULL;
	struct sessionlint_text driver = record_driver(record);
	struct log_stream *stream;
	uint32_t hash;

	if (!host)
		return NULL;
	if (host->recent && text_equal(host->recent->driver, driver))
		return host->recent;
	hash = driver_hash(driver);
	for (stream = host->streams; stream; stream = stream->next)
		if (stream->hash == hash && text_alike(stream->driver, driver))
			break;
	host->recent = stream;
	return stream;
}

/* The same; it is added if it is not there, and not too many are. NULL: no memory. */
static struct log_stream *stream_at(struct log_numbers *numbers, const struct record *record,
				    uint32_t number)
{
	struct log_stream *stream = log_numbers_stream(numbers, record, number);
	struct log_host *host = &numbers->hosts[number];

	if (stream)
		return stream;
	if (host->stream_count == STREAMS_OF_HOST) {
		numbers->crowded = true;
		return host->streams;
	}
	stream = calloc(1, sizeof *stream);
	if (!stream)
		return NULL;
	if (text_set(&stream->driver, record_driver(record)) < 0) {
		free(stream);
		return NULL;
	}
	stream->hash = driver_hash(stream->driver);
	numbers->several |= host->streams || stream->driver.size > 0;
	stream->next = host->streams;
	host->streams = host->recent = stream;
	host->stream_count++;
	return stream;
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

void log_numbers_end(struct log_numbers *numbers, uint32_t number, struct sessionlint_text driver)
{
	if (number < numbers->room)
		numbers->hosts[number].nameless |= driver.size == 0;
}

bool log_numbers_is_late(const struct log_numbers *numbers, const struct record *record,
			 uint32_t number, uint64_t before)
{
	const struct log_stream *stream = log_numbers_stream(numbers, record, number);
	const struct log_host *host;

	if (!stream)
		return false;
	host = &numbers->hosts[number];
	if (host->boot.data)
		return false;
	return record->seq == before || (numbers->stop > host->line && record->seq < before) ||
	       (record->seq < stream->first && stream->row >= IN_ORDER);
}

/* Follows how many numbers go on from the one before. */
static void follow_row(struct log_stream *stream, uint64_t seq)
{
	if (!stream->numbered)
		stream->first = seq;
	stream->row += stream->numbered ? seq == stream->seq + 1 : seq <= 1;
}

/* Whether the host has started since the last number of the stream, as a marker without one says.
 */
static bool is_restarted(const struct log_numbers *numbers, const struct log_stream *stream,
			 const struct record *record)
{
	return stream->boots != numbers->boots &&
	       (numbers->boot_of.size == 0 || text_alike(numbers->boot_of, record->host));
}

bool log_numbers_may_restart(const struct log_numbers *numbers, const struct log_stream *stream,
			     const struct record *record, uint32_t number)
{
	const struct log_host *host = &numbers->hosts[number];

	return host->starts != stream->starts || is_restarted(numbers, stream, record) ||
	       (record_has(record, KEY_BOOT) && !text_equal(host->boot, record->boot)) ||
	       (record->kind == RECORD_MARKER && record->marker == MARKER_BOOT);
}

/* Whether the record is a marker after which sessions may have ended. */
static bool is_common(const struct record *record)
{
	return record->kind == RECORD_MARKER && record->marker != MARKER_SHUTDOWN &&
	       record->marker != MARKER_REPORTED;
}

int log_numbers_follow(struct log_numbers *numbers, const struct record *record, uint32_t number,
		       bool lost)
{
	bool marker = record->kind == RECORD_MARKER && record->marker == MARKER_BOOT;
	struct log_host *host = host_at(numbers, number);
	int differs = host ? follow_value(host, record) : -ENOMEM;
	struct log_stream *stream;

	if (differs < 0)
		return differs;
	follow_line(numbers, host, record, marker, differs);
	host->starts += marker || differs;
	numbers->named |= record_has(record, KEY_BOOT);
	if (!record_has(record, KEY_SEQ)) {
		numbers->boots += marker;
		differs = marker ? text_set(&numbers->boot_of, record->host) : 0;
		return differs < 0 ? differs : 0;
	}
	stream = stream_at(numbers, record, number);
	if (!stream)
		return -ENOMEM;
	/* a count of 32 bits may have wrapped */
	numbers->wrapped |= record->seq < numbers->last_seq && numbers->last_seq > UINT32_MAX / 2;
	numbers->large |= record->seq > UINT32_MAX;
	numbers->again_in_trace |= numbers->numbered && record->seq <= numbers->last_seq;
	numbers->zero |= record->seq == 0 && !lost &&
			 !(stream->numbered && stream->seq == UINT32_MAX);
	numbers->one |= record->seq == 1 && !lost &&
			!(stream->numbered && stream->seq == 0 && !differs);
	numbers->one_in_trace |= record->seq == 1 && !lost &&
				 !(numbers->numbered && numbers->last_seq == 0);
	numbers->loaded |= stream->numbered && record->seq <= 1 && record->seq <= stream->seq &&
			   !marker && !differs && record_has(record, KEY_DRIVER) &&
			   !is_restarted(numbers, stream, record);
	/* records with the same number are in the order of the file */
	numbers->again |= host->numbered &&
			  (record->seq < host->seq ||
			   (record->seq == host->seq && record->line < host->line));
	if (stream->count < STREAM_NUMBERS)
		stream->list[stream->count++] = (struct log_number) {
			record->seq, record->line,
			record_has(record, KEY_BOOT) ? text_hash(record->boot) | 1U : 0
		};
	if (stream->row < IN_ORDER)
		follow_row(stream, record->seq);
	host->common |= is_common(record) || (lost && stream->driver.size == 0);
	stream->line = record->line;
	if (marker)
		stream->marker = record->line;
	stream->boots = numbers->boots;
	stream->starts = host->starts;
	numbers->numbered = host->numbered = stream->numbered = true;
	numbers->last_seq = host->seq = stream->seq = record->seq;
	return 0;
}
