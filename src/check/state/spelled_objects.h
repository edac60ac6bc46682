/* SPDX-License-Identifier: MIT */
/*
 * The I/O objects of recent records, as these spell them: one comparison in place of a search. It
 * is a hint, and memory is bounded; what is not there is searched for.
 */
#ifndef CHECK_STATE_SPELLED_OBJECTS_H
#define CHECK_STATE_SPELLED_OBJECTS_H

#include <stdint.h>

#include "base/text.h"

/* The max size of both names; longer ones are not kept. */
#define SPELLED_SIZE 46U

/* How many spellings of an object are kept. */
#define SPELLINGS_OF_OBJECT 4U

struct io_object;

/* What a record called an object, the name of its driver first. */
struct spelled_object {
	struct io_object *object; /* NULL: empty */
	uint8_t driver_size, size;
	char bytes[SPELLED_SIZE];
};

struct spelled_objects {
	struct spelled_object *slots;
	uint32_t room; /* a power of two, or 0 */
};

/* The slots of an object, to empty them when it is gone; some may be of others by then. */
struct spellings {
	uint16_t slots[SPELLINGS_OF_OBJECT];
	uint8_t count, oldest;
};

/* The object that a record spelled like this, or NULL. */
struct io_object *spelled_find(const struct spelled_objects *spelled,
			       struct sessionlint_text driver, struct sessionlint_text io);

/* Keeps how a record spelled @object, whose slots are @spellings. */
void spelled_add(const struct spelled_objects *spelled, struct io_object *object,
		 struct spellings *spellings, struct sessionlint_text driver,
		 struct sessionlint_text io);

/* @object is gone. */
void spelled_remove(const struct spelled_objects *spelled, const struct io_object *object,
		    const struct spellings *spellings);

/* Makes room for the spellings of @count objects, and forgets all if it has to. */
void spelled_fit(struct spelled_objects *spelled, uint32_t count);
void spelled_free(struct spelled_objects *spelled);

#endif
