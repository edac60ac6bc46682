# SPDX-License-Identifier: MIT
#
# What every recognizer has in common: the alphabet, the two ways not to be seen, and the bit by which a
# node of the recognizer says which state of the chart it stands for. With hidden causes a node stands for
# several states at once: its belief.

%%{
	machine causes;

	alphtype unsigned char;
	import "alphabet.h";

	# A cause bound to an event is taken and shown; to `event?` it may be shown; to these it is
	silent = '';           # taken, and the trace does not show it
	never = any - any;     # not taken

	# Bit n - 1 is IoSessionState value n.
	action in_Created              { belief |= 0x01; }
	action in_Initialized          { belief |= 0x02; }
	action in_Connected            { belief |= 0x04; }
	action in_Disconnected         { belief |= 0x08; }
	action in_DisconnectedLoggedOn { belief |= 0x10; }
	action in_LoggedOn             { belief |= 0x20; }
	action in_LoggedOff            { belief |= 0x40; }
	action in_Terminated           { belief |= 0x80; }
}%%
