/* SPDX-License-Identifier: MIT */
/* Kusto: the table Event of Microsoft Sentinel and Azure Monitor. */
#include "detection/detection.h"

/* Which records there are. */
static void print_records(FILE *file, const struct detection_pack *pack)
{
	fprintf(file,
		"Event\n"
		"| where EventLog == \"%s\"\n"
		"| extend Happened = case(\n",
		pack->channel);
	for (unsigned i = 0; i < pack->letter_count; i++) {
		const struct detection_letter *letter = &pack->letters[i];

		fprintf(file, "    Source == \"%s\" and EventID in (", letter->provider);
		detection_print_values(file, letter, "", ", ");
		fprintf(file, "), \"%s\",\n", letter->name);
	}
	fprintf(file,
		"    \"\")\n"
		"| where Happened != \"\"\n"
		"| extend Session = extract(@'(?:\\b%s\"?>|\\bSession ID:\\s*)(\\d+)', 1, "
		"strcat(EventData, ' ', RenderedDescription))\n"
		"| where Happened == \"Boot\" or Session != \"\"\n",
		pack->session_field);
}

/* What came before in the same session; a boot ends all sessions of a computer. */
static void print_histories(FILE *file, const struct detection_pack *pack)
{
	fprintf(file,
		"| sort by Computer asc, TimeGenerated asc\n"
		"| extend Boot = row_cumsum(iff(Happened == \"Boot\", 1, 0), Computer != "
		"prev(Computer))\n"
		"| where Happened != \"Boot\"\n"
		"| sort by Computer asc, Boot asc, Session asc, TimeGenerated asc\n"
		"| extend Position = row_number(1, Computer != prev(Computer) or Boot != "
		"prev(Boot) or "
		"Session != prev(Session))\n"
		"| extend History = strcat(\n"
		"    iff(Boot > 0 and Position < %u, \" Boot\", \"\"),\n",
		pack->longest);
	for (unsigned back = pack->longest - 1; back > 0; back--)
		fprintf(file, "    iff(Position > %u, strcat(\" \", prev(Happened, %u)), \"\"),\n",
			back, back);
	fputs("    \" \", Happened)\n", file);
}

/* The rules of the words, or their severities, by the word. */
static void print_case(FILE *file, const struct detection_pack *pack, const char *column,
		       const char *(*value)(const struct detection_word *word))
{
	const char *last = value(&pack->words[pack->count - 1]);

	if (value(&pack->words[0]) == last) {
		fprintf(file, "| extend %s = \"%s\"\n", column, last);
		return;
	}
	fprintf(file, "| extend %s = case(\n", column);
	for (size_t i = 0; i < pack->count && value(&pack->words[i]) != last; i++) {
		fputs("    Word == \"", file);
		detection_print_word(file, pack, &pack->words[i].word, " ");
		fprintf(file, "\", \"%s\",\n", value(&pack->words[i]));
	}
	fprintf(file, "    \"%s\")\n", last);
}

static void kql_write(FILE *file, const struct detection_pack *pack)
{
	detection_print_header(file, pack, "kql", "// ");
	fputs("// The table Event has no record numbers: records of the same time can be out of "
	      "order.\n",
	      file);
	print_records(file, pack);
	print_histories(file, pack);
	fputs("| extend Word = case(\n", file);
	for (size_t i = 0; i < pack->count; i++) {
		fputs("    History endswith_cs \" ", file);
		detection_print_word(file, pack, &pack->words[i].word, " ");
		fputs("\", \"", file);
		detection_print_word(file, pack, &pack->words[i].word, " ");
		fputs("\",\n", file);
	}
	fputs("    \"\")\n"
	      "| where Word != \"\"\n",
	      file);
	print_case(file, pack, "Rule", detection_rule_name);
	print_case(file, pack, "Severity", detection_severity);
	fputs("| project TimeGenerated, Computer, Session, EventID, Word, Rule, Severity\n", file);
}

const struct detection_language detection_kql = {
	.name = "kql",
	.summary = "a query for the table Event of Microsoft Sentinel",
	.windows_only = true,
	.write = kql_write,
};
