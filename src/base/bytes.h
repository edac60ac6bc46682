/* SPDX-License-Identifier: MIT */
/* Little-endian numbers at any address, on any machine. */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include <stdint.h>

/* 1 in each byte: times a byte, it is that byte eight times. */
#define EACH_BYTE UINT64_C(0x0101010101010101)

/*@ logic integer little16(unsigned char *bytes) = bytes[0] + 0x100 * bytes[1];
    logic integer little32(unsigned char *bytes) = little16(bytes) + 0x10000 * little16(bytes + 2);
 */

/*@ requires \valid_read(bytes + (0 .. 1));
    assigns \nothing;
    ensures \result == little16(bytes); */
static inline uint16_t read_u16(const unsigned char *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

/*@ requires \valid_read(bytes + (0 .. 3));
    assigns \nothing;
    ensures \result == little32(bytes); */
static inline uint32_t read_u32(const unsigned char *bytes)
{
	return read_u16(bytes) | (uint32_t)read_u16(bytes + 2) << 16;
}

/*@ requires \valid_read(bytes + (0 .. 7));
    assigns \nothing;
    ensures \result == little32(bytes) + 0x100000000 * little32(bytes + 4); */
static inline uint64_t read_u64(const unsigned char *bytes)
{
	return read_u32(bytes) | (uint64_t)read_u32(bytes + 4) << 32;
}

#endif
