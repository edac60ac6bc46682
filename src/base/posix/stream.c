/* SPDX-License-Identifier: MIT */
#include "base/stream.h"

FILE *stream_open(const char *path)
{
	return fopen(path, "rb");
}

FILE *stream_create(const char *path)
{
	return fopen(path, "wb");
}
