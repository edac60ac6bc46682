/* SPDX-License-Identifier: MIT */
/* The session machine with what the run did in it, as a picture inside the page. */
#include <errno.h>
#include <stdlib.h>

#include "diagram/overlay.h"
#include "report/html.h"

static const struct model_named *drawn_model(void)
{
	unsigned index = 0;

	while (model_named(index)->source != SESSIONLINT_SOURCE_WDM ||
	       model_named(index)->tolerance != MODEL_OBSERVED)
		index++;
	return model_named(index);
}

int html_write_diagram(FILE *file, const struct ledger *ledger)
{
	struct diagram *diagram = calloc(1, sizeof *diagram);
	struct overlay *overlay = calloc(1, sizeof *overlay);
	int r = -ENOMEM;

	if (diagram && overlay) {
		diagram_of_model(drawn_model(), NULL, diagram);
		overlay_of_ledger(diagram, ledger, overlay);
		diagram->overlay = overlay;
		diagram->inline_id = "machine";
		diagram_svg.write(file, diagram);
		/* the script makes rules of it: the policy allows no style but the page's own */
		fputs("<script type=\"text/plain\" id=\"diagram-style\">", file);
		diagram_svg_style(file);
		fputs("</script>\n", file);
		r = 0;
	}
	free(overlay);
	free(diagram);
	return r;
}
