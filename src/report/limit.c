/* SPDX-License-Identifier: MIT */
#include "report/limit.h"

#include <inttypes.h>
#include <string.h>

const unsigned limit_places[4] = {
	[SESSIONLINT_SEVERITY_OFF] = 0,
	[SESSIONLINT_SEVERITY_NOTE] = 5000,
	[SESSIONLINT_SEVERITY_WARNING] = 15000,
	[SESSIONLINT_SEVERITY_ERROR] = 25000,
};

/* Also of the witnesses, with their files. */
static size_t text_size(const struct sessionlint_finding *finding)
{
	size_t size = 0;

	for (unsigned i = 0; i < finding->witness_count; i++)
		size += sizeof *finding->witnesses + strlen(finding->witnesses[i].file);
	return size + strlen(finding->file) + finding->user.size + finding->address.size +
	       finding->host.size + finding->boot.size + finding->driver.size + finding->io.size +
	       finding->message.size + finding->reason.size;
}

bool limit_take(struct limit *limit, const struct sessionlint_finding *finding)
{
	size_t size = limit->text_room == SIZE_MAX ? 0 : text_size(finding);
	bool room = size <= limit->text_room;

	for (unsigned graver = finding->severity; graver <= SESSIONLINT_SEVERITY_ERROR; graver++)
		room &= limit->taken[graver] < limit->places[graver];
	if (!room) {
		limit->omitted[finding->severity]++;
		return false;
	}
	for (unsigned graver = finding->severity; graver <= SESSIONLINT_SEVERITY_ERROR; graver++)
		limit->taken[graver]++;
	limit->text_room -= size;
	return true;
}

uint64_t limit_omitted(const struct limit *limit)
{
	return limit->omitted[SESSIONLINT_SEVERITY_NOTE] +
	       limit->omitted[SESSIONLINT_SEVERITY_WARNING] +
	       limit->omitted[SESSIONLINT_SEVERITY_ERROR];
}

void limit_write(FILE *file, const struct limit *limit, const char *what)
{
	fprintf(file,
		"%" PRIu64 " %s are left out (%" PRIu64 " errors, %" PRIu64 " warnings, %" PRIu64
		" notes)",
		limit_omitted(limit), what, limit->omitted[SESSIONLINT_SEVERITY_ERROR],
		limit->omitted[SESSIONLINT_SEVERITY_WARNING],
		limit->omitted[SESSIONLINT_SEVERITY_NOTE]);
}
