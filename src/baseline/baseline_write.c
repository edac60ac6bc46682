/* SPDX-License-Identifier: MIT */
#include "base/escape.h"
#include "base/json_writer.h"
#include "base/utf.h"
#include "baseline/baseline.h"
#include "check/subject.h"

/* For people to read; the fingerprint identifies the finding. */
#define CLIP_SUBJECT 200
#define CLIP_MESSAGE 400

static void write_subject(FILE *file, struct sessionlint_text text)
{
	escape_json(file, text_clipped(text, CLIP_SUBJECT));
}

static void write_entry(struct json_writer *json, const struct baseline_entry *entry)
{
	json_line(json, "\n");
	json_open(json, '{');
	json_member_text(json, "fingerprint", entry->by_fingerprint.key);
	json_member_text(json, "rule", entry->rule);
	json_member_text(json, "log", entry->log);
	if (entry->finding) {
		json_key(json, "subject");
		subject_write_session(json_string_begin(json), entry->finding, write_subject);
		json_string_end(json);
		json_member_text(json, "message",
				 text_clipped(entry->finding->message, CLIP_MESSAGE));
	} else {
		json_member_text(json, "subject", entry->subject);
		json_member_text(json, "message", entry->message);
	}
	json_member_text(json, "reason", entry->reason);
	if (entry->expires.size > 0)
		json_member_text(json, "expires", entry->expires);
	json_close(json);
}

void baseline_write(FILE *file, struct baseline *baseline)
{
	struct json_writer json;

	baseline_sort(baseline);
	json_writer_init(&json, file, NULL);
	json_open(&json, '{');
	json_member_string(&json, "baseline", "sessionlint");
	json_member_number(&json, "version", BASELINE_VERSION);
	json_member_open(&json, "entries", '[');
	for (size_t i = 0; i < baseline->count; i++)
		if (!baseline->entries[i]->dropped)
			write_entry(&json, baseline->entries[i]);
	json_line(&json, "\n");
	json_finish(&json);
}
