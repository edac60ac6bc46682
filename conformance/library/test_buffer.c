/* SPDX-License-Identifier: MIT */
/* A log in memory is the same log as in a file and through a pipe. Arguments: folders with logs. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "seen.h"
#include "tap.h"

enum way {
	WAY_FILE,
	WAY_BUFFER,
	WAY_PIPE,
};

enum setting {
	SETTING_NONE,
	SETTING_REVERSE,
	SETTING_RECOVER,
	SETTING_REORDER,
	SETTINGS,
};

/* Checks what a child writes into a pipe. */
static int check_pipe(struct sessionlint *run, const char *bytes, size_t size, const char *name)
{
#ifdef _WIN32
	(void)run, (void)bytes, (void)size, (void)name;
	return 0;
#else
	int ends[2], r;
	pid_t child;

	fflush(stdout);
	if (pipe(ends) < 0 || (child = fork()) < 0)
		abort();
	if (child == 0) {
		close(ends[0]);
		while (size > 0) {
			ssize_t put = write(ends[1], bytes, size);

			if (put <= 0)
				break;
			bytes += put;
			size -= (size_t)put;
		}
		_exit(0);
	}
	close(ends[1]);
	r = sessionlint_check_descriptor(run, ends[0], name);
	close(ends[0]);
	return r;
#endif
}

static void check(const char *path, enum way way, enum setting setting, struct seen *seen)
{
	struct sessionlint *run = seen_run(seen);
	size_t size;
	/* exactly as long as the log: a sanitizer then sees what is read behind it */
	char *loaded = seen_load(path, &size), *bytes = malloc(size);
	int r = 0;

	if (!bytes && size > 0)
		abort();
	if (size > 0)
		memcpy(bytes, loaded, size);
	free(loaded);
	sessionlint_set_reverse(run, setting == SETTING_REVERSE);
	sessionlint_set_recover(run, setting == SETTING_RECOVER);
	sessionlint_set_reorder(run, setting == SETTING_REORDER ? 10000000 : 0);
	switch (way) {
	case WAY_FILE:
		r = sessionlint_check_file(run, path);
		break;
	case WAY_BUFFER:
		r = sessionlint_check_buffer(run, bytes, size, path);
		break;
	case WAY_PIPE:
		r = check_pipe(run, bytes, size, path);
		break;
	}
	seen_end(seen, run, r, true);
	sessionlint_free(run);
	free(bytes);
}

static bool is_same(const char *path, enum way way, const char *name)
{
	bool same = true;

	for (int setting = 0; setting < SETTINGS; setting++) {
		struct seen file = { 0 }, other = { 0 };

		check(path, WAY_FILE, (enum setting)setting, &file);
		check(path, way, (enum setting)setting, &other);
		if (!seen_same(&file, &other)) {
			tap_note("%s, %s, setting %d:", path, name, setting);
			seen_differ(&file, &other);
			same = false;
		}
		free(file.text);
		free(other.text);
	}
	return same;
}

static void test_folder(const char *folder)
{
	DIR *directory = opendir(folder);
	const struct dirent *entry;
	unsigned count = 0, buffers = 0, pipes = 0;

	while (directory && (entry = readdir(directory))) {
		char path[4096];
		int descriptor;

		snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
		descriptor = open(path, O_RDONLY);
		if (entry->d_name[0] == '.' || descriptor < 0)
			continue;
		close(descriptor);
		count++;
		buffers += is_same(path, WAY_BUFFER, "buffer");
#ifndef _WIN32
		pipes += is_same(path, WAY_PIPE, "pipe");
#else
		pipes++;
#endif
	}
	if (directory)
		closedir(directory);
	tap_ok(count > 0 && buffers == count, "%s: %u files are the same in a buffer", folder,
	       count);
	tap_ok(count > 0 && pipes == count, "%s: and through a pipe", folder);
}

static void test_errors(void)
{
	struct seen seen = { 0 };
	struct sessionlint *run = seen_run(&seen);
	const char *what;
	uint64_t bytes;

	tap_ok(sessionlint_check_buffer(run, NULL, 0, "x") == -ENODATA, "no bytes are -ENODATA");
	tap_ok(sessionlint_check_buffer(run, "# x\n", 4, "x") == -ENODATA,
	       "a text without records is -ENODATA");
	what = sessionlint_check_buffer(run, "\x1f\x8b\x08\x00", 4, "x") == -EBADMSG
		       ? sessionlint_not_a_log(run)
		       : NULL;
	tap_ok(what && strstr(what, "gzip"), "what is not a log is -EBADMSG: %s", what ? what : "");
	bytes = sessionlint_total(run, SESSIONLINT_TOTAL_BYTES);
	tap_ok(sessionlint_check_buffer(run, "session=1 event=Created", 23, "x") == 0 &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_BYTES) == bytes + 23 &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_EVENTS) == 1,
	       "the last line needs no line feed");
	sessionlint_free(run);
	free(seen.text);
}

int main(int count, char **arguments)
{
	test_errors();
	for (int i = 1; i < count; i++)
		test_folder(arguments[i]);
	return tap_done();
}
