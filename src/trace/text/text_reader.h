/* SPDX-License-Identifier: MIT */
/* Common to the readers of all line-based formats: lines, pairs, records. */
#ifndef TRACE_TEXT_TEXT_READER_H
#define TRACE_TEXT_TEXT_READER_H

#include "trace/reader.h"
#include "trace/text/scan.h"

/* Why a record is malformed, and the byte that shows it. */
struct text_malformed {
	const char *at;
	struct sessionlint_text reason;
	bool early; /* it is cut off */
};

/* The part of a line that is a record. */
struct text_piece {
	const char *begin, *end; /* begin is NULL: none; end is set by split() */
	const char *next;        /* where to continue: after the line, or at its next record */
	bool is_colored;         /* the line has terminal colours, which must be removed */
	bool is_needed;          /* it must be a record */
	const char *reason;      /* why it is malformed; NULL: scan it */
};

/* The functions of one line-based format; unused ones are NULL. @data belongs to the format. */
struct text_format {
	const char *grammar; /* what a record looks like, for people */
	line_scan *scan;

	/* The start of the record on the line at @line, which ends with a line feed; NULL: no
	 * record. */
	const char *(*begin)(struct reader *reader, void *data, const char *line);

	/* Used instead of @begin if a line can contain several records, and other things. The
	 * line feed is before @end. @noisy: tag_text_is_noisy() is true for the block. */
	void (*find)(struct reader *reader, void *data, const char *line, const char *end,
		     bool noisy, struct text_piece *ret_piece);
	/* Looks for another record in the piece from find(). */
	void (*split)(const char *end, bool noisy, struct text_piece *piece);

	/* Sets the keys of the values if the first record names the columns. Removes all pairs
	 * if this is not a record. -EINVAL with a reason: the record is malformed; -ENOMEM. */
	int (*name)(void *data, struct pairs *pairs, struct arena *arena,
		    struct text_malformed *ret_malformed);

	/* A record has a syntax error. */
	void (*fail)(void *data);

	/* Whether the part before all records has not been read yet. */
	bool (*in_head)(const void *data);
	/* size of the part of @data that changes from line to line, at its start */
	size_t state_size;

	/* The log ends. -EBADMSG: it was not a log after all. */
	int (*end)(void *data);
};

/* Opens @reader as a text log of @format. @data is passed to free() at the end, or on failure. */
int text_reader_open(struct reader *reader, const struct text_format *format, void *data);
int text_reader_read(struct reader *reader, struct batch *batch);
void text_reader_close(struct reader *reader);

#define TEXT_STATE 32

/* The start of a line of a text, and the state after the lines before it. */
struct text_place {
	uint64_t offset, line;
	bool is_line; /* it is the start of a line and can be found again */
	bool is_head; /* it is before all records */
	bool is_end;  /* it is the end of the text */
	unsigned char state[TEXT_STATE];
};

/*
 * Reads the next line, or record, of an open text instead of text_reader_read(): its records are in
 * @batch. Returns 0 at or after @end of the log, or at the end of the text; 1; or an error.
 * *ret_place is where it began.
 */
int text_reader_step(struct reader *reader, uint64_t end, struct batch *batch,
		     struct text_place *ret_place);

/* Continues at an earlier place. */
void text_reader_seek(struct reader *reader, const struct text_place *place);

/* Calls the format's end function. */
int text_reader_end(struct reader *reader);

/* The formats in which each line is a record of its own. */
extern const struct text_format logfmt_format, ndjson_format;

/* Appends the record of a line without its line feed to @batch, instead of what
 * text_reader_read() would read. -ENOMEM. */
int text_reader_take_line(struct reader *reader, const char *line, size_t size,
			  struct batch *batch);

/* The reason for an unknown key, with the one that may be meant. */
struct sessionlint_text text_unknown_key(struct arena *arena, struct sessionlint_text key,
					 const char *near);

/* Whether a key belongs to the user and is skipped. */
bool text_key_is_free(struct sessionlint_text key);

#endif
