/* SPDX-License-Identifier: MIT */
#include "trace/reader_digest.h"

#include <string.h>

#include "trace/reader.h"

#define STEP ((size_t)16 << 10)

/* Whether the log is not read from its beginning to its end, once. */
static bool is_read_out_of_order(const struct reader *reader)
{
	return reader->seekable && (reader->format->windows_log || reader->options.reverse);
}

/* Hashes all of a log that can be read at any offset. An error of reading. */
static int hash_whole(struct reader *reader, struct sha256 *ret_hash)
{
	unsigned char bytes[STEP];
	ssize_t got;

	sha256_init(ret_hash);
	while ((got = log_bytes_read(&reader->log, bytes, STEP, STEP,
				     reader->begin + ret_hash->size)) > 0)
		sha256_update(ret_hash, bytes, (size_t)got);
	return (int)got;
}

int reader_digest_begin(struct reader *reader)
{
	struct reader_digest *digest = &reader->digest;
	struct sha256 hash;
	int r;

	digest->wanted = reader->options.digest;
	sha256_init(&digest->passed);
	if (!digest->wanted || !is_read_out_of_order(reader) || !reader->format->windows_log)
		return 0;
	r = hash_whole(reader, &hash);
	if (r == 0)
		sha256_end(&hash, digest->before);
	return r;
}

void reader_digest_pass(struct reader *reader, const void *bytes, size_t size)
{
	if (!reader->digest.wanted)
		return;
	if (size > 0)
		sha256_update(&reader->digest.passed, bytes, size);
	else
		reader->digest.at_end = true;
}

enum digest_state reader_digest_end(struct reader *reader, char ret_hex[SHA256_HEX_SIZE],
				    uint64_t *ret_size)
{
	struct reader_digest *digest = &reader->digest;
	struct sha256 again;
	unsigned char after[SHA256_SIZE];

	if (!digest->wanted)
		return DIGEST_UNKNOWN;
	*ret_size = digest->passed.size;
	if (digest->at_end)
		sha256_end(&digest->passed, digest->before);
	else if (!is_read_out_of_order(reader) || !reader->format->windows_log)
		return DIGEST_UNKNOWN;
	sha256_hex(digest->before, ret_hex);
	if (!is_read_out_of_order(reader))
		return DIGEST_WHOLE;
	if (hash_whole(reader, &again) < 0)
		return DIGEST_UNKNOWN;
	*ret_size = again.size;
	sha256_end(&again, after);
	return memcmp(digest->before, after, sizeof after) == 0 ? DIGEST_WHOLE : DIGEST_CHANGED;
}
