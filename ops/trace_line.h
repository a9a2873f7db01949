/* A message of a subscriber's trace (core/trace.h) for people: between whom it went, and what it says. */
#pragma once

#include "core/trace.h"

enum trace_column {
	TRACE_COLUMN_UE,
	TRACE_COLUMN_GNB,
	TRACE_COLUMN_AMF,
	TRACE_COLUMN_AUSF,
	TRACE_COLUMN_UDM,
	TRACE_COLUMN_PCF,
	TRACE_COLUMN_NRF,
	TRACE_COLUMN_SMF,
	TRACE_COLUMN_UPF,
	TRACE_COLUMNS
};

extern const char *const trace_column_names[TRACE_COLUMNS];

void trace_line_ends(const struct trace_message *m, enum trace_column *from, enum trace_column *to);
/* In one line, terminated; its length. */
size_t trace_line_text(const struct trace_message *m, char *out, size_t size);
/* All that is in it, a line a value; of service operations as HTTP has them. */
size_t trace_line_detail(const struct trace_message *m, char *out, size_t size);
