#include "apps/console_keeper.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "apps/console_files.h"
#include "apps/console_restore.h"
#include "apps/console_signalling.h"
#include "io/file.h"
#include "io/unix_socket.h"
#include "ops/children.h"
#include "ops/confinement.h"
#include "ops/process.h"

static void answer(struct console_files *files, struct bytes request, struct writer *w)
{
	struct cursor c = cursor_of(request);
	struct bytes command = console_files_line(&c);
	size_t count;
	const struct console_files_command *list = console_files_commands(&count);

	for (size_t i = 0; i < count; i++) {
		if (!bytes_equal(command, bytes_of_str(list[i].name)))
			continue;
		list[i].run(files, &c, w);
		return;
	}
	writer_put(w, bytes_of_str("error\nunknown request\n"));
}

/* Until the console has ended. */
static void serve(struct console_files *files, int fd)
{
	static uint8_t request[UNIX_MSG_MAX], reply[UNIX_MSG_MAX];
	static const char too_long[] = "error\nthe answer is too long\n";

	for (;;) {
		struct writer w = writer_of(reply, sizeof(reply));
		int64_t n = unix_recv(fd, request, sizeof(request), -1);

		if (n <= 0)
			return;
		answer(files, bytes_of(request, (size_t)n), &w);
		explicit_bzero(request, (size_t)n);
		if (!unix_send(fd, w.failed ? bytes_of_str(too_long) : writer_bytes(&w)))
			return;
		explicit_bzero(reply, sizeof(reply));
	}
}

/* It ends with the console, not by its signals: what it writes is whole. */
static void keep(const struct network *n, const char *file, int fd)
{
	static struct console_files files;
	static char folder[NETWORK_PATH_SIZE], backups[NETWORK_PATH_SIZE + 16],
		restoring[NETWORK_PATH_SIZE + 32], signalling[NETWORK_PATH_SIZE + 16];
	struct sandbox_path paths[] = { { folder, SANDBOX_TO_WRITE }, { backups, SANDBOX_TO_WRITE },
		{ signalling, SANDBOX_TO_WRITE }, { n->core.store, SANDBOX_TO_READ } };
	struct sandbox may = confinement(CONFINED_CONSOLE_KEEPER);
	struct sandbox_result result;

	signal(SIGINT, SIG_IGN);
	signal(SIGTERM, SIG_IGN);
	signal(SIGHUP, SIG_IGN);
	snprintf(backups, sizeof(backups), "%s/backups", n->console.config.store);
	if (!file_make_dirs(backups))
		fprintf(stderr, "freehold console: %s: %m\n", backups);
	console_restore_folder(backups, restoring, sizeof(restoring));
	if (!file_make_dirs(restoring))
		fprintf(stderr, "freehold console: %s: %m\n", restoring);
	console_signalling_folder(n, signalling, sizeof(signalling));
	if (!console_signalling_begin(n))
		fprintf(stderr, "freehold console: no signalling is kept\n");
	umask(0); /* the mode of what is replaced stays */
	process_folder_of(file, folder);
	may.paths = paths;
	may.path_count = ARRAY_LEN(paths) - (access(n->core.store, R_OK) != 0);
	files = (struct console_files){
		.file = file, .backups = backups, .network = n, .orders = child_orders()
	};
	if (sandbox_enter(&may, &result))
		serve(&files, fd);
	_exit(0);
}

bool console_keeper_begin(struct console_keeper *k, const struct network *n, const char *file)
{
	int pair[2];
	pid_t pid;

	k->fd = -1;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) {
		fprintf(stderr, "freehold console: %m\n");
		return false;
	}
	pid = fork();
	if (pid == 0) {
		close(pair[0]);
		keep(n, file, pair[1]);
	}
	close(pair[1]);
	child_orders_forget();
	if (pid > 0) {
		k->fd = pair[0];
		return true;
	}
	fprintf(stderr, "freehold console: its keeper: %m\n");
	close(pair[0]);
	return false;
}
