/* SPDX-License-Identifier: MIT */
/* sessionlint model --provenance: the document and the place in it of everything in the table. */
#ifndef CLI_MODEL_PROVENANCE_H
#define CLI_MODEL_PROVENANCE_H

#include "model/model.h"

/* The names of the formats, the default first; NULL after the last. */
const char *provenance_format_at(unsigned index);

/* Prints where the states, the events and the transitions of @named, which shows every event, come
 * from. */
void provenance_print(const struct model_named *named, const struct model *model, unsigned format);

#endif
