/* SPDX-License-Identifier: MIT */
/*
 * A writer of Windows event log files (.evtx), for test and benchmark inputs.
 *
 *	file    = file header (4 KiB), chunk, chunk, ...
 *	chunk   = header, string table, template table, record, record, ...   (64 KiB)
 *	record  = frame around one fragment of binary XML
 *
 * The writer keeps one chunk in memory, whatever the length of the log. It is no part of the
 * checker: it shares no code with the checker's reader, so that each tests the other.
 */
#ifndef EVTX_WRITER_H
#define EVTX_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	EVTX_GUID_SIZE = 16,
	EVTX_CHUNK_SIZE = 65536,
	EVTX_MAX_FIELDS = 64,
};

/* How a record's binary XML is built. Windows writes all three. */
enum evtx_shape {
	/* The event and its user part are instances of templates: nearly every real record. */
	EVTX_SHAPE_TEMPLATED,
	/* The event is one tree of elements and texts, without any template. */
	EVTX_SHAPE_INLINE,
	/* The event is a template instance, its user part a tree of elements and texts. */
	EVTX_SHAPE_MIXED,
};

enum evtx_user_part {
	/* <UserData><EventXML xmlns="..."><Name>value</Name>...</EventXML></UserData> */
	EVTX_USER_DATA,
	/* <EventData><Data Name="Name">value</Data>...</EventData> */
	EVTX_EVENT_DATA,
};

enum evtx_field_type {
	EVTX_FIELD_TEXT,
	EVTX_FIELD_U32,
	/* A 32-bit number that Windows shows in hexadecimal, such as an error code. */
	EVTX_FIELD_HEX32,
	EVTX_FIELD_HEX64, /* likewise with 64 bits, such as a logon id */
	EVTX_FIELD_SID,   /* of a user: its text */
};

struct evtx_field {
	const char *name; /* UTF-8 */
	enum evtx_field_type type;
	/*
	 * UTF-8. As a template's value "" is a NUL alone and NULL is no bytes at all: real logs
	 * hold empty fields of both kinds.
	 */
	const char *text;
	uint64_t number;
};

/*
 * One event. The caller owns everything that it points to, and may free it when
 * evtx_writer_add() has returned. Texts are UTF-8; those not marked optional must be there.
 */
struct evtx_record {
	const char *provider_name;
	const uint8_t *provider_guid; /* EVTX_GUID_SIZE bytes as stored in a log; optional */
	uint16_t event_id;
	uint8_t version;
	uint8_t level;
	uint16_t task;
	uint8_t opcode;
	uint64_t keywords;
	uint64_t time;              /* FILETIME: 100 ns units since 1601-01-01 UTC */
	uint64_t record_id;         /* EventRecordID; 0: one more than the record before */
	const uint8_t *activity_id; /* EVTX_GUID_SIZE bytes as stored in a log; optional */
	uint32_t process_id;
	uint32_t thread_id;
	const char *channel;
	const char *computer;
	enum evtx_user_part user_part;
	const char *event_namespace; /* of EventXML; unused for EVTX_EVENT_DATA */
	const struct evtx_field *fields;
	size_t field_count; /* at most EVTX_MAX_FIELDS */
};

struct evtx_writer_options {
	enum evtx_shape shape;
	/* Leave the file marked as not closed cleanly, as a copy of a live log is. */
	bool dirty;
	/* Begin a templated user part with a fragment header, as a third of real records do. */
	bool nested_header;
	/*
	 * Windows puts the computer's name into the template definition, so that each name makes a
	 * definition of its own. Set this to make it a value, which then follows the user part.
	 */
	bool computer_is_value;
	/*
	 * Let records end at the very end of a chunk. Without it the last eight bytes stay free:
	 * libevtx loses a record that ends there, and no real log at hand has one.
	 */
	bool full_chunks;
	uint64_t first_record_id; /* 0 stands for 1 */
};

struct evtx_writer;

/*
 * Creates or truncates the file. The caller closes the writer with evtx_writer_close().
 * Errors: -ENOMEM, and what fopen() says.
 */
int evtx_writer_open(const char *path, const struct evtx_writer_options *options,
		     struct evtx_writer **ret_writer);

/*
 * Appends one record. After an error of the record itself the writer is as before and takes
 * further records; after an error of writing it takes none, and says the same error again.
 * Errors: -EINVAL (a text is missing, too many fields), -EILSEQ (a text is not UTF-8),
 * -ENAMETOOLONG (an element's name above 255 characters), -EMSGSIZE (the record does not fit into a
 * chunk), and what fwrite() says.
 */
int evtx_writer_add(struct evtx_writer *writer, const struct evtx_record *record);

/* Bytes that the file will have if it is closed now. */
uint64_t evtx_writer_size(const struct evtx_writer *writer);

/*
 * Writes what is left and the final file header, then frees the writer, also when it fails.
 * A NULL writer is allowed. Returns the first error of writing, 0 without one.
 */
int evtx_writer_close(struct evtx_writer *writer);

#endif
