/* SPDX-License-Identifier: MIT */
/*
 * An account of the logs of a machine, each checked by itself, and as the parts of one log: the
 * steps and their witnesses are the same. Arguments: the logs.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sessionlint.h"
#include "tap.h"

#define SAY_SIZE ((size_t)1 << 16)

/* What an observer was told. */
struct account {
	char said[SAY_SIZE];
	size_t size;
	unsigned witnesses;
};

__attribute__((format(printf, 2, 3))) static void say(struct account *account, const char *format,
						      ...)
{
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(account->said + account->size, SAY_SIZE - account->size, format,
			 arguments);
	va_end(arguments);
	if (size < 0 || (size_t)size >= SAY_SIZE - account->size)
		abort();
	account->size += (size_t)size;
}

static void on_step(void *userdata, const struct sessionlint_step *step)
{
	struct account *account = userdata;

	say(account,
	    "kind %u session %" PRIu32 " event %" PRIu32 " after %u:", (unsigned)step->kind,
	    step->session, step->event, (unsigned)step->after);
	for (unsigned i = 0; i < step->witness_count; i++)
		say(account, " %s:%" PRIu64, step->witnesses[i].file, step->witnesses[i].line);
	say(account, "\n");
	account->witnesses += step->witness_count;
}

/* Makes an account of the logs. Returns the first error. */
static int make(const char *const *paths, size_t count, bool parts, struct account *account)
{
	struct sessionlint *run;
	size_t part = count;
	int r;

	account->size = account->witnesses = 0;
	account->said[0] = '\0';
	if (sessionlint_new(&run) < 0)
		abort();
	sessionlint_set_together(run, SESSIONLINT_TOGETHER_MACHINE);
	sessionlint_set_observe(run, on_step, account);
	r = parts ? sessionlint_check_parts(run, paths, count, &part) : 0;
	for (size_t i = 0; i < count && !parts && r == 0; i++)
		r = sessionlint_check_file(run, paths[i]);
	if (r == 0)
		r = sessionlint_end_machine(run, "machine");
	sessionlint_free(run);
	return r;
}

int main(int argc, char **argv)
{
	static struct account apart, joined;
	const char *const *paths = (const char *const *)argv + 1;
	size_t count = (size_t)argc - 1;

	tap_ok(make(paths, count, false, &apart) == 0, "an account of logs");
	tap_ok(make(paths, count, true, &joined) == 0, "an account of the parts of a log");
	tap_ok(apart.witnesses > count, "its steps have witnesses");
	if (!tap_ok(strcmp(apart.said, joined.said) == 0, "both have the same steps and witnesses"))
		printf("# apart:\n%s# as parts:\n%s", apart.said, joined.said);
	return tap_done();
}
