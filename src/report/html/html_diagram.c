/* SPDX-License-Identifier: MIT */
/* The session machine with the counts of the run, as a picture in the page. */
#include <errno.h>
#include <stdlib.h>

#include "report/html/html.h"

static const struct model_named *drawn_model(void)
{
	unsigned index = 0;

	while (model_named(index)->source != SESSIONLINT_SOURCE_WDM ||
	       model_named(index)->tolerance != MODEL_OBSERVED)
		index++;
	return model_named(index);
}

int html_picture_new(const struct ledger *ledger, struct html_picture **ret_picture)
{
	struct html_picture *picture = calloc(1, sizeof *picture);

	if (!picture)
		return -ENOMEM;
	diagram_of_model(drawn_model(), NULL, &picture->diagram);
	overlay_of_ledger(&picture->diagram, ledger, &picture->overlay);
	picture->diagram.overlay = &picture->overlay;
	picture->diagram.inline_id = "machine";
	*ret_picture = picture;
	return 0;
}

void html_write_diagram(FILE *file, const struct html_picture *picture)
{
	diagram_svg.write(file, &picture->diagram);
	/* the script turns it into rules: the policy forbids other style sheets */
	fputs("<script type=\"text/plain\" id=\"diagram-style\">", file);
	diagram_svg_style(file);
	fputs("</script>\n", file);
}
