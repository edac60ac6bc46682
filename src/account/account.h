/* SPDX-License-Identifier: MIT */
/*
 * Several logs of one machine become one account of each session: the cheapest run of the model in
 * which every record is a witness of one transition.
 *
 * Records are stored until all logs have been read, 40 bytes each; a line of the account takes 16.
 * account_solve() then
 *  - puts the records of all logs into one order, by matching records (align.c),
 *  - finds the boots (boots.c) and the sessions of winlogon processes (winlogons.c),
 *  - and explains the records of each session of each boot (search.c, sessions.c).
 */
#ifndef ACCOUNT_ACCOUNT_H
#define ACCOUNT_ACCOUNT_H

#include <string.h>

#include "account/names.h"
#include "account/visibility.h"
#include "trace/record.h"

/* The time within which all witnesses of a transition lie, in 100 ns, unless the user says
 * otherwise. */
#define ACCOUNT_WINDOW     100000000U
#define ACCOUNT_WINDOW_MAX 36000000000U /* 1 h */

enum account_kind {
	ACCOUNT_EVENT,
	ACCOUNT_REPORTED, /* Windows reports a failed transition of the session */
	ACCOUNT_BOOT,
	ACCOUNT_SHUTDOWN,
};

enum account_flag {
	ACCOUNT_AFTER_GAP = 1 << 0, /* records of its log may be missing before it */
	ACCOUNT_UNNAMED = 1 << 1,   /* its winlogon process cannot be tied to a session */
	ACCOUNT_UNTIMED = 1 << 2,   /* it has no time: that of the record before it was taken */
	ACCOUNT_LABELED = 1 << 3,   /* host is for people: it can change within a log */
};

#define ACCOUNT_NONE UINT32_MAX

/* What records share: many have the same. */
struct account_details {
	uint32_t file;
	uint32_t user, address, host, reason; /* numbers in names */
};

/* A record of a log. */
struct account_record {
	uint64_t time;        /* in 100 ns since 1601-01-01 UTC */
	uint64_t line;        /* the EventRecordID, or the line of a text */
	uint64_t offset : 44; /* in bytes, in its file; the last one that fits for later ones */
	uint64_t kind : 4;    /* enum account_kind */
	uint64_t event : 8;   /* enum sessionlint_event */
	uint64_t flags : 8;   /* enum account_flag */
	uint32_t session;     /* ACCOUNT_NONE: unknown */
	uint32_t process;     /* of the winlogon, or 0 */
	uint32_t details;     /* number in details */
	uint32_t boot;        /* found by account_solve(); 0: before the first one known */
};

#define ACCOUNT_OFFSET_MAX ((UINT64_C(1) << 44) - 1)

/* The records of one kind of log, in the order of the log. */
struct account_records {
	struct account_record *list;
	size_t count, capacity;
};

struct account_annotation;

/* A file: where its records begin in each log. */
struct account_file {
	const char *name; /* owned by the caller */
	bool windows_log;
	size_t first[ACCOUNT_LOGS];
	uint8_t gaps; /* bit n: records of log n may be missing before its next record */
};

/* A record of one of the logs, by number; ordered by log and then by place. */
struct account_ref {
	uint32_t log : 3, index : 26;
	uint32_t tied : 1; /* to the next one, by an anchor */
};

/* Of all logs together. */
#define ACCOUNT_RECORDS_MAX ((size_t)1 << 26)

/* The records of all logs in one order. */
struct account_order {
	struct account_ref *list;
	size_t count;
	uint32_t *places[ACCOUNT_LOGS]; /* place of each record of a log in list */
};

/* Records of a log may be missing between two times, as of account_time(). */
struct account_gap {
	int64_t before, after;
};

/* When a log is complete: from its first record to its last, but for the gaps. */
struct account_extent {
	int64_t first, last;
	struct account_gap *gaps;
	size_t gap_count;
};

/* The clock ran backward, in all logs of the machine. */
struct account_jump {
	uint32_t place; /* of the first record after it */
	uint64_t size;  /* in 100 ns */
	uint64_t moved; /* by this and all before it */
};

/* What happened to a session, or a note about records of it. */
enum account_item_kind {
	ACCOUNT_ITEM_BOOT,
	ACCOUNT_ITEM_JUMP,
	ACCOUNT_ITEM_COMPUTER, /* a log of a computer that the others do not name */
	ACCOUNT_ITEM_UNNAMED,  /* of a winlogon process, in session */
	ACCOUNT_ITEM_TRANSITION,
	ACCOUNT_ITEM_REPORTED,
	ACCOUNT_ITEM_CONTRADICTION, /* witnesses are the records that were left out */
	ACCOUNT_ITEM_NARROWED,      /* from here on not all runs of the session were tried */
};

/* What an item is about. */
struct account_subject {
	uint32_t session;
	uint32_t boot;
	bool unnamed; /* session is the id of a winlogon process whose session is not known */
};

/* One line of an account. */
struct account_item {
	/* in the order: that of its first witness, or of the item of its session before it or, if
	 * it is unseen, after it */
	uint32_t place;
	uint32_t subject;   /* number in subjects */
	uint32_t first;     /* of its witnesses, number in witnesses */
	uint32_t kind : 4;  /* enum account_item_kind */
	uint32_t event : 4; /* of a transition */
	uint32_t from : 4;  /* states */
	uint32_t to : 4;
	uint32_t count : 8;   /* of witnesses; 0: unseen */
	uint32_t missing : 7; /* bit n: log n was present and complete and lacks it */
	uint32_t users : 1;   /* see struct account_user_conflict */
};

/* A witness of a transition names a user who is not the one that another witness names (@same), or
 * who is logged on. */
struct account_user_conflict {
	uint32_t item;
	uint32_t user, other; /* numbers in names */
	bool same;
};

/* A record that has the SID and the name of a user, both numbers in names. */
struct account_person {
	uint64_t time;
	uint32_t sid, name;
};

/* What an account costs; see search.h. */
struct account_cost {
	uint64_t left_out; /* records */
	uint64_t missing;  /* witnesses; an unseen end with a user logged on is many of them */
	uint64_t jumps;    /* of the clock */
	uint64_t unlikely; /* all the rest */
};

struct account {
	uint64_t window;
	struct account_names names;
	struct account_names details; /* each the bytes of a struct account_details */
	struct account_records logs[ACCOUNT_LOGS];
	size_t record_count; /* of all logs */
	struct account_file *files;
	size_t file_count, file_capacity;
	struct account_visibility visibility;

	struct account_annotation *annotations;
	size_t annotation_count, annotation_capacity;
	struct account_person *persons;
	size_t person_count, person_capacity;

	/* found by account_solve() */
	struct account_cost cost;
	struct account_order order;
	struct account_jump *jumps;
	size_t jump_count, jump_capacity;
	uint32_t boots;      /* number of boots that logs show */
	uint32_t *begins;    /* by boot: the place at which it begins */
	uint32_t *shutdowns; /* by boot: the place at which it began to shut down, or NONE */
	struct account_extent complete[ACCOUNT_LOGS];
	struct account_item *items; /* those of a session are next to each other */
	size_t item_count, item_capacity;
	uint32_t *sorted;  /* numbers of the items, in their order */
	uint32_t *between; /* numbers of the annotations, in the order in which they are among the
			      items */
	struct account_subject *subjects;
	size_t subject_count, subject_capacity;
	uint32_t *
		witnesses; /* places in the order; those of an item from the earliest to the last */
	size_t witness_count, witness_capacity;
	struct account_user_conflict *conflicts; /* by item */
	size_t conflict_count, conflict_capacity;
};

/* Begins an account without records. */
void account_init(struct account *account, uint64_t window);
void account_free(struct account *account);

/* Whether @record goes into an account: an event of its logs, or a marker, which can be of use to
 * nothing else. What is no valid event is left to be judged. */
bool account_takes(const struct record *record);

/* The following records are those of @name, which the caller owns. -ENOMEM. */
int account_begin_file(struct account *account, const char *name, bool windows_log);

/* Stores what account_takes(), if it is a witness: an event or a report of a session, a boot or a
 * shutdown. @missing: the order stage found that records before it are. -ENOMEM; -EOVERFLOW: more
 * than the account can hold. */
int account_add(struct account *account, const struct record *record, bool missing);

/* Records of the file may be missing here. */
void account_add_gap(struct account *account);

/* Finds the account of each session: account->sorted and account->between. -ENOMEM. */
int account_solve(struct account *account);

/* Whether the item is of a session of which only Winlogon's own log is known, which never shows
 * such a transition. */
bool account_is_unknown(const struct account *account, const struct account_item *item);

/* The users of an item that has such. */
const struct account_user_conflict *account_user_conflict(const struct account *account,
							  const struct account_item *item);

/* Whether the item is an end of a session with its user logged on. */
bool account_is_implied(const struct account_item *item);

/* What a record shares with others. */
static inline struct account_details account_details(const struct account *account,
						     const struct account_record *record)
{
	struct account_details details;

	memcpy(&details, account_names_text(&account->details, record->details).data,
	       sizeof details);
	return details;
}

/* The item with that number in the order of the machine. */
static inline const struct account_item *account_item(const struct account *account, size_t number)
{
	return &account->items[account->sorted[number]];
}

static inline const struct account_subject *account_subject(const struct account *account,
							    const struct account_item *item)
{
	return &account->subjects[item->subject];
}

static inline const uint32_t *account_witnesses(const struct account *account,
						const struct account_item *item)
{
	return &account->witnesses[item->first];
}

static inline const struct account_record *account_at(const struct account *account,
						      struct account_ref ref)
{
	return &account->logs[ref.log].list[ref.index];
}

static inline struct account_record *account_place(const struct account *account, uint32_t place)
{
	struct account_ref ref = account->order.list[place];

	return &account->logs[ref.log].list[ref.index];
}

/* The last jump at or before @place; NULL: none. */
static inline const struct account_jump *account_jump_at(const struct account *account,
							 uint32_t place)
{
	size_t low = 0, high = account->jump_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (account->jumps[middle].place <= place)
			low = middle + 1;
		else
			high = middle;
	}
	return low > 0 ? &account->jumps[low - 1] : NULL;
}

/* The time at @place, in 100 ns: as of a clock that never runs backward by more than the window. */
static inline int64_t account_time(const struct account *account, uint32_t place)
{
	const struct account_jump *jump = account_jump_at(account, place);

	return (int64_t)(account_place(account, place)->time + (jump ? jump->moved : 0));
}

#endif
