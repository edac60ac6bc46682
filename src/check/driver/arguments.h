/* SPDX-License-Identifier: MIT */
/* What is wrong with the arguments of a call of the driver's contract, and with its answer. */
#ifndef CHECK_DRIVER_ARGUMENTS_H
#define CHECK_DRIVER_ARGUMENTS_H

#include "check/context.h"

/* What is wrong with the arguments of a call: the answers that they deserve. */
struct faults {
	uint32_t statuses[8];
	unsigned count;
};

bool faults_allow(const struct faults *faults, uint32_t status);

/* Reports all that is wrong with the arguments of IoRegisterContainerNotification, and adds it to
 * @faults. */
int check_register_arguments(struct subject *subject, struct faults *faults);

/* Reports that a call cannot be answered so; @registered: its I/O object is. */
int report_status(struct subject *subject, const struct faults *faults, bool registered);

/* Whether the status is an error that the page of the routine does not list, which is odd and no
 * breach: the lists are not said to be complete. */
bool status_is_unlisted(const struct contract *contract);
int report_unlisted(struct subject *subject);

/* Judges a call of IoGetContainerInformation. */
/* Reports that subject->record is of a call, or of a callback, at too high an IRQL. */
int check_irql(struct subject *subject);

int check_get(struct subject *subject);

#endif
