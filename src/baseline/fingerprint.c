/* SPDX-License-Identifier: MIT */
#include "baseline/fingerprint.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fold.h"
#include "base/number.h"
#include "sessionlint.h"

struct fingerprint_entry {
	struct table_entry entry;
	struct fingerprint_entry *next;
	uint64_t hash, count;
};

void fingerprints_init(struct fingerprints *fingerprints)
{
	*fingerprints = (struct fingerprints) { 0 };
	table_init(&fingerprints->seen);
}

void fingerprints_free(struct fingerprints *fingerprints)
{
	struct fingerprint_entry *entry = fingerprints->entries;

	while (entry) {
		struct fingerprint_entry *next = entry->next;

		free(entry);
		entry = next;
	}
	table_free(&fingerprints->seen);
	*fingerprints = (struct fingerprints) { 0 };
}

/* FNV-1a, 64 bits. Baselines contain it, so it must never change. */
static uint64_t hash_bytes(uint64_t hash, const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)data[i]) * UINT64_C(0x100000001b3);
	return hash;
}

static uint64_t hash_number(uint64_t hash, uint64_t number)
{
	char bytes[8];

	for (unsigned i = 0; i < sizeof bytes; i++)
		bytes[i] = (char)(number >> 8 * i);
	return hash_bytes(hash, bytes, sizeof bytes);
}

static uint64_t hash_text(uint64_t hash, struct sessionlint_text text)
{
	return hash_bytes(hash_number(hash, text.size), text.data, text.size);
}

/* Windows writes names of computers in capitals, but not always: they are hashed in capitals. */
static uint64_t hash_host(uint64_t hash, struct sessionlint_text host)
{
	hash = hash_number(hash, host.size);
	for (size_t at = 0; at < host.size;) {
		char letter[4];
		size_t size = text_fold_at(host, at, letter);

		if (letter[0] >= 'a' && letter[0] <= 'z')
			letter[0] = (char)(letter[0] - 'a' + 'A');
		hash = hash_bytes(hash, letter, size);
		at += size;
	}
	return hash;
}

bool fingerprint_valid(struct sessionlint_text text)
{
	uint64_t number;

	for (unsigned i = 0; i < 16; i++)
		if (text.size <= i || !memchr("0123456789abcdef", text.data[i], 16))
			return false;
	return text.size > 17 && text.data[16] == ':' && text.data[17] != '0' &&
	       decimal_parse(text_of(text.data + 17, text.size - 17), INT64_MAX, &number) == 0;
}

struct sessionlint_text fingerprint_log(const char *path)
{
	const char *name = path;

	/* a log has the same fingerprint on all systems, so all of them accept all separators */
	for (; *path; path++)
		if (*path == '/' || *path == '\\')
			name = path + 1;
	return text_from(name);
}

static uint64_t hash_finding(const struct sessionlint_finding *finding)
{
	uint64_t hash = UINT64_C(0xcbf29ce484222325);

	hash = hash_text(hash, text_from(sessionlint_rule_info(finding->rule)->name));
	hash = hash_text(hash, fingerprint_log(finding->file));
	hash = hash_host(hash, finding->host);
	hash = hash_text(hash, finding->driver);
	hash = hash_number(hash, finding->has_session);
	if (!finding->has_session)
		return hash;
	hash = hash_number(hash, finding->session);
	hash = hash_number(hash, finding->belief);
	hash = hash_number(hash, finding->event);
	return hash_number(hash, finding->observed);
}

static struct fingerprint_entry *find_or_add(struct fingerprints *fingerprints, uint64_t hash)
{
	struct sessionlint_text key = text_of((const char *)&hash, sizeof hash);
	struct fingerprint_entry *entry = (void *)table_find(&fingerprints->seen, key);

	if (entry)
		return entry;
	entry = calloc(1, sizeof *entry);
	if (!entry)
		return NULL;
	entry->hash = hash;
	key.data = (const char *)&entry->hash;
	if (table_add(&fingerprints->seen, &entry->entry, key) < 0) {
		free(entry);
		return NULL;
	}
	entry->next = fingerprints->entries;
	fingerprints->entries = entry;
	return entry;
}

int fingerprint_next(struct fingerprints *fingerprints, const struct sessionlint_finding *finding,
		     char text[FINGERPRINT_SIZE])
{
	struct fingerprint_entry *entry = find_or_add(fingerprints, hash_finding(finding));

	if (!entry)
		return -ENOMEM;
	entry->count++;
	snprintf(text, FINGERPRINT_SIZE, "%016" PRIx64 ":%" PRIu64, entry->hash, entry->count);
	return 0;
}
