/* SPDX-License-Identifier: MIT */
/* The values of an .evtx record as numbers, times and text. */
#ifndef TRACE_EVTX_VALUE_H
#define TRACE_EVTX_VALUE_H

#include "trace/evtx/binary_xml.h"

/* A value as a number, even if it is text; false, with nothing changed, if it is not a number. */
/*@ predicate is_value(struct evtx_value *value) =
	\valid_read(value) && \valid_read(value->bytes + (0 .. value->size - 1)); */
/*@ requires is_value(value) && \valid(ret_number);
    requires \separated(ret_number, value, value->bytes + (0 .. value->size - 1));
    assigns *ret_number;
    ensures !\result ==> *ret_number == \old(*ret_number); */
bool value_number(const struct evtx_value *value, uint64_t *ret_number);

/* A value as a FILETIME, or 0. Documents without a template have times as text. */
uint64_t value_time(const struct evtx_value *value);

/* A value as UTF-8, valid as long as the arena; no data if its type has no text. */
struct sessionlint_text value_text(const struct evtx_value *value, struct arena *arena);

/* The provider with that name. */
enum windows_provider value_provider(const struct evtx_value *value);

/* A hash to compare values; names are compared without letter case. 0: no bytes. */
uint64_t value_hash(const struct evtx_value *value);

#endif
