/* SPDX-License-Identifier: MIT */
/*
 * Writes one line of a session trace into a caller's buffer: keys with numbers, addresses, names
 * and texts. session_trace.h has the records and includes this.
 */
#ifndef SESSION_TRACE_LINE_H
#define SESSION_TRACE_LINE_H

/* Integers of 32 and 64 bits, and one for an address. No header is needed; if those of Windows are
 * included, their types are used. */
#if defined(_WDMDDK_) || defined(_NTDDK_) || defined(_WINDOWS_)
typedef LONG session_trace_i32;
typedef ULONG session_trace_u32;
typedef ULONGLONG session_trace_u64;
typedef ULONG_PTR session_trace_size;
#elif defined(_MSC_VER)
typedef long session_trace_i32;
typedef unsigned long session_trace_u32;
typedef unsigned __int64 session_trace_u64;
#ifdef _WIN64
typedef unsigned __int64 session_trace_size;
#else
typedef unsigned int session_trace_size;
#endif
#elif defined(__GNUC__)
typedef int session_trace_i32;
typedef unsigned int session_trace_u32;
/* C89 and C++98 have no "long long" */
typedef unsigned int session_trace_u64 __attribute__((__mode__(__DI__)));
typedef unsigned int session_trace_size __attribute__((__mode__(__pointer__)));
#else
#error "session_trace.h: include wdm.h, ntddk.h or windows.h before it"
#endif

/* How the functions are declared; define it before including this to change it. */
#ifndef SESSION_TRACE_FUNCTION
#if defined(_MSC_VER) || defined(__GNUC__)
#define SESSION_TRACE_FUNCTION static __inline
#else
#define SESSION_TRACE_FUNCTION static
#endif
#endif

struct session_trace_line {
	char *buffer;
	session_trace_size size;   /* of the buffer */
	session_trace_size length; /* bytes needed so far, without terminator */
};

SESSION_TRACE_FUNCTION void session_trace_begin(struct session_trace_line *line, char *buffer,
						session_trace_size size)
{
	line->buffer = buffer;
	line->size = buffer ? size : 0;
	line->length = 0;
}

/* Ends the line: terminates it, or makes it empty. Returns the number of bytes that it needs. */
SESSION_TRACE_FUNCTION session_trace_size session_trace_end(struct session_trace_line *line)
{
	if (line->size > 0)
		line->buffer[line->length < line->size ? line->length : 0] = '\0';
	return line->length;
}

SESSION_TRACE_FUNCTION void session_trace_put_byte(struct session_trace_line *line, unsigned byte)
{
	if (line->length < line->size)
		line->buffer[line->length] = (char)(unsigned char)byte;
	/* no need to count beyond any buffer */
	if (line->length + 1 != 0)
		line->length++;
}

/* Writes text that needs no escapes. */
SESSION_TRACE_FUNCTION void session_trace_put_plain(struct session_trace_line *line,
						    const char *text)
{
	for (; *text; text++)
		session_trace_put_byte(line, (unsigned char)*text);
}

SESSION_TRACE_FUNCTION void session_trace_put_key(struct session_trace_line *line, const char *key)
{
	if (line->length > 0)
		session_trace_put_byte(line, ' ');
	session_trace_put_plain(line, key);
	session_trace_put_byte(line, '=');
}

/* A byte, or a character below U+0080, inside of quotes. */
SESSION_TRACE_FUNCTION void session_trace_put_quoted(struct session_trace_line *line, unsigned byte)
{
	static const char digits[] = "0123456789abcdef";

	if (byte < 0x20 || byte == 0x7f) {
		session_trace_put_plain(line, "\\u00");
		session_trace_put_byte(line, (unsigned char)digits[byte >> 4]);
		session_trace_put_byte(line, (unsigned char)digits[byte & 15]);
		return;
	}
	if (byte == '"' || byte == '\\')
		session_trace_put_byte(line, '\\');
	session_trace_put_byte(line, byte);
}

/* @size bytes of any text, with its key. */
SESSION_TRACE_FUNCTION void session_trace_put_bytes(struct session_trace_line *line,
						    const char *key, const void *text,
						    session_trace_size size)
{
	const unsigned char *bytes = (const unsigned char *)text;
	session_trace_size i;
	int plain = 1;

	if (!bytes || size == 0)
		return;
	for (i = 0; i < size && plain; i++)
		plain = bytes[i] > ' ' && bytes[i] != 0x7f && bytes[i] != '"';
	session_trace_put_key(line, key);
	if (!plain)
		session_trace_put_byte(line, '"');
	for (i = 0; i < size; i++) {
		if (plain)
			session_trace_put_byte(line, bytes[i]);
		else
			session_trace_put_quoted(line, bytes[i]);
	}
	if (!plain)
		session_trace_put_byte(line, '"');
}

/* A terminated text, of which at most @limit bytes are written. */
SESSION_TRACE_FUNCTION void session_trace_put_limited(struct session_trace_line *line,
						      const char *key, const char *text,
						      session_trace_size limit)
{
	session_trace_size size = 0;

	while (text && size < limit && text[size])
		size++;
	session_trace_put_bytes(line, key, text, size);
}

SESSION_TRACE_FUNCTION void session_trace_put_text(struct session_trace_line *line, const char *key,
						   const char *text)
{
	session_trace_put_limited(line, key, text, ~(session_trace_size)0);
}

/* A character as UTF-8, inside of quotes. */
SESSION_TRACE_FUNCTION void session_trace_put_character(struct session_trace_line *line,
							session_trace_u32 code)
{
	if (code < 0x80) {
		session_trace_put_quoted(line, (unsigned)code);
		return;
	}
	if (code < 0x800) {
		session_trace_put_byte(line, (unsigned)(0xc0 | code >> 6));
	} else {
		if (code < 0x10000) {
			session_trace_put_byte(line, (unsigned)(0xe0 | code >> 12));
		} else {
			session_trace_put_byte(line, (unsigned)(0xf0 | code >> 18));
			session_trace_put_byte(line, (unsigned)(0x80 | (code >> 12 & 0x3f)));
		}
		session_trace_put_byte(line, (unsigned)(0x80 | (code >> 6 & 0x3f)));
	}
	session_trace_put_byte(line, (unsigned)(0x80 | (code & 0x3f)));
}

/*
 * @units UTF-16 code units, as in a BSTR or a UNICODE_STRING (whose Length counts bytes: half of
 * it), in the order of bytes that Windows has; @text need not be aligned. Lone surrogates become
 * U+FFFD.
 */
SESSION_TRACE_FUNCTION void session_trace_put_wide(struct session_trace_line *line, const char *key,
						   const void *text, session_trace_size units)
{
	const unsigned char *bytes = (const unsigned char *)text;
	session_trace_u32 code, low;
	session_trace_size i;

	if (!bytes || units == 0)
		return;
	session_trace_put_key(line, key);
	session_trace_put_byte(line, '"');
	for (i = 0; i < units; i++) {
		code = bytes[2 * i] | (session_trace_u32)bytes[2 * i + 1] << 8;
		low = 0;
		if (code >= 0xd800 && code < 0xdc00 && i + 1 < units)
			low = bytes[2 * i + 2] | (session_trace_u32)bytes[2 * i + 3] << 8;
		if (low >= 0xdc00 && low < 0xe000) {
			code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
			i++;
		} else if (code >= 0xd800 && code < 0xe000) {
			code = 0xfffd;
		}
		session_trace_put_character(line, code);
	}
	session_trace_put_byte(line, '"');
}

/*
 * Divides by at most 65535 and returns the remainder. In parts of 16 bits, because a 64-bit
 * division on x86 calls a function of a library.
 */
SESSION_TRACE_FUNCTION session_trace_u32 session_trace_divide(session_trace_u64 *number,
							      session_trace_u32 divisor)
{
	session_trace_u32 high = (session_trace_u32)(*number >> 32);
	session_trace_u32 low = (session_trace_u32)(*number & 0xffffffffUL);
	session_trace_u32 top = high / divisor, part, next, rest;

	part = (high % divisor) << 16 | low >> 16;
	next = part / divisor;
	part = (part % divisor) << 16 | (low & 0xffff);
	rest = part % divisor;
	*number = (session_trace_u64)top << 32 | (session_trace_u64)next << 16 | part / divisor;
	return rest;
}

/* At least @width digits. */
SESSION_TRACE_FUNCTION void session_trace_put_decimal(struct session_trace_line *line,
						      session_trace_u64 number, unsigned width)
{
	char digits[20];
	unsigned count = 0;

	while (number != 0 || count < width)
		digits[count++] = (char)('0' + session_trace_divide(&number, 10));
	while (count > 0)
		session_trace_put_byte(line, (unsigned char)digits[--count]);
}

SESSION_TRACE_FUNCTION void session_trace_put_number(struct session_trace_line *line,
						     const char *key, session_trace_u64 number)
{
	session_trace_put_key(line, key);
	session_trace_put_decimal(line, number, 1);
}

SESSION_TRACE_FUNCTION void session_trace_put_hex(struct session_trace_line *line, const char *key,
						  session_trace_u64 number)
{
	static const char digits[] = "0123456789abcdef";
	char text[16];
	unsigned count = 0;

	session_trace_put_key(line, key);
	session_trace_put_plain(line, "0x");
	do {
		text[count++] = digits[(unsigned)(number & 15)];
		number >>= 4;
	} while (number != 0);
	while (count > 0)
		session_trace_put_byte(line, (unsigned char)text[--count]);
}

/* NULL is 0x0. */
SESSION_TRACE_FUNCTION void session_trace_put_address(struct session_trace_line *line,
						      const char *key, const void *address)
{
	session_trace_put_hex(line, key, (session_trace_size)address);
}

SESSION_TRACE_FUNCTION void session_trace_put_boolean(struct session_trace_line *line,
						      const char *key, int value)
{
	session_trace_put_key(line, key);
	session_trace_put_plain(line, value ? "true" : "false");
}

/* The date of a day that is counted from 1601-01-01, with which a cycle of 400 years begins. */
SESSION_TRACE_FUNCTION void session_trace_put_date(struct session_trace_line *line,
						   session_trace_u32 day)
{
	static const unsigned char lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	session_trace_u32 year = 1601 + day / 146097 * 400, month = 0, length, part;

	day %= 146097;
	part = day / 36524 < 4 ? day / 36524 : 3;
	year += part * 100;
	day -= part * 36524;
	year += day / 1461 * 4;
	day %= 1461;
	part = day / 365 < 4 ? day / 365 : 3;
	year += part;
	day -= part * 365;
	for (;; month++) {
		length = lengths[month];
		if (month == 1 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0))
			length++;
		if (day < length)
			break;
		day -= length;
	}
	session_trace_put_decimal(line, year, 4);
	session_trace_put_byte(line, '-');
	session_trace_put_decimal(line, month + 1, 2);
	session_trace_put_byte(line, '-');
	session_trace_put_decimal(line, day + 1, 2);
}

/* 100 ns since 1601-01-01 UTC as RFC 3339. */
SESSION_TRACE_FUNCTION void session_trace_put_time(struct session_trace_line *line, const char *key,
						   session_trace_u64 time)
{
	session_trace_u32 fraction, second, minute, hour;
	session_trace_u64 left = time;

	fraction = session_trace_divide(&left, 10000);
	fraction += 10000 * session_trace_divide(&left, 1000);
	second = session_trace_divide(&left, 60);
	minute = session_trace_divide(&left, 60);
	hour = session_trace_divide(&left, 24);
	/* so many days have the years 1601 to 9999 */
	if (time == 0 || left >= 3067671)
		return;
	session_trace_put_key(line, key);
	session_trace_put_date(line, (session_trace_u32)left);
	session_trace_put_byte(line, 'T');
	session_trace_put_decimal(line, hour, 2);
	session_trace_put_byte(line, ':');
	session_trace_put_decimal(line, minute, 2);
	session_trace_put_byte(line, ':');
	session_trace_put_decimal(line, second, 2);
	session_trace_put_byte(line, '.');
	session_trace_put_decimal(line, fraction, 7);
	session_trace_put_byte(line, 'Z');
}

/* ---- names ---- */

/* The name of @value, or the number if it has none, so that the checker reports it. */
SESSION_TRACE_FUNCTION void session_trace_put_named(struct session_trace_line *line,
						    const char *key, const char *const *names,
						    unsigned count, session_trace_u32 value)
{
	if (value < count && names[value])
		session_trace_put_text(line, key, names[value]);
	else
		session_trace_put_number(line, key, value);
}

/* "IO_SESSION_EVENT enumeration (wdm.h)". */
SESSION_TRACE_FUNCTION void session_trace_put_event(struct session_trace_line *line,
						    const char *key, session_trace_u32 event)
{
	static const char *const names[] = { "Ignore",       "Created", "Terminated", "Connected",
					     "Disconnected", "Logon",   "Logoff" };

	session_trace_put_named(line, key, names, sizeof names / sizeof names[0], event);
}

/* "IO_SESSION_STATE enumeration (wdm.h)". */
SESSION_TRACE_FUNCTION void session_trace_put_state(struct session_trace_line *line,
						    const char *key, session_trace_u32 state)
{
	static const char *const names[] = { 0,           "Created",      "Initialized",
					     "Connected", "Disconnected", "DisconnectedLoggedOn",
					     "LoggedOn",  "LoggedOff",    "Terminated" };

	session_trace_put_named(line, key, names, sizeof names / sizeof names[0], state);
}

/* An NTSTATUS: the name of one that the routines are documented to return, otherwise the number. */
SESSION_TRACE_FUNCTION void session_trace_put_status(struct session_trace_line *line,
						     const char *key, session_trace_i32 status)
{
	static const struct {
		session_trace_u32 value;
		const char *name;
	} names[] = {
		{ 0x00000000UL, "STATUS_SUCCESS" },
		{ 0xc0000021UL, "STATUS_ALREADY_COMMITTED" },
		{ 0xc000009aUL, "STATUS_INSUFFICIENT_RESOURCES" },
		{ 0xc00000efUL, "STATUS_INVALID_PARAMETER_1" },
		{ 0xc00000f0UL, "STATUS_INVALID_PARAMETER_2" },
		{ 0xc00000f1UL, "STATUS_INVALID_PARAMETER_3" },
		{ 0xc00000f2UL, "STATUS_INVALID_PARAMETER_4" },
	};
	unsigned i;

	for (i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (names[i].value == (session_trace_u32)status) {
			session_trace_put_text(line, key, names[i].name);
			return;
		}
	}
	session_trace_put_hex(line, key, (session_trace_u32)status);
}

/*
 * An IO_SESSION_CONNECT_INFO with @length bytes. LocalSession is documented for a session that
 * enters the connected state, so it is only written then.
 */
SESSION_TRACE_FUNCTION void session_trace_put_payload(struct session_trace_line *line,
						      session_trace_u32 event, const void *payload,
						      session_trace_u32 length)
{
	const unsigned char *bytes = (const unsigned char *)payload;

	if (bytes && length >= 4)
		session_trace_put_number(line, "payload_session",
					 bytes[0] | (session_trace_u32)bytes[1] << 8 |
						 (session_trace_u32)bytes[2] << 16 |
						 (session_trace_u32)bytes[3] << 24);
	if (bytes && length >= 5 && event == 3)
		session_trace_put_boolean(line, "payload_local", bytes[4]);
	session_trace_put_number(line, "payload_length", length);
}

#endif
