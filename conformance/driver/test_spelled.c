/* SPDX-License-Identifier: MIT */
/* The I/O object that is found by how a record spells it is the one that a search finds. */
#include <stdlib.h>
#include <string.h>

#include "check/state/registrations.h"
#include "random.h"
#include "tap.h"

#define DRIVERS 7U
#define OBJECTS 40U

/* One of the spellings of a driver, and of an object, in @buffer. */
static struct sessionlint_text spell_driver(unsigned driver, char buffer[32])
{
	return text_of(buffer,
		       (size_t)sprintf(buffer, random_below(2) ? "drv%u" : "DRV%u", driver));
}

static struct sessionlint_text spell_object(unsigned object, char buffer[160])
{
	static const char *const forms[] = { "0x%x", "%x", "%X", "0x%08X", "0X0000%x", "00%x" };
	static const char *const names[] = { "\\Device\\Long%0100u", "\\device\\LONG%0100u" };

	if (object % 10 == 0)
		return text_of(buffer, (size_t)sprintf(buffer, names[random_below(2)], object));
	return text_of(buffer, (size_t)sprintf(buffer, forms[random_below(6)], 0xabc00 + object));
}

static struct io_object *search(const struct drivers *drivers, struct sessionlint_text driver,
				struct sessionlint_text io)
{
	char buffer[DRIVER_KEY_SIZE];

	return (struct io_object *)table_find(&drivers->objects, driver_key(driver, io, buffer));
}

static void add(struct drivers *drivers, struct sessionlint_text name, struct sessionlint_text io)
{
	struct contract contract = { .driver = name, .io = io };
	struct driver *driver;
	struct io_object *object;

	if (drivers_driver(drivers, name, &driver) < 0 ||
	    drivers_add_object(drivers, driver, &contract, &object) < 0)
		exit(2);
}

int main(void)
{
	unsigned different = 0, found = 0, removed = 0, gone = 0;
	struct drivers *drivers;

	if (drivers_new(&drivers) < 0)
		return 2;
	for (unsigned i = 0; i < 400000; i++) {
		/* first few objects, then many: there is room for more, and all is forgotten */
		unsigned number = random_below(i < 100000 ? 3 : DRIVERS * OBJECTS);
		char driver_buffer[32], io_buffer[160];
		struct sessionlint_text driver = spell_driver(number % DRIVERS, driver_buffer);
		struct sessionlint_text io = spell_object(number / DRIVERS, io_buffer);
		struct io_object *object = drivers_object(drivers, driver, io);

		different += object != search(drivers, driver, io);
		found += object != NULL;
		gone += !object;
		if (!object) {
			add(drivers, driver, io);
		} else if (random_below(20) == 0) {
			drivers_remove_object(drivers, object);
			removed++;
		}
	}
	drivers_free(drivers);
	tap_ok(different == 0, "an object in any spelling is the one that a search finds");
	tap_ok(found > 100000 && removed > 1000 && gone > 1000,
	       "%u were found, %u removed, and %u not found", found, removed, gone);
	return tap_done();
}
