/* SPDX-License-Identifier: MIT */
/* What a file is, for programs that look for logs. */
#include <errno.h>
#include <stddef.h>

#include "sessionlint.h"
#include "trace/recognize.h"

static enum sessionlint_content content_of(const struct recognition *recognition)
{
	switch (recognition->is) {
	case RECOGNITION_LOG:
		return SESSIONLINT_CONTENT_LOG;
	case RECOGNITION_SHAPE:
		return SESSIONLINT_CONTENT_FOREIGN;
	case RECOGNITION_REPORT:
		return SESSIONLINT_CONTENT_REPORT;
	case RECOGNITION_OTHER:
		break;
	}
	return SESSIONLINT_CONTENT_OTHER;
}

int sessionlint_recognize(const char *path, enum sessionlint_content *ret_content,
			  const char **ret_what)
{
	unsigned char bytes[HEAD_SIZE];
	const struct recognition *recognition;
	int descriptor = input_open(path), r;
	struct log_bytes log = log_of_descriptor(descriptor);
	size_t size;

	if (descriptor < 0)
		return descriptor;
	r = reader_recognize(&log, bytes, &size, &recognition);
	input_close(descriptor);
	if (r == -ENODATA) {
		*ret_content = SESSIONLINT_CONTENT_OTHER;
		*ret_what = "an empty file";
		return 0;
	}
	if (r < 0)
		return r;
	*ret_content = content_of(recognition);
	*ret_what = *ret_content == SESSIONLINT_CONTENT_LOG ? NULL : recognition->what;
	return 0;
}
