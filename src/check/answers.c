/* SPDX-License-Identifier: MIT */
#include "check/answers.h"

#include <errno.h>
#include <stdlib.h>

#include "check/checker.h"

struct answer {
	struct table_entry entry; /* under the bytes of line */
	struct answer *next;
	uint64_t line, offset, time;
	uint64_t rules, used;
	struct sessionlint_text host, reason;
	char texts[];
};

void answers_init(struct answers *answers)
{
	table_init(&answers->table);
	answers->first = NULL;
	answers->behind = &answers->first;
}

void answers_free(struct answers *answers)
{
	for (struct answer *answer = answers->first, *next; answer; answer = next) {
		next = answer->next;
		free(answer);
	}
	table_free(&answers->table);
}

static struct sessionlint_text line_key(const uint64_t *line)
{
	return text_of((const char *)line, sizeof *line);
}

/* Copies @text to *@room, which goes on behind it. */
static struct sessionlint_text text_keep(struct sessionlint_text text, char **room)
{
	char *copy = *room;

	if (!text.data)
		return text;
	memcpy(copy, text.data, text.size);
	*room += text.size;
	return text_of(copy, text.size);
}

int answers_add(struct answers *answers, const struct record *record)
{
	struct sessionlint_text reason = record->allowance->reason;
	struct answer *answer = malloc(sizeof *answer + record->host.size + reason.size);
	char *room;
	int r;

	if (!answer)
		return -ENOMEM;
	*answer = (struct answer) {
		.line = record->line,
		.offset = record->offset,
		.time = record->time,
		.rules = record->allowance->rules,
	};
	room = answer->texts;
	answer->host = text_keep(record->host, &room);
	answer->reason = text_keep(reason, &room);
	r = table_add(&answers->table, &answer->entry, line_key(&answer->line));
	if (r < 0) {
		free(answer);
		return r;
	}
	*answers->behind = answer;
	answers->behind = &answer->next;
	return 0;
}

void answers_apply(const struct answers *answers, struct sessionlint_finding *finding)
{
	uint64_t rule = (uint64_t)1 << finding->rule;
	struct answer *answer;

	if (!answers->first)
		return;
	answer = (struct answer *)table_find(&answers->table, line_key(&finding->line));
	if (!answer || !(answer->rules & rule))
		return;
	answer->used |= rule;
	finding->suppression = SESSIONLINT_SUPPRESSION_TRACE;
	finding->reason = answer->reason;
}

/* The names of @rules; the text lives until a finding has been reported. */
static const char *rules_text(struct checker *checker, uint64_t rules)
{
	struct sessionlint_text text = text_from("");

	for (unsigned rule = 0; rule < SESSIONLINT_RULES; rule++)
		if (rules >> rule & 1)
			text = arena_format(&checker->arena, "%s%s%s", text.data ? text.data : "",
					    text.size ? ", " : "",
					    sessionlint_rule_info(rule)->name);
	return text.data ? text.data : "";
}

static int answer_report_unused(struct checker *checker, const struct answer *answer)
{
	struct record record = {
		.kind = RECORD_NOTED,
		.line = answer->line,
		.offset = answer->offset,
		.time = answer->time,
		.event = SESSIONLINT_NO_EVENT,
		.host = answer->host,
	};
	struct subject subject = { .checker = checker, .record = &record };
	uint64_t unused = answer->rules & ~answer->used;

	/* whether a rule that is off would have been broken is not known */
	for (unsigned rule = 0; rule < SESSIONLINT_RULES; rule++)
		if (checker->options.severities[rule] == SESSIONLINT_SEVERITY_OFF)
			unused &= ~((uint64_t)1 << rule);
	if (!unused)
		return 0;
	return report(&subject, SESSIONLINT_RULE_UNUSED_SUPPRESSION, NO_PARTICULARS,
		      "allow names %s, but no such finding is about this record",
		      rules_text(checker, unused));
}

int answers_end(struct checker *checker)
{
	struct answers *answers = &checker->answers;
	int r = 0;

	for (const struct answer *answer = answers->first; answer && r == 0; answer = answer->next)
		r = answer_report_unused(checker, answer);
	answers_free(answers);
	answers_init(answers);
	return r;
}
