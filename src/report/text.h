/* SPDX-License-Identifier: MIT */
/* What formats for terminals and build logs share. */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include "report/reporter.h"

/* Writes PATH:LINE, or only PATH if @line is 0; never what a build system takes for a command. */
void text_write_place(FILE *file, const char *path, uint64_t line);

/* Writes a finding: a line, and the lines with details. */
void text_write_finding(struct report_output *output, const struct sessionlint_finding *finding);

#endif
