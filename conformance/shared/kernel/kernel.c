/* SPDX-License-Identifier: MIT */
/*
 * A kernel for the example driver: loads it, leads two sessions through their lives, unloads it,
 * and shows its debug output. The first argument names what the kernel does wrong, several things
 * between commas: "late" notifies once more after the unregistration, "twice" notifies of a logon
 * twice, "silent" never says which session it is about, "once" does not say it once, "high" calls
 * at DISPATCH_LEVEL, "meanwhile" notifies while the driver registers and unregisters.
 */
#include <wdm.h>

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static IO_SESSION_STATE_NOTIFICATION registered;
static PIO_CONTAINER_NOTIFICATION_FUNCTION callback;
static IO_SESSION_STATE_INFORMATION sessions[2] = { { .SessionId = 1 }, { .SessionId = 2 } };
static const char *faults = "";
static unsigned questions;

static int has_fault(const char *name)
{
	return strstr(faults, name) != NULL;
}

void KeQuerySystemTime(LARGE_INTEGER *time)
{
	static int64_t ticks = 134169265047710000;

	time->QuadPart = ticks++;
}

LONG InterlockedIncrement(volatile LONG *number)
{
	return ++*number;
}

KIRQL KeGetCurrentIrql(void)
{
	return has_fault("high") ? 2 : 0;
}

ULONG DbgPrintEx(ULONG component, ULONG level, const char *format, ...)
{
	va_list arguments;

	(void)component, (void)level;
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	return 0;
}

static void notify(unsigned session, IO_SESSION_EVENT event);

NTSTATUS IoRegisterContainerNotification(IO_CONTAINER_NOTIFICATION_CLASS notification_class,
					 PIO_CONTAINER_NOTIFICATION_FUNCTION function,
					 PVOID information, ULONG length, PVOID registration)
{
	if (notification_class != IoSessionStateNotification || length != sizeof registered)
		return STATUS_UNSUCCESSFUL;
	memcpy(&registered, information, sizeof registered);
	*(PVOID *)registration = &registered;
	callback = function;
	if (has_fault("meanwhile"))
		notify(0, IoSessionEventCreated);
	return STATUS_SUCCESS;
}

void IoUnregisterContainerNotification(PVOID registration)
{
	if (has_fault("meanwhile"))
		notify(1, IoSessionEventCreated);
	if (registration == &registered && !has_fault("late"))
		callback = NULL;
}

NTSTATUS IoGetContainerInformation(IO_CONTAINER_INFORMATION_CLASS information_class,
				   PVOID container, PVOID buffer, ULONG length)
{
	(void)information_class;
	questions++;
	if (length < sizeof sessions[0] || has_fault("silent") ||
	    (has_fault("once") && questions == 2))
		return STATUS_UNSUCCESSFUL;
	memcpy(buffer, container, sizeof sessions[0]);
	return STATUS_SUCCESS;
}

static void notify(unsigned session, IO_SESSION_EVENT event)
{
	IO_SESSION_CONNECT_INFO payload = { sessions[session].SessionId, 0 };

	if (callback)
		callback(&sessions[session], registered.IoObject, event, registered.Context,
			 &payload, sizeof payload);
}

static void first_life(void)
{
	if (!has_fault("meanwhile"))
		notify(0, IoSessionEventCreated);
	notify(0, IoSessionEventConnected);
	notify(0, IoSessionEventLogon);
	if (has_fault("twice"))
		notify(0, IoSessionEventLogon);
	notify(1, IoSessionEventCreated);
	notify(0, IoSessionEventDisconnected);
	notify(1, IoSessionEventConnected);
	notify(1, IoSessionEventTerminated);
	notify(0, IoSessionEventLogoff);
	notify(0, IoSessionEventTerminated);
}

int main(int count, char **arguments)
{
	DRIVER_OBJECT driver = { NULL };

	if (count > 1)
		faults = arguments[1];
	if (DriverEntry(&driver, NULL) != STATUS_SUCCESS)
		return 1;
	first_life();
	driver.DriverUnload(&driver);
	notify(1, IoSessionEventCreated);
	return 0;
}
