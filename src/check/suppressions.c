/* SPDX-License-Identifier: MIT */
#include "check/suppressions.h"

#include <errno.h>
#include <stdlib.h>

void suppressions_init(struct suppressions *suppressions)
{
	table_init(&suppressions->table);
	suppressions->first = NULL;
	suppressions->end = &suppressions->first;
}

void suppressions_free(struct suppressions *suppressions)
{
	for (struct suppression *suppression = suppressions->first, *next; suppression;
	     suppression = next) {
		next = suppression->next;
		free(suppression);
	}
	table_free(&suppressions->table);
}

int suppressions_add(struct suppressions *suppressions, const struct record *record)
{
	struct sessionlint_text reason = record->allowance->reason;
	struct suppression *suppression =
		malloc(sizeof *suppression + record->host.size + reason.size);
	char *room;
	int r;

	if (!suppression)
		return -ENOMEM;
	*suppression = (struct suppression) {
		.line = record->line,
		.offset = record->offset,
		.time = record->time,
		.rules = record->allowance->rules,
	};
	room = suppression->texts;
	suppression->host = text_keep(record->host, &room);
	suppression->reason = text_keep(reason, &room);
	r = table_add(&suppressions->table, &suppression->entry, table_number(&suppression->line));
	if (r < 0) {
		free(suppression);
		return r;
	}
	*suppressions->end = suppression;
	suppressions->end = &suppression->next;
	return 0;
}

void suppressions_apply(const struct suppressions *suppressions,
			struct sessionlint_finding *finding)
{
	uint64_t rule = (uint64_t)1 << finding->rule;
	struct suppression *suppression;

	if (!suppressions->first)
		return;
	suppression = (struct suppression *)table_find(&suppressions->table,
						       table_number(&finding->line));
	if (!suppression || !(suppression->rules & rule))
		return;
	suppression->used |= rule;
	finding->suppression = SESSIONLINT_SUPPRESSION_TRACE;
	finding->reason = suppression->reason;
}
