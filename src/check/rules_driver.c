/* SPDX-License-Identifier: MIT */
/* The part of the table of rules that is about the driver's contract. */
#include "check/rules.h"

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
		"A routine is called with an argument that it cannot take.",
		"The class of IoRegisterContainerNotification is IoSessionStateNotification, its IoObject a device, "
		"driver or file object (\"IoRegisterContainerNotification function (wdm.h)\"); the class of "
		"IoGetContainerInformation is IoSessionStateInformation, its ContainerObject the callback's "
		"SessionObject, its Length at least the 12 bytes of IO_SESSION_STATE_INFORMATION "
		"(\"IoGetContainerInformation function (wdm.h)\"). The routine refuses such a call; whether it gave "
		"the right answer is for registration/bad-status to say.",
		REGISTER "class=1 mask=all status=STATUS_INVALID_PARAMETER_1\n",
		REGISTER "class=0 mask=all registration=0xB0 status=STATUS_SUCCESS\n" UNREGISTER,
	},
	[DRIVER_RULE(BAD_OBJECT)] = {
		"registration/bad-object", E, E,
		"An I/O object is registered that is gone, or that is another driver's.",
		"IoObject is a device object, driver object or file object of the driver, and stays valid as long as it "
		"is registered (\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). The trace shows its deletion and no "
		"creation since, another driver's record of its creation, or an owner that is another driver. Names of "
		"objects are those of their driver; only an address is taken to be the same object in the records of "
		"two.",
		"driver=a object=created io=0xA0\ndriver=a object=deleted io=0xA0\ndriver=a " REGISTERED
		"driver=a " UNREGISTER,
		"driver=a object=created io=0xA0\ndriver=a " REGISTERED "driver=a " UNREGISTER
		"driver=a object=deleted io=0xA0\n",
	},
	[DRIVER_RULE(FREED_CONTEXT)] = {
		"registration/freed-context", W, W,
		"A Context is freed while it is registered.",
		"The I/O manager hands Context to the callback as long as the registration lives "
		"(\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). The trace shows the deletion (object=deleted) of "
		"what was registered as Context. A callback that runs then reads memory that is not its own; one that "
		"only compares the value does not.",
		REGISTERED "object=deleted io=0xC0\n" UNREGISTER,
		REGISTERED UNREGISTER "object=deleted io=0xC0\n",
	},
	[DRIVER_RULE(INSIDE_CALLBACK)] = {
		"registration/inside-callback", W, W,
		"A driver unregisters while a callback of the registration runs.",
		"IoUnregisterContainerNotification is called after the callback has begun, and returns before the "
		"callback does, or neither returns before marker=end. So it was called by the callback itself, or did not "
		"wait for it. The pages do not say whether the call waits for callbacks that run "
		"(\"IoUnregisterContainerNotification function (wdm.h)\"): if it does, the two wait for each other. Found "
		"where the trace holds begin and end of the two (phase, seq_end). A work item that unregisters, for which "
		"the callback does not wait, avoids it.",
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
		"IoRegisterContainerNotification, IoUnregisterContainerNotification, IoGetContainerInformation and the "
		"callback are called at IRQL <= APC_LEVEL, which is 1 (\"Requirements\" on the pages of all four). They may wait, "
		"and touch memory that is paged out. The record says at which IRQL by irql, which is what "
		"KeGetCurrentIrql() returned.",
		REGISTERED "irql=DISPATCH_LEVEL " UNREGISTER,
		REGISTERED "irql=APC_LEVEL " UNREGISTER,
	},
	[DRIVER_RULE(BAD_SIZE)] = {
		"registration/bad-size", E, E,
		"Size or Length is not the size of IO_SESSION_STATE_NOTIFICATION.",
		"Both are sizeof(IO_SESSION_STATE_NOTIFICATION): 32 bytes where pointers have 8 bytes, 20 where they "
		"have 4 (\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). The key pointer_size says "
		"it of a host, --pointer-size of those of which no record does; 8 is the default.",
		REGISTER "mask=all size=20 length=32 status=STATUS_INVALID_PARAMETER_3\n",
		REGISTER "mask=all size=32 length=32 registration=0xB0 status=STATUS_SUCCESS\n" UNREGISTER,
	},
	[DRIVER_RULE(BAD_FLAGS)] = {
		"registration/bad-flags", E, E,
		"Flags is not zero.",
		"No flags are defined; the member must be zero (\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). "
		"Another value is often a structure that was not cleared.",
		REGISTER "mask=all flags=1 status=STATUS_INVALID_PARAMETER_3\n",
		REGISTER "mask=all flags=0 registration=0xB0 status=STATUS_SUCCESS\n" UNREGISTER,
	},
	[DRIVER_RULE(BAD_MASK)] = {
		"registration/bad-mask", E, E,
		"EventMask selects no event, or has bits that stand for none.",
		"EventMask is IO_SESSION_STATE_ALL_EVENTS (0xffffffff), or a combination of the six bits in "
		"IO_SESSION_STATE_VALID_EVENT_MASK (0x3f) (\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). A "
		"driver that selects nothing is never told anything.",
		REGISTER "mask=0x40 status=STATUS_INVALID_PARAMETER_3\n",
		REGISTER "mask=0x3f registration=0xB0 status=STATUS_SUCCESS\n" UNREGISTER,
	},
	[DRIVER_RULE(DUPLICATE)] = {
		"registration/duplicate", E, E,
		"A second registration of an I/O object is not refused.",
		"An I/O object has one active registration; another call for it fails with "
		"STATUS_ALREADY_COMMITTED (\"IoRegisterContainerNotification function (wdm.h)\"). If the second call "
		"succeeded, the driver is told everything twice, and must unregister twice. So is a value for "
		"CallbackRegistration found that is live for another I/O object; that registration is taken to be over.",
		REGISTERED REGISTER "registration=0xB1 mask=all status=STATUS_SUCCESS\n" UNREGISTER
		"call=IoUnregisterContainerNotification registration=0xB1\n",
		REGISTERED REGISTER "mask=all status=STATUS_ALREADY_COMMITTED\n" UNREGISTER,
	},
	[DRIVER_RULE(UNKNOWN)] = {
		"registration/unknown", E, E,
		"A registration is used that is not live.",
		"Once IoUnregisterContainerNotification has returned, the registration is invalid "
		"(\"IoUnregisterContainerNotification function (wdm.h)\"). A second call, or one with a value that no "
		"IoRegisterContainerNotification gave, hands freed or foreign memory to the kernel; one with the "
		"registration of another I/O object than the record names (io) ends the wrong one. A call that comes too "
		"late because the I/O object is gone is registration/leaked, and nothing besides. Where the trace begins "
		"in the middle (--start=unknown) or has lost records, a value that it has not shown is no finding, "
		"unless it is given back a second time.",
		REGISTERED UNREGISTER UNREGISTER,
		REGISTERED UNREGISTER REGISTERED UNREGISTER,
	},
	[DRIVER_RULE(LEAKED)] = {
		"registration/leaked", E, E,
		"A registration outlives its I/O object or its driver.",
		"Before a registered device object is deleted, a driver unloaded or a file object closed, the driver "
		"must call IoUnregisterContainerNotification (\"IoRegisterContainerNotification function (wdm.h)\"); "
		"otherwise the kernel calls code that is gone. The place is the deletion of the object, or of the driver "
		"object (kind=driver); at marker=end it is the call that made the registration. A trace without "
		"marker=end may have been cut while the driver ran: there it is a note. Drivers are not unloaded when a "
		"host shuts down: after marker=shutdown and at a boot nothing is reported.",
		"object=created io=0xA0\n" REGISTERED "object=deleted io=0xA0\n",
		"object=created io=0xA0\n" REGISTERED UNREGISTER "object=deleted io=0xA0\n",
	},
	[DRIVER_RULE(BAD_STATUS)] = {
		"registration/bad-status", E, E,
		"A routine is said to have returned what it does not return for such a call.",
		"\"IoRegisterContainerNotification function (wdm.h)\": STATUS_SUCCESS; STATUS_INVALID_PARAMETER_1 for a "
		"wrong class, _3 for wrong information in the structure, _4 for a wrong Length; "
		"STATUS_ALREADY_COMMITTED for an I/O object that is registered; STATUS_INSUFFICIENT_RESOURCES. With "
		"STATUS_SUCCESS comes a registration that is not NULL. "
		"\"IoGetContainerInformation function (wdm.h)\": STATUS_SUCCESS; STATUS_INVALID_PARAMETER_1 for a wrong "
		"class, _2 for a NULL object, _4 for a Length that is too small. The pages do not say that they "
		"list all errors, so another one is a warning. Any other answer means that the trace, a test double or a "
		"filter between driver and kernel is wrong.",
		REGISTER "mask=all status=STATUS_ALREADY_COMMITTED\n",
		REGISTER "mask=all status=STATUS_INSUFFICIENT_RESOURCES\n",
	},
	[DRIVER_RULE(UNREGISTERED)] = {
		"notification/unregistered", E, E,
		"The callback is called for an I/O object that has no live registration.",
		"Notifications come between IoRegisterContainerNotification and IoUnregisterContainerNotification "
		"(\"IO_SESSION_NOTIFICATION_FUNCTION callback function (wdm.h)\"). One before or after means that the "
		"driver passed on what it was not told, or that a callback still ran when the registration was given "
		"up. A trace that begins after the registration is checked with --start=unknown.",
		REGISTERED UNREGISTER CONNECTED PAYLOAD,
		REGISTERED CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(OUTLIVES_REGISTRATION)] = {
		"notification/outlives-registration", E, E,
		"A callback still runs when its registration has ended.",
		"Once IoUnregisterContainerNotification has returned, the registration is invalid "
		"(\"IoUnregisterContainerNotification function (wdm.h)\"), and the driver frees its Context, deletes the "
		"I/O object or is unloaded: the callback runs in memory that is gone. Found where the trace holds the begin "
		"of the callback (phase, seq_end), and its end comes after that of the call. If the call began after the "
		"callback, it is registration/inside-callback.",
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
		"The driver is told of an event that its EventMask does not select.",
		"EventMask says of which events the driver is told (\"IO_SESSION_STATE_NOTIFICATION structure "
		"(wdm.h)\"). Ignore has no bit: only IO_SESSION_STATE_ALL_EVENTS lets it through.",
		REGISTER "registration=0xB0 mask=logon,logoff status=STATUS_SUCCESS\n" CONNECTED PAYLOAD UNREGISTER,
		REGISTER "registration=0xB0 mask=connect status=STATUS_SUCCESS\n" CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(FOREIGN_SESSION)] = {
		"notification/foreign-session", E, E,
		"A per-session device object is told of another session.",
		"A device object whose DEVPKEY_Device_SessionId is not zero belongs to that session and is told of it "
		"alone; any other I/O object is told of all sessions (\"IoRegisterContainerNotification function "
		"(wdm.h)\"). The record object=created says it by device_session.",
		"object=created io=0xA0 device_session=3\n" REGISTERED CONNECTED PAYLOAD UNREGISTER,
		"object=created io=0xA0 device_session=2\n" REGISTERED CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(WRONG_CONTEXT)] = {
		"notification/wrong-context", E, E,
		"Context is not what the driver registered.",
		"The I/O manager hands the registered Context to the callback as it is, NULL included "
		"(\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). Another value means that the callback reads a "
		"structure of another device.",
		REGISTERED CONNECTED "context=0xC1 " PAYLOAD UNREGISTER,
		REGISTERED CONNECTED "context=0xc0 " PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(SESSION_OBJECT)] = {
		"notification/session-object", E, E,
		"A session object is not that of the session.",
		"SessionObject names one session for as long as that session lives; the driver hands it to "
		"IoGetContainerInformation as ContainerObject (\"IO_SESSION_NOTIFICATION_FUNCTION callback function "
		"(wdm.h)\", \"IoGetContainerInformation function (wdm.h)\"). It is found when it is NULL or the I/O object, "
		"when a session gets another one, when two sessions that live have one, and when the driver asks about an "
		"object that no callback gave. A session lives until a registration that selects Terminated was notified "
		"of that. Names of objects are those of their driver.",
		REGISTERED "notify=Logon session=2 io=0xA0 session_object=0x50\n"
		"notify=Logoff session=2 io=0xA0 session_object=0x58\n" UNREGISTER,
		REGISTERED "notify=Terminated session=2 io=0xA0 session_object=0x50\n"
		"notify=Created session=2 io=0xA0 session_object=0x58\n" UNREGISTER,
	},
	[DRIVER_RULE(MISSED)] = {
		"notification/missed", E, E,
		"A registered driver is never told of a session event that it asked for.",
		"Where the trace of a host holds session events (event) and notifications (notify), each event that "
		"EventMask selects must be told to each live registration that it concerns "
		"(\"IO_SESSION_STATE_NOTIFICATION structure (wdm.h)\"). The finding stands at the event. It is made "
		"when the registration ends, or at marker=end. Calls take time: what may have happened before the "
		"registration was live, or after it ended, is not missed. Of a session 64 events are kept, of all 65,536; "
		"nothing is said of registrations that wait for more. A trace without marker=end may "
		"have been cut while drivers were being told: at its end only that is missed which a driver can no "
		"longer be told in order, because it was told of a later event of the session. An event that a driver "
		"was told of too early is not missed: that is notification/unexpected. An I/O object whose creation the "
		"trace may have lost, or that is older than the trace, can belong to a session: until its driver is told "
		"of a second one, it is held to the events of the one that it is told of. Of what is missed at once, by "
		"many registrations or as one ends, 16 are named and the others counted. In a trace without session events "
		"an event is missed that other registrations were notified of, if this one's own notifications have no "
		"explanation without it, or if it ended without it.",
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
		"The driver is told of what the session did not do then.",
		"Where the trace of a host holds session events and notifications, each notification is of an event "
		"that happened and that the I/O object has not been told of yet, in the order in which the session's "
		"events happened (\"IO_SESSION_NOTIFICATION_FUNCTION callback function (wdm.h)\"). This one comes "
		"twice, too late, too early, or from nowhere. What happened before the registration was made is not "
		"told to it. In a trace without session events a notification that its registration's own ones explain is "
		"a new event; one that they do not explain is found here if the registration was passed over for it.",
		REGISTERED "event=Created session=2\n"
		"notify=Created session=2 io=0xA0\nnotify=Created session=2 io=0xA0\n" UNREGISTER,
		REGISTERED "event=Created session=2\nevent=Connected session=2\n"
		"notify=Created session=2 io=0xA0\n" CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(PAYLOAD_MISSING)] = {
		"notification/payload-missing", E, E,
		"Connected comes without an IO_SESSION_CONNECT_INFO.",
		"When a session enters the connected state, the payload tells its id and whether the user is local "
		"(\"IO_SESSION_CONNECT_INFO structure (wdm.h)\"). A record of such a notification holds "
		"payload_session, payload_local and payload_length; a length alone is that of a NULL payload.",
		REGISTERED CONNECTED "payload_length=0\n" UNREGISTER,
		REGISTERED CONNECTED PAYLOAD UNREGISTER,
	},
	[DRIVER_RULE(PAYLOAD_LENGTH)] = {
		"notification/payload-length", E, E,
		"PayloadLength is not that of a buffer with an IO_SESSION_CONNECT_INFO.",
		"The buffer contains an IO_SESSION_CONNECT_INFO of 8 bytes, and never exceeds IO_SESSION_MAX_PAYLOAD_SIZE, "
		"256 bytes (\"IO_SESSION_NOTIFICATION_FUNCTION callback function (wdm.h)\"). A driver that reads the "
		"structure without looking at the length reads past a shorter one.",
		REGISTERED CONNECTED "payload_session=2 payload_length=4\n" UNREGISTER,
		REGISTERED CONNECTED "payload_session=2 payload_length=8\n" UNREGISTER,
	},
	[DRIVER_RULE(PAYLOAD_SESSION)] = {
		"notification/payload-session", E, E,
		"The payload names another session than the notification.",
		"SessionId in IO_SESSION_CONNECT_INFO is the id of the session that the notification is about "
		"(\"IO_SESSION_CONNECT_INFO structure (wdm.h)\").",
		REGISTERED CONNECTED "payload_session=3 payload_length=8\n" UNREGISTER,
		REGISTERED CONNECTED "payload_session=2 payload_length=8\n" UNREGISTER,
	},
	[DRIVER_RULE(INVALID_LOCAL)] = {
		"notification/invalid-local", E, E,
		"LocalSession is used where the session is not connected.",
		"LocalSession is valid only while the session is connected: in the states Connected, LoggedOn and "
		"LoggedOff (\"IO_SESSION_STATE_INFORMATION structure (wdm.h)\"). The trace gives it (local, "
		"payload_local) for another state. Record it only where it is valid.",
		"event=Created session=2\nstate=Created session=2 local=1\n",
		"event=Created session=2\nevent=Connected session=2\nstate=Connected session=2 local=1\n",
	},
	[DRIVER_RULE(WRONG_LOCAL)] = {
		"notification/wrong-local", E, E,
		"LocalSession is not that of the connection.",
		"LocalSession says whether the user of the session is local or remote "
		"(\"IO_SESSION_CONNECT_INFO structure (wdm.h)\", \"IO_SESSION_STATE_INFORMATION structure (wdm.h)\"). Until "
		"the session is disconnected that does not change: payloads and samples of one connection agree. In a trace "
		"without session events it takes until the registrations end to know which notifications are of one "
		"connection, and a sample is wrong if no connection until then has its value.",
		REGISTERED "event=Created session=2\nnotify=Created session=2 io=0xA0\nevent=Connected session=2\n" CONNECTED
		PAYLOAD "state=Connected session=2 local=0\n" UNREGISTER,
		REGISTERED "event=Created session=2\nnotify=Created session=2 io=0xA0\nevent=Connected session=2\n" CONNECTED
		PAYLOAD "state=Connected session=2 local=1\n" UNREGISTER,
	},
	[DRIVER_RULE(FAILED)] = {
		"notification/failed", W, W,
		"The callback returned something else than STATUS_SUCCESS.",
		"The callback returns STATUS_SUCCESS, otherwise an error status "
		"(\"IO_SESSION_NOTIFICATION_FUNCTION callback function (wdm.h)\"). That is allowed, but the session "
		"goes on without the driver. A status that is neither, such as STATUS_PENDING, breaks a must and is an "
		"error.",
		REGISTERED CONNECTED "status=STATUS_UNSUCCESSFUL " PAYLOAD UNREGISTER,
		REGISTERED CONNECTED "status=STATUS_SUCCESS " PAYLOAD UNREGISTER,
	},
};
