/* SPDX-License-Identifier: MIT */
#include "account/visibility.h"

static const struct {
	enum sessionlint_source source;
	const char *name;
} logs[ACCOUNT_LOGS] = {
	[ACCOUNT_LOG_LSM] = { SESSIONLINT_SOURCE_LSM,
			      "TerminalServices-LocalSessionManager/Operational" },
	[ACCOUNT_LOG_SYSTEM] = { SESSIONLINT_SOURCE_WINLOGON, "System" },
	[ACCOUNT_LOG_PROFILE] = { SESSIONLINT_SOURCE_PROFILE, "User Profile Service/Operational" },
	[ACCOUNT_LOG_WINLOGON] = { SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL,
				   "Winlogon/Operational" },
	[ACCOUNT_LOG_RDP] = { SESSIONLINT_SOURCE_RDP,
			      "RemoteDesktopServices-RdpCoreTS/Operational" },
};

enum account_log account_log_of(unsigned source)
{
	unsigned log = 0;

	while (log < ACCOUNT_LOGS && logs[log].source != source)
		log++;
	return (enum account_log)log;
}

enum sessionlint_source account_source_of(enum account_log log)
{
	return logs[log].source;
}

const char *account_log_name(enum account_log log)
{
	return logs[log].name;
}

/* The state of a belief of one state; 0 for none. */
static uint8_t only_state(sessionlint_belief belief)
{
	return belief ? (uint8_t)(__builtin_ctz(belief) + 1) : 0;
}

/* What @log shows: an arc is shown if the recognizer of its source follows the event, and always
 * if nothing hidden leads to the same state. */
static void tabulate_log(struct account_visibility *visibility, enum account_log log)
{
	struct model model;

	model_tabulate(model_recognizer(logs[log].source, MODEL_OBSERVED), &model);
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
		for (unsigned state = 1; state <= MODEL_STATES; state++) {
			uint8_t to = visibility->next[event][state];

			if (!to || !(model.reached[event][belief_of(state)] & belief_of(to)))
				continue;
			visibility->may[event][state] |= (uint8_t)(1U << log);
			if (!(model.closure[belief_of(state)] & belief_of(to)))
				visibility->must[event][state] |= (uint8_t)(1U << log);
		}
	visibility->may[SESSIONLINT_EVENT_CREATED][SESSIONLINT_STATE_TERMINATED] =
		visibility->may[SESSIONLINT_EVENT_CREATED][SESSIONLINT_STATE_INITIALIZED];
	visibility->must[SESSIONLINT_EVENT_CREATED][SESSIONLINT_STATE_TERMINATED] =
		visibility->must[SESSIONLINT_EVENT_CREATED][SESSIONLINT_STATE_INITIALIZED];
}

static void tabulate_arcs(struct account_visibility *visibility)
{
	uint8_t count = 0;

	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		visibility->first_arc[state] = count;
		for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
			if (visibility->next[event][state])
				visibility->arcs[count++] =
					(struct account_arc) { (uint8_t)event, (uint8_t)state,
							       visibility->next[event][state] };
	}
	visibility->first_arc[MODEL_STATES + 1] = count;
}

static void tabulate_before(struct account_visibility *visibility)
{
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		visibility->before[state] = state == SESSIONLINT_STATE_INITIALIZED ? 0
										   : MODEL_STATES;
	for (unsigned round = 0; round < MODEL_STATES; round++)
		for (unsigned i = 0; i < visibility->first_arc[MODEL_STATES + 1]; i++) {
			const struct account_arc *arc = &visibility->arcs[i];
			unsigned count = visibility->before[arc->from] + 1U;

			if (count < visibility->before[arc->to])
				visibility->before[arc->to] = (uint8_t)count;
		}
}

void account_visibility_tabulate(struct account_visibility *ret_visibility)
{
	struct model table;

	*ret_visibility = (struct account_visibility) { .next = { { 0 } } };
	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_OBSERVED), &table);
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
		for (unsigned state = 1; state <= MODEL_STATES; state++)
			ret_visibility->next[event][state] =
				only_state(table.reached[event][belief_of(state)]);
	/* the id of a session that has ended is used again */
	ret_visibility->next[SESSIONLINT_EVENT_CREATED][SESSIONLINT_STATE_TERMINATED] =
		SESSIONLINT_STATE_CREATED;
	tabulate_arcs(ret_visibility);
	tabulate_before(ret_visibility);
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		tabulate_log(ret_visibility, (enum account_log)log);
	/* the winlogon of a session has ended when the session is disconnected after a Logoff,
	 * though the transitions are in the other order */
	ret_visibility->must[SESSIONLINT_EVENT_DISCONNECTED][SESSIONLINT_STATE_LOGGED_OFF] &=
		(uint8_t) ~(1U << ACCOUNT_LOG_WINLOGON);
}
