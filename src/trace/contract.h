/* SPDX-License-Identifier: MIT */
/* The driver's contract in a record: calls, notifications, I/O objects; and the names and values
 * from wdm.h and ntstatus.h. */
#ifndef TRACE_CONTRACT_H
#define TRACE_CONTRACT_H

#include "base/arena.h"
#include "trace/record.h"

enum contract_call {
	CALL_NONE,
	CALL_REGISTER,   /* IoRegisterContainerNotification */
	CALL_UNREGISTER, /* IoUnregisterContainerNotification */
	CALL_GET,        /* IoGetContainerInformation */
};

enum contract_object {
	OBJECT_NONE,
	OBJECT_CREATED,
	OBJECT_DELETED,
};

enum contract_kind {
	KIND_UNKNOWN,
	KIND_DEVICE,
	KIND_DRIVER,
	KIND_FILE,
};

/* Which part of a call or callback a record is of. */
enum contract_phase {
	PHASE_WHOLE,
	PHASE_BEGIN,
	PHASE_END,
};

/* The values of the keys from KEY_CONTRACT_FIRST on; record_has() shows which are present. */
struct contract {
	struct sessionlint_text driver, io, registration, session_object, context, owner;
	uint32_t class_number, size, length, flags, mask, status;
	uint32_t payload_session, payload_length;
	uint32_t device_session;
	uint64_t seq_end; /* of a record of a whole call: seq of its end */
	uint8_t phase;    /* enum contract_phase */
	uint8_t irql;
	uint8_t call;   /* enum contract_call */
	uint8_t object; /* enum contract_object */
	uint8_t kind;   /* enum contract_kind */
	bool payload_local;
};

/* NTSTATUS values ("Using NTSTATUS Values"; ntstatus.h). */
#define STATUS_SUCCESS                0x00000000U
#define STATUS_INSUFFICIENT_RESOURCES 0xC000009AU
#define STATUS_ALREADY_COMMITTED      0xC0000021U
#define STATUS_INVALID_PARAMETER_1    0xC00000EFU
#define STATUS_INVALID_PARAMETER_2    0xC00000F0U
#define STATUS_INVALID_PARAMETER_3    0xC00000F1U
#define STATUS_INVALID_PARAMETER_4    0xC00000F2U

/* Whether the status has the highest of the four severities ("Defining New NTSTATUS Values"). */
static inline bool status_is_error(uint32_t status)
{
	return status >> 30 == 3;
}

/* Sizes and masks from "IO_SESSION_STATE_NOTIFICATION structure (wdm.h)" and its neighbours. */
#define NOTIFICATION_SIZE_64              32U
#define NOTIFICATION_SIZE_32              20U
#define CONNECT_INFO_SIZE                 8U
#define STATE_INFORMATION_SIZE            12U
#define IO_SESSION_MAX_PAYLOAD_SIZE       256U
#define IO_SESSION_STATE_VALID_EVENT_MASK 0x0000003fU
#define IO_SESSION_STATE_ALL_EVENTS       0xffffffffU

/* The max IRQL for calling the routines and the callback, from the pages of all four. */
#define APC_LEVEL 1U

/* Longer addresses and names are invalid. */
#define HANDLE_MAX_SIZE 128

/* Parses @value under @key, which is not KEY_NOTIFY. -EINVAL. */
int contract_put(struct contract *contract, enum record_key key, struct sessionlint_text value);

/* Names of values of @key, for suggestions; NULL after the last. */
const char *contract_name_at(enum record_key key, unsigned index);

/* Parses an EventMask: a number, or names separated by commas or bars, with optional blanks.
 * -EINVAL: *ret_bad is the part of @text that is not a name. */
int event_mask_parse(struct sessionlint_text text, uint32_t *ret_mask,
		     struct sessionlint_text *ret_bad);

/* "IoRegisterContainerNotification", ... */
const char *contract_call_name(unsigned call);

/* "STATUS_SUCCESS", or "0xc0000001" in @buffer. */
#define STATUS_TEXT_SIZE 16
const char *status_text(uint32_t status, char buffer[STATUS_TEXT_SIZE]);

/*
 * Converts an address or a name to a form for comparison: lower case, without 0x, without leading
 * zeros of a number, and without the backtick of debuggers. The null pointer is the empty text.
 * Returns the size.
 */
size_t handle_canonical(struct sessionlint_text handle, char buffer[HANDLE_MAX_SIZE]);

/* The same byte by byte: what handle_canonical() does eight bytes at a time. */
size_t handle_canonical_plainly(struct sessionlint_text handle, char buffer[HANDLE_MAX_SIZE]);

/* Whether it can be an address: a hexadecimal number other than the null pointer. */
bool handle_is_address(struct sessionlint_text handle);

/* Whether it is the null pointer: 0, 0x0, NULL. */
bool handle_is_null(struct sessionlint_text handle);

#endif
