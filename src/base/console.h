/* SPDX-License-Identifier: MIT */
/* What a command has of its system: arguments, standard streams, terminals and time. */
#ifndef BASE_CONSOLE_H
#define BASE_CONSOLE_H

#include <stdbool.h>
#include <stdio.h>

/*
 * Called first in main(): turns the arguments into UTF-8 and keeps the standard streams from
 * changing what goes through them. A standard stream that is closed becomes one that fails, so that
 * no file that is opened later takes its place. Writing where nobody reads fails, and does not end
 * the process (SIGPIPE). The arguments live until the process ends. -ENOMEM.
 */
int console_begin(int *count, char ***arguments);

/* Whether standard output is a pipe that nobody reads any more. */
bool console_is_unread(void);

/*
 * Ends the process as is usual then, by SIGPIPE. Returns where there is no such signal, or where
 * whoever started the process has it ignored, and so wants to see an error.
 */
void console_end_unread(void);

/* Whether somebody looks at @file who is shown escape sequences as they are meant. */
bool console_is_terminal(FILE *file);

/* How many columns the terminal has that shows @file; 0: it is not a terminal, or does not say. */
unsigned console_width(FILE *file);

/* To be called when a line is whole: shows it to who looks at @file, where the system does not. */
void console_show(FILE *file);

/* Seconds since some time or other, which no clock that is set can change. */
double console_seconds(void);

#endif
