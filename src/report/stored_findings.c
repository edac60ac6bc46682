/* SPDX-License-Identifier: MIT */
#include "report/stored_findings.h"

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

static size_t witness_files_size(const struct sessionlint_finding *finding)
{
	size_t size = 0;

	for (unsigned i = 0; i < finding->witness_count; i++)
		size += strlen(finding->witnesses[i].file) + 1;
	return size;
}

/* Copies the witnesses to @list, and the names of their files to *at. */
static void move_witnesses(struct sessionlint_finding *finding, struct sessionlint_witness *list,
			   char **at)
{
	if (finding->witness_count == 0)
		return;
	memcpy(list, finding->witnesses, finding->witness_count * sizeof *list);
	finding->witnesses = list;
	for (unsigned i = 0; i < finding->witness_count; i++)
		move_name(&list[i].file, at);
}

/* The copy, its witnesses and all its texts are one allocation. */
struct stored_finding *stored_finding_new(const struct sessionlint_finding *finding)
{
	size_t file_size = strlen(finding->file) + 1,
	       files_size = history_files_size(finding) + witness_files_size(finding);
	size_t list_size = finding->witness_count * sizeof *finding->witnesses;
	struct stored_finding *one = malloc(sizeof *one + list_size + file_size + files_size +
					    finding->host.size + finding->boot.size +
					    finding->user.size + finding->address.size +
					    finding->driver.size + finding->io.size +
					    finding->message.size + finding->reason.size);
	char *at;

	if (!one)
		return NULL;
	one->next = NULL;
	one->finding = *finding;
	at = (char *)(one + 1) + list_size;
	/* a stored finding needs only the file */
	one->finding.file = one->finding.log = memcpy(at, finding->file, file_size);
	at += file_size;
	for (unsigned i = 0; i < finding->history_count; i++)
		move_name(&one->finding.history[i].file, &at);
	move_witnesses(&one->finding, (struct sessionlint_witness *)(one + 1), &at);
	one->finding.host = text_keep(finding->host, &at);
	one->finding.boot = text_keep(finding->boot, &at);
	one->finding.user = text_keep(finding->user, &at);
	one->finding.address = text_keep(finding->address, &at);
	one->finding.driver = text_keep(finding->driver, &at);
	one->finding.io = text_keep(finding->io, &at);
	one->finding.message = text_keep(finding->message, &at);
	one->finding.reason = text_keep(finding->reason, &at);
	return one;
}

/* Removes the last cascade; there is one. */
static void drop_cascade(struct finding_list *list)
{
	struct stored_finding *before = NULL, *found = NULL, *found_before = NULL;

	for (struct stored_finding *one = list->first; one; before = one, one = one->next) {
		if (one->finding.cascade) {
			found = one;
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

bool stored_findings_full(const struct stored_findings *stored,
			  const struct sessionlint_finding *finding)
{
	return stored->of[list_of(finding)].count == stored->limit;
}

int stored_findings_add(struct stored_findings *stored, const struct sessionlint_finding *finding)
{
	struct finding_list *list = &stored->of[list_of(finding)];
	struct stored_finding *one;

	if (list->count == stored->limit && (finding->cascade || list->cascades == 0)) {
		list->omitted++;
		return 0;
	}
	one = stored_finding_new(finding);
	if (!one)
		return -ENOMEM;
	if (list->count == stored->limit)
		drop_cascade(list);
	if (list->last)
		list->last->next = one;
	else
		list->first = one;
	list->last = one;
	list->count++;
	list->cascades += finding->cascade;
	return 0;
}

struct stored_findings *stored_findings_new(unsigned limit)
{
	struct stored_findings *stored = malloc(sizeof *stored);

	if (stored)
		stored_findings_init(stored, limit);
	return stored;
}

void stored_findings_free(struct stored_findings *stored)
{
	for (unsigned severity = 0; severity < 4; severity++) {
		struct stored_finding *one = stored->of[severity].first;

		while (one) {
			struct stored_finding *next = one->next;

			free(one);
			one = next;
		}
	}
	*stored = (struct stored_findings) { 0 };
}
