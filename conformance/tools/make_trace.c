/* SPDX-License-Identifier: MIT */
/*
 * Writes long legal traces for measurements: make_trace EVENTS SESSIONS [logfmt|ndjson|full]. It
 * knows the life of a session by heart and shares no code with the checker.
 *
 * logfmt: about 46 bytes an event; full: with host, from and to.
 */
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "life.h"

static uint64_t random_state = 0x9e3779b97f4a7c15U;

/* xorshift64*: the order of the sessions must not be one that a prefetcher can guess */
static uint64_t random_next(void)
{
	random_state ^= random_state >> 12;
	random_state ^= random_state << 25;
	random_state ^= random_state >> 27;
	return random_state * 0x2545f4914f6cdd1dU;
}

static void write_event(const char *form, uint64_t number, uint32_t session, unsigned step)
{
	unsigned seconds = (unsigned)(number / 5000 % 86400);
	char time[32];

	snprintf(time, sizeof time, "2026-01-%02uT%02u:%02u:%02uZ",
		 (unsigned)(number / 5000 / 86400 % 28) + 1, seconds / 3600, seconds / 60 % 60,
		 seconds % 60);
	if (strcmp(form, "ndjson") == 0)
		printf("{\"time\":\"%s\",\"session\":%" PRIu32 ",\"event\":\"%s\"}\n", time,
		       session, life[step].event);
	else if (strcmp(form, "full") == 0)
		printf("time=%s host=VDI-017 session=%" PRIu32 " event=%s from=%s to=%s\n", time,
		       session, life[step].event, life[step].from, life[step].to);
	else
		printf("time=%s session=%" PRIu32 " event=%s\n", time, session, life[step].event);
}

int main(int count, char **arguments)
{
	uint64_t events = count > 1 ? strtoull(arguments[1], NULL, 10) : 0;
	uint64_t sessions = count > 2 ? strtoull(arguments[2], NULL, 10) : 0;
	const char *form = count > 3 ? arguments[3] : "logfmt";
	unsigned char *steps;

	if (events == 0 || sessions == 0 || sessions > UINT32_MAX) {
		fputs("usage: make_trace EVENTS SESSIONS [logfmt|ndjson|full]\n", stderr);
		return 2;
	}
	steps = calloc((size_t)sessions, 1);
	if (!steps)
		return 2;
	for (uint64_t i = 0; i < events; i++) {
		uint32_t session = (uint32_t)(random_next() % sessions);

		write_event(form, i, session, steps[session]);
		steps[session] = (unsigned char)((steps[session] + 1) % LIFE_STEPS);
	}
	free(steps);
	return ferror(stdout) || fflush(stdout) != 0 ? 2 : 0;
}
