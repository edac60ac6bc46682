/* SPDX-License-Identifier: MIT */
#include "trace/evtx/survey.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/evtx/fields.h"
#include "trace/evtx/group.h"

struct evtx_computer {
	struct table_entry entry;
	struct evtx_computer *next;
	uint64_t key;
};

void evtx_boots_init(struct evtx_boots *boots)
{
	*boots = (struct evtx_boots) { 0 };
	table_init(&boots->table);
}

void evtx_boots_free(struct evtx_boots *boots)
{
	while (boots->first) {
		struct evtx_computer *computer = boots->first;

		boots->first = computer->next;
		free(computer);
	}
	table_free(&boots->table);
}

bool evtx_boots_has(const struct evtx_boots *boots, uint64_t computer)
{
	return table_find(&boots->table, table_number(&computer)) != NULL;
}

static int boots_add(struct evtx_boots *boots, uint64_t key)
{
	struct evtx_computer *computer;

	if (evtx_boots_has(boots, key))
		return 0;
	computer = calloc(1, sizeof *computer);
	if (!computer)
		return -ENOMEM;
	computer->key = key;
	if (table_add(&boots->table, &computer->entry, table_number(&computer->key)) < 0) {
		free(computer);
		return -ENOMEM;
	}
	computer->next = boots->first;
	boots->first = computer;
	return 0;
}

struct survey {
	struct evtx_boots *boots;
	struct evtx_streams *streams;
	uint64_t ordinal;
};

static int survey_record(struct survey *survey, struct evtx_group *group,
			 const struct evtx_record *source)
{
	struct collect collect = { .arena = &group->arena, .whole = survey->streams != NULL };
	struct evtx_stream *stream;
	const char *reason;
	int r = collect_visit(&collect, &group->chunks[source->buffer], source, &reason);

	if (r < 0)
		return r == -ENOMEM ? r : 0;
	if (windows_boots(collect.event.provider, collect.event.id))
		r = boots_add(survey->boots, collect_computer(&collect));
	if (r < 0 || !survey->streams || !collect.own_id || source->doubtful)
		return r;
	r = evtx_streams_find(survey->streams, collect_computer(&collect),
			      collect_channel(&collect), &stream);
	return r < 0 ? r
		     : evtx_stream_survey(stream, survey->ordinal,
					  (struct evtx_id) { collect.own_id, collect.time });
}

int evtx_survey(struct evtx_file *file, struct evtx_boots *boots, struct evtx_streams *streams)
{
	struct survey survey = { .boots = boots, .streams = streams };
	struct evtx_group group = { 0 };
	int r = 0;

	for (size_t span = 0; r == 0 && span < file->span_count; span += group.count) {
		r = evtx_group_read(&group, file, span);
		for (size_t i = 0; r == 0 && i < group.records.count; i++) {
			survey.ordinal++;
			arena_reset(&group.arena);
			if (group.records.records[i].size > 0)
				r = survey_record(&survey, &group, &group.records.records[i]);
		}
	}
	evtx_group_free(&group);
	for (struct evtx_stream *stream = streams ? streams->first : NULL; stream;
	     stream = stream->next)
		evtx_stream_surveyed(stream);
	return r;
}
