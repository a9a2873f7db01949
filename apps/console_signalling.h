/* Signalling that the keeper has on the disk. */
#pragma once

#include "apps/console_files.h"

/* The ring in console.store/signalling; before the keeper is confined, and where the configuration wants it.
 * False with a message. */
MUST_USE bool console_signalling_begin(const struct network *n);
void console_signalling_folder(const struct network *n, char *folder, size_t size);

/* Entries as the core's "trace keep" has them. */
void console_signalling_keep(struct console_files *f, struct cursor *in, struct writer *w);
/* An IMSI, or imei-..., then a time in ns since 1970: messages, as the core's "trace" has them; the place of
 * the next is a time, too. */
void console_signalling_find(struct console_files *f, struct cursor *in, struct writer *w);
