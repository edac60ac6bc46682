/* SPDX-License-Identifier: MIT */
/* Shared by the files of pending notifications. */
#ifndef CHECK_DRIVER_PENDING_INTERNAL_H
#define CHECK_DRIVER_PENDING_INTERNAL_H

#include "check/driver/pending.h"

/* ---- pending_list.c ---- */

static inline uint64_t *waiting_set(struct pending *pending)
{
	return pending->sets;
}

static inline uint64_t *skipped_set(struct pending *pending)
{
	return pending->sets + pending->words;
}

static inline uint64_t *excused_set(struct pending *pending)
{
	return pending->sets + 2 * (size_t)pending->words;
}

static inline bool set_has(const uint64_t *set, uint32_t words, uint32_t number)
{
	return number / 64 < words && set[number / 64] >> number % 64 & 1;
}

static inline void set_clear(uint64_t *set, uint32_t number)
{
	set[number / 64] &= ~((uint64_t)1 << number % 64);
}

/* Removes a pending notification from its lists, and frees it. */
void pending_free(struct checker *checker, struct pending *pending);

/* Appends a new one. */
void pending_append(struct checker *checker, struct session_detail *detail,
		    struct pending *pending);

/* The number of words in all its sets. */
uint64_t set_words(const struct pending *pending);

/* The details of a session with a pending notification. */
static inline struct session_detail *detail_of(const struct checker *checker, uint32_t session)
{
	return details_at(&checker->details, session);
}

/* Removes registration @number from the first set; the pending notification stays. */
static inline void pending_strike(struct pending *pending, uint32_t number)
{
	if (!set_has(waiting_set(pending), pending->words, number))
		return;
	set_clear(waiting_set(pending), number);
	pending->waiting_count--;
}

/* Whether registration @number may have been notified of it too early. */
static inline bool is_excused(struct pending *pending, uint32_t number)
{
	return set_has(excused_set(pending), pending->words, number);
}

/* Whether it was notified of a later event. */
static inline bool is_skipped(struct pending *pending, uint32_t number)
{
	return set_has(skipped_set(pending), pending->words, number);
}

/* ---- pending_missed.c ---- */

/* Reports that @registration has missed it, or if NULL, that @count more have. */
int report_missed(struct checker *checker, const struct pending *pending,
		  const struct registration *registration, uint32_t count);

/* Whether @registration, for which it is pending, has missed it. */
bool pending_has_missed(const struct checker *checker, struct pending *pending,
			const struct registration *registration);

/* Reports it for the registrations in its first set, and frees it. */
int pending_give_up(struct checker *checker, struct pending *pending);

/* Makes room for one more pending notification of a session; drops older ones. */
int pending_make_room(struct checker *checker, const struct session_detail *detail, uint64_t words);

#endif
