/* SPDX-License-Identifier: MIT */
/*
 * The binary XML of one record, in three layers:
 *
 *	evtx_writer_xml	     tokens: elements, attributes, texts, template instances
 *	evtx_writer_system   the System element, the same for all records
 *	evtx_writer_event    the whole event
 *
 * An element is written in one of two forms. Inside a template definition it carries a dependency
 * id, and its contents are substitutions; anywhere else it has neither.
 */
#ifndef EVTX_WRITER_XML_H
#define EVTX_WRITER_XML_H

#include "evtx_writer_chunk.h"

enum evtx_token {
	EVTX_TOKEN_END = 0x00,
	EVTX_TOKEN_OPEN_ELEMENT = 0x01,
	EVTX_TOKEN_CLOSE_START = 0x02,
	EVTX_TOKEN_CLOSE_EMPTY = 0x03,
	EVTX_TOKEN_END_ELEMENT = 0x04,
	EVTX_TOKEN_VALUE = 0x05,
	EVTX_TOKEN_ATTRIBUTE = 0x06,
	EVTX_TOKEN_TEMPLATE_INSTANCE = 0x0c,
	EVTX_TOKEN_SUBSTITUTION = 0x0d,
	EVTX_TOKEN_OPTIONAL_SUBSTITUTION = 0x0e,
	EVTX_TOKEN_FRAGMENT_HEADER = 0x0f,
	/* Added to OPEN_ELEMENT: attributes come; to ATTRIBUTE: another one comes. */
	EVTX_TOKEN_MORE = 0x40,
};

enum evtx_value_type {
	EVTX_TYPE_NULL = 0x00,
	EVTX_TYPE_TEXT = 0x01,
	EVTX_TYPE_U8 = 0x04,
	EVTX_TYPE_U16 = 0x06,
	EVTX_TYPE_U32 = 0x08,
	EVTX_TYPE_U64 = 0x0a,
	EVTX_TYPE_GUID = 0x0f,
	EVTX_TYPE_FILETIME = 0x11,
	EVTX_TYPE_SID = 0x13,
	EVTX_TYPE_HEX32 = 0x14,
	EVTX_TYPE_HEX64 = 0x15,
	EVTX_TYPE_BINARY_XML = 0x21,
};

enum {
	/* The dependency id of an element that is there whatever the values are. */
	EVTX_NO_DEPENDENCY = 0xffff,
};

struct evtx_element {
	uint32_t size_at;
};

/* `dependency` is written in a definition only. */
struct evtx_element evtx_xml_open(struct evtx_chunk *chunk, bool definition, const char *name,
				  uint16_t dependency, bool has_attributes);

/* Closes with EVTX_TOKEN_END_ELEMENT, or with EVTX_TOKEN_CLOSE_EMPTY instead of a start's end. */
void evtx_xml_close(struct evtx_chunk *chunk, struct evtx_element element, enum evtx_token token);

/* The list of an element's attributes; returns what evtx_xml_end_attributes() takes. */
uint32_t evtx_xml_begin_attributes(struct evtx_chunk *chunk);
void evtx_xml_end_attributes(struct evtx_chunk *chunk, uint32_t list);

/* The attribute's value is to be appended next. */
void evtx_xml_attribute(struct evtx_chunk *chunk, const char *name, bool more);

void evtx_xml_text(struct evtx_chunk *chunk, const char *text);
void evtx_xml_substitution(struct evtx_chunk *chunk, enum evtx_token token, size_t index,
			   enum evtx_value_type type);
void evtx_xml_fragment_header(struct evtx_chunk *chunk);

/*
 * The head of an instance of the template with this GUID. If the chunk lacks the definition,
 * *ret_definition is where it begins: its fragment's content is to be appended, followed by
 * evtx_xml_end_definition(). Otherwise it is 0.
 */
void evtx_xml_begin_instance(struct evtx_chunk *chunk, const uint8_t *guid,
			     uint32_t *ret_definition);
void evtx_xml_end_definition(struct evtx_chunk *chunk, uint32_t definition);

/* The values of an instance: their descriptions come first, and are patched one by one. */
struct evtx_values {
	uint32_t next_description;
	uint32_t start; /* of the value being appended */
};

struct evtx_values evtx_xml_begin_values(struct evtx_chunk *chunk, size_t count);
void evtx_xml_end_value(struct evtx_chunk *chunk, struct evtx_values *values,
			enum evtx_value_type type);

/* What makes a template: two with the same parts are the same. */
struct evtx_template_key {
	uint64_t hash;
};

void evtx_template_key_begin(struct evtx_template_key *key, const char *kind);
void evtx_template_key_add(struct evtx_template_key *key, const char *text, uint8_t detail);
void evtx_template_key_guid(const struct evtx_template_key *key, uint8_t *ret_guid);

/* The System element: as a part of the outer definition, as the values, as a tree of texts. */
void evtx_system_definition(struct evtx_chunk *chunk, const struct evtx_record *record,
			    bool computer_is_value);
void evtx_system_inline(struct evtx_chunk *chunk, const struct evtx_record *record,
			uint64_t record_id);

/* Indices of the outer template's values, in the order in which real definitions number them. */
enum evtx_system_value {
	EVTX_VALUE_LEVEL,
	EVTX_VALUE_OPCODE,
	EVTX_VALUE_TASK,
	EVTX_VALUE_EVENT_ID,
	EVTX_VALUE_QUALIFIERS,
	EVTX_VALUE_KEYWORDS,
	EVTX_VALUE_TIME,
	EVTX_VALUE_ACTIVITY_ID,
	EVTX_VALUE_PROCESS_ID,
	EVTX_VALUE_THREAD_ID,
	EVTX_VALUE_RECORD_ID,
	EVTX_VALUE_VERSION,
	EVTX_VALUE_USER_ID,
	EVTX_VALUE_RELATED_ACTIVITY_ID,
	EVTX_VALUE_PROVIDER_NAME,
	EVTX_VALUE_PROVIDER_GUID,
	EVTX_VALUE_CHANNEL,
	EVTX_VALUE_USER_PART,
	EVTX_VALUE_COMPUTER, /* there only if the computer is a value */
};

/* Appends one value of the outer template but the user part; returns the type to describe it. */
enum evtx_value_type evtx_system_put_value(struct evtx_chunk *chunk,
					   const struct evtx_record *record, uint64_t record_id,
					   enum evtx_system_value value);

/* The binary XML of one record, up to the end token; an error is left in the chunk. */
void evtx_event_put(struct evtx_chunk *chunk, const struct evtx_record *record, uint64_t record_id,
		    const struct evtx_writer_options *options);

#endif
