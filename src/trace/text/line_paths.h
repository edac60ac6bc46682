/* SPDX-License-Identifier: MIT */
/*
 * The fast path of text readers. Lines of a trace consist of few parts, each a value and what is
 * before it, and few parts follow a part: both are learned from the lines that the scanner reads. A
 * line that consists of such parts, in any combination, is read without the scanner; any other line
 * goes to the scanner, which remains the definition of the grammar: both must give the same result.
 *
 * That holds since what can follow a value depends on nothing before it but the form of that value,
 * in each of the grammars. Whether the keys of a line form a record is checked as after the
 * scanner, by record_finish(); what it says of keys alone is kept.
 */
#ifndef TRACE_TEXT_LINE_PATHS_H
#define TRACE_TEXT_LINE_PATHS_H

#include "trace/text/line_shape.h"

#define PATH_PARTS 128
#define PATH_NEXT  16

/* Names of events and states by their first eight bytes. */
struct path_names {
	struct path_name {
		uint64_t head; /* 0: empty */
		uint64_t tail; /* the next eight, or fewer */
		const char *name;
		uint8_t size, number;
	} events[32], states[32];
};

/* How a value is read in the spelling that most have. */
enum path_value {
	VALUE_OTHER, /* only as after the scanner */
	VALUE_TIME,
	VALUE_SEQ,
	VALUE_SESSION,
	VALUE_EVENT,
	VALUE_NOTIFY,
	VALUE_STATE,  /* a number in the record */
	VALUE_HANDLE, /* a text in the contract */
	VALUE_NUMBER, /* a number in the contract */
};

struct path_part {
	/* what is before its value, as words */
	uint64_t head, mask; /* the first eight bytes, or fewer */
	uint64_t middle;     /* the next eight, if there are more than 16 */
	uint64_t tail;       /* the last eight, if there are more than that */
	uint32_t size;
	/* another part has more before its value, and begins with all of this */
	bool begins_another;
	uint8_t value;  /* enum path_value */
	uint16_t field; /* where it is in the record or in the contract */
	uint64_t key;   /* KEY_BIT(); 0: the end of a line */
	/* the parts that have followed it, frequent ones first */
	unsigned next_count;
	struct path_part *next[PATH_NEXT];
	struct shape_part part;
};

/* Keys of which record_finish() makes a record, whatever the values are. */
struct sound_keys {
	uint64_t keys; /* 0: empty */
	uint8_t kind, source;
};

#define SOUND_KEYS 64

struct line_paths {
	struct path_names names;
	struct sound_keys sound[SOUND_KEYS]; /* by hash */
	/* PATH_PARTS, the first of which is the beginning of a line; NULL: nothing was learned yet
	 */
	struct path_part *parts;
	unsigned count;  /* 0: nothing was learned */
	unsigned misses; /* lines that were not followed, minus those that were */
	unsigned pause;  /* number of lines to leave to the scanner, because no two look alike */
};

void paths_init(struct line_paths *paths);
void paths_free(struct line_paths *paths);

/* Forgets what was learned: the lines of another format follow. */
void paths_forget(struct line_paths *paths);

/* Learns from the line from @line to @next, in which the scanner found @pairs, which made
 * @record. */
void paths_learn(struct line_paths *paths, const struct record *record, const struct pairs *pairs,
		 const char *line, const char *next);

/* Parses the line at @line into @record, which has been begun, if all its parts are known. Returns
 * the place after its line feed, or NULL: then begin the record again, and use the scanner.
 * Something must have been learned. */
const char *paths_follow(struct line_paths *paths, struct record_builder *builder,
			 struct record *record, const char *line);

/* The shape of a line that was followed. */
void paths_shape(struct line_paths *paths, const char *line, struct shape *ret_shape);

#endif
