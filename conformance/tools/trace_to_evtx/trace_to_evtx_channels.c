/* SPDX-License-Identifier: MIT */
/*
 * What other logs than the session manager's hold of an event, and the records that say who and
 * from where. The tables are read off real logs, but for the gateway's and 4800 and 4801, whose
 * fields are those of Windows' manifests.
 */
#include "trace_to_evtx.h"

#include <string.h>

enum value {
	VALUE_USER,
	VALUE_SID, /* the user's */
	VALUE_DOMAIN,
	VALUE_ADDRESS,
	VALUE_CLIENT,
	VALUE_SUBSCRIBER,
	VALUE_SESSION,
	VALUE_TRANSITION, /* the number of Winlogon */
	VALUE_REASON,
	VALUE_LOGON_ID,
	VALUE_NUMBER, /* some number */
	VALUE_WORD,   /* some text */
};

struct field {
	const char *name;
	enum value value;
};

struct channel {
	const char *provider;
	const char *channel;
	uint8_t guid[EVTX_GUID_SIZE]; /* as stored */
	uint64_t keywords;
	bool event_data;
};

enum {
	MAX_RECORD_FIELDS = 8,
	LEVEL_INFORMATION = 4,
};

/* {00112233-4455-6677-8899-AABBCCDDEEFF} */
#define GUID(a, b, c, ...)                                                                         \
	{                                                                                          \
		(a) & 0xff, (a) >> 8 & 0xff, (a) >> 16 & 0xff, (a) >> 24 & 0xff, (b)&0xff,         \
			(b) >> 8 & 0xff, (c)&0xff, (c) >> 8 & 0xff, __VA_ARGS__                    \
	}

static const struct channel session_manager = {
	"Microsoft-Windows-TerminalServices-LocalSessionManager",
	"Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
	GUID(0x5d896912, 0x022d, 0x40aa, 0xa3, 0xa8, 0x4f, 0xa5, 0x51, 0x5c, 0x76, 0xd7),
	0x1000000000000000, false
};
static const struct channel winlogon_own = {
	"Microsoft-Windows-Winlogon", "Microsoft-Windows-Winlogon/Operational",
	GUID(0xdbe9b383, 0x7cf3, 0x4331, 0x91, 0xcc, 0xa3, 0xcb, 0x16, 0xa3, 0xb5, 0x38),
	0x4000000000010000, true
};
static const struct channel winlogon_system = { "Microsoft-Windows-Winlogon", "System",
						GUID(0xdbe9b383, 0x7cf3, 0x4331, 0x91, 0xcc, 0xa3,
						     0xcb, 0x16, 0xa3, 0xb5, 0x38),
						0x2000000000000000, true };
static const struct channel profiles = { "Microsoft-Windows-User Profiles Service",
					 "Microsoft-Windows-User Profile Service/Operational",
					 GUID(0x89b1e9f0, 0x5aff, 0x44a6, 0x9b, 0x44, 0x0a, 0x07,
					      0xa7, 0xce, 0x58, 0x45),
					 0x4000000000000000, true };
static const struct channel rdp_core = {
	"Microsoft-Windows-RemoteDesktopServices-RdpCoreTS",
	"Microsoft-Windows-RemoteDesktopServices-RdpCoreTS/Operational",
	GUID(0x1139c61b, 0xb549, 0x4251, 0x8e, 0xd3, 0x27, 0x25, 0x0a, 0x1e, 0xde, 0xc8),
	0x4000000000000000, true
};
static const struct channel connection_manager = {
	"Microsoft-Windows-TerminalServices-RemoteConnectionManager",
	"Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational",
	GUID(0xc76baa63, 0xae81, 0x421c, 0xb4, 0x25, 0x34, 0x0b, 0x4b, 0x24, 0x15, 0x7f),
	0x1000000000000000, false
};
static const struct channel gateway = { "Microsoft-Windows-TerminalServices-Gateway",
					"Microsoft-Windows-TerminalServices-Gateway/Operational",
					GUID(0x4d5ae6a1, 0xc7c8, 0x4e6d, 0xb8, 0x40, 0x4d, 0x80,
					     0x80, 0xb4, 0x2e, 0x1b),
					0x4000000001000000, false };
static const struct channel security = { "Microsoft-Windows-Security-Auditing", "Security",
					 GUID(0x54849625, 0x5478, 0x4994, 0xa5, 0xba, 0x3e, 0x3b,
					      0x03, 0x28, 0xc3, 0x0d),
					 0x8020000000000000, true };
static const struct channel power = { "Microsoft-Windows-Kernel-Power", "System",
				      GUID(0x331c3b3a, 0x2005, 0x44c2, 0xac, 0x5e, 0x77, 0x22, 0x0c,
					   0x37, 0xd6, 0xb4),
				      0x8000000000000404, true };
static const struct channel boot = { "Microsoft-Windows-Kernel-Boot", "System",
				     GUID(0x15ca44ff, 0x4d7a, 0x4baa, 0xbb, 0xa5, 0x09, 0x98, 0x95,
					  0x5e, 0x53, 0x1e),
				     0x8000000000000000, true };

static const struct channel kernel = { "Microsoft-Windows-Kernel-General", "System",
				       GUID(0xa68ca8b7, 0x004f, 0xd7b6, 0xa6, 0x98, 0x07, 0xe2,
					    0xde, 0x0f, 0x1f, 0x5d),
				       0x8000000000000080, true };

struct row {
	const char *name; /* of an annotation */
	uint16_t id;
	const struct channel *channel;
	struct field fields[MAX_RECORD_FIELDS + 1];
};

#define GATEWAY_FIELDS                                                                             \
	{                                                                                          \
		{ "Username", VALUE_USER }, { "IpAddress", VALUE_ADDRESS },                        \
			{ "AuthType", VALUE_WORD }, { "Resource", VALUE_WORD },                    \
			{ "ConnectionProtocol", VALUE_WORD }, { "ErrorCode", VALUE_NUMBER },       \
	}
#define LOGON_FIELDS                                                                               \
	{ "TargetUserSid", VALUE_SID }, { "TargetUserName", VALUE_USER },                          \
		{ "TargetDomainName", VALUE_DOMAIN },                                              \
	{                                                                                          \
		"TargetLogonId", VALUE_LOGON_ID                                                    \
	}
#define DESKTOP_FIELDS                                                                             \
	{                                                                                          \
		{ "AccountName", VALUE_USER }, { "AccountDomain", VALUE_DOMAIN },                  \
			{ "LogonID", VALUE_LOGON_ID }, { "SessionName", VALUE_WORD },              \
			{ "ClientName", VALUE_CLIENT }, { "ClientAddress", VALUE_ADDRESS },        \
	}

static const struct row annotations[] = {
	{ "39",
	  39,
	  &session_manager,
	  { { "TargetSession", VALUE_SESSION }, { "Source", VALUE_NUMBER } } },
	{ "40",
	  40,
	  &session_manager,
	  { { "Session", VALUE_SESSION }, { "Reason", VALUE_REASON } } },
	{ "41", 41, &session_manager, { { "User", VALUE_USER }, { "SessionID", VALUE_SESSION } } },
	{ "42", 42, &session_manager, { { "User", VALUE_USER }, { "SessionID", VALUE_SESSION } } },
	{ "131", 131, &rdp_core, { { "ConnType", VALUE_WORD }, { "ClientIP", VALUE_ADDRESS } } },
	{ "140", 140, &rdp_core, { { "IPString", VALUE_ADDRESS } } },
	{ "261", 261, &connection_manager, { { "listenerName", VALUE_WORD } } },
	{ "1149",
	  1149,
	  &connection_manager,
	  { { "Param1", VALUE_USER }, { "Param2", VALUE_DOMAIN }, { "Param3", VALUE_ADDRESS } } },
	{ "200", 200, &gateway, GATEWAY_FIELDS },
	{ "300", 300, &gateway, GATEWAY_FIELDS },
	{ "301", 301, &gateway, GATEWAY_FIELDS },
	{ "302", 302, &gateway, GATEWAY_FIELDS },
	{ "303", 303, &gateway, GATEWAY_FIELDS },
	{ "4624",
	  4624,
	  &security,
	  { LOGON_FIELDS,
	    { "LogonType", VALUE_REASON },
	    { "WorkstationName", VALUE_CLIENT },
	    { "IpAddress", VALUE_ADDRESS } } },
	{ "4634", 4634, &security, { LOGON_FIELDS, { "LogonType", VALUE_REASON } } },
	{ "4647", 4647, &security, { LOGON_FIELDS } },
	{ "4778", 4778, &security, DESKTOP_FIELDS },
	{ "4779", 4779, &security, DESKTOP_FIELDS },
	{ "4800", 4800, &security, { LOGON_FIELDS, { "SessionId", VALUE_SESSION } } },
	{ "4801", 4801, &security, { LOGON_FIELDS, { "SessionId", VALUE_SESSION } } },
	{ "power-41", 41, &power, { { "BugcheckCode", VALUE_NUMBER } } },
	{ "power-42", 42, &power, { { "TargetState", VALUE_NUMBER }, { "Reason", VALUE_NUMBER } } },
	{ "power-107", 107, &power, { { "TargetState", VALUE_NUMBER } } },
	{ "boot-27", 27, &boot, { { "BootType", VALUE_NUMBER } } },
};

static const struct row *find_annotation(const char *name)
{
	for (size_t i = 0; i < sizeof(annotations) / sizeof(annotations[0]); i++)
		if (strcmp(annotations[i].name, name) == 0)
			return &annotations[i];
	return NULL;
}

bool trace_annotation_exists(const char *name)
{
	return find_annotation(name) != NULL;
}

/* ---- records ---- */

/* What a record needs that its event does not have. */
struct extra {
	const char *subscriber;
	uint32_t transition;
};

static struct evtx_field make_field(const struct trace_event *event, const struct field *field,
				    const struct extra *extra)
{
	struct evtx_field made = { .name = field->name, .type = EVTX_FIELD_TEXT };

	switch (field->value) {
	case VALUE_USER:
		made.text = event->user ? event->user : "-";
		break;
	case VALUE_SID:
		made.type = EVTX_FIELD_SID;
		made.text = event->user && strncmp(event->user, "S-1-", 4) == 0 ? event->user
										: "S-1-5-18";
		break;
	case VALUE_DOMAIN:
		made.text = event->domain ? event->domain : "-";
		break;
	case VALUE_ADDRESS:
		made.text = event->address ? event->address : "-";
		break;
	case VALUE_CLIENT:
		made.text = event->client ? event->client : "-";
		break;
	case VALUE_SUBSCRIBER:
		made.text = extra->subscriber;
		break;
	case VALUE_WORD:
		made.text = "RDP-Tcp";
		break;
	case VALUE_LOGON_ID:
		made.type = EVTX_FIELD_HEX64;
		made.number = event->logon_id;
		break;
	case VALUE_SESSION:
	case VALUE_TRANSITION:
	case VALUE_REASON:
	case VALUE_NUMBER:
		made.type = EVTX_FIELD_U32;
		made.number = field->value == VALUE_SESSION      ? event->session
			      : field->value == VALUE_TRANSITION ? extra->transition
			      : field->value == VALUE_REASON     ? event->reason
								 : 6;
		break;
	}
	return made;
}

static int add_row(struct trace_log *log, const struct trace_event *event, const struct row *row,
		   const struct extra *extra)
{
	struct evtx_field fields[MAX_RECORD_FIELDS];
	bool of_process = row->channel == &winlogon_own;
	struct evtx_record record = {
		.provider_name = row->channel->provider,
		.provider_guid = row->channel->guid,
		.event_id = row->id,
		.level = LEVEL_INFORMATION,
		.keywords = row->channel->keywords,
		.time = event->time,
		.record_id = event->sequence ? event->sequence : log->next_id,
		.process_id = of_process       ? event->session
			      : event->process ? event->process
					       : 488,
		.thread_id = 500,
		.channel = row->channel->channel,
		.computer = event->host ? event->host : "LOCALHOST",
		.user_part = row->channel->event_data ? EVTX_EVENT_DATA : EVTX_USER_DATA,
		.event_namespace = "Event_NS",
		.fields = fields,
	};
	int error;

	for (const struct field *field = row->fields; field->name; field++)
		fields[record.field_count++] = make_field(event, field, extra);
	error = evtx_writer_add(log->writer, &record);
	if (error)
		return error;
	log->next_id = record.record_id + 1;
	log->record_count++;
	return 0;
}

/* Each subscriber is told, and has done its work. */
static int add_notifications(struct trace_log *log, const struct trace_event *event)
{
	static const char *const subscribers[][5] = {
		[TRACE_LOGON] = { "Profiles", "GPClient", "TermSrv", "Sens", NULL },
		[TRACE_LOGOFF] = { "Sens", "TermSrv", "GPClient", "Profiles", NULL },
		[TRACE_DISCONNECTED] = { "Sens", "SessionEnv", NULL },
		[TRACE_CONNECTED] = { "Sens", "SessionEnv", NULL },
		[TRACE_CREATED] = { "GPClient", "TermSrv", NULL },
		[TRACE_TERMINATED] = { "TermSrv", NULL },
	};
	static const uint8_t numbers[] = {
		[TRACE_LOGON] = 2,     [TRACE_LOGOFF] = 3,  [TRACE_DISCONNECTED] = 8,
		[TRACE_CONNECTED] = 9, [TRACE_CREATED] = 0, [TRACE_TERMINATED] = 1,
	};
	static const struct field fields[] = { { "Event", VALUE_TRANSITION },
					       { "SubscriberName", VALUE_SUBSCRIBER } };
	struct trace_event told = *event;
	int error = 0;

	for (size_t i = 0; !error && subscribers[event->kind][i]; i++) {
		const struct extra extra = { subscribers[event->kind][i], numbers[event->kind] };

		for (uint16_t id = 811; !error && id <= 812; id++) {
			struct row row = { .id = id, .channel = &winlogon_own };

			memcpy(row.fields, fields, sizeof(fields));
			error = add_row(log, &told, &row, &extra);
			told.sequence = 0;
			told.time += 10000;
		}
	}
	return error;
}

static int add_of_source(struct trace_log *log, const struct trace_event *event)
{
	static const struct row profile[] = {
		{ NULL, 1, &profiles, { { "Session", VALUE_SESSION } } },
		{ NULL, 2, &profiles, { { "Session", VALUE_SESSION } } },
		{ NULL, 3, &profiles, { { "Session", VALUE_SESSION } } },
		{ NULL, 4, &profiles, { { "Session", VALUE_SESSION } } },
	};
	static const struct row system[] = {
		{ NULL,
		  7001,
		  &winlogon_system,
		  { { "TSId", VALUE_SESSION }, { "UserSid", VALUE_SID } } },
		{ NULL,
		  7002,
		  &winlogon_system,
		  { { "TSId", VALUE_SESSION }, { "UserSid", VALUE_SID } } },
	};
	static const struct row connection = { NULL,
					       66,
					       &rdp_core,
					       { { "ConnectionName", VALUE_WORD },
						 { "SessionID", VALUE_SESSION } } };
	static const struct row start = { NULL, 12, &kernel, { { "MajorVersion", VALUE_NUMBER } } };
	struct trace_event second = *event;
	bool logoff = event->kind == TRACE_LOGOFF;
	int error;

	if (event->kind == TRACE_BOOT)
		return add_row(log, event, &start, NULL);
	if (event->source == TRACE_OF_WINLOGON)
		return add_row(log, event, &system[logoff], NULL);
	if (event->source == TRACE_OF_RDP)
		return add_row(log, event, &connection, NULL);
	error = add_row(log, event, &profile[2 * logoff], NULL);
	second.sequence = 0;
	second.time += 10000;
	return error ? error : add_row(log, &second, &profile[2 * logoff + 1], NULL);
}

int trace_channels_pad(struct trace_log *log, const struct trace_event *event)
{
	static const struct row other = { NULL, 7036, &kernel, { { "param1", VALUE_WORD } } };
	struct trace_event padding = { .time = event->time, .host = event->host };

	return add_row(log, &padding, &other, NULL);
}

int trace_channels_add(struct trace_log *log, const struct trace_event *event)
{
	if (event->annotation)
		return add_row(log, event, find_annotation(event->annotation), NULL);
	if (event->source == TRACE_OF_WINLOGON_OPERATIONAL)
		return add_notifications(log, event);
	return add_of_source(log, event);
}
