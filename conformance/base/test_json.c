/* SPDX-License-Identifier: MIT */
/* JSON: what the writer writes, byte for byte, and what the reader accepts. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json_reader.h"
#include "base/json_writer.h"
#include "tap.h"

/* ---- writer ---- */

#define WRITTEN_MAX (2 * JSON_WRITER_BUFFER)

/* What was written to @file; closes it. */
static struct sessionlint_text written(FILE *file, char *room)
{
	size_t size;

	rewind(file);
	size = fread(room, 1, WRITTEN_MAX, file);
	fclose(file);
	return text_of(room, size);
}

static bool is_written(FILE *file, const char *expected)
{
	char room[WRITTEN_MAX];
	struct sessionlint_text text = written(file, room);

	if (text_equal(text, text_from(expected)))
		return true;
	tap_note("expected %s", expected);
	tap_note("got      %.*s", (int)text.size, text.data);
	return false;
}

static FILE *begin(struct json_writer *writer)
{
	FILE *file = tmpfile();

	if (!file) {
		perror("tmpfile");
		exit(1);
	}
	json_writer_init(writer, file, NULL);
	return file;
}

static void test_values(void)
{
	struct json_writer writer;
	FILE *file = begin(&writer);

	json_open(&writer, '[');
	json_number(&writer, UINT64_MAX);
	json_signed(&writer, INT64_MIN);
	json_bool(&writer, true);
	json_bool(&writer, false);
	json_null(&writer);
	json_string(&writer, "");
	json_open(&writer, '[');
	json_close(&writer);
	json_open(&writer, '{');
	json_close(&writer);
	json_close(&writer);
	tap_ok(is_written(file,
			  "[18446744073709551615,-9223372036854775808,true,false,null,\"\",[],{}]"),
	       "values in an array");
}

static void test_members(void)
{
	struct json_writer writer;
	FILE *file = begin(&writer);

	json_open(&writer, '{');
	json_member_text(&writer, "text", text_of("ab", 1));
	json_member_string(&writer, "string", "b");
	json_member_number(&writer, "number", 1);
	json_member_bool(&writer, "bool", true);
	json_member_null(&writer, "null");
	json_member_open(&writer, "array", '[');
	json_number(&writer, 1);
	json_number(&writer, 2);
	json_close(&writer);
	json_member_open(&writer, "object", '{');
	json_member_number(&writer, "a", 1);
	json_finish(&writer);
	tap_ok(is_written(
		       file,
		       "{\"text\":\"a\",\"string\":\"b\",\"number\":1,\"bool\":true,\"null\":null,"
		       "\"array\":[1,2],\"object\":{\"a\":1}}\n"),
	       "members of an object, and the end of all that was begun");
}

/* What is short is put together before it is written, what is long is not, and what the caller
 * writes keeps its place. */
static void test_member_sizes(void)
{
	static char letters[JSON_WRITER_BUFFER + 40], expected[WRITTEN_MAX];
	unsigned wrong = 0;

	memset(letters, 'x', sizeof letters);
	for (size_t size = 0; size <= sizeof letters; size++) {
		struct json_writer writer;
		FILE *file = begin(&writer);

		json_open(&writer, '{');
		json_member_text(&writer, "a", text_of(size ? letters : NULL, size));
		json_member_word(&writer, "w", "word");
		json_member_number(&writer, "n", UINT64_MAX);
		json_member_text(&writer, "b", text_of("\"", 1));
		json_key(&writer, "c");
		fputs("own", json_string_begin(&writer));
		json_string_end(&writer);
		json_finish(&writer);
		snprintf(expected, sizeof expected,
			 "{\"a\":\"%.*s\",\"w\":\"word\",\"n\":18446744073709551615,"
			 "\"b\":\"\\\"\",\"c\":\"own\"}\n",
			 (int)size, letters);
		wrong += !is_written(file, expected);
	}
	tap_ok(wrong == 0, "members of all sizes, without a text too, and a value of the caller");
}

static void test_strings(void)
{
	struct json_writer writer;
	FILE *file = begin(&writer);

	json_open(&writer, '[');
	fputs("as ", json_string_begin(&writer));
	fputs("it is", writer.file);
	json_string_end(&writer);
	fputs("1.5", json_value(&writer));
	json_number(&writer, 2);
	json_close(&writer);
	tap_ok(is_written(file, "[\"as it is\",1.5,2]"), "values that the caller writes");
}

static void test_lines(void)
{
	struct json_writer writer;
	FILE *file = begin(&writer);

	json_open(&writer, '[');
	json_line(&writer, "\n  ");
	json_number(&writer, 1);
	json_number(&writer, 2);
	json_line(&writer, "\n  ");
	json_open(&writer, '{');
	json_member_number(&writer, "a", 1);
	json_close(&writer);
	json_line(&writer, "\n");
	json_finish(&writer);
	tap_ok(is_written(file, "[\n  1,2,\n  {\"a\":1}\n]\n"),
	       "line ends where they were asked for");
}

/* As deep as it goes, objects and arrays by turns. */
static void test_depth(void)
{
	char expected[WRITTEN_MAX], *at = expected;
	struct json_writer writer;
	FILE *file = begin(&writer);

	for (unsigned i = 0; i < JSON_WRITER_DEPTH_MAX; i++) {
		if (i % 2)
			json_key(&writer, "k");
		json_open(&writer, i % 2 ? '[' : '{');
		at += sprintf(at, "%s", i % 2 ? "\"k\":[" : "{");
	}
	json_string(&writer, "x");
	at += sprintf(at, "\"x\"");
	for (unsigned i = JSON_WRITER_DEPTH_MAX; i > 0; i--)
		at += sprintf(at, "%s", i % 2 ? "}" : "]");
	sprintf(at, "\n");
	json_finish(&writer);
	tap_ok(is_written(file, expected), "%u brackets", JSON_WRITER_DEPTH_MAX);
}

static void escape_twice(FILE *file, struct sessionlint_text text)
{
	fprintf(file, "%.*s%.*s", (int)text.size, text.data, (int)text.size, text.data);
}

static void test_escapes(void)
{
	static const struct {
		const char *text, *expected;
	} escapes[] = {
		{ "plain ~", "plain ~" },
		{ "\"\\/", "\\\"\\\\/" },
		{ "a\nb\tc", "a\\nb\\u0009c" },
		{ "\x1b[0m\x7f", "\\u001b[0m\\u007f" },
		{ "# ## ###", "# #\\u0023 #\\u0023\\u0023" },
		{ "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80", "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
		{ "\xe2\x80\xae", "\\u202e" },
		{ "\xf3\xa0\x81\x81", "\\udb40\\udc41" },
		{ "\xff\xc3", "\xef\xbf\xbd\xef\xbf\xbd" },
	};

	for (unsigned i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
		FILE *file = tmpfile();

		escape_json(file, text_from(escapes[i].text));
		tap_ok(is_written(file, escapes[i].expected), "escape %u", i);
	}
}

static void test_own_escape(void)
{
	struct json_writer writer;
	FILE *file = tmpfile();

	json_writer_init(&writer, file, escape_twice);
	json_string(&writer, "ab");
	tap_ok(is_written(file, "\"abab\""), "an escape of the caller's own");
}

/* ---- reader ---- */

static struct json json_of(const char *text)
{
	return (struct json) { .at = text, .end = text + strlen(text) };
}

/* Whether @text is one value and nothing else. */
static bool is_json(const char *text)
{
	struct json json = json_of(text);

	return json_skip(&json) == 0 && json_is_over(&json);
}

static void test_validity(void)
{
	static const char *const right[] = {
		"0",        "-0",          "10",
		"1.5",      "-1.5e10",     "1E+2",
		"1e-2",     "true",        "null",
		"false",    "\"\"",        "[]",
		"{}",       " [ 1 , 2 ] ", "\"a\"",
		"[[]]",     "{\"a\":1}",   "\t{\"a\":{\"b\":[1,\"]\"]},\"c\":null}\r\n",
		"\"\\\"\"",
	};
	static const char *const wrong[] = {
		"",
		" ",
		"01",
		"-",
		"+1",
		"1.",
		".5",
		"1e",
		"1e+",
		"0x1",
		"True",
		"nul",
		"nulls",
		"\"",
		"\"\\\"",
		"\"a\nb\"",
		"[",
		"[1",
		"[1,]",
		"[,1]",
		"[1 2]",
		"]",
		"{",
		"{\"a\"}",
		"{\"a\":}",
		"{\"a\":1,}",
		"{a:1}",
		"{1:1}",
		"{\"a\":1 \"b\":2}",
		"[1}",
		"{\"a\":1]",
		"1 1",
		"[] []",
		"NaN",
		"-a",
		"'a'",
		"\"\\",
		"{,}",
		"[1]]",
	};

	for (unsigned i = 0; i < sizeof right / sizeof right[0]; i++)
		tap_ok(is_json(right[i]), "right %u", i);
	for (unsigned i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
		tap_ok(!is_json(wrong[i]), "wrong %u", i);
}

static void test_nesting(void)
{
	char text[2 * (JSON_DEPTH_MAX + 1) + 1];

	for (unsigned depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1; depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		text[2 * depth] = '\0';
		tap_ok(is_json(text) == (depth <= JSON_DEPTH_MAX), "%u brackets", depth);
	}
}

static void test_walk(void)
{
	struct json json =
		json_of("{ \"n\" : 12 , \"skipped\":{\"a\":[1]}, \"list\":[\"x\\n\", \"\"] } ");
	struct sessionlint_text key, text;
	bool first = true, inner = true;
	uint64_t number = 0;

	tap_ok(json_enter(&json, '[') == -EBADMSG, "it is no array");
	tap_ok(json_enter(&json, '{') == 0, "it is an object");
	tap_ok(json_next(&json, &first, &key) == 1 && text_is(key, "n"), "its first key");
	tap_ok(json_read_number(&json, &number) == 0 && number == 12, "a number");
	tap_ok(json_next(&json, &first, &key) == 1 && text_is(key, "skipped") &&
		       json_skip(&json) == 0,
	       "a value that is skipped");
	tap_ok(json_next(&json, &first, &key) == 1 && text_is(key, "list") &&
		       json_enter(&json, '[') == 0,
	       "an array in it");
	tap_ok(json_next(&json, &inner, NULL) == 1 && json_read_text(&json, &text) == 0 &&
		       text_equal(text, text_from("x\\n")),
	       "a string, with its escapes");
	tap_ok(json_next(&json, &inner, NULL) == 1 && json_read_text(&json, &text) == 0 &&
		       text.size == 0,
	       "an empty one");
	tap_ok(json_next(&json, &inner, NULL) == 0, "the end of the array");
	tap_ok(!json_is_over(&json), "more follows");
	tap_ok(json_next(&json, &first, &key) == 0, "the end of the object");
	tap_ok(json_is_over(&json), "only blanks follow");
}

static void test_wrong_types(void)
{
	static const char *const numbers[] = { "-1",  "1.5", "\"1\"", "18446744073709551616",
					       "1e2", "null" };
	struct sessionlint_text text = text_from("as before");
	struct json json = json_of("12");
	uint64_t number = 7;

	for (unsigned i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
		struct json other = json_of(numbers[i]);

		tap_ok(json_read_number(&other, &number) == -EBADMSG && number == 7,
		       "%s is no whole number that fits", numbers[i]);
	}
	tap_ok(json_read_text(&json, &text) == -EBADMSG && text_is(text, "as before"),
	       "a number is no string");
}

int main(void)
{
	test_values();
	test_members();
	test_member_sizes();
	test_strings();
	test_lines();
	test_depth();
	test_escapes();
	test_own_escape();
	test_validity();
	test_nesting();
	test_walk();
	test_wrong_types();
	return tap_done();
}
