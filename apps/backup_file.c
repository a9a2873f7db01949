#include "apps/backup_file.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/store_mem.h"
#include "crypto/sealed_stream.h"
#include "io/file.h"
#include "io/store/lmdb.h"

static const char magic[] = "fhbackup";

enum {
	MAGIC_LEN = sizeof(magic) - 1,
	HEAD_SIZE = 1 + sizeof(struct plmn) + 8 + SECRETS_SIZE,
};

/* What a file in the making or in the reading needs; it holds secrets. */
struct backup {
	FILE *in, *out;
	struct sealed_stream stream;
	uint8_t plain[SEALED_STREAM_PIECE], sealed[SEALED_STREAM_SEALED];
};

static void backup_close(struct backup *b)
{
	if (b->in)
		fclose(b->in);
	if (b->out)
		fclose(b->out);
	explicit_bzero(b, sizeof(*b));
	free(b);
}

static bool keep_entry(void *arg, struct bytes key, struct bytes value)
{
	return store_put(arg, STORE_META, key, value);
}

bool backup_fits(const uint8_t secrets[SECRETS_SIZE], const char *checkpoint)
{
	struct env env = { .store = store_mem_new(0) };
	bool fits = env.store && store_lmdb_file_scan(checkpoint, STORE_META, keep_entry, env.store) &&
		    core_seal_check(&env, secrets) == CORE_SEAL_FITS;

	if (env.store)
		store_mem_free(env.store);
	return fits;
}

/* What was written is on the disk. */
static bool backup_flush(struct backup *b)
{
	return fflush(b->out) == 0 && fsync(fileno(b->out)) == 0;
}

static bool at_end(FILE *f)
{
	int c = getc(f);

	if (c != EOF)
		ungetc(c, f);
	return c == EOF;
}

static void put_head(struct writer *w, const struct backup_head *head)
{
	writer_u8(w, BACKUP_CONTENT);
	writer_put(w, bytes_of(head->plmn.mcc, sizeof(head->plmn.mcc)));
	writer_put(w, bytes_of(head->plmn.mnc, sizeof(head->plmn.mnc)));
	writer_u64(w, head->made_ms);
	writer_put(w, BYTES(head->secrets));
}

static bool take_head(struct cursor *c, struct backup_head *head)
{
	bool known = cursor_u8(c) == BACKUP_CONTENT;

	cursor_copy(c, head->plmn.mcc, sizeof(head->plmn.mcc));
	cursor_copy(c, head->plmn.mnc, sizeof(head->plmn.mnc));
	head->made_ms = cursor_u64(c);
	cursor_copy(c, head->secrets, sizeof(head->secrets));
	return known && !c->failed;
}

/* The head, then the checkpoint, piece by piece. */
static bool seal_all(struct backup *b, const struct backup_head *head)
{
	struct writer plain = writer_of(b->plain, sizeof(b->plain));
	bool last = false, ok = true;

	put_head(&plain, head);
	while (ok && !last) {
		struct writer sealed = writer_of(b->sealed, sizeof(b->sealed));

		plain.len += fread(b->plain + plain.len, 1, sizeof(b->plain) - plain.len, b->in);
		last = at_end(b->in);
		ok = !ferror(b->in) && sealed_stream_seal(&b->stream, writer_bytes(&plain), last, &sealed) &&
		     fwrite(b->sealed, 1, sealed.len, b->out) == sealed.len;
		plain = writer_of(b->plain, sizeof(b->plain));
	}
	return ok && backup_flush(b);
}

static bool begin_file(struct backup *b, struct bytes passphrase, uint8_t cost)
{
	uint8_t salt[SEALED_STREAM_SALT_LEN], head[SEALED_STREAM_HEAD_LEN];

	if (getrandom(salt, sizeof(salt), 0) != sizeof(salt))
		return false;
	sealed_stream_head(head, cost, salt);
	errno = ENOMEM;
	return sealed_stream_begin(&b->stream, head, passphrase) &&
	       fwrite(magic, 1, MAGIC_LEN, b->out) == MAGIC_LEN &&
	       fwrite(head, 1, sizeof(head), b->out) == sizeof(head);
}

bool backup_write(const char *path, struct bytes passphrase, uint8_t cost, const struct backup_head *head,
	const char *checkpoint, char error[BACKUP_ERROR_SIZE])
{
	struct backup *b = calloc(1, sizeof(*b));
	char temporary[PATH_MAX];
	bool ok = b && snprintf(temporary, sizeof(temporary), "%s.tmp", path) < (int)sizeof(temporary);

	if (!ok) {
		snprintf(error, BACKUP_ERROR_SIZE, "%s: memory is out, or the name too long", path);
		free(b);
		return false;
	}
	b->in = fopen(checkpoint, "re");
	b->out = b->in ? fopen(temporary, "we") : NULL;
	ok = b->out && begin_file(b, passphrase, cost) && seal_all(b, head) && rename(temporary, path) == 0 &&
	     file_sync_parent(path);
	if (!ok) {
		snprintf(error, BACKUP_ERROR_SIZE, "%s: %s", b->in ? path : checkpoint, strerror(errno));
		if (b->out)
			unlink(temporary);
	}
	backup_close(b);
	return ok;
}

/* Message, for the caller to return; NULL: all is there, and on the disk. */
static const char *open_all(struct backup *b, struct backup_head *head)
{
	bool last = false;

	while (!last) {
		struct writer plain = writer_of(b->plain, sizeof(b->plain));
		bool first = b->stream.pieces == 0;
		size_t len = fread(b->sealed, 1, sizeof(b->sealed), b->in);
		struct cursor c;

		last = at_end(b->in);
		if (!sealed_stream_open(&b->stream, bytes_of(b->sealed, len), last, &plain))
			return first ? "the passphrase is another, or the file is damaged"
				     : "the file is damaged";
		c = cursor_of(writer_bytes(&plain));
		if (first && !take_head(&c, head))
			return "it was made by another version of freehold, which restores it";
		if (fwrite(c.at, 1, cursor_left(&c), b->out) != cursor_left(&c))
			return strerror(errno);
	}
	return backup_flush(b) ? NULL : strerror(errno);
}

static const char *read_start(struct backup *b, struct bytes passphrase)
{
	uint8_t head[SEALED_STREAM_HEAD_LEN], name[MAGIC_LEN];

	if (fread(name, 1, MAGIC_LEN, b->in) != MAGIC_LEN || memcmp(name, magic, MAGIC_LEN) != 0 ||
		fread(head, 1, sizeof(head), b->in) != sizeof(head))
		return "it is no backup of freehold's";
	if (head[0] != SEALED_STREAM_FORMAT)
		return "it was made by another version of freehold, which restores it";
	return sealed_stream_begin(&b->stream, head, passphrase) ? NULL
								 : "the file is damaged, or memory is out";
}

static const char *restore(struct backup *b, const char *path, const char *checkpoint,
	struct bytes passphrase, struct backup_head *head)
{
	const char *wrong;

	b->in = fopen(path, "re");
	b->out = b->in ? fopen(checkpoint, "we") : NULL;
	if (!b->out)
		return strerror(errno);
	wrong = read_start(b, passphrase);
	return wrong ? wrong : open_all(b, head);
}

bool backup_read(const char *path, struct bytes passphrase, struct backup_head *head, const char *checkpoint,
	char error[BACKUP_ERROR_SIZE])
{
	struct backup *b = calloc(1, sizeof(*b));
	const char *wrong = b ? restore(b, path, checkpoint, passphrase, head) : "memory is out";

	if (wrong)
		snprintf(
			error, BACKUP_ERROR_SIZE, "%s: %s", b && b->in && !b->out ? checkpoint : path, wrong);
	if (b)
		backup_close(b);
	return wrong == NULL;
}
