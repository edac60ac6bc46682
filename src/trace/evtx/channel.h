/* SPDX-License-Identifier: MIT */
/* The channel of the records of a chunk. */
#ifndef TRACE_EVTX_CHANNEL_H
#define TRACE_EVTX_CHANNEL_H

#include "trace/evtx/file.h"

/* Reads the channels of records in one chunk. */
struct evtx_channels {
	struct evtx_chunk *chunk;
	struct arena *arena;
};

/* Names of channels are in @arena. -ENOMEM; then there is nothing to end. */
int evtx_channels_begin(struct evtx_channels *channels, const struct evtx_span *span,
			const unsigned char *bytes, struct arena *arena);
void evtx_channels_end(struct evtx_channels *channels);

/* The channel of the record at @offset, where evtx_record_is_at(); no data if it has none.
 * -ENOMEM. */
int evtx_channel_read(struct evtx_channels *channels, uint32_t offset,
		      struct sessionlint_text *ret_channel);

/* The channel whose log Windows keeps in a file of that name; no data if there is none. -ENOMEM. */
int evtx_channel_of_file(const char *path, struct arena *arena,
			 struct sessionlint_text *ret_channel);

/* Whether both are known and the same. */
bool evtx_channel_equal(struct sessionlint_text a, struct sessionlint_text b);

#endif
