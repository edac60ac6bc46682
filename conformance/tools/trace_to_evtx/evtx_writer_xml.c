/* SPDX-License-Identifier: MIT */
#include "evtx_writer_xml.h"

#include <string.h>

struct evtx_element evtx_xml_open(struct evtx_chunk *chunk, bool definition, const char *name,
				  uint16_t dependency, bool has_attributes)
{
	struct evtx_element element;

	evtx_chunk_put8(chunk, EVTX_TOKEN_OPEN_ELEMENT | (has_attributes ? EVTX_TOKEN_MORE : 0));
	if (definition)
		evtx_chunk_put16(chunk, dependency);
	element.size_at = chunk->used;
	evtx_chunk_put32(chunk, 0);
	evtx_chunk_put_name(chunk, name);
	return element;
}

/* Sets a size that counts what follows it. */
static void patch_size(struct evtx_chunk *chunk, uint32_t size_at)
{
	evtx_chunk_patch32(chunk, size_at, chunk->used - size_at - 4);
}

void evtx_xml_close(struct evtx_chunk *chunk, struct evtx_element element, enum evtx_token token)
{
	evtx_chunk_put8(chunk, (uint8_t)token);
	patch_size(chunk, element.size_at);
}

uint32_t evtx_xml_begin_attributes(struct evtx_chunk *chunk)
{
	uint32_t list = chunk->used;

	evtx_chunk_put32(chunk, 0);
	return list;
}

void evtx_xml_end_attributes(struct evtx_chunk *chunk, uint32_t list)
{
	patch_size(chunk, list);
}

void evtx_xml_attribute(struct evtx_chunk *chunk, const char *name, bool more)
{
	evtx_chunk_put8(chunk, EVTX_TOKEN_ATTRIBUTE | (more ? EVTX_TOKEN_MORE : 0));
	evtx_chunk_put_name(chunk, name);
}

void evtx_xml_text(struct evtx_chunk *chunk, const char *text)
{
	uint32_t count_at;

	evtx_chunk_put8(chunk, EVTX_TOKEN_VALUE);
	evtx_chunk_put8(chunk, EVTX_TYPE_TEXT);
	count_at = chunk->used;
	evtx_chunk_put16(chunk, 0);
	/* A chunk has no room for more units than the count can say. */
	evtx_chunk_patch16(chunk, count_at, (uint16_t)evtx_chunk_put_text(chunk, text));
}

void evtx_xml_substitution(struct evtx_chunk *chunk, enum evtx_token token, size_t index,
			   enum evtx_value_type type)
{
	evtx_chunk_put8(chunk, (uint8_t)token);
	evtx_chunk_put16(chunk, (uint16_t)index);
	evtx_chunk_put8(chunk, (uint8_t)type);
}

void evtx_xml_fragment_header(struct evtx_chunk *chunk)
{
	static const uint8_t header[] = { EVTX_TOKEN_FRAGMENT_HEADER, 1, 1, 0 };

	evtx_chunk_put_bytes(chunk, header, sizeof(header));
}

void evtx_xml_begin_instance(struct evtx_chunk *chunk, const uint8_t *guid,
			     uint32_t *ret_definition)
{
	uint32_t known = evtx_chunk_find_definition(chunk, guid);

	evtx_chunk_put8(chunk, EVTX_TOKEN_TEMPLATE_INSTANCE);
	evtx_chunk_put8(chunk, 1);
	evtx_chunk_put_bytes(chunk, guid, 4);
	evtx_chunk_put32(chunk, known ? known : chunk->used + 4);
	*ret_definition = 0;
	if (known)
		return;

	*ret_definition = evtx_chunk_put_definition(chunk, guid);
	evtx_xml_fragment_header(chunk);
}

void evtx_xml_end_definition(struct evtx_chunk *chunk, uint32_t definition)
{
	evtx_chunk_put8(chunk, EVTX_TOKEN_END);
	patch_size(chunk, definition);
}

struct evtx_values evtx_xml_begin_values(struct evtx_chunk *chunk, size_t count)
{
	struct evtx_values values;

	evtx_chunk_put32(chunk, (uint32_t)count);
	values.next_description = chunk->used;
	for (size_t i = 0; i < count; i++)
		evtx_chunk_put32(chunk, 0);
	values.start = chunk->used;
	return values;
}

void evtx_xml_end_value(struct evtx_chunk *chunk, struct evtx_values *values,
			enum evtx_value_type type)
{
	uint32_t size = chunk->used - values->start;

	/* A value in a 64 KiB chunk is always shorter than its 16-bit size can say. */
	evtx_chunk_patch16(chunk, values->next_description, (uint16_t)size);
	evtx_chunk_patch16(chunk, values->next_description + 2, (uint16_t)type);
	values->next_description += 4;
	values->start = chunk->used;
}

/* FNV-1a, 64 bits. */
static void key_byte(struct evtx_template_key *key, uint8_t byte)
{
	key->hash = (key->hash ^ byte) * 0x100000001b3;
}

void evtx_template_key_begin(struct evtx_template_key *key, const char *kind)
{
	key->hash = 0xcbf29ce484222325;
	evtx_template_key_add(key, kind, 0);
}

void evtx_template_key_add(struct evtx_template_key *key, const char *text, uint8_t detail)
{
	for (; *text; text++)
		key_byte(key, (uint8_t)*text);
	/* The end counts, so that "ab" "c" differs from "a" "bc". */
	key_byte(key, 0);
	key_byte(key, detail);
}

void evtx_template_key_guid(const struct evtx_template_key *key, uint8_t *ret_guid)
{
	uint64_t hash = key->hash;

	evtx_store64(ret_guid, hash);
	/* The other half carries nothing new; it only must not look like the first. */
	hash = (hash ^ hash >> 31) * 0x9e3779b97f4a7c15;
	evtx_store64(ret_guid + 8, hash ^ hash >> 29);
}
