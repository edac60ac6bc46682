/* SPDX-License-Identifier: MIT */
#include "base/posix/temporary.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/seed.h"

#define NAMES_TRIED 100
#define NAMES_KEPT  32

/* ---- signals ---- */

static const int signals[] = { SIGHUP, SIGINT, SIGQUIT, SIGTERM };
#define SIGNALS (sizeof signals / sizeof signals[0])

/* The files that have a name now: a signal handler can reach nothing that is not global. */
static char *volatile names[NAMES_KEPT];

static void on_signal(int number)
{
	for (unsigned i = 0; i < NAMES_KEPT; i++)
		if (names[i])
			unlink(names[i]);
	/* the action is the default again: the process ends by the signal */
	raise(number);
}

/* Whoever started the process may have had it ignore some of them: then it does. */
static void handle_signals(void)
{
	struct sigaction action = { .sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND }, old;

	sigemptyset(&action.sa_mask);
	for (unsigned i = 0; i < SIGNALS; i++)
		if (sigaction(signals[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL)
			sigaction(signals[i], &action, NULL);
}

static void hold_signals(sigset_t *ret_before)
{
	sigset_t set;

	sigemptyset(&set);
	for (unsigned i = 0; i < SIGNALS; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(SIG_BLOCK, &set, ret_before);
}

static void release_signals(const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
}

/* Has a signal remove the file called @name. A name too many is not removed. */
static void keep_name(char *name)
{
	handle_signals();
	for (unsigned i = 0; i < NAMES_KEPT; i++) {
		if (!names[i]) {
			names[i] = name;
			return;
		}
	}
}

static void forget_name(const char *name)
{
	for (unsigned i = 0; i < NAMES_KEPT; i++)
		if (names[i] == name)
			names[i] = NULL;
}

/* ---- names ---- */

static char *make_name(const char *path)
{
	char *folder = path_folder(path), *name = NULL;
	size_t size = folder ? strlen(folder) + 40 : 0;

	if (folder)
		name = malloc(size);
	if (name)
		snprintf(name, size, "%s%s.sessionlint-%016llx", folder, path_separator(folder),
			 (unsigned long long)random_seed());
	free(folder);
	return name;
}

static int create_named(const char *path, char **ret_name)
{
	int r = -EEXIST;

	for (unsigned i = 0; i < NAMES_TRIED && r == -EEXIST; i++) {
		char *name = make_name(path);
		sigset_t before;

		if (!name)
			return -ENOMEM;
		hold_signals(&before);
		r = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
		if (r < 0) {
			r = -errno;
			free(name);
		} else {
			keep_name(name);
			*ret_name = name;
		}
		release_signals(&before);
	}
	return r;
}

/* ---- files without a name ---- */

#ifdef O_TMPFILE
static void descriptor_path(int descriptor, char path[32])
{
	snprintf(path, 32, "/proc/self/fd/%d", descriptor);
}

/* Not every file system can do this, and the name is given by way of /proc. */
static int create_nameless(const char *path)
{
	char *folder = path_folder(path), link[32];
	int descriptor;

	if (!folder)
		return -ENOMEM;
	descriptor = open(folder, O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
	free(folder);
	if (descriptor < 0)
		return -errno;
	descriptor_path(descriptor, link);
	if (access(link, F_OK) < 0) {
		close(descriptor);
		return -EOPNOTSUPP;
	}
	return descriptor;
}

static int link_to(int descriptor, const char *path)
{
	char link[32];

	descriptor_path(descriptor, link);
	return linkat(AT_FDCWD, link, AT_FDCWD, path, AT_SYMLINK_FOLLOW) < 0 ? -errno : 0;
}

/* A name can be given, but not taken from another file: that is what rename() does. */
static int move_nameless(int descriptor, const char *path)
{
	int r = link_to(descriptor, path);

	for (unsigned i = 0; i < NAMES_TRIED && r == -EEXIST; i++) {
		char *name = make_name(path);

		if (!name)
			return -ENOMEM;
		r = link_to(descriptor, name);
		if (r == 0 && rename(name, path) < 0) {
			r = -errno;
			unlink(name);
			free(name);
			return r;
		}
		free(name);
	}
	return r;
}
#else
static int create_nameless(const char *path)
{
	(void)path;
	return -EOPNOTSUPP;
}

static int move_nameless(int descriptor, const char *path)
{
	(void)descriptor;
	(void)path;
	return -EOPNOTSUPP;
}
#endif

/* ---- what others call ---- */

int temporary_create(const char *path, char **ret_name)
{
	int descriptor = create_nameless(path);

	if (descriptor >= 0)
		*ret_name = NULL;
	/* the same failures are found again where it is not for lack of support */
	return descriptor >= 0 ? descriptor : create_named(path, ret_name);
}

int temporary_move(int descriptor, const char *name, const char *path)
{
	sigset_t before;
	int r;

	hold_signals(&before);
	if (name)
		r = rename(name, path) < 0 ? -errno : 0;
	else
		r = move_nameless(descriptor, path);
	if (r == 0 && name)
		forget_name(name);
	release_signals(&before);
	return r;
}

void temporary_drop(char *name)
{
	sigset_t before;

	if (!name)
		return;
	hold_signals(&before);
	unlink(name);
	forget_name(name);
	release_signals(&before);
	free(name);
}
