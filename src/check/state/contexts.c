/* SPDX-License-Identifier: MIT */
#include "check/state/contexts.h"

#include <errno.h>
#include <stdlib.h>

static struct context *find(const struct drivers *drivers, const struct driver *driver,
			    struct sessionlint_text canonical, char buffer[DRIVER_KEY_SIZE],
			    struct sessionlint_text *ret_key)
{
	*ret_key = driver_key(driver->entry.key, canonical, buffer);
	return (struct context *)table_find(&drivers->contexts, *ret_key);
}

int context_add(struct drivers *drivers, struct registration *registration)
{
	const struct driver *driver = registration->object->owner;
	char buffer[DRIVER_KEY_SIZE], *at;
	struct sessionlint_text key;
	struct context *context;

	if (!registration->context.size)
		return 0;
	context = find(drivers, driver, registration->context, buffer, &key);
	if (!context) {
		context = calloc(1, sizeof *context + key.size);
		if (!context)
			return -ENOMEM;
		at = (char *)(context + 1);
		if (table_add(&drivers->contexts, &context->entry, text_keep(key, &at)) < 0) {
			free(context);
			return -ENOMEM;
		}
	}
	registration->older_alike = context->latest;
	if (context->latest)
		context->latest->newer_alike = registration;
	context->latest = registration;
	return 0;
}

void context_remove(struct drivers *drivers, struct registration *registration)
{
	char buffer[DRIVER_KEY_SIZE];
	struct sessionlint_text key;
	struct context *context;

	if (!registration->context.size)
		return;
	if (registration->older_alike)
		registration->older_alike->newer_alike = registration->newer_alike;
	if (registration->newer_alike) {
		registration->newer_alike->older_alike = registration->older_alike;
		return;
	}
	context = find(drivers, registration->object->owner, registration->context, buffer, &key);
	context->latest = registration->older_alike;
	if (context->latest)
		return;
	table_remove(&drivers->contexts, &context->entry);
	free(context);
}

const struct registration *context_find(const struct drivers *drivers, const struct driver *driver,
					struct sessionlint_text canonical)
{
	char buffer[DRIVER_KEY_SIZE];
	struct sessionlint_text key;
	const struct context *context = find(drivers, driver, canonical, buffer, &key);

	return context ? context->latest : NULL;
}
