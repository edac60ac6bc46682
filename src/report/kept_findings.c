/* SPDX-License-Identifier: MIT */
#include "report/kept_findings.h"

#include <errno.h>
#include <stdlib.h>

#include "base/text.h"

static void move_name(const char **name, char **at)
{
	size_t size = *name ? strlen(*name) + 1 : 0;

	if (size > 0)
		*name = memcpy(*at, *name, size);
	*at += size;
}

static size_t history_files_size(const struct sessionlint_finding *finding)
{
	size_t size = 0;

	for (unsigned i = 0; i < finding->history_count; i++)
		if (finding->history[i].file)
			size += strlen(finding->history[i].file) + 1;
	return size;
}

/* The copy and all its texts are one allocation. */
struct kept *kept_new(const struct sessionlint_finding *finding)
{
	size_t file_size = strlen(finding->file) + 1, files_size = history_files_size(finding);
	struct kept *kept = malloc(sizeof *kept + file_size + files_size + finding->host.size +
				   finding->boot.size + finding->user.size + finding->address.size +
				   finding->driver.size + finding->io.size + finding->message.size +
				   finding->reason.size);
	char *at;

	if (!kept)
		return NULL;
	kept->next = NULL;
	kept->finding = *finding;
	at = (char *)(kept + 1);
	/* a kept finding needs only the file */
	kept->finding.file = kept->finding.log = memcpy(at, finding->file, file_size);
	at += file_size;
	for (unsigned i = 0; i < finding->history_count; i++)
		move_name(&kept->finding.history[i].file, &at);
	kept->finding.host = text_keep(finding->host, &at);
	kept->finding.boot = text_keep(finding->boot, &at);
	kept->finding.user = text_keep(finding->user, &at);
	kept->finding.address = text_keep(finding->address, &at);
	kept->finding.driver = text_keep(finding->driver, &at);
	kept->finding.io = text_keep(finding->io, &at);
	kept->finding.message = text_keep(finding->message, &at);
	kept->finding.reason = text_keep(finding->reason, &at);
	return kept;
}

/* Removes the last cascade; there is one. */
static void drop_cascade(struct kept_list *list)
{
	struct kept *before = NULL, *found = NULL, *found_before = NULL;

	for (struct kept *kept = list->first; kept; before = kept, kept = kept->next) {
		if (kept->finding.cascade) {
			found = kept;
			found_before = before;
		}
	}
	if (found_before)
		found_before->next = found->next;
	else
		list->first = found->next;
	if (list->last == found)
		list->last = found_before;
	free(found);
	list->count--;
	list->cascades--;
	list->omitted++;
}

static unsigned list_of(const struct sessionlint_finding *finding)
{
	return finding->suppression == SESSIONLINT_SUPPRESSION_NONE ? finding->severity
								    : SESSIONLINT_SEVERITY_OFF;
}

bool keep_is_full(const struct keep *keep, const struct sessionlint_finding *finding)
{
	return keep->of[list_of(finding)].count == keep->limit;
}

int keep_add(struct keep *keep, const struct sessionlint_finding *finding)
{
	struct kept_list *list = &keep->of[list_of(finding)];
	struct kept *kept;

	if (list->count == keep->limit && (finding->cascade || list->cascades == 0)) {
		list->omitted++;
		return 0;
	}
	kept = kept_new(finding);
	if (!kept)
		return -ENOMEM;
	if (list->count == keep->limit)
		drop_cascade(list);
	if (list->last)
		list->last->next = kept;
	else
		list->first = kept;
	list->last = kept;
	list->count++;
	list->cascades += finding->cascade;
	return 0;
}

struct keep *keep_new(unsigned limit)
{
	struct keep *keep = malloc(sizeof *keep);

	if (keep)
		keep_init(keep, limit);
	return keep;
}

void keep_free(struct keep *keep)
{
	for (unsigned severity = 0; severity < 4; severity++) {
		struct kept *kept = keep->of[severity].first;

		while (kept) {
			struct kept *next = kept->next;

			free(kept);
			kept = next;
		}
	}
	*keep = (struct keep) { 0 };
}
