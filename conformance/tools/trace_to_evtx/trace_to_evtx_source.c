/* SPDX-License-Identifier: MIT */
#include "trace_to_evtx.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum {
	FIRST_LINE_SIZE = 4096,
};

int trace_source_open(struct trace_source *source, const char *path)
{
	source->path = path;
	source->line_number = 0;
	source->position = 0;
	source->file = NULL;
	if (!path)
		return 0;
	source->file = fopen(path, "rb");
	return source->file ? 0 : -errno;
}

int trace_source_rewind(struct trace_source *source)
{
	source->line_number = 0;
	source->position = 0;
	if (source->file && fseek(source->file, 0, SEEK_SET) != 0)
		return -errno;
	return 0;
}

void trace_source_close(struct trace_source *source)
{
	if (source->file)
		fclose(source->file);
	free(source->line);
}

static int grow_line(struct trace_source *source)
{
	size_t size = source->line_size ? 2 * source->line_size : FIRST_LINE_SIZE;
	char *line = realloc(source->line, size);

	if (!line)
		return -ENOMEM;
	source->line = line;
	source->line_size = size;
	return 0;
}

/* Reads one line of any length, without its line end. */
static int read_line(struct trace_source *source)
{
	size_t length = 0;

	for (;;) {
		if (length + 2 > source->line_size && grow_line(source))
			return -ENOMEM;
		if (!fgets(source->line + length, (int)(source->line_size - length),
			   source->file)) {
			if (ferror(source->file))
				return -EIO;
			if (length == 0)
				return -ENODATA;
			break;
		}
		length += strlen(source->line + length);
		if (length > 0 && source->line[length - 1] == '\n')
			break;
	}

	while (length > 0 && (source->line[length - 1] == '\n' || source->line[length - 1] == '\r'))
		length--;
	source->line[length] = '\0';
	source->line_number++;
	return 0;
}

/*
 * Every host boots; then all its sessions log on, one event a session, all disconnect, and so
 * on: a checker has to keep all sessions of a host at once.
 */
static int generate(struct trace_source *source, struct trace_event *ret_event)
{
	static const enum trace_kind life[] = { TRACE_LOGON, TRACE_DISCONNECTED, TRACE_CONNECTED,
						TRACE_LOGOFF, TRACE_DISCONNECTED };
	/* 2026-01-01T00:00:00Z */
	const uint64_t start = UINT64_C(134116992000000000);
	uint64_t share = (source->events + source->hosts - 1) / source->hosts;
	uint64_t host = source->position / share;
	uint64_t step = source->position % share;
	struct trace_event event = { .reason = TRACE_NO_REASON, .kind = TRACE_BOOT };

	if (source->position == source->events)
		return -ENODATA;

	event.time = start + source->position * 100000;
	snprintf(source->texts[0], sizeof(source->texts[0]), "VDI-%03" PRIu64, host + 1);
	event.host = source->texts[0];
	if (step > 0) {
		uint64_t turn = (step - 1) / source->sessions;
		uint64_t session = (step - 1) % source->sessions + 1;

		event.kind = life[turn % (sizeof(life) / sizeof(life[0]))];
		event.session = (uint32_t)session;
		snprintf(source->texts[1], sizeof(source->texts[1]), "CONTOSO\\user%" PRIu64,
			 session);
		snprintf(source->texts[2], sizeof(source->texts[2]),
			 "10.%" PRIu64 ".%" PRIu64 ".%" PRIu64, session >> 16 & 0xff,
			 session >> 8 & 0xff, session & 0xff);
		event.user = source->texts[1];
		event.address = source->texts[2];
	}
	source->position++;
	*ret_event = event;
	return 0;
}

int trace_source_next(struct trace_source *source, struct trace_event *ret_event)
{
	int error;

	if (!source->file)
		return generate(source, ret_event);
	do {
		error = read_line(source);
		if (error)
			return error;
	} while (trace_line_is_empty(source->line));
	return trace_line_parse(source->line, ret_event, &source->message);
}
