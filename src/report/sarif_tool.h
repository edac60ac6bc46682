/* SPDX-License-Identifier: MIT */
/* The parts of a SARIF report that do not depend on findings. */
#ifndef REPORT_SARIF_TOOL_H
#define REPORT_SARIF_TOOL_H

#include "base/json_writer.h"

/* A message object, 3.11. */
void sarif_write_message(struct json_writer *json, const char *key, const char *text);

/* The tool and all rules: 3.18, 3.19. */
void sarif_write_tool(struct json_writer *json);

#endif
