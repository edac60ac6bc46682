/* SPDX-License-Identifier: MIT */
/*
 * dump_records [--source=NAME] FILE...
 *
 * Prints the records that the reader of each file delivers, in any format, as one JSON object a
 * line with all their fields; before them one that names the file, behind them one that says how
 * the reading ended. Texts are bytes: see dump.h. '-' is standard input.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dump.h"
#include "trace/allowance.h"
#include "trace/annotation.h"
#include "trace/keys.h"
#include "trace/reader.h"

static void put_number(const char *name, uint64_t number)
{
	printf(",\"%s\":%" PRIu64, name, number);
}

/* A number that may be absent: then there is no such key, and it has the value that says so. */
static void put_optional(const struct record *record, enum record_key key, uint64_t number,
			 uint64_t absent)
{
	if (record_has(record, key) || number != absent)
		put_number(trace_keys[key].name, number);
}

static void put_text(const char *name, struct sessionlint_text text)
{
	if (!text.data)
		return;
	printf(",\"%s\":", name);
	dump_bytes(text.data, text.size);
}

/* A value of the driver's contract, if the record has it. */
static void put_contract_number(const struct record *record, enum record_key key, uint32_t number)
{
	if (record_has(record, key))
		put_number(trace_keys[key].name, number);
}

static void dump_contract(const struct record *record, const struct contract *contract)
{
	put_text("driver", contract->driver);
	if (contract->call != CALL_NONE)
		printf(",\"call\":\"%s\"", contract_call_name(contract->call));
	if (contract->object != OBJECT_NONE)
		printf(",\"object\":\"%s\"",
		       contract->object == OBJECT_CREATED ? "created" : "deleted");
	put_text("io", contract->io);
	put_text("registration", contract->registration);
	put_text("session_object", contract->session_object);
	put_contract_number(record, KEY_CLASS, contract->class_number);
	put_contract_number(record, KEY_SIZE, contract->size);
	put_contract_number(record, KEY_LENGTH, contract->length);
	put_contract_number(record, KEY_FLAGS, contract->flags);
	put_contract_number(record, KEY_MASK, contract->mask);
	put_text("context", contract->context);
	put_contract_number(record, KEY_STATUS, contract->status);
	put_contract_number(record, KEY_PAYLOAD_SESSION, contract->payload_session);
	if (record_has(record, KEY_PAYLOAD_LOCAL))
		printf(",\"payload_local\":%s", contract->payload_local ? "true" : "false");
	put_contract_number(record, KEY_PAYLOAD_LENGTH, contract->payload_length);
	put_contract_number(record, KEY_DEVICE_SESSION, contract->device_session);
	if (record_has(record, KEY_KIND))
		printf(",\"object_kind\":\"%s\"", contract->kind == KIND_DEVICE   ? "device"
						  : contract->kind == KIND_DRIVER ? "driver"
										  : "file");
	put_text("owner", contract->owner);
	if (contract->phase != PHASE_WHOLE)
		printf(",\"phase\":\"%s\"", contract->phase == PHASE_BEGIN ? "begin" : "end");
	if (record_has(record, KEY_SEQ_END))
		put_number("seq_end", contract->seq_end);
	put_contract_number(record, KEY_IRQL, contract->irql);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void dump_allowance(const struct allowance *allowance)
{
	const char *names[RULE_COUNT];
	unsigned count = 0;

	for (unsigned rule = 0; rule < RULE_COUNT; rule++)
		if (allowance->rules >> rule & 1)
			names[count++] = sessionlint_rule_info(rule)->name;
	qsort(names, count, sizeof names[0], by_name);
	printf(",\"allow\":[");
	for (unsigned i = 0; i < count; i++)
		printf("%s\"%s\"", i ? "," : "", names[i]);
	printf("]");
	put_text("allow_reason", allowance->reason);
}

static void put_annotation(const struct annotation *annotation)
{
	printf(",\"annotation\":{\"kind\":%u", annotation->kind);
	put_number("id", annotation->id);
	put_number("process", annotation->process);
	put_number("reason", annotation->reason);
	put_number("logon_id", annotation->logon_id);
	if (annotation->domain.data)
		put_text("domain", annotation->domain);
	if (annotation->client.data)
		put_text("client", annotation->client);
	if (annotation->sid.data)
		put_text("sid", annotation->sid);
	printf("}");
}

static void dump_record(const struct record *record)
{
	static const char *const kinds[] = {
		[RECORD_EVENT] = "event",           [RECORD_STATE] = "state",
		[RECORD_MARKER] = "marker",         [RECORD_MALFORMED] = "malformed",
		[RECORD_NOTIFY] = "notify",         [RECORD_CALL] = "call",
		[RECORD_OBJECT] = "object",         [RECORD_NOTED] = "noted",
		[RECORD_ANNOTATION] = "annotation",
	};
	static const char *const markers[] = {
		[MARKER_NONE] = "none",         [MARKER_BOOT] = "boot",
		[MARKER_SHUTDOWN] = "shutdown", [MARKER_GAP] = "gap",
		[MARKER_END] = "end",           [MARKER_REPORTED] = "reported",
		[MARKER_REMARK] = "remark",     [MARKER_LEFTOVER] = "remark",
		[MARKER_SERVICE] = "service",
	};
	const char *before = "";

	printf("{\"kind\":\"%s\"", kinds[record->kind]);
	put_number("line", record->line);
	put_number("offset", record->offset);
	printf(",\"keys\":[");
	for (unsigned key = 0; key < RECORD_KEYS; key++) {
		if (!record_has(record, (enum record_key)key))
			continue;
		printf("%s\"%s\"", before, trace_keys[key].name);
		before = ",";
	}
	printf("],\"source\":\"%s\",\"marker\":\"%s\"",
	       record->source == RECORD_NO_SOURCE ? "" : sessionlint_source_name(record->source),
	       markers[record->marker]);
	put_number("flags", record->flags);
	put_optional(record, KEY_TIME, record->time, SESSIONLINT_NO_TIME);
	put_number("seq", record->seq);
	put_number("session", record->session);
	if (record_has(record, KEY_POINTER_SIZE))
		put_number("pointer_size", record->pointer_size);
	if (record_has(record, KEY_NOTIFY))
		put_number("event", record->event);
	else
		put_optional(record, KEY_EVENT, record->event, SESSIONLINT_NO_EVENT);
	put_optional(record, KEY_FROM, record->from, SESSIONLINT_NO_STATE);
	put_optional(record, KEY_TO, record->to, SESSIONLINT_NO_STATE);
	put_optional(record, KEY_STATE, record->state, SESSIONLINT_NO_STATE);
	put_text("host", record->host);
	put_text("boot", record->boot);
	put_text("user", record->user);
	put_text("address", record->address);
	put_text("reason", record->reason);
	if (record->allowance)
		dump_allowance(record->allowance);
	if (record->contract)
		dump_contract(record, record->contract);
	if (record->annotation)
		put_annotation(record->annotation);
	printf("}\n");
}

/* The errors that reader_open() names, in words that are the same on every system. */
static const char *error_name(int error)
{
	switch (error) {
	case 0:
		return "";
	case -EBADMSG:
		return "no known format";
	case -ENODATA:
		return "empty";
	case -EISDIR:
		return "folder";
	default:
		return strerror(-error);
	}
}

static void dump_end(const struct reader *reader, int error)
{
	printf("{\"end\":\"%s\"", error_name(error));
	if (reader) {
		printf(",\"format\":\"%s\"", reader->format->name);
		put_number("records", reader->counts.records);
		put_number("noted", reader->counts.noted);
		put_number("skipped", reader->counts.skipped);
		put_number("done", reader->done);
	}
	printf("}\n");
}

static int dump_descriptor(int descriptor, const struct reader_options *options,
			   struct batch *batch)
{
	struct reader reader;
	int r = reader_open(&reader, log_of_descriptor(descriptor), options);

	if (r < 0) {
		dump_end(NULL, r);
		return r;
	}
	do {
		r = reader_read(&reader, batch);
		for (unsigned i = 0; r == 0 && i < batch->count; i++)
			dump_record(&batch->records[i]);
	} while (r == 0 && batch->count > 0);
	dump_end(&reader, r);
	reader_close(&reader);
	return r;
}

static int dump_file(const char *path, const struct reader_options *options, struct batch *batch)
{
	int descriptor = strcmp(path, "-") == 0 ? dup(STDIN_FILENO) : open(path, O_RDONLY);
	struct reader_options named = *options;
	int r;

	named.name = path;
	printf("{\"file\":");
	dump_bytes(path, strlen(path));
	printf("}\n");
	if (descriptor < 0) {
		perror(path);
		return -errno;
	}
	r = dump_descriptor(descriptor, &named, batch);
	close(descriptor);
	return r;
}

static int usage_error(const char *argument)
{
	fprintf(stderr, "dump_records: what is %s?\n", argument);
	return 2;
}

int main(int count, char **arguments)
{
	static const char option[] = "--source=";
	static struct batch batch;
	struct reader_options options = { 0 };
	int at = 1, status = 0;

	for (; at < count && strncmp(arguments[at], "--", 2) == 0; at++) {
		const char *name = arguments[at] + sizeof option - 1;

		if (strcmp(arguments[at], "--reverse") == 0)
			options.reverse = true;
		else if (strncmp(arguments[at], option, sizeof option - 1) != 0 ||
			 sessionlint_source_parse(name, strlen(name), &options.source) < 0)
			return usage_error(arguments[at]);
	}
	for (; at < count; at++)
		if (dump_file(arguments[at], &options, &batch) < 0)
			status = 1;
	arena_free(&batch.arena);
	return status;
}
