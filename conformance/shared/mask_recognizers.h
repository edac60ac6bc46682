/* SPDX-License-Identifier: MIT */
/* Ragel's own recognizers of drivers that asked for some events only, made for the tests. */
#ifndef CONFORMANCE_MODEL_MASK_RECOGNIZERS_H
#define CONFORMANCE_MODEL_MASK_RECOGNIZERS_H

#include "model/model.h"

struct mask_recognizer {
	uint32_t mask;
	bool abrupt; /* a session may end unseen with its user logged on, whatever the tolerance */
	enum model_recognizer tolerance;
	const char *vocabulary; /* the name that the recognizer has to bear */
	const struct recognizer *recognizer;
};

extern const struct mask_recognizer mask_recognizers[];
extern const unsigned mask_recognizers_count;

#endif
