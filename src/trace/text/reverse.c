/* SPDX-License-Identifier: MIT */
#include "trace/text/reverse.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/input.h"
#include "trace/text/text_reader.h"

/* The distance between marks, and their max number, at which every other mark is dropped. */
#define STRETCH   ((uint64_t)256 << 10)
#define MARKS_MAX 65536U

struct reverse {
	bool is_marked; /* the first pass is complete */
	uint64_t stretch;
	struct text_place *marks; /* starts of stretches */
	size_t mark_count, mark_capacity;
	uint64_t end; /* of the next stretch to read */
	struct reader_counts counts;

	/* of the current stretch; those not returned yet are at the front */
	struct record *records;
	size_t count, capacity;
	struct arena texts;
};

int reverse_open(struct reader *reader)
{
	struct reverse *reverse = calloc(1, sizeof *reverse);
	int r = 0;

	if (!reverse)
		return -ENOMEM;
	reverse->stretch = STRETCH;
	if (!reader->seekable)
		r = reader->spool = input_temporary();
	if (r < 0) {
		free(reverse);
		return r;
	}
	reader->reverse = reverse;
	return 0;
}

void reverse_close(struct reader *reader)
{
	struct reverse *reverse = reader->reverse;

	if (reader->spool >= 0)
		input_close(reader->spool);
	free(reverse->marks);
	free(reverse->records);
	arena_free(&reverse->texts);
	free(reverse);
}

/* Copies the records of a step. -ENOMEM. */
static int keep(struct reverse *reverse, struct batch *batch)
{
	for (unsigned i = 0; i < batch->count; i++) {
		size_t size = record_texts_size(&batch->records[i]);
		void *texts = size ? arena_allocate(&reverse->texts, size) : NULL;
		struct record *records = array_grow(reverse->records, reverse->count,
						    &reverse->capacity, sizeof *records);

		if (!records)
			return -ENOMEM;
		reverse->records = records;
		if (size && !texts)
			return -ENOMEM;
		reverse->records[reverse->count] = batch->records[i];
		record_keep(&reverse->records[reverse->count++], texts);
	}
	return 0;
}

/* Advances from a line to the next; its records are in @batch. Returns 0 at @end. */
static int step(struct reader *reader, uint64_t end, struct batch *batch, struct text_place *place)
{
	batch->count = 0;
	arena_reset(&batch->arena);
	return text_reader_step(reader, end, batch, place);
}

/* ---- first pass ---- */

/* Drops every other mark. */
static void marks_thin(struct reverse *reverse)
{
	for (size_t i = 1; 2 * i < reverse->mark_count; i++)
		reverse->marks[i] = reverse->marks[2 * i];
	reverse->mark_count = (reverse->mark_count + 1) / 2;
	reverse->stretch *= 2;
}

/* Marks @place as the start of a stretch, if the previous one is long enough. -ENOMEM. */
static int mark(struct reverse *reverse, const struct text_place *place)
{
	size_t count = reverse->mark_count;
	struct text_place *marks;

	if (count > 0 && place->offset - reverse->marks[count - 1].offset < reverse->stretch)
		return 0;
	if (count == MARKS_MAX) {
		marks_thin(reverse);
		return 0;
	}
	marks = array_grow(reverse->marks, count, &reverse->mark_capacity, sizeof *marks);
	if (!marks)
		return -ENOMEM;
	reverse->marks = marks;
	reverse->marks[reverse->mark_count++] = *place;
	return 0;
}

/* Finds where records are. Anything before the first record, such as a malformed header, is
 * still returned first. */
static int reverse_mark(struct reader *reader, struct reverse *reverse, struct batch *batch)
{
	struct text_place place;
	int r;

	do {
		r = step(reader, UINT64_MAX, batch, &place);
		if (r > 0 && place.is_head)
			r = keep(reverse, batch) < 0 ? -ENOMEM : 1;
		else if (r > 0 && place.is_line)
			r = mark(reverse, &place) < 0 ? -ENOMEM : 1;
	} while (r > 0);
	if (r == 0)
		r = text_reader_end(reader);
	reverse->counts = reader->counts;
	reverse->end = UINT64_MAX;
	reverse->is_marked = true;
	return r;
}

/* ---- second pass, from the end ---- */

/* Reads the next stretch, from the end of the text. */
static int reverse_load(struct reader *reader, struct reverse *reverse, struct batch *batch)
{
	const struct text_place *begin = &reverse->marks[--reverse->mark_count];
	struct text_place place;
	int r;

	reverse->count = 0;
	arena_reset(&reverse->texts);
	text_reader_seek(reader, begin);
	do {
		r = step(reader, reverse->end, batch, &place);
		if (r > 0)
			r = keep(reverse, batch) < 0 ? -ENOMEM : 1;
	} while (r > 0);
	/* the file is shorter than in the first pass */
	if (r == 0 && place.is_end && reverse->end != UINT64_MAX)
		r = -EIO;
	reverse->end = begin->offset;
	reader->counts = reverse->counts;
	return r;
}

/* Moves records to @batch, last one first. */
static void give_out(struct reverse *reverse, struct batch *batch)
{
	batch->count = 0;
	while (reverse->count > 0 && batch->count < BATCH_RECORDS)
		batch->records[batch->count++] = reverse->records[--reverse->count];
}

int reverse_read(struct reader *reader, struct batch *batch)
{
	struct reverse *reverse = reader->reverse;
	int r = 0;

	if (!reverse->is_marked)
		r = reverse_mark(reader, reverse, batch);
	while (r == 0 && reverse->count == 0 && reverse->mark_count > 0)
		r = reverse_load(reader, reverse, batch);
	give_out(reverse, batch);
	return r;
}
