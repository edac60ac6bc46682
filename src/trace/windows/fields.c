/* SPDX-License-Identifier: MIT */
#include "trace/windows/fields.h"

#include <stddef.h>

const struct windows_name windows_names[] = {
	{ true, "Provider", "Name", WINDOWS_PROVIDER },
	{ true, "EventID", NULL, WINDOWS_EVENT_ID },
	{ true, "Channel", NULL, WINDOWS_CHANNEL },
	{ true, "Computer", NULL, WINDOWS_COMPUTER },
	{ true, "EventRecordID", NULL, WINDOWS_RECORD_ID },
	{ true, "TimeCreated", "SystemTime", WINDOWS_TIME },
	{ true, "Execution", "ProcessID", WINDOWS_PROCESS },
	{ true, "Security", "UserID", WINDOWS_WRITER },
	/* LocalSessionManager, User Profile Service, RdpCoreTS */
	{ false, "SessionID", NULL, WINDOWS_SESSION },
	{ false, "SessionId", NULL, WINDOWS_SESSION },
	{ false, "Session", NULL, WINDOWS_SESSION },
	{ false, "TargetSession", NULL, WINDOWS_SESSION },
	{ false, "User", NULL, WINDOWS_USER },
	{ false, "Address", NULL, WINDOWS_ADDRESS },
	{ false, "Reason", NULL, WINDOWS_REASON },
	{ false, "StateName", NULL, WINDOWS_STATE },
	{ false, "PreviousStateName", NULL, WINDOWS_STATE },
	{ false, "NewStateName", NULL, WINDOWS_NEW_STATE },
	{ false, "EventName", NULL, WINDOWS_EVENT },
	{ false, "ErrorCode", NULL, WINDOWS_ERROR },
	{ false, "ClientIP", NULL, WINDOWS_ADDRESS },
	{ false, "IPString", NULL, WINDOWS_ADDRESS },
	/* Winlogon */
	{ false, "TSId", NULL, WINDOWS_SESSION },
	{ false, "UserSid", NULL, WINDOWS_USER },
	{ false, "Event", NULL, WINDOWS_TRANSITION },
	{ false, "SubscriberName", NULL, WINDOWS_SUBSCRIBER },
	/* RemoteConnectionManager 1149 */
	{ false, "Param1", NULL, WINDOWS_USER },
	{ false, "Param2", NULL, WINDOWS_DOMAIN },
	{ false, "Param3", NULL, WINDOWS_ADDRESS },
	/* TerminalServices-Gateway */
	{ false, "Username", NULL, WINDOWS_USER },
	/* Security; IpAddress also of the gateway */
	{ false, "TargetUserName", NULL, WINDOWS_USER },
	{ false, "TargetUserSid", NULL, WINDOWS_SID },
	{ false, "AccountName", NULL, WINDOWS_USER },
	{ false, "TargetDomainName", NULL, WINDOWS_DOMAIN },
	{ false, "AccountDomain", NULL, WINDOWS_DOMAIN },
	{ false, "TargetLogonId", NULL, WINDOWS_LOGON_ID },
	{ false, "LogonID", NULL, WINDOWS_LOGON_ID },
	{ false, "LogonType", NULL, WINDOWS_REASON },
	{ false, "WorkstationName", NULL, WINDOWS_CLIENT },
	{ false, "ClientName", NULL, WINDOWS_CLIENT },
	{ false, "IpAddress", NULL, WINDOWS_ADDRESS },
	{ false, "ClientAddress", NULL, WINDOWS_ADDRESS },
	{ false, NULL, NULL, WINDOWS_NONE },
};
