/* SPDX-License-Identifier: MIT */
/*
 * The text of the records that session_trace.h writes: of each kind with typical, extreme and
 * hostile values, in buffers of every size around the one that is needed.
 */
#include <session_trace.h>

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

#define ADDRESS(number) ((const void *)(uintptr_t)(number))
#define LONGEST_ADDRESS ADDRESS(UINTPTR_MAX)
#define CANARY          0x5a

/* Writes one record; what it needs. */
typedef session_trace_size (*writer)(char *buffer, session_trace_size size);

static const struct session_trace_origin full_origin = {
	.time = 134169265047710000, /* 2026-03-02T12:01:44.771Z */
	.seq = 7,
	.has_seq = 1,
	.host = "VDI-017",
	.boot = "12",
	.driver = "sample",
};

/* The longest that the documentation promises to fit into a call of DbgPrint(). */
static const struct session_trace_origin longest_origin = {
	.time = 134169265047710000,
	.seq = UINT64_MAX,
	.has_seq = 1,
	.host = "ABCDEFGHIJKLMNO",
	.boot = "2026-03-02T12:01:44Z",
	.driver = "a-name-of-32-bytes-for-a-driver.",
	.seq_end = UINT64_MAX,
	.has_seq_end = 1,
	.irql = 255,
	.has_irql = 1,
};

static session_trace_size notify_typical(char *buffer, session_trace_size size)
{
	static const unsigned char payload[8] = { 3, 0, 0, 0, 1, 0xcc, 0xcc, 0xcc };
	struct session_trace_notification it = {
		.session = 3,
		.event = 3,
		.io = ADDRESS(0xa100),
		.session_object = ADDRESS(0xb200),
		.context = ADDRESS(0xc300),
		.payload = payload,
		.payload_length = 8,
		.has_status = 1,
	};

	return session_trace_notify(buffer, size, &full_origin, &it);
}

static session_trace_size notify_empty(char *buffer, session_trace_size size)
{
	struct session_trace_notification it = { 0 };

	return session_trace_notify(buffer, size, NULL, &it);
}

/* A payload whose length says more than there is a pointer for; the largest of all numbers. */
static session_trace_size notify_extreme(char *buffer, session_trace_size size)
{
	struct session_trace_notification it = {
		.session = UINT32_MAX,
		.event = UINT32_MAX,
		.io = LONGEST_ADDRESS,
		.session_object = LONGEST_ADDRESS,
		.context = LONGEST_ADDRESS,
		.payload_length = UINT32_MAX,
		.has_status = 1,
		.status = -1,
	};

	return session_trace_notify(buffer, size, &longest_origin, &it);
}

/* Four bytes hold an id and no more; LocalSession is not written where it means nothing. */
static session_trace_size notify_short_payload(char *buffer, session_trace_size size)
{
	static const unsigned char payload[] = { 0xff, 0xff, 0xff, 0xff };
	struct session_trace_notification it = { .event = 3, .payload = payload };

	it.payload_length = sizeof payload;
	return session_trace_notify(buffer, size, NULL, &it);
}

static session_trace_size notify_short_id(char *buffer, session_trace_size size)
{
	static const unsigned char payload[] = { 1, 2, 3 };
	struct session_trace_notification it = { .event = 7, .payload = payload };

	it.payload_length = sizeof payload;
	return session_trace_notify(buffer, size, NULL, &it);
}

static session_trace_size notify_disconnected(char *buffer, session_trace_size size)
{
	static const unsigned char payload[] = { 1, 2, 3, 4, 1, 0, 0, 0 };
	struct session_trace_notification it = { .session = 1, .event = 4, .payload = payload };

	it.payload_length = sizeof payload;
	return session_trace_notify(buffer, size, NULL, &it);
}

static session_trace_size register_typical(char *buffer, session_trace_size size)
{
	struct session_trace_registration it = {
		.length = 32,
		.size = 32,
		.io = ADDRESS(0xa100),
		.mask = 0x3f,
		.registration = ADDRESS(0xd400),
	};

	return session_trace_register(buffer, size, &full_origin, &it);
}

static session_trace_size register_refused(char *buffer, session_trace_size size)
{
	struct session_trace_registration it = {
		.notification_class = UINT32_MAX,
		.length = UINT32_MAX,
		.size = UINT32_MAX,
		.flags = UINT32_MAX,
		.io = LONGEST_ADDRESS,
		.mask = UINT32_MAX,
		.context = LONGEST_ADDRESS,
		.status = (session_trace_i32)0xc000009a,
		.registration = LONGEST_ADDRESS,
	};

	return session_trace_register(buffer, size, &longest_origin, &it);
}

static session_trace_size register_longest(char *buffer, session_trace_size size)
{
	struct session_trace_registration it = {
		.notification_class = UINT32_MAX,
		.length = UINT32_MAX,
		.size = UINT32_MAX,
		.flags = UINT32_MAX,
		.io = LONGEST_ADDRESS,
		.mask = UINT32_MAX,
		.context = LONGEST_ADDRESS,
		.registration = LONGEST_ADDRESS,
	};

	return session_trace_register(buffer, size, &longest_origin, &it);
}

static session_trace_size register_empty(char *buffer, session_trace_size size)
{
	struct session_trace_registration it = { 0 };

	return session_trace_register(buffer, size, NULL, &it);
}

static session_trace_size unregister_typical(char *buffer, session_trace_size size)
{
	return session_trace_unregister(buffer, size, &full_origin, ADDRESS(0xd400),
					ADDRESS(0xa100));
}

static session_trace_size unregister_null(char *buffer, session_trace_size size)
{
	return session_trace_unregister(buffer, size, NULL, NULL, NULL);
}

static session_trace_size get_typical(char *buffer, session_trace_size size)
{
	struct session_trace_inquiry it = { .session_object = ADDRESS(0xb200), .length = 12 };

	it.session = 3;
	return session_trace_get_information(buffer, size, &full_origin, &it);
}

static session_trace_size get_refused(char *buffer, session_trace_size size)
{
	struct session_trace_inquiry it = { .status = (session_trace_i32)0xc00000f0, .session = 9 };

	it.information_class = UINT32_MAX;
	return session_trace_get_information(buffer, size, NULL, &it);
}

static session_trace_size object_created(char *buffer, session_trace_size size)
{
	return session_trace_object(buffer, size, &full_origin, 1, ADDRESS(0xa100), UINT32_MAX);
}

static session_trace_size object_deleted(char *buffer, session_trace_size size)
{
	return session_trace_object(buffer, size, NULL, 0, NULL, 0);
}

static session_trace_size sample_connected(char *buffer, session_trace_size size)
{
	return session_trace_sample(buffer, size, &full_origin, 3, 3, 1, ADDRESS(0xb200));
}

static session_trace_size event_typical(char *buffer, session_trace_size size)
{
	static const unsigned char payload[8] = { 3 };
	struct session_trace_change it = {
		.session = 3,
		.event = 3,
		.has_states = 1,
		.from = 1,
		.to = 3,
		.has_payload = 1,
		.payload = payload,
		.payload_length = 8,
	};

	return session_trace_event(buffer, size, &full_origin, &it);
}

static session_trace_size event_invalid(char *buffer, session_trace_size size)
{
	struct session_trace_change it = { .event = 7, .has_states = 1, .to = 9, .has_payload = 1 };

	return session_trace_event(buffer, size, NULL, &it);
}

static session_trace_size event_wts(char *buffer, session_trace_size size)
{
	struct session_trace_origin origin = { .source = "wts", .driver = "not here" };
	struct session_trace_change it = { .session = 2, .event = 15 };

	return session_trace_event(buffer, size, &origin, &it);
}

/* LAB\Zoë, a character beyond U+FFFF, a lone surrogate of each kind, one at the end. */
static session_trace_size event_sens(char *buffer, session_trace_size size)
{
	static const unsigned char user[] = { 'L',  0,    'A',  0,    'B',  0,   '\\', 0,
					      'Z',  0,    'o',  0,    0xeb, 0,   0x3d, 0xd8,
					      0x00, 0xde, 0x00, 0xdc, '"',  0,   0x3d, 0xd8,
					      0x08, 0x20, 0x07, 0,    0x3d, 0xd8 };
	struct session_trace_origin origin = { .source = "sens" };
	struct session_trace_change it = { .session = 2, .name = "SessionReconnect", .user = user };

	it.user_units = sizeof user / 2;
	return session_trace_event(buffer, size, &origin, &it);
}

/* The begin of a call, and of a callback of which the session is not known yet. */
static session_trace_size register_begin(char *buffer, session_trace_size size)
{
	struct session_trace_origin origin = { .seq = 1,
					       .has_seq = 1,
					       .phase = SESSION_TRACE_BEGIN,
					       .seq_end = 2,
					       .has_seq_end = 1,
					       .has_irql = 1 };
	struct session_trace_registration it = { .io = ADDRESS(0xa100), .mask = 0x3f };

	return session_trace_register(buffer, size, &origin, &it);
}

static session_trace_size notify_begin(char *buffer, session_trace_size size)
{
	struct session_trace_origin origin = { .phase = SESSION_TRACE_BEGIN };
	struct session_trace_notification it = { .event = 5,
						 .has_status = 1,
						 .session_unknown = 1 };

	return session_trace_notify(buffer, size, &origin, &it);
}

static session_trace_size get_begin(char *buffer, session_trace_size size)
{
	struct session_trace_origin origin = { .phase = SESSION_TRACE_BEGIN };
	struct session_trace_inquiry it = { .session_object = ADDRESS(0xb200), .length = 12 };

	return session_trace_get_information(buffer, size, &origin, &it);
}

static session_trace_size unregister_end(char *buffer, session_trace_size size)
{
	struct session_trace_origin origin = { .phase = SESSION_TRACE_END };

	return session_trace_unregister(buffer, size, &origin, ADDRESS(0xd400), NULL);
}

/* What has no end takes no number of one. */
static session_trace_size object_span(char *buffer, session_trace_size size)
{
	struct session_trace_origin origin = {
		.seq = 1, .has_seq = 1, .seq_end = 2, .has_seq_end = 1
	};

	return session_trace_object(buffer, size, &origin, 1, ADDRESS(0xa100), 0);
}

static session_trace_size marker_gap(char *buffer, session_trace_size size)
{
	return session_trace_marker(buffer, size, &full_origin, "gap", "3 records did not fit");
}

static session_trace_size marker_end(char *buffer, session_trace_size size)
{
	struct session_trace_origin origin = { .host = "", .boot = NULL };

	return session_trace_marker(buffer, size, &origin, "end", NULL);
}

#define ORIGIN "time=2026-03-02T12:01:44.7710000Z seq=7 host=VDI-017 boot=12 "
#define LONGEST                                                                                    \
	"time=2026-03-02T12:01:44.7710000Z seq=18446744073709551615 host=ABCDEFGHIJKLMNO "         \
	"boot=2026-03-02T12:01:44Z driver=a-name-of-32-bytes-for-a-driver. "                       \
	"seq_end=18446744073709551615 irql=255 "
#define WIDEST "0xffffffffffffffff"

static const struct {
	const char *what;
	writer write;
	const char *text;
} lines[] = {
	{ "a notification", notify_typical,
	  ORIGIN "driver=sample session=3 notify=Connected io=0xa100 session_object=0xb200 "
		 "context=0xc300 payload_session=3 payload_local=true payload_length=8 "
		 "status=STATUS_SUCCESS" },
	{ "a notification of nothing", notify_empty,
	  "session=0 notify=Ignore io=0x0 session_object=0x0 context=0x0 payload_length=0" },
	{ "a notification of the largest numbers", notify_extreme,
	  LONGEST "session=4294967295 notify=4294967295 io=" WIDEST " session_object=" WIDEST
		  " context=" WIDEST " payload_length=4294967295 status=0xffffffff" },
	{ "a payload of four bytes", notify_short_payload,
	  "session=0 notify=Connected io=0x0 session_object=0x0 context=0x0 "
	  "payload_session=4294967295 payload_length=4" },
	{ "a payload of three bytes, and Max", notify_short_id,
	  "session=0 notify=7 io=0x0 session_object=0x0 context=0x0 payload_length=3" },
	{ "a payload whose LocalSession means nothing", notify_disconnected,
	  "session=1 notify=Disconnected io=0x0 session_object=0x0 context=0x0 "
	  "payload_session=67305985 payload_length=8" },
	{ "a registration", register_typical,
	  ORIGIN "driver=sample call=IoRegisterContainerNotification pointer_size=8 class=0 "
		 "io=0xa100 size=32 "
		 "length=32 flags=0x0 mask=0x3f context=0x0 status=STATUS_SUCCESS "
		 "registration=0xd400" },
	{ "a refused registration", register_refused,
	  LONGEST
	  "call=IoRegisterContainerNotification pointer_size=8 class=4294967295 io=" WIDEST
	  " size=4294967295 length=4294967295 flags=0xffffffff mask=0xffffffff context=" WIDEST
	  " status=STATUS_INSUFFICIENT_RESOURCES" },
	{ "the longest registration", register_longest,
	  LONGEST
	  "call=IoRegisterContainerNotification pointer_size=8 class=4294967295 io=" WIDEST
	  " size=4294967295 length=4294967295 flags=0xffffffff mask=0xffffffff context=" WIDEST
	  " status=STATUS_SUCCESS registration=" WIDEST },
	{ "a registration of nothing", register_empty,
	  "call=IoRegisterContainerNotification pointer_size=8 class=0 io=0x0 size=0 length=0 "
	  "flags=0x0 mask=0x0 "
	  "context=0x0 status=STATUS_SUCCESS registration=0x0" },
	{ "an unregistration", unregister_typical,
	  ORIGIN "driver=sample call=IoUnregisterContainerNotification registration=0xd400 "
		 "io=0xa100" },
	{ "an unregistration of NULL", unregister_null,
	  "call=IoUnregisterContainerNotification registration=0x0" },
	{ "an inquiry", get_typical,
	  ORIGIN "driver=sample session=3 call=IoGetContainerInformation class=0 "
		 "session_object=0xb200 length=12 status=STATUS_SUCCESS" },
	{ "a refused inquiry, which tells no session", get_refused,
	  "call=IoGetContainerInformation class=4294967295 session_object=0x0 length=0 "
	  "status=STATUS_INVALID_PARAMETER_2" },
	{ "the begin of a registration", register_begin,
	  "seq=1 phase=begin irql=0 call=IoRegisterContainerNotification pointer_size=8 class=0 "
	  "io=0xa100 size=0 length=0 flags=0x0 mask=0x3f context=0x0" },
	{ "the begin of a callback", notify_begin,
	  "phase=begin notify=Logon io=0x0 session_object=0x0 context=0x0 payload_length=0" },
	{ "the begin of an inquiry", get_begin,
	  "phase=begin call=IoGetContainerInformation class=0 session_object=0xb200 length=12" },
	{ "the end of an unregistration", unregister_end,
	  "phase=end call=IoUnregisterContainerNotification registration=0xd400" },
	{ "an object, with the number of an end", object_span, "seq=1 object=created io=0xa100" },
	{ "a per-session device object", object_created,
	  ORIGIN "driver=sample object=created io=0xa100 device_session=4294967295" },
	{ "the end of an object", object_deleted, "object=deleted io=0x0" },
	{ "a sample", sample_connected,
	  ORIGIN "driver=sample session=3 state=Connected local=true session_object=0xb200" },
	{ "an event with all that NtNotifyChangeSession() carries", event_typical,
	  ORIGIN "session=3 event=Connected from=Created to=Connected payload_session=3 "
		 "payload_local=false payload_length=8" },
	{ "an event and states that are none", event_invalid,
	  "session=0 event=7 from=0 to=9 payload_length=0" },
	{ "an event of wts", event_wts, "source=wts session=2 event=15" },
	{ "an event of sens", event_sens,
	  "source=sens session=2 event=SessionReconnect user=\"LAB\\\\Zo\xc3\xab\xf0\x9f\x98\x80"
	  "\xef\xbf\xbd\\\"\xef\xbf\xbd\xe2\x80\x88\\u0007\xef\xbf\xbd\"" },
	{ "a marker", marker_gap, ORIGIN "marker=gap reason=\"3 records did not fit\"" },
	{ "a marker of few words", marker_end, "marker=end" },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Whether a buffer of @size holds the line, or nothing, and no byte behind it is touched. */
static bool fits(writer write, const char *text, size_t size)
{
	size_t length = strlen(text);
	char *buffer = malloc(size + 16);
	bool holds;

	if (!buffer)
		return false;
	memset(buffer, CANARY, size + 16);
	holds = write(buffer, size) == length;
	if (size > 0)
		holds = holds && strcmp(buffer, length < size ? text : "") == 0;
	for (size_t i = size; i < size + 16; i++)
		holds = holds && buffer[i] == CANARY;
	free(buffer);
	return holds;
}

static void test_lines(void)
{
	for (unsigned i = 0; i < COUNT(lines); i++) {
		static char buffer[4096];
		size_t length = strlen(lines[i].text), wrong = SIZE_MAX;

		lines[i].write(buffer, sizeof buffer);
		if (!tap_ok(strcmp(buffer, lines[i].text) == 0, "%s", lines[i].what))
			tap_note("%s", buffer);
		for (size_t size = 0; size <= length + 2; size++)
			if (!fits(lines[i].write, lines[i].text, size) && wrong == SIZE_MAX)
				wrong = size;
		if (!tap_ok(wrong == SIZE_MAX && lines[i].write(NULL, 99) == length,
			    "%s: whole or nothing in 0 to %zu bytes", lines[i].what, length + 2))
			tap_note("size %zu", wrong);
	}
}

static void test_limits(void)
{
	size_t longest = 0;

	for (unsigned i = 0; i < COUNT(lines); i++)
		if (strlen(lines[i].text) > longest)
			longest = strlen(lines[i].text);
	tap_ok(longest < SESSION_TRACE_LINE_MAX,
	       "the longest, %zu bytes, fits SESSION_TRACE_LINE_MAX", longest);
	tap_ok(SESSION_TRACE_LINE_MAX - 1 + strlen(SESSION_TRACE_TAG "\n") + 1 == 512,
	       "a full line with tag, end and terminator has 512 bytes");
	tap_ok(strcmp(SESSION_TRACE_FORMAT, "sessionlint: %s\n") == 0, "the format has the tag");
}

/* local is written in the three states in which it is valid. */
static void test_local(void)
{
	unsigned with = 0;

	for (unsigned state = 0; state <= 10; state++) {
		char buffer[128];

		session_trace_sample(buffer, sizeof buffer, NULL, 1, state, 0, NULL);
		if (strstr(buffer, " local=false"))
			with |= 1U << state;
	}
	tap_ok(with == (1U << 3 | 1U << 6 | 1U << 7),
	       "local in Connected, LoggedOn, LoggedOff alone");
}

int main(void)
{
	test_lines();
	test_limits();
	test_local();
	return tap_done();
}
