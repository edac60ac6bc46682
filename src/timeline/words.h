/* SPDX-License-Identifier: MIT */
/* What several formats of a timeline write in the same way. */
#ifndef TIMELINE_WORDS_H
#define TIMELINE_WORDS_H

#include "base/json_writer.h"
#include "timeline/timeline.h"

#define TIMELINE_SECONDS_SIZE 32

/* A duration in seconds, with up to 7 decimals. */
const char *timeline_seconds(uint64_t duration, char room[TIMELINE_SECONDS_SIZE]);

/* Members in JSON; null if there is none. */
void timeline_member_time(struct json_writer *json, const char *key, uint64_t time);
void timeline_member_boot(struct json_writer *json, struct sessionlint_text boot, uint64_t ordinal);
void timeline_member_rules(struct json_writer *json, const struct timeline_rules *rules);

/* The members of a row in JSON, but for the witnesses. */
void timeline_write_members(struct json_writer *json, const struct timeline_row *row);

#endif
