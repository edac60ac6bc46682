/* SPDX-License-Identifier: MIT */
/* Checks the arguments of a call of the driver's contract, and its result. */
#ifndef CHECK_DRIVER_ARGUMENTS_H
#define CHECK_DRIVER_ARGUMENTS_H

#include "check/context.h"

/* The statuses that the wrong arguments of a call can cause. */
struct expected_statuses {
	uint32_t statuses[8];
	unsigned count;
};

bool expected_include(const struct expected_statuses *expected, uint32_t status);

/* Reports wrong arguments of IoRegisterContainerNotification, and adds their statuses to
 * @expected. */
int check_register_arguments(struct subject *subject, struct expected_statuses *expected);

/* Reports a result that the call cannot return; @registered: its I/O object is registered. */
int report_status(struct subject *subject, const struct expected_statuses *expected,
		  bool registered);

/* Whether the status is an error that the page of the routine does not list. That is unusual,
 * but not a breach: the lists do not claim to be complete. */
bool status_is_unlisted(const struct contract *contract);
int report_unlisted(struct subject *subject);

/* Reports that a callback did not return STATUS_SUCCESS. */
int report_callback_status(struct subject *subject);

/* Reports a call or callback at too high an IRQL. */
int check_irql(struct subject *subject);

/* Checks a call of IoGetContainerInformation. */
int check_get(struct subject *subject);

#endif
