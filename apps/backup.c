/* freehold backup: what the running core keeps, of one moment, in one sealed file. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "apps/backup.h"

#include "apps/app.h"
#include "apps/backup_file.h"
#include "apps/passphrase.h"
#include "base/text.h"
#include "crypto/sealed_stream.h"
#include "io/file.h"
#include "io/store/lmdb.h"
#include "io/unix_socket.h"
#include "ops/control_client.h"

static const char help[] =
	"freehold backup FILE [-c network.yaml] [--passphrase-file FILE]\n\n"
	"Writes all that the running core keeps, as it is at one moment, with the secrets it is sealed with, "
	"into FILE\n"
	"(mode 0600), sealed with a passphrase: of the file's first line, or asked for. The core goes on "
	"meanwhile.\n"
	"Run it as the core's user or root, where core.store is. `freehold restore` makes a store of it.\n"
	"Whoever has both file and passphrase has every subscriber's keys; without the passphrase it is of "
	"no use.\n";

enum { WAIT_S = 300, WAIT_TICK_MS = 50, TOKEN_SIZE = 33, FD_PATH_SIZE = 32 };

/* A checkpoint is replaced by rename, so a descriptor keeps one and the same. */
struct snapshot {
	int fd;
	char path[FD_PATH_SIZE];
	ino_t seen; /* of the last one looked at */
};

struct search {
	const char *token;
	bool found;
};

static bool is_token(void *arg, struct bytes key, struct bytes value)
{
	struct search *s = arg;

	if (!bytes_equal(key, bytes_of_str(CORE_CHECKPOINT_KEY)))
		return true;
	s->found = bytes_equal(value, bytes_of_str(s->token));
	return false;
}

/* Opens the checkpoint; true if it has the token. */
static bool take_snapshot(struct snapshot *s, const char *checkpoint, const char *token)
{
	struct search search = { token, false };
	struct stat st;

	s->fd = open(checkpoint, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return false;
	snprintf(s->path, sizeof(s->path), "/proc/self/fd/%d", s->fd);
	if (fstat(s->fd, &st) == 0 && st.st_ino != s->seen &&
		store_lmdb_file_scan(s->path, STORE_META, is_token, &search) && search.found)
		return true;
	s->seen = st.st_ino;
	close(s->fd);
	s->fd = -1;
	return false;
}

/* The core makes a checkpoint within seconds, or later when the last one took long. */
static bool wait_for(
	int control, struct snapshot *s, const char *checkpoint, const char *token, unsigned wait_s)
{
	char answer[256];

	for (unsigned i = 0; i < wait_s * 1000 / WAIT_TICK_MS; i++) {
		int64_t n;

		if (take_snapshot(s, checkpoint, token))
			return true;
		if (s->fd < 0 && i == 0 && access(checkpoint, R_OK) != 0 && errno == EACCES) {
			fprintf(stderr, "freehold: %s: %m; run it as the core's user\n", checkpoint);
			return false;
		}
		errno = 0;
		n = unix_recv(control, answer, sizeof(answer), WAIT_TICK_MS);
		if (n == 0) {
			fprintf(stderr, "freehold: the core has ended, or has left us for other clients\n");
			return false;
		}
		if (n > 0) {
			fprintf(stderr, "freehold: %.*s", (int)n, answer);
			return false;
		}
	}
	fprintf(stderr, "freehold: no checkpoint in %u s: the core's log says why\n", wait_s);
	return false;
}

static bool ask_checkpoint(int control, char token[TOKEN_SIZE])
{
	struct writer w = writer_of(token, TOKEN_SIZE - 1);
	uint8_t octets[(TOKEN_SIZE - 1) / 2];
	struct bytes body;

	_Static_assert(TOKEN_SIZE - 1 <= (int)CORE_CHECKPOINT_TOKEN_MAX, "the core takes it");
	if (getrandom(octets, sizeof(octets), 0) != sizeof(octets))
		return false;
	text_hex(&w, BYTES(octets));
	token[w.len] = '\0';
	return control_ask_line(control, "checkpoint", token, &body);
}

/* The secrets are made once, with the store; that they are its own is seen by the proof in it. */
static bool read_secrets(const struct network *n, struct backup_head *head, const char *checkpoint)
{
	char path[NETWORK_PATH_SIZE + 16];
	struct bytes file;
	bool ok;

	snprintf(path, sizeof(path), "%s/secrets", n->core.store);
	if (!file_read(path, SECRETS_SIZE, &file)) {
		fprintf(stderr, "freehold: %s: %m\n", path);
		return false;
	}
	ok = file.len == SECRETS_SIZE && bytes_copy(head->secrets, SECRETS_SIZE, file) &&
	     backup_fits(head->secrets, checkpoint);
	file_free(&file);
	if (!ok)
		fprintf(stderr, "freehold: %s is not what the store is sealed with: nothing is written\n",
			path);
	return ok;
}

static bool write_file(
	const struct network *n, const char *file, struct bytes passphrase, int control, unsigned wait_s)
{
	char path[NETWORK_PATH_SIZE + 32], token[TOKEN_SIZE], error[BACKUP_ERROR_SIZE] = "";
	struct backup_head head = { .plmn = n->plmn };
	struct snapshot s = { .fd = -1 };
	struct timespec now;
	bool ok;

	snprintf(path, sizeof(path), "%s/" STORE_LMDB_CHECKPOINT_FILE, n->core.store);
	clock_gettime(CLOCK_REALTIME, &now);
	head.made_ms = (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
	ok = ask_checkpoint(control, token) && wait_for(control, &s, path, token, wait_s) &&
	     read_secrets(n, &head, s.path) &&
	     backup_write(file, passphrase, SEALED_STREAM_COST, &head, s.path, error);
	if (error[0])
		fprintf(stderr, "freehold: %s\n", error);
	if (s.fd >= 0)
		close(s.fd);
	explicit_bzero(&head, sizeof(head));
	return ok;
}

bool backup_make(const struct network *n, const char *config, const char *file, struct bytes passphrase,
	unsigned wait_s)
{
	struct control_place place = { n->core.control, config };
	int control = control_connect(&place);
	mode_t mask = umask(077);
	bool ok = control >= 0 && write_file(n, file, passphrase, control, wait_s);

	umask(mask);
	if (control >= 0)
		close(control);
	return ok;
}

static int run(struct network *n, const char *config, const char *file, const char *passphrase_file)
{
	char passphrase[PASSPHRASE_SIZE];
	bool ok = passphrase_read(passphrase_file, true, passphrase) &&
		  backup_make(n, config, file, bytes_of_str(passphrase), WAIT_S);

	explicit_bzero(passphrase, sizeof(passphrase));
	return ok ? 0 : 1;
}

int app_backup(struct options *args)
{
	const char *config, *passphrase_file, *file;
	struct network *n;
	int status = 2;

	if (options_help(args, help))
		return 0;
	config = options_network_file(args);
	passphrase_file = options_text(args, "--passphrase-file");
	file = options_word_only(args, "FILE");
	if (!file)
		return 2;
	n = options_memory(sizeof(*n));
	if (!n)
		return 1;
	if (options_network(args, n))
		status = run(n, config, file, passphrase_file);
	explicit_bzero(n, sizeof(*n));
	free(n);
	return status;
}
