/* SPDX-License-Identifier: MIT */
/* A log that changes while it is read has no hash; one that does not has that of its bytes.
 * Arguments: a folder for files. */
#include <stdio.h>
#include <string.h>

#include "check/run_inputs.h"
#include "sessionlint.h"
#include "tap.h"

static const char trace[] = "session=1 event=Created\nsession=1 event=Connected\n";

struct watch {
	const char *path;
	bool change; /* at the first step */
	unsigned inputs;
	struct run_input input;
};

static void write_trace(const char *path, const char *text)
{
	FILE *file = fopen(path, "wb");

	if (!file)
		return;
	fputs(text, file);
	fclose(file);
}

static void on_step(void *userdata, const struct sessionlint_step *step)
{
	struct watch *watch = userdata;

	(void)step;
	if (watch->change)
		write_trace(watch->path, "session=1 event=Created\nsession=2 event=Connected\n");
	watch->change = false;
}

static void on_input(void *userdata, const struct run_input *input)
{
	struct watch *watch = userdata;

	watch->inputs++;
	watch->input = *input;
}

static void check(struct watch *watch, bool reverse)
{
	struct sessionlint *run;

	write_trace(watch->path, trace);
	if (sessionlint_new(&run) < 0)
		return;
	sessionlint_set_reverse(run, reverse);
	sessionlint_set_observe(run, on_step, watch);
	run_set_inputs(run, on_input, true, watch);
	sessionlint_check_file(run, watch->path);
	sessionlint_free(run);
}

static bool has_digest_of(const struct run_input *input, const char *text)
{
	unsigned char digest[SHA256_SIZE];
	char hex[SHA256_HEX_SIZE];
	struct sha256 sha256;

	sha256_init(&sha256);
	sha256_update(&sha256, text, strlen(text));
	sha256_end(&sha256, digest);
	sha256_hex(digest, hex);
	return input->digest == DIGEST_WHOLE && input->size == strlen(text) &&
	       strcmp(input->sha256, hex) == 0;
}

int main(int count, char **arguments)
{
	char path[4096];

	if (count != 2)
		return 2;
	snprintf(path, sizeof path, "%s/digest.trace", arguments[1]);
	for (int reverse = 0; reverse < 2; reverse++) {
		struct watch same = { .path = path }, changed = { .path = path, .change = true };
		const char *how = reverse ? "read from its end" : "read from its beginning";

		check(&same, reverse);
		tap_ok(same.inputs == 1 && has_digest_of(&same.input, trace),
		       "unchanged, %s: its hash", how);
		check(&changed, reverse);
		if (reverse)
			tap_ok(changed.inputs == 1 && changed.input.digest == DIGEST_CHANGED,
			       "changed, %s: no hash", how);
		else
			tap_ok(changed.inputs == 1 && has_digest_of(&changed.input, trace),
			       "changed, %s: the hash of what was read", how);
	}
	remove(path);
	return tap_done();
}
