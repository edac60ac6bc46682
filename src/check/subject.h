/* SPDX-License-Identifier: MIT */
/* The subject of a finding, and words that reports share. */
#ifndef CHECK_SUBJECT_H
#define CHECK_SUBJECT_H

#include <stdio.h>

#include "sessionlint.h"

/* Writes untrusted text; see base/escape.h. */
typedef void escape_text(FILE *file, struct sessionlint_text text);

/* Whether subject_write() writes anything. */
bool subject_known(const struct sessionlint_finding *finding);

/* Whether subject_write_session() does. */
bool subject_is_named(const struct sessionlint_finding *finding);

/* What the number of a session is of: "session", or "winlogon" where it is a process of Winlogon.
 */
const char *session_word(enum sessionlint_source source);

/* Writes "session 1 (incarnation 2, LAB\\ada from 192.0.2.7) on HOST, boot 3", or the I/O object
 * and driver, or only the host. Around @escape'd text there are only letters, blanks, commas,
 * slashes and parentheses. */
void subject_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape);

/* The same without user and address: the same for all findings of the session. */
void subject_write_session(FILE *file, const struct sessionlint_finding *finding,
			   escape_text *escape);

/* "LAB\\ada from 192.0.2.7", and whether anything of it is known. */
bool who_known(const struct sessionlint_finding *finding);
void who_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape);

/* The line for viewers: 1 for the file as a whole. */
uint64_t line_shown(const struct sessionlint_finding *finding);

/* What begins the colour of a severity on a terminal; NULL for OFF. */
const char *severity_color(enum sessionlint_severity severity);

/* Whether no log shows the event. */
static inline bool past_is_unseen(const struct sessionlint_history *past)
{
	return past->file && past->file[0] == '\0';
}

/* "Logon", or the name of an event outside the enumeration. */
const char *past_event_name(const struct sessionlint_history *past);

/* How a path is named; text_from() or path_shown(). */
typedef struct sessionlint_text path_text(const char *path);

/* A line of the past events of the session and their places, for people. */
void history_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape,
		   path_text *path);

/* Whether reports for people list the witnesses: there are several, and it is more than a note. */
bool witnesses_shown(const struct sessionlint_finding *finding);

/* How many of them a report shows that has one line for a finding. */
#define WITNESSES_SHOWN 4

/* Writes "witnesses: A.evtx:12, B.evtx:7", at most @limit of them. Colons are @escape'd too. */
void witnesses_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape,
		     path_text *path, unsigned limit);

/* "session 3 on PC-7: MESSAGE (witnesses: A.evtx:12)", for reports that have one line for a
 * finding. */
void summary_line_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape,
			path_text *path);

/* "baseline" or "trace": what suppresses a finding; empty if nothing does. */
const char *suppression_name(enum sessionlint_suppression suppression);

#endif
