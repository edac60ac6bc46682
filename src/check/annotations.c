/* SPDX-License-Identifier: MIT */
#include "check/annotations.h"
#include "check/filters.h"
#include "trace/annotation.h"

static const char *const names[] = {
	[SESSIONLINT_ANNOTATION_AUTHENTICATED] = "authenticated",
	[SESSIONLINT_ANNOTATION_CONNECTION] = "connection",
	[SESSIONLINT_ANNOTATION_CONNECTION_FAILED] = "connection-failed",
	[SESSIONLINT_ANNOTATION_GATEWAY] = "gateway",
	[SESSIONLINT_ANNOTATION_LOGON_SESSION_BEGAN] = "logon-session-began",
	[SESSIONLINT_ANNOTATION_LOGON_SESSION_ENDED] = "logon-session-ended",
	[SESSIONLINT_ANNOTATION_LOGOFF_STARTED] = "logoff-started",
	[SESSIONLINT_ANNOTATION_RECONNECTED] = "reconnected",
	[SESSIONLINT_ANNOTATION_DISCONNECTED] = "disconnected",
	[SESSIONLINT_ANNOTATION_LOCKED] = "locked",
	[SESSIONLINT_ANNOTATION_UNLOCKED] = "unlocked",
	[SESSIONLINT_ANNOTATION_DISCONNECT_REQUESTED] = "disconnect-requested",
	[SESSIONLINT_ANNOTATION_DISCONNECT_REASON] = "disconnect-reason",
	[SESSIONLINT_ANNOTATION_ARBITRATION_BEGAN] = "arbitration-began",
	[SESSIONLINT_ANNOTATION_ARBITRATION_ENDED] = "arbitration-ended",
	[SESSIONLINT_ANNOTATION_POWER] = "power",
};

/* The public kinds are those of records, but for DETAILS, which no annotation has. */
_Static_assert(SESSIONLINT_ANNOTATION_AUTHENTICATED + 1 == (int)ANNOTATION_AUTHENTICATED &&
		       SESSIONLINT_ANNOTATION_POWER + 2 == (int)ANNOTATION_KINDS,
	       "both enumerations have the same kinds");

const char *sessionlint_annotation_name(unsigned kind)
{
	return kind < sizeof names / sizeof names[0] ? names[kind] : NULL;
}

int check_annotation(struct subject *subject)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	const struct annotation *details = record->annotation;
	struct sessionlint_annotation annotation;

	/* it shows nothing that is judged, neither a boot nor the clock */
	checker->totals.annotations++;
	if (!details || !checker->options.annotate)
		return 0;
	annotation = (struct sessionlint_annotation) {
		.kind = (enum sessionlint_annotation_kind)(details->kind - 1),
		.line = record->line,
		.offset = record->offset,
		.time = record->time,
		.host = subject->host && subject->host->label.data ? subject->host->label
								   : record->host,
		.boot_ordinal = subject->host ? subject->host->boot_ordinal : 0,
		.has_session = record_has(record, KEY_SESSION),
		.session = record_has(record, KEY_SESSION) ? record->session : 0,
		.event_id = details->id,
		.reason = details->reason,
		.logon_id = details->logon_id,
		.user = record->user,
		.domain = details->domain,
		.address = record->address,
		.client = details->client,
		.log = checker->file,
	};
	annotation.file = log_files_locate(&checker->files, checker->file, &annotation.line);
	annotation.shown = filters_show_annotation(checker->options.filters, &annotation);
	checker->options.annotate(checker->options.annotate_data, &annotation);
	return 0;
}
