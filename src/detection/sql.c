/* SPDX-License-Identifier: MIT */
/* Standard SQL with window functions: SQLite, DuckDB, PostgreSQL and others. */
#include "detection/detection.h"

/* Numbers stand as they are, names between quotes. */
static const char *quote_of(const struct detection_pack *pack)
{
	return pack->named ? "'" : "";
}

static void print_events(FILE *file, const struct detection_pack *pack)
{
	const char *column = pack->channel ? "event_id" : "event";

	fputs("WITH events AS (\n"
	      "  SELECT computer, record_id, time, session,\n"
	      "    CASE\n",
	      file);
	for (unsigned i = 0; i < pack->letter_count; i++) {
		const struct detection_letter *letter = &pack->letters[i];

		fputs("      WHEN ", file);
		if (letter->provider)
			fprintf(file, "provider = '%s' AND ", letter->provider);
		fprintf(file, "%s IN (", column);
		detection_print_values(file, letter, quote_of(pack), ", ");
		fprintf(file, ") THEN '%s'\n", letter->name);
	}
	fputs("    END AS event\n"
	      "  FROM records\n"
	      "), ",
	      file);
}

/* A boot ends all sessions of a computer, and has no session: sessions are counted by boot. */
static void print_boots(FILE *file, const struct detection_pack *pack)
{
	fputs("boots AS (\n"
	      "  SELECT computer, record_id, time, session, event,\n"
	      "    ",
	      file);
	if (detection_letter_of(pack, FORBIDDEN_BOOT))
		fputs("SUM(CASE WHEN event = 'Boot' THEN 1 ELSE 0 END)\n"
		      "      OVER (PARTITION BY computer ORDER BY record_id)",
		      file);
	else
		fputs("0", file);
	fputs(" AS boot\n"
	      "  FROM events\n"
	      "  WHERE event IS NOT NULL\n"
	      "), ",
	      file);
}

/* The last events of the session, from the oldest on, each with a space before it. */
static void print_histories(FILE *file, const struct detection_pack *pack)
{
	fprintf(file,
		"histories AS (\n"
		"  SELECT computer, record_id, time, session, boot, event,\n"
		"    CASE WHEN boot > 0 AND ROW_NUMBER() OVER w < %u THEN ' Boot' ELSE '' END\n",
		pack->longest);
	for (unsigned back = pack->longest - 1; back > 0; back--)
		fprintf(file, "      || COALESCE(' ' || LAG(event, %u) OVER w, '')\n", back);
	fputs("      || ' ' || event AS history\n"
	      "  FROM boots\n"
	      "  WHERE event <> 'Boot' AND session IS NOT NULL\n"
	      "  WINDOW w AS (PARTITION BY computer, boot, session ORDER BY record_id)\n"
	      "), ",
	      file);
}

static void print_words(FILE *file, const struct detection_pack *pack)
{
	fputs("words(rule, severity, word) AS (\n"
	      "  VALUES\n",
	      file);
	for (size_t i = 0; i < pack->count; i++) {
		const struct detection_word *word = &pack->words[i];

		fprintf(file, "    ('%s', '%s', '", detection_rule_name(word),
			detection_severity(word));
		detection_print_word(file, pack, &word->word, " ");
		fprintf(file, "')%s\n", i + 1 < pack->count ? "," : "");
	}
	fputs(")\n", file);
}

static void sql_write(FILE *file, const struct detection_pack *pack)
{
	detection_print_header(file, pack, "sql", "-- ");
	fprintf(file,
		"-- For a table records(computer, record_id, time, session, %s). record_id numbers "
		"the\n"
		"-- records of a computer in their order; a boot has no session.\n",
		pack->channel ? "provider, event_id" : "event");
	print_events(file, pack);
	print_boots(file, pack);
	print_histories(file, pack);
	print_words(file, pack);
	fputs("SELECT computer, session, record_id, time, event, word, rule, severity\n"
	      "FROM histories JOIN words ON history LIKE '% ' || word\n"
	      "ORDER BY computer, record_id, rule;\n",
	      file);
}

const struct detection_language detection_sql = {
	.name = "sql",
	.summary = "a query with window functions: SQLite, DuckDB, PostgreSQL",
	.write = sql_write,
};
