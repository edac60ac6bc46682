/* SPDX-License-Identifier: MIT */
#include "trace/recognize.h"

#include "trace/text/telltale.h"

#define EXPORT "export the log itself: wevtutil epl CHANNEL FILE.evtx"
#define UNPACK "unpack it first"

/* ---- probes of rows ---- */

/* JSON that is not one object a line can only be recognized by a complete object. */
static enum probe_result json_wait(const struct head *head)
{
	bool is_seen = head->json.is_closed ||
		       (head->has_line && head->json.is_one_line && !head->json.is_array);

	return head->is_json && !is_seen && !head->is_whole ? PROBE_WAIT : PROBE_NO;
}

/* A line of columns can only be recognized when it is complete. */
static enum probe_result line_wait(const struct head *head)
{
	return head->first && !head->has_line && !head->is_whole ? PROBE_WAIT : PROBE_NO;
}

static enum probe_result all_wait(const struct head *head)
{
	return head->is_whole ? PROBE_NO : PROBE_WAIT;
}

/* Some magic numbers are far from the start. */
static enum probe_result binary_wait(const struct head *head)
{
	return head->is_text || head->is_whole ? PROBE_NO : PROBE_WAIT;
}

static enum probe_result is_binary(const struct head *head)
{
	return head->is_text ? PROBE_NO : PROBE_YES;
}

static enum probe_result is_utf16(const struct head *head)
{
	return !head->is_text && head_is_wide(head) ? PROBE_YES : PROBE_NO;
}

/* WMI_BUFFER_HEADER has 72 bytes; the SYSTEM_TRACE_HEADER after it has version 2 and is 32-bit
 * or 64-bit. */
static enum probe_result is_etl(const struct head *head)
{
	const unsigned char *at = head->bytes + 72;

	return head->size >= 80 && at[0] == 2 && at[1] == 0 && (at[2] == 1 || at[2] == 2) &&
			       at[3] == 0xc0
		       ? PROBE_YES
		       : PROBE_NO;
}

static enum probe_result is_markup(const struct head *head)
{
	const char *at = head->first;

	return at && at[0] == '<' &&
			       (at[1] == '?' || at[1] == '!' || (at[1] >= 'A' && at[1] <= 'Z') ||
				(at[1] >= 'a' && at[1] <= 'z'))
		       ? PROBE_YES
		       : PROBE_NO;
}

/* Whether the keys are those of a trace. */
static enum probe_result is_json_trace(const struct head *head)
{
	return head->is_json && telltale_json(&head->json) ? PROBE_YES : PROBE_NO;
}

static enum probe_result is_json(const struct head *head)
{
	return head->is_json ? PROBE_YES : PROBE_NO;
}

/* A second line with as many separators as the first makes this a table. Prose has blanks after
 * its commas. */
static enum probe_result is_table(const struct head *head)
{
	const char *at = head->first, *end;
	unsigned counts[2] = { 0, 0 };

	for (unsigned line = 0; at && line < 2; line++) {
		end = head_line_end(head, at);
		for (; at < end; at++)
			counts[line] += *at == head->separator && at[1] != ' ';
		at = *end == '\n' ? end + 1 : NULL;
	}
	return head->separator && counts[0] > 0 && counts[0] == counts[1] ? PROBE_YES : PROBE_NO;
}

static enum probe_result is_blank(const struct head *head)
{
	return head->is_text && !head->first ? PROBE_YES : PROBE_NO;
}

/* Whether a later line starts like a trace: then only the first lines are bad. */
static enum probe_result is_later(const struct head *head, bool is_json)
{
	const char *at = head->first;

	while (at) {
		const char *end = head_line_end(head, at);
		struct head_json json;

		if (!is_json && *end == '\n' && telltale_record(at, end + 1))
			return PROBE_YES;
		if (is_json && *at == '{') {
			head_json_read(at, end, &json);
			if (telltale_json(&json))
				return PROBE_YES;
		}
		at = *end == '\n' ? end + 1 : NULL;
	}
	return PROBE_NO;
}

static enum probe_result is_later_logfmt(const struct head *head)
{
	return is_later(head, false);
}

static enum probe_result is_later_ndjson(const struct head *head)
{
	bool is_document = head->is_json && (head->json.is_array || !head->json.is_one_line);

	return is_document ? PROBE_NO : is_later(head, true);
}

/* ---- the table ---- */

#define MAGIC(bytes)                                                                               \
	{                                                                                          \
		bytes, sizeof bytes - 1, 0                                                         \
	}
#define LOG    .is = RECOGNITION_LOG
#define SHAPE  .is = RECOGNITION_SHAPE
#define REPORT .is = RECOGNITION_REPORT
#define OTHER  .is = RECOGNITION_OTHER

/* The first row that matches. If a row needs more bytes, later ones are not tried. */
static const struct recognition table[] = {
	/* ---- bytes ---- */
	{ LOG, .format = &reader_evtx },
	{ SHAPE, .magic = { "LfLe", 4, 4 },
	  .what = "an event log of Windows XP or Server 2003 (.evt); convert it on a newer "
		  "Windows: "
		  "wevtutil epl /lf:true OLD.evt NEW.evtx" },
	{ OTHER, .magic = MAGIC("\x1f\x8b"), .what = "compressed by gzip; " UNPACK },
	{ OTHER, .magic = MAGIC("PK\3\4"), .what = "a zip archive; " UNPACK },
	{ OTHER, .magic = MAGIC("7z\xbc\xaf\x27\x1c"), .what = "a 7-Zip archive; " UNPACK },
	{ OTHER,
	  .magic = MAGIC("\xfd"
			 "7zXZ"),
	  .what = "compressed by xz; " UNPACK },
	{ OTHER, .magic = MAGIC("\x28\xb5\x2f\xfd"), .what = "compressed by zstd; " UNPACK },
	{ OTHER, .magic = MAGIC("\x04\x22\x4d\x18"), .what = "compressed by lz4; " UNPACK },
	{ OTHER, .magic = MAGIC("BZh"), .probe = is_binary,
	  .what = "compressed by bzip2; " UNPACK },
	{ OTHER, .magic = MAGIC("Rar!\x1a\x07"), .what = "a RAR archive; " UNPACK },
	{ OTHER, .magic = MAGIC("MSCF\0\0\0\0"), .what = "a cabinet (.cab); " UNPACK },
	{ .probe = binary_wait },
	{ OTHER, .probe = is_etl,
	  .what = "an event trace log (.etl); convert it: tracefmt FILE.etl -o FILE.log, or "
		  "tracerpt FILE.etl -of EVTX -o FILE.evtx" },
	{ OTHER, .magic = { "ustar", 5, 257 }, .what = "a tar archive; " UNPACK },
	{ OTHER, .magic = MAGIC("\xd4\xc3\xb2\xa1"),
	  .what = "a capture of network packets (pcap)" },
	{ OTHER, .magic = MAGIC("\xa1\xb2\xc3\xd4"),
	  .what = "a capture of network packets (pcap)" },
	{ OTHER, .magic = MAGIC("\x0a\x0d\x0d\x0a"),
	  .what = "a capture of network packets (pcapng)" },
	{ OTHER, .magic = MAGIC("PAGEDU64"),
	  .what = "a memory dump; extract the debug output: !dbgprint in WinDbg" },
	{ OTHER, .magic = MAGIC("PAGEDUMP"),
	  .what = "a memory dump; extract the debug output: !dbgprint in WinDbg" },
	{ OTHER, .magic = MAGIC("MDMP"), .what = "a minidump" },
	{ OTHER, .magic = MAGIC("MZ"), .probe = is_binary, .what = "a program for Windows" },
	{ OTHER,
	  .magic = MAGIC("\x7f"
			 "ELF"),
	  .what = "a program for Linux" },
	{ OTHER, .magic = MAGIC("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
	  .what = "a document of Office or an installer (OLE)" },
	{ OTHER, .probe = is_utf16,
	  .what = "text in UTF-16 without a byte order mark; save it as UTF-8" },
	{ OTHER, .probe = is_binary, .what = "neither an .evtx log nor text" },

	/* ---- JSON ---- */
	{ .probe = json_wait },
	{ REPORT, .members = { "rule", "severity", "fingerprint" },
	  .what = "a report of sessionlint" },
	{ REPORT, .members = { "check_name", "fingerprint" }, .what = "a report of sessionlint" },
	{ REPORT, .words = { "{\"summary\":{\"version\":" }, .what = "a report of sessionlint" },
	{ REPORT, .words = { "\"driver\":{\"name\":\"sessionlint\"" },
	  .what = "a report of sessionlint" },
	{ REPORT, .members = { "baseline" }, .words = { "\"baseline\":\"sessionlint\"" },
	  .what = "a baseline of sessionlint" },
	{ REPORT, .members = { "ledger" }, .words = { "\"ledger\":\"sessionlint\"" },
	  .what = "a report of sessionlint" },
	{ SHAPE, .members = { "winlog", "@timestamp" },
	  .what = "events as Winlogbeat ships them (JSON); " EXPORT },
	{ SHAPE, .members = { "EventTime", "RecordNumber", "EventID" },
	  .what = "events as NXLog ships them (JSON); " EXPORT },
	{ SHAPE, .members = { "EventTime", "EventRecordID", "EventID" },
	  .what = "events as Velociraptor collects them (JSON); collect the .evtx file, "
		  "or " EXPORT },
	{ SHAPE, .members = { "System", "EventData" },
	  .what = "events as Velociraptor parses them (JSON); collect the .evtx file, or " EXPORT },
	{ SHAPE, .members = { "Event" }, .words = { "EventRecordID" },
	  .what = "the output of evtx_dump (JSON); check the original .evtx file" },
	{ SHAPE, .members = { "Id", "ProviderName", "LogName" },
	  .what = "events from Get-WinEvent as JSON (ConvertTo-Json); " EXPORT },
	{ SHAPE, .members = { "EventID" }, .what = "events of Windows as JSON; " EXPORT },
	{ SHAPE, .members = { "EventId" }, .what = "events of Windows as JSON; " EXPORT },
	{ SHAPE, .members = { "event_id" }, .what = "events of Windows as JSON; " EXPORT },
	{ SHAPE, .members = { "EventCode" }, .what = "events of Windows as JSON; " EXPORT },
	{ LOG, .format = &reader_ndjson },

	{ LOG, .format = &reader_logfmt },

	/* ---- markup ---- */
	{ REPORT, .probe = is_markup, .words = { "package=\"sessionlint\"" },
	  .what = "a report of sessionlint" },
	{ REPORT, .probe = is_markup, .words = { "<title>sessionlint" },
	  .what = "a report of sessionlint" },
	{ REPORT, .probe = is_markup, .words = { "class=\"sessionlint\"" },
	  .what = "a diagram of sessionlint" },
	{ REPORT, .probe = is_markup, .words = { "urn:sessionlint:" },
	  .what = "a diagram of sessionlint" },
	{ SHAPE, .words = { "Record 1", "http://schemas.microsoft.com/win/2004/08/events/event" },
	  .what = "the output of evtx_dump (XML); check the original .evtx file" },
	{ SHAPE, .words = { "<Event ", "http://schemas.microsoft.com/win/2004/08/events/event" },
	  .what = "an event log as XML; " EXPORT },

	/* ---- tables ---- */
	{ .probe = line_wait },
	{ REPORT, .columns = { "rule", "severity", "cascade" }, .what = "a report of sessionlint" },
	{ SHAPE, .columns = { "EventRecordId", "PayloadData1", "Channel" },
	  .what = "a CSV made by EvtxECmd; check the original .evtx file" },
	{ SHAPE, .columns = { "Id", "ProviderName", "LogName" },
	  .what = "a CSV of events from Get-WinEvent (Export-Csv); " EXPORT },
	{ SHAPE, .columns = { "Event ID", "Task Category" },
	  .what = "a CSV saved by Event Viewer; save all events as .evtx there, or " EXPORT },
	{ SHAPE, .columns = { "EventID", "EventLog" },
	  .what = "a CSV of a KQL query; let the query give the columns time, source, host, "
		  "session and "
		  "event, or " EXPORT },
	{ SHAPE, .columns = { "EventID" }, .what = "events of Windows as a CSV; " EXPORT },
	{ SHAPE, .columns = { "Event ID" }, .what = "events of Windows as a CSV; " EXPORT },
	{ SHAPE, .columns = { "EventCode" }, .what = "events of Windows as a CSV; " EXPORT },
	{ LOG, .format = &reader_csv },

	/* ---- debug output, and what is only read if it is named ---- */
	{ REPORT, .words = { "## sessionlint: ", "| files | events |" },
	  .what = "a report of sessionlint" },
	{ LOG, .format = &reader_debugview },
	{ SHAPE, .probe = is_table, .words = { "Microsoft-Windows-" },
	  .what = "events of Windows as a CSV; " EXPORT },
	{ .probe = all_wait },
	{ OTHER, .probe = is_blank, .format = &reader_logfmt },
	{ LOG, .probe = is_later_ndjson, .format = &reader_ndjson },
	{ LOG, .probe = is_later_logfmt, .format = &reader_logfmt },
	{ SHAPE, .probe = is_json_trace,
	  .what = "JSON, but not one object per line; convert it: jq -c '.[]' FILE for an array, "
		  "jq -c . FILE for objects of several lines" },
	/* any of these may have a record far from the start */
	{ OTHER, .probe = is_json, .format = &reader_tagged,
	  .what = "other JSON: a record has session and event, notify, call, ..." },
	{ OTHER, .probe = is_markup, .format = &reader_tagged, .what = "other XML or HTML" },
	{ OTHER, .probe = is_table, .format = &reader_tagged,
	  .what = "another table: the header of a trace has the columns session and event, "
		  "notify, call, ..." },
	{ OTHER, .format = &reader_tagged,
	  .what = "text without a record: neither key=value, JSON or CSV with the keys of a trace, "
		  "nor a line with 'sessionlint:'" },
};

/* ---- the search ---- */

static bool magic_fits(const struct recognition *row, const struct head *head)
{
	return head->size >= row->magic.at + row->magic.size &&
	       memcmp(head->bytes + row->magic.at, row->magic.bytes, row->magic.size) == 0;
}

/* Whether all conditions of a row except its probe are met. */
static bool row_fits(const struct recognition *row, const struct head *head)
{
	if (row->magic.bytes && !magic_fits(row, head))
		return false;
	for (unsigned i = 0; i < 3 && row->members[i]; i++)
		if (!head->is_json || !head_json_has(&head->json, row->members[i]))
			return false;
	for (unsigned i = 0; i < 3 && row->columns[i]; i++)
		if (!head_has_column(head, row->columns[i]))
			return false;
	for (unsigned i = 0; i < 2 && row->words[i]; i++)
		if (!head_holds(head, row->words[i]))
			return false;
	return true;
}

const struct recognition *recognize(const struct head *head)
{
	for (const struct recognition *row = table;; row++) {
		enum probe_result result = PROBE_NO;

		if (row_fits(row, head))
			result = row->probe                   ? row->probe(head)
				 : row->is == RECOGNITION_LOG ? row->format->probe(head)
							      : PROBE_YES;
		if (result == PROBE_YES)
			return row;
		/* a whole head never waits */
		if (result == PROBE_WAIT)
			return NULL;
	}
}
