/* SPDX-License-Identifier: MIT */
/*
 * What the local session manager logs of an event: which records, and which fields they have.
 * The tables are read off real logs, but for 37 and 38, which those at hand do not hold: the names
 * of their fields are known, and 36 has such fields in EventData.
 */
#include "trace_to_evtx.h"

enum source {
	SOURCE_USER,
	SOURCE_SESSION,
	SOURCE_ADDRESS,
	SOURCE_REASON,
	SOURCE_PLUGIN,
	SOURCE_NUMBER,
	SOURCE_STATE_NAME,
	SOURCE_NEW_STATE_NAME,
	SOURCE_EVENT_NAME,
	SOURCE_ERROR_CODE,
};

enum {
	LEVEL_ERROR = 2,
	LEVEL_INFORMATION = 4,
	MAX_FIELDS = 7,
	MAX_STEPS = 4,
	REASON_REPLACED = 5,
	REASON_USER = 11,
	REASON_LOGOFF = 12,
};

struct layout_field {
	const char *name;
	enum source source;
};

struct layout {
	uint16_t event_id;
	uint8_t level;
	bool event_data; /* instead of EventXML */
	const struct layout_field *fields;
};

/* A field without a name ends a list. The session's field has three names. */
static const struct layout_field user_fields[] = {
	{ "User", SOURCE_USER },
	{ "SessionID", SOURCE_SESSION },
	{ 0 },
};

static const struct layout_field user_address_fields[] = {
	{ "User", SOURCE_USER },
	{ "SessionID", SOURCE_SESSION },
	{ "Address", SOURCE_ADDRESS },
	{ 0 },
};

static const struct layout_field reason_fields[] = {
	{ "Session", SOURCE_SESSION },
	{ "Reason", SOURCE_REASON },
	{ 0 },
};

static const struct layout_field plugin_fields[] = {
	{ "messageName", SOURCE_PLUGIN },
	{ 0 },
};

static const struct layout_field report_fields[] = {
	{ "SessionId", SOURCE_SESSION },
	{ "State", SOURCE_NUMBER },
	{ "StateName", SOURCE_STATE_NAME },
	{ "Event", SOURCE_NUMBER },
	{ "EventName", SOURCE_EVENT_NAME },
	{ "ErrorCode", SOURCE_ERROR_CODE },
	{ 0 },
};

static const struct layout_field transition_fields[] = {
	{ "SessionId", SOURCE_SESSION },
	{ "PreviousState", SOURCE_NUMBER },
	{ "PreviousStateName", SOURCE_STATE_NAME },
	{ "NewState", SOURCE_NUMBER },
	{ "NewStateName", SOURCE_NEW_STATE_NAME },
	{ "Event", SOURCE_NUMBER },
	{ "EventName", SOURCE_EVENT_NAME },
	{ 0 },
};

static const struct layout_field no_fields[] = { { 0 } };

static const struct layout layouts[] = {
	{ 21, LEVEL_INFORMATION, false, user_address_fields },
	{ 22, LEVEL_INFORMATION, false, user_address_fields },
	{ 23, LEVEL_INFORMATION, false, user_fields },
	{ 24, LEVEL_INFORMATION, false, user_address_fields },
	{ 25, LEVEL_INFORMATION, false, user_address_fields },
	{ 32, LEVEL_INFORMATION, false, plugin_fields },
	{ 36, LEVEL_ERROR, true, report_fields },
	{ 37, LEVEL_ERROR, true, report_fields },
	{ 38, LEVEL_INFORMATION, true, transition_fields },
	{ 40, LEVEL_INFORMATION, false, reason_fields },
	{ 41, LEVEL_INFORMATION, false, user_fields },
	{ 42, LEVEL_INFORMATION, false, user_fields },
	{ 54, LEVEL_INFORMATION, true, no_fields },
};

struct step {
	uint16_t event_id; /* 0: no more */
	bool noise;
};

static const struct step steps[][MAX_STEPS] = {
	[TRACE_LOGON] = { { 41, true }, { 42, true }, { 21, false }, { 22, true } },
	[TRACE_LOGOFF] = { { 23, false } },
	[TRACE_DISCONNECTED] = { { 40, true }, { 24, false } },
	[TRACE_CONNECTED] = { { 40, true }, { 25, false } },
	[TRACE_BOOT] = { { 32, false } },
	[TRACE_SHUTDOWN] = { { 54, false } },
	[TRACE_FAILED] = { { 36, false } },
	[TRACE_INVALID] = { { 37, false } },
	[TRACE_TRANSITION] = { { 38, false } },
	[TRACE_GAP] = { { 0 } },
};

static const char provider_name[] = "Microsoft-Windows-TerminalServices-LocalSessionManager";
static const char channel_name[] =
	"Microsoft-Windows-TerminalServices-LocalSessionManager/Operational";

/* {5D896912-022D-40AA-A3A8-4FA5515C76D7} */
static const uint8_t provider_guid[EVTX_GUID_SIZE] = { 0x12, 0x69, 0x89, 0x5d, 0x2d, 0x02,
						       0xaa, 0x40, 0xa3, 0xa8, 0x4f, 0xa5,
						       0x51, 0x5c, 0x76, 0xd7 };

static uint32_t disconnect_reason(const struct trace_log *log, const struct trace_event *event)
{
	if (event->reason != TRACE_NO_REASON)
		return event->reason;
	if (event->kind == TRACE_CONNECTED)
		return REASON_REPLACED;
	/* Only the last logoff is remembered; a trace that needs more says reason= itself. */
	return event->session == log->logged_off ? REASON_LOGOFF : REASON_USER;
}

static struct evtx_field make_field(const struct trace_log *log, const struct trace_event *event,
				    const struct layout_field *layout)
{
	struct evtx_field field = { .name = layout->name, .type = EVTX_FIELD_U32 };

	switch (layout->source) {
	case SOURCE_USER:
		field.type = EVTX_FIELD_TEXT;
		field.text = event->user;
		break;
	case SOURCE_SESSION:
		field.number = event->session;
		break;
	case SOURCE_ADDRESS:
		field.type = EVTX_FIELD_TEXT;
		field.text = event->address;
		break;
	case SOURCE_REASON:
		field.number = disconnect_reason(log, event);
		break;
	case SOURCE_PLUGIN:
		field.type = EVTX_FIELD_TEXT;
		field.text = "RDSAppXPlugin";
		break;
	case SOURCE_NUMBER:
		/* The numbers mean nothing outside of Windows; the names are what counts. */
		break;
	case SOURCE_STATE_NAME:
		field.type = EVTX_FIELD_TEXT;
		field.text = event->state_name;
		break;
	case SOURCE_NEW_STATE_NAME:
		field.type = EVTX_FIELD_TEXT;
		field.text = event->new_state_name;
		break;
	case SOURCE_EVENT_NAME:
		field.type = EVTX_FIELD_TEXT;
		field.text = event->event_name;
		break;
	case SOURCE_ERROR_CODE:
		field.type = EVTX_FIELD_HEX32;
		field.number = event->error_code;
		break;
	}
	return field;
}

static int add_record(struct trace_log *log, const struct trace_event *event,
		      const struct layout *layout, uint64_t record_id)
{
	struct evtx_field fields[MAX_FIELDS];
	/* Real activity ids repeat for a session number, and boots have none. */
	uint8_t activity_id[EVTX_GUID_SIZE] = { 0xf4, 0x20, 0xdd, 0x64, 0x7e, 0xc8, 0x2d, 0x4e };
	bool event_data = layout->event_data && !(log->event_xml && layout->fields->name);
	bool of_session = event->kind != TRACE_BOOT && event->kind != TRACE_SHUTDOWN;
	struct evtx_record record = {
		.provider_name = provider_name,
		.provider_guid = provider_guid,
		.event_id = layout->event_id,
		.level = layout->level,
		.keywords = UINT64_C(0x1000000000000000),
		.time = event->time,
		.record_id = record_id,
		.activity_id = of_session ? activity_id : NULL,
		.process_id = 488 + 4 * (log->boots % 512),
		.thread_id = 500,
		.channel = channel_name,
		.computer = event->host ? event->host : "LOCALHOST",
		.user_part = event_data ? EVTX_EVENT_DATA : EVTX_USER_DATA,
		.event_namespace = "Event_NS",
		.fields = fields,
	};

	for (size_t i = 0; i < 4; i++)
		activity_id[12 + i] = (uint8_t)(event->session >> (24 - 8 * i));
	for (const struct layout_field *field = layout->fields; field->name; field++)
		fields[record.field_count++] = make_field(log, event, field);
	return evtx_writer_add(log->writer, &record);
}

int trace_log_add(struct trace_log *log, const struct trace_event *event)
{
	if (event->annotation || event->source != TRACE_OF_LSM)
		return trace_channels_add(log, event);
	if (event->kind == TRACE_BOOT) {
		log->boots++;
		log->logged_off = UINT64_MAX;
	}
	if (event->kind == TRACE_GAP)
		log->next_id++;

	for (size_t step = 0; step < MAX_STEPS; step++) {
		uint16_t event_id = steps[event->kind][step].event_id;
		const struct layout *layout = layouts;
		int error;

		if (event_id == 0)
			break;
		if (steps[event->kind][step].noise && !log->noise)
			continue;
		while (layout->event_id != event_id)
			layout++;
		/* With noise around it a record cannot have an id of its own choice. */
		if (event->sequence && !log->noise)
			log->next_id = event->sequence;
		error = add_record(log, event, layout, log->next_id);
		if (error)
			return error;
		log->next_id++;
		log->record_count++;
	}

	if (event->kind == TRACE_LOGOFF)
		log->logged_off = event->session;
	return 0;
}
