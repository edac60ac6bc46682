/* SPDX-License-Identifier: MIT */
#include "trace/windows/repeats.h"

#include "trace/annotation.h"

/* A subscriber that is not ready is told again: in real logs after up to 6 s. A process id is used
 * again after a boot at the earliest, which takes longer. */
#define AGAIN_MAX ((uint64_t)10 * 10000000)

/* How many records later another subscriber is told; the clock may be set between the two. */
#define RECORDS_MAX 8U

enum {
	PROFILE_LOGON = 1,
	PROFILE_LOGON_DONE,
	PROFILE_LOGOFF,
	PROFILE_LOGOFF_DONE,
};

/* What is remembered of @key; if that is nothing, the oldest one is forgotten. */
static struct windows_repeat *repeat_find(struct windows_repeats *repeats, uint64_t key)
{
	struct windows_repeat *oldest = &repeats->recent[0];

	for (unsigned i = 0; i < WINDOWS_REPEATS; i++) {
		struct windows_repeat *repeat = &repeats->recent[i];

		if (repeat->key == key) {
			repeat->used = ++repeats->count;
			return repeat;
		}
		if (repeat->used < oldest->used)
			oldest = repeat;
	}
	*oldest = (struct windows_repeat) {
		.key = key,
		.used = ++repeats->count,
		.event = SESSIONLINT_NO_EVENT,
	};
	return oldest;
}

static bool is_near(const struct windows_repeat *repeat, const struct record *record)
{
	uint64_t apart = record->time > repeat->time ? record->time - repeat->time
						     : repeat->time - record->time;

	return apart <= AGAIN_MAX;
}

static bool notified_again(struct windows_repeat *repeat, const struct record *record,
			   uint64_t subscriber)
{
	uint64_t bit = subscriber ? (uint64_t)1 << subscriber % 64 : 0;
	bool same = repeat->event == record->event;
	bool other = bit && !(repeat->subscribers & bit) &&
		     record->line - repeat->line <= RECORDS_MAX;
	bool again = same && (is_near(repeat, record) || other);

	repeat->subscribers = bit | (again ? repeat->subscribers : 0);
	repeat->event = record->event;
	repeat->time = record->time;
	repeat->line = record->line;
	return again;
}

static bool completes(struct windows_repeat *repeat, uint32_t id)
{
	bool completion = false;

	if (id == PROFILE_LOGON_DONE)
		completion = repeat->logon;
	else if (id == PROFILE_LOGOFF_DONE)
		completion = repeat->logoff;
	if (id == PROFILE_LOGON || id == PROFILE_LOGON_DONE)
		repeat->logon = id == PROFILE_LOGON;
	else
		repeat->logoff = id == PROFILE_LOGOFF;
	return completion;
}

bool windows_repeats(struct windows_repeats *repeats, const struct record *record,
		     uint64_t computer, uint64_t subscriber)
{
	uint64_t key = (computer << 34) ^ ((uint64_t)record->source << 32 | record->session);

	if (record->source == SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL)
		return notified_again(repeat_find(repeats, key), record, subscriber);
	return completes(repeat_find(repeats, key), record->annotation->id);
}
