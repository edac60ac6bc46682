/* SPDX-License-Identifier: MIT */
/* Splunk's search language, for the logs that its add-on for Windows reads. */
#include "detection/detection.h"

static void print_records(FILE *file, const struct detection_pack *pack)
{
	fprintf(file, "(source=\"WinEventLog:%s\" OR source=\"XmlWinEventLog:%s\")\n",
		pack->channel, pack->channel);
	fputs("| eval happened=case(", file);
	for (unsigned i = 0; i < pack->letter_count; i++) {
		const struct detection_letter *letter = &pack->letters[i];

		fprintf(file, "%scoalesce(SourceName, Name)=\"%s\" AND in(EventCode, ",
			i > 0 ? ",\n    " : "\n    ", letter->provider);
		detection_print_values(file, letter, "", ", ");
		fprintf(file, "), \"%s\"", letter->name);
	}
	fprintf(file,
		")\n"
		"| where isnotnull(happened)\n"
		"| rex \"(?:\\b%s\\\"?>|\\bSession ID:\\s*)(?<session>\\d+)\"\n"
		"| eval record=tonumber(coalesce(EventRecordID, RecordNumber))\n"
		"| sort 0 host, record\n",
		pack->session_field);
}

static void print_histories(FILE *file, const struct detection_pack *pack)
{
	fprintf(file,
		"| eval booted=if(happened=\"Boot\", 1, 0)\n"
		"| streamstats sum(booted) AS boot BY host\n"
		"| where happened!=\"Boot\" AND isnotnull(session)\n"
		"| streamstats count AS position BY host, boot, session\n"
		"| streamstats window=%u global=false list(happened) AS history BY host, boot, "
		"session\n"
		"| eval history=if(boot>0 AND position<%u, \" Boot\", \"\").\" \".mvjoin(history, "
		"\" \")\n",
		pack->longest, pack->longest);
}

static void print_words(FILE *file, const struct detection_pack *pack)
{
	fputs("| eval word=case(", file);
	for (size_t i = 0; i < pack->count; i++) {
		fprintf(file, "%s\n    match(history, \" ", i > 0 ? "," : "");
		detection_print_word(file, pack, &pack->words[i].word, " ");
		fputs("$\"), \"", file);
		detection_print_word(file, pack, &pack->words[i].word, " ");
		fputs("\"", file);
	}
	fputs(")\n"
	      "| where isnotnull(word)\n",
	      file);
}

static void print_case(FILE *file, const struct detection_pack *pack, const char *field,
		       const char *(*value)(const struct detection_word *word))
{
	const char *last = value(&pack->words[pack->count - 1]);

	fprintf(file, "| eval %s=case(\n", field);
	for (size_t i = 0; i < pack->count && value(&pack->words[i]) != last; i++) {
		fputs("    word=\"", file);
		detection_print_word(file, pack, &pack->words[i].word, " ");
		fprintf(file, "\", \"%s\",\n", value(&pack->words[i]));
	}
	fprintf(file, "    true(), \"%s\")\n", last);
}

static void spl_write(FILE *file, const struct detection_pack *pack)
{
	/* one comment: three backticks begin and end it */
	fputs("```\n", file);
	detection_print_header(file, pack, "spl", "");
	fputs("```\n", file);
	print_records(file, pack);
	print_histories(file, pack);
	print_words(file, pack);
	print_case(file, pack, "rule", detection_rule_name);
	print_case(file, pack, "severity", detection_severity);
	fputs("| table _time, host, session, EventCode, word, rule, severity\n", file);
}

const struct detection_language detection_spl = {
	.name = "spl",
	.summary = "a search for Splunk",
	.windows_only = true,
	.write = spl_write,
};
