/* SPDX-License-Identifier: MIT */
#include "base/json_reader.h"

#include <errno.h>

#include "base/number.h"

static void pass_blanks(struct json *json)
{
	while (json->at < json->end && memchr(" \t\r\n", *json->at, 4))
		json->at++;
}

/* Passes over blanks and @c; returns whether it was there. */
static bool pass(struct json *json, char c)
{
	pass_blanks(json);
	if (json->at == json->end || *json->at != c)
		return false;
	json->at++;
	return true;
}

int json_enter(struct json *json, char bracket)
{
	return pass(json, bracket) ? 0 : -EBADMSG;
}

int json_read_text(struct json *json, struct sessionlint_text *ret_text)
{
	const char *begin;

	if (!pass(json, '"'))
		return -EBADMSG;
	for (begin = json->at; json->at < json->end && *json->at != '"'; json->at++) {
		if ((unsigned char)*json->at < 0x20)
			return -EBADMSG;
		if (*json->at == '\\' && ++json->at == json->end)
			return -EBADMSG;
	}
	if (json->at == json->end)
		return -EBADMSG;
	*ret_text = text_of(begin, (size_t)(json->at++ - begin));
	return 0;
}

int json_next(struct json *json, bool *first, struct sessionlint_text *ret_key)
{
	bool object = ret_key != NULL;
	int r = 0;

	if (pass(json, object ? '}' : ']'))
		return 0;
	if (!*first && !pass(json, ','))
		return -EBADMSG;
	*first = false;
	if (object)
		r = json_read_text(json, ret_key);
	if (r == 0 && object && !pass(json, ':'))
		r = -EBADMSG;
	return r < 0 ? r : 1;
}

/* What is neither a string nor has brackets: up to what ends it. */
static struct sessionlint_text word(struct json *json)
{
	const char *begin;

	pass_blanks(json);
	for (begin = json->at; json->at < json->end && !memchr(" \t\r\n,]}:\"", *json->at, 9);)
		json->at++;
	return text_of(begin, (size_t)(json->at - begin));
}

int json_read_number(struct json *json, uint64_t *ret_number)
{
	return decimal_parse(word(json), UINT64_MAX, ret_number) < 0 ? -EBADMSG : 0;
}

/* How many digits there are from @at on. */
static size_t digits(struct sessionlint_text word, size_t at)
{
	size_t begin = at;

	while (at < word.size && word.data[at] >= '0' && word.data[at] <= '9')
		at++;
	return at - begin;
}

static bool is_number(struct sessionlint_text word)
{
	size_t at = word.size > 0 && word.data[0] == '-', count = digits(word, at);

	/* no zeros lead */
	if (count == 0 || (count > 1 && word.data[at] == '0'))
		return false;
	at += count;
	if (at < word.size && word.data[at] == '.') {
		count = digits(word, at + 1);
		if (count == 0)
			return false;
		at += 1 + count;
	}
	if (at < word.size && (word.data[at] == 'e' || word.data[at] == 'E')) {
		at++;
		at += at < word.size && (word.data[at] == '+' || word.data[at] == '-');
		count = digits(word, at);
		if (count == 0)
			return false;
		at += count;
	}
	return at == word.size;
}

static bool is_value(struct sessionlint_text word)
{
	return text_equal(word, text_from("true")) || text_equal(word, text_from("false")) ||
	       text_equal(word, text_from("null")) || is_number(word);
}

static int skip(struct json *json, unsigned depth)
{
	struct sessionlint_text text;
	bool object, first = true;
	int r;

	pass_blanks(json);
	if (json->at == json->end)
		return -EBADMSG;
	if (*json->at == '"')
		return json_read_text(json, &text);
	if (*json->at != '{' && *json->at != '[')
		return is_value(word(json)) ? 0 : -EBADMSG;
	if (depth == JSON_DEPTH_MAX)
		return -EBADMSG;
	object = *json->at++ == '{';
	while ((r = json_next(json, &first, object ? &text : NULL)) > 0) {
		r = skip(json, depth + 1);
		if (r < 0)
			break;
	}
	return r;
}

int json_skip(struct json *json)
{
	return skip(json, 0);
}

bool json_is_over(struct json *json)
{
	pass_blanks(json);
	return json->at == json->end;
}
