/* SPDX-License-Identifier: MIT */
/* The one table of rules. docs/rules.md is made from it. */
#include <errno.h>

#include "base/text.h"
#include "rules/rules.h"

#define E SESSIONLINT_SEVERITY_ERROR
#define W SESSIONLINT_SEVERITY_WARNING
#define N SESSIONLINT_SEVERITY_NOTE

static const struct sessionlint_rule_info rules[] = {
	[SESSIONLINT_RULE_ILLEGAL_TRANSITION] = {
		"session/illegal-transition", E, E,
		"No state the session can be in allows the event.",
		"The published table has a cell for each state and event; 31 of the 48 are blank: \"A blank cell "
		"means that no transition can occur directly from that state to that state\" (IO_SESSION_STATE "
		"enumeration, wdm.h). Where a source hides events, the checker follows the set of all states that the "
		"session can be in, so the finding means that no hidden event explains the trace either.\n\n"
		"A text trace is taken to begin before its sessions do. If the finding is about the first event of a "
		"session that was already running when the capture began, check with --start=unknown.\n\n"
		"If the log is not numbered (no seq, and not a Windows log) and the event and the one before it in "
		"its session would be legal in the opposite order, the finding says so; --reorder sorts records by "
		"time.\n\n"
		"After the finding the session is assumed to be in any state that the event leads to. A later finding "
		"that only follows from this one is marked as a cascade.",
		"session=1 event=Created\nsession=1 event=Logon\n",
		"session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Logon\n",
	},
	[SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION] = {
		"session/undocumented-transition", W, E,
		"Windows is known to do it, but it is missing from the published table.",
		"A user who returns to a session that was disconnected while logged on gets the same session: "
		"DisconnectedLoggedOn --Connected--> LoggedOn. Every such reconnect in real logs does it; the table's "
		"cell is blank (IO_SESSION_STATE enumeration, wdm.h). It is not an error of the host, but a driver "
		"written from the table alone will not expect it. Where events are hidden, the finding is at the "
		"event from which on only this transition explains the trace. --strict makes it an error, except "
		"where the published table explains the trace by a Terminated that the source does not show: that is "
		"session/implied-termination.\n\n"
		"In a Windows log it is also reported at a LocalSessionManager 24 that is the first record of a "
		"session after the boot. By the published table a session that never logged on can disconnect, but no "
		"known log shows that.",
		"session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Logon\n"
		"session=1 event=Disconnected\nsession=1 event=Connected\n",
		"session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Disconnected\n"
		"session=1 event=Connected\n",
	},
	[SESSIONLINT_RULE_WRONG_STATE] = {
		"session/wrong-state", E, E,
		"An observed state contradicts the model.",
		"A record can contain the state of the session right before (from) and right after (to) an event, or "
		"a sample (state). The finding means that no legal run of the session is in that state at this point, "
		"whatever the source hides. The checker then continues from the observed state. States: "
		"IO_SESSION_STATE enumeration, wdm.h.",
		"session=1 event=Created from=Initialized to=Connected\n",
		"session=1 event=Created from=Initialized to=Created\n",
	},
	[SESSIONLINT_RULE_INVALID_EVENT] = {
		"session/invalid-event", E, E,
		"The event is IoSessionEventMax or outside the enumeration.",
		"The I/O manager delivers an event \"other than IoSessionEventMax\" (IO_SESSION_EVENT enumeration, "
		"wdm.h). Such a number means that the recorder or the driver reads the wrong memory. The session can "
		"be in any state afterwards.",
		"session=1 event=7\n",
		"session=1 event=1\n",
	},
	[SESSIONLINT_RULE_INVALID_STATE] = {
		"session/invalid-state", E, E,
		"An observed state is IoSessionStateMax or outside the enumeration.",
		"IO_SESSION_STATE has the values 1 to 8; IoSessionStateMax (9) is never delivered "
		"(IO_SESSION_STATE enumeration, wdm.h). The observation is ignored.",
		"session=1 event=Created from=Initialized to=9\n",
		"session=1 event=Created from=2 to=1\n",
	},
	[SESSIONLINT_RULE_IMPLIED_TERMINATION] = {
		"session/implied-termination", N, N,
		"Only a hidden termination while logged on explains the trace.",
		"The source does not show Terminated. Here a session id is reused although nobody logged off from its "
		"last incarnation. The table allows this (LoggedOn --Terminated--> Terminated), but it is rare enough "
		"to be worth a look: the session may have crashed, or the log may have lost the logoff.",
		"source=lsm session=1 event=21\nsource=lsm session=1 event=21\n",
		"source=lsm session=1 event=21\nsource=lsm session=1 event=23\nsource=lsm session=1 event=21\n",
	},
	[SESSIONLINT_RULE_UNFINISHED] = {
		"session/unfinished", N, N,
		"The trace or the boot ends before the session can have ended.",
		"The last state of a session is Terminated (IO_SESSION_STATE enumeration, wdm.h). This one was still "
		"alive at the end of the trace, which is normal for a capture of a running host, or when the host "
		"started again, which means that it went down without an orderly logoff. This is a remark, not a "
		"verdict.",
		"session=1 event=Created\nsession=1 event=Connected\n",
		"session=1 event=Created\nsession=1 event=Connected\nsession=1 event=Terminated\n",
	},
	[SESSIONLINT_RULE_REPORTED_BY_WINDOWS] = {
		"session/reported-by-windows", E, E,
		"Windows itself reports an invalid or failed transition.",
		"Events 36 (\"an error occurred when transitioning\") and 37 (\"invalid state transition\") of "
		"Microsoft-Windows-TerminalServices-LocalSessionManager. Their state and event numbers are the "
		"session manager's own, not those of IO_SESSION_STATE. The session can be in any state "
		"afterwards.",
		"source=lsm session=1 marker=reported reason=\"CsrConnected, EvCsrInitialized, 0x80070102\"\n",
		"source=lsm session=1 event=21\n",
	},
	[SESSIONLINT_RULE_WRONG_USER] = {
		"session/wrong-user", E, E,
		"A record names a different user than the one who logged on.",
		"A session has one user from its Logon to its Logoff; a disconnect is not a logoff. If somebody else "
		"reconnects, either the session was taken over or the recorder mixes up sessions. Three sources "
		"record the user: SENS (\"ISensLogon2 interface (sensevts.h)\": bstrUserName), the Local Session "
		"Manager (events 23, 24 and 25 name the user of the 21 before them) and Winlogon (7002 has the "
		"UserSid of the 7001). The name is compared with that of the Logon, or of the first record if the "
		"trace begins later. Case does not matter, and empty names are ignored. Names of different forms "
		"(DOMAIN\\user, user@domain, SID) are not compared. If one of the names has no domain or a DNS "
		"domain, only the accounts are compared.",
		"source=sens session=1 event=Logon user=CONTOSO\\ada\n"
		"source=sens session=1 event=SessionDisconnect user=CONTOSO\\bob\n",
		"source=sens session=1 event=Logon user=CONTOSO\\ada\n"
		"source=sens session=1 event=SessionDisconnect user=contoso\\ada\n",
	},
	[SESSIONLINT_RULE_MALFORMED] = {
		"trace/malformed", E, E,
		"A record cannot be read.",
		"The message says where, and the reason. The rest is still checked; a session whose record may have "
		"been lost can be in any state afterwards, so that nothing is reported that the lost record might "
		"explain. The exit status is 2: the job could not be done in full. If a log begins with more than 20 "
		"such records and no readable one, the rest are counted in one finding.",
		"session=1 event=Logn\n",
		"session=1 event=Created\n",
	},
	[SESSIONLINT_RULE_TIME_REVERSED] = {
		"trace/time-reversed", N, N,
		"A record is older than the one before it.",
		"Records are judged in the order of the log (of seq; of EventRecordID in an .evtx file), not of time: "
		"clocks are set back, and writers swap neighbours. Durations measured across such a place mean "
		"little. In a Windows log, less than a second is not reported: neighbours are swapped like that when "
		"the host shuts down.",
		"time=2026-01-01T10:00:01Z session=1 event=Created\n"
		"time=2026-01-01T10:00:00Z session=1 event=Connected\n",
		"time=2026-01-01T10:00:00Z session=1 event=Created\n"
		"time=2026-01-01T10:00:01Z session=1 event=Connected\n",
	},
	[SESSIONLINT_RULE_GAP] = {
		"trace/gap", N, N,
		"Records are missing, or what the log says about itself is wrong.",
		"The trace says so itself (marker=gap), or its numbering does: seq, or the EventRecordID of an .evtx "
		"file. Records are first sorted by seq within a window of 16,384 records; one that comes too late for "
		"that, or twice, is reported as well, and so is numbering that begins with neither 0 nor 1. Each "
		"session of the host, or of all hosts if seq numbers the records of the whole trace, can then be in "
		"any state that this many events can lead to, or in any state if their number is unknown, and its "
		"verdict is undetermined unless the trace shows it begin again. The rule also reports a log whose "
		"header does not match its contents although nothing is missing, and old records after the end of an "
		".evtx log, which --recover reads.",
		"seq=1 session=1 event=Created\nseq=4 session=1 event=Logon\n",
		"seq=1 session=1 event=Created\nseq=2 session=1 event=Connected\n",
	},
	[SESSIONLINT_RULE_LATE] = {
		"trace/late", W, W,
		"A record comes too late to be sorted by its time.",
		"With --reorder=DURATION, text records without seq are delayed until a record of their host arrives "
		"that is later by that much, and judged in the order of their times. This record is older than one "
		"that has already been judged. It is judged where it is; its session, or all sessions of its host if "
		"it is not about one, can be in any state before and after it. A longer duration avoids this. After "
		"16 such records in a row the clock is assumed to have been set back.",
		"# options: --reorder=1s\n"
		"time=2026-01-01T10:00:00Z session=1 event=Created\n"
		"time=2026-01-01T10:00:09Z session=2 event=Created\n"
		"time=2026-01-01T10:00:19Z session=2 event=Connected\n"
		"time=2026-01-01T10:00:03Z session=1 event=Connected\n",
		"# options: --reorder=20s\n"
		"time=2026-01-01T10:00:00Z session=1 event=Created\n"
		"time=2026-01-01T10:00:09Z session=2 event=Created\n"
		"time=2026-01-01T10:00:19Z session=2 event=Connected\n"
		"time=2026-01-01T10:00:03Z session=1 event=Connected\n",
	},
	[SESSIONLINT_RULE_UNUSED_SUPPRESSION] = {
		"trace/unused-suppression", W, W,
		"The trace suppresses a finding that does not occur.",
		"A record can name rules (allow) whose findings about it are known, and say why (allow_reason): those "
		"findings do not count. This record names a rule that found nothing there up to the end of the log, "
		"because the breach is gone or because the keys are on the wrong record. Remove the rule, so that it "
		"cannot hide a future breach. Rules that are off are not reported.",
		"session=1 event=Created allow=unfinished allow_reason=\"the capture is short\"\n"
		"session=1 event=Terminated\n",
		"session=1 event=Created allow=unfinished allow_reason=\"the capture is short\"\n",
	},
	[SESSIONLINT_RULE_NEWEST_FIRST] = {
		"trace/newest-first", E, E,
		"A text trace is newest first.",
		"The times of its first records run backward, never forward: many tools export events with the latest "
		"first. Such a log is not judged, and the exit status is 2. --reverse reads it from its end.\n\n"
		"Times are compared per host. If records have seq, that decides the order; if the first ones have no "
		"time, they are taken as they come. Three steps back without one forward are enough. A shorter log, "
		"in which the clock may have been set back, is newest first if it breaks the model as it is, but not "
		"if it is read from its end.",
		"time=2026-01-01T10:00:03Z session=1 event=Terminated\n"
		"time=2026-01-01T10:00:02Z session=1 event=Disconnected\n"
		"time=2026-01-01T10:00:01Z session=1 event=Connected\n"
		"time=2026-01-01T10:00:00Z session=1 event=Created\n",
		"time=2026-01-01T10:00:00Z session=1 event=Created\n"
		"time=2026-01-01T10:00:01Z session=1 event=Connected\n"
		"time=2026-01-01T10:00:02Z session=1 event=Disconnected\n"
		"time=2026-01-01T10:00:03Z session=1 event=Terminated\n",
	},
	[SESSIONLINT_RULE_NOTHING_JUDGED] = {
		"trace/nothing-judged", W, W,
		"A log, or a folder of logs, contains nothing to judge.",
		"No record was an event or a state of a session, a notification, a call or an I/O object: there are "
		"no findings because there was nothing to check. Typical causes are a test that did not record, a "
		"filter that left everything out, an empty or cleared log, or the wrong Windows log; Windows logs "
		"what sessions do in Microsoft-Windows-TerminalServices-LocalSessionManager/Operational, and logons "
		"and logoffs in System. The finding is about each file that was named, and about a folder if none of "
		"its logs contains anything to judge; a single log without sessions in a folder of others is not a "
		"finding. Use --fail-on=warning or --rule=nothing-judged=error to let a gate fail on it.",
		"marker=boot\n",
		"marker=boot\nsession=1 event=Created\n",
	},
	[SESSIONLINT_RULE_CONTRADICTION] = {
		"account/contradiction", E, E,
		"Records of a machine's logs that no run of the model explains.",
		"Several logs of a machine show the same transitions (check --together). The account of a session is "
		"the cheapest run of the model in which every record is a witness of one transition, all witnesses "
		"of a transition lie within the window (--window), and no log that is complete lacks what it always "
		"shows. These records are in no such run: they are the fewest that must be left out. Either a log "
		"was changed, or a file is of another machine, or Windows did what the table does not allow. All "
		"records are listed as witnesses; the history is the run without them.\n\n"
		"Which log shows what: docs/account.md.",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z source=lsm marker=boot\n"
		"time=2026-01-02T08:01:00Z source=winlogon session=1 event=Logon\n"
		"time=2026-01-02T08:01:01Z source=lsm session=1 event=Logon\n"
		"time=2026-01-02T08:05:00Z source=lsm session=1 event=Logoff\n"
		"time=2026-01-02T08:05:01Z source=winlogon session=1 event=Logoff\n"
		"time=2026-01-02T08:09:00Z source=lsm session=1 event=Logoff\n"
		"time=2026-01-02T08:09:01Z source=winlogon session=1 event=Logoff\n",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z source=lsm marker=boot\n"
		"time=2026-01-02T08:01:00Z source=winlogon session=1 event=Logon\n"
		"time=2026-01-02T08:01:01Z source=lsm session=1 event=Logon\n"
		"time=2026-01-02T08:09:00Z source=lsm session=1 event=Logoff\n"
		"time=2026-01-02T08:09:01Z source=winlogon session=1 event=Logoff\n",
	},
	[SESSIONLINT_RULE_MISSING_WITNESS] = {
		"account/missing-witness", N, N,
		"A log that is present and complete lacks a transition that another log shows.",
		"The log has records before and after the transition, none are missing around it, and it always "
		"shows such transitions (check --together). A record was removed, or the program that writes it did "
		"not run. Nothing is reported while the machine shuts down, when logs are closed one by one.",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z source=lsm marker=boot\n"
		"time=2026-01-02T08:01:00Z source=winlogon session=1 event=Logon\n"
		"time=2026-01-02T08:01:01Z source=lsm session=1 event=Logon\n"
		"time=2026-01-02T08:09:00Z source=winlogon session=1 event=Logoff\n"
		"time=2026-01-02T08:20:00Z source=lsm session=2 event=Logon\n"
		"time=2026-01-02T08:20:01Z source=winlogon session=2 event=Logon\n",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z source=lsm marker=boot\n"
		"time=2026-01-02T08:01:00Z source=winlogon session=1 event=Logon\n"
		"time=2026-01-02T08:01:01Z source=lsm session=1 event=Logon\n",
	},
	[SESSIONLINT_RULE_UNNAMED_SESSION] = {
		"account/unnamed-session", N, N,
		"A winlogon process cannot be tied to a session.",
		"Winlogon's own log names no session, only the process, and a winlogon process serves one session. "
		"The System log names both when somebody logs on or off (7001, 7002); otherwise a remote connection "
		"right before the process started names the session (check --together). Nothing names this one: its "
		"records are judged by themselves. Most often nobody logged on to the session.",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z source=lsm marker=boot\n"
		"time=2026-01-02T08:01:00Z source=winlogon-operational session=612 event=Created\n",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z source=lsm marker=boot\n"
		"time=2026-01-02T08:01:00Z source=rdp session=2 event=Connected\n"
		"time=2026-01-02T08:01:00.3Z source=winlogon-operational session=612 event=Created\n",
	},
	[SESSIONLINT_RULE_CLOCK_JUMP] = {
		"account/clock-jump", N, N,
		"The clock of a machine was set back.",
		"All logs of a machine share its clock. Where it runs backward by more than the window, the finding "
		"is reported once for all of them (check --together). The order of the records is not affected: they "
		"are put into order by the records of each log and by what they are witnesses of.",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z source=lsm marker=boot\n"
		"time=2026-01-02T08:01:00Z source=lsm session=1 event=Logon\n"
		"time=2026-01-02T07:01:00Z source=lsm session=1 event=Logoff\n",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z source=lsm marker=boot\n"
		"time=2026-01-02T08:01:00Z source=lsm session=1 event=Logon\n"
		"time=2026-01-02T08:02:00Z source=lsm session=1 event=Logoff\n",
	},
	[SESSIONLINT_RULE_DIFFERENT_COMPUTERS] = {
		"account/different-computers", W, E,
		"Logs that are to be judged together have no computer name in common.",
		"The logs of one machine name the same computer, or one of them names both the old and the new name "
		"(check --together). These do not: they may be of different machines, and then the account means "
		"nothing. Use --together=computer for the logs of many computers in one folder.",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z host=A source=lsm session=1 event=Logon\n"
		"time=2026-01-02T08:00:01Z host=B source=winlogon session=1 event=Logon\n",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z host=A source=lsm session=1 event=Logon\n"
		"time=2026-01-02T08:00:01Z host=A source=winlogon session=1 event=Logon\n",
	},
	[SESSIONLINT_RULE_INCOMPLETE_SEARCH] = {
		"account/incomplete-search", N, N,
		"Too many records of a session are close together to try every run.",
		"The account of a session is the cheapest run that explains its records (check --together). All runs are "
		"tried unless many records of several logs lie within the window and do not fit together; then only the "
		"cheapest so far are followed, and a better one may exist. Other findings of the session near this place are "
		"less certain. A smaller --window leaves fewer runs.",
		"# options: --together --rule session/undocumented-transition=off\n"
		"time=2026-01-02T08:00:00.0Z source=lsm session=1 event=Logoff\n"
		"time=2026-01-02T08:00:00.1Z source=winlogon session=1 event=Logon\n"
		"time=2026-01-02T08:00:00.2Z source=profile session=1 event=Logon\n"
		"time=2026-01-02T08:00:00.3Z source=rdp session=1 event=Connected\n"
		"time=2026-01-02T08:00:00.4Z source=lsm session=1 event=Logon\n"
		"time=2026-01-02T08:00:00.5Z source=winlogon session=1 event=Logoff\n"
		"time=2026-01-02T08:00:00.6Z source=profile session=1 event=Logoff\n"
		"time=2026-01-02T08:00:00.7Z source=rdp session=1 event=Connected\n"
		"time=2026-01-02T08:00:00.8Z source=lsm session=1 event=Logoff\n"
		"time=2026-01-02T08:00:00.9Z source=winlogon session=1 event=Logon\n"
		"time=2026-01-02T08:00:01.0Z source=profile session=1 event=Logon\n"
		"time=2026-01-02T08:00:01.1Z source=rdp session=1 event=Connected\n"
		"time=2026-01-02T08:00:01.2Z source=lsm session=1 event=Logon\n"
		"time=2026-01-02T08:00:01.3Z source=winlogon session=1 event=Logoff\n"
		"time=2026-01-02T08:00:01.4Z source=profile session=1 event=Logoff\n"
		"time=2026-01-02T08:00:01.5Z source=rdp session=1 event=Connected\n",
		"# options: --together\n"
		"time=2026-01-02T08:00:00Z source=winlogon session=1 event=Logon\n"
		"time=2026-01-02T08:00:01Z source=profile session=1 event=Logon\n"
		"time=2026-01-02T08:00:02Z source=lsm session=1 event=Logon\n",
	},
};

#undef E
#undef W
#undef N

static const char *const severity_names[] = {
	[SESSIONLINT_SEVERITY_OFF] = "off",
	[SESSIONLINT_SEVERITY_NOTE] = "note",
	[SESSIONLINT_SEVERITY_WARNING] = "warning",
	[SESSIONLINT_SEVERITY_ERROR] = "error",
};

#define SEVERITIES (sizeof severity_names / sizeof severity_names[0])

const struct sessionlint_rule_info *sessionlint_rule_info(unsigned rule)
{
	if (rule >= DRIVER_RULE_FIRST && rule <= DRIVER_RULE_LAST)
		return &driver_rules[rule - DRIVER_RULE_FIRST];
	return rule < RULE_COUNT ? &rules[rule] : NULL;
}

_Static_assert(sizeof rules / sizeof rules[0] == RULE_COUNT,
	       "the last rule is the last of the enumeration");

unsigned sessionlint_rule_count(void)
{
	return RULE_COUNT;
}

int sessionlint_rule_parse(const char *name, size_t size, enum sessionlint_rule *ret_rule)
{
	struct sessionlint_text text = text_of(name, size);
	unsigned found = RULE_COUNT, matches = 0;

	for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
		const char *known = sessionlint_rule_info(rule)->name;

		if (text_is(text, known)) {
			*ret_rule = (enum sessionlint_rule)rule;
			return 0;
		}
		if (text_is(text, strchr(known, '/') + 1)) {
			found = rule;
			matches++;
		}
	}
	if (matches != 1)
		return -EINVAL;
	*ret_rule = (enum sessionlint_rule)found;
	return 0;
}

const char *sessionlint_severity_name(unsigned severity)
{
	return severity < SEVERITIES ? severity_names[severity] : NULL;
}

int sessionlint_severity_parse(const char *name, size_t size,
			       enum sessionlint_severity *ret_severity)
{
	for (unsigned severity = 0; severity < SEVERITIES; severity++) {
		if (text_is(text_of(name, size), severity_names[severity])) {
			*ret_severity = (enum sessionlint_severity)severity;
			return 0;
		}
	}
	return -EINVAL;
}

void rule_print_anchor(FILE *file, const char *name)
{
	/* it has no slash */
	for (; *name; name++)
		if (*name != '/')
			putc(*name, file);
}
