/* SPDX-License-Identifier: MIT */
#include "baseline/fingerprint.h"

#include <errno.h>
#include <stdlib.h>

#include "base/fold.h"
#include "base/hash.h"
#include "base/number.h"
#include "base/seed.h"
#include "sessionlint.h"

#define BITS_MIN    6U
#define HASH_DIGITS 16U

/* How often a fingerprint occurred; never: the slot is free. */
struct fingerprint_slot {
	uint64_t hash, count;
};

void fingerprints_init(struct fingerprints *fingerprints)
{
	*fingerprints = (struct fingerprints) { .seed = random_seed(),
						.factor = random_seed() | 1 };
}

void fingerprints_free(struct fingerprints *fingerprints)
{
	free(fingerprints->slots);
	*fingerprints = (struct fingerprints) { 0 };
}

#define FNV_PRIME   UINT64_C(0x100000001b3)
#define FNV_POWER_3 (FNV_PRIME * FNV_PRIME * FNV_PRIME)

/* FNV-1a, 64 bits. Baselines contain it, so it must never change. */
static uint64_t hash_bytes(uint64_t hash, const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (unsigned char)data[i]) * FNV_PRIME;
	return hash;
}

static uint64_t hash_number(uint64_t hash, uint64_t number)
{
	/* most are small: seven bytes of 0 are a product */
	static const uint64_t seven = FNV_POWER_3 * FNV_POWER_3 * FNV_PRIME;

	hash = (hash ^ (number & 0xff)) * FNV_PRIME;
	if (number <= 0xff)
		return hash * seven;
	for (unsigned i = 1; i < sizeof number; i++)
		hash = (hash ^ (number >> 8 * i & 0xff)) * FNV_PRIME;
	return hash;
}

static uint64_t hash_sized(uint64_t hash, struct sessionlint_text text)
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

	hash = hash_sized(hash, text_from(sessionlint_rule_info(finding->rule)->name));
	hash = hash_sized(hash, fingerprint_log(finding->file));
	hash = hash_host(hash, finding->host);
	hash = hash_sized(hash, finding->driver);
	hash = hash_number(hash, finding->has_session);
	if (!finding->has_session)
		return hash;
	hash = hash_number(hash, finding->session);
	hash = hash_number(hash, finding->belief);
	hash = hash_number(hash, finding->event);
	return hash_number(hash, finding->observed);
}

static size_t slot_count(const struct fingerprints *fingerprints)
{
	return fingerprints->bits ? (size_t)1 << fingerprints->bits : 0;
}

/*
 * The slot of @hash, or the free one that it goes to. Whoever makes up findings can choose their
 * hashes, but not their slots. The upper bits decide, so that slots keep their order as they
 * become more.
 */
static struct fingerprint_slot *find_slot(const struct fingerprints *fingerprints, uint64_t hash)
{
	size_t mask = slot_count(fingerprints) - 1;
	size_t at = (size_t)(hash_fold(hash ^ fingerprints->seed, fingerprints->factor) >>
			     (64 - fingerprints->bits));

	while (fingerprints->slots[at].count && fingerprints->slots[at].hash != hash)
		at = (at + 1) & mask;
	return &fingerprints->slots[at];
}

/* Doubles the slots when half of them are filled. */
static int slots_grow(struct fingerprints *fingerprints)
{
	struct fingerprints grown = *fingerprints;
	size_t count = slot_count(fingerprints);

	if (fingerprints->count < count / 2)
		return 0;
	grown.bits = count ? grown.bits + 1 : BITS_MIN;
	grown.slots = calloc(slot_count(&grown), sizeof *grown.slots);
	if (!grown.slots)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (fingerprints->slots[i].count)
			*find_slot(&grown, fingerprints->slots[i].hash) = fingerprints->slots[i];
	free(fingerprints->slots);
	*fingerprints = grown;
	return 0;
}

int fingerprint_next(struct fingerprints *fingerprints, const struct sessionlint_finding *finding,
		     char text[FINGERPRINT_SIZE])
{
	uint64_t hash = hash_finding(finding);
	struct fingerprint_slot *slot;
	int r = slots_grow(fingerprints);

	if (r < 0)
		return r;
	slot = find_slot(fingerprints, hash);
	slot->hash = hash;
	fingerprints->count += slot->count == 0;
	slot->count++;
	for (unsigned i = 0; i < HASH_DIGITS; i++)
		text[i] = "0123456789abcdef"[hash >> 4 * (HASH_DIGITS - 1 - i) & 15];
	text[HASH_DIGITS] = ':';
	text[HASH_DIGITS + 1 + decimal_write(text + HASH_DIGITS + 1, slot->count)] = '\0';
	return 0;
}
