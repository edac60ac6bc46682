/* SPDX-License-Identifier: MIT */
/* What a record of a Windows log tells besides the transitions of sessions: who, from where, and
 * when something else happened to a session. */
#ifndef TRACE_ANNOTATION_H
#define TRACE_ANNOTATION_H

#include "sessionlint_text.h"

#include <stdint.h>

enum annotation_kind {
	ANNOTATION_DETAILS,              /* of an event: what else its record holds */
	ANNOTATION_AUTHENTICATED,        /* RemoteConnectionManager 1149 */
	ANNOTATION_CONNECTION,           /* RdpCoreTS 131, RemoteConnectionManager 261 */
	ANNOTATION_CONNECTION_FAILED,    /* RdpCoreTS 140 */
	ANNOTATION_GATEWAY,              /* TerminalServices-Gateway 200, 300 to 303 */
	ANNOTATION_LOGON_SESSION_BEGAN,  /* Security 4624 */
	ANNOTATION_LOGON_SESSION_ENDED,  /* 4634 */
	ANNOTATION_LOGOFF_STARTED,       /* 4647 */
	ANNOTATION_RECONNECTED,          /* 4778 */
	ANNOTATION_DISCONNECTED,         /* 4779 */
	ANNOTATION_LOCKED,               /* 4800 */
	ANNOTATION_UNLOCKED,             /* 4801 */
	ANNOTATION_DISCONNECT_REQUESTED, /* LocalSessionManager 39 */
	ANNOTATION_DISCONNECT_REASON,    /* 40 */
	ANNOTATION_ARBITRATION_BEGAN,    /* 41 */
	ANNOTATION_ARBITRATION_ENDED,    /* 42 */
	ANNOTATION_POWER,                /* Kernel-Power 41, 42, 107; Kernel-Boot 27 */
	ANNOTATION_KINDS,                /* how many there are */
};

/* Not the reason of an annotation. */
#define ANNOTATION_NO_REASON UINT32_MAX

struct annotation {
	uint8_t kind;                           /* enum annotation_kind */
	uint32_t id;                            /* the event id in its log */
	uint32_t process;                       /* of System/Execution, or 0 */
	uint32_t reason;                        /* of LocalSessionManager 40; the logon type of 4624
						   and 4634; or ANNOTATION_NO_REASON */
	uint64_t logon_id;                      /* or 0 */
	struct sessionlint_text domain, client; /* data is NULL: absent */
	struct sessionlint_text sid;            /* of the user */
};

#endif
