/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/escape.h"
#include "check/subject.h"
#include "report/html/html.h"

/* Incarnations get the rest of the room for text. */
#define TEXTS_MAX ((size_t)6 << 20)

/* The texts of a finding. */
static const size_t fields[] = {
	offsetof(struct sessionlint_finding, host),
	offsetof(struct sessionlint_finding, boot),
	offsetof(struct sessionlint_finding, driver),
	offsetof(struct sessionlint_finding, io),
	offsetof(struct sessionlint_finding, message),
	offsetof(struct sessionlint_finding, reason),
	offsetof(struct sessionlint_finding, user),
	offsetof(struct sessionlint_finding, address),
};

#define FIELDS (sizeof fields / sizeof fields[0])

static struct sessionlint_text *field_at(struct sessionlint_finding *finding, size_t field)
{
	return (struct sessionlint_text *)((char *)finding + fields[field]);
}

/* Suppressed findings are dropped first, then notes, warnings and errors; of each, cascades before
 * the others. */
static unsigned rank_of(const struct sessionlint_finding *finding)
{
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		return 0;
	return 2 * (unsigned)finding->severity + !finding->cascade;
}

static void count_omitted(struct html_findings *findings, const struct sessionlint_finding *finding)
{
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		findings->omitted[0]++;
	else
		findings->omitted[finding->severity]++;
}

static void release(struct html_texts *texts, struct sessionlint_finding *finding)
{
	texts_release(texts, text_from(finding->file));
	texts_release(texts, text_from(finding->log));
	for (size_t i = 0; i < FIELDS; i++)
		texts_release(texts, *field_at(finding, i));
	for (unsigned i = 0; i < finding->witness_count; i++)
		texts_release(texts, text_from(finding->witnesses[i].file));
}

/* Holds the files of the witnesses, which are the copy's own, as far as there is room for
 * them. -ENOMEM. */
static int hold_witnesses(struct html_texts *texts, struct html_finding *copy)
{
	struct sessionlint_finding *finding = &copy->finding;
	unsigned count = finding->witness_count;

	finding->witness_count = 0;
	memcpy(copy->witnesses, finding->witnesses, count * sizeof *copy->witnesses);
	finding->witnesses = copy->witnesses;
	for (unsigned i = 0; i < count; i++) {
		struct sessionlint_text file = path_shown(copy->witnesses[i].file);
		int r = texts_hold(texts, &file, TEXTS_MAX);

		if (r < 0)
			return r == -ENOSPC ? 0 : r;
		copy->witnesses[i].file = file.data;
		finding->witness_count++;
	}
	return 0;
}

/* Holds the texts of @finding. On failure none of them is held. */
static int hold(struct html_texts *texts, struct html_finding *copy)
{
	struct sessionlint_finding *finding = &copy->finding;
	unsigned witness_count = finding->witness_count;
	struct sessionlint_text file = path_shown(finding->file), log = path_shown(finding->log);
	int r = texts_hold(texts, &file, TEXTS_MAX);

	if (r < 0)
		return r;
	r = texts_hold(texts, &log, TEXTS_MAX);
	if (r < 0) {
		texts_release(texts, file);
		return r;
	}
	finding->file = file.data; /* NUL-terminated */
	finding->log = log.data;
	/* the page has the lines of only one file */
	for (unsigned i = 0; i < finding->history_count; i++) {
		if (past_is_unseen(&finding->history[i]))
			copy->unseen |= (uint8_t)(1U << i);
		if (finding->history[i].file)
			finding->history[i].line = 0;
		finding->history[i].file = NULL;
	}
	finding->witness_count = 0;
	for (size_t i = 0; i < FIELDS; i++) {
		r = texts_hold(texts, field_at(finding, i), TEXTS_MAX);
		if (r == 0)
			continue;
		for (; i < FIELDS; i++)
			*field_at(finding, i) = text_of(NULL, 0);
		release(texts, finding);
		return r;
	}
	if (witness_count == 0)
		return 0;
	finding->witness_count = witness_count;
	r = hold_witnesses(texts, copy);
	if (r < 0)
		release(texts, finding);
	return r;
}

/* Drops the last finding of the lowest rank, if that is below @rank. */
static bool drop_below(struct html_findings *findings, struct html_texts *texts, unsigned rank)
{
	for (unsigned low = 0; low < rank; low++) {
		struct html_rank *from = &findings->ranks[low];
		struct html_finding *dropped;

		if (from->count == 0)
			continue;
		dropped = from->list[--from->count];
		findings->count--;
		count_omitted(findings, &dropped->finding);
		release(texts, &dropped->finding);
		free(dropped);
		return true;
	}
	return false;
}

static int rank_add(struct html_rank *rank, struct html_finding *copy)
{
	struct html_finding **list = array_grow(rank->list, rank->count, &rank->capacity,
						sizeof *list);

	if (!list)
		return -ENOMEM;
	rank->list = list;
	rank->list[rank->count++] = copy;
	return 0;
}

int findings_add(struct html_findings *findings, struct html_texts *texts,
		 const struct sessionlint_finding *finding)
{
	unsigned rank = rank_of(finding);
	struct html_finding *copy;
	int r = 0;

	findings->seen++;
	if (findings->count == HTML_FINDINGS_MAX && !drop_below(findings, texts, rank)) {
		count_omitted(findings, finding);
		return 0;
	}
	copy = malloc(sizeof *copy + finding->witness_count * sizeof *copy->witnesses);
	if (!copy)
		return -ENOMEM;
	copy->order = findings->seen;
	do {
		copy->finding = *finding;
		copy->unseen = 0;
		r = hold(texts, copy);
	} while (r == -ENOSPC && drop_below(findings, texts, rank));
	if (r == 0) {
		r = rank_add(&findings->ranks[rank], copy);
		if (r < 0)
			release(texts, &copy->finding);
	}
	if (r == 0) {
		findings->count++;
		return 0;
	}
	free(copy);
	if (r != -ENOSPC)
		return r;
	count_omitted(findings, finding);
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct html_finding *const *first = a, *const *second = b;

	return ((*first)->order > (*second)->order) - ((*first)->order < (*second)->order);
}

int findings_ordered(const struct html_findings *findings, struct html_finding ***ret_list)
{
	struct html_finding **list = malloc((findings->count + 1U) * sizeof(struct html_finding *));
	uint32_t count = 0;

	if (!list)
		return -ENOMEM;
	for (unsigned rank = 0; rank < HTML_RANKS; rank++)
		for (uint32_t i = 0; i < findings->ranks[rank].count; i++)
			list[count++] = findings->ranks[rank].list[i];
	qsort(list, count, sizeof *list, compare);
	*ret_list = list;
	return 0;
}

void html_findings_free(struct html_findings *findings)
{
	for (unsigned rank = 0; rank < HTML_RANKS; rank++) {
		for (uint32_t i = 0; i < findings->ranks[rank].count; i++)
			free(findings->ranks[rank].list[i]);
		free(findings->ranks[rank].list);
	}
}
