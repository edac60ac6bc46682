/* SPDX-License-Identifier: MIT */
#include "trace/contract.h"

#include <errno.h>
#include <stdio.h>

#include "base/number.h"

struct named_value {
	const char *name;
	uint32_t value;
};

static const struct named_value calls[] = {
	{ "IoRegisterContainerNotification", CALL_REGISTER },
	{ "IoUnregisterContainerNotification", CALL_UNREGISTER },
	{ "IoGetContainerInformation", CALL_GET },
	{ NULL, 0 },
};

static const struct named_value objects[] = {
	{ "created", OBJECT_CREATED },
	{ "deleted", OBJECT_DELETED },
	{ NULL, 0 },
};

static const struct named_value kinds[] = {
	{ "device", KIND_DEVICE },
	{ "driver", KIND_DRIVER },
	{ "file", KIND_FILE },
	{ NULL, 0 },
};

/* "Managing Hardware Priorities". */
static const struct named_value irqls[] = {
	{ "PASSIVE_LEVEL", 0 },
	{ "APC_LEVEL", APC_LEVEL },
	{ "DISPATCH_LEVEL", 2 },
	{ NULL, 0 },
};

static const struct named_value phases[] = {
	{ "begin", PHASE_BEGIN },
	{ "end", PHASE_END },
	{ NULL, 0 },
};

/* "IO_CONTAINER_NOTIFICATION_CLASS" and "IO_CONTAINER_INFORMATION_CLASS enumeration (wdm.h)". */
static const struct named_value classes[] = {
	{ "IoSessionStateNotification", 0 },
	{ "IoSessionStateInformation", 0 },
	{ NULL, 0 },
};

/* Those that the routines are documented to return, and a few of callbacks. */
static const struct named_value statuses[] = {
	{ "STATUS_SUCCESS", STATUS_SUCCESS },
	{ "STATUS_ALREADY_COMMITTED", STATUS_ALREADY_COMMITTED },
	{ "STATUS_INSUFFICIENT_RESOURCES", STATUS_INSUFFICIENT_RESOURCES },
	{ "STATUS_INVALID_PARAMETER_1", STATUS_INVALID_PARAMETER_1 },
	{ "STATUS_INVALID_PARAMETER_2", STATUS_INVALID_PARAMETER_2 },
	{ "STATUS_INVALID_PARAMETER_3", STATUS_INVALID_PARAMETER_3 },
	{ "STATUS_INVALID_PARAMETER_4", STATUS_INVALID_PARAMETER_4 },
	{ "STATUS_PENDING", 0x00000103U },
	{ "STATUS_UNSUCCESSFUL", 0xC0000001U },
	{ "STATUS_NOT_IMPLEMENTED", 0xC0000002U },
	{ "STATUS_INVALID_HANDLE", 0xC0000008U },
	{ "STATUS_INVALID_PARAMETER", 0xC000000DU },
	{ "STATUS_INVALID_DEVICE_REQUEST", 0xC0000010U },
	{ "STATUS_NO_MEMORY", 0xC0000017U },
	{ "STATUS_ACCESS_DENIED", 0xC0000022U },
	{ "STATUS_BUFFER_TOO_SMALL", 0xC0000023U },
	{ "STATUS_DELETE_PENDING", 0xC0000056U },
	{ "STATUS_DEVICE_NOT_READY", 0xC00000A3U },
	{ "STATUS_NOT_SUPPORTED", 0xC00000BBU },
	{ "STATUS_CANCELLED", 0xC0000120U },
	{ "STATUS_INVALID_DEVICE_STATE", 0xC0000184U },
	{ NULL, 0 },
};

/* "IO_SESSION_STATE_NOTIFICATION structure (wdm.h)", EventMask; and the events by their names. */
static const struct named_value masks[] = {
	{ "created", 0x01 },
	{ "terminated", 0x02 },
	{ "connected", 0x04 },
	{ "disconnected", 0x08 },
	{ "logon", 0x10 },
	{ "logoff", 0x20 },
	{ "all", IO_SESSION_STATE_ALL_EVENTS },
	{ "creation", 0x01 },
	{ "termination", 0x02 },
	{ "connect", 0x04 },
	{ "disconnect", 0x08 },
	{ "IoSessionEventCreated", 0x01 },
	{ "IoSessionEventTerminated", 0x02 },
	{ "IoSessionEventConnected", 0x04 },
	{ "IoSessionEventDisconnected", 0x08 },
	{ "IoSessionEventLogon", 0x10 },
	{ "IoSessionEventLogoff", 0x20 },
	{ "IO_SESSION_STATE_CREATION_EVENT", 0x01 },
	{ "IO_SESSION_STATE_TERMINATION_EVENT", 0x02 },
	{ "IO_SESSION_STATE_CONNECT_EVENT", 0x04 },
	{ "IO_SESSION_STATE_DISCONNECT_EVENT", 0x08 },
	{ "IO_SESSION_STATE_LOGON_EVENT", 0x10 },
	{ "IO_SESSION_STATE_LOGOFF_EVENT", 0x20 },
	{ "IO_SESSION_STATE_VALID_EVENT_MASK", IO_SESSION_STATE_VALID_EVENT_MASK },
	{ "IO_SESSION_STATE_ALL_EVENTS", IO_SESSION_STATE_ALL_EVENTS },
	{ NULL, 0 },
};

static int named_parse(const struct named_value *table, struct sessionlint_text text,
		       uint32_t *ret_value)
{
	for (; table->name; table++) {
		if (text_is(text, table->name)) {
			*ret_value = table->value;
			return 0;
		}
	}
	return -EINVAL;
}

/* Parses a name in the table, or a number, which no name begins like. */
static int value_parse(const struct named_value *table, struct sessionlint_text text,
		       uint32_t *ret_value)
{
	if (text.size > 0 && text.data[0] >= '0' && text.data[0] <= '9')
		return number32_parse(text, ret_value);
	return named_parse(table, text, ret_value);
}

static struct sessionlint_text text_trim(struct sessionlint_text text)
{
	while (text.size > 0 && memchr(" \t", text.data[0], 2))
		text = text_of(text.data + 1, text.size - 1);
	while (text.size > 0 && memchr(" \t", text.data[text.size - 1], 2))
		text.size--;
	return text;
}

int event_mask_parse(struct sessionlint_text text, uint32_t *ret_mask,
		     struct sessionlint_text *ret_bad)
{
	uint32_t mask = 0, one;

	if (number32_parse(text, ret_mask) == 0)
		return 0;
	for (;;) {
		size_t size = 0;

		while (size < text.size && !memchr(",|", text.data[size], 2))
			size++;
		*ret_bad = text_trim(text_of(text.data, size));
		if (named_parse(masks, *ret_bad, &one) < 0)
			return -EINVAL;
		mask |= one;
		if (size == text.size) {
			*ret_mask = mask;
			return 0;
		}
		text = text_of(text.data + size + 1, text.size - size - 1);
	}
}

/* An NTSTATUS is signed: %d prints the errors among them as negative numbers. */
static int status_parse(struct sessionlint_text text, uint32_t *ret_status)
{
	uint64_t number;

	if (text.size > 1 && text.data[0] == '-') {
		if (decimal_parse(text_of(text.data + 1, text.size - 1), (uint64_t)1 << 31,
				  &number) < 0)
			return -EINVAL;
		*ret_status = (uint32_t)(0 - number);
		return 0;
	}
	return value_parse(statuses, text, ret_status);
}

static int byte_parse(const struct named_value *table, struct sessionlint_text text,
		      uint8_t *ret_value)
{
	uint32_t value;

	if (named_parse(table, text, &value) < 0)
		return -EINVAL;
	*ret_value = (uint8_t)value;
	return 0;
}

/* A KIRQL has 8 bits. */
static int irql_parse(struct sessionlint_text text, uint8_t *ret_irql)
{
	uint32_t irql;

	if (value_parse(irqls, text, &irql) < 0 || irql > UINT8_MAX)
		return -EINVAL;
	*ret_irql = (uint8_t)irql;
	return 0;
}

static int handle_put(struct sessionlint_text *field, struct sessionlint_text value)
{
	if (value.size == 0 || value.size > HANDLE_MAX_SIZE)
		return -EINVAL;
	*field = value;
	return 0;
}

static int number_put(struct contract *contract, enum record_key key, struct sessionlint_text value)
{
	switch (key) {
	case KEY_SIZE:
		return number32_parse(value, &contract->size);
	case KEY_LENGTH:
		return number32_parse(value, &contract->length);
	case KEY_FLAGS:
		return number32_parse(value, &contract->flags);
	case KEY_PAYLOAD_SESSION:
		return number32_parse(value, &contract->payload_session);
	case KEY_PAYLOAD_LENGTH:
		return number32_parse(value, &contract->payload_length);
	case KEY_DEVICE_SESSION:
		return number32_parse(value, &contract->device_session);
	default:
		return -EINVAL;
	}
}

int contract_put(struct contract *contract, enum record_key key, struct sessionlint_text value)
{
	struct sessionlint_text bad;

	switch (key) {
	case KEY_DRIVER:
		return handle_put(&contract->driver, value);
	case KEY_IO:
		return handle_put(&contract->io, value);
	case KEY_REGISTRATION:
		return handle_put(&contract->registration, value);
	case KEY_SESSION_OBJECT:
		return handle_put(&contract->session_object, value);
	case KEY_CONTEXT:
		return handle_put(&contract->context, value);
	case KEY_OWNER:
		return handle_put(&contract->owner, value);
	case KEY_KIND:
		return byte_parse(kinds, value, &contract->kind);
	case KEY_PHASE:
		return byte_parse(phases, value, &contract->phase);
	case KEY_IRQL:
		return irql_parse(value, &contract->irql);
	case KEY_SEQ_END:
		return decimal_parse(value, UINT64_MAX, &contract->seq_end);
	case KEY_CALL:
		return byte_parse(calls, value, &contract->call);
	case KEY_OBJECT:
		return byte_parse(objects, value, &contract->object);
	case KEY_CLASS:
		return value_parse(classes, value, &contract->class_number);
	case KEY_MASK:
		return event_mask_parse(value, &contract->mask, &bad);
	case KEY_STATUS:
		return status_parse(value, &contract->status);
	case KEY_PAYLOAD_LOCAL:
		return boolean_parse(value, &contract->payload_local);
	default:
		return number_put(contract, key, value);
	}
}

const char *contract_name_at(enum record_key key, unsigned index)
{
	const struct named_value *table = key == KEY_CALL     ? calls
					  : key == KEY_OBJECT ? objects
					  : key == KEY_KIND   ? kinds
					  : key == KEY_PHASE  ? phases
					  : key == KEY_IRQL   ? irqls
					  : key == KEY_CLASS  ? classes
					  : key == KEY_STATUS ? statuses
					  : key == KEY_MASK   ? masks
							      : NULL;

	return table ? table[index].name : NULL;
}

static const char *name_of(const struct named_value *table, uint32_t value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

const char *contract_call_name(unsigned call)
{
	return name_of(calls, call);
}

const char *status_text(uint32_t status, char buffer[STATUS_TEXT_SIZE])
{
	const char *name = name_of(statuses, status);

	if (name)
		return name;
	snprintf(buffer, STATUS_TEXT_SIZE, "0x%08x", (unsigned)status);
	return buffer;
}

static bool is_hexadecimal(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
}

static bool is_null_name(struct sessionlint_text handle)
{
	return handle.size > 0 && (handle.data[0] == '(' || ascii_lower(handle.data[0]) == 'n') &&
	       (text_is(handle, "NULL") || text_is(handle, "(nil)"));
}

static struct sessionlint_text without_0x(struct sessionlint_text handle)
{
	if (handle.size > 2 && handle.data[0] == '0' && ascii_lower(handle.data[1]) == 'x')
		return text_of(handle.data + 2, handle.size - 2);
	return handle;
}

/* Removes the zeros at the beginning of a number. */
static size_t zeros_strip(char *buffer, size_t size)
{
	size_t zeros = 0;

	while (zeros < size && buffer[zeros] == '0')
		zeros++;
	if (zeros > 0)
		memmove(buffer, buffer + zeros, size - zeros);
	return size - zeros;
}

size_t handle_canonical_plainly(struct sessionlint_text handle, char buffer[HANDLE_MAX_SIZE])
{
	bool number = true;
	size_t size = 0;

	if (is_null_name(handle))
		return 0;
	handle = without_0x(handle);
	for (size_t i = 0; i < handle.size && size < HANDLE_MAX_SIZE; i++) {
		char c = ascii_lower(handle.data[i]);

		if (c == '`')
			continue;
		number &= is_hexadecimal(c);
		buffer[size++] = c;
	}
	return number ? zeros_strip(buffer, size) : size;
}

#define EACH(byte) ((uint64_t)(byte)*0x0101010101010101U)

/* Which bytes of @word are from @first to @last, in ASCII: the highest bit of each. */
static inline uint64_t bytes_between(uint64_t word, unsigned first, unsigned last)
{
	uint64_t low = word & EACH(0x7f);

	return ((low + EACH(0x80 - first)) ^ (low + EACH(0x7f - last))) & ~word & EACH(0x80);
}

/* What is found out about a handle word by word. */
struct handle_bytes {
	uint64_t others; /* the highest bits show whether a byte is no hexadecimal digit */
	uint64_t ticks;  /* the same of backticks */
};

static inline uint64_t word_canonical(uint64_t word, struct handle_bytes *bytes)
{
	uint64_t others;

	word |= bytes_between(word, 'A', 'Z') >> 2;
	others = ~(bytes_between(word, '0', '9') | bytes_between(word, 'a', 'f')) & EACH(0x80);
	if (others)
		bytes->ticks |= bytes_between(word, '`', '`');
	bytes->others |= others;
	return word;
}

/* Of eight bytes or more; the last eight may be some of those before. */
static inline void long_canonical(struct sessionlint_text digits, char *buffer,
				  struct handle_bytes *bytes)
{
	size_t last = digits.size - sizeof(uint64_t);

	for (size_t at = 0;; at += sizeof(uint64_t)) {
		uint64_t word;

		at = at < last ? at : last;
		memcpy(&word, digits.data + at, sizeof word);
		word = word_canonical(word, bytes);
		memcpy(buffer + at, &word, sizeof word);
		if (at == last)
			break;
	}
}

/* Of four to eight bytes, as two words that overlap. */
static inline void short_canonical(struct sessionlint_text digits, char *buffer,
				   struct handle_bytes *bytes)
{
	uint64_t word = word_canonical(text_word(digits.data, digits.size), bytes);
	uint32_t first = (uint32_t)word, second = (uint32_t)(word >> 32);

	memcpy(buffer, &first, sizeof first);
	memcpy(buffer + digits.size - sizeof second, &second, sizeof second);
}

size_t handle_canonical(struct sessionlint_text handle, char buffer[HANDLE_MAX_SIZE])
{
	const struct sessionlint_text digits = without_0x(handle);
	struct handle_bytes bytes = { 0 };

	if (digits.size < sizeof(uint32_t) || digits.size > HANDLE_MAX_SIZE || is_null_name(handle))
		return handle_canonical_plainly(handle, buffer);
	if (digits.size < sizeof(uint64_t))
		short_canonical(digits, buffer, &bytes);
	else
		long_canonical(digits, buffer, &bytes);
	if (bytes.ticks)
		return handle_canonical_plainly(handle, buffer);
	return bytes.others ? digits.size : zeros_strip(buffer, digits.size);
}

bool handle_is_address(struct sessionlint_text handle)
{
	char buffer[HANDLE_MAX_SIZE];
	size_t size = handle_canonical(handle, buffer);

	for (size_t i = 0; i < size; i++)
		if (!is_hexadecimal(buffer[i]))
			return false;
	return size > 0;
}

bool handle_is_null(struct sessionlint_text handle)
{
	char buffer[HANDLE_MAX_SIZE];

	return handle_canonical(handle, buffer) == 0;
}
