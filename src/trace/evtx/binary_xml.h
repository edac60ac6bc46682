/* SPDX-License-Identifier: MIT */
/*
 * The binary XML of .evtx records. Nothing is rendered: a template definition is walked once and
 * becomes a list of the places of its fields, and the values of a record are read with that list. A
 * record without a template is walked itself.
 */
#ifndef TRACE_EVTX_BINARY_XML_H
#define TRACE_EVTX_BINARY_XML_H

#include "base/arena.h"
#include "trace/windows/event_meaning.h"

#define EVTX_CHUNK_SIZE 65536U

/* Types of values; with EVTX_ARRAY, an array of them. */
enum evtx_type {
	EVTX_NULL = 0x00,
	EVTX_STRING = 0x01, /* UTF-16 */
	EVTX_ANSI = 0x02,
	EVTX_I8 = 0x03,
	EVTX_U8 = 0x04,
	EVTX_I16 = 0x05,
	EVTX_U16 = 0x06,
	EVTX_I32 = 0x07,
	EVTX_U32 = 0x08,
	EVTX_I64 = 0x09,
	EVTX_U64 = 0x0a,
	EVTX_F32 = 0x0b,
	EVTX_F64 = 0x0c,
	EVTX_BOOL = 0x0d,
	EVTX_BINARY = 0x0e,
	EVTX_GUID = 0x0f,
	EVTX_SIZE = 0x10,
	EVTX_FILETIME = 0x11,
	EVTX_SYSTEMTIME = 0x12,
	EVTX_SID = 0x13,
	EVTX_HEX32 = 0x14,
	EVTX_HEX64 = 0x15,
	EVTX_XML = 0x21,
	EVTX_ARRAY = 0x80,
};

/* A value in its place in the chunk. */
struct evtx_value {
	uint8_t type;
	uint32_t size; /* in bytes */
	uint32_t leaf; /* number in the record: pieces of one element or attribute share it */
	const unsigned char *bytes;
};

/* A name in its place in the chunk: UTF-16. */
struct evtx_name {
	uint32_t offset; /* of the first character; 0: none */
	uint32_t characters;
};

/* Where in the document the walk is. */
enum evtx_place {
	EVTX_AT_ROOT,
	EVTX_IN_EVENT,
	EVTX_IN_SYSTEM,
	EVTX_IN_USER_DATA, /* its only child has the fields */
	EVTX_IN_USER_FIELDS,
	EVTX_IN_EVENT_DATA,
	EVTX_IN_FIELD,
	EVTX_ELSEWHERE,
};

/* A piece of text, or a value, in the document. */
struct evtx_piece {
	enum {
		EVTX_LITERAL,
		EVTX_SUBSTITUTION,
		EVTX_NESTED
	} kind;
	enum windows_field field;
	enum windows_section section;
	uint32_t leaf; /* number of the element or attribute: pieces of one share it */
	struct evtx_name element, attribute, data_name;

	uint32_t offset, characters; /* of a literal: UTF-16 in the chunk */
	uint16_t character;          /* of a literal without offset */
	uint16_t index;              /* of the value of a substitution or nested document */
	enum evtx_place place;       /* of a nested document */
	/* Of a value that was found in the last instance of the template: its place among the
	 * values, in bytes, and the steps that it took. */
	uint32_t at, steps;
};

/* The pieces of a document, or of a template definition, in order. */
struct evtx_program {
	struct evtx_piece *pieces;
	uint32_t count;
	size_t capacity;
};

/*
 * The work for a chunk is bounded by its size, and that for a record by the size of the record:
 * many records can use one definition, and definitions can overlap. Windows uses a small fraction
 * of that.
 */
#define EVTX_TEMPLATES_MAX 1024U /* definitions of a chunk, counted for each place of use */
#define EVTX_PIECES_MAX    8192U /* of all definitions together */
#define EVTX_WALK_MAX      (4 * EVTX_CHUNK_SIZE) /* bytes of definitions that are walked */
#define EVTX_WORK_FACTOR   8U                    /* steps for each byte of a record */
#define EVTX_WORK_BASE     512U
#define EVTX_SLOTS         (2 * EVTX_TEMPLATES_MAX)
#define EVTX_KNOWN         64U

/* A template definition that has been walked. */
struct evtx_template {
	uint32_t offset;
	enum evtx_place place; /* where it is used */
	uint32_t first, count; /* its pieces, in those of the chunk */
	const char *reason;    /* if not NULL, it is damaged: static text */
	/* The last instance: where its descriptors are in the chunk, and how many; its pieces
	 * whose values have been found; and the descriptors that these depend on. */
	uint32_t descriptors, values, found, sized;
};

/* A chunk and its templates. */
struct evtx_chunk {
	const unsigned char *bytes;
	uint32_t size;
	bool keep_all; /* also fields that are not in windows_names[] */
	uint64_t work; /* number of steps, including earlier chunks: for tests */

	struct evtx_template *templates;
	uint32_t template_count;
	size_t template_capacity;
	uint16_t slots[EVTX_SLOTS];     /* open addressing: number + 1, 0 is empty */
	struct evtx_program pieces;     /* of all templates */
	struct evtx_program scratch[3]; /* of documents without a template, by depth */
	uint32_t walked;                /* bytes of definitions */

	/* The provider of the last record, whose name mostly is that of the next one too. */
	struct evtx_value provider_name;
	enum windows_provider provider;
	/* The computer of the last record, likewise, and its text, as long as the batch. */
	struct evtx_value computer_name;
	struct sessionlint_text computer;

	/* The fields of names: a chunk contains each name once, and records without a template
	 * use them repeatedly. */
	struct evtx_known {
		uint64_t key; /* places of element and attribute; 0: unused */
		enum windows_field field;
	} known[EVTX_KNOWN];
};

/* Called for each piece of a record; a nonzero result ends the walk. */
typedef int evtx_visit(void *userdata, const struct evtx_chunk *chunk,
		       const struct evtx_piece *piece, const struct evtx_value *value);

/* Starts another chunk, or the same bytes again. */
void evtx_chunk_begin(struct evtx_chunk *chunk, const unsigned char *bytes, uint32_t size);
void evtx_chunk_free(struct evtx_chunk *chunk);

/*
 * Visits the pieces of the document from @begin to @end in the chunk. Enters a nested document only
 * if @visit returns 0 for it, with a value of type EVTX_XML. -EBADMSG: the document is damaged, or
 * too complex; *ret_reason is static text; -ENOMEM.
 */
int evtx_document_visit(struct evtx_chunk *chunk, uint32_t begin, uint32_t end, evtx_visit *visit,
			void *userdata, const char **ret_reason);

/* Whether the UTF-16 at @bytes is @text. */
bool utf16_is(const unsigned char *bytes, size_t characters, const char *text);

#endif
