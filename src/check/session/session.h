/* SPDX-License-Identifier: MIT */
/* One session and its records. */
#ifndef CHECK_SESSION_SESSION_H
#define CHECK_SESSION_SESSION_H

#include "check/context.h"

/* ---- life.c: sessions in the table ---- */

/* Finds the session of subject->record on host @host_number, or begins one: subject->session.
 * -ENOMEM. */
int session_find(struct subject *subject, uint32_t host_number, uint32_t hash,
		 uint32_t *ret_number);

/* Puts a session that may have ended with those that have, and one that lives with the living. */
int session_settle(struct checker *checker, uint32_t number, struct host *host);

/* Forgets a session; @list is the one that it is in. */
void session_remove(struct checker *checker, uint32_t number, struct session_list *list);

/*
 * What has happened to the host since the session's last record: records may be missing, the trace
 * may show more than notifications from now on. -ENOMEM.
 */
int session_follow(struct checker *checker, uint32_t number, const struct host *host);

/* A record of subject->session, which has the number @number, is not in its place, or cannot be
 * read: the session may have done anything. -ENOMEM. */
int session_lose_record(struct subject *subject, uint32_t number);

/* ---- judge.c: events and samples ---- */

/* What is known of the model where @session is seen. */
static inline const struct model_ladder *session_ladder(const struct checker *checker,
							const struct session *session)
{
	return session->flags & SESSION_NOTIFIED ? checker->masked[session->mask]
						 : &checker->ladders[session->source];
}

/* Judges an event, or a sample, of subject->session. */
int session_event(struct subject *subject);
/* The same of an event that the session's history has already. */
int session_event_again(struct subject *subject);
int session_state(struct subject *subject);

/* What a sample shows: one state, or ANY; reports one that is not a state. */
int session_look(struct subject *subject, sessionlint_belief *ret_state);

/* Lets @session be in any state, because something happened that the trace does not show. */
void session_widen(struct checker *checker, struct session *session);

/* Lets it be wherever at most @count lost records can have led. */
void session_lose(struct checker *checker, struct session *session, unsigned count);

/* Counts the life of @session, which has ended. */
void session_close(struct checker *checker, struct session *session);

/* Begins a life in which the session was in the states of @belief, at most @lost records ago. */
void session_begin(struct checker *checker, struct session *session, sessionlint_belief belief,
		   unsigned lost);

/* ---- activity.c: what SENS and WTS record besides ---- */

/* The states in which an event that is no transition makes sense; ANY where it says nothing. */
sessionlint_belief activity_states(unsigned activity);
const char *activity_name(unsigned activity);

/* ---- user.c: who is logged on ---- */

/* Follows who is logged on to session @number; if @judged, checks the user of subject->record
 * against that. -ENOMEM, or what options.report returned. */
int check_user(struct subject *subject, uint32_t number, bool judged);

#endif
