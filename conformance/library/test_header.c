/* SPDX-License-Identifier: MIT */
/* The public header needs no other before it. */
#include <sessionlint.h>

const struct sessionlint_rule_info *(*const header_compiles)(unsigned rule) = sessionlint_rule_info;

int main(void)
{
	return header_compiles ? 0 : 1;
}
