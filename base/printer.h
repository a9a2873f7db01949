/*
 * Decoded values as text for people, in one of two forms: PRINT_FULL has a value a line, indented by level;
 * PRINT_LINE has all in one line, of which a protocol's policy chooses what is worth it. The engines of wire/
 * walk their tables and call this; what a secret is, and what octets contain, is defined here once for all of
 * them.
 */
#pragma once

#include "base/cursor.h"

enum print_form { PRINT_LINE, PRINT_FULL };

enum {
	PRINT_OCTETS_SHOWN = 64, /* of a string; the rest is counted */
	PRINT_ITEMS_SHOWN = 64,  /* of a list */
	PRINT_DEPTH_MAX = 64,
};

struct printer;

/* What a protocol asks of its text. Lists of names end with NULL; a name is a member's or its type's. */
struct print_policy {
	const char *const *line;   /* shown in a line, with all that is below; NULL: everything */
	const char *const *secret; /* shown as *** in both forms */
	/* Prints what octets contain, if it knows by name or type (may be NULL); false: they are shown as
	 * octets. */
	bool (*nested)(struct printer *p, const char *name, const char *type, struct bytes octets);
};

struct printer {
	struct writer *w;
	enum print_form form;
	const struct print_policy *policy; /* NULL: everything is shown */
	unsigned depth;
	unsigned shown_from; /* in a line: the depth above which all is shown; 0: none */
	bool closed;         /* a bracket was closed, or nothing stands before */
};

void printer_init(
	struct printer *p, struct writer *w, enum print_form form, const struct print_policy *policy);

/* The title of a message; what it holds follows, then print_end. */
void print_begin(struct printer *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void print_end(struct printer *p);

/* A value of several; its parts follow, then print_close. type may be NULL. */
void print_open(struct printer *p, const char *name, const char *type);
void print_close(struct printer *p);

/* A value. Not for texts that came from outside: print_string escapes what is not printable. */
void print_value(struct printer *p, const char *name, const char *type, const char *format, ...)
	__attribute__((format(printf, 4, 5)));
void print_string(struct printer *p, const char *name, const char *type, struct bytes text);
/* Octets, or what the policy knows them to contain. */
void print_octets(struct printer *p, const char *name, const char *type, struct bytes octets);

/*
 * What is nested in a value has a policy of its own: print_inside opens the value, print_outside closes it
 * with what print_inside returned.
 */
struct printer print_inside(struct printer *p, const char *name, const struct print_policy *policy);
void print_outside(struct printer *p, const struct printer *before);

/* Whether a value of that name is one; it is then printed as *** by all of the above. */
bool print_is_secret(const struct printer *p, const char *name, const char *type);
