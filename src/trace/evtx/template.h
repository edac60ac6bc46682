/* SPDX-License-Identifier: MIT */
/* Walks the tokens of a fragment of binary XML to make a program of it. */
#ifndef TRACE_EVTX_TEMPLATE_H
#define TRACE_EVTX_TEMPLATE_H

#include "trace/evtx/binary_xml.h"

/* The tokens; those with EVTX_MORE are followed by more of their kind. */
enum evtx_token {
	EVTX_TOKEN_END = 0x00,
	EVTX_TOKEN_OPEN = 0x01,
	EVTX_TOKEN_CLOSE_START = 0x02,
	EVTX_TOKEN_CLOSE_EMPTY = 0x03,
	EVTX_TOKEN_END_ELEMENT = 0x04,
	EVTX_TOKEN_VALUE = 0x05,
	EVTX_TOKEN_ATTRIBUTE = 0x06,
	EVTX_TOKEN_CDATA = 0x07,
	EVTX_TOKEN_CHARACTER = 0x08,
	EVTX_TOKEN_ENTITY = 0x09,
	EVTX_TOKEN_PI_TARGET = 0x0a,
	EVTX_TOKEN_PI_DATA = 0x0b,
	EVTX_TOKEN_TEMPLATE = 0x0c,
	EVTX_TOKEN_SUBSTITUTION = 0x0d,
	EVTX_TOKEN_OPTIONAL = 0x0e,
	EVTX_TOKEN_HEADER = 0x0f,
	EVTX_MORE = 0x40,
};

/*
 * Walks the fragment from *at to @end and appends to @program; *at moves after it. @definition: it
 * is part of a template definition, whose elements have a dependency id. -EBADMSG with a reason in
 * static text; -ENOMEM.
 */
int evtx_fragment_walk(struct evtx_chunk *chunk, uint32_t *at, uint32_t end, bool definition,
		       enum evtx_place place, struct evtx_program *program,
		       const char **ret_reason);

#endif
