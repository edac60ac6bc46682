/* SPDX-License-Identifier: MIT */
#include "check/machine_emitter.h"

#include "check/host.h"
#include "check/witnesses.h"

struct sessionlint_text emitter_name(const struct emitter *emitter, uint32_t number)
{
	return account_names_text(&emitter->account->names, number);
}

int emitter_flush(struct emitter *emitter)
{
	int r = emitter->batch->count > 0 ? checker_batch(&emitter->run->checker, emitter->batch)
					  : 0;

	emitter->batch->count = 0;
	arena_reset(&emitter->batch->arena);
	return r;
}

void emitter_set_text(struct record *record, enum record_key key, struct sessionlint_text *field,
		      struct sessionlint_text text)
{
	if (text.size == 0)
		return;
	*field = text;
	record->keys |= KEY_BIT(key);
}

struct record emitter_record(struct emitter *emitter, size_t number)
{
	const struct account *account = emitter->account;
	const struct account_item *item = account_item(account, number);
	const struct account_subject *about = account_subject(account, item);
	const struct account_record *witness = account_place(account, witness_of(account, item));
	struct record record = {
		.line = number + 1,
		.offset = witness->offset,
		.time = witness->flags & ACCOUNT_UNTIMED ? SESSIONLINT_NO_TIME : witness->time,
		.keys = KEY_BIT(KEY_SOURCE) | KEY_BIT(KEY_TIME),
		.session = about->session,
		.event = SESSIONLINT_NO_EVENT,
		.from = SESSIONLINT_NO_STATE,
		.to = SESSIONLINT_NO_STATE,
		.state = SESSIONLINT_NO_STATE,
		.source = about->unnamed ? SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL
					 : SESSIONLINT_SOURCE_ACCOUNT,
		.flags = RECORD_HOST_IS_LABEL,
	};

	if (account_details(emitter->account, witness).host)
		emitter->label = account_details(emitter->account, witness).host;
	emitter_set_text(&record, KEY_HOST, &record.host, emitter_name(emitter, emitter->label));
	if (item->kind == ACCOUNT_ITEM_BOOT || item->kind == ACCOUNT_ITEM_JUMP ||
	    item->kind == ACCOUNT_ITEM_COMPUTER)
		return record;
	record.keys |= KEY_BIT(KEY_SESSION);
	return record;
}

int emitter_add(struct emitter *emitter, const struct record *record)
{
	struct batch *batch = emitter->batch;

	batch->records[batch->count] = *record;
	batch->places[batch->count++] = (struct record_place) { .host = emitter->host };
	return batch->count == BATCH_RECORDS ? emitter_flush(emitter) : 0;
}

int emitter_subject(struct emitter *emitter, const struct record *record,
		    const struct record_place *place, struct subject *ret_subject,
		    uint32_t *ret_number)
{
	struct checker *checker = &emitter->run->checker;
	int r = emitter_flush(emitter);

	if (r < 0)
		return r;
	if (emitter->host >= checker->hosts.count)
		r = hosts_meet(checker, emitter->host);
	if (r < 0)
		return r;
	*ret_subject = (struct subject) {
		.checker = checker,
		.record = record,
		.place = place,
		.host = &checker->hosts.hosts[emitter->host],
	};
	*ret_number = SESSION_NONE;
	if (!record_has(record, KEY_SESSION))
		return 0;
	hosts_occupy(&checker->hosts, emitter->host);
	subject_rehash(ret_subject);
	return session_find(ret_subject, ret_number);
}
