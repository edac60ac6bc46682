/* SPDX-License-Identifier: MIT */
#include "trace/text/tag.h"

#include <string.h>

#include "base/match.h"
#include "base/text.h"

#define ESCAPE '\033'

bool tag_text_is_noisy(const char *at, const char *end)
{
	size_t size = (size_t)(end - at);

	return memchr(at, ESCAPE, size) || memchr(at, '\0', size);
}

/* Skips ESC [ ... letter, which sets colours; @at if there is none. "ECMA-48, 5.4". */
static const char *sequence_pass(const char *at, const char *end)
{
	const char *last = at + 2;

	if (end - at < 3 || at[0] != ESCAPE || at[1] != '[')
		return at;
	while (last < end && *last >= 0x20 && *last <= 0x3f)
		last++;
	return last < end && *last >= 0x40 && *last <= 0x7e ? last + 1 : at;
}

static const char *noise_pass(const char *at, const char *end)
{
	for (;;) {
		const char *next = at;

		while (next < end && *next == '\0')
			next++;
		next = sequence_pass(next, end);
		if (next == at)
			return at;
		at = next;
	}
}

/* Whether @size letters of a tag, from letter @first on, are at @at. */
static bool is_letters(const char *at, size_t first, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (ascii_lower(at[i]) != TAG[first + i])
			return false;
	return true;
}

/* The place after a tag at @at with invisible bytes in it, or NULL. */
static const char *noisy_tag_pass(const char *at, const char *end)
{
	for (size_t i = 0; i < TAG_SIZE; i++) {
		if (i > 0)
			at = noise_pass(at, end);
		if (at == end || ascii_lower(*at) != TAG[i])
			return NULL;
		at++;
	}
	return at;
}

/* Finds the first t and colon, the end of a tag, or NULL. */
static const char *last_letters_find(const char *at, const char *end)
{
	static const char small[] = "tttttttttttttttt", large[] = "TTTTTTTTTTTTTTTT";
	static const char colons[] = "::::::::::::::::";

	for (; end - at > 16; at += 16) {
		unsigned found = (bytes_alike(at, small) | bytes_alike(at, large)) &
				 bytes_alike(at + 1, colons);

		if (found)
			return at + __builtin_ctz(found);
	}
	for (; end - at > 1; at++)
		if (at[1] == ':' && ascii_lower(*at) == 't')
			return at;
	return NULL;
}

const char *tag_find(const char *at, const char *end, bool noisy, const char **ret_after)
{
	const char *last = at;

	for (; noisy && at < end; at++) {
		*ret_after = noisy_tag_pass(at, end);
		if (*ret_after)
			return at;
	}
	while (!noisy && (last = last_letters_find(last, end))) {
		last += 2;
		if ((size_t)(last - at) >= TAG_SIZE && is_letters(last - TAG_SIZE, 0, TAG_SIZE)) {
			*ret_after = last;
			return last - TAG_SIZE;
		}
	}
	return NULL;
}

size_t tag_begun(const char *at, const char *end)
{
	size_t size;

	while (end > at && (end[-1] == '\n' || end[-1] == '\r'))
		end--;
	size = (size_t)(end - at);
	for (size_t begun = size < TAG_SIZE ? size : TAG_SIZE - 1; begun > 0; begun--)
		if (ascii_lower(end[-1]) == TAG[begun - 1] && is_letters(end - begun, 0, begun))
			return begun;
	return 0;
}

const char *tag_finish(const char *at, const char *end, size_t begun)
{
	size_t left = TAG_SIZE - begun;

	return (size_t)(end - at) >= left && is_letters(at, begun, left) ? at + left : NULL;
}

char *tag_copy_plain(char *to, const char *at, const char *end)
{
	while (at < end) {
		const char *next = sequence_pass(at, end);

		if (next == at)
			*to++ = *next++;
		at = next;
	}
	return to;
}

/* Whether the letters before the colon at @colon, @width bytes each, are those of the tag. */
static bool is_tag_before(const unsigned char *bytes, const unsigned char *colon, size_t width)
{
	if ((size_t)(colon - bytes) < (TAG_SIZE - 1) * width)
		return false;
	for (size_t i = 1; i < TAG_SIZE; i++) {
		const unsigned char *letter = colon - i * width;

		if (ascii_lower((char)*letter) != TAG[TAG_SIZE - 1 - i] ||
		    (width == 2 && letter[1] != '\0'))
			return false;
	}
	return true;
}

/* The same with colours between the letters. */
static bool is_colored_tag_before(const unsigned char *bytes, const unsigned char *colon)
{
	size_t size = (size_t)(colon - bytes);
	const char *at = (const char *)colon - (size < TAG_BYTES ? size : TAG_BYTES), *after;
	const char *end = (const char *)colon + 1;

	/* a sequence that sets a colour ends with an m */
	if (size == 0 || (colon[-1] != 'm' && ascii_lower((char)colon[-1]) != 't') ||
	    !memchr(at, ESCAPE, (size_t)(end - at)))
		return false;
	while ((at = tag_find(at, end, true, &after)) && after != end)
		at++;
	return at;
}

bool tag_is_in(const unsigned char *bytes, size_t size)
{
	const unsigned char *end = bytes + size, *colon = bytes;

	while ((colon = memchr(colon, ':', (size_t)(end - colon)))) {
		if (is_tag_before(bytes, colon, 1) || is_tag_before(bytes, colon, 2) ||
		    is_colored_tag_before(bytes, colon))
			return true;
		colon++;
	}
	return false;
}
