/* SPDX-License-Identifier: MIT */
/*
 * Machines by way of files: writes the traces of one, or has the library read its .evtx files and
 * says what is wrong.
 *
 *	machine-files write|read SEED FOLDER
 */
#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "machine_write.h"

static struct made_machine machine;
static struct judgement judgement;

static bool is_expected(unsigned rule)
{
	return rule == SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION ||
	       rule == SESSIONLINT_RULE_UNFINISHED || rule == SESSIONLINT_RULE_UNNAMED_SESSION ||
	       rule == SESSIONLINT_RULE_IMPLIED_TERMINATION;
}

int main(int argc, char **argv)
{
	int r;

	if (argc != 4)
		return 2;
	machine_make(&machine, strtoull(argv[2], NULL, 10),
		     (struct machine_damage) { .files = true, .steady = true });
	if (strcmp(argv[1], "write") == 0)
		return machine_write(&machine, argv[3]) < 0;
	r = judge_machine_files(&machine, argv[3], &judgement);
	if (r < 0 || judgement.wrong > 0)
		printf("%d, %u wrong: %s\n", r, judgement.wrong, judgement.problem);
	for (unsigned rule = 0; rule < RULES; rule++)
		if (judgement.findings[rule] > 0 && !is_expected(rule))
			printf("%u of rule %s\n", judgement.findings[rule],
			       sessionlint_rule_info(rule)->name);
	return 0;
}
