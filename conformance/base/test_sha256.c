/* SPDX-License-Identifier: MIT */
/* SHA-256 against the examples of FIPS 180-4 that NIST publishes, and against itself in pieces.
 * With arguments: the digest of each file is printed, for a comparison with other programs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/sha256.h"
#include "tap.h"

static const struct example {
	const char *name, *message;
	unsigned times; /* how often the message is repeated */
	const char *digest;
} examples[] = {
	{ "one block", "abc", 1,
	  "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
	{ "two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
	  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
	{ "no byte", "", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
	{ "a million times a", "a", 1000000,
	  "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0" },
};

static void end(struct sha256 *sha256, char hex[SHA256_HEX_SIZE])
{
	unsigned char digest[SHA256_SIZE];

	sha256_end(sha256, digest);
	sha256_hex(digest, hex);
}

static void check_examples(void)
{
	for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
		const struct example *example = &examples[i];
		struct sha256 sha256;
		char hex[SHA256_HEX_SIZE];

		sha256_init(&sha256);
		for (unsigned time = 0; time < example->times; time++)
			sha256_update(&sha256, example->message, strlen(example->message));
		end(&sha256, hex);
		tap_ok(strcmp(hex, example->digest) == 0, "FIPS 180-4: %s: %s", example->name, hex);
		sha256_init(&sha256);
		sha256.processor = NULL;
		for (unsigned time = 0; time < example->times; time++)
			sha256_update(&sha256, example->message, strlen(example->message));
		end(&sha256, hex);
		tap_ok(strcmp(hex, example->digest) == 0, "the same by plain arithmetic: %s",
		       example->name);
	}
}

/* However a message is cut in two, its digest is the same: lengths around those of blocks. */
static void check_pieces(void)
{
	unsigned char message[3 * SHA256_BLOCK];
	unsigned wrong = 0;

	for (unsigned i = 0; i < sizeof message; i++)
		message[i] = (unsigned char)(i * 7 + 1);
	for (size_t size = 0; size <= sizeof message; size++) {
		char whole[SHA256_HEX_SIZE], pieces[SHA256_HEX_SIZE];
		struct sha256 sha256;

		/* by plain arithmetic; the pieces by instructions of the processor, if it has them
		 */
		sha256_init(&sha256);
		sha256.processor = NULL;
		sha256_update(&sha256, message, size);
		end(&sha256, whole);
		for (size_t cut = 0; cut <= size; cut++) {
			sha256_init(&sha256);
			sha256_update(&sha256, message, cut);
			sha256_update(&sha256, message + cut, size - cut);
			end(&sha256, pieces);
			wrong += strcmp(whole, pieces) != 0;
		}
	}
	tap_ok(wrong == 0, "pieces: all cuts of all lengths up to three blocks");
}

static int print_digest(const char *path)
{
	FILE *file = fopen(path, "rb");
	unsigned char bytes[1000];
	char hex[SHA256_HEX_SIZE];
	struct sha256 sha256;
	size_t got;

	if (!file)
		return 1;
	sha256_init(&sha256);
	while ((got = fread(bytes, 1, sizeof bytes, file)) > 0)
		sha256_update(&sha256, bytes, got);
	fclose(file);
	end(&sha256, hex);
	puts(hex);
	return 0;
}

int main(int count, char **arguments)
{
	int status = 0;

	for (int i = 1; i < count; i++)
		status |= print_digest(arguments[i]);
	if (count > 1)
		return status;
	check_examples();
	check_pieces();
	return tap_done();
}
