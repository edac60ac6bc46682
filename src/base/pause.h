/* SPDX-License-Identifier: MIT */
/* Waiting, until Ctrl-C ends it. What is here differs between systems. */
#ifndef BASE_PAUSE_H
#define BASE_PAUSE_H

#include <stdbool.h>

/* From now on Ctrl-C does not end the process, but its pause. */
void pause_begin(void);

/* Waits. False: Ctrl-C was pressed since pause_begin(). */
bool pause_wait(unsigned milliseconds);

/* From now on Ctrl-C ends the process again. */
void pause_end(void);

#endif
