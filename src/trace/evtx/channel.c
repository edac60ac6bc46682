/* SPDX-License-Identifier: MIT */
#include "trace/evtx/channel.h"

#include <errno.h>
#include <stdlib.h>

#include "base/text.h"
#include "trace/evtx/value.h"

/* Size of a name: Windows allows 255 characters. */
#define CHANNEL_MAX 512U

struct channel_visit {
	struct arena *arena;
	struct sessionlint_text channel;
};

static int channel_piece(void *userdata, const struct evtx_chunk *chunk,
			 const struct evtx_piece *piece, const struct evtx_value *value)
{
	struct channel_visit *visit = userdata;

	(void)chunk;
	if (piece->field != WINDOWS_CHANNEL)
		return 0;
	if (value->size <= CHANNEL_MAX)
		visit->channel = value_text(value, visit->arena);
	return 1;
}

int evtx_channels_begin(struct evtx_channels *channels, const struct evtx_span *span,
			const unsigned char *bytes, struct arena *arena)
{
	channels->chunk = calloc(1, sizeof *channels->chunk);
	channels->arena = arena;
	if (!channels->chunk)
		return -ENOMEM;
	evtx_chunk_begin(channels->chunk, bytes, span->size);
	return 0;
}

void evtx_channels_end(struct evtx_channels *channels)
{
	evtx_chunk_free(channels->chunk);
	free(channels->chunk);
}

int evtx_channel_read(struct evtx_channels *channels, uint32_t offset,
		      struct sessionlint_text *ret_channel)
{
	struct evtx_record record = evtx_record_take(channels->chunk->bytes, offset, 0);
	struct channel_visit visit = { .arena = channels->arena };
	const char *reason;
	int r = evtx_document_visit(channels->chunk, offset + 24, offset + record.size - 4,
				    channel_piece, &visit, &reason);

	if (r == -ENOMEM)
		return r;
	*ret_channel = visit.channel;
	return 0;
}

int evtx_channel_of_file(const char *path, struct arena *arena,
			 struct sessionlint_text *ret_channel)
{
	static const char suffix[] = ".evtx";
	const size_t suffix_size = sizeof suffix - 1;
	const char *name = path ? path : "";
	struct sessionlint_text stem;
	char *channel;
	size_t size = 0;

	for (const char *at = name; *at; at++)
		if (*at == '/' || *at == '\\')
			name = at + 1;
	stem = text_from(name);
	*ret_channel = text_of(NULL, 0);
	if (stem.size <= suffix_size || !text_is(text_from(name + stem.size - suffix_size), suffix))
		return 0;
	stem.size -= suffix_size;
	channel = arena_allocate(arena, stem.size);
	if (!channel)
		return -ENOMEM;
	for (size_t i = 0; i < stem.size; i++) {
		/* Windows writes the slash of a channel like that */
		bool slash = stem.data[i] == '%' && i + 1 < stem.size && stem.data[i + 1] == '4';

		channel[size++] = slash ? '/' : stem.data[i];
		i += slash;
	}
	*ret_channel = text_of(channel, size);
	return 0;
}

bool evtx_channel_equal(struct sessionlint_text a, struct sessionlint_text b)
{
	size_t i = 0;

	/* Windows ignores the case of names */
	while (i < a.size && i < b.size && ascii_lower(a.data[i]) == ascii_lower(b.data[i]))
		i++;
	return a.size > 0 && i == a.size && i == b.size;
}
