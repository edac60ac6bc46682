/* SPDX-License-Identifier: MIT */
#include "check/anonymous.h"

#include <errno.h>
#include <stdlib.h>

#include "base/fold.h"
#include "trace/address.h"
#include "trace/allowance.h"
#include "trace/annotation.h"
#include "trace/user_names.h"

enum name_kind {
	NAME_USER,
	NAME_DOMAIN,
	NAME_HOST,
	NAME_ADDRESS,
	NAME_CLIENT,
	NAME_BOOT, /* upper and lower case differ */
	NAME_REASON,
};

/* What a name is looked up as: a domain, a host and a client can be one computer. */
static enum name_kind space_of(enum name_kind kind)
{
	return kind == NAME_DOMAIN || kind == NAME_CLIENT ? NAME_HOST : kind;
}

static const char *const words[] = {
	[NAME_USER] = "user",       [NAME_DOMAIN] = "domain", [NAME_HOST] = "host",
	[NAME_ADDRESS] = "address", [NAME_CLIENT] = "client", [NAME_BOOT] = "boot",
	[NAME_REASON] = "reason",
};

struct replacement {
	struct table_entry entry;
	struct sessionlint_text text;
};

void anonymous_init(struct anonymous *anonymous)
{
	*anonymous = (struct anonymous) { 0 };
	table_init(&anonymous->table);
}

void anonymous_free(struct anonymous *anonymous)
{
	table_free(&anonymous->table);
	arena_free(&anonymous->arena);
	free(anonymous->key);
}

/* The key of a name: its kind and the name in lower case. Valid until the next call. -ENOMEM. */
static int make_key(struct anonymous *anonymous, enum name_kind kind, struct sessionlint_text name,
		    struct sessionlint_text *ret_key)
{
	size_t size = 1;

	if (anonymous->key_room < name.size + 8) {
		char *grown = realloc(anonymous->key, 2 * name.size + 8);

		if (!grown)
			return -ENOMEM;
		anonymous->key = grown;
		anonymous->key_room = 2 * name.size + 8;
	}
	anonymous->key[0] = (char)space_of(kind);
	for (size_t at = 0; at < name.size;) {
		char letter[4];
		size_t bytes = text_fold_at(name, at, letter);

		memcpy(anonymous->key + size, kind == NAME_BOOT ? name.data + at : letter, bytes);
		size += bytes;
		at += bytes;
	}
	*ret_key = text_of(anonymous->key, size);
	return 0;
}

static int add_name(struct anonymous *anonymous, enum name_kind kind, struct sessionlint_text key,
		    struct replacement **ret_new)
{
	struct replacement *new = arena_allocate(&anonymous->arena, sizeof *new);
	char *copy = arena_allocate(&anonymous->arena, key.size);

	if (!new || !copy)
		return -ENOMEM;
	memcpy(copy, key.data, key.size);
	*new = (struct replacement) {
		.text = arena_format(&anonymous->arena, "%s%u", words[kind],
				     ++anonymous->counts[kind]),
	};
	if (anonymous->arena.failed)
		return -ENOMEM;
	*ret_new = new;
	return table_add(&anonymous->table, &new->entry, text_of(copy, key.size));
}

/* Replaces *name unless it is empty. -ENOMEM. */
static int replace(struct anonymous *anonymous, enum name_kind kind, struct sessionlint_text *name)
{
	struct replacement *found;
	struct sessionlint_text key;
	int r;

	if (name->size == 0)
		return 0;
	r = make_key(anonymous, kind, *name, &key);
	if (r < 0)
		return r;
	found = (struct replacement *)table_find(&anonymous->table, key);
	if (!found)
		r = add_name(anonymous, kind, key, &found);
	if (r == 0)
		*name = found->text;
	return r;
}

/* Domains with a dot keep one: such a name can be of the same domain as one without. */
static int replace_domain(struct anonymous *anonymous, struct arena *arena,
			  struct sessionlint_text *domain)
{
	bool dotted = domain->size > 0 && memchr(domain->data, '.', domain->size);
	int r = replace(anonymous, NAME_DOMAIN, domain);

	if (r < 0 || !dotted)
		return r;
	*domain = arena_format(arena, "%.*s.test", (int)domain->size, domain->data);
	return arena->failed ? -ENOMEM : 0;
}

/* A computer, which can be named with its domain: PC, pc.example.test. */
static int replace_computer(struct anonymous *anonymous, struct arena *arena, enum name_kind kind,
			    struct sessionlint_text *name)
{
	const char *dot = name->size ? memchr(name->data, '.', name->size) : NULL;
	struct sessionlint_text first, rest;
	int r;

	if (!dot || dot == name->data)
		return replace(anonymous, kind, name);
	first = text_of(name->data, (size_t)(dot - name->data));
	rest = text_of(dot + 1, name->size - first.size - 1);
	r = replace(anonymous, kind, &first);
	if (r == 0)
		r = replace_domain(anonymous, arena, &rest);
	if (r < 0)
		return r;
	*name = arena_format(arena, "%.*s.%.*s", (int)first.size, first.data, (int)rest.size,
			     rest.data ? rest.data : "");
	return arena->failed ? -ENOMEM : 0;
}

/* A user with a domain: its parts are replaced one by one, so that what is of one user stays so. */
static int replace_parts(struct anonymous *anonymous, struct arena *arena,
			 struct sessionlint_text *user, const char *between)
{
	size_t before = (size_t)(between - user->data);
	struct sessionlint_text first = text_of(user->data, before);
	struct sessionlint_text second = text_of(between + 1, user->size - before - 1);
	bool principal = *between == '@';
	struct sessionlint_text *name = principal ? &first : &second;
	struct sessionlint_text *domain = principal ? &second : &first;
	const char *at = !principal && name->size ? memchr(name->data, '@', name->size) : NULL;
	int r = replace_domain(anonymous, arena, domain);

	/* a name that is no account name stays one */
	if (r == 0)
		r = at ? replace_parts(anonymous, arena, name, at)
		       : replace(anonymous, NAME_USER, name);
	if (r < 0)
		return r;
	*user = arena_format(arena, "%.*s%c%.*s", (int)first.size, first.data ? first.data : "",
			     *between, (int)second.size, second.data ? second.data : "");
	return arena->failed ? -ENOMEM : 0;
}

/* Replaces a user by one of the same form: DOMAIN\user, user@domain, user, or a SID; one of an
 * account stays one, for only those are compared with names. */
static int replace_user(struct anonymous *anonymous, struct arena *arena,
			struct sessionlint_text *user)
{
	const char *between = user->size ? memchr(user->data, '\\', user->size) : NULL;
	int r;

	if (user_form(*user) == USER_SID) {
		const char *form = user_sid_is_personal(*user) ? "S-1-5-21-" : "S-1-";

		r = replace(anonymous, NAME_USER, user);
		if (r < 0)
			return r;
		*user = arena_format(arena, "%s%.*s", form, (int)user->size, user->data);
		return arena->failed ? -ENOMEM : 0;
	}
	if (!between && user->size)
		between = memchr(user->data, '@', user->size);
	return between ? replace_parts(anonymous, arena, user, between)
		       : replace(anonymous, NAME_USER, user);
}

/* Whether a text is ":" and digits. */
static bool is_port(struct sessionlint_text text)
{
	if (text.size < 2 || text.data[0] != ':')
		return false;
	for (size_t i = 1; i < text.size; i++)
		if (text.data[i] < '0' || text.data[i] > '9')
			return false;
	return true;
}

/* LOCAL is where no remote address is. A port stays. */
static int replace_address(struct anonymous *anonymous, struct arena *arena,
			   struct sessionlint_text *address)
{
	struct sessionlint_text bare = address_without_port(*address), port = { 0 };
	const char *end = bare.data ? bare.data + bare.size : NULL;
	int r;

	if (text_is(*address, "local") || text_is(*address, "-"))
		return 0;
	if (bare.size > 0 && bare.size < address->size)
		port = text_of(end, (size_t)(address->data + address->size - end));
	else
		bare = *address;
	if (port.size > 0 && port.data[0] == ']')
		port = text_of(port.data + 1, port.size - 1);
	r = replace(anonymous, NAME_ADDRESS, &bare);
	if (r < 0 || !is_port(port)) {
		*address = bare;
		return r;
	}
	*address = arena_format(arena, "%.*s%.*s", (int)bare.size, bare.data, (int)port.size,
				port.data);
	return arena->failed ? -ENOMEM : 0;
}

/* The reason of a malformed record is our own, but quotes the trace: nothing of that remains. */
static int replace_quoted(struct arena *arena, struct sessionlint_text *reason)
{
	const char *first = reason->size ? memchr(reason->data, '\'', reason->size) : NULL;
	size_t before, end = reason->size;

	if (!first)
		return 0;
	before = (size_t)(first - reason->data);
	while (end > before + 1 && reason->data[end - 1] != '\'')
		end--;
	*reason = arena_format(arena, "%.*s'...'%.*s", (int)before, reason->data,
			       (int)(reason->size - end), reason->data + end);
	return arena->failed ? -ENOMEM : 0;
}

static int replace_annotation(struct anonymous *anonymous, struct arena *arena,
			      struct record *record)
{
	struct annotation *copy = arena_allocate(arena, sizeof *copy);
	int r;

	if (!copy)
		return -ENOMEM;
	*copy = *record->annotation;
	record->annotation = copy;
	r = replace_domain(anonymous, arena, &copy->domain);
	if (r == 0)
		r = replace_user(anonymous, arena, &copy->sid);
	return r < 0 ? r : replace_computer(anonymous, arena, NAME_CLIENT, &copy->client);
}

static int replace_record(struct anonymous *anonymous, struct arena *arena, struct record *record)
{
	int r = replace_computer(anonymous, arena, NAME_HOST, &record->host);

	if (r == 0)
		r = replace(anonymous, NAME_BOOT, &record->boot);
	if (r == 0)
		r = replace_user(anonymous, arena, &record->user);
	if (r == 0)
		r = replace_address(anonymous, arena, &record->address);
	if (r == 0 && record->annotation)
		r = replace_annotation(anonymous, arena, record);
	if (r == 0 && record->allowance)
		r = replace(anonymous, NAME_REASON, &record->allowance->reason);
	if (r == 0 && record->kind == RECORD_MARKER && record->marker == MARKER_REPORTED)
		return replace(anonymous, NAME_REASON, &record->reason);
	return r < 0 ? r : replace_quoted(arena, &record->reason);
}

int anonymous_batch(struct anonymous *anonymous, struct batch *batch)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < batch->count; i++)
		r = replace_record(anonymous, &batch->arena, &batch->records[i]);
	return r;
}
