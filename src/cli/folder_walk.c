/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/folder.h"
#include "base/input.h"
#include "base/stream.h"
#include "cli/folder_walk.h"
#include "sessionlint.h"
#include "trace/text/tag.h"

/* Files with these names are meant to be logs: errors in them are reported. Others are recognized
 * by their contents. */
static const char *const endings[] = { ".evtx", ".trace", ".logfmt", ".ndjson", ".jsonl", ".csv" };

#define DEPTH_MAX 64

/* The number of bytes that are searched for the tag at a time. */
#define SEARCH_STEP ((size_t)1 << 20)

struct walk {
	const struct walk_visitor *visitor;
	void *userdata;
	long count;
};

static bool has_ending(const char *path)
{
	size_t size = strlen(path);

	for (unsigned i = 0; i < sizeof endings / sizeof endings[0]; i++) {
		size_t ending = strlen(endings[i]);

		if (size > ending && strcasecmp(path + size - ending, endings[i]) == 0)
			return true;
	}
	return false;
}

static int descriptor_find_tag(int descriptor, bool *ret_found)
{
	/* keep what can be the first part of a tag */
	unsigned char *bytes = malloc(TAG_BYTES + SEARCH_STEP);
	size_t overlap = 0;
	ssize_t got = bytes ? 1 : -ENOMEM;

	*ret_found = false;
	while (got > 0 && !*ret_found) {
		size_t size;

		got = input_read(descriptor, bytes + overlap, SEARCH_STEP, SEARCH_STEP, INPUT_HERE);
		if (got <= 0)
			break;
		size = overlap + (size_t)got;
		*ret_found = tag_is_in(bytes, size);
		overlap = size < TAG_BYTES ? size : TAG_BYTES;
		memmove(bytes, bytes + size - overlap, overlap);
	}
	free(bytes);
	return got < 0 ? (int)got : 0;
}

int file_find_tag(const char *path, bool *ret_found)
{
	int descriptor = input_open(path), r;

	if (descriptor < 0)
		return descriptor;
	r = descriptor_find_tag(descriptor, ret_found);
	input_close(descriptor);
	return r;
}

static void visit_log(struct walk *walk, const char *path)
{
	walk->count++;
	walk->visitor->log(walk->userdata, path);
}

static void visit_other(struct walk *walk, const char *path, const char *what)
{
	if (walk->visitor->other)
		walk->visitor->other(walk->userdata, path, what);
}

/* Visits a file according to its contents. */
static void content_walk(struct walk *walk, const char *path)
{
	enum sessionlint_content content;
	const char *what;
	int r;

	/* an empty file may still be written; it is only reported if its name is that of a log */
	if (stream_is_open(STREAM_OUTPUT, path) || stream_is_open(STREAM_ERROR, path)) {
		if (has_ending(path))
			visit_log(walk, path);
		return;
	}
	r = sessionlint_recognize(path, &content, &what);
	if (r < 0)
		walk->visitor->failed(walk->userdata, path, -r);
	else if (content == SESSIONLINT_CONTENT_REPORT)
		return;
	else if (has_ending(path) || content == SESSIONLINT_CONTENT_LOG ||
		 content == SESSIONLINT_CONTENT_FOREIGN)
		visit_log(walk, path);
	else
		visit_other(walk, path, what);
}

/* Visits a file, or a link to one; @kind is that of the link. Nothing else: a pipe in a folder
 * could block forever. */
static void file_walk(struct walk *walk, const char *path, enum path_kind kind)
{
	int r = 0;

	if (walk->visitor->name) {
		walk->visitor->name(walk->userdata, path);
		return;
	}
	if (kind == PATH_LINK)
		r = path_kind(path, true, &kind);
	if (r < 0)
		walk->visitor->failed(walk->userdata, path, -r);
	else if (kind == PATH_FILE)
		content_walk(walk, path);
	else
		visit_other(walk, path, NULL);
}

static int folder_walk(struct walk *walk, const char *folder, unsigned depth);

static int entry_walk(struct walk *walk, const char *folder, const char *name, unsigned depth)
{
	const char *separator = path_separator(folder);
	size_t size = strlen(folder) + strlen(separator) + strlen(name) + 1;
	char *path = malloc(size);
	/* .git, .sessionlint, temporary files of editors and of reports */
	bool is_hidden = name[0] == '.';
	enum path_kind kind;
	int r;

	if (!path)
		return -ENOMEM;
	snprintf(path, size, "%s%s%s", folder, separator, name);
	r = path_kind(path, false, &kind);
	if (r == 0 && kind == PATH_FOLDER && !is_hidden) {
		/* links to folders are not followed: they can form loops */
		r = depth < DEPTH_MAX ? folder_walk(walk, path, depth + 1) : -ELOOP;
	} else if (r == 0 && kind != PATH_FOLDER && (!is_hidden || has_ending(name))) {
		file_walk(walk, path, kind);
	}
	if (r < 0)
		walk->visitor->failed(walk->userdata, path, -r);
	free(path);
	return r == -ENOMEM ? r : 0;
}

static int folder_walk(struct walk *walk, const char *folder, unsigned depth)
{
	struct folder_names names;
	int r = folder_list(folder, &names);

	if (r < 0)
		return r;
	for (size_t i = 0; i < names.count && r == 0; i++)
		r = entry_walk(walk, folder, names.names[i], depth);
	folder_free(&names);
	return r;
}

long walk_files(const char *path, const struct walk_visitor *visitor, void *userdata)
{
	struct walk walk = { .visitor = visitor, .userdata = userdata };
	enum path_kind kind;
	int r = path_kind(path, true, &kind);

	if (r < 0)
		return r;
	if (kind != PATH_FOLDER) {
		(visitor->name ? visitor->name : visitor->log)(userdata, path);
		return 1;
	}
	r = folder_walk(&walk, path, 0);
	return r < 0 ? r : walk.count;
}

bool walk_would_find(const char *folder, const char *path)
{
	char *above = path_folder(path), *place = NULL;
	enum path_kind kind;
	bool found = false;

	if (above && has_ending(path) && path_kind(folder, true, &kind) == 0 &&
	    kind == PATH_FOLDER && path_absolute(above, &place) == 0) {
		do
			found = stream_is_same(place, folder);
		while (!found && path_ascend(place));
	}
	free(above);
	free(place);
	return found;
}
