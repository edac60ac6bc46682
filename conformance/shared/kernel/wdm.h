/* SPDX-License-Identifier: MIT */
/*
 * As much of wdm.h as session_trace.h and the example driver of docs/recording.md need to be run
 * where there is no Windows; kernel.c is the kernel behind it. That they suit the real wdm.h is
 * tested with the headers of mingw-w64.
 */
#ifndef _WDMDDK_
#define _WDMDDK_

#include <stddef.h>
#include <stdint.h>

#define NTAPI
#define VOID                         void
#define UNREFERENCED_PARAMETER(name) (void)(name)
#define STATUS_SUCCESS               0
#define STATUS_UNSUCCESSFUL          ((NTSTATUS)0xc0000001)
#define DPFLTR_IHVDRIVER_ID          77
#define DPFLTR_ERROR_LEVEL           0
#define IO_SESSION_STATE_ALL_EVENTS  0xffffffff
#define IO_SESSION_MAX_PAYLOAD_SIZE  256L

typedef void *PVOID;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef uint64_t ULONGLONG;
typedef uintptr_t ULONG_PTR;
typedef int32_t NTSTATUS;
typedef unsigned char BOOLEAN;
typedef unsigned char KIRQL;
typedef struct unicode_string *PUNICODE_STRING;

typedef union {
	int64_t QuadPart;
} LARGE_INTEGER;

typedef struct driver_object {
	void (*DriverUnload)(struct driver_object *driver);
} DRIVER_OBJECT, *PDRIVER_OBJECT;

typedef enum {
	IoSessionStateCreated = 1,
	IoSessionStateConnected = 3,
	IoSessionStateDisconnected,
	IoSessionStateDisconnectedLoggedOn,
	IoSessionStateLoggedOn,
	IoSessionStateTerminated = 8
} IO_SESSION_STATE;

typedef enum {
	IoSessionEventCreated = 1,
	IoSessionEventTerminated,
	IoSessionEventConnected,
	IoSessionEventDisconnected,
	IoSessionEventLogon,
	IoSessionEventLogoff
} IO_SESSION_EVENT;

typedef enum {
	IoSessionStateNotification
} IO_CONTAINER_NOTIFICATION_CLASS;

typedef enum {
	IoSessionStateInformation
} IO_CONTAINER_INFORMATION_CLASS;

typedef struct {
	ULONG Size;
	ULONG Flags;
	PVOID IoObject;
	ULONG EventMask;
	PVOID Context;
} IO_SESSION_STATE_NOTIFICATION;

typedef struct {
	ULONG SessionId;
	BOOLEAN LocalSession;
} IO_SESSION_CONNECT_INFO;

typedef struct {
	ULONG SessionId;
	IO_SESSION_STATE SessionState;
	BOOLEAN LocalSession;
} IO_SESSION_STATE_INFORMATION;

typedef NTSTATUS IO_SESSION_NOTIFICATION_FUNCTION(PVOID session_object, PVOID io_object,
						  ULONG event, PVOID context, PVOID payload,
						  ULONG payload_length);
typedef IO_SESSION_NOTIFICATION_FUNCTION *PIO_CONTAINER_NOTIFICATION_FUNCTION;

void KeQuerySystemTime(LARGE_INTEGER *time);
LONG InterlockedIncrement(volatile LONG *number);
KIRQL KeGetCurrentIrql(void);
ULONG DbgPrintEx(ULONG component, ULONG level, const char *format, ...);
NTSTATUS IoRegisterContainerNotification(IO_CONTAINER_NOTIFICATION_CLASS notification_class,
					 PIO_CONTAINER_NOTIFICATION_FUNCTION callback,
					 PVOID information, ULONG length, PVOID registration);
void IoUnregisterContainerNotification(PVOID registration);
NTSTATUS IoGetContainerInformation(IO_CONTAINER_INFORMATION_CLASS information_class,
				   PVOID container, PVOID buffer, ULONG length);

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path);

#endif
