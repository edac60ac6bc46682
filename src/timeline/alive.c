/* SPDX-License-Identifier: MIT */
#include "timeline/alive.h"

#include <errno.h>
#include <stdlib.h>

#include "base/list.h"
#include "rules/counts.h"

void alive_init(struct alive *alive)
{
	*alive = (struct alive) { 0 };
	table_init(&alive->numbered);
	table_init(&alive->named);
}

void alive_free(struct alive *alive)
{
	while (alive->first)
		alive_end(alive, alive->first);
	table_free(&alive->numbered);
	table_free(&alive->named);
}

struct timeline_incarnation *alive_find(const struct alive *alive,
					const struct sessionlint_step *step)
{
	const uint64_t key[2] = { step->host_number, (uint64_t)step->source << 32 | step->session };

	/* the entry is the first member */
	return (struct timeline_incarnation *)(void *)table_find(
		&alive->numbered, text_of((const char *)key, sizeof key));
}

#define ALIAS_HEAD sizeof(uint64_t)

/* The key by which findings and annotations find an incarnation; free() its data. -ENOMEM. */
static int make_alias(enum sessionlint_source source, uint32_t session,
		      struct sessionlint_text host, struct sessionlint_text *ret_key)
{
	const uint64_t head = (uint64_t)source << 32 | session;
	char *data = malloc(ALIAS_HEAD + host.size);

	if (!data)
		return -ENOMEM;
	memcpy(data, &head, ALIAS_HEAD);
	if (host.size > 0)
		memcpy(data + ALIAS_HEAD, host.data, host.size);
	*ret_key = text_of(data, ALIAS_HEAD + host.size);
	return 0;
}

/* Lets findings and annotations find the incarnation, unless they find another one. -ENOMEM. */
static int add_alias(struct alive *alive, struct timeline_incarnation *incarnation)
{
	struct sessionlint_text key;
	int r = make_alias(incarnation->source, incarnation->session, incarnation->host, &key);

	if (r < 0)
		return r;
	if (!table_find(&alive->named, key))
		r = table_add(&alive->named, &incarnation->alias.entry, key);
	if (!incarnation->alias.entry.key.data)
		free((char *)(uintptr_t)key.data);
	return r;
}

static void remove_alias(struct alive *alive, struct timeline_incarnation *incarnation)
{
	struct table_entry *entry = &incarnation->alias.entry;

	if (!entry->key.data)
		return;
	table_remove(&alive->named, entry);
	free((char *)(uintptr_t)entry->key.data);
	entry->key = text_of(NULL, 0);
}

int alive_find_named(const struct alive *alive, enum sessionlint_source source, uint32_t session,
		     struct sessionlint_text host, struct timeline_incarnation **ret_found)
{
	const struct timeline_alias *alias;
	struct sessionlint_text key;
	int r = make_alias(source, session, host, &key);

	if (r < 0)
		return r;
	alias = (const struct timeline_alias *)(void *)table_find(&alive->named, key);
	free((char *)(uintptr_t)key.data);
	*ret_found = alias ? alias->incarnation : NULL;
	return 0;
}

int alive_find_annotated(const struct alive *alive, const struct sessionlint_annotation *annotation,
			 struct timeline_incarnation **ret_found)
{
	int r = 0;

	*ret_found = NULL;
	if (!annotation->has_session || !alive->first)
		return 0;
	for (unsigned source = 0; r == 0 && !*ret_found && source < SOURCE_COUNT; source++)
		r = alive_find_named(alive, (enum sessionlint_source)source, annotation->session,
				     annotation->host, ret_found);
	return r;
}

int alive_begin(struct alive *alive, const struct sessionlint_step *step,
		struct timeline_incarnation **ret_new)
{
	struct timeline_incarnation *incarnation = timeline_incarnation_new(step);

	if (!incarnation)
		return -ENOMEM;
	if (table_add(&alive->numbered, &incarnation->entry,
		      text_of((const char *)incarnation->key, sizeof incarnation->key)) < 0) {
		timeline_incarnation_free(incarnation);
		return -ENOMEM;
	}
	LIST_APPEND(alive->first, alive->last, incarnation, previous, next);
	*ret_new = incarnation;
	return add_alias(alive, incarnation);
}

int alive_rename(struct alive *alive, struct timeline_incarnation *incarnation,
		 struct sessionlint_text host)
{
	if (text_equal(incarnation->host, host))
		return 0;
	remove_alias(alive, incarnation);
	if (text_set(&incarnation->host, host) < 0)
		return -ENOMEM;
	return add_alias(alive, incarnation);
}

void alive_end(struct alive *alive, struct timeline_incarnation *incarnation)
{
	remove_alias(alive, incarnation);
	table_remove(&alive->numbered, &incarnation->entry);
	LIST_REMOVE(alive->first, alive->last, incarnation, previous, next);
	timeline_incarnation_free(incarnation);
}
