/* SPDX-License-Identifier: MIT */
/* Annotations: what logs report of sessions and hosts besides transitions. */
#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/escape.h"
#include "report/html/columns.h"

#define TEXTS_MAX ((size_t)7 << 20)

/* The texts of an annotation. */
static const size_t fields[] = {
	offsetof(struct sessionlint_annotation, host),
	offsetof(struct sessionlint_annotation, user),
	offsetof(struct sessionlint_annotation, domain),
	offsetof(struct sessionlint_annotation, address),
	offsetof(struct sessionlint_annotation, client),
};

#define FIELDS (sizeof fields / sizeof fields[0])

static struct sessionlint_text *field_at(struct sessionlint_annotation *annotation, size_t field)
{
	return (struct sessionlint_text *)((char *)annotation + fields[field]);
}

void annotations_free(struct html_annotations *annotations)
{
	free(annotations->list);
	*annotations = (struct html_annotations) { 0 };
}

/* Holds the texts of @copy; those of a failure are released with the page. */
static int hold(struct html_texts *texts, struct sessionlint_annotation *copy)
{
	struct sessionlint_text file = path_shown(copy->file);
	int r = texts_hold(texts, &file, TEXTS_MAX);

	copy->file = file.data;
	file = path_shown(copy->log);
	if (r == 0)
		r = texts_hold(texts, &file, TEXTS_MAX);
	copy->log = file.data;
	for (size_t i = 0; r == 0 && i < FIELDS; i++)
		r = texts_hold(texts, field_at(copy, i), TEXTS_MAX);
	return r;
}

int annotations_add(struct html_annotations *annotations, struct html_texts *texts,
		    const struct sessionlint_annotation *annotation)
{
	struct sessionlint_annotation copy = *annotation, *list;
	int r = annotations->count < HTML_ANNOTATIONS_MAX ? hold(texts, &copy) : -ENOSPC;

	if (r == -ENOSPC) {
		annotations->omitted++;
		return 0;
	}
	if (r < 0)
		return r;
	list = array_grow(annotations->list, annotations->count, &annotations->capacity,
			  sizeof *list);
	if (!list)
		return -ENOMEM;
	annotations->list = list;
	annotations->list[annotations->count++] = copy;
	return 0;
}

static void put_session(struct html_writer *writer, const void *row)
{
	const struct sessionlint_annotation *annotation = row;

	json_signed(writer->json, annotation->has_session ? (int64_t)annotation->session : -1);
}

/* What its reason means: of a disconnect. */
static void put_reason(struct html_writer *writer, const void *row)
{
	const struct sessionlint_annotation *annotation = row;
	const char *text = annotation->kind == SESSIONLINT_ANNOTATION_DISCONNECT_REASON
				   ? sessionlint_reason_text(annotation->reason)
				   : NULL;

	if (text)
		json_string(writer->json, text);
	else if (annotation->reason == SESSIONLINT_NO_REASON)
		json_number(writer->json, 0);
	else
		write_count(writer, annotation->reason);
}

#define MEMBER(name, member, kind)                                                                 \
	{                                                                                          \
		name, kind, offsetof(struct sessionlint_annotation, member), NULL, NULL            \
	}

static const struct html_column columns[] = {
	MEMBER("kind", kind, HTML_NUMBER),
	MEMBER("file", file, HTML_PATH),
	MEMBER("log", log, HTML_PATH),
	MEMBER("line", line, HTML_PLACE),
	MEMBER("time", time, HTML_TIME),
	MEMBER("host", host, HTML_TEXT),
	MEMBER("ordinal", boot_ordinal, HTML_COUNT),
	{ "session", HTML_OTHER, 0, put_session, NULL },
	MEMBER("eventId", event_id, HTML_NUMBER),
	MEMBER("user", user, HTML_TEXT),
	MEMBER("domain", domain, HTML_TEXT),
	MEMBER("address", address, HTML_TEXT),
	MEMBER("client", client, HTML_TEXT),
	{ "reason", HTML_OTHER, 0, put_reason, NULL },
};

static const void *annotation_row(const void *list, uint32_t element, uint32_t row)
{
	return row == 0 ? (const struct sessionlint_annotation *)list + element : NULL;
}

void html_write_annotations(struct html_writer *writer, const struct html_annotations *annotations)
{
	const struct html_rows rows = { annotations->list, annotations->count, annotation_row };

	table_write(writer, "annotations", columns, sizeof columns / sizeof columns[0], &rows);
}
