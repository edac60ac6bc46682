/* SPDX-License-Identifier: MIT */
/*
 * The places of the eight states and the paths of the edges between them. The edges come from the
 * model; one without a path here means that this layout cannot be used.
 *
 * A session goes from the left to the bar at the right where it ends. Lower is disconnected, right
 * is logged on. One crossing is unavoidable: Connected, LoggedOff and DisconnectedLoggedOn are each
 * linked to Disconnected, to LoggedOn and to Terminated, which is K3,3. The end of
 * DisconnectedLoggedOn crosses the Logoff of LoggedOn.
 */
#include "diagram/svg/svg.h"

struct route {
	enum sessionlint_state from, to;
	const char *path;
	struct svg_label label;
};

#define ROUTES 18

struct layout {
	int width, height;
	struct svg_box boxes[MODEL_STATES + 1];
	struct svg_box on, off;         /* the bands for logged on and for disconnected states */
	struct svg_label on_at, off_at; /* their names */
	struct route routes[ROUTES];
};

#define INITIALIZED  SESSIONLINT_STATE_INITIALIZED
#define CREATED      SESSIONLINT_STATE_CREATED
#define CONNECTED    SESSIONLINT_STATE_CONNECTED
#define DISCONNECTED SESSIONLINT_STATE_DISCONNECTED
#define AWAY         SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON
#define LOGGED_ON    SESSIONLINT_STATE_LOGGED_ON
#define LOGGED_OFF   SESSIONLINT_STATE_LOGGED_OFF
#define TERMINATED   SESSIONLINT_STATE_TERMINATED

static const struct layout plain = {
	.width = 800,
	.height = 534,
	.boxes = {
		[INITIALIZED] = { 18, 40, 100, 42 },
		[CREATED] = { 18, 166, 100, 42 },
		[CONNECTED] = { 220, 72, 116, 44 },
		[DISCONNECTED] = { 220, 252, 116, 44 },
		[LOGGED_ON] = { 396, 72, 188, 44 },
		[AWAY] = { 396, 252, 188, 44 },
		[LOGGED_OFF] = { 437, 382, 110, 44 },
		[TERMINATED] = { 690, 18, 96, 500 },
	},
	.on = { 382, 48, 218, 270 },
	.off = { 206, 236, 394, 82 },
	.on_at = { 594, 65, "end" },
	.off_at = { 594, 312, "end" },
	.routes = {
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
		{ LOGGED_ON, LOGGED_OFF,
		  "M584 104 L598 104 Q612 104 612 118 L612 380 Q612 394 598 394 L547 394",
		  { 619, 186, "start" } },
		{ LOGGED_OFF, DISCONNECTED, "M437 404 L292 404 Q278 404 278 390 L278 296",
		  { 358, 397, "middle" } },
		{ CONNECTED, TERMINATED, "M278 72 L278 48 Q278 34 292 34 L690 34",
		  { 651, 28, "middle" } },
		{ LOGGED_ON, TERMINATED, "M584 84 L690 84", { 651, 78, "middle" } },
		{ AWAY, TERMINATED, "M584 274 L690 274", { 652, 268, "middle" } },
		{ LOGGED_OFF, TERMINATED, "M547 414 L690 414", { 651, 408, "middle" } },
		{ DISCONNECTED, TERMINATED, "M248 296 L248 442 Q248 456 262 456 L690 456",
		  { 651, 450, "middle" } },
		{ CREATED, TERMINATED, "M68 208 L68 484 Q68 498 82 498 L690 498",
		  { 651, 492, "middle" } },
	},
};

/* The same with room for three lines a label, and four a state. */
static const struct layout roomy = {
	.width = 800,
	.height = 650,
	.boxes = {
		[INITIALIZED] = { 14, 44, 104, 64 },
		[CREATED] = { 14, 190, 104, 76 },
		[CONNECTED] = { 218, 84, 116, 76 },
		[DISCONNECTED] = { 218, 300, 116, 76 },
		[LOGGED_ON] = { 416, 84, 182, 76 },
		[AWAY] = { 416, 300, 182, 76 },
		[LOGGED_OFF] = { 454, 444, 110, 76 },
		[TERMINATED] = { 704, 18, 86, 614 },
	},
	.on = { 404, 66, 202, 334 },
	.off = { 204, 284, 402, 136 },
	.on_at = { 600, 79, "end" },
	.off_at = { 600, 414, "end" },
	.routes = {
		{ INITIALIZED, CREATED, "M66 108 L66 190", { 73, 134, "start" } },
		{ CREATED, CONNECTED, "M118 212 C168 205 168 122 218 122", { 176, 180, "start" } },
		{ CREATED, DISCONNECTED, "M118 244 C168 251 168 338 218 338", { 158, 312, "end" } },
		{ CONNECTED, DISCONNECTED, "M292 160 L292 300", { 299, 182, "start" } },
		{ DISCONNECTED, CONNECTED, "M256 300 L256 160", { 249, 250, "end" } },
		{ CONNECTED, LOGGED_ON, "M334 122 L416 122", { 373, 84, "middle" } },
		{ DISCONNECTED, AWAY, "M334 316 L416 316", { 372, 279, "middle" } },
		{ AWAY, DISCONNECTED, "M416 362 L334 362", { 376, 379, "middle" } },
		{ LOGGED_ON, AWAY, "M484 160 L484 300", { 477, 226, "end" } },
		{ AWAY, LOGGED_ON, "M500 300 L500 160", { 506, 206, "start" } },
		{ LOGGED_ON, LOGGED_OFF,
		  "M598 142 L602 142 Q616 142 616 156 L616 448 Q616 462 602 462 L564 462",
		  { 623, 190, "start" } },
		{ LOGGED_OFF, DISCONNECTED, "M454 482 L314 482 Q300 482 300 468 L300 376",
		  { 378, 445, "middle" } },
		{ CONNECTED, TERMINATED, "M276 84 L276 72 Q276 58 290 58 L704 58",
		  { 660, 20, "middle" } },
		{ LOGGED_ON, TERMINATED, "M598 116 L704 116", { 660, 78, "middle" } },
		{ AWAY, TERMINATED, "M598 340 L704 340", { 660, 302, "middle" } },
		{ LOGGED_OFF, TERMINATED, "M564 500 L704 500", { 660, 462, "middle" } },
		{ DISCONNECTED, TERMINATED, "M246 376 L246 542 Q246 556 260 556 L704 556",
		  { 660, 518, "middle" } },
		{ CREATED, TERMINATED, "M66 266 L66 598 Q66 612 80 612 L704 612",
		  { 660, 574, "middle" } },
	},
};

static unsigned node_state(const struct diagram *diagram, unsigned node)
{
	return belief_state(diagram->nodes[node].states);
}

static const struct route *route_of(const struct layout *layout, const struct diagram *diagram,
				    const struct diagram_edge *edge)
{
	for (unsigned i = 0; i < ROUTES; i++)
		if (layout->routes[i].from == node_state(diagram, edge->from) &&
		    layout->routes[i].to == node_state(diagram, edge->to))
			return &layout->routes[i];
	return NULL;
}

/* All nodes states of a session, all edges with a way of their own. */
static bool fits(const struct layout *layout, const struct diagram *diagram)
{
	bool taken[ROUTES] = { false };

	if (diagram->machine != DIAGRAM_SESSION)
		return false;
	for (unsigned i = 0; i < diagram->node_count; i++)
		if (!node_is_one_state(&diagram->nodes[i]))
			return false;
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		const struct route *route = route_of(layout, diagram, &diagram->edges[i]);

		if (!route || taken[route - layout->routes])
			return false;
		taken[route - layout->routes] = true;
	}
	return true;
}

static void write_band(FILE *file, const char *class, const struct svg_box *box)
{
	fprintf(file,
		"<rect class=\"sl-%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"14\"/>\n",
		class, box->x, box->y, box->width, box->height);
}

static void write_band_name(FILE *file, const char *name, const struct svg_label *at)
{
	fprintf(file, "<text class=\"sl-band\" x=\"%d\" y=\"%d\" text-anchor=\"%s\">%s</text>\n",
		at->x, at->y, at->anchor, name);
}

/* The background of the two pairs: logged on, and disconnected. */
static void write_bands(FILE *file, const struct layout *layout)
{
	write_band(file, "on", &layout->on);
	write_band(file, "off", &layout->off);
	write_band_name(file, "logged on", &layout->on_at);
	write_band_name(file, "disconnected", &layout->off_at);
}

static void write_edge(FILE *file, const struct layout *layout, const struct diagram *diagram,
		       unsigned edge)
{
	const struct route *route = route_of(layout, diagram, &diagram->edges[edge]);

	svg_edge_begin(file, diagram, edge);
	fputs(route->path, file);
	svg_edge_end(file, diagram, edge, route->label, 0);
}

bool svg_session(FILE *file, const struct diagram *diagram)
{
	const struct layout *layout = diagram->overlay ? &roomy : &plain;
	const struct svg_box *start;

	if (!fits(layout, diagram))
		return false;
	start = &layout->boxes[node_state(diagram, diagram->start)];
	svg_begin(file, diagram, layout->width, layout->height);
	write_bands(file, layout);
	svg_start(file, diagram, start->x + start->width / 2, start->y);
	for (unsigned i = 0; i < diagram->node_count; i++)
		svg_node(file, diagram, i, layout->boxes[node_state(diagram, i)]);
	for (unsigned round = 0; round < SVG_ROUNDS; round++)
		for (unsigned i = 0; i < diagram->edge_count; i++)
			if (svg_edge_round(diagram, i) == round)
				write_edge(file, layout, diagram, i);
	svg_end(file, diagram, layout->width, layout->height);
	return true;
}
