/* SPDX-License-Identifier: MIT */
#include "harness.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/utf.h"
#include "trace/allowance.h"
#include "trace/contract.h"

/* ---- the budget ---- */

/* Of an input without a byte, and of each byte; a sanitizer takes its time. */
#define SECONDS_FIRST 0.25
#define SECONDS_BYTE  20e-6
#define MEMORY_FIRST  ((size_t)24 << 20)
#define MEMORY_BYTE   ((size_t)4096)
#define TRIES         3

/* Bytes that were allocated since the input came: all of them, not those at one time. */
static size_t allocated;

static void on_malloc(const volatile void *memory, size_t size)
{
	(void)memory;
	allocated += size;
}

static void on_free(const volatile void *memory)
{
	(void)memory;
}

/* Of the sanitizers, where one is there. */
__attribute__((weak)) int
__sanitizer_install_malloc_and_free_hooks(void (*malloc_hook)(const volatile void *, size_t),
					  void (*free_hook)(const volatile void *));

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void harness_run(void (*target)(const uint8_t *data, size_t size), const uint8_t *data, size_t size)
{
	static bool installed;
	double most = SECONDS_FIRST + SECONDS_BYTE * (double)size, took = 0;

	if (!installed && __sanitizer_install_malloc_and_free_hooks)
		__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
	installed = true;
	for (unsigned i = 0; i < TRIES; i++) {
		double began = cpu_seconds();

		allocated = 0;
		target(data, size);
		took = cpu_seconds() - began;
		if (allocated > MEMORY_FIRST + MEMORY_BYTE * size)
			harness_fail("%zu bytes of input take %zu bytes of memory", size,
				     allocated);
		if (took <= most)
			return;
	}
	harness_fail("%zu bytes of input take %.2f s", size, took);
}

void harness_fail(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	fputs("fuzz: ", stderr);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	putc('\n', stderr);
	abort();
}

/* ---- files ---- */

static int file = -1;
static char path[32];

int harness_file(const void *data, size_t size)
{
	if (file < 0)
		file = memfd_create("input", MFD_CLOEXEC);
	if (file < 0 || ftruncate(file, 0) < 0 || pwrite(file, data, size, 0) != (ssize_t)size ||
	    lseek(file, 0, SEEK_SET) != 0)
		harness_fail("the input cannot be written: %d", errno);
	return file;
}

const char *harness_path(void)
{
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	return path;
}

FILE *harness_nowhere(void)
{
	static FILE *nowhere;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	if (!nowhere)
		harness_fail("/dev/null cannot be opened");
	return nowhere;
}

/* ---- whole checks ---- */

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	(void)userdata;
	if (finding->message.size == 0 || finding->severity > SESSIONLINT_SEVERITY_ERROR)
		harness_fail("a finding without a message, or with a severity of %d",
			     (int)finding->severity);
	return 0;
}

int harness_check(const void *data, size_t size, const char *name)
{
	static struct sessionlint *run;

	if (!run) {
		if (sessionlint_new(&run) < 0)
			harness_fail("no run");
		sessionlint_set_report(run, on_finding, NULL);
	}
	return sessionlint_check_descriptor(run, harness_file(data, size), name);
}

/* ---- UTF-16 ---- */

/* Appends a code point; a surrogate stays half of a pair. Returns where it ends. */
static uint8_t *put_utf16(uint8_t *to, uint32_t code)
{
	uint32_t units[2] = { code }, count = 1;

	if (code > 0xffff) {
		units[0] = 0xd7c0 + (code >> 10);
		units[1] = 0xdc00 + (code & 0x3ff);
		count = 2;
	}
	for (uint32_t i = 0; i < count; i++) {
		*to++ = (uint8_t)units[i];
		*to++ = (uint8_t)(units[i] >> 8);
	}
	return to;
}

uint8_t *harness_utf16(const uint8_t *data, size_t size, bool half, size_t *ret_size)
{
	uint8_t *wide = malloc(16 + 4 * size), *to = wide;
	uint32_t code;

	if (!wide)
		harness_fail("no memory");
	to = put_utf16(to, 0xfeff);
	if (half) {
		/* a comment, where the format has them */
		to = put_utf16(to, size > 0 && data[0] == '{' ? '{' : '#');
		to = put_utf16(to, 0xd800);
		to = put_utf16(to, '\n');
	}
	for (size_t i = 0; i < size;) {
		i += utf8_get((const char *)data + i, size - i, &code);
		to = put_utf16(to, code);
	}
	*ret_size = (size_t)(to - wide);
	return wide;
}

/* ---- records ---- */

static void write_text(FILE *to, const char *name, struct sessionlint_text text)
{
	fprintf(to, " %s%s=", name, text.data ? "" : "-");
	for (size_t i = 0; i < text.size; i++)
		fprintf(to, "%02x", (unsigned char)text.data[i]);
}

static void write_contract(FILE *to, const struct contract *contract)
{
	write_text(to, "driver", contract->driver);
	write_text(to, "io", contract->io);
	write_text(to, "registration", contract->registration);
	write_text(to, "session_object", contract->session_object);
	write_text(to, "context", contract->context);
	write_text(to, "owner", contract->owner);
	fprintf(to,
		" class=%" PRIx32 " size=%" PRIu32 " length=%" PRIu32 " flags=%" PRIx32
		" mask=%" PRIx32 " status=%" PRIx32 " payload=%" PRIu32 ",%" PRIu32
		",%d device=%" PRIu32 " call=%u object=%u kind=%u",
		contract->class_number, contract->size, contract->length, contract->flags,
		contract->mask, contract->status, contract->payload_session,
		contract->payload_length, contract->payload_local, contract->device_session,
		contract->call, contract->object, contract->kind);
}

static void write_record(FILE *to, const struct record *record)
{
	if (record->kind == RECORD_MALFORMED) {
		fputs("malformed\n", to);
		return;
	}
	fprintf(to,
		"kind=%u marker=%u source=%u flags=%u keys=%" PRIx64 " time=%" PRIu64
		" seq=%" PRIu64 " session=%" PRIu32 " event=%" PRIu32 " from=%" PRIu32
		" to=%" PRIu32 " state=%" PRIu32 " activity=%u",
		record->kind, record->marker, record->source, record->flags, record->keys,
		record->time, record->seq, record->session, record->event, record->from, record->to,
		record->state, record->activity);
	write_text(to, "host", record->host);
	write_text(to, "boot", record->boot);
	write_text(to, "user", record->user);
	write_text(to, "address", record->address);
	write_text(to, "reason", record->reason);
	if (record->contract)
		write_contract(to, record->contract);
	if (record->allowance) {
		fprintf(to, " allow=%" PRIx64, record->allowance->rules);
		write_text(to, "allow_reason", record->allowance->reason);
	}
	putc('\n', to);
}

static void write_records(FILE *to, struct batch *batch)
{
	unsigned at = 0;

	do {
		if (batch->series.count > 0)
			at += batch_expand(batch, at);
		for (unsigned i = 0; i < batch->count; i++)
			write_record(to, &batch->records[i]);
	} while (at < batch->series.count);
}

struct sessionlint_text harness_records(const void *data, size_t size)
{
	static struct batch batch;
	struct reader_options options = { .source = SESSIONLINT_SOURCE_WDM, .series = true };
	struct reader reader;
	char *bytes = NULL;
	size_t written = 0;
	FILE *to = open_memstream(&bytes, &written);
	int r = to ? reader_open(&reader, log_of_descriptor(harness_file(data, size)), &options)
		   : -ENOMEM;

	if (!to)
		harness_fail("no memory");
	if (r == 0) {
		while ((r = reader_read(&reader, &batch)) == 0 &&
		       (batch.count > 0 || batch_is_series(&batch)))
			write_records(to, &batch);
		reader_close(&reader);
		arena_free(&batch.arena);
	}
	if (r < 0 && r != -EBADMSG && r != -ENODATA)
		harness_fail("the reader returns %d", r);
	fclose(to);
	return text_of(bytes, written);
}
