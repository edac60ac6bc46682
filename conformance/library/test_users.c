/* SPDX-License-Identifier: MIT */
/* Findings name the user and the address: those of the record, or those of the session. */
#include <sessionlint.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tap.h"

static const struct {
	const char *claim;
	const char *trace;
	const char *found; /* line, rule, user, address */
} cases[] = {
	{
		"the record names them",
		"source=lsm session=3 event=Logon user=ada address=10.0.0.7\n"
		"source=lsm session=3 event=Disconnected user=bob address=10.0.0.8\n"
		"source=lsm session=3 event=Terminated\n",
		"2 wrong-user bob 10.0.0.8;3 illegal-transition ada 10.0.0.7;",
	},
	{
		"the record does not: who is logged on",
		"session=3 event=Created\nsession=3 event=Connected\n"
		"session=3 event=Logon user=ada address=10.0.0.7\n"
		"session=3 event=Connected\n",
		"4 illegal-transition ada 10.0.0.7;0 unfinished ada 10.0.0.7;",
	},
	{
		"the user is another one than in the record: the address is not that of the "
		"session",
		"session=3 event=Created\nsession=3 event=Connected\n"
		"session=3 event=Logon user=ada address=10.0.0.7\n"
		"session=3 event=Connected user=bob\n"
		"session=3 event=Connected user=ada\n"
		"session=3 event=Connected address=10.0.0.9\n"
		"marker=end\n",
		"4 illegal-transition bob -;5 illegal-transition ada 10.0.0.7;"
		"6 illegal-transition ada 10.0.0.9;0 unfinished ada 10.0.0.9;",
	},
	{
		"whoever logs on is not who was logged on",
		"session=3 event=Created\nsession=3 event=Connected\n"
		"session=3 event=Logon user=ada address=10.0.0.7\n"
		"session=3 event=Logon\nsession=3 event=Created\n",
		"4 illegal-transition - -;5 illegal-transition - -;0 unfinished - -;",
	},
	{
		"nobody is, after a logoff",
		"session=3 event=Created\nsession=3 event=Connected\n"
		"session=3 event=Logon user=ada\nsession=3 event=Logoff\n"
		"session=3 event=Logoff\n",
		"5 illegal-transition - -;0 unfinished - -;",
	},
	{
		"but the logoff is that of the user",
		"session=3 event=Created\nsession=3 event=Connected\n"
		"session=3 event=Logon user=ada\nsession=3 event=Logoff from=Connected\n"
		"marker=end\n",
		"4 wrong-state ada -;4 illegal-transition ada -;0 unfinished - -;",
	},
	{
		"it is that of the right session",
		"host=a session=3 event=Created\nhost=b session=3 event=Created\n"
		"host=a session=3 event=Connected\nhost=b session=3 event=Connected\n"
		"host=a session=3 event=Logon user=ada\nhost=b session=3 event=Logon user=bob\n"
		"host=b session=3 event=Connected\nhost=a session=3 event=Connected\n"
		"host=a session=3 event=Logoff\nhost=a session=3 event=Disconnected\n"
		"host=a session=3 event=Terminated\n",
		"7 illegal-transition bob -;8 illegal-transition ada -;0 unfinished bob -;",
	},
	{
		"a finding that is not about a session names those of the record",
		"time=2026-01-02T03:04:06Z session=3 event=Created user=ada\n"
		"time=2026-01-02T03:04:05Z session=3 event=Terminated user=bob\n",
		"2 time-reversed bob -;",
	},
};

struct found {
	char text[1000];
	size_t size;
};

static void add_text(struct found *found, struct sessionlint_text text, char end)
{
	found->size += (size_t)snprintf(found->text + found->size, sizeof found->text - found->size,
					"%.*s%c", text.size ? (int)text.size : 1,
					text.size ? text.data : "-", end);
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct found *found = userdata;
	const char *rule = strchr(sessionlint_rule_info(finding->rule)->name, '/') + 1;
	bool last = finding->rule == SESSIONLINT_RULE_UNFINISHED;

	found->size += (size_t)snprintf(found->text + found->size, sizeof found->text - found->size,
					"%" PRIu64 " %s ", last ? 0 : finding->line, rule);
	add_text(found, finding->user, ' ');
	add_text(found, finding->address, ';');
	return 0;
}

int main(void)
{
	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct found found = { .size = 0 };
		struct sessionlint *run;
		int r;

		if (sessionlint_new(&run) < 0)
			exit(1);
		sessionlint_set_report(run, on_finding, &found);
		r = sessionlint_check_buffer(run, cases[i].trace, strlen(cases[i].trace), "x");
		if (!tap_ok(r == 0 && strcmp(found.text, cases[i].found) == 0, "%s",
			    cases[i].claim)) {
			tap_note("want %s", cases[i].found);
			tap_note("have %s", found.text);
		}
		sessionlint_free(run);
	}
	return tap_done();
}
