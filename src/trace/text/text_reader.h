/* SPDX-License-Identifier: MIT */
/* What the readers of all line-based formats have in common: lines, pairs, records. */
#ifndef TRACE_TEXT_TEXT_READER_H
#define TRACE_TEXT_TEXT_READER_H

#include "trace/reader.h"
#include "trace/text/scan.h"

/* Why a record is invalid, and the byte that shows it. */
struct text_fault {
	const char *at;
	struct sessionlint_text reason;
	bool early; /* it lacks its end */
};

/* What of a line is a record. */
struct text_piece {
	const char *begin, *end; /* begin is NULL: nothing; end is set by split() */
	const char *next;        /* where reading goes on: after the line, or at its next record */
	bool is_colored;         /* the line has colours of a terminal, which are to be left out */
	bool is_needed;          /* a record has to be there */
	const char *reason;      /* it is malformed for that; NULL: it is scanned */
};

/* What tells one line-based format from another. What is NULL is not needed. @data is the format's
 * own. */
struct text_format {
	const char *grammar; /* what a record has to be, for people */
	line_scan *scan;

	/* Where the record begins in the line at @line, which ends with a line feed; NULL: the line
	 * holds none. */
	const char *(*begin)(struct reader *reader, void *data, const char *line);

	/* In place of @begin, where a line can hold several records, and other things too. The line
	 * feed is before @end. @noisy: the block that it is in holds what tag_text_is_noisy()
	 * finds. */
	void (*find)(struct reader *reader, void *data, const char *line, const char *end,
		     bool noisy, struct text_piece *ret_piece);
	/* Looks for another record in what find() has found. */
	void (*split)(const char *end, bool noisy, struct text_piece *piece);

	/*
	 * Gives the values their keys where the first record names the columns. No pair is left of
	 * what is no record. -EINVAL: the record is malformed, and the fault says why; -ENOMEM.
	 */
	int (*name)(void *data, struct pairs *pairs, struct arena *arena,
		    struct text_fault *ret_fault);

	/* A record could not be taken apart. */
	void (*fail)(void *data);

	/* Whether what comes before all records has yet to be read. */
	bool (*in_head)(const void *data);
	size_t state_size; /* of the first bytes of @data: they change from line to line */

	/* The log is at its end. -EBADMSG: it was no log after all. */
	int (*end)(void *data);
};

/* Opens @reader as a text log of @format. @data is given to free() in the end, also on failure. */
int text_reader_open(struct reader *reader, const struct text_format *format, void *data);
int text_reader_read(struct reader *reader, struct batch *batch);
void text_reader_close(struct reader *reader);

#define TEXT_STATE 32

/* Where a line of a text begins, and what is known of the lines before it. */
struct text_place {
	uint64_t offset, line;
	bool is_line; /* it is the beginning of a line that can be found again */
	bool is_head; /* it comes before all records */
	bool is_end;  /* the text ends here */
	unsigned char state[TEXT_STATE];
};

/*
 * Reads the next line, or record, of an open text in place of text_reader_read(): its records go to
 * @batch. Returns 0 at or after @end of the log, or at the end of the text; 1; or an error.
 * *ret_place is set to where it began.
 */
int text_reader_step(struct reader *reader, uint64_t end, struct batch *batch,
		     struct text_place *ret_place);

/* Goes on at a place where the text has been before. */
void text_reader_seek(struct reader *reader, const struct text_place *place);

/* What the format says at the end of the text. */
int text_reader_end(struct reader *reader);

/* The formats in which each line is a record by itself. */
extern const struct text_format logfmt_format, ndjson_format;

/* Appends the record of a line without its line feed to @batch, in place of what text_reader_read()
 * would read. -ENOMEM. */
int text_reader_take_line(struct reader *reader, const char *line, size_t size,
			  struct batch *batch);

/* Says that a key is not known, and which one may be meant. */
struct sessionlint_text text_unknown_key(struct arena *arena, struct sessionlint_text key,
					 const char *near);

/* Whether a key is the user's own and is passed over. */
bool text_key_is_free(struct sessionlint_text key);

#endif
