/* SPDX-License-Identifier: MIT */
/*
 * What the fuzz targets share. libFuzzer calls a target with inputs of its own; replay.c calls it
 * with the files of a corpus, and needs no clang. What an input costs in time and memory is bounded
 * by its size: more is a failure, as a crash is.
 */
#ifndef CONFORMANCE_FUZZ_HARNESS_H
#define CONFORMANCE_FUZZ_HARNESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"
#include "trace/reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A file with these bytes, at its beginning; the same descriptor each time. */
int harness_file(const void *data, size_t size);

/* The path of that file. */
const char *harness_path(void);

/* Calls @target, and again if it took too long, for a machine can be busy. */
void harness_run(void (*target)(const uint8_t *data, size_t size), const uint8_t *data,
		 size_t size);

/* Ends the process, and says why: what was found is kept by libFuzzer. */
__attribute__((noreturn, format(printf, 1, 2))) void harness_fail(const char *format, ...);

/* UTF-8 in UTF-16, with the mark that begins it, for free(). With @half, a line with half of a
 * surrogate pair comes first. */
uint8_t *harness_utf16(const uint8_t *data, size_t size, bool half, size_t *ret_size);

/* Checks a log called @name by a run that all inputs share; each finding must be one. Returns what
 * sessionlint_check_descriptor() does. */
int harness_check(const void *data, size_t size, const char *name);

/* Where nobody looks at what is written. */
FILE *harness_nowhere(void);

/*
 * What a reader makes of a log, for free(): a line a record, without its place. Of malformed ones
 * it says no more than that.
 */
struct sessionlint_text harness_records(const void *data, size_t size);

#endif
