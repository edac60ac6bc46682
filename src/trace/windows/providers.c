/* SPDX-License-Identifier: MIT */
#include "trace/windows/providers.h"

#include <stddef.h>

#include "trace/record.h"

#define SESSION_PROVIDER(name, source, sessions, channel, session)                                 \
	{                                                                                          \
		(name), sizeof(name) - 1, (source), (sessions), (channel), (session)               \
	}
#define PROVIDER(name, source, sessions) SESSION_PROVIDER(name, source, sessions, NULL, NULL)

const struct windows_provider_row windows_providers[WINDOWS_PROVIDERS] = {
	[WINDOWS_OTHER] = PROVIDER("", RECORD_NO_SOURCE, false),
	[WINDOWS_LSM] = SESSION_PROVIDER(
		"Microsoft-Windows-TerminalServices-LocalSessionManager", SESSIONLINT_SOURCE_LSM,
		true, "Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",
		"SessionID"),
	/* of the System log; its own channel has a source of its own */
	[WINDOWS_WINLOGON] = SESSION_PROVIDER("Microsoft-Windows-Winlogon",
					      SESSIONLINT_SOURCE_WINLOGON, false, "System", "TSId"),
	[WINDOWS_PROFILES] = PROVIDER("Microsoft-Windows-User Profiles Service",
				      SESSIONLINT_SOURCE_PROFILE, false),
	[WINDOWS_RDP_CORE] = PROVIDER("Microsoft-Windows-RemoteDesktopServices-RdpCoreTS",
				      SESSIONLINT_SOURCE_RDP, true),
	[WINDOWS_CONNECTION_MANAGER] =
		PROVIDER("Microsoft-Windows-TerminalServices-RemoteConnectionManager",
			 RECORD_NO_SOURCE, false),
	[WINDOWS_GATEWAY] = PROVIDER("Microsoft-Windows-TerminalServices-Gateway", RECORD_NO_SOURCE,
				     false),
	[WINDOWS_SECURITY] = PROVIDER("Microsoft-Windows-Security-Auditing", RECORD_NO_SOURCE,
				      false),
	[WINDOWS_KERNEL_GENERAL] = PROVIDER("Microsoft-Windows-Kernel-General",
					    SESSIONLINT_SOURCE_WINLOGON, false),
	[WINDOWS_KERNEL_POWER] = PROVIDER("Microsoft-Windows-Kernel-Power",
					  SESSIONLINT_SOURCE_WINLOGON, false),
	[WINDOWS_KERNEL_BOOT] = PROVIDER("Microsoft-Windows-Kernel-Boot",
					 SESSIONLINT_SOURCE_WINLOGON, false),
	[WINDOWS_EVENTLOG] = PROVIDER("EventLog", SESSIONLINT_SOURCE_WINLOGON, false),
};

/* Most names begin alike, so that their last characters tell more. */
static bool is_name(const unsigned char *bytes, const struct windows_provider_row *row)
{
	for (unsigned i = row->size; i-- > 0;)
		if (bytes[2 * i] != (unsigned char)row->name[i] || bytes[2 * i + 1])
			return false;
	return true;
}

enum windows_provider windows_provider_find(const unsigned char *bytes, uint32_t characters)
{
	for (unsigned i = WINDOWS_LSM; i < WINDOWS_PROVIDERS; i++)
		if (characters == windows_providers[i].size &&
		    is_name(bytes, &windows_providers[i]))
			return (enum windows_provider)i;
	return WINDOWS_OTHER;
}
