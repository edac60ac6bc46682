/* SPDX-License-Identifier: MIT */
/* Text of a trace is untrusted: how to write it for people, terminals and programs. */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stdio.h>

#include "base/text.h"

/*
 * For terminals and build logs: escapes control characters, invisible characters and those that
 * change the writing direction, invalid UTF-8, and the marks of commands to build systems.
 */
void escape_plain(FILE *file, struct sessionlint_text text);

/* How many columns of a terminal it takes, as escape_plain() writes it. */
size_t escape_columns(struct sessionlint_text text);

/* The same text in at most @columns, ending in "..." if it was cut. */
void escape_cut(FILE *file, struct sessionlint_text text, size_t columns);

/* The same at the beginning of a line, for a path or a name: for some build systems a line is a
 * command if it begins with :: or ##, possibly after blanks. */
void escape_line(FILE *file, struct sessionlint_text text);

/*
 * The others escape what escape_plain() escapes in the same way, so that a report is safe to show
 * and the trace cannot insert line ends, and also what has a meaning in their format.
 */

/* In an attribute or between tags. */
void escape_xml(FILE *file, struct sessionlint_text text);

/* Inside a line of Markdown, such as a table cell: no markup, no link, no mention. */
void escape_markdown(FILE *file, struct sessionlint_text text);

/* A field with its quotes (RFC 4180); an apostrophe is inserted before what a spreadsheet would
 * take for a formula. */
void escape_csv(FILE *file, struct sessionlint_text text);

/* A part of such a field, without its quotes; @first: it begins the field. */
void escape_csv_part(FILE *file, struct sessionlint_text text, bool first);

/* In a workflow command of GitHub and in a logging command of Azure Pipelines. */
void escape_github_message(FILE *file, struct sessionlint_text text);
void escape_github_property(FILE *file, struct sessionlint_text text);
void escape_azure_message(FILE *file, struct sessionlint_text text);
void escape_azure_property(FILE *file, struct sessionlint_text text);

/* In a SARIF message, inside the quotes. */
void escape_sarif(FILE *file, struct sessionlint_text text);

/* In a JSON string, inside the quotes, in a script element of HTML: nothing in it ends the element.
 */
void escape_script(FILE *file, struct sessionlint_text text);

/* A path as a relative reference, or as a file: URI if it is absolute (RFC 3986). */
void escape_uri(FILE *file, struct sessionlint_text text);

/* @path without a leading ./ as reports name files. */
struct sessionlint_text path_shown(const char *path);

/* At most @limit bytes of @text, not cutting a character. */
struct sessionlint_text text_clipped(struct sessionlint_text text, size_t limit);

#endif
