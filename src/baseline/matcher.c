/* SPDX-License-Identifier: MIT */
#include "baseline/matcher.h"

#include <errno.h>

#include "check/run.h"

void matcher_init(struct matcher *matcher)
{
	*matcher = (struct matcher) { .entry = NULL };
	baseline_init(&matcher->baseline);
	fingerprints_init(&matcher->fingerprints);
	table_init(&matcher->logs);
}

void matcher_free(struct matcher *matcher)
{
	baseline_free(&matcher->baseline);
	fingerprints_free(&matcher->fingerprints);
	table_free(&matcher->logs);
	arena_free(&matcher->arena);
}

/* Finds the entry of a finding; equal findings are numbered in order. */
static int on_finding(void *userdata, struct sessionlint_finding *finding, bool suppressible)
{
	struct matcher *matcher = userdata;
	int r = fingerprint_next(&matcher->fingerprints, finding, matcher->fingerprint);

	if (r < 0)
		return r;
	matcher->entry = baseline_find(&matcher->baseline, text_from(matcher->fingerprint));
	if (!matcher->entry)
		return 0;
	matcher->entry->matched = true;
	if (!suppressible || matcher->entry->expired)
		return 0;
	finding->suppression = SESSIONLINT_SUPPRESSION_BASELINE;
	finding->reason = matcher->entry->reason;
	return 0;
}

/* ---- logs ---- */

/* Logs of the same name; they share their entries. */
struct log_name {
	struct table_entry entry;
	bool whole; /* whether all were read in full */
};

static struct log_name *add_name(struct matcher *matcher, struct sessionlint_text name)
{
	struct log_name *known = arena_allocate(&matcher->arena, sizeof *known);
	char *key = arena_allocate(&matcher->arena, name.size + 1);

	if (!known || !key)
		return NULL;
	*known = (struct log_name) { .whole = true };
	memcpy(key, name.data, name.size);
	return table_add(&matcher->logs, &known->entry, text_of(key, name.size)) < 0 ? NULL : known;
}

static int on_log(void *userdata, const char *path, bool whole)
{
	struct matcher *matcher = userdata;
	struct sessionlint_text name = fingerprint_log(path);
	struct log_name *known = (void *)table_find(&matcher->logs, name);

	if (!known)
		known = add_name(matcher, name);
	if (!known)
		return -ENOMEM;
	known->whole &= whole;
	return 0;
}

void matcher_attach(struct matcher *matcher, struct sessionlint *run)
{
	run_set_follower(run, &(struct run_follower) {
				      .finding = on_finding,
				      .log = on_log,
				      .userdata = matcher,
			      });
}

static bool is_whole(const struct matcher *matcher, struct sessionlint_text name)
{
	const struct log_name *known = (void *)table_find(&matcher->logs, name);

	return known && known->whole;
}

static bool is_off(const struct baseline_entry *entry, const struct sessionlint *run)
{
	enum sessionlint_rule rule;

	return sessionlint_rule_parse(entry->rule.data, entry->rule.size, &rule) == 0 &&
	       sessionlint_rule_severity(run, rule) == SESSIONLINT_SEVERITY_OFF;
}

bool matcher_is_stale(const struct matcher *matcher, const struct baseline_entry *entry,
		      const struct sessionlint *run)
{
	return !entry->matched && is_whole(matcher, entry->log) && !is_off(entry, run);
}
