/* SPDX-License-Identifier: MIT */
/* The keys of a record and how their values are parsed, for every format that has records of
 * keys and values. */
#ifndef TRACE_KEYS_H
#define TRACE_KEYS_H

#include "trace/contract.h"
#include "trace/record.h"

/* Records with different keys; record_form.c has their names and required keys. */
enum record_form {
	FORM_EVENT,
	FORM_STATE,
	FORM_NOTIFY,
	FORM_REGISTER,
	FORM_UNREGISTER,
	FORM_GET,
	FORM_OBJECT,
	FORM_MARKER, /* except this one: */
	FORM_REPORTED,
	RECORD_FORMS, /* how many there are */
};

struct trace_key {
	const char *name;
	const char *value; /* description for people; NULL: the name of a source */
	unsigned forms;    /* records that may have it: 1 << enum record_form */
};

extern const struct trace_key trace_keys[RECORD_KEYS];

/* Keys with this prefix belong to the user and are skipped. */
#define KEY_FREE_PREFIX "x-"

/* What one reader remembers from record to record. */
struct record_builder {
	struct record blank;            /* an empty record */
	uint64_t allowed[RECORD_FORMS]; /* the keys that each form may have */
	struct sessionlint_text event;  /* parsed last, since its names depend on the source */
	/* what it is, if it is one of the names that are the same for all sources; otherwise
	 * SESSIONLINT_NO_EVENT: not parsed yet */
	uint32_t event_number;
	struct contract *contract; /* of this record; NULL: none yet */
	struct arena *arena;       /* of the batch, for contracts */
	bool spans;                /* a record had a seq_end */
	/* the source of records without one was not given, but assumed */
	bool source_assumed;

	/* date of the previous record, which is usually the same */
	char day[11];
	uint64_t day_ticks;
};

/* Finds the key named @name; -ENOENT if unknown, with a similar one, or NULL, in *ret_near, which
 * may be NULL: then none is looked for. */
int trace_key_find(struct sessionlint_text name, enum record_key *ret_key, const char **ret_near);

/* @source: of records without one. */
void record_builder_init(struct record_builder *builder, enum sessionlint_source source);

/* Empties @record. */
static inline void record_begin(struct record_builder *builder, struct record *record)
{
	memcpy(record, &builder->blank, sizeof *record);
	builder->event = text_of(NULL, 0);
	builder->event_number = SESSIONLINT_NO_EVENT;
	builder->contract = NULL;
}

/* The contract of @record, which is allocated outside the record, in builder->arena; NULL: no
 * memory. */
static inline struct contract *record_contract(struct record_builder *builder,
					       struct record *record)
{
	if (builder->contract)
		return builder->contract;
	builder->contract = arena_allocate(builder->arena, sizeof *builder->contract);
	if (builder->contract)
		*builder->contract = (struct contract) { .call = CALL_NONE };
	record->contract = builder->contract;
	return builder->contract;
}

/* Sets @key to @value, which is not copied. -EINVAL: invalid value or duplicate key, with a
 * reason in *ret_reason, in the arena. */
int record_put(struct record_builder *builder, struct record *record, enum record_key key,
	       struct sessionlint_text value, struct arena *arena,
	       struct sessionlint_text *ret_reason);

/* The same without checking or noting that the key is present. For keys of the driver's contract
 * and of allowances, builder->arena must be set. -EINVAL, -ENOMEM. */
int record_put_value(struct record_builder *builder, struct record *record, enum record_key key,
		     struct sessionlint_text value);

/* Why @value is invalid for @key, with a suggestion. */
struct sessionlint_text record_bad_value(struct arena *arena, const struct record *record,
					 enum record_key key, struct sessionlint_text value);

/* "boot", ... of those enum record_marker that are in traces; NULL for others. */
const char *marker_name(unsigned marker);

/* Checks that the keys form a record, and sets its kind. -EINVAL as above. */
int record_finish(struct record_builder *builder, struct record *record, struct arena *arena,
		  struct sessionlint_text *ret_reason);

/* Turns @record into a malformed record at the same place. */
void record_make_malformed(struct record *record, struct sessionlint_text reason);

#endif
