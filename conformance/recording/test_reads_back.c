/* SPDX-License-Identifier: MIT */
/*
 * What session_trace.h writes, the reader of traces reads: every record, with random and extreme
 * numbers and texts of any bytes, comes back with the values that went in.
 */
#include <session_trace.h>

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "trace/contract.h"
#include "trace/keys.h"
#include "trace/reader.h"

#define ROUNDS     2000
#define KINDS      9
#define TEXT_BYTES 40
#define LINE_BYTES 4096

/* Everything that a round writes, in all of its records. */
struct round {
	char host[TEXT_BYTES], boot[TEXT_BYTES], driver[TEXT_BYTES], reason[TEXT_BYTES];
	struct session_trace_origin origin;
	uintptr_t io, session_object, context, registration;
	uint32_t session, event, from, to, state, class_number, size, length, flags, mask;
	uint32_t device_session, payload_length;
	int32_t status;
	bool unknown; /* which session a notification is of */
	unsigned char payload[8];
};

static uint64_t random_state = 88172645463325252;

static uint64_t random_next(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return random_state;
}

/* Small, large and the largest numbers alike. */
static uint64_t random_number(void)
{
	switch (random_next() % 4) {
	case 0:
		return random_next() % 12;
	case 1:
		return UINT64_MAX;
	default:
		return random_next() >> random_next() % 64;
	}
}

static uint32_t random_number32(void)
{
	return (uint32_t)random_number();
}

/* Up to TEXT_BYTES - 1 bytes; at least one, because an empty text is not written. */
static void random_text(char text[TEXT_BYTES])
{
	size_t size = 1 + (size_t)(random_next() % (TEXT_BYTES - 1));
	bool ascii = random_next() % 2;

	memset(text, 0, TEXT_BYTES);
	for (size_t i = 0; i < size; i++)
		text[i] = (char)(1 + random_next() % (ascii ? 127 : 255));
}

static void round_make(struct round *round)
{
	random_text(round->host);
	random_text(round->boot);
	random_text(round->driver);
	random_text(round->reason);
	round->origin = (struct session_trace_origin) {
		/* up to the year 9999 */
		.time = 1 + random_next() % 2650467743999999999,
		.seq = random_number(),
		.has_seq = 1,
		.host = round->host,
		.boot = round->boot,
		.driver = round->driver,
		.phase = (int)(random_next() % 3),
		.irql = (uint32_t)(random_next() % 256),
		.has_irql = random_next() % 2,
	};
	round->origin.has_seq_end = round->origin.seq < UINT64_MAX && random_next() % 2;
	round->origin.seq_end = round->origin.seq + 1;
	round->unknown = random_next() % 4 == 0;
	round->io = (uintptr_t)random_number();
	round->session_object = (uintptr_t)random_number();
	round->context = (uintptr_t)random_number();
	round->registration = (uintptr_t)random_number();
	round->session = random_number32();
	round->event = random_number32();
	round->from = random_number32();
	round->to = random_number32();
	round->state = random_number32();
	round->class_number = random_number32();
	round->size = random_number32();
	round->length = random_number32();
	round->flags = random_number32();
	round->mask = random_number32();
	round->device_session = random_number32();
	round->payload_length = random_number32();
	round->status = random_next() % 2 ? 0 : (int32_t)random_number32();
	for (unsigned i = 0; i < sizeof round->payload; i++)
		round->payload[i] = (unsigned char)random_next();
}

static const void *pointer(uintptr_t number)
{
	return (const void *)number;
}

static session_trace_size write_notify(const struct round *round, char *buffer, size_t size)
{
	struct session_trace_notification it = {
		.session = round->session,
		.event = round->event,
		.io = pointer(round->io),
		.session_object = pointer(round->session_object),
		.context = pointer(round->context),
		.payload = round->payload,
		.payload_length = round->payload_length,
		.has_status = 1,
		.status = round->status,
		.session_unknown = round->unknown,
	};

	return session_trace_notify(buffer, size, &round->origin, &it);
}

static session_trace_size write_register(const struct round *round, char *buffer, size_t size)
{
	struct session_trace_registration it = {
		.notification_class = round->class_number,
		.length = round->length,
		.size = round->size,
		.flags = round->flags,
		.io = pointer(round->io),
		.mask = round->mask,
		.context = pointer(round->context),
		.status = round->status,
		.registration = pointer(round->registration),
	};

	return session_trace_register(buffer, size, &round->origin, &it);
}

static session_trace_size write_get(const struct round *round, char *buffer, size_t size)
{
	struct session_trace_inquiry it = {
		.information_class = round->class_number,
		.session_object = pointer(round->session_object),
		.length = round->length,
		.status = round->status,
		.session = round->session,
	};

	return session_trace_get_information(buffer, size, &round->origin, &it);
}

static session_trace_size write_event(const struct round *round, char *buffer, size_t size)
{
	struct session_trace_change it = {
		.session = round->session,
		.event = round->event,
		.has_states = 1,
		.from = round->from,
		.to = round->to,
		.has_payload = 1,
		.payload = round->payload,
		.payload_length = round->payload_length,
		.user = round->reason,
		.user_units = TEXT_BYTES / 2,
	};

	return session_trace_event(buffer, size, &round->origin, &it);
}

/* Writes the record of number @kind. */
static session_trace_size write_record(const struct round *round, unsigned kind, char *buffer,
				       size_t size)
{
	const struct session_trace_origin *origin = &round->origin;

	switch (kind) {
	case 0:
		return write_notify(round, buffer, size);
	case 1:
		return write_register(round, buffer, size);
	case 2:
		return session_trace_unregister(buffer, size, origin, pointer(round->registration),
						pointer(round->io));
	case 3:
		return write_get(round, buffer, size);
	case 4:
	case 5:
		return session_trace_object(buffer, size, origin, kind == 4, pointer(round->io),
					    round->device_session);
	case 6:
		return session_trace_sample(buffer, size, origin, round->session, round->state,
					    round->payload[4], pointer(round->session_object));
	case 7:
		return write_event(round, buffer, size);
	default:
		return session_trace_marker(buffer, size, origin, "gap", round->reason);
	}
}

static bool same_text(struct sessionlint_text text, const char *expected)
{
	return text_equal(text, text_from(expected));
}

/* Whether the record has the key exactly if @expected, and then the number. */
static bool has_number(const struct record *record, enum record_key key, bool expected,
		       uint64_t got, uint64_t number)
{
	return record_has(record, key) == expected && (!expected || got == number);
}

static bool has_address(const struct record *record, enum record_key key, bool expected,
			struct sessionlint_text got, uintptr_t address)
{
	char text[32];

	snprintf(text, sizeof text, "0x%llx", (unsigned long long)address);
	return record_has(record, key) == expected && (!expected || same_text(got, text));
}

static uint32_t payload_session(const struct round *round)
{
	const unsigned char *bytes = round->payload;

	return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static bool origin_is(const struct record *record, const struct round *round)
{
	return record->time == round->origin.time && record->seq == round->origin.seq &&
	       record_has(record, KEY_SEQ) && same_text(record->host, round->host) &&
	       same_text(record->boot, round->boot);
}

/* The payload, in notifications and events. */
static bool payload_is(const struct record *record, const struct round *round)
{
	const struct contract *got = record->contract;
	uint32_t length = round->payload_length;

	return got->payload_length == length &&
	       has_number(record, KEY_PAYLOAD_SESSION, length >= 4, got->payload_session,
			  payload_session(round)) &&
	       has_number(record, KEY_PAYLOAD_LOCAL, length >= 5 && round->event == 3,
			  got->payload_local, round->payload[4] != 0);
}

static bool is_begin(const struct round *round)
{
	return round->origin.phase == SESSION_TRACE_BEGIN;
}

/* What belongs to calls and callbacks. */
static bool call_origin_is(const struct record *record, const struct round *round)
{
	const struct contract *got = record->contract;
	const struct session_trace_origin *origin = &round->origin;

	return got->phase == origin->phase &&
	       has_number(record, KEY_SEQ_END, origin->phase == 0 && origin->has_seq_end,
			  got->seq_end, origin->seq_end) &&
	       has_number(record, KEY_IRQL, origin->has_irql, got->irql, origin->irql);
}

static bool status_is(const struct record *record, const struct round *round)
{
	return has_number(record, KEY_STATUS, !is_begin(round), record->contract->status,
			  (uint32_t)round->status);
}

static bool notify_is(const struct record *record, const struct round *round)
{
	const struct contract *got = record->contract;

	return record->kind == RECORD_NOTIFY && call_origin_is(record, round) &&
	       has_number(record, KEY_SESSION, !round->unknown, record->session, round->session) &&
	       record->event == round->event && same_text(got->driver, round->driver) &&
	       has_address(record, KEY_IO, true, got->io, round->io) &&
	       has_address(record, KEY_SESSION_OBJECT, true, got->session_object,
			   round->session_object) &&
	       has_address(record, KEY_CONTEXT, true, got->context, round->context) &&
	       status_is(record, round) && payload_is(record, round);
}

static bool register_is(const struct record *record, const struct round *round)
{
	const struct contract *got = record->contract;

	return record->kind == RECORD_CALL && got->call == CALL_REGISTER &&
	       call_origin_is(record, round) && record->pointer_size == sizeof(void *) &&
	       same_text(got->driver, round->driver) &&
	       has_number(record, KEY_CLASS, true, got->class_number, round->class_number) &&
	       has_number(record, KEY_SIZE, true, got->size, round->size) &&
	       has_number(record, KEY_LENGTH, true, got->length, round->length) &&
	       has_number(record, KEY_FLAGS, true, got->flags, round->flags) &&
	       has_number(record, KEY_MASK, true, got->mask, round->mask) &&
	       has_address(record, KEY_IO, true, got->io, round->io) &&
	       has_address(record, KEY_CONTEXT, true, got->context, round->context) &&
	       has_address(record, KEY_REGISTRATION, round->status == 0 && !is_begin(round),
			   got->registration, round->registration) &&
	       status_is(record, round);
}

static bool call_is(const struct record *record, const struct round *round, unsigned kind)
{
	const struct contract *got = record->contract;

	if (record->kind != RECORD_CALL || !same_text(got->driver, round->driver) ||
	    !call_origin_is(record, round))
		return false;
	if (kind == 2)
		return got->call == CALL_UNREGISTER &&
		       has_address(record, KEY_REGISTRATION, true, got->registration,
				   round->registration) &&
		       has_address(record, KEY_IO, round->io != 0, got->io, round->io);
	return got->call == CALL_GET && status_is(record, round) &&
	       has_number(record, KEY_SESSION, round->status == 0 && !is_begin(round),
			  record->session, round->session) &&
	       has_number(record, KEY_CLASS, true, got->class_number, round->class_number) &&
	       has_number(record, KEY_LENGTH, true, got->length, round->length) &&
	       has_address(record, KEY_SESSION_OBJECT, true, got->session_object,
			   round->session_object);
}

static bool object_is(const struct record *record, const struct round *round, unsigned kind)
{
	const struct contract *got = record->contract;

	return record->kind == RECORD_OBJECT && same_text(got->driver, round->driver) &&
	       got->object == (kind == 4 ? OBJECT_CREATED : OBJECT_DELETED) &&
	       has_address(record, KEY_IO, true, got->io, round->io) &&
	       has_number(record, KEY_DEVICE_SESSION, round->device_session != 0,
			  got->device_session, round->device_session);
}

static bool sample_is(const struct record *record, const struct round *round)
{
	bool valid = round->state == 3 || round->state == 6 || round->state == 7;

	return record->kind == RECORD_STATE && record->session == round->session &&
	       record->state == round->state &&
	       has_number(record, KEY_LOCAL, valid, (record->flags & RECORD_LOCAL) != 0,
			  round->payload[4] != 0) &&
	       same_text(record->contract->driver, round->driver) &&
	       has_address(record, KEY_SESSION_OBJECT, round->session_object != 0,
			   record->contract->session_object, round->session_object);
}

static bool record_is(const struct record *record, const struct round *round, unsigned kind)
{
	if (!origin_is(record, round))
		return false;
	switch (kind) {
	case 0:
		return notify_is(record, round);
	case 1:
		return register_is(record, round);
	case 2:
	case 3:
		return call_is(record, round, kind);
	case 4:
	case 5:
		return object_is(record, round, kind);
	case 6:
		return sample_is(record, round);
	case 7:
		return record->kind == RECORD_EVENT && record->session == round->session &&
		       record->event == round->event && record->from == round->from &&
		       record->to == round->to && record_has(record, KEY_USER) &&
		       payload_is(record, round);
	default:
		return record->kind == RECORD_MARKER && record->marker == MARKER_GAP &&
		       same_text(record->reason, round->reason);
	}
}

/* Puts the lines of all rounds into a file without a name. NULL: there is none, or a line failed.
 */
static FILE *lines_write(struct round *rounds)
{
	FILE *file = tmpfile();

	for (unsigned i = 0; file && i < ROUNDS; i++) {
		round_make(&rounds[i]);
		for (unsigned kind = 0; kind < KINDS; kind++) {
			static char line[LINE_BYTES];
			size_t length = write_record(&rounds[i], kind, line, sizeof line);

			if (length >= sizeof line || length != strlen(line)) {
				tap_note("round %u, kind %u needs %zu bytes", i, kind, length);
				return NULL;
			}
			fprintf(file, "%s\n", line);
		}
	}
	if (file && (fflush(file) != 0 || lseek(fileno(file), 0, SEEK_SET) < 0))
		return NULL;
	return file;
}

int main(void)
{
	static struct round rounds[ROUNDS];
	static struct batch batch;
	unsigned records = 0, wrong[KINDS] = { 0 };
	struct reader reader;
	FILE *file = lines_write(rounds);
	int r;

	if (!tap_ok(file != NULL, "%u lines are written", ROUNDS * KINDS))
		return tap_done();
	r = reader_open(&reader, log_of_descriptor(fileno(file)), &(struct reader_options) { 0 });
	tap_ok(r == 0, "the file is a trace");
	while (r == 0 && (r = reader_read(&reader, &batch)) == 0 && batch.count > 0) {
		for (unsigned i = 0; i < batch.count; i++, records++) {
			struct record *record = &batch.records[i];
			unsigned kind = records % KINDS;

			if (records >= ROUNDS * KINDS ||
			    record_is(record, &rounds[records / KINDS], kind))
				continue;
			if (wrong[kind]++ == 0)
				tap_note("line %u: %.*s", records + 1, (int)record->reason.size,
					 record->reason.data ? record->reason.data : "");
		}
	}
	tap_ok(r == 0 && records == ROUNDS * KINDS, "each line is one record");
	for (unsigned kind = 0; kind < KINDS; kind++) {
		static const char *const names[KINDS] = {
			"notification", "registration", "unregistration", "inquiry", "creation",
			"deletion",     "sample",       "event",          "marker"
		};

		tap_ok(wrong[kind] == 0, "every %s comes back as it went in", names[kind]);
	}
	reader_close(&reader);
	arena_free(&batch.arena);
	fclose(file);
	return tap_done();
}
