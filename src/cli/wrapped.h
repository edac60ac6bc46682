/* SPDX-License-Identifier: MIT */
#ifndef CLI_WRAPPED_H
#define CLI_WRAPPED_H

/* Prints paragraphs on standard output, wrapped at words. */
void print_wrapped(const char *text);

#endif
