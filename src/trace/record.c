/* SPDX-License-Identifier: MIT */
#include "trace/record.h"

#include <errno.h>

#include "trace/allowance.h"
#include "trace/annotation.h"
#include "trace/contract.h"

/* Where the texts of a record are, and those of what it points to. */
static const size_t record_texts[] = {
	offsetof(struct record, host),   offsetof(struct record, boot),
	offsetof(struct record, user),   offsetof(struct record, address),
	offsetof(struct record, reason),
};
static const size_t contract_texts[] = {
	offsetof(struct contract, driver),       offsetof(struct contract, io),
	offsetof(struct contract, registration), offsetof(struct contract, session_object),
	offsetof(struct contract, context),      offsetof(struct contract, owner),
};
static const size_t allowance_texts[] = { offsetof(struct allowance, reason) };
static const size_t annotation_texts[] = {
	offsetof(struct annotation, domain),
	offsetof(struct annotation, client),
	offsetof(struct annotation, sid),
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static size_t texts_size(const void *owner, const size_t *offsets, size_t count)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		const void *at = (const char *)owner + offsets[i];

		size += ((const struct sessionlint_text *)at)->size;
	}
	return size;
}

/* Moves texts to @room; returns the end of them. */
static char *texts_keep(void *owner, const size_t *offsets, size_t count, char *room)
{
	for (size_t i = 0; i < count; i++) {
		void *at = (char *)owner + offsets[i];
		struct sessionlint_text *text = at;

		*text = text_keep(*text, &room);
	}
	return room;
}

unsigned batch_expand(struct batch *batch, unsigned at)
{
	const struct series *series = &batch->series;

	batch->count = 0;
	while (at < series->count && batch->count < BATCH_RECORDS)
		series_record(series, at++, &batch->records[batch->count++]);
	return batch->count;
}

size_t record_texts_size(const struct record *record)
{
	size_t size = texts_size(record, record_texts, COUNT(record_texts));

	if (record->contract)
		size += sizeof *record->contract +
			texts_size(record->contract, contract_texts, COUNT(contract_texts));
	if (record->allowance)
		size += sizeof *record->allowance +
			texts_size(record->allowance, allowance_texts, COUNT(allowance_texts));
	if (record->annotation)
		size += sizeof *record->annotation +
			texts_size(record->annotation, annotation_texts, COUNT(annotation_texts));
	return size;
}

void record_keep(struct record *record, void *room)
{
	struct contract *contract = NULL;
	struct allowance *allowance = NULL;
	struct annotation *annotation = NULL;
	char *rest = room;

	/* what needs alignment is first */
	if (record->contract) {
		contract = room;
		*contract = *record->contract;
		record->contract = contract;
		rest += sizeof *contract;
	}
	if (record->allowance) {
		allowance = (void *)rest;
		*allowance = *record->allowance;
		record->allowance = allowance;
		rest += sizeof *allowance;
	}
	if (record->annotation) {
		annotation = (void *)rest;
		*annotation = *record->annotation;
		record->annotation = annotation;
		rest += sizeof *annotation;
	}
	if (contract)
		rest = texts_keep(contract, contract_texts, COUNT(contract_texts), rest);
	if (allowance)
		rest = texts_keep(allowance, allowance_texts, COUNT(allowance_texts), rest);
	if (annotation)
		rest = texts_keep(annotation, annotation_texts, COUNT(annotation_texts), rest);
	texts_keep(record, record_texts, COUNT(record_texts), rest);
}

int batch_keep(struct batch *batch)
{
	struct record *like = &batch->series.like;

	for (unsigned i = 0; i < batch->count; i++) {
		struct record *record = &batch->records[i];
		size_t size = record_texts_size(record);
		void *room = size > 0 ? arena_allocate(&batch->arena, size) : NULL;

		if (size > 0 && !room)
			return -ENOMEM;
		if (size > 0)
			record_keep(record, room);
	}
	if (batch_is_series(batch) && like->host.size > 0) {
		char *room = arena_allocate(&batch->arena, like->host.size);

		if (!room)
			return -ENOMEM;
		like->host = text_keep(like->host, &room);
	}
	return 0;
}
