/* SPDX-License-Identifier: MIT */
/* Text of a trace is hostile: how it is written where people, terminals and programs read it. */
#ifndef REPORT_ESCAPE_H
#define REPORT_ESCAPE_H

#include <stdio.h>

#include "base/text.h"

/*
 * For terminals and build logs: control characters, characters that turn the direction of writing
 * or cannot be seen, invalid UTF-8, and the signs by which build systems know commands are escaped.
 */
void escape_plain(FILE *file, struct sessionlint_text text);

/* The same at the beginning of a line, for a path or a name: a line that begins with :: or ##, or
 * with blanks and that, would be a command to some build systems. */
void escape_line(FILE *file, struct sessionlint_text text);

/*
 * The others write what escape_plain() escapes as it does, so that a report is safe to show and has
 * no line end of the trace's making, and besides escape what has a meaning in their format.
 */

/* In an attribute or between tags. */
void escape_xml(FILE *file, struct sessionlint_text text);

/* Inside a line of Markdown, as in a cell of a table: no markup, no link, no mention. */
void escape_markdown(FILE *file, struct sessionlint_text text);

/* A field with its quotes (RFC 4180); an apostrophe stands before what a spreadsheet would take for
 * a formula. */
void escape_csv(FILE *file, struct sessionlint_text text);

/* In a workflow command of GitHub, and in a logging command of Azure Pipelines. */
void escape_github_message(FILE *file, struct sessionlint_text text);
void escape_github_property(FILE *file, struct sessionlint_text text);
void escape_azure_message(FILE *file, struct sessionlint_text text);
void escape_azure_property(FILE *file, struct sessionlint_text text);

/* In a message of SARIF, inside the quotes. */
void escape_sarif(FILE *file, struct sessionlint_text text);

/* In a JSON string, inside the quotes, in a script element of HTML: nothing in it ends the element.
 */
void escape_script(FILE *file, struct sessionlint_text text);

/* A path as a relative reference, or as a file: URI if it is absolute (RFC 3986). */
void escape_uri(FILE *file, struct sessionlint_text text);

/* @path without the ./ that it may begin with: how reports name files. */
struct sessionlint_text path_shown(const char *path);

/* At most @limit bytes of @text, in whole characters. */
struct sessionlint_text text_clipped(struct sessionlint_text text, size_t limit);

#endif
