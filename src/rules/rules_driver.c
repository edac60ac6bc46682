/* SPDX-License-Identifier: MIT */
/* The part of the table of rules that is about the driver's contract. */
#include "rules/rules.h"

#define E SESSIONLINT_SEVERITY_ERROR
#define W SESSIONLINT_SEVERITY_WARNING

#define REGISTER   "call=IoRegisterContainerNotification io=0xA0 "
#define REGISTERED REGISTER "registration=0xB0 mask=all context=0xC0 status=STATUS_SUCCESS\n"
#define UNREGISTER "call=IoUnregisterContainerNotification registration=0xB0\n"
#define CONNECTED  "notify=Connected session=2 io=0xA0 "
#define PAYLOAD    "payload_session=2 payload_local=1 payload_length=8\n"

const struct sessionlint_rule_info driver_rules[] = {
	[DRIVER_RULE(BAD_ARGUMENT)] = {
		"registration/bad-argument", E, E,
		"A routine is called with an invalid argument.",
		"The class of IoRegisterContainerNotification is IoSessionStateNotification "
		"(\"IoRegisterContainerNotification function (wdm.h)\"), its IoObject a device, driver or file object "
		"(\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"); the class of "
		"IoGetContainerInformation is IoSessionStateInformation, its ContainerObject the callback's "
		"SessionObject, its Length at least the 12 bytes of IO_SESSION_STATE_INFORMATION "
		"(\"IoGetContainerInformation function (wdm.h)\"). The routine rejects such a call; "
		"registration/bad-status checks whether it returned the right status.",
		REGISTER "class=1 mask=all status=STATUS_INVALID_PARAMETER_1\n",
		REGISTER "class=0 mask=all registration=0xB0 status=STATUS_SUCCESS\n" UNREGISTER,
	},
	[DRIVER_RULE(BAD_OBJECT)] = {
		"registration/bad-object", E, E,
		"A registered I/O object is deleted, or belongs to another driver.",
		"IoObject is a device object, driver object or file object of the driver, and remains valid as long "
		"as it is registered (\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). The trace shows its "
		"deletion and no creation since, another driver's record of its creation, or an owner that is another "
		"driver. Names of objects are local to their driver; only an address means the same object in the "
		"records of two drivers.",
		"driver=a object=created io=0xA0\ndriver=a object=deleted io=0xA0\ndriver=a " REGISTERED
		"driver=a " UNREGISTER,
		"driver=a object=created io=0xA0\ndriver=a " REGISTERED "driver=a " UNREGISTER
		"driver=a object=deleted io=0xA0\n",
	},
	[DRIVER_RULE(FREED_CONTEXT)] = {
		"registration/freed-context", W, W,
		"A Context is freed while it is registered.",
		"The I/O manager passes Context to the callback as long as the registration is live "
		"(\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). The trace shows the deletion (object=deleted) "
		"of what was registered as Context. A callback that runs later reads freed memory; one that only "
		"compares the value does not.",
		REGISTERED "object=deleted io=0xC0\n" UNREGISTER,
		REGISTERED UNREGISTER "object=deleted io=0xC0\n",
	},
	[DRIVER_RULE(INSIDE_CALLBACK)] = {
		"registration/inside-callback", W, W,
		"A driver unregisters while a callback of the registration runs.",
		"IoUnregisterContainerNotification is called after the callback has begun, and returns before the "
		"callback does, or neither returns before marker=end. So it was called by the callback itself, or did "
		"not wait for it. The pages do not say whether the call waits for callbacks that run "
		"(\"IoUnregisterContainerNotification function (wdm.h)\"): if it does, the two wait for each other. "
		"This is only found if the trace has begin and end of both (phase, seq_end). To avoid it, unregister "
		"in a work item that the callback does not wait for.",
		REGISTERED "notify=Logon session=2 io=0xA0 phase=begin\n"
		"call=IoUnregisterContainerNotification registration=0xB0 phase=begin\n"
		"call=IoUnregisterContainerNotification registration=0xB0 phase=end\n"
		"notify=Logon session=2 io=0xA0 phase=end status=STATUS_SUCCESS\n",
		REGISTERED "notify=Logon session=2 io=0xA0 phase=begin\n"
		"call=IoUnregisterContainerNotification registration=0xB0 phase=begin\n"
		"notify=Logon session=2 io=0xA0 phase=end status=STATUS_SUCCESS\n"
		"call=IoUnregisterContainerNotification registration=0xB0 phase=end\n",
	},
	[DRIVER_RULE(IRQL)] = {
		"registration/irql", E, E,
		"A routine or the callback is called above APC_LEVEL.",
		"IoRegisterContainerNotification, IoUnregisterContainerNotification, IoGetContainerInformation and "
		"the callback are called at IRQL <= APC_LEVEL, which is 1 (\"Requirements\" on the pages of all "
		"four). They may wait and access pageable memory. The key irql records what KeGetCurrentIrql() "
		"returned.",
		REGISTERED "irql=DISPATCH_LEVEL " UNREGISTER,
		REGISTERED "irql=APC_LEVEL " UNREGISTER,
	},
	[DRIVER_RULE(BAD_SIZE)] = {
		"registration/bad-size", E, E,
		"Size or Length is not the size of IO_SESSION_STATE_NOTIFICATION.",
		"Both are sizeof(IO_SESSION_STATE_NOTIFICATION): 32 bytes where pointers have 8 bytes, 20 where they "
		"have 4 (\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). The key pointer_size sets the size for "
		"a host, --pointer-size that for hosts without the key; the default is 8.",
		REGISTER "mask=all size=20 length=32 status=STATUS_INVALID_PARAMETER_3\n",
		REGISTER "mask=all size=32 length=32 registration=0xB0 status=STATUS_SUCCESS\n" UNREGISTER,
	},
	[DRIVER_RULE(BAD_FLAGS)] = {
		"registration/bad-flags", E, E,
		"Flags is not zero.",
		"No flags are defined; the member must be zero (\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). "
		"Another value often means that the structure was not cleared.",
		REGISTER "mask=all flags=1 status=STATUS_INVALID_PARAMETER_3\n",
		REGISTER "mask=all flags=0 registration=0xB0 status=STATUS_SUCCESS\n" UNREGISTER,
	},
	[DRIVER_RULE(BAD_MASK)] = {
		"registration/bad-mask", E, E,
		"EventMask selects no event, or has undefined bits.",
		"EventMask is IO_SESSION_STATE_ALL_EVENTS (0xffffffff), or a combination of the six bits in "
		"IO_SESSION_STATE_VALID_EVENT_MASK (0x3f) (\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). A "
		"driver that selects nothing is never notified.",
		REGISTER "mask=0x40 status=STATUS_INVALID_PARAMETER_3\n",
		REGISTER "mask=0x3f registration=0xB0 status=STATUS_SUCCESS\n" UNREGISTER,
	},
	[DRIVER_RULE(DUPLICATE)] = {
		"registration/duplicate", E, E,
		"A second registration of an I/O object is not rejected.",
		"An I/O object has one active registration (\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"); "
		"another call for it fails with STATUS_ALREADY_COMMITTED (\"IoRegisterContainerNotification function "
		"(wdm.h)\"). If the second call succeeds, the driver is "
		"notified of everything twice, and must unregister twice. The rule also reports a value of "
		"CallbackRegistration that is live for another I/O object; that registration is assumed to be over.",
		REGISTERED REGISTER "registration=0xB1 mask=all status=STATUS_SUCCESS\n" UNREGISTER
		"call=IoUnregisterContainerNotification registration=0xB1\n",
		REGISTERED REGISTER "mask=all status=STATUS_ALREADY_COMMITTED\n" UNREGISTER,
	},
	[DRIVER_RULE(UNKNOWN)] = {
		"registration/unknown", E, E,
		"A registration that is not live is used.",
		"Once IoUnregisterContainerNotification has returned, the registration is invalid "
		"(\"IoUnregisterContainerNotification function (wdm.h)\"). A second call, or one with a value that "
		"IoRegisterContainerNotification never returned, passes freed or foreign memory to the kernel; one "
		"with the registration of a different I/O object than the record names (io) ends the wrong one. A "
		"call that comes too late because the I/O object is gone is only reported as registration/leaked. If "
		"the trace begins in the middle (--start=unknown) or has lost records, an unknown value is not a "
		"finding, unless it is unregistered a second time.",
		REGISTERED UNREGISTER UNREGISTER,
		REGISTERED UNREGISTER REGISTERED UNREGISTER,
	},
	[DRIVER_RULE(LEAKED)] = {
		"registration/leaked", E, E,
		"A registration outlives its I/O object or its driver.",
		"Before a registered device object is deleted, a driver unloaded or a file object closed, the driver "
		"must call IoUnregisterContainerNotification (\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"); "
		"otherwise the kernel calls code that is gone. The finding is at the deletion of the object, or of "
		"the driver object (kind=driver); at marker=end it is at the call that made the registration. A trace "
		"without marker=end may have been cut off while the driver was running: then it is a note. Drivers "
		"are not unloaded when a host shuts down: after marker=shutdown and at a boot nothing is reported.",
		"object=created io=0xA0\n" REGISTERED "object=deleted io=0xA0\n",
		"object=created io=0xA0\n" REGISTERED UNREGISTER "object=deleted io=0xA0\n",
	},
	[DRIVER_RULE(BAD_STATUS)] = {
		"registration/bad-status", E, E,
		"A routine returned a status that does not match the call.",
		"\"IoRegisterContainerNotification function (wdm.h)\": STATUS_SUCCESS; STATUS_INVALID_PARAMETER_1 for "
		"a wrong class, _3 for wrong information in the structure, _4 for a wrong Length; "
		"STATUS_ALREADY_COMMITTED for an I/O object that is registered; STATUS_INSUFFICIENT_RESOURCES. With "
		"STATUS_SUCCESS comes a registration that is not NULL. \"IoGetContainerInformation function "
		"(wdm.h)\": STATUS_SUCCESS; STATUS_INVALID_PARAMETER_1 for a wrong class, _2 for a NULL object, _4 "
		"for a Length that is too small. The pages do not claim to list all errors, so another error is a "
		"warning. Any other status means that the trace, a test double or a filter between driver and kernel "
		"is wrong.",
		REGISTER "mask=all status=STATUS_ALREADY_COMMITTED\n",
		REGISTER "mask=all status=STATUS_INSUFFICIENT_RESOURCES\n",
	},
	[DRIVER_RULE(UNREGISTERED)] = {
		"notification/unregistered", E, E,
		"The callback is called for an I/O object that has no live registration.",
		"Notifications come between IoRegisterContainerNotification and IoUnregisterContainerNotification "
		"(\"IO_SESSION_NOTIFICATION_FUNCTION callback function (wdm.h)\"). One before or after means that the "
		"driver passed on an event it was not notified of, or that a callback was still running when the "
		"registration ended. If a trace begins after the registration, check it with --start=unknown.",
		REGISTERED UNREGISTER CONNECTED PAYLOAD,
		REGISTERED CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(OUTLIVES_REGISTRATION)] = {
		"notification/outlives-registration", E, E,
		"A callback is still running after its registration ended.",
		"Once IoUnregisterContainerNotification has returned, the registration is invalid "
		"(\"IoUnregisterContainerNotification function (wdm.h)\"), and the driver frees its Context, deletes "
		"the I/O object or is unloaded: the callback runs in freed memory. This is found if the trace has the "
		"begin of the callback (phase, seq_end), and its end comes after that of the call. If the call began "
		"after the callback, it is registration/inside-callback.",
		REGISTERED "call=IoUnregisterContainerNotification registration=0xB0 phase=begin\n"
		"notify=Logon session=2 io=0xA0 phase=begin\n"
		"call=IoUnregisterContainerNotification registration=0xB0 phase=end\n"
		"notify=Logon session=2 io=0xA0 phase=end status=STATUS_SUCCESS\n",
		REGISTERED "call=IoUnregisterContainerNotification registration=0xB0 phase=begin\n"
		"notify=Logon session=2 io=0xA0 phase=begin\n"
		"notify=Logon session=2 io=0xA0 phase=end status=STATUS_SUCCESS\n"
		"call=IoUnregisterContainerNotification registration=0xB0 phase=end\n",
	},
	[DRIVER_RULE(MASKED)] = {
		"notification/masked", E, E,
		"The driver is notified of an event that its EventMask does not select.",
		"EventMask selects the events of which the driver is notified (\"IO_SESSION_STATE_NOTIFICATION "
		"structure (wdm.h)\"). Ignore has no bit: only IO_SESSION_STATE_ALL_EVENTS selects it.",
		REGISTER "registration=0xB0 mask=logon,logoff status=STATUS_SUCCESS\n" CONNECTED PAYLOAD UNREGISTER,
		REGISTER "registration=0xB0 mask=connect status=STATUS_SUCCESS\n" CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(FOREIGN_SESSION)] = {
		"notification/foreign-session", E, E,
		"A per-session device object is notified of another session.",
		"A device object whose DEVPKEY_Device_SessionId is not zero belongs to that session and is only "
		"notified of it; any other I/O object is notified of all sessions (\"IO_SESSION_STATE_NOTIFICATION "
		"structure (wdm.h)\"). The record object=created has it as device_session.",
		"object=created io=0xA0 device_session=3\n" REGISTERED CONNECTED PAYLOAD UNREGISTER,
		"object=created io=0xA0 device_session=2\n" REGISTERED CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(WRONG_CONTEXT)] = {
		"notification/wrong-context", E, E,
		"Context is not the registered one.",
		"The I/O manager passes the registered Context to the callback unchanged, even NULL "
		"(\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). With another value the callback accesses the "
		"structure of another device.",
		REGISTERED CONNECTED "context=0xC1 " PAYLOAD UNREGISTER,
		REGISTERED CONNECTED "context=0xc0 " PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(SESSION_OBJECT)] = {
		"notification/session-object", E, E,
		"The session object is wrong.",
		"SessionObject identifies one session while that session is alive; the driver passes it to "
		"IoGetContainerInformation as ContainerObject (\"IO_SESSION_NOTIFICATION_FUNCTION callback function "
		"(wdm.h)\", \"IoGetContainerInformation function (wdm.h)\"). It is wrong if it is NULL or the I/O "
		"object, if a session gets a different one, if two live sessions share one, or if the driver asks "
		"about an object that no callback received. A session is alive until a registration that selects "
		"Terminated has been notified of that. Names of objects are local to their driver.",
		REGISTERED "notify=Logon session=2 io=0xA0 session_object=0x50\n"
		"notify=Logoff session=2 io=0xA0 session_object=0x58\n" UNREGISTER,
		REGISTERED "notify=Terminated session=2 io=0xA0 session_object=0x50\n"
		"notify=Created session=2 io=0xA0 session_object=0x58\n" UNREGISTER,
	},
	[DRIVER_RULE(MISSED)] = {
		"notification/missed", E, E,
		"A registered driver is never notified of a session event that it selected.",
		"If the trace of a host has session events (event) and notifications (notify), each live registration "
		"must be notified of each event that concerns it and that its EventMask selects "
		"(\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). The finding is at the event. It is reported "
		"when the registration ends, or at marker=end. Calls take time: what may have happened before the "
		"registration was live, or after it ended, is not missed. The checker keeps 64 events per session and "
		"65,536 in total; registrations that wait for more are not judged. A trace without marker=end may "
		"have been cut off while drivers were being notified: at its end only those events are missed that "
		"can no longer be notified in order, because the driver was notified of a later event of the session. "
		"An event that a driver was notified of too early is not missed: that is notification/unexpected. An "
		"I/O object that is older than the trace, or whose creation the trace may have lost, can belong to a "
		"session: until its driver is notified of a second session, only the events of the first count. If "
		"many events are missed at once, 16 are named and the others counted. In a trace without session "
		"events, an event of which other registrations were notified is missed if the notifications of this "
		"one cannot be explained without it, or if the registration ended without it.",
		"call=IoRegisterContainerNotification io=0xA0 registration=0xB0 mask=all status=STATUS_SUCCESS\n"
		"event=Created session=2\nnotify=Created session=2 io=0xA0\n"
		"event=Connected session=2\nevent=Terminated session=2\n"
		"notify=Terminated session=2 io=0xA0\n" UNREGISTER,
		"call=IoRegisterContainerNotification io=0xA0 registration=0xB0 mask=connect status=STATUS_SUCCESS\n"
		"event=Created session=2\n"
		"event=Connected session=2\n" CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(UNEXPECTED)] = {
		"notification/unexpected", E, E,
		"The driver is notified of something that the session did not do then.",
		"If the trace of a host has session events and notifications, each notification must be of an event "
		"that happened and of which the I/O object has not been notified yet, in the order of the session's "
		"events (\"IO_SESSION_NOTIFICATION_FUNCTION callback function (wdm.h)\"). This one comes twice, too "
		"late, too early, or without an event. A registration is not notified of what happened before it was "
		"made. In a trace without session events, a notification that continues the earlier ones of its "
		"registration is a new event; one that does not is reported here if the registration had already missed it.",
		REGISTERED "event=Created session=2\n"
		"notify=Created session=2 io=0xA0\nnotify=Created session=2 io=0xA0\n" UNREGISTER,
		REGISTERED "event=Created session=2\nevent=Connected session=2\n"
		"notify=Created session=2 io=0xA0\n" CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(PAYLOAD_MISSING)] = {
		"notification/payload-missing", E, E,
		"Connected has no IO_SESSION_CONNECT_INFO.",
		"When a session enters the connected state, the payload contains its id and whether the user is local "
		"(\"IO_SESSION_CONNECT_INFO structure (wdm.h)\"). The record of such a notification has "
		"payload_session, payload_local and payload_length; a length alone means that the payload is NULL.",
		REGISTERED CONNECTED "payload_length=0\n" UNREGISTER,
		REGISTERED CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(PAYLOAD_LENGTH)] = {
		"notification/payload-length", E, E,
		"PayloadLength is not that of a buffer with an IO_SESSION_CONNECT_INFO.",
		"The buffer contains an IO_SESSION_CONNECT_INFO of 8 bytes, and never exceeds "
		"IO_SESSION_MAX_PAYLOAD_SIZE, 256 bytes (\"IO_SESSION_NOTIFICATION_FUNCTION callback function "
		"(wdm.h)\"). A driver that does not check the length reads beyond a shorter one.",
		REGISTERED CONNECTED "payload_session=2 payload_length=4\n" UNREGISTER,
		REGISTERED CONNECTED "payload_session=2 payload_length=8\n" UNREGISTER,
	},
	[DRIVER_RULE(PAYLOAD_SESSION)] = {
		"notification/payload-session", E, E,
		"The payload names a different session than the notification.",
		"SessionId in IO_SESSION_CONNECT_INFO is the id of the session that the notification is about "
		"(\"IO_SESSION_CONNECT_INFO structure (wdm.h)\").",
		REGISTERED CONNECTED "payload_session=3 payload_length=8\n" UNREGISTER,
		REGISTERED CONNECTED "payload_session=2 payload_length=8\n" UNREGISTER,
	},
	[DRIVER_RULE(INVALID_LOCAL)] = {
		"notification/invalid-local", E, E,
		"LocalSession is used while the session is not connected.",
		"LocalSession is valid only while the session is connected: in the states Connected, LoggedOn and "
		"LoggedOff (\"IO_SESSION_STATE_INFORMATION structure (wdm.h)\"). The trace has it (local, "
		"payload_local) in another state. Record it only where it is valid.",
		"event=Created session=2\nstate=Created session=2 local=1\n",
		"event=Created session=2\nevent=Connected session=2\nstate=Connected session=2 local=1\n",
	},
	[DRIVER_RULE(WRONG_LOCAL)] = {
		"notification/wrong-local", E, E,
		"LocalSession changes within a connection.",
		"LocalSession says whether the user of the session is local or remote (\"IO_SESSION_CONNECT_INFO "
		"structure (wdm.h)\", \"IO_SESSION_STATE_INFORMATION structure (wdm.h)\"). It does not change until "
		"the session is disconnected: payloads and samples of one connection agree. In a trace without "
		"session events it is only known when the registrations end which notifications belong to the same "
		"connection, and a sample is wrong if no connection until then has its value.",
		REGISTERED "event=Created session=2\nnotify=Created session=2 io=0xA0\nevent=Connected session=2\n" CONNECTED
		PAYLOAD "state=Connected session=2 local=0\n" UNREGISTER,
		REGISTERED "event=Created session=2\nnotify=Created session=2 io=0xA0\nevent=Connected session=2\n" CONNECTED
		PAYLOAD "state=Connected session=2 local=1\n" UNREGISTER,
	},
	[DRIVER_RULE(FAILED)] = {
		"notification/failed", W, W,
		"The callback did not return STATUS_SUCCESS.",
		"The callback returns STATUS_SUCCESS, otherwise an error status (\"IO_SESSION_NOTIFICATION_FUNCTION "
		"callback function (wdm.h)\"). An error is allowed, but the session continues without the driver. A "
		"status that is neither, such as STATUS_PENDING, is not allowed and reported as an error.",
		REGISTERED CONNECTED "status=STATUS_UNSUCCESSFUL " PAYLOAD UNREGISTER,
		REGISTERED CONNECTED "status=STATUS_SUCCESS " PAYLOAD UNREGISTER,
	},
};
