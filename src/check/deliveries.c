/* SPDX-License-Identifier: MIT */
#include "check/deliveries.h"

#include <errno.h>
#include <stdlib.h>

#include "check/local.h"
#include "check/loose.h"
#include "check/session_objects.h"

static uint64_t *waiting_set(struct delivery *delivery)
{
	return delivery->sets;
}

static uint64_t *skipped_set(struct delivery *delivery)
{
	return delivery->sets + delivery->words;
}

static uint64_t *excused_set(struct delivery *delivery)
{
	return delivery->sets + 2 * (size_t)delivery->words;
}

static bool set_has(const uint64_t *set, uint32_t words, uint32_t number)
{
	return number / 64 < words && set[number / 64] >> number % 64 & 1;
}

static void set_clear(uint64_t *set, uint32_t number)
{
	set[number / 64] &= ~((uint64_t)1 << number % 64);
}

/* The words of all sets of a delivery. */
static uint64_t set_words(const struct delivery *delivery)
{
	return 3 * (uint64_t)delivery->words;
}

/* ---- the lists ---- */

/* The detail of a session that has a delivery is there. */
static struct session_detail *detail_of(const struct checker *checker, uint32_t session)
{
	return details_at(&checker->details, session);
}

static void delivery_free(struct checker *checker, struct delivery *delivery)
{
	struct session_detail *detail = detail_of(checker, delivery->session);
	struct deliveries *all = &checker->deliveries;

	if (delivery->previous)
		delivery->previous->next = delivery->next;
	else
		detail->first = delivery->next;
	if (delivery->next)
		delivery->next->previous = delivery->previous;
	else
		detail->last = delivery->previous;
	if (delivery->older)
		delivery->older->newer = delivery->newer;
	else
		all->oldest = delivery->newer;
	if (delivery->newer)
		delivery->newer->older = delivery->older;
	else
		all->newest = delivery->older;
	detail->waiting--;
	all->count--;
	all->words -= set_words(delivery);
	free(delivery);
}

static void delivery_append(struct checker *checker, struct session_detail *detail,
			    struct delivery *delivery)
{
	struct deliveries *all = &checker->deliveries;

	delivery->previous = detail->last;
	if (detail->last)
		detail->last->next = delivery;
	else
		detail->first = delivery;
	detail->last = delivery;
	detail->waiting++;
	delivery->older = all->newest;
	if (all->newest)
		all->newest->newer = delivery;
	else
		all->oldest = delivery;
	all->newest = delivery;
	all->count++;
	all->words += set_words(delivery);
}

/* ---- what was missed ---- */

/* What @registration has missed, or with NULL that @count others have. */
static int report_missed(struct checker *checker, const struct delivery *delivery,
			 const struct registration *registration, uint32_t count)
{
	struct subject subject = {
		.checker = checker,
		.host = &checker->hosts.hosts[delivery->host],
		.session = sessions_at(&checker->sessions, delivery->session),
		.object = registration ? registration->object : NULL,
	};
	struct particulars particulars = NO_PARTICULARS;
	const char *event = event_text(checker, delivery->place.event);

	particulars.place = &delivery->place;
	if (registration)
		return report(&subject, SESSIONLINT_RULE_MISSED, particulars,
			      "the driver is never told of %s", event);
	return report(&subject, SESSIONLINT_RULE_MISSED, particulars,
		      "%u more registration%s never told of %s", count,
		      count == 1 ? " is" : "s are", event);
}

/* Whether @registration need not have got the event: it may not have been live yet, the event may
 * be another session's, or of one of which it is not known what the driver was notified of. */
static bool is_spared(const struct delivery *delivery, const struct registration *registration,
		      const struct session_detail *detail, uint32_t session)
{
	return delivery->at < registration->live_from || registration->blurred ||
	       object_may_be_foreign(registration->object, session) ||
	       session_objects_doubt(&registration->object->owner->sessions, session) ||
	       delivery_is_behind(detail, registration);
}

/* Who has missed a delivery, of those in a word of its sets. */
static uint64_t delivery_missed(const struct checker *checker, struct delivery *delivery,
				uint32_t word)
{
	const struct drivers *drivers = checker->hosts.hosts[delivery->host].drivers;
	const struct session_detail *detail = detail_of(checker, delivery->session);
	uint32_t session = sessions_at(&checker->sessions, delivery->session)->id;
	uint64_t missed = waiting_set(delivery)[word] & ~excused_set(delivery)[word];

	if (delivery->revealed)
		return waiting_set(delivery)[word] & skipped_set(delivery)[word];
	if (!delivery->recorded)
		return 0;
	for (uint64_t left = missed; left; left &= left - 1) {
		uint32_t bit = (uint32_t)__builtin_ctzll(left);

		if (is_spared(delivery, drivers->numbered[word * 64 + bit], detail, session))
			missed &= ~((uint64_t)1 << bit);
	}
	return missed;
}

/* Forgets a delivery after it has been reported for the registrations that wait for it. */
static int delivery_give_up(struct checker *checker, struct delivery *delivery)
{
	const struct drivers *drivers = checker->hosts.hosts[delivery->host].drivers;
	uint32_t named = 0, others = 0;
	int r = 0;

	for (uint32_t word = 0; word < delivery->words; word++) {
		uint64_t missed = delivery_missed(checker, delivery, word);

		for (; missed && named < MISSED_NAMED && r == 0; missed &= missed - 1, named++)
			r = report_missed(
				checker, delivery,
				drivers->numbered[word * 64 + (uint32_t)__builtin_ctzll(missed)],
				1);
		others += (uint32_t)__builtin_popcountll(missed);
	}
	if (r == 0 && others)
		r = report_missed(checker, delivery, NULL, others);
	delivery_free(checker, delivery);
	return r;
}

bool delivery_is_behind(const struct session_detail *detail,
			const struct registration *registration)
{
	if (registration->serial <= detail->behind_until)
		return true;
	for (uint32_t i = 0; i < detail->behind_count; i++)
		if (detail->behind[i] == registration->serial)
			return true;
	return false;
}

int delivery_fall_behind(struct session_detail *detail, const struct registration *registration)
{
	uint32_t *behind;

	if (delivery_is_behind(detail, registration))
		return 0;
	if (detail->behind_count == BEHIND_OF_SESSION) {
		detail->behind_until = registration->serial;
		return 0;
	}
	behind = realloc(detail->behind, (detail->behind_count + 1) * sizeof *behind);
	if (!behind)
		return -ENOMEM;
	detail->behind = behind;
	behind[detail->behind_count++] = registration->serial;
	return 0;
}

/* Too many events wait: this one is forgotten. Who waits for it may be notified of it later, or was
 * notified of a later one and has missed it. */
static int delivery_push_out(struct checker *checker, struct delivery *delivery)
{
	const struct drivers *drivers = checker->hosts.hosts[delivery->host].drivers;
	struct session_detail *detail = detail_of(checker, delivery->session);
	int r = 0;

	for (uint32_t word = 0; word < delivery->words; word++) {
		uint64_t late = waiting_set(delivery)[word] & ~skipped_set(delivery)[word];

		for (uint64_t left = delivery->early ? 0 : late; left && r == 0; left &= left - 1)
			r = delivery_fall_behind(
				detail,
				drivers->numbered[word * 64 + (uint32_t)__builtin_ctzll(left)]);
		waiting_set(delivery)[word] &= ~late;
	}
	if (r == 0)
		return delivery_give_up(checker, delivery);
	delivery_free(checker, delivery);
	return r;
}

/* Makes room for one more delivery of a session. */
static int delivery_make_room(struct checker *checker, const struct session_detail *detail,
			      uint64_t words)
{
	const struct deliveries *all = &checker->deliveries;
	int r = 0;

	while (r == 0 && detail->waiting >= DELIVERIES_OF_SESSION)
		r = delivery_push_out(checker, detail->first);
	while (r == 0 && all->oldest &&
	       (all->count >= DELIVERIES_IN_ALL || all->words + words > DELIVERIES_WORDS))
		r = delivery_push_out(checker, all->oldest);
	return r;
}

/* ---- what is to be told ---- */

/* A delivery of subject->record to the registrations that select it. *ret_delivery is NULL if
 * there are none. */
static int delivery_new(const struct subject *subject, uint32_t session,
			struct delivery **ret_delivery)
{
	const struct drivers *drivers = subject->host->drivers;
	const struct record *record = subject->record;
	struct delivery *delivery;
	size_t size;

	*ret_delivery = NULL;
	if (!drivers || drivers->live == 0 || record->event == SESSIONLINT_EVENT_IGNORE ||
	    record->event >= SESSIONLINT_EVENT_MAX)
		return 0;
	size = sizeof *delivery + 3 * (size_t)drivers->words * sizeof(uint64_t);
	/* allocators give out again what was freed last, but not to calloc() */
	delivery = malloc(size);
	if (!delivery)
		return -ENOMEM;
	memset(delivery, 0, size);
	delivery->words = drivers->words;
	delivery->left = drivers_selecting(drivers, record->event, record->session,
					   waiting_set(delivery));
	delivery->host = (uint32_t)(subject->host - subject->checker->hosts.hosts);
	delivery->session = session;
	delivery->place = (struct place) {
		.line = record->line,
		.offset = record->offset,
		.time = record->time,
		.event = record->event,
	};
	delivery->made = ++subject->checker->deliveries.made;
	delivery->at = drivers->now;
	*ret_delivery = delivery;
	return 0;
}

static void delivery_strike(struct delivery *delivery, uint32_t number)
{
	if (!set_has(waiting_set(delivery), delivery->words, number))
		return;
	set_clear(waiting_set(delivery), number);
	delivery->left--;
}

/*
 * Excuses those that were told of the event too early. What they were told may also have been the
 * event before once more, and then they are told of this one, too: so they may be, and need not.
 */
static void delivery_excuse(struct delivery *delivery, const struct delivery *early)
{
	for (uint32_t word = 0; word < early->words && word < delivery->words; word++)
		excused_set(delivery)[word] |= early->sets[word];
}

/* Something happens: it may be what was told of too early, which was not long ago. */
static void early_settle(struct checker *checker, const struct session_detail *detail,
			 struct delivery *delivery, uint32_t event)
{
	struct delivery *next;

	for (struct delivery *early = detail->first; early; early = next) {
		bool matches = early->place.event == event;

		next = early->next;
		if (!early->early)
			continue;
		if (matches && delivery)
			delivery_excuse(delivery, early);
		if (matches || ++early->age >= EARLY_EVENTS)
			delivery_free(checker, early);
	}
}

/* Lists a delivery, or forgets it if nobody is left to be told. */
static int delivery_list(struct checker *checker, struct session_detail *detail,
			 struct delivery *delivery)
{
	int r;

	if (delivery->left == 0) {
		free(delivery);
		return 0;
	}
	r = delivery_make_room(checker, detail, set_words(delivery));
	delivery_append(checker, detail, delivery);
	return r;
}

int delivery_expect(struct subject *subject, uint32_t session)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	struct session_detail *detail;
	struct delivery *delivery;
	int r = details_make(&checker->details, session, &detail);

	if (r < 0)
		return r;
	if (detail->suspended)
		return 0;
	subject->host->drivers->now++;
	r = delivery_new(subject, session, &delivery);
	if (r < 0)
		return r;
	detail->followed = true;
	if (mask_selects(IO_SESSION_STATE_VALID_EVENT_MASK, record->event))
		early_settle(checker, detail, delivery, record->event);
	if (!delivery)
		return 0;
	if (record->event == SESSIONLINT_EVENT_CONNECTED) {
		delivery->local = detail->local;
		delivery->local_line = detail->local_line;
	}
	/* the first event that the trace holds may come behind its own notifications */
	delivery->recorded = record->event != detail->told;
	detail->told = SESSIONLINT_EVENT_IGNORE;
	return delivery_list(checker, detail, delivery);
}

int delivery_anticipate(struct subject *subject, uint32_t session)
{
	struct session_detail *detail;
	struct delivery *delivery;
	int r = details_make(&subject->checker->details, session, &detail);

	if (r == 0)
		r = delivery_new(subject, session, &delivery);
	if (r < 0 || !delivery)
		return r;
	memset(waiting_set(delivery), 0, delivery->words * sizeof(uint64_t));
	delivery->left = 0;
	delivery->early = true;
	for (const struct registration *one = subject->object->registrations; one;
	     one = one->sibling) {
		waiting_set(delivery)[one->number / 64] |= (uint64_t)1 << one->number % 64;
		delivery->left++;
	}
	return delivery_list(subject->checker, detail, delivery);
}

/* ---- what has been told ---- */

static bool is_excused(struct delivery *delivery, uint32_t number)
{
	return set_has(excused_set(delivery), delivery->words, number);
}

static bool is_skipped(struct delivery *delivery, uint32_t number)
{
	return set_has(skipped_set(delivery), delivery->words, number);
}

/* The first delivery from @one on of @event that registration @number waits for, skipped or not. */
static struct delivery *delivery_find(struct delivery *one, uint32_t number, unsigned event,
				      bool skipped)
{
	while (one && (one->early || one->place.event != event ||
		       !set_has(waiting_set(one), one->words, number) ||
		       is_skipped(one, number) != skipped))
		one = one->next;
	return one;
}

/*
 * What a notification of @event is of, for registration @number: what is next in order, which may
 * have been notified too early, or what was passed over.
 */
static struct delivery *delivery_match(struct session_detail *detail, uint32_t number,
				       unsigned event)
{
	struct delivery *found = delivery_find(detail->first, number, event, false), *late;

	if (found)
		return found;
	late = delivery_find(detail->first, number, event, true);
	for (struct delivery *one = late; one; one = delivery_find(one->next, number, event, true))
		if (is_excused(one, number))
			return one;
	return late;
}

static void delivery_done(struct checker *checker, struct delivery *delivery, uint32_t number)
{
	/* what the registration should have been told before has been passed over */
	for (struct delivery *one = delivery->previous; one; one = one->previous)
		if (!one->early && set_has(waiting_set(one), one->words, number))
			skipped_set(one)[number / 64] |= (uint64_t)1 << number % 64;
	delivery_strike(delivery, number);
	if (delivery->left == 0)
		delivery_free(checker, delivery);
}

void delivery_prove(struct registration *registration, uint64_t from, uint64_t until)
{
	if (from < registration->live_from)
		registration->live_from = from;
	if (until > registration->live_until)
		registration->live_until = until;
}

struct delivery *delivery_waits(struct delivery *delivery, uint32_t number)
{
	while (delivery && (delivery->early || delivery->revealed ||
			    !set_has(waiting_set(delivery), delivery->words, number) ||
			    is_excused(delivery, number) || is_skipped(delivery, number)))
		delivery = delivery->next;
	return delivery;
}

/*
 * Registration @number gets @delivery. If it may have got that too early, it may as well have got
 * an earlier one twice, and then it is the next one of the kind that it need not get.
 */
static enum told delivery_get(struct checker *checker, struct delivery *delivery, uint32_t number)
{
	bool excused = is_excused(delivery, number), skipped = is_skipped(delivery, number);
	struct delivery *next = NULL;

	if (excused)
		next = delivery_find(delivery->next, number, delivery->place.event, false);
	delivery_done(checker, delivery, number);
	if (!excused)
		return skipped ? TOLD_LATE : TOLD_IN_TURN;
	if (!next)
		return TOLD_EXCUSED;
	excused_set(next)[number / 64] |= (uint64_t)1 << number % 64;
	return TOLD_IN_TURN;
}

int delivery_tell(struct subject *subject, uint32_t session, enum told *ret_told)
{
	struct session_detail *detail = detail_of(subject->checker, session);
	struct registration *registrations = subject->object->registrations, *registration = NULL;
	struct delivery *delivery = NULL;
	bool told = false;
	int r = 0;

	*ret_told = TOLD_NEW;
	if (!detail)
		return 0;
	for (struct registration *one = registrations; r == 0 && one && !told; one = one->sibling)
		r = loose_tell(subject, detail, one, &told);
	if (r < 0 || told) {
		*ret_told = TOLD_IN_TURN;
		return r;
	}
	for (struct registration *one = registrations; one; one = one->sibling) {
		struct delivery *match = delivery_match(detail, one->number,
							subject->record->event);

		if (match && (!delivery || is_skipped(delivery, registration->number))) {
			delivery = match;
			registration = one;
		}
	}
	if (!delivery)
		return 0;
	if (delivery->place.event == SESSIONLINT_EVENT_CONNECTED)
		r = local_tell(subject, detail, delivery);
	delivery_prove(registration, delivery->at, delivery->at);
	*ret_told = delivery_get(subject->checker, delivery, registration->number);
	return r;
}

/* ---- events that notifications show ---- */

int delivery_reveal(struct subject *subject, uint32_t session,
		    const struct registration *registration, unsigned tolerance)
{
	struct session_detail *detail;
	struct delivery *delivery;
	int r = details_make(&subject->checker->details, session, &detail);

	if (r < 0)
		return r;
	detail->told = subject->record->event;
	r = delivery_new(subject, session, &delivery);
	if (r < 0 || !delivery)
		return r;
	delivery->revealed = true;
	delivery->tolerance = (uint8_t)tolerance;
	delivery_strike(delivery, registration->number);
	return delivery_list(subject->checker, detail, delivery);
}

static bool was_passed(struct delivery *delivery, uint32_t number)
{
	return set_has(skipped_set(delivery), delivery->words, number) ||
	       set_has(excused_set(delivery), delivery->words, number);
}

/* The first one of the event that @registration waits for, and that was passed over or not. */
static struct delivery *revealed_find(const struct subject *subject, uint32_t session,
				      const struct registration *registration, bool passed)
{
	const struct session_detail *detail = detail_of(subject->checker, session);
	uint32_t number = registration->number;

	for (struct delivery *one = detail ? detail->first : NULL; one; one = one->next)
		if (one->place.event == subject->record->event &&
		    set_has(waiting_set(one), one->words, number) &&
		    was_passed(one, number) == passed)
			return one;
	return NULL;
}

struct delivery *delivery_waiting(const struct subject *subject, uint32_t session,
				  const struct registration *registration)
{
	return revealed_find(subject, session, registration, false);
}

void delivery_take(struct checker *checker, struct delivery *delivery, uint32_t number)
{
	delivery_strike(delivery, number);
	if (delivery->left == 0)
		delivery_free(checker, delivery);
}

struct delivery *delivery_next(const struct subject *subject, uint32_t session,
			       const struct delivery *previous,
			       const struct registration *registration)
{
	const struct session_detail *detail = detail_of(subject->checker, session);
	struct delivery *one = previous ? previous->next : detail ? detail->first : NULL;

	while (one && (!set_has(waiting_set(one), one->words, registration->number) ||
		       was_passed(one, registration->number)))
		one = one->next;
	return one;
}

bool delivery_pass(struct delivery *delivery, const struct registration *registration, bool missed)
{
	uint32_t number = registration->number;
	bool found = false;

	for (struct delivery *one = delivery; one; one = one->previous) {
		if (!set_has(waiting_set(one), one->words, number) || was_passed(one, number))
			continue;
		found = true;
		(missed ? skipped_set(one) : excused_set(one))[number / 64] |= (uint64_t)1
									       << number % 64;
	}
	return found;
}

void delivery_settle(struct subject *subject, struct delivery *delivery,
		     const struct registration *registration, unsigned tolerance)
{
	if (tolerance > delivery->tolerance)
		delivery->tolerance = (uint8_t)tolerance;
	delivery_take(subject->checker, delivery, registration->number);
}

bool delivery_late(struct subject *subject, uint32_t session,
		   const struct registration *registration)
{
	struct delivery *late = revealed_find(subject, session, registration, true);

	if (late)
		delivery_take(subject->checker, late, registration->number);
	return late;
}

/* ---- ends ---- */

/* It ends, and more events were missed than are named. */
static int report_missed_more(const struct subject *subject,
			      const struct registration *registration, uint32_t count)
{
	struct subject more = {
		.checker = subject->checker,
		.record = subject->record,
		.host = subject->host,
		.object = registration->object,
	};

	return report(&more, SESSIONLINT_RULE_MISSED, NO_PARTICULARS,
		      "the driver is never told of %u more event%s", count, count == 1 ? "" : "s");
}

/* Decides what is still open of one session for @registration. */
static bool delivery_close(struct checker *checker, const struct registration *registration)
{
	for (struct delivery *one = checker->deliveries.oldest; one; one = one->newer) {
		struct session_detail *detail = detail_of(checker, one->session);

		if (detail->loose && loose_close(checker, detail, registration))
			return true;
	}
	return false;
}

void delivery_forget(struct subject *subject, struct registration *registration)
{
	struct checker *checker = subject->checker;
	uint32_t host = (uint32_t)(subject->host - checker->hosts.hosts);
	struct delivery *older;

	while (registration->loose && delivery_close(checker, registration))
		;
	registration->loose = 0;
	for (struct delivery *one = checker->deliveries.newest;
	     one && one->made > registration->since; one = older) {
		older = one->older;
		if (one->host != host)
			continue;
		delivery_strike(one, registration->number);
		if (one->left == 0)
			delivery_free(checker, one);
	}
}

int delivery_unregister(struct subject *subject, const struct registration *registration)
{
	struct checker *checker = subject->checker;
	uint32_t host = (uint32_t)(subject->host - checker->hosts.hosts);
	struct delivery *first = NULL, *newer;
	uint32_t missed = 0;
	bool late;
	int r = 0;

	while (registration->loose && delivery_close(checker, registration))
		;
	/* what was made before the registration does not wait for it */
	for (struct delivery *one = checker->deliveries.newest;
	     one && one->made > registration->since; one = one->older)
		first = one;
	for (struct delivery *one = first; one; one = newer) {
		newer = one->newer;
		if (one->host != host ||
		    !set_has(waiting_set(one), one->words, registration->number))
			continue;
		/* the end of the registration may have come first */
		late = one->at > registration->live_until && !one->revealed &&
		       !set_has(skipped_set(one), one->words, registration->number);
		if (!late &&
		    delivery_missed(checker, one, registration->number / 64) >>
				    registration->number % 64 &
			    1 &&
		    missed++ < MISSED_NAMED && r == 0)
			r = report_missed(checker, one, registration, 1);
		delivery_strike(one, registration->number);
		if (one->left == 0)
			delivery_free(checker, one);
	}
	if (r == 0 && missed > MISSED_NAMED)
		r = report_missed_more(subject, registration, missed - MISSED_NAMED);
	return r;
}

/* Behind the end of a log that is cut there may be whatever is still in time: only who was told of
 * a later event of the session has missed this one. */
static void delivery_cut(struct delivery *delivery)
{
	for (uint32_t word = 0; word < delivery->words; word++)
		waiting_set(delivery)[word] &= skipped_set(delivery)[word];
}

/* Decides what is open of the registrations of a host, or of all. */
static void deliveries_close(struct checker *checker, uint32_t host)
{
	for (uint32_t i = 0; i < checker->hosts.count; i++) {
		const struct drivers *drivers = checker->hosts.hosts[i].drivers;

		if (!drivers || (host != NO_HOST && host != i))
			continue;
		for (uint32_t number = 0; number < drivers->words * 64; number++)
			while (drivers->numbered[number] && drivers->numbered[number]->loose &&
			       delivery_close(checker, drivers->numbered[number]))
				;
	}
}

int deliveries_end(struct checker *checker, uint32_t host, bool cut)
{
	struct delivery *newer;
	int r = 0;

	deliveries_close(checker, host);
	for (struct delivery *one = checker->deliveries.oldest; one; one = newer) {
		newer = one->newer;
		if (host != NO_HOST && one->host != host)
			continue;
		if (cut)
			delivery_cut(one);
		if (r < 0)
			delivery_free(checker, one);
		else
			r = delivery_give_up(checker, one);
	}
	return r;
}

bool deliveries_wait(const struct checker *checker, uint32_t host)
{
	const struct delivery *one = checker->deliveries.oldest;

	while (one && one->host != host)
		one = one->newer;
	return one != NULL;
}

void deliveries_drop_host(struct checker *checker, uint32_t host)
{
	struct delivery *newer;

	for (struct delivery *one = checker->deliveries.oldest; one; one = newer) {
		newer = one->newer;
		if (host != NO_HOST && one->host != host)
			continue;
		loose_free(detail_of(checker, one->session));
		delivery_free(checker, one);
	}
}

void deliveries_drop_recorded(struct checker *checker)
{
	struct delivery *newer;

	for (struct delivery *one = checker->deliveries.oldest; one; one = newer) {
		newer = one->newer;
		if (one->recorded)
			delivery_free(checker, one);
	}
}

void deliveries_drop_session(struct checker *checker, uint32_t session)
{
	struct session_detail *detail = detail_of(checker, session);

	while (detail && detail->first)
		delivery_free(checker, detail->first);
	if (detail)
		loose_free(detail);
}

int deliveries_end_session(struct checker *checker, uint32_t session)
{
	struct session_detail *detail = detail_of(checker, session);
	int r = 0;

	while (detail && detail->first && r == 0)
		r = delivery_give_up(checker, detail->first);
	deliveries_drop_session(checker, session);
	return r;
}
