/* SPDX-License-Identifier: MIT */
/* The colours of the SVG, light and dark, and other styles: one table, written in two ways. */
#include "diagram/svg/svg.h"

struct rule {
	const char *selector; /* after .sessionlint, which limits it to the picture */
	const char *property; /* or whole declarations, where there is no colour */
	const char *light, *dark;
	bool overlay; /* only with one */
};

static const struct rule rules[] = {
	{ "", "font-family:Helvetica,Arial,\"Liberation Sans\",sans-serif", NULL, NULL, false },
	{ " .sl-paper", "fill", "#fff", "#0d1117", false },
	{ " text", "font-size:13px", NULL, NULL, false },
	{ " text", "fill", "#1f2328", "#e6edf3", false },
	{ " .sl-node rect", "stroke-width:1.5", NULL, NULL, false },
	{ " .sl-node rect", "fill", "#f6f8fa", "#1c2128", false },
	{ " .sl-node rect", "stroke", "#424a53", "#b1bac4", false },
	{ " .sl-node .sl-inner", "fill:none;stroke-width:1", NULL, NULL, false },
	{ " .sl-node text", "text-anchor:middle", NULL, NULL, false },
	{ " .sl-name", "font-weight:bold", NULL, NULL, false },
	{ " path", "fill:none;stroke-width:1.5", NULL, NULL, false },
	{ " path", "stroke", "#424a53", "#b1bac4", false },
	{ " .sl-edge text", "stroke-width:3px;stroke-linejoin:round;paint-order:stroke", NULL, NULL,
	  false },
	{ " .sl-edge text", "stroke", "#fff", "#0d1117", false },
	{ " .sl-over path", "stroke", "#8c959f", "#768390", false },
	{ " .sl-undocumented path", "stroke-dasharray:6 4", NULL, NULL, false },
	{ " .sl-undocumented path", "stroke", "#b34800", "#f0883e", false },
	{ " .sl-undocumented text", "fill", "#953800", "#ffa657", false },
	{ " .sl-head", "stroke:none", NULL, NULL, false },
	{ " .sl-head,.sessionlint .sl-start circle", "fill", "#424a53", "#b1bac4", false },
	{ " .sl-on", "fill-opacity:.14", NULL, NULL, false },
	{ " .sl-on", "fill", "#2da44e", "#3fb950", false },
	{ " .sl-off", "fill-opacity:.14", NULL, NULL, false },
	{ " .sl-off", "fill", "#8250df", "#a371f7", false },
	{ " .sl-band", "font-size:12px;font-style:italic", NULL, NULL, false },

	{ " .sl-certain path,.sessionlint .sl-certain rect", "stroke", "#0969da", "#58a6ff", true },
	{ " .sl-possible path,.sessionlint .sl-possible rect", "stroke-dasharray:2 3", NULL, NULL,
	  true },
	{ " .sl-possible path,.sessionlint .sl-possible rect", "stroke", "#0969da", "#58a6ff",
	  true },
	{ " .sl-undocumented.sl-certain path", "stroke", "#b34800", "#f0883e", true },
	{ " .sl-undocumented.sl-possible path", "stroke-dasharray:6 4", NULL, NULL, true },
	{ " .sl-undocumented.sl-possible path", "stroke", "#b34800", "#f0883e", true },
	{ " .sl-never path,.sessionlint .sl-never rect", "stroke", "#afb8c1", "#545d68", true },
	{ " .sl-never text", "fill", "#6e7781", "#8b949e", true },
	{ " .sl-w2 path", "stroke-width:2.2", NULL, NULL, true },
	{ " .sl-w3 path", "stroke-width:3", NULL, NULL, true },
	{ " .sl-w4 path", "stroke-width:4", NULL, NULL, true },
	{ " .sl-count", "font-weight:bold", NULL, NULL, true },
	{ " .sl-stay", "font-size:12px", NULL, NULL, true },
	{ " .sl-stay,.sessionlint .sl-legend text", "fill", "#57606a", "#9ea7b3", true },
	{ " .sl-legend text", "font-size:12px", NULL, NULL, true },
	{ " .sl-legend .sl-name", "font-size:13px", NULL, NULL, true },
	{ " .sl-illegal path", "stroke-dasharray:6 4;stroke-width:2", NULL, NULL, true },
	{ " .sl-illegal path", "stroke", "#cf222e", "#ff7b72", true },
	{ " text.sl-illegal,.sessionlint .sl-illegal .sl-label", "fill", "#cf222e", "#ff7b72",
	  true },
	{ " .sl-head-certain,.sessionlint .sl-head-possible", "fill", "#0969da", "#58a6ff", true },
	{ " .sl-head-undocumented", "fill", "#b34800", "#f0883e", true },
	{ " .sl-head-never", "fill", "#afb8c1", "#545d68", true },
	{ " .sl-cross", "stroke-width:2", NULL, NULL, true },
	{ " .sl-cross", "stroke", "#cf222e", "#ff7b72", true },
};

#define RULES (sizeof rules / sizeof rules[0])

void svg_style(FILE *file, const struct diagram *diagram)
{
	fputs("<style>\n", file);
	for (unsigned i = 0; i < RULES; i++)
		if (diagram->overlay || !rules[i].overlay)
			fprintf(file, ".sessionlint%s{%s%s%s}\n", rules[i].selector,
				rules[i].property, rules[i].light ? ":" : "",
				rules[i].light ? rules[i].light : "");
	fputs("@media (prefers-color-scheme:dark){\n", file);
	for (unsigned i = 0; i < RULES; i++)
		if (rules[i].dark && (diagram->overlay || !rules[i].overlay))
			fprintf(file, ".sessionlint%s{%s:%s}\n", rules[i].selector,
				rules[i].property, rules[i].dark);
	fputs("}\n</style>\n", file);
}

/* Viewers without light-dark() keep the light colours, including the background. */
void diagram_svg_style(FILE *file)
{
	for (unsigned i = 0; i < RULES; i++) {
		const struct rule *rule = &rules[i];

		fprintf(file, ".sessionlint%s{%s", rule->selector, rule->property);
		if (rule->dark)
			fprintf(file, ":%s;%s:light-dark(%s,%s)", rule->light, rule->property,
				rule->light, rule->dark);
		fputs("}\n", file);
	}
}

/* ---- heads ---- */

#define ARROW "M0 1 L10 5 L0 9 z"
#define CROSS "M1 1 L9 9 M9 1 L1 9"

static void write_head(FILE *file, const struct diagram *diagram, const char *kind,
		       const char *class, const char *path, int at)
{
	int size = *kind ? 11 : 9; /* an overlay's lines are thick */

	fprintf(file,
		"<marker id=\"%s-head%s\" viewBox=\"0 0 10 10\" refX=\"%d\" refY=\"5\" "
		"markerWidth=\"%d\" markerHeight=\"%d\" markerUnits=\"userSpaceOnUse\" "
		"orient=\"auto\"><path class=\"%s\" d=\"%s\"/></marker>",
		svg_id(diagram), kind, at, size, size, class, path);
}

void svg_heads(FILE *file, const struct diagram *diagram)
{
	static const char *const kinds[][2] = {
		{ "-certain", "sl-head sl-head-certain" },
		{ "-possible", "sl-head sl-head-possible" },
		{ "-undocumented", "sl-head sl-head-undocumented" },
		{ "-never", "sl-head sl-head-never" },
	};

	fputs("<defs>", file);
	write_head(file, diagram, "", "sl-head", ARROW, 9);
	for (unsigned i = 0; diagram->overlay && i < sizeof kinds / sizeof kinds[0]; i++)
		write_head(file, diagram, kinds[i][0], kinds[i][1], ARROW, 9);
	if (diagram->overlay)
		write_head(file, diagram, "-illegal", "sl-cross", CROSS, 5);
	fputs("</defs>\n", file);
}
