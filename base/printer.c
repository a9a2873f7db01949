#include "base/printer.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/text.h"

enum { VALUE_MAX = 256 }; /* octets of one formatted value */

void printer_init(
	struct printer *p, struct writer *w, enum print_form form, const struct print_policy *policy)
{
	*p = (struct printer){ .w = w, .form = form, .policy = policy, .closed = true };
}

static bool is_named(const char *const *names, const char *name)
{
	for (; name && *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

bool print_is_secret(const struct printer *p, const char *name, const char *type)
{
	const char *const *secret = p->policy ? p->policy->secret : NULL;

	return secret && (is_named(secret, name) || is_named(secret, type));
}

/* Whether a value of that name is shown in the form at hand. */
static bool is_shown(const struct printer *p, const char *name, const char *type)
{
	const char *const *line = p->policy ? p->policy->line : NULL;

	return p->form == PRINT_FULL || !line || p->shown_from || is_named(line, name) ||
	       is_named(line, type);
}

/* Before a name: a line of its own, or a blank. */
static void lead(struct printer *p, const char *name)
{
	if (p->form == PRINT_FULL)
		text_put(p->w, "%*s%s", 2 * (int)p->depth, "", name);
	else
		text_put(p->w, "%s%s", p->closed ? "" : " ", name);
	p->closed = false;
}

__attribute__((format(printf, 2, 0))) static void put_line(
	struct printer *p, const char *format, va_list args)
{
	char text[VALUE_MAX];
	int n = vsnprintf(text, sizeof(text), format, args);

	if (n > 0)
		writer_put(p->w, bytes_of(text, (size_t)n < sizeof(text) ? (size_t)n : sizeof(text) - 1));
}

static void end_line(struct printer *p)
{
	if (p->form == PRINT_FULL)
		writer_u8(p->w, '\n');
}

void print_begin(struct printer *p, const char *format, ...)
{
	va_list args;

	lead(p, "");
	va_start(args, format);
	put_line(p, format, args);
	va_end(args);
	end_line(p);
	p->depth++;
}

void print_end(struct printer *p)
{
	p->depth--;
}

void print_open(struct printer *p, const char *name, const char *type)
{
	if (is_shown(p, name, type)) {
		lead(p, name);
		writer_put(p->w, bytes_of_str(p->form == PRINT_FULL ? ":\n" : "{"));
		p->closed = true;
		if (p->form == PRINT_LINE && !p->shown_from)
			p->shown_from = p->depth + 1;
	}
	p->depth++;
}

void print_close(struct printer *p)
{
	if (p->shown_from) {
		writer_u8(p->w, '}');
		p->closed = false;
	}
	p->depth--;
	if (p->shown_from > p->depth)
		p->shown_from = 0;
}

struct printer print_inside(struct printer *p, const char *name, const struct print_policy *policy)
{
	struct printer before = *p;

	p->policy = NULL;
	print_open(p, name, NULL);
	p->policy = policy;
	p->shown_from = 0;
	return before;
}

void print_outside(struct printer *p, const struct printer *before)
{
	p->shown_from = p->form == PRINT_LINE ? p->depth : 0;
	print_close(p);
	p->policy = before->policy;
	p->shown_from = before->shown_from;
}

/* The name, and the value if that is a secret; false: nothing more is to be put. */
static bool name_value(struct printer *p, const char *name, const char *type)
{
	bool secret = print_is_secret(p, name, type);

	if (!is_shown(p, name, type))
		return false;
	lead(p, name);
	writer_put(p->w, bytes_of_str(p->form == PRINT_FULL ? ": " : "="));
	if (secret) {
		writer_put(p->w, bytes_of_str("***"));
		end_line(p);
	}
	return !secret;
}

void print_value(struct printer *p, const char *name, const char *type, const char *format, ...)
{
	va_list args;

	if (!name_value(p, name, type))
		return;
	va_start(args, format);
	put_line(p, format, args);
	va_end(args);
	end_line(p);
}

void print_string(struct printer *p, const char *name, const char *type, struct bytes text)
{
	if (!name_value(p, name, type))
		return;
	writer_u8(p->w, '"');
	for (size_t i = 0; i < text.len; i++) {
		uint8_t c = text.data[i];

		/* what is not printable ASCII never reaches a terminal or log as it is */
		text_put(p->w, c >= ' ' && c < 0x7f && c != '"' && c != '\\' ? "%c" : "\\x%02x", c);
	}
	writer_u8(p->w, '"');
	end_line(p);
}

void print_octets(struct printer *p, const char *name, const char *type, struct bytes octets)
{
	bool secret = print_is_secret(p, name, type);

	if (!secret && p->policy && p->policy->nested && octets.len > 0 && p->depth < PRINT_DEPTH_MAX &&
		p->policy->nested(p, name, type, octets))
		return;
	if (!name_value(p, name, type))
		return;
	text_hex(p->w,
		bytes_of(octets.data, octets.len < PRINT_OCTETS_SHOWN ? octets.len : PRINT_OCTETS_SHOWN));
	if (octets.len > PRINT_OCTETS_SHOWN)
		text_put(p->w, "... (%zu octets)", octets.len);
	end_line(p);
}
