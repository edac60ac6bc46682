/* SPDX-License-Identifier: MIT */
/* What the values of an .evtx record are as numbers, times and text. */
#ifndef TRACE_EVTX_VALUE_H
#define TRACE_EVTX_VALUE_H

#include "trace/evtx/binary_xml.h"

/* A value as a number, even if it is text; false if it is not a number. */
bool value_number(const struct evtx_value *value, uint64_t *ret_number);

/* A value as a FILETIME, or 0: documents without a template spell times out. */
uint64_t value_time(const struct evtx_value *value);

/* A value as UTF-8, which lives as long as the arena; without data if it is of a type that has no
 * text. */
struct sessionlint_text value_text(const struct evtx_value *value, struct arena *arena);

/* The provider whose name the value is. */
enum windows_provider value_provider(const struct evtx_value *value);

/* A number by which values can be told apart, names without regard to letter case; 0 for one
 * without bytes. */
uint64_t value_hash(const struct evtx_value *value);

#endif
