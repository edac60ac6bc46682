/* SPDX-License-Identifier: MIT */
/* Several files of one log: parts that rotation left, exports that overlap, and logs from before
 * and after they were cleared. */
#include <errno.h>
#include <stdlib.h>

#include "account/internal.h"

/* The records of one file in one log. */
struct piece {
	size_t first, count;
	bool windows_log;
	size_t numbering; /* pieces with the same one count their records together */
	uint64_t began;   /* time of the first record of the numbering */
};

/* A record and where it was, for a stable sort. */
struct sorted {
	uint64_t began, line;
	size_t numbering, index;
};

static int compare_pieces(const struct account_records *log, const struct piece *x,
			  const struct piece *y)
{
	uint64_t a = log->list[x->first].line, b = log->list[y->first].line;

	if (x->windows_log != y->windows_log)
		return x->windows_log ? -1 : 1;
	if (a != b)
		return a < b ? -1 : 1;
	return x->first < y->first ? -1 : 1;
}

/* There are few files of one log. */
static void sort_pieces(const struct account_records *log, struct piece *pieces, size_t count)
{
	for (size_t i = 1; i < count; i++)
		for (size_t j = i; j > 0 && compare_pieces(log, &pieces[j], &pieces[j - 1]) < 0;
		     j--) {
			struct piece piece = pieces[j];

			pieces[j] = pieces[j - 1];
			pieces[j - 1] = piece;
		}
}

/* Whether @piece has a record of that number from another time: both logs count from the
 * beginning. */
static bool contradicts(const struct account_records *log, const struct piece *piece,
			const struct account_record *record)
{
	size_t low = piece->first, high = piece->first + piece->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (log->list[middle].line < record->line)
			low = middle + 1;
		else
			high = middle;
	}
	return low < piece->first + piece->count && log->list[low].line == record->line &&
	       log->list[low].time != record->time;
}

/* Finds out which files count their records together: those of one log that was not cleared
 * between them. The lines of a text count nothing but its lines. */
static void number_pieces(const struct account_records *log, struct piece *pieces, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct piece *piece = &pieces[i];

		piece->numbering = i;
		piece->began = log->list[piece->first].time;
		for (size_t j = 0; j < i && piece->windows_log && piece->numbering == i; j++) {
			bool same = pieces[j].windows_log;

			for (size_t k = 0; k < piece->count && same; k++)
				same = !contradicts(log, &pieces[j], &log->list[piece->first + k]);
			if (same) {
				piece->numbering = pieces[j].numbering;
				piece->began = pieces[j].began;
			}
		}
	}
}

/* Between files that share no record, some may be missing. */
static void flag_gaps(struct account_records *log, const struct piece *pieces, size_t count)
{
	uint64_t last = log->list[pieces[0].first + pieces[0].count - 1].line;

	for (size_t i = 1; i < count; i++) {
		struct account_record *first = &log->list[pieces[i].first];
		uint64_t end = log->list[pieces[i].first + pieces[i].count - 1].line;

		if (pieces[i].numbering != pieces[i - 1].numbering || first->line > last)
			first->flags |= ACCOUNT_AFTER_GAP;
		if (pieces[i].numbering != pieces[i - 1].numbering || end > last)
			last = end;
	}
}

static int compare_sorted(const void *a, const void *b)
{
	const struct sorted *x = a, *y = b;

	if (x->numbering != y->numbering) {
		if (x->began != y->began)
			return x->began < y->began ? -1 : 1;
		return x->numbering < y->numbering ? -1 : 1;
	}
	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	return x->index < y->index ? -1 : 1;
}

/* Sorts the records of the pieces, and keeps the first of those that are the same record. */
static int merge_pieces(struct account_records *log, const struct piece *pieces, size_t count)
{
	struct sorted *sorted = malloc(log->count * sizeof *sorted);
	struct account_record *list = malloc(log->count * sizeof *list);
	size_t kept = 0;

	if (!sorted || !list) {
		free(sorted);
		free(list);
		return -ENOMEM;
	}
	for (size_t i = 0; i < count; i++)
		for (size_t j = pieces[i].first; j < pieces[i].first + pieces[i].count; j++)
			sorted[j] = (struct sorted) {
				.began = pieces[i].began,
				.line = pieces[i].windows_log ? log->list[j].line : 0,
				.numbering = pieces[i].numbering,
				.index = j,
			};
	qsort(sorted, log->count, sizeof *sorted, compare_sorted);
	for (size_t i = 0; i < log->count; i++) {
		const struct sorted *one = &sorted[i];

		if (i > 0 && one->line && one->line == one[-1].line &&
		    one->numbering == one[-1].numbering)
			continue;
		list[kept++] = log->list[one->index];
	}
	free(sorted);
	free(log->list);
	log->list = list;
	log->capacity = log->count;
	log->count = kept;
	return 0;
}

static int sort_log(struct account *account, unsigned number, struct piece *pieces)
{
	struct account_records *log = &account->logs[number];
	size_t count = 0;

	for (size_t i = 0; i < account->file_count; i++) {
		const struct account_file *file = &account->files[i];
		size_t end = i + 1 < account->file_count ? file[1].first[number] : log->count;

		if (end > file->first[number])
			pieces[count++] = (struct piece) {
				.first = file->first[number],
				.count = end - file->first[number],
				.windows_log = file->windows_log,
			};
	}
	if (count < 2)
		return 0;
	sort_pieces(log, pieces, count);
	number_pieces(log, pieces, count);
	flag_gaps(log, pieces, count);
	return merge_pieces(log, pieces, count);
}

int account_sort_files(struct account *account)
{
	struct piece *pieces = calloc(account->file_count + 1, sizeof *pieces);
	int r = pieces ? 0 : -ENOMEM;

	for (unsigned number = 0; r == 0 && number < ACCOUNT_LOGS; number++)
		r = sort_log(account, number, pieces);
	free(pieces);
	return r;
}
