/* A JSON text as an array of tokens, in the order of the text. */
#pragma once

#include "wire/json/json.h"

enum json_token_kind {
	JSON_TOKEN_OBJECT, /* its keys and values follow in turn */
	JSON_TOKEN_ARRAY,
	JSON_TOKEN_STRING,
	JSON_TOKEN_NUMBER,
	JSON_TOKEN_BOOL,
	JSON_TOKEN_NULL,
};

struct json_token {
	enum json_token_kind kind;
	bool escaped;     /* a string with escapes */
	uint32_t at, len; /* in the text; of a string without its quotes */
	uint32_t after;   /* index of the first token that is no part of this value */
};

/* A hexadecimal digit; -1 for others. */
static inline int json_nibble(uint8_t c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The whole text as RFC 8259 has it; 0 with the fault's cause when it is not. */
uint32_t json_scan(
	struct bytes text, struct arena *arena, struct json_token **tokens, enum json_cause *cause);

/*
 * The text of a string, without escapes: a view of the text, or in the arena. False when the arena refuses.
 */
MUST_USE bool json_unescape(
	struct bytes text, const struct json_token *t, struct arena *arena, struct bytes *out);
