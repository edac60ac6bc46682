/* SPDX-License-Identifier: MIT */
/* The steps of account_solve(), in their order. All return 0 or -ENOMEM. */
#ifndef ACCOUNT_INTERNAL_H
#define ACCOUNT_INTERNAL_H

#include "account/account.h"

/* Puts the files of each log into the order of their records, and drops records that several files
 * hold. */
int account_sort_files(struct account *account);

/* Puts the records of all logs into one order: account->order. @first: the log
 * that the others are merged into. */
int account_align(struct account *account, unsigned first);

/* Finds the place of each record, and account->jumps. */
int account_number_places(struct account *account);

/* Whether the clock was set back while some log was written. */
bool account_was_set_back(const struct account *account);

/* Finds out which boot each record belongs to. */
int account_find_boots(struct account *account);

/* Finds logs that have no computer name in common with the first. */
int account_find_computers(struct account *account);

/* Ties the records of Winlogon/Operational to sessions by their process. */
int account_name_winlogons(struct account *account);

/* Explains the records of each session of each boot. */
int account_explain_sessions(struct account *account);

/* Puts the persons into the order in which they are looked up. */
void account_sort_persons(struct account *account);

/* Compares the users that the witnesses of a session name: its items are those from number @first
 * on. -ENOMEM. */
int account_compare_users(struct account *account, size_t first);

/* Adds the items that are about the machine. */
int account_add_machine_items(struct account *account);

/* Puts the items into the order of the machine: account->sorted. */
int account_sort_items(struct account *account);

/* Adds @item, which is about @subject. */
int account_add_item(struct account *account, struct account_subject subject,
		     struct account_item item);

/* Adds a place to those of the item that will be added next, or was added last. */
int account_add_witness(struct account *account, uint32_t place);

/* Adds an item about the record at @place. */
int account_add_note(struct account *account, enum account_item_kind kind,
		     struct account_subject subject, uint32_t place);

/* The session manager marks a boot this long after the kernel at most, whose marker has the time at
 * which it started. In 100 ns. */
#define ACCOUNT_MARKERS_APART 6000000000

/* A remote connection comes this long before the winlogon that starts for it, or, by the order in
 * which they are written, this long after. In 100 ns. */
#define ACCOUNT_CONNECTED_BEFORE 20000000
#define ACCOUNT_CONNECTED_AFTER  1000000

/* How far the witnesses of a Logon are apart at most, and those of another transition, in 100 ns:
 * 3.7 s and 1 s were seen. */
#define ACCOUNT_LOGON_APART  50000000
#define ACCOUNT_OTHERS_APART 20000000

static inline uint64_t account_apart(unsigned event)
{
	return event == SESSIONLINT_EVENT_LOGON ? ACCOUNT_LOGON_APART : ACCOUNT_OTHERS_APART;
}

static inline uint64_t account_distance(uint64_t a, uint64_t b)
{
	return a < b ? b - a : a - b;
}

/* Whether a record is of a log with boot markers of its own. */
static inline bool account_log_has_boots(unsigned log)
{
	return log == ACCOUNT_LOG_LSM || log == ACCOUNT_LOG_SYSTEM;
}

#endif
