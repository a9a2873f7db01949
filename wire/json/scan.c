/* The grammar of RFC 8259, without recursion: one pass counts the tokens, a second one keeps them. */
#include "wire/json/scan.h"

#include "base/text.h"

enum scan_want { WANT_VALUE, WANT_FIRST_ITEM, WANT_FIRST_KEY, WANT_KEY, WANT_MORE };

struct scan {
	struct bytes text;
	size_t at;
	struct json_token *tokens; /* NULL while counting */
	uint32_t count;
	unsigned depth;
	uint32_t open[JSON_DEPTH_MAX]; /* index of the containers' tokens */
	bool is_object[JSON_DEPTH_MAX];
};

/* The next octet; 0 at the end, which no rule takes. */
static uint8_t scan_peek(const struct scan *s)
{
	return s->at < s->text.len ? s->text.data[s->at] : 0;
}

static void scan_blank(struct scan *s)
{
	uint8_t c = scan_peek(s);

	while (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
		s->at++;
		c = scan_peek(s);
	}
}

static void scan_add(struct scan *s, enum json_token_kind kind, size_t at, size_t len, bool escaped)
{
	if (s->tokens)
		s->tokens[s->count] =
			(struct json_token){ kind, escaped, (uint32_t)at, (uint32_t)len, s->count + 1 };
	s->count++;
}

static bool scan_open(struct scan *s, bool object)
{
	if (s->depth == JSON_DEPTH_MAX)
		return false;
	s->open[s->depth] = s->count;
	s->is_object[s->depth++] = object;
	scan_add(s, object ? JSON_TOKEN_OBJECT : JSON_TOKEN_ARRAY, s->at++, 0, false);
	return true;
}

static void scan_close(struct scan *s)
{
	uint32_t container = s->open[--s->depth];

	s->at++;
	if (s->tokens) {
		s->tokens[container].after = s->count;
		s->tokens[container].len = (uint32_t)(s->at - s->tokens[container].at);
	}
}

/* Four hexadecimal digits at offset `at`; -1 when they are not there. */
static int32_t hex4(struct bytes text, size_t at)
{
	int32_t v = 0;

	for (size_t i = 0; i < 4; i++) {
		int digit = at + i < text.len ? json_nibble(text.data[at + i]) : -1;

		if (digit < 0)
			return -1;
		v = v << 4 | digit;
	}
	return v;
}

/* The code point of the escape "uXXXX" at `at`, with the second one of a surrogate pair; its length, or 0. */
static size_t escape_code_point(struct bytes text, size_t at, uint32_t *out)
{
	int32_t high = hex4(text, at + 1), low;

	if (high < 0 || (high >= 0xdc00 && high <= 0xdfff))
		return 0;
	*out = (uint32_t)high;
	if (high < 0xd800 || high > 0xdfff)
		return 5;
	low = at + 6 < text.len && text.data[at + 5] == '\\' && text.data[at + 6] == 'u' ? hex4(text, at + 7)
											 : -1;
	if (low < 0xdc00 || low > 0xdfff)
		return 0;
	*out = 0x10000u + ((uint32_t)(high - 0xd800) << 10) + (uint32_t)(low - 0xdc00);
	return 11;
}

static bool scan_string(struct scan *s)
{
	size_t start = ++s->at;
	bool escaped = false;

	for (; s->at < s->text.len && scan_peek(s) != '"'; s->at++) {
		uint32_t code;
		size_t len;

		if (scan_peek(s) < 0x20)
			return false;
		if (scan_peek(s) != '\\')
			continue;
		escaped = true;
		s->at++;
		if (scan_peek(s) == 'u') {
			len = escape_code_point(s->text, s->at, &code);
			if (len == 0)
				return false;
			s->at += len - 1;
		} else if (scan_peek(s) == 0 || !strchr("\"\\/bfnrt", scan_peek(s))) {
			return false;
		}
	}
	if (s->at == s->text.len || !json_is_utf8(bytes_of(s->text.data + start, s->at - start)))
		return false;
	scan_add(s, JSON_TOKEN_STRING, start, s->at - start, escaped);
	s->at++;
	return true;
}

static size_t scan_digits(struct scan *s)
{
	size_t start = s->at;

	while (scan_peek(s) >= '0' && scan_peek(s) <= '9')
		s->at++;
	return s->at - start;
}

static bool scan_number(struct scan *s)
{
	size_t start = s->at;

	if (scan_peek(s) == '-')
		s->at++;
	if (scan_peek(s) == '0')
		s->at++;
	else if (scan_digits(s) == 0)
		return false;
	if (scan_peek(s) == '.') {
		s->at++;
		if (scan_digits(s) == 0)
			return false;
	}
	if (scan_peek(s) == 'e' || scan_peek(s) == 'E') {
		s->at++;
		if (scan_peek(s) == '+' || scan_peek(s) == '-')
			s->at++;
		if (scan_digits(s) == 0)
			return false;
	}
	scan_add(s, JSON_TOKEN_NUMBER, start, s->at - start, false);
	return true;
}

static bool scan_word(struct scan *s, const char *word, enum json_token_kind kind)
{
	size_t len = strlen(word);

	if (s->text.len - s->at < len || memcmp(s->text.data + s->at, word, len) != 0)
		return false;
	scan_add(s, kind, s->at, len, false);
	s->at += len;
	return true;
}

static bool scan_scalar(struct scan *s)
{
	switch (scan_peek(s)) {
	case '"':
		return scan_string(s);
	case 't':
		return scan_word(s, "true", JSON_TOKEN_BOOL);
	case 'f':
		return scan_word(s, "false", JSON_TOKEN_BOOL);
	case 'n':
		return scan_word(s, "null", JSON_TOKEN_NULL);
	default:
		return scan_number(s);
	}
}

static bool scan_key(struct scan *s)
{
	if (scan_peek(s) != '"' || !scan_string(s))
		return false;
	scan_blank(s);
	return scan_peek(s) == ':' && s->at++;
}

/* One step; what is wanted next goes to *want. */
static bool scan_step(struct scan *s, enum scan_want *want)
{
	uint8_t c = scan_peek(s);
	bool in_object = s->depth > 0 && s->is_object[s->depth - 1];

	if ((c == '}' && in_object && (*want == WANT_FIRST_KEY || *want == WANT_MORE)) ||
		(c == ']' && s->depth > 0 && !in_object &&
			(*want == WANT_FIRST_ITEM || *want == WANT_MORE))) {
		scan_close(s);
		*want = WANT_MORE;
		return true;
	}
	switch (*want) {
	case WANT_FIRST_KEY:
	case WANT_KEY:
		*want = WANT_VALUE;
		return scan_key(s);
	case WANT_MORE:
		*want = in_object ? WANT_KEY : WANT_VALUE;
		return c == ',' && s->at++;
	default:
		break;
	}
	*want = c == '{' ? WANT_FIRST_KEY : c == '[' ? WANT_FIRST_ITEM : WANT_MORE;
	return *want == WANT_MORE ? scan_scalar(s) : scan_open(s, c == '{');
}

static bool scan_text(struct scan *s)
{
	enum scan_want want = WANT_VALUE;

	do {
		scan_blank(s);
		if (!scan_step(s, &want))
			return false;
	} while (s->depth > 0 || want != WANT_MORE);
	scan_blank(s);
	return s->at == s->text.len;
}

uint32_t json_scan(struct bytes text, struct arena *arena, struct json_token **tokens, enum json_cause *cause)
{
	struct scan counting = { .text = text }, keeping = { .text = text };

	*cause = JSON_INVALID_FORMAT;
	if (text.len > JSON_TEXT_MAX || !scan_text(&counting))
		return 0;
	*cause = JSON_NO_MEMORY;
	*tokens = arena_array(arena, counting.count, sizeof(**tokens));
	keeping.tokens = *tokens;
	if (!*tokens || !scan_text(&keeping))
		return 0;
	*cause = JSON_OK;
	return keeping.count;
}

static void put_utf8(struct writer *w, uint32_t c)
{
	if (c < 0x80) {
		writer_u8(w, (uint8_t)c);
	} else if (c < 0x800) {
		writer_u8(w, (uint8_t)(0xc0 | c >> 6));
		writer_u8(w, (uint8_t)(0x80 | (c & 0x3f)));
	} else {
		if (c < 0x10000) {
			writer_u8(w, (uint8_t)(0xe0 | c >> 12));
		} else {
			writer_u8(w, (uint8_t)(0xf0 | c >> 18));
			writer_u8(w, (uint8_t)(0x80 | (c >> 12 & 0x3f)));
		}
		writer_u8(w, (uint8_t)(0x80 | (c >> 6 & 0x3f)));
		writer_u8(w, (uint8_t)(0x80 | (c & 0x3f)));
	}
}

bool json_unescape(struct bytes text, const struct json_token *t, struct arena *arena, struct bytes *out)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	struct bytes raw = bytes_of(text.data + t->at, t->len);
	struct writer w;
	uint8_t *buf;

	*out = raw;
	if (!t->escaped)
		return true;
	buf = arena_alloc(arena, raw.len);
	w = writer_of(buf, raw.len);
	for (size_t i = 0; buf && i < raw.len; i++) {
		const char *simple;
		uint32_t code = 0;

		if (raw.data[i] != '\\') {
			writer_u8(&w, raw.data[i]);
		} else if (raw.data[++i] == 'u') {
			i += escape_code_point(raw, i, &code) - 1;
			put_utf8(&w, code);
		} else {
			simple = strchr(from, raw.data[i]);
			writer_u8(&w, simple ? (uint8_t)to[simple - from] : raw.data[i]);
		}
	}
	*out = writer_bytes(&w);
	return buf != NULL;
}

void json_write_string(struct writer *w, struct bytes text)
{
	w->failed |= !json_is_utf8(text);
	writer_u8(w, '"');
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		if (c < 0x20) {
			text_put(w, "\\u%04x", c);
			continue;
		}
		if (c == '"' || c == '\\')
			writer_u8(w, '\\');
		writer_u8(w, c);
	}
	writer_u8(w, '"');
}
