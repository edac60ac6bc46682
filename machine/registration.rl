# SPDX-License-Identifier: MIT
#
# The states of an I/O object and its registration. One arc per line, `cause -> State`.
#
# "IoRegisterContainerNotification function (wdm.h)": one active registration for one I/O object, a second
# one returns STATUS_ALREADY_COMMITTED; before a registered device is deleted, a driver unloaded or a file
# object closed, the driver unregisters; once "IoUnregisterContainerNotification function (wdm.h)" has
# returned, the registration is invalid.
#
# Absent is an object of which the trace has not shown the creation, or has shown the deletion: a trace need
# not record objects, so that it can be registered all the same. A symbol that a state does not have is a
# breach.

%%{
	machine registration;

	registration = (
		start: (
			BEGIN_ABSENT          -> Absent
			| BEGIN_PRESENT       -> Present
			| BEGIN_REGISTERED    -> Registered
		),

		Absent: (
			OBJECT_CREATION       -> Present
			| OBJECT_DELETION     -> Absent
			| REGISTER_SUCCESS    -> Registered
			| REGISTER_REFUSAL    -> Absent
			| TRACE_END           -> Absent
			| silent              -> final
		) >~in_Absent,

		Present: (
			OBJECT_CREATION       -> Present
			| OBJECT_DELETION     -> Absent
			| REGISTER_SUCCESS    -> Registered
			| REGISTER_REFUSAL    -> Present
			| TRACE_END           -> Present
			| silent              -> final
		) >~in_Present,

		Registered: (
			REGISTER_COMMITTED    -> Registered
			| REGISTER_REFUSAL    -> Registered
			| NOTIFICATION        -> Registered
			| UNREGISTER          -> Present
		) >~in_Registered
	);
}%%
