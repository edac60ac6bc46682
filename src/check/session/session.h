/* SPDX-License-Identifier: MIT */
/* One session and its records. */
#ifndef CHECK_SESSION_SESSION_H
#define CHECK_SESSION_SESSION_H

#include "check/context.h"

/* ---- incarnations.c: sessions in the table ---- */

/* Finds the session of subject->record on its host by subject->hash, or adds it: subject->session.
 * -ENOMEM. */
int session_find(struct subject *subject, uint32_t *ret_number);

/* Adds a session that appears on host @scope, with its first incarnation. -ENOMEM. */
int session_appear(struct checker *checker, uint32_t scope, uint32_t hash, uint32_t id,
		   uint8_t source, uint32_t *ret_number);

/* Moves a session that may have ended to the ended ones, and a live one to the live ones. */
int session_settle(struct checker *checker, uint32_t number, struct host *host);

/* Forgets a session that has ended. What options.report returned. */
int session_forget(struct checker *checker, uint32_t surplus);
/* The same of those that ended first, as long as more are remembered than allowed. */
int sessions_forget_surplus(struct checker *checker);

/* Removes a session from the table and from @list, which contains it. */
void session_remove(struct checker *checker, uint32_t number, struct session_list *list);

/* Applies to the session what happened to its host since its last record: lost records, or a
 * trace that now has more than notifications. -ENOMEM. */
int session_follow(struct checker *checker, uint32_t number, const struct host *host);

/* Whether session_follow() has nothing to do, as nearly always. */
static inline bool session_is_current(const struct session *session, const struct host *host)
{
	return session->lost == host->lost && !(session->flags & SESSION_NOTIFIED);
}

/* A record of subject->session, whose number is @number, is out of place or malformed: the
 * session may be in any state. -ENOMEM. */
int session_lose_record(struct subject *subject, uint32_t number);

/* ---- judge.c: events and samples ---- */

/* The model to use for the source of @session. */
static inline const struct model_ladder *session_ladder(const struct checker *checker,
							const struct session *session)
{
	return session->flags & SESSION_NOTIFIED ? checker->masked[session->mask]
						 : &checker->ladders[session->source];
}

/* Checks an event or a sample of subject->session. */
int session_event(struct subject *subject);
/* The same for an event that is already in the session's history. */
int session_event_again(struct subject *subject);
int session_state(struct subject *subject);

/* Keeps where subject->record is, which is of subject->session and no event. */
void session_meet(const struct subject *subject);

/* The state that a sample shows, or ANY; reports an invalid state. */
int session_look(struct subject *subject, sessionlint_belief *ret_state);

/* Lets @session be in any state, because something happened outside the trace. */
void session_widen(struct checker *checker, struct session *session);

/* Extends the beliefs of @session to all states that up to @count lost records can lead to. */
void session_lose(struct checker *checker, struct session *session, unsigned count);

/* Counts the incarnation of @session, which has ended. */
void session_close(struct checker *checker, struct session *session);

/* Starts an incarnation that was in one of the states in @belief, up to @lost records ago. */
void session_begin(struct checker *checker, struct session *session, sessionlint_belief belief,
		   unsigned lost);

/* The id is used again: the incarnation of @session has ended, and the next one is in @beliefs, by
 * rung. */
void session_continue(struct checker *checker, struct session *session,
		      const sessionlint_belief beliefs[]);

/* ---- omitted.c: incarnations that are known to conform, and are not judged again ---- */

/* What the records that are left out in one place of a log did to a session. */
struct omitted_session {
	uint32_t number;
	uint32_t begun; /* how many incarnations of it began */
	bool is_alive;  /* after them; otherwise it has ended */
};

/* What they did to the number of live sessions. */
struct omitted_lives {
	int64_t highest, lowest; /* from what it was before them */
};

/* How the records of an incarnation that is known from its first one, after the end of another,
 * change the beliefs: after Created, and after Terminated. False: the model of the source does not
 * say. @from, @to: the states that the Created allows. */
bool cycle_begin(const struct model_ladder *ladder, sessionlint_belief from, sessionlint_belief to,
		 sessionlint_belief ret_beliefs[TOLERANCE_COUNT]);
void cycle_end(const struct model_ladder *ladder, sessionlint_belief ret_beliefs[TOLERANCE_COUNT]);

/* Applies them, in the order in which they last began or ended. What options.report returned. */
int sessions_omit(struct checker *checker, const struct omitted_session *sessions, size_t count,
		  const struct omitted_lives *lives);

/* ---- activity.c: other events of SENS and WTS ---- */

/* The states in which an event that is not a transition can happen; ANY if unknown. */
sessionlint_belief activity_states(unsigned activity);
const char *activity_name(unsigned activity);

/* ---- user.c: who is logged on ---- */

/* Tracks who is logged on to session @number; if @judged, checks the user of subject->record
 * against that. -ENOMEM, or what options.report returned. */
int check_user(struct subject *subject, uint32_t number, bool judged);

#endif
