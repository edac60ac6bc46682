/* SPDX-License-Identifier: MIT */
/*
 * The System element. One table says what is in it; the definition, the values and the inline
 * tree are three readings of that table, so that the shapes cannot drift apart.
 */
#include "evtx_writer_xml.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	NO_VALUE = -1,
	MAX_ATTRIBUTES = 2,
	VALUE_TEXT_SIZE = 64,
};

struct system_attribute {
	const char *name;
	int value;
};

struct system_element {
	const char *name;
	int content; /* NO_VALUE: none */
	struct system_attribute attributes[MAX_ATTRIBUTES];
};

static const struct system_element system_elements[] = {
	{ "Provider",
	  NO_VALUE,
	  { { "Name", EVTX_VALUE_PROVIDER_NAME }, { "Guid", EVTX_VALUE_PROVIDER_GUID } } },
	{ "EventID", EVTX_VALUE_EVENT_ID, { { "Qualifiers", EVTX_VALUE_QUALIFIERS } } },
	{ "Version", EVTX_VALUE_VERSION, { { 0 } } },
	{ "Level", EVTX_VALUE_LEVEL, { { 0 } } },
	{ "Task", EVTX_VALUE_TASK, { { 0 } } },
	{ "Opcode", EVTX_VALUE_OPCODE, { { 0 } } },
	{ "Keywords", EVTX_VALUE_KEYWORDS, { { 0 } } },
	{ "TimeCreated", NO_VALUE, { { "SystemTime", EVTX_VALUE_TIME } } },
	{ "EventRecordID", EVTX_VALUE_RECORD_ID, { { 0 } } },
	{ "Correlation",
	  NO_VALUE,
	  { { "ActivityID", EVTX_VALUE_ACTIVITY_ID },
	    { "RelatedActivityID", EVTX_VALUE_RELATED_ACTIVITY_ID } } },
	{ "Execution",
	  NO_VALUE,
	  { { "ProcessID", EVTX_VALUE_PROCESS_ID }, { "ThreadID", EVTX_VALUE_THREAD_ID } } },
	{ "Channel", EVTX_VALUE_CHANNEL, { { 0 } } },
	{ "Computer", EVTX_VALUE_COMPUTER, { { 0 } } },
	{ "Security", NO_VALUE, { { "UserID", EVTX_VALUE_USER_ID } } },
};

/* The types that the definition asks for; a value that is missing has type null instead. */
static const uint8_t value_types[] = {
	[EVTX_VALUE_LEVEL] = EVTX_TYPE_U8,
	[EVTX_VALUE_OPCODE] = EVTX_TYPE_U8,
	[EVTX_VALUE_TASK] = EVTX_TYPE_U16,
	[EVTX_VALUE_EVENT_ID] = EVTX_TYPE_U16,
	[EVTX_VALUE_QUALIFIERS] = EVTX_TYPE_U16,
	[EVTX_VALUE_KEYWORDS] = EVTX_TYPE_HEX64,
	[EVTX_VALUE_TIME] = EVTX_TYPE_FILETIME,
	[EVTX_VALUE_ACTIVITY_ID] = EVTX_TYPE_GUID,
	[EVTX_VALUE_PROCESS_ID] = EVTX_TYPE_U32,
	[EVTX_VALUE_THREAD_ID] = EVTX_TYPE_U32,
	[EVTX_VALUE_RECORD_ID] = EVTX_TYPE_U64,
	[EVTX_VALUE_VERSION] = EVTX_TYPE_U8,
	[EVTX_VALUE_USER_ID] = EVTX_TYPE_SID,
	[EVTX_VALUE_RELATED_ACTIVITY_ID] = EVTX_TYPE_GUID,
	[EVTX_VALUE_PROVIDER_NAME] = EVTX_TYPE_TEXT,
	[EVTX_VALUE_PROVIDER_GUID] = EVTX_TYPE_GUID,
	[EVTX_VALUE_CHANNEL] = EVTX_TYPE_TEXT,
	[EVTX_VALUE_USER_PART] = EVTX_TYPE_BINARY_XML,
	[EVTX_VALUE_COMPUTER] = EVTX_TYPE_TEXT,
};

/* The local system account, S-1-5-18, under which the session manager runs. */
static const uint8_t local_system[] = { 1, 1, 0, 0, 0, 0, 0, 5, 18, 0, 0, 0 };

static void put_optional(struct evtx_chunk *chunk, int value)
{
	evtx_xml_substitution(chunk, EVTX_TOKEN_OPTIONAL_SUBSTITUTION, (size_t)value,
			      (enum evtx_value_type)value_types[value]);
}

static void define_element(struct evtx_chunk *chunk, const struct system_element *described,
			   const char *literal)
{
	const struct system_attribute *attributes = described->attributes;
	bool depends = described->content != NO_VALUE && !literal;
	struct evtx_element element = evtx_xml_open(chunk, true, described->name,
						    depends ? (uint16_t)described->content
							    : EVTX_NO_DEPENDENCY,
						    attributes[0].name != NULL);

	if (attributes[0].name) {
		uint32_t list = evtx_xml_begin_attributes(chunk);

		for (size_t i = 0; i < MAX_ATTRIBUTES && attributes[i].name; i++) {
			bool more = i + 1 < MAX_ATTRIBUTES && attributes[i + 1].name;

			evtx_xml_attribute(chunk, attributes[i].name, more);
			put_optional(chunk, attributes[i].value);
		}
		evtx_xml_end_attributes(chunk, list);
	}

	if (described->content == NO_VALUE) {
		evtx_xml_close(chunk, element, EVTX_TOKEN_CLOSE_EMPTY);
		return;
	}
	evtx_chunk_put8(chunk, EVTX_TOKEN_CLOSE_START);
	if (literal)
		evtx_xml_text(chunk, literal);
	else
		put_optional(chunk, described->content);
	evtx_xml_close(chunk, element, EVTX_TOKEN_END_ELEMENT);
}

void evtx_system_definition(struct evtx_chunk *chunk, const struct evtx_record *record,
			    bool computer_is_value)
{
	struct evtx_element element = evtx_xml_open(chunk, true, "System", EVTX_NO_DEPENDENCY,
						    false);

	evtx_chunk_put8(chunk, EVTX_TOKEN_CLOSE_START);
	for (size_t i = 0; i < sizeof(system_elements) / sizeof(system_elements[0]); i++) {
		bool literal = system_elements[i].content == EVTX_VALUE_COMPUTER &&
			       !computer_is_value;

		define_element(chunk, &system_elements[i], literal ? record->computer : NULL);
	}
	evtx_xml_close(chunk, element, EVTX_TOKEN_END_ELEMENT);
}

/* Real records reserve a missing value's room, though its type says that there is none. */
static enum evtx_value_type put_missing(struct evtx_chunk *chunk, size_t size)
{
	static const uint8_t nothing[EVTX_GUID_SIZE];

	evtx_chunk_put_bytes(chunk, nothing, size);
	return EVTX_TYPE_NULL;
}

enum evtx_value_type evtx_system_put_value(struct evtx_chunk *chunk,
					   const struct evtx_record *record, uint64_t record_id,
					   enum evtx_system_value value)
{
	switch (value) {
	case EVTX_VALUE_LEVEL:
		evtx_chunk_put8(chunk, record->level);
		break;
	case EVTX_VALUE_OPCODE:
		evtx_chunk_put8(chunk, record->opcode);
		break;
	case EVTX_VALUE_TASK:
		evtx_chunk_put16(chunk, record->task);
		break;
	case EVTX_VALUE_EVENT_ID:
		evtx_chunk_put16(chunk, record->event_id);
		break;
	case EVTX_VALUE_QUALIFIERS:
		return put_missing(chunk, 2);
	case EVTX_VALUE_KEYWORDS:
		evtx_chunk_put64(chunk, record->keywords);
		break;
	case EVTX_VALUE_TIME:
		evtx_chunk_put64(chunk, record->time);
		break;
	case EVTX_VALUE_ACTIVITY_ID:
		if (!record->activity_id)
			return put_missing(chunk, EVTX_GUID_SIZE);
		evtx_chunk_put_bytes(chunk, record->activity_id, EVTX_GUID_SIZE);
		break;
	case EVTX_VALUE_PROCESS_ID:
		evtx_chunk_put32(chunk, record->process_id);
		break;
	case EVTX_VALUE_THREAD_ID:
		evtx_chunk_put32(chunk, record->thread_id);
		break;
	case EVTX_VALUE_RECORD_ID:
		evtx_chunk_put64(chunk, record_id);
		break;
	case EVTX_VALUE_VERSION:
		evtx_chunk_put8(chunk, record->version);
		break;
	case EVTX_VALUE_USER_ID:
		evtx_chunk_put_bytes(chunk, local_system, sizeof(local_system));
		break;
	case EVTX_VALUE_RELATED_ACTIVITY_ID:
	case EVTX_VALUE_USER_PART:
		return put_missing(chunk, 0);
	case EVTX_VALUE_PROVIDER_NAME:
		evtx_chunk_put_text(chunk, record->provider_name);
		break;
	case EVTX_VALUE_PROVIDER_GUID:
		if (!record->provider_guid)
			return put_missing(chunk, 0);
		evtx_chunk_put_bytes(chunk, record->provider_guid, EVTX_GUID_SIZE);
		break;
	case EVTX_VALUE_CHANNEL:
		evtx_chunk_put_text(chunk, record->channel);
		break;
	case EVTX_VALUE_COMPUTER:
		evtx_chunk_put_text(chunk, record->computer);
		break;
	}
	return (enum evtx_value_type)value_types[value];
}

static const char *guid_text(const uint8_t *guid, char *text)
{
	if (!guid)
		return NULL;
	/* The first three parts are little-endian numbers, the others are bytes. */
	snprintf(text, VALUE_TEXT_SIZE,
		 "{%02X%02X%02X%02X-%02X%02X-%02X%02X-%02X%02X-%02X%02X%02X%02X%02X%02X}", guid[3],
		 guid[2], guid[1], guid[0], guid[5], guid[4], guid[7], guid[6], guid[8], guid[9],
		 guid[10], guid[11], guid[12], guid[13], guid[14], guid[15]);
	return text;
}

static const char *time_text(uint64_t time, char *text)
{
	uint64_t seconds = time / 10000000;
	uint64_t days = seconds / 86400;
	/*
	 * Days are counted from 0000-03-01 (584694 days before 1601-01-01), so that a leap day is
	 * the last of its year; 146097 days are 400 years.
	 */
	uint64_t shifted = days + 584694;
	uint64_t cycle = shifted / 146097;
	uint64_t day = shifted % 146097;
	uint64_t year = (day - day / 1460 + day / 36524 - day / 146096) / 365;
	uint64_t month;

	day -= 365 * year + year / 4 - year / 100;
	/* Months from March repeat 31 30 31 30 31: 153 days in five months. */
	month = (5 * day + 2) / 153;
	day -= (153 * month + 2) / 5;
	year += 400 * cycle + (month >= 10);

	snprintf(text, VALUE_TEXT_SIZE,
		 "%04" PRIu64 "-%02" PRIu64 "-%02" PRIu64 "T%02" PRIu64 ":%02" PRIu64 ":%02" PRIu64
		 ".%07" PRIu64 "Z",
		 year, month >= 10 ? month - 9 : month + 3, day + 1, seconds / 3600 % 24,
		 seconds / 60 % 60, seconds % 60, time % 10000000);
	return text;
}

static const char *number_text(uint64_t number, char *text)
{
	snprintf(text, VALUE_TEXT_SIZE, "%" PRIu64, number);
	return text;
}

/* A value as an inline record shows it, in `text` or elsewhere; NULL if there is none. */
static const char *value_text(const struct evtx_record *record, uint64_t record_id,
			      enum evtx_system_value value, char *text)
{
	switch (value) {
	case EVTX_VALUE_LEVEL:
		return number_text(record->level, text);
	case EVTX_VALUE_OPCODE:
		return number_text(record->opcode, text);
	case EVTX_VALUE_TASK:
		return number_text(record->task, text);
	case EVTX_VALUE_EVENT_ID:
		return number_text(record->event_id, text);
	case EVTX_VALUE_KEYWORDS:
		snprintf(text, VALUE_TEXT_SIZE, "0x%" PRIx64, record->keywords);
		return text;
	case EVTX_VALUE_TIME:
		return time_text(record->time, text);
	case EVTX_VALUE_ACTIVITY_ID:
		return guid_text(record->activity_id, text);
	case EVTX_VALUE_PROCESS_ID:
		return number_text(record->process_id, text);
	case EVTX_VALUE_THREAD_ID:
		return number_text(record->thread_id, text);
	case EVTX_VALUE_RECORD_ID:
		return number_text(record_id, text);
	case EVTX_VALUE_VERSION:
		return number_text(record->version, text);
	case EVTX_VALUE_USER_ID:
		return "S-1-5-18";
	case EVTX_VALUE_PROVIDER_NAME:
		return record->provider_name;
	case EVTX_VALUE_PROVIDER_GUID:
		return guid_text(record->provider_guid, text);
	case EVTX_VALUE_CHANNEL:
		return record->channel;
	case EVTX_VALUE_COMPUTER:
		return record->computer;
	case EVTX_VALUE_QUALIFIERS:
	case EVTX_VALUE_RELATED_ACTIVITY_ID:
	case EVTX_VALUE_USER_PART:
		return NULL;
	}
	return NULL;
}

static void put_inline_element(struct evtx_chunk *chunk, const struct evtx_record *record,
			       uint64_t record_id, const struct system_element *described)
{
	char texts[MAX_ATTRIBUTES][VALUE_TEXT_SIZE];
	const char *names[MAX_ATTRIBUTES];
	const char *values[MAX_ATTRIBUTES];
	size_t count = 0;
	struct evtx_element element;

	for (size_t i = 0; i < MAX_ATTRIBUTES && described->attributes[i].name; i++) {
		names[count] = described->attributes[i].name;
		values[count] = value_text(record, record_id,
					   (enum evtx_system_value)described->attributes[i].value,
					   texts[count]);
		count += values[count] != NULL;
	}

	element = evtx_xml_open(chunk, false, described->name, EVTX_NO_DEPENDENCY, count > 0);
	if (count > 0) {
		uint32_t list = evtx_xml_begin_attributes(chunk);

		for (size_t i = 0; i < count; i++) {
			evtx_xml_attribute(chunk, names[i], i + 1 < count);
			evtx_xml_text(chunk, values[i]);
		}
		evtx_xml_end_attributes(chunk, list);
	}

	if (described->content == NO_VALUE) {
		evtx_xml_close(chunk, element, EVTX_TOKEN_CLOSE_EMPTY);
		return;
	}
	evtx_chunk_put8(chunk, EVTX_TOKEN_CLOSE_START);
	evtx_xml_text(chunk, value_text(record, record_id,
					(enum evtx_system_value)described->content, texts[0]));
	evtx_xml_close(chunk, element, EVTX_TOKEN_END_ELEMENT);
}

void evtx_system_inline(struct evtx_chunk *chunk, const struct evtx_record *record,
			uint64_t record_id)
{
	struct evtx_element element = evtx_xml_open(chunk, false, "System", EVTX_NO_DEPENDENCY,
						    false);

	evtx_chunk_put8(chunk, EVTX_TOKEN_CLOSE_START);
	for (size_t i = 0; i < sizeof(system_elements) / sizeof(system_elements[0]); i++)
		put_inline_element(chunk, record, record_id, &system_elements[i]);
	evtx_xml_close(chunk, element, EVTX_TOKEN_END_ELEMENT);
}
