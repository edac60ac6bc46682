/* SPDX-License-Identifier: MIT */
/* A document in a value of a template instance uses the same template, with values of other sizes.
 */
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "trace/evtx/binary_xml.h"

#define DEFINITION 512U
#define DOCUMENT   640U

/* Identifier 7; a fragment of two values, which may be documents. */
static const unsigned char definition[] = {
	[4] = 7, [20] = 13, [24] = 0x0f, 1, 1, 0, 0x0d, 0, 0, 0x21, 0x0d, 1, 0, 0x21, 0,
};

/* The outer instance, whose first value is the inner one. */
static const unsigned char document[] = {
	0x0c,     1, 7,        0,   0,   0,   0,        2,   0,    0,   2,        0,  0, 0,
	28,       0, EVTX_XML, 0,   4,   0,   EVTX_U32, 0,   0x0c, 1,   7,        0,  0, 0,
	0,        2, 0,        0,   2,   0,   0,        0,   4,    0,   EVTX_U32, 0,  2, 0,
	EVTX_U16, 0, 'a',      'b', 'c', 'd', 'e',      'f', 'w',  'x', 'y',      'z'
};

struct seen {
	unsigned count;
	uint32_t sizes[4];
	char last[4];
};

static int see(void *userdata, const struct evtx_chunk *chunk, const struct evtx_piece *piece,
	       const struct evtx_value *value)
{
	struct seen *seen = userdata;

	(void)chunk;
	(void)piece;
	if (seen->count < 4)
		seen->sizes[seen->count] = value->size;
	seen->count++;
	if (value->size == 4)
		memcpy(seen->last, value->bytes, 4);
	return 0;
}

int main(void)
{
	static const uint32_t sizes[] = { 28, 4, 2, 4 };
	unsigned char *bytes = calloc(1, EVTX_CHUNK_SIZE);
	struct evtx_chunk *chunk = calloc(1, sizeof *chunk);

	if (!bytes || !chunk)
		return 1;
	memcpy(bytes + DEFINITION, definition, sizeof definition);
	memcpy(bytes + DOCUMENT, document, sizeof document);
	evtx_chunk_begin(chunk, bytes, EVTX_CHUNK_SIZE);
	for (unsigned i = 1; i <= 2; i++) {
		struct seen seen = { 0 };
		const char *reason = "";
		uint64_t work = chunk->work;
		int r = evtx_document_visit(chunk, DOCUMENT, DOCUMENT + sizeof document, see, &seen,
					    &reason);

		tap_ok(r == 0 && seen.count == 4 && memcmp(seen.sizes, sizes, sizeof sizes) == 0,
		       "time %u: two values, in each of them (%s)", i, reason);
		tap_ok(memcmp(seen.last, "wxyz", 4) == 0,
		       "time %u: the last value is that of the outer instance", i);
		tap_ok(chunk->work - work < 64 + (i == 1 ? 128 : 0),
		       "time %u: the template is walked once", i);
	}
	evtx_chunk_free(chunk);
	free(chunk);
	free(bytes);
	return tap_done();
}
