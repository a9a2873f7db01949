/* Restoring from the page, as far as the keeper has a right to: the file comes in pieces, is opened and
 * checked, and `freehold up` is told to put it in the core's place. */
#pragma once

#include "apps/console_files.h"

enum { RESTORE_FILE_MAX = 1 << 30 };

/* The folder, made before the keeper is confined; what is opened lies there, until `freehold restore
 * --staged` has taken it. */
void console_restore_folder(const char *backups, char *folder, size_t size);

/* A place, then octets in hexadecimal that come there: 0 begins anew. */
void console_restore_put(struct console_files *f, struct cursor *in, struct writer *w);
/* "look" or "do", then the passphrase: when it was made. */
void console_restore_run(struct console_files *f, struct cursor *in, struct writer *w);
