/* SPDX-License-Identifier: MIT */
/* Who writes records of Windows' own logs. */
#ifndef TRACE_WINDOWS_PROVIDERS_H
#define TRACE_WINDOWS_PROVIDERS_H

#include <stdbool.h>
#include <stdint.h>

enum windows_provider {
	WINDOWS_OTHER,
	WINDOWS_LSM,
	WINDOWS_WINLOGON,
	WINDOWS_PROFILES,
	WINDOWS_RDP_CORE,
	WINDOWS_CONNECTION_MANAGER,
	WINDOWS_GATEWAY,
	WINDOWS_SECURITY,
	WINDOWS_KERNEL_GENERAL,
	WINDOWS_KERNEL_POWER,
	WINDOWS_KERNEL_BOOT,
	WINDOWS_EVENTLOG,
};
#define WINDOWS_PROVIDERS 12

struct windows_provider_row {
	const char *name;
	uint8_t size;   /* of the name */
	uint8_t source; /* enum sessionlint_source of its channel, or RECORD_NO_SOURCE */
	bool sessions;  /* its channel is about sessions only */
	/* for queries of other tools: its channel, and the field with the session's id; or NULL */
	const char *channel, *session;
};

extern const struct windows_provider_row windows_providers[WINDOWS_PROVIDERS];

/* The provider whose name is the UTF-16 text at @bytes. */
enum windows_provider windows_provider_find(const unsigned char *bytes, uint32_t characters);

#endif
