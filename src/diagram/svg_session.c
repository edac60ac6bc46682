/* SPDX-License-Identifier: MIT */
/*
 * Where the eight states stand and which way the edges between them go. What edges there are, the
 * model says; one that has no way here makes the picture another's.
 *
 * A life goes from the left to the bar at the right in which it ends. Lower is disconnected, to the
 * right is logged on. One crossing is needed: Connected, LoggedOff and DisconnectedLoggedOn are
 * each tied to Disconnected, to LoggedOn and to Terminated, and that is K3,3. It is the end of
 * DisconnectedLoggedOn that crosses LoggedOn's Logoff.
 */
#include "diagram/svg.h"

#define WIDTH  800
#define HEIGHT 534

static const struct svg_box boxes[MODEL_STATES + 1] = {
	[SESSIONLINT_STATE_INITIALIZED] = { 18, 40, 100, 42 },
	[SESSIONLINT_STATE_CREATED] = { 18, 166, 100, 42 },
	[SESSIONLINT_STATE_CONNECTED] = { 220, 72, 116, 44 },
	[SESSIONLINT_STATE_DISCONNECTED] = { 220, 252, 116, 44 },
	[SESSIONLINT_STATE_LOGGED_ON] = { 396, 72, 188, 44 },
	[SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON] = { 396, 252, 188, 44 },
	[SESSIONLINT_STATE_LOGGED_OFF] = { 437, 382, 110, 44 },
	[SESSIONLINT_STATE_TERMINATED] = { 690, 18, 96, 500 },
};

struct route {
	enum sessionlint_state from, to;
	const char *path;
	struct svg_label label;
};

#define INITIALIZED  SESSIONLINT_STATE_INITIALIZED
#define CREATED      SESSIONLINT_STATE_CREATED
#define CONNECTED    SESSIONLINT_STATE_CONNECTED
#define DISCONNECTED SESSIONLINT_STATE_DISCONNECTED
#define AWAY         SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON
#define LOGGED_ON    SESSIONLINT_STATE_LOGGED_ON
#define LOGGED_OFF   SESSIONLINT_STATE_LOGGED_OFF
#define TERMINATED   SESSIONLINT_STATE_TERMINATED

static const struct route routes[] = {
	{ INITIALIZED, CREATED, "M68 82 L68 166", { 62, 129, "end" } },
	{ CREATED, CONNECTED, "M118 178 C165 170 165 94 220 94", { 150, 120, "end" } },
	{ CREATED, DISCONNECTED, "M118 196 C165 204 165 274 220 274", { 163, 262, "end" } },
	{ CONNECTED, DISCONNECTED, "M292 116 L292 252", { 299, 172, "start" } },
	{ DISCONNECTED, CONNECTED, "M256 252 L256 116", { 249, 192, "end" } },
	{ CONNECTED, LOGGED_ON, "M336 94 L396 94", { 364, 87, "middle" } },
	{ DISCONNECTED, AWAY, "M336 264 L396 264", { 364, 257, "middle" } },
	{ AWAY, DISCONNECTED, "M396 284 L336 284", { 368, 300, "middle" } },
	{ LOGGED_ON, AWAY, "M466 116 L466 252", { 459, 208, "end" } },
	{ AWAY, LOGGED_ON, "M496 252 L496 116", { 503, 178, "start" } },
	{ LOGGED_ON,
	  LOGGED_OFF,
	  "M584 104 L598 104 Q612 104 612 118 L612 380 Q612 394 598 394 L547 394",
	  { 619, 186, "start" } },
	{ LOGGED_OFF,
	  DISCONNECTED,
	  "M437 404 L292 404 Q278 404 278 390 L278 296",
	  { 358, 397, "middle" } },
	{ CONNECTED, TERMINATED, "M278 72 L278 48 Q278 34 292 34 L690 34", { 651, 28, "middle" } },
	{ LOGGED_ON, TERMINATED, "M584 84 L690 84", { 651, 78, "middle" } },
	{ AWAY, TERMINATED, "M584 274 L690 274", { 652, 268, "middle" } },
	{ LOGGED_OFF, TERMINATED, "M547 414 L690 414", { 651, 408, "middle" } },
	{ DISCONNECTED,
	  TERMINATED,
	  "M248 296 L248 442 Q248 456 262 456 L690 456",
	  { 651, 450, "middle" } },
	{ CREATED, TERMINATED, "M68 208 L68 484 Q68 498 82 498 L690 498", { 651, 492, "middle" } },
};

static unsigned node_state(const struct diagram *diagram, unsigned node)
{
	return belief_state(diagram->nodes[node].states);
}

static const struct route *route_of(const struct diagram *diagram, const struct diagram_edge *edge)
{
	for (unsigned i = 0; i < sizeof routes / sizeof routes[0]; i++)
		if (routes[i].from == node_state(diagram, edge->from) &&
		    routes[i].to == node_state(diagram, edge->to))
			return &routes[i];
	return NULL;
}

/* All nodes states of a session, all edges with a way of their own. */
static bool fits(const struct diagram *diagram)
{
	bool taken[sizeof routes / sizeof routes[0]] = { false };

	if (diagram->machine != DIAGRAM_SESSION)
		return false;
	for (unsigned i = 0; i < diagram->node_count; i++)
		if (!node_is_one_state(&diagram->nodes[i]))
			return false;
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct route *route = route_of(diagram, &diagram->edges[i]);

		if (!route || taken[route - routes])
			return false;
		taken[route - routes] = true;
	}
	return true;
}

/* Behind the two pairs: who is logged on, and who is disconnected. */
static void write_bands(FILE *file)
{
	fputs("<rect class=\"on\" x=\"382\" y=\"48\" width=\"218\" height=\"270\" rx=\"14\"/>\n"
	      "<rect class=\"off\" x=\"206\" y=\"236\" width=\"394\" height=\"82\" rx=\"14\"/>\n"
	      "<text class=\"band\" x=\"594\" y=\"65\" text-anchor=\"end\">logged on</text>\n"
	      "<text class=\"band\" x=\"594\" y=\"312\" text-anchor=\"end\">disconnected</text>\n",
	      file);
}

bool svg_session(FILE *file, const struct diagram *diagram)
{
	const struct svg_box *start = &boxes[node_state(diagram, diagram->start)];

	if (!fits(diagram))
		return false;
	svg_begin(file, diagram, WIDTH, HEIGHT);
	write_bands(file);
	svg_start(file, start->x + start->width / 2, start->y);
	for (unsigned i = 0; i < diagram->node_count; i++)
		svg_node(file, diagram, i, boxes[node_state(diagram, i)]);
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct route *route = route_of(diagram, &diagram->edges[i]);

		svg_edge_begin(file, diagram, &diagram->edges[i]);
		fputs(route->path, file);
		svg_edge_end(file, &diagram->edges[i], route->label);
	}
	svg_end(file);
	return true;
}
