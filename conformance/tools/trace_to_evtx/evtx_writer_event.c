/* SPDX-License-Identifier: MIT */
/* The whole event: System, then UserData or EventData, in each of the three shapes. */
#include "evtx_writer_xml.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static const char event_schema[] = "http://schemas.microsoft.com/win/2004/08/events/event";

static enum evtx_value_type field_value_type(enum evtx_field_type type)
{
	switch (type) {
	case EVTX_FIELD_TEXT:
		return EVTX_TYPE_TEXT;
	case EVTX_FIELD_U32:
		return EVTX_TYPE_U32;
	case EVTX_FIELD_HEX32:
		return EVTX_TYPE_HEX32;
	case EVTX_FIELD_HEX64:
		return EVTX_TYPE_HEX64;
	case EVTX_FIELD_SID:
		return EVTX_TYPE_SID;
	}
	return EVTX_TYPE_NULL;
}

/* An element with one attribute of a fixed text, up to the end of its start. */
static struct evtx_element open_with(struct evtx_chunk *chunk, bool definition, const char *name,
				     uint16_t dependency, const char *attribute, const char *text)
{
	struct evtx_element element = evtx_xml_open(chunk, definition, name, dependency, true);
	uint32_t list = evtx_xml_begin_attributes(chunk);

	evtx_xml_attribute(chunk, attribute, false);
	evtx_xml_text(chunk, text);
	evtx_xml_end_attributes(chunk, list);
	evtx_chunk_put8(chunk, EVTX_TOKEN_CLOSE_START);
	return element;
}

static struct evtx_element open_plain(struct evtx_chunk *chunk, bool definition, const char *name,
				      uint16_t dependency)
{
	struct evtx_element element = evtx_xml_open(chunk, definition, name, dependency, false);

	evtx_chunk_put8(chunk, EVTX_TOKEN_CLOSE_START);
	return element;
}

static void put_field_text(struct evtx_chunk *chunk, const struct evtx_field *field)
{
	char number[32];

	switch (field->type) {
	case EVTX_FIELD_TEXT:
	case EVTX_FIELD_SID:
		if (field->text && *field->text)
			evtx_xml_text(chunk, field->text);
		return;
	case EVTX_FIELD_U32:
		snprintf(number, sizeof(number), "%" PRIu64, field->number);
		break;
	case EVTX_FIELD_HEX32:
	case EVTX_FIELD_HEX64:
		snprintf(number, sizeof(number), "0x%" PRIx64, field->number);
		break;
	}
	evtx_xml_text(chunk, number);
}

/* EventXML or EventData with its fields: as a definition, or inline with their values. */
static void put_user_tree(struct evtx_chunk *chunk, const struct evtx_record *record,
			  bool definition)
{
	bool named = record->user_part == EVTX_USER_DATA;
	struct evtx_element tree =
		named ? open_with(chunk, definition, "EventXML", EVTX_NO_DEPENDENCY, "xmlns",
				  record->event_namespace)
		      : open_plain(chunk, definition, "EventData", EVTX_NO_DEPENDENCY);

	for (size_t i = 0; i < record->field_count; i++) {
		const struct evtx_field *field = &record->fields[i];
		struct evtx_element element =
			named ? open_plain(chunk, definition, field->name, EVTX_NO_DEPENDENCY)
			      : open_with(chunk, definition, "Data", EVTX_NO_DEPENDENCY, "Name",
					  field->name);

		if (definition)
			evtx_xml_substitution(chunk, EVTX_TOKEN_SUBSTITUTION, i,
					      field_value_type(field->type));
		else
			put_field_text(chunk, field);
		evtx_xml_close(chunk, element, EVTX_TOKEN_END_ELEMENT);
	}
	evtx_xml_close(chunk, tree, EVTX_TOKEN_END_ELEMENT);
}

/* A SID whose authority has 32 bits at most: revision, count, authority, subauthorities. */
static void put_sid(struct evtx_chunk *chunk, const char *text)
{
	uint32_t parts[16] = { 0 };
	unsigned count = 0;
	char *end;

	for (text += 2; count < 16; text = end + 1) {
		parts[count++] = (uint32_t)strtoul(text, &end, 10);
		if (*end != '-')
			break;
	}
	evtx_chunk_put8(chunk, (uint8_t)parts[0]);
	evtx_chunk_put8(chunk, (uint8_t)(count - 2));
	evtx_chunk_put16(chunk, 0);
	for (unsigned i = 0; i < 4; i++)
		evtx_chunk_put8(chunk, (uint8_t)(parts[1] >> (24 - 8 * i)));
	for (unsigned i = 2; i < count; i++)
		evtx_chunk_put32(chunk, parts[i]);
}

static void put_user_instance(struct evtx_chunk *chunk, const struct evtx_record *record)
{
	bool named = record->user_part == EVTX_USER_DATA;
	struct evtx_template_key key;
	uint8_t guid[EVTX_GUID_SIZE];
	struct evtx_values values;
	uint32_t definition;

	evtx_template_key_begin(&key, named ? record->event_namespace : "");
	for (size_t i = 0; i < record->field_count; i++)
		evtx_template_key_add(&key, record->fields[i].name,
				      (uint8_t)field_value_type(record->fields[i].type));
	evtx_template_key_add(&key, "user part", named);
	evtx_template_key_guid(&key, guid);

	evtx_xml_begin_instance(chunk, guid, &definition);
	if (definition) {
		put_user_tree(chunk, record, true);
		evtx_xml_end_definition(chunk, definition);
	}

	values = evtx_xml_begin_values(chunk, record->field_count);
	for (size_t i = 0; i < record->field_count; i++) {
		const struct evtx_field *field = &record->fields[i];

		if (field->type == EVTX_FIELD_SID) {
			put_sid(chunk, field->text);
		} else if (field->type == EVTX_FIELD_HEX64) {
			evtx_chunk_put64(chunk, field->number);
		} else if (field->type != EVTX_FIELD_TEXT) {
			evtx_chunk_put32(chunk, (uint32_t)field->number);
		} else if (field->text) {
			evtx_chunk_put_text(chunk, field->text);
			/* In a user part the NUL is stored and counted, in System it is not. */
			evtx_chunk_put16(chunk, 0);
		}
		evtx_xml_end_value(chunk, &values, field_value_type(field->type));
	}
}

/* The value of the outer template that holds the user part: a fragment of its own. */
static void put_user_fragment(struct evtx_chunk *chunk, const struct evtx_record *record,
			      const struct evtx_writer_options *options)
{
	/* Not seen in real logs: a header before a nested fragment that begins with an element. */
	if (options->nested_header && options->shape == EVTX_SHAPE_TEMPLATED)
		evtx_xml_fragment_header(chunk);
	if (options->shape == EVTX_SHAPE_MIXED)
		put_user_tree(chunk, record, false);
	else
		put_user_instance(chunk, record);
	evtx_chunk_put8(chunk, EVTX_TOKEN_END);
}

/*
 * Event with System and the place for the user part. As in real definitions the element around
 * that place depends on it: UserData, or Event itself, because EventData is in the user part.
 */
static void put_event_definition(struct evtx_chunk *chunk, const struct evtx_record *record,
				 bool computer_is_value)
{
	bool named = record->user_part == EVTX_USER_DATA;
	struct evtx_element event = open_with(chunk, true, "Event",
					      named ? EVTX_NO_DEPENDENCY : EVTX_VALUE_USER_PART,
					      "xmlns", event_schema);
	struct evtx_element user_data = { 0 };

	evtx_system_definition(chunk, record, computer_is_value);
	if (named)
		user_data = open_plain(chunk, true, "UserData", EVTX_VALUE_USER_PART);
	evtx_xml_substitution(chunk, EVTX_TOKEN_OPTIONAL_SUBSTITUTION, EVTX_VALUE_USER_PART,
			      EVTX_TYPE_BINARY_XML);
	if (named)
		evtx_xml_close(chunk, user_data, EVTX_TOKEN_END_ELEMENT);
	evtx_xml_close(chunk, event, EVTX_TOKEN_END_ELEMENT);
}

static void put_event_instance(struct evtx_chunk *chunk, const struct evtx_record *record,
			       uint64_t record_id, const struct evtx_writer_options *options)
{
	size_t count = options->computer_is_value ? EVTX_VALUE_COMPUTER + 1 : EVTX_VALUE_COMPUTER;
	struct evtx_template_key key;
	uint8_t guid[EVTX_GUID_SIZE];
	struct evtx_values values;
	uint32_t definition;

	evtx_template_key_begin(&key, options->computer_is_value ? "" : record->computer);
	evtx_template_key_add(&key, "event", record->user_part == EVTX_USER_DATA);
	evtx_template_key_guid(&key, guid);

	evtx_xml_begin_instance(chunk, guid, &definition);
	if (definition) {
		put_event_definition(chunk, record, options->computer_is_value);
		evtx_xml_end_definition(chunk, definition);
	}

	values = evtx_xml_begin_values(chunk, count);
	for (size_t i = 0; i < count; i++) {
		enum evtx_value_type type = EVTX_TYPE_BINARY_XML;

		if (i == EVTX_VALUE_USER_PART)
			put_user_fragment(chunk, record, options);
		else
			type = evtx_system_put_value(chunk, record, record_id,
						     (enum evtx_system_value)i);
		evtx_xml_end_value(chunk, &values, type);
	}
}

static void put_event_inline(struct evtx_chunk *chunk, const struct evtx_record *record,
			     uint64_t record_id)
{
	bool named = record->user_part == EVTX_USER_DATA;
	struct evtx_element event = open_with(chunk, false, "Event", EVTX_NO_DEPENDENCY, "xmlns",
					      event_schema);
	struct evtx_element user_data = { 0 };

	evtx_system_inline(chunk, record, record_id);
	if (named)
		user_data = open_plain(chunk, false, "UserData", EVTX_NO_DEPENDENCY);
	put_user_tree(chunk, record, false);
	if (named)
		evtx_xml_close(chunk, user_data, EVTX_TOKEN_END_ELEMENT);
	evtx_xml_close(chunk, event, EVTX_TOKEN_END_ELEMENT);
}

void evtx_event_put(struct evtx_chunk *chunk, const struct evtx_record *record, uint64_t record_id,
		    const struct evtx_writer_options *options)
{
	evtx_xml_fragment_header(chunk);
	switch (options->shape) {
	case EVTX_SHAPE_TEMPLATED:
	case EVTX_SHAPE_MIXED:
		put_event_instance(chunk, record, record_id, options);
		break;
	case EVTX_SHAPE_INLINE:
		put_event_inline(chunk, record, record_id);
		break;
	}
	evtx_chunk_put8(chunk, EVTX_TOKEN_END);
}
