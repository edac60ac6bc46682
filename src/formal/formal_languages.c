/* SPDX-License-Identifier: MIT */
#include "formal/formal.h"

static const struct formal_language *const languages[] = {
	&formal_promela, &formal_murphi, &formal_tla, &formal_tla_trace,
	&formal_smv,     &formal_rv,     &formal_dfa, &formal_json,
};

const struct formal_language *formal_language_at(unsigned index)
{
	return index < sizeof languages / sizeof languages[0] ? languages[index] : NULL;
}

const char *formal_language_name_at(unsigned index)
{
	const struct formal_language *language = formal_language_at(index);

	return language ? language->name : NULL;
}
