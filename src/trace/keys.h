/* SPDX-License-Identifier: MIT */
/*
 * The keys of a record and how their values are read, for every format that spells records as keys
 * and values.
 */
#ifndef TRACE_KEYS_H
#define TRACE_KEYS_H

#include "trace/contract.h"
#include "trace/record.h"

/* The records that differ in their keys; record_form.c says what each is called and needs. */
enum record_form {
	FORM_EVENT,
	FORM_STATE,
	FORM_NOTIFY,
	FORM_REGISTER,
	FORM_UNREGISTER,
	FORM_GET,
	FORM_OBJECT,
	FORM_MARKER, /* but for this one: */
	FORM_REPORTED,
};

struct trace_key {
	const char *name;
	const char *value; /* what it holds, for people; NULL: the name of a source */
	unsigned forms;    /* in which records it may stand: 1 << enum record_form */
};

extern const struct trace_key trace_keys[RECORD_KEYS];

/* Keys that begin so are the user's own and are passed over. */
#define KEY_FREE_PREFIX "x-"

/* What one reader remembers from record to record. */
struct record_builder {
	struct record blank;           /* what a record is before anything was read */
	struct sessionlint_text event; /* read last of all: its names are the source's */
	struct contract *contract;     /* of this record; NULL: it has none yet */
	struct arena *arena;           /* of the batch: there is room for contracts */
	bool spans;                    /* a record had a seq_end */
	bool source_assumed;           /* nobody has said what source records have that name none */

	/* the date of the record before: most records have the same */
	char day[11];
	uint64_t day_ticks;
};

/* The key named @name; -ENOENT if unknown, with a similar one, or NULL, in *ret_near. */
int trace_key_find(struct sessionlint_text name, enum record_key *ret_key, const char **ret_near);

/* @source: of records that name none. */
void record_builder_init(struct record_builder *builder, enum sessionlint_source source);

/* Makes @record empty. */
static inline void record_begin(struct record_builder *builder, struct record *record)
{
	memcpy(record, &builder->blank, sizeof *record);
	builder->event = text_of(NULL, 0);
	builder->contract = NULL;
}

/*
 * Sets @key to @value. The text is not copied. -EINVAL: invalid value or duplicate key;
 * *ret_reason, in the arena, says which.
 */
int record_put(struct record_builder *builder, struct record *record, enum record_key key,
	       struct sessionlint_text value, struct arena *arena,
	       struct sessionlint_text *ret_reason);

/* The same without the key: neither looks whether it is there nor notes that it is. Of the driver's
 * contract and of an allowance it needs builder->arena. -EINVAL, -ENOMEM. */
int record_put_value(struct record_builder *builder, struct record *record, enum record_key key,
		     struct sessionlint_text value);

/* The reason why @value is invalid for @key, with a suggestion. */
struct sessionlint_text record_bad_value(struct arena *arena, const struct record *record,
					 enum record_key key, struct sessionlint_text value);

/* "boot", ... of an enum record_marker that a trace can hold; NULL for others. */
const char *marker_name(unsigned marker);

/* Checks that the keys make a record, and says of what kind it is. -EINVAL as above. */
int record_finish(struct record_builder *builder, struct record *record, struct arena *arena,
		  struct sessionlint_text *ret_reason);

/* Makes a malformed record of @record; its place stays. */
void record_spoil(struct record *record, struct sessionlint_text reason);

#endif
