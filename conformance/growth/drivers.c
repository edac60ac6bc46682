/* SPDX-License-Identifier: MIT */
/* Growth of what drivers do. What meets what was quadratic once. */
#include "growth.h"

/* Handles, by the number of the registration that they belong to. */
#define OBJECT  0x1000000U
#define HANDLE  0x3000000U
#define SESSION 0x5000000U

static void put_register(FILE *trace, unsigned driver, unsigned number, const char *mask)
{
	fprintf(trace,
		"driver=d%u call=IoRegisterContainerNotification io=%#x mask=%s registration=%#x "
		"status=0\n",
		driver, OBJECT + number, mask, HANDLE + number);
}

static void put_unregister(FILE *trace, unsigned driver, unsigned number)
{
	fprintf(trace, "driver=d%u call=IoUnregisterContainerNotification registration=%#x\n",
		driver, HANDLE + number);
}

static void put_notify(FILE *trace, unsigned driver, unsigned session, const char *event,
		       unsigned number)
{
	fprintf(trace, "driver=d%u session=%u notify=%s io=%#x payload_session=%u status=0\n",
		driver, session, event, OBJECT + number, session);
}

static void put_device(FILE *trace, unsigned number, unsigned session)
{
	fprintf(trace, "driver=d0 object=created io=%#x kind=device device_session=%u\n",
		OBJECT + number, session);
}

static void put_event(FILE *trace, unsigned session, unsigned step)
{
	fprintf(trace, "session=%u event=%s\n", session, growth_event(step));
}

static void put_live(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_register(trace, 0, i, "all");
}

/* ---- one thing ---- */

/* Each of @count drivers is notified of an event. */
static void write_drivers(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_register(trace, i, i, "all");
	put_event(trace, 1, 0);
	for (unsigned i = 0; i < count; i++)
		put_notify(trace, i, 1, "Created", i);
	for (unsigned i = 0; i < count; i++)
		put_unregister(trace, i, i);
}

static void write_registrations(FILE *trace, unsigned count)
{
	put_live(trace, count);
	put_event(trace, 1, 0);
	for (unsigned i = 0; i < count; i++)
		put_notify(trace, 0, 1, "Created", i);
	for (unsigned i = 0; i < count; i++)
		put_unregister(trace, 0, i);
}

/* One after the other. */
static void write_registrations_in_turn(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		put_register(trace, 0, 0, "all");
		put_unregister(trace, 0, 0);
	}
}

static void write_leaks(FILE *trace, unsigned count)
{
	put_live(trace, count);
	fprintf(trace, "marker=end\n");
}

static void write_devices(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_device(trace, i, 0);
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "driver=d0 object=deleted io=%#x\n", OBJECT + i);
}

/* Registrations that differ in what they select. */
static void write_masks(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		char mask[8];

		snprintf(mask, sizeof mask, "%u", 2 * (1 + i % 63));
		put_register(trace, 0, i, mask);
	}
	for (unsigned i = 0; i < count; i++)
		put_event(trace, 1 + i % 64, i / 64);
}

static void write_notifications(FILE *trace, unsigned count)
{
	put_register(trace, 0, 0, "all");
	for (unsigned i = 0; i < count; i++) {
		put_event(trace, 1, i);
		put_notify(trace, 0, 1, growth_event(i), 0);
	}
}

/* Each object is called by six names in turn, and deleted. */
static void write_spellings(FILE *trace, unsigned count)
{
	static const char *const forms[] = { "0x%x", "%x", "%X", "0x%08X", "0X0%x", "00%x" };

	for (unsigned i = 0; i < count; i++)
		put_device(trace, i, 0);
	for (unsigned i = 0; i < 6 * count; i++) {
		fprintf(trace, "driver=d0 session=1 notify=Created io=");
		fprintf(trace, forms[i / count], OBJECT + i % count);
		fprintf(trace, "\n");
	}
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "driver=D0 object=deleted io=%x\n", OBJECT + i);
}

static void write_session_objects(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace,
			"driver=d0 call=IoGetContainerInformation session=%u session_object=%#x "
			"status=0\n",
			i, SESSION + i);
}

/* ---- one thing meets another ---- */

static void write_registrations_by_events(FILE *trace, unsigned count)
{
	put_live(trace, count);
	for (unsigned i = 0; i < count; i++)
		put_event(trace, 1, i);
}

static void write_registrations_by_sessions(FILE *trace, unsigned count)
{
	put_live(trace, count);
	for (unsigned i = 0; i < count; i++)
		put_event(trace, i, 0);
}

/* All have missed all, which is known as the host starts again. */
static void write_missed(FILE *trace, unsigned count)
{
	put_live(trace, count);
	for (unsigned i = 0; i < count; i++)
		put_event(trace, 1 + i % 64, i / 64);
	fprintf(trace, "marker=end\n");
}

static void write_drivers_by_events(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_register(trace, i, i, "all");
	for (unsigned i = 0; i < count; i++)
		put_event(trace, 1 + i % 64, i / 64);
}

static void write_devices_of_a_session(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_device(trace, i, 1);
	put_live(trace, count);
	for (unsigned i = 0; i < count; i++)
		put_event(trace, 1, i);
}

/* Ten of each session. */
static void write_devices_of_sessions(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_device(trace, i, 1 + i / 10);
	put_live(trace, count);
	for (unsigned i = 0; i < count; i++)
		put_event(trace, 1 + i, 0);
}

/* The same, and each is notified of its session. */
static void write_devices_notified(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_device(trace, i, 1 + i / 10);
	put_live(trace, count);
	for (unsigned i = 0; i < count; i++) {
		if (i % 10 == 0)
			put_event(trace, 1 + i / 10, 0);
		put_notify(trace, 0, 1 + i / 10, "Created", i);
	}
}

static void write_devices_by_ends(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		put_device(trace, i, 1 + i / 10);
	put_live(trace, count);
	for (unsigned i = 0; i < count; i++)
		put_event(trace, 1 + i / 10, i % 10);
	for (unsigned i = 0; i < count; i++)
		put_unregister(trace, 0, i);
}

/* Registrations end while sessions are alive that another one was notified of. */
static void write_ends_by_sessions(FILE *trace, unsigned count)
{
	put_live(trace, count);
	for (unsigned i = 0; i < count; i++)
		put_notify(trace, 0, i, "Created", 0);
	for (unsigned i = count; i-- > 1;)
		put_unregister(trace, 0, i);
}

static void write_gaps_by_registrations(FILE *trace, unsigned count)
{
	put_live(trace, count);
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "marker=gap\nsession=%u event=Created\n", i);
}

static void write_boots_by_registrations(FILE *trace, unsigned count)
{
	put_live(trace, count);
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "host=b marker=boot\nhost=b session=1 event=Created\n");
}

#define ALONE SESSIONLINT_TOTAL_REGISTRATIONS, 30, 10, LINEAR
#define MET   SESSIONLINT_TOTAL_REGISTRATIONS, 4, 10, LINEAR

/* What is not linear. */
#define MISSED                                                                                     \
	SESSIONLINT_TOTAL_REGISTRATIONS, 4, 10, 1.15,                                              \
		"an event that waits has a set of registrations, 64 a word"
#define MANY                                                                                       \
	SESSIONLINT_TOTAL_REGISTRATIONS, 40, 10, 1.65,                                             \
		"an event that waits has a set of registrations, 64 a word"
#define ENDS                                                                                       \
	SESSIONLINT_TOTAL_REGISTRATIONS, 4, 10, 1.35,                                              \
		"each end looks through the events that wait, at most 65,536"
#define AGREEMENT                                                                                  \
	SESSIONLINT_TOTAL_REGISTRATIONS, 4, 4, 2.05,                                               \
		"each end asks the sessions that registrations were notified of, without an event"

static const struct growth_scenario scenarios[] = {
	{ "drivers", write_drivers, NULL, ALONE },
	{ "registrations", write_registrations, NULL, ALONE },
	{ "registrations, one at a time", write_registrations_in_turn, NULL, ALONE },
	{ "registrations that leak", write_leaks, NULL, ALONE },
	{ "I/O objects", write_devices, NULL, SESSIONLINT_TOTAL_OBJECTS, 30, 10, LINEAR },
	{ "masks, and events", write_masks, NULL, MET },
	{ "notifications", write_notifications, NULL, SESSIONLINT_TOTAL_NOTIFICATIONS, 30, 10,
	  LINEAR },
	{ "I/O objects by six names", write_spellings, NULL, SESSIONLINT_TOTAL_OBJECTS, 3, 10,
	  LINEAR },
	{ "session objects", write_session_objects, NULL, SESSIONLINT_TOTAL_CALLS, 30, 10, LINEAR },
	{ "registrations, and events", write_registrations_by_events, NULL, MET },
	{ "registrations, and sessions", write_registrations_by_sessions, NULL, MET },
	{ "registrations, and events that all missed", write_missed, NULL, MISSED },
	{ "drivers, and events", write_drivers_by_events, NULL, MET },
	{ "devices of a session, and events", write_devices_of_a_session, NULL, MET },
	{ "devices, ten a session, and sessions", write_devices_of_sessions, NULL, MET },
	{ "devices, ten a session, notified", write_devices_notified, NULL, MET },
	{ "devices, ten a session, and ends", write_devices_by_ends, NULL, ENDS },
	{ "sessions, and ends of registrations", write_ends_by_sessions, NULL, AGREEMENT },
	{ "registrations, ten times as many, and events", write_registrations_by_events, NULL,
	  MANY },
	{ "registrations, and gaps", write_gaps_by_registrations, NULL, MET },
	{ "registrations, and boots of another host", write_boots_by_registrations, NULL, MET },
};

const struct growth_scenarios growth_drivers = {
	.title = "drivers",
	.scenarios = scenarios,
	.count = sizeof scenarios / sizeof scenarios[0],
};
