/* SPDX-License-Identifier: MIT */
/*
 * dump_evtx [--work | --alone] FILE...
 *
 * Prints what is in .evtx files below the mapping to session events: one JSON object a line for
 * each record, with every leaf of its document as [section, name, type, text], and for each
 * trouble. The names of attributes follow an '@'. Texts are UTF-16. At the end: how many steps the
 * reader took; with --work, nothing but that. With --alone, a record is read as if it was the only
 * one of its chunk.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/bytes.h"
#include "dump.h"
#include "trace/evtx/file.h"
#include "trace/evtx/value.h"

static bool work_only, alone;

/* The leaf that is being printed; its string stays open until another leaf begins. */
struct leaves {
	uint32_t count;
	uint32_t leaf;
	struct evtx_name element, attribute;
	bool open;
};

/* ---- values
 * ------------------------------------------------------------------------------------- */

static void put_utf16(const unsigned char *bytes, uint32_t units)
{
	for (uint32_t i = 0; i < units; i++)
		dump_unit(read_u16(bytes + 2 * i));
}

static void put_string(const struct evtx_value *value)
{
	uint32_t units = value->size / 2;

	while (units > 0 && read_u16(value->bytes + 2 * (units - 1)) == 0)
		units--;
	put_utf16(value->bytes, units);
}

static void put_integer(const struct evtx_value *value)
{
	uint64_t number;
	unsigned shift;

	if (!value_number(value, &number)) {
		printf("%u bytes", value->size);
		return;
	}
	shift = 64 - 8 * value->size;
	switch (value->type) {
	case EVTX_I8:
	case EVTX_I16:
	case EVTX_I32:
	case EVTX_I64:
		/* the sign is that of the width */
		printf("%" PRId64, (int64_t)(number << shift) >> shift);
		return;
	case EVTX_HEX32:
	case EVTX_HEX64:
		printf("0x%0*" PRIx64, (int)value->size * 2, number);
		return;
	default:
		printf("%" PRIu64, number);
	}
}

static void put_sid(const struct evtx_value *value)
{
	uint64_t authority = 0;

	if (value->size < 8 || value->size < 8 + 4U * value->bytes[1]) {
		printf("%u bytes", value->size);
		return;
	}
	for (unsigned i = 2; i < 8; i++)
		authority = authority << 8 | value->bytes[i];
	printf("S-%u-%" PRIu64, value->bytes[0], authority);
	for (unsigned i = 0; i < value->bytes[1]; i++)
		printf("-%" PRIu32, read_u32(value->bytes + 8 + 4 * i));
}

static void put_guid(const struct evtx_value *value)
{
	const unsigned char *b = value->bytes;

	if (value->size != 16) {
		printf("%u bytes", value->size);
		return;
	}
	printf("{%08X-%04X-%04X-%02X%02X-", read_u32(b), read_u16(b + 4), read_u16(b + 6), b[8],
	       b[9]);
	for (unsigned i = 10; i < 16; i++)
		printf("%02X", b[i]);
	printf("}");
}

/* Types that are not rendered are left empty: their number says enough. */
static void put_value(const struct evtx_value *value)
{
	if (value->type == EVTX_STRING)
		put_string(value);
	else if (value->type == (EVTX_STRING | EVTX_ARRAY))
		put_utf16(value->bytes, value->size / 2); /* each text has its NUL */
	else if (value->type == EVTX_BINARY)
		for (uint32_t i = 0; i < value->size; i++)
			printf("%02X", value->bytes[i]);
	else if (value->type == EVTX_ANSI)
		for (uint32_t i = 0; i < value->size && value->bytes[i]; i++)
			dump_unit(value->bytes[i]);
	else if (value->type == EVTX_SID)
		put_sid(value);
	else if (value->type == EVTX_GUID)
		put_guid(value);
	else if ((value->type >= EVTX_I8 && value->type <= EVTX_U64) ||
		 value->type == EVTX_FILETIME || value->type == EVTX_HEX32 ||
		 value->type == EVTX_HEX64)
		put_integer(value);
}

/* ---- records
 * ------------------------------------------------------------------------------------ */

static void leaf_end(struct leaves *leaves)
{
	if (leaves->open)
		printf("\"]");
	leaves->open = false;
}

static bool name_same(struct evtx_name a, struct evtx_name b)
{
	return a.offset == b.offset && a.characters == b.characters;
}

static int put_piece(void *userdata, const struct evtx_chunk *chunk, const struct evtx_piece *piece,
		     const struct evtx_value *value)
{
	static const char *const sections[] = {
		[WINDOWS_SYSTEM] = "System",
		[WINDOWS_USER_DATA] = "UserData",
		[WINDOWS_EVENT_DATA] = "EventData",
	};
	struct leaves *leaves = userdata;
	struct evtx_name name;

	if (work_only)
		return 0;
	name = piece->data_name.offset ? piece->data_name : piece->element;

	if (piece->kind == EVTX_NESTED) {
		leaf_end(leaves);
		return 0;
	}
	if (!leaves->open || leaves->leaf != value->leaf ||
	    !name_same(leaves->element, piece->element) ||
	    !name_same(leaves->attribute, piece->attribute)) {
		leaf_end(leaves);
		printf("%s[\"%s\",\"", leaves->count++ ? "," : "", sections[piece->section]);
		put_utf16(chunk->bytes + name.offset, name.characters);
		if (piece->attribute.offset) {
			printf("@");
			put_utf16(chunk->bytes + piece->attribute.offset,
				  piece->attribute.characters);
		}
		printf("\",%u,\"", value->type);
		leaves->open = true;
		leaves->leaf = value->leaf;
		leaves->element = piece->element;
		leaves->attribute = piece->attribute;
	}
	put_value(value);
	return 0;
}

static void put_trouble(const char *what, unsigned chunk, uint64_t offset,
			const struct evtx_record *trouble)
{
	printf("{\"%s\":", what);
	dump_bytes(trouble->reason.data, trouble->reason.size);
	printf(",\"chunk\":%u,\"behind\":%" PRIu64 ",\"offset\":%" PRIu64 ",\"gap\":%s}\n", chunk,
	       trouble->id, offset, trouble->gap ? "true" : "false");
}

/* Visits the document and prints what is in it. */
static int dump_record(const struct evtx_span *span, struct evtx_chunk *chunk,
		       const struct evtx_record *record)
{
	struct leaves leaves = { 0 };
	const char *reason = "";
	int r;

	if (work_only) {
		r = record->reason.data ? 0
					: evtx_document_visit(chunk, record->offset + 24,
							      record->offset + record->size - 4,
							      put_piece, &leaves, &reason);
		return r == -EBADMSG ? 0 : r;
	}
	if (record->reason.data) {
		put_trouble("trouble", span->index + 1, span->offset + record->offset, record);
		return 0;
	}
	printf("{\"id\":%" PRIu64 ",\"chunk\":%u,\"offset\":%" PRIu64
	       ",\"size\":%u,\"written\":%" PRIu64 ",\"leaves\":[",
	       record->id, span->index + 1, span->offset + record->offset, record->size,
	       record->written);
	r = evtx_document_visit(chunk, record->offset + 24, record->offset + record->size - 4,
				put_piece, &leaves, &reason);
	leaf_end(&leaves);
	printf("]");
	if (r == -EBADMSG)
		printf(",\"damaged\":\"%s\"", reason);
	printf("}\n");
	return r == -EBADMSG ? 0 : r;
}

/* ---- files
 * -------------------------------------------------------------------------------------- */

static int dump_chunk(struct evtx_file *file, const struct evtx_span *span, unsigned char *bytes,
		      struct evtx_chunk *chunk)
{
	struct evtx_records records = { 0 };
	struct arena arena = { 0 };
	uint32_t end;
	int r = evtx_file_read(file, span, bytes);

	if (r == 0)
		r = evtx_chunk_scan(file, span, bytes, 0, &records, &arena, &end);
	evtx_chunk_begin(chunk, bytes, span->size);
	for (size_t i = 0; r == 0 && i < records.count; i++) {
		if (alone)
			evtx_chunk_begin(chunk, bytes, span->size);
		r = dump_record(span, chunk, &records.records[i]);
	}
	free(records.records);
	arena_free(&arena);
	return r;
}

static int dump_log(struct evtx_file *file)
{
	struct evtx_chunk *chunk = calloc(1, sizeof *chunk);
	unsigned char *bytes = malloc(EVTX_CHUNK_SIZE);
	int r = chunk && bytes ? 0 : -ENOMEM;

	for (size_t i = 0; i < file->malformed.count && !work_only; i++) {
		const struct evtx_record *trouble = &file->malformed.records[i];

		/* the place is in the file here: see evtx/file.c */
		put_trouble("trouble", 0, (uint64_t)trouble->buffer << 32 | trouble->offset,
			    trouble);
	}
	if (chunk)
		chunk->keep_all = true;
	for (size_t i = 0; r == 0 && i < file->span_count; i++)
		r = dump_chunk(file, &file->spans[i], bytes, chunk);
	if (chunk) {
		printf("{\"work\":%" PRIu64 "}\n", chunk->work);
		evtx_chunk_free(chunk);
	}
	free(chunk);
	free(bytes);
	return r;
}

static int dump_file(const char *path)
{
	int descriptor = open(path, O_RDONLY);
	struct reader reader = { .log = log_of_descriptor(descriptor),
				 .options.name = path,
				 .seekable = true };
	struct evtx_file file;
	struct stat status;
	int r;

	if (!work_only) {
		printf("{\"file\":");
		dump_bytes(path, strlen(path));
		printf("}\n");
	}
	if (descriptor < 0 || fstat(descriptor, &status) < 0) {
		perror(path);
		return -errno;
	}
	reader.size = (uint64_t)status.st_size;
	r = evtx_file_open(&file, &reader);
	if (r == 0) {
		r = dump_log(&file);
		evtx_file_close(&file);
	}
	if (r < 0)
		fprintf(stderr, "%s: %s\n", path, strerror(-r));
	close(descriptor);
	return r;
}

int main(int count, char **arguments)
{
	int status = 0;

	work_only = count > 1 && strcmp(arguments[1], "--work") == 0;
	alone = count > 1 && strcmp(arguments[1], "--alone") == 0;
	for (int i = work_only || alone ? 2 : 1; i < count; i++)
		if (dump_file(arguments[i]) < 0)
			status = 1;
	return status;
}
