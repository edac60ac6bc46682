/* SPDX-License-Identifier: MIT */
#include "detection/detection.h"

static const struct detection_language *const languages[] = {
	&detection_sigma, &detection_kql, &detection_eql, &detection_spl, &detection_sql,
};

const struct detection_language *detection_language_at(unsigned index)
{
	return index < sizeof languages / sizeof languages[0] ? languages[index] : NULL;
}

const char *detection_language_name_at(unsigned index)
{
	const struct detection_language *language = detection_language_at(index);

	return language ? language->name : NULL;
}
