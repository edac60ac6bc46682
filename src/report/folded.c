/* SPDX-License-Identifier: MIT */
#include "report/folded.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report/text.h"

struct folded_file {
	struct table_entry entry;
	struct folded_file *next;
	uint64_t counts[RULE_COUNT];
	char name[]; /* the key */
};

void folded_init(struct folded *folded)
{
	*folded = (struct folded) { .first = NULL };
	table_init(&folded->table);
}

void folded_free(struct folded *folded)
{
	for (struct folded_file *file = folded->first, *next; file; file = next) {
		next = file->next;
		free(file);
	}
	table_free(&folded->table);
	folded_init(folded);
}

static struct folded_file *find_or_add(struct folded *folded, struct sessionlint_text name)
{
	struct folded_file *file = (struct folded_file *)table_find(&folded->table, name);

	if (file)
		return file;
	file = calloc(1, sizeof *file + name.size + 1);
	if (!file)
		return NULL;
	memcpy(file->name, name.data, name.size);
	if (table_add(&folded->table, &file->entry, text_of(file->name, name.size)) < 0) {
		free(file);
		return NULL;
	}
	if (folded->last)
		folded->last->next = file;
	else
		folded->first = file;
	folded->last = file;
	return file;
}

int folded_shows(struct folded *folded, const struct sessionlint_finding *finding)
{
	struct folded_file *file;

	if (finding->severity != SESSIONLINT_SEVERITY_NOTE)
		return 1;
	file = find_or_add(folded, text_from(finding->file));
	if (!file)
		return -ENOMEM;
	return ++file->counts[finding->rule] <= FOLDED_SHOWN;
}

void folded_write(struct folded *folded, FILE *to)
{
	for (const struct folded_file *file = folded->first; file; file = file->next) {
		for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
			if (file->counts[rule] <= FOLDED_SHOWN)
				continue;
			text_write_place(to, file->name, 0);
			fprintf(to, ": %s: and %" PRIu64 " more; --notes=all shows them [%s]\n",
				sessionlint_severity_name(SESSIONLINT_SEVERITY_NOTE),
				file->counts[rule] - FOLDED_SHOWN,
				sessionlint_rule_info(rule)->name);
		}
	}
	folded_free(folded);
}
