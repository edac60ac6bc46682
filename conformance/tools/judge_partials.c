/* SPDX-License-Identifier: MIT */
/*
 * Judges a log by partials of its stretches, for the tests in which calls fail:
 *
 *	judge_partials whole|condensed FILE
 *
 * The lines of FILE are fed to three partials, which are saved, loaded, merged, handed over one by
 * one, and finished. Prints findings and totals. Status: 0; 1 with a finding; 2: -ENOMEM and the
 * like, with a message.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sessionlint.h>

#define STRETCHES 3
#define LINE_SIZE 1024
#define PAIRS     16

struct log {
	struct sessionlint *run;
	struct sessionlint_partial *partials[STRETCHES];
	unsigned findings;
};

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct log *log = userdata;

	log->findings++;
	printf("%s:%llu: %s: %.*s\n", finding->file, (unsigned long long)finding->line,
	       sessionlint_rule_info(finding->rule)->name, (int)finding->message.size,
	       finding->message.data);
	return 0;
}

/* Feeds a line without quotes as pairs. */
static int feed_pairs(struct sessionlint_partial *partial, char *line)
{
	struct sessionlint_pair pairs[PAIRS];
	size_t count = 0;

	for (char *word = strtok(line, " "); word && count < PAIRS; word = strtok(NULL, " ")) {
		char *value = strchr(word, '=');

		if (!value)
			return -EINVAL;
		*value++ = '\0';
		pairs[count].key = word;
		pairs[count++].value = (struct sessionlint_text) { value, strlen(value) };
	}
	return sessionlint_partial_feed(partial, pairs, count);
}

static int feed_one(struct sessionlint_partial *partial, char *line, bool as_pairs)
{
	size_t size = strcspn(line, "\n");

	line[size] = '\0';
	if (as_pairs && !strchr(line, '"'))
		return feed_pairs(partial, line);
	return sessionlint_partial_feed_line(partial, line, size);
}

/* Feeds the lines of the file, a third of them to each partial; some as pairs. */
static int feed(struct log *log, FILE *file)
{
	char line[LINE_SIZE];
	unsigned lines = 0;
	int r = 0;

	while (fgets(line, sizeof line, file))
		lines++;
	if (ferror(file))
		return -EIO;
	rewind(file);
	for (unsigned i = 0; r == 0 && fgets(line, sizeof line, file); i++)
		if (line[0] != '#')
			r = feed_one(log->partials[i * STRETCHES / lines], line, i % 3 == 1);
	return r;
}

/* Replaces a partial by what its bytes are loaded as. */
static int reload(struct sessionlint_partial **partial)
{
	struct sessionlint_partial *loaded;
	const void *data;
	size_t size;
	int r = sessionlint_partial_save(*partial, &data, &size);

	if (r == 0)
		r = sessionlint_partial_load(data, size, &loaded);
	if (r < 0)
		return r;
	sessionlint_partial_free(*partial);
	*partial = loaded;
	return 0;
}

/* The log as one partial. */
static int finish(struct log *log)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < STRETCHES; i++)
		r = reload(&log->partials[i]);
	for (unsigned i = 1; r == 0 && i < STRETCHES; i++)
		r = sessionlint_partial_merge(log->partials[0], log->partials[i]);
	if (r == 0)
		r = reload(&log->partials[0]);
	return r == 0 ? sessionlint_partial_finish(log->partials[0], log->run, "merged") : r;
}

/* The log as partials that are handed over one by one. */
static int hand_over(struct log *log)
{
	int r = sessionlint_feed_begin(log->run, "one by one"), ended;

	if (r < 0)
		return r;
	for (unsigned i = 1; r == 0 && i < STRETCHES; i++)
		r = sessionlint_feed_partial(log->run, log->partials[i]);
	ended = sessionlint_feed_end(log->run);
	return r < 0 ? r : ended;
}

static int judge(struct log *log, enum sessionlint_partial_kind kind, FILE *file)
{
	int r = sessionlint_new(&log->run);

	if (r == 0)
		r = sessionlint_set_report(log->run, on_finding, log);
	for (unsigned i = 0; r == 0 && i < STRETCHES; i++)
		r = sessionlint_partial_new(log->run, kind, &log->partials[i]);
	if (r == 0)
		r = feed(log, file);
	if (r == 0)
		r = hand_over(log);
	if (r == 0)
		r = finish(log);
	for (unsigned i = 0; r == 0 && sessionlint_total_name(i); i++)
		printf("%s: %llu\n", sessionlint_total_name(i),
		       (unsigned long long)sessionlint_total(log->run, i));
	return r;
}

int main(int count, char **arguments)
{
	bool condensed = count == 3 && strcmp(arguments[1], "condensed") == 0;
	FILE *file = count == 3 ? fopen(arguments[2], "r") : NULL;
	struct log log = { .findings = 0 };
	int r;

	if (!file) {
		fputs("sessionlint: usage: judge_partials whole|condensed FILE\n", stderr);
		return 2;
	}
	r = judge(&log, condensed ? SESSIONLINT_PARTIAL_CONDENSED : SESSIONLINT_PARTIAL_WHOLE,
		  file);
	if (r == 0 && (ferror(file) || fflush(stdout) != 0 || ferror(stdout)))
		r = -EIO;
	for (unsigned i = 0; i < STRETCHES; i++)
		sessionlint_partial_free(log.partials[i]);
	sessionlint_free(log.run);
	fclose(file);
	if (r < 0) {
		fprintf(stderr, "sessionlint: %s\n", strerror(-r));
		return 2;
	}
	return log.findings > 0;
}
