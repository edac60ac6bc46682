/* SPDX-License-Identifier: MIT */
#include <stddef.h>

#include "rules/clauses.h"

static const struct clause_document documents[] = {
	{ CLAUSES_OF_TABLE, TITLE_OF_STATES, NULL, clauses_of_table },
	{ "event", TITLE_OF_EVENTS, NULL, clauses_of_event },
	{ "register", "IoRegisterContainerNotification function (wdm.h)", NULL,
	  clauses_of_register },
	{ "structure", "IO_SESSION_STATE_NOTIFICATION structure (wdm.h)", NULL,
	  clauses_of_structure },
	{ "unregister", "IoUnregisterContainerNotification function (wdm.h)", NULL,
	  clauses_of_unregister },
	{ "callback", "IO_SESSION_NOTIFICATION_FUNCTION callback function (wdm.h)", NULL,
	  clauses_of_callback },
	{ "payload", "IO_SESSION_CONNECT_INFO structure (wdm.h)", NULL, clauses_of_payload },
	{ "query", "IoGetContainerInformation function (wdm.h)", NULL, clauses_of_query },
	{ "sample", "IO_SESSION_STATE_INFORMATION structure (wdm.h)", NULL, clauses_of_sample },
	{ "native", "NtNotifyChangeSession",
	  "A routine of the native API that has no page; its parameters are known from headers.",
	  clauses_of_native },
	{ "wts", "WM_WTSSESSION_CHANGE message (winuser.h)", NULL, clauses_of_wts },
	{ "sens", "ISensLogon2 interface (sensevts.h)", NULL, clauses_of_sens },
	{ "tsts", "[MS-TSTS]: Terminal Services Terminal Server Runtime Interface Protocol", NULL,
	  clauses_of_tsts },
	{ "logs", "Real Windows session logs",
	  "No page says it: it was found in 1,549 public logs.", clauses_of_logs },
	{ "machine", "One machine, several logs",
	  "No page says it: it was measured on the public logs of six machines.",
	  clauses_of_machine },
	{ "evtx", "The .evtx format", "No page says it: it was verified on public logs.",
	  clauses_of_evtx },
	{ "records", "Traces",
	  "What a trace itself promises: [traces/README.md](../traces/README.md).",
	  clauses_of_records },
};

const struct clause_document *clause_document_at(unsigned index)
{
	return index < sizeof documents / sizeof documents[0] ? &documents[index] : NULL;
}
