/* Backups that the console's keeper makes and keeps, in a folder of console.store. */
#pragma once

#include "apps/console_files.h"

enum { BACKUPS_MAX = 10 };

void console_backup_make(struct console_files *f, struct cursor *in, struct writer *w);
void console_backup_list(struct console_files *f, struct cursor *in, struct writer *w);
/* The name, and on the next line where to go on: that, or "end", then octets in base64. */
void console_backup_read(struct console_files *f, struct cursor *in, struct writer *w);
void console_backup_remove(struct console_files *f, struct cursor *in, struct writer *w);
