#include "ops/upgrade_bundle.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cursor.h"
#include "base/text.h"
#include "io/file.h"

enum { PIECE = 1 << 20 };

static const char first_line[] = "freehold-update 1\n";

/* What stands before the character, and what behind it remains in *rest. */
static struct bytes up_to(struct bytes *rest, char end)
{
	const uint8_t *at = rest->len ? memchr(rest->data, end, rest->len) : NULL;
	struct bytes word = at ? bytes_of(rest->data, (size_t)(at - rest->data)) : *rest;

	*rest = at ? bytes_of(at + 1, rest->len - word.len - 1) : BYTES_NONE;
	return word;
}

static bool take_text(char *to, size_t size, struct bytes value)
{
	if (value.len == 0 || value.len >= size)
		return false;
	str_copy(to, value.len + 1, (const char *)value.data);
	return true;
}

static bool take_part(struct upgrade_part *to, struct bytes value)
{
	struct bytes size = up_to(&value, ' ');
	size_t len;

	return text_uint(size, INT64_MAX / 4, &to->size) && to->size > 0 &&
	       text_unhex(value, to->digest, sizeof(to->digest), &len) && len == sizeof(to->digest);
}

static bool take_line(struct upgrade_manifest *m, struct bytes word, struct bytes value)
{
	if (bytes_equal(word, bytes_of_str("version")))
		return take_text(m->version, sizeof(m->version), value);
	if (bytes_equal(word, bytes_of_str("architecture")))
		return take_text(m->architecture, sizeof(m->architecture), value);
	if (bytes_equal(word, bytes_of_str("made")))
		return text_uint(value, INT64_MAX, &m->made_s);
	if (bytes_equal(word, bytes_of_str("boot")))
		return take_part(&m->boot, value);
	if (bytes_equal(word, bytes_of_str("root")))
		return take_part(&m->root, value);
	return true;
}

bool upgrade_manifest_read(struct bytes lines, struct upgrade_manifest *out)
{
	*out = (struct upgrade_manifest){ 0 };
	while (lines.len > 0) {
		struct bytes line = up_to(&lines, '\n'), word = up_to(&line, ' ');

		if (!take_line(out, word, line))
			return false;
	}
	return out->version[0] && out->architecture[0] && out->made_s > 0;
}

static bool refuse(char error[UPGRADE_ERROR_SIZE], const char *why)
{
	snprintf(error, UPGRADE_ERROR_SIZE, "%s", why);
	return false;
}

/* As much as there is, up to cap octets; -1 with errno. */
static ssize_t read_at(int fd, void *to, size_t cap, uint64_t offset)
{
	return lseek(fd, (off_t)offset, SEEK_SET) < 0 ? -1 : file_read_all(fd, to, cap);
}

/* The manifest with its empty line and, behind it, the signature. */
static bool find_manifest(struct bytes head, struct bytes *manifest, struct bytes *signature)
{
	static const char end[] = "\n\n";
	const uint8_t *at;

	if (head.len < sizeof(first_line) || memcmp(head.data, first_line, sizeof(first_line) - 1) != 0)
		return false;
	at = memmem(head.data, head.len, end, sizeof(end) - 1);
	if (!at)
		return false;
	*manifest = bytes_of(head.data, (size_t)(at - head.data) + sizeof(end) - 1);
	*signature = bytes_of(head.data + manifest->len, head.len - manifest->len);
	return manifest->len <= UPGRADE_MANIFEST_MAX && signature->len >= ED25519_SIGNATURE_LEN;
}

/* Whether the file ends where its last part does. */
static bool check_length(int fd, struct upgrade_manifest *m, size_t begin, char error[UPGRADE_ERROR_SIZE])
{
	off_t is = lseek(fd, 0, SEEK_END);
	uint64_t wanted;

	m->boot.offset = begin;
	m->root.offset = begin + m->boot.size;
	wanted = m->root.offset + m->root.size;
	if (is >= 0 && (uint64_t)is == wanted)
		return true;
	snprintf(error, UPGRADE_ERROR_SIZE, "it is %s: %jd octets of %ju",
		(uint64_t)is < wanted ? "cut off" : "longer than it should be", (intmax_t)is,
		(uintmax_t)wanted);
	return false;
}

bool upgrade_bundle_read(int fd, const uint8_t key[ED25519_PUBLIC_LEN], struct upgrade_manifest *out,
	char error[UPGRADE_ERROR_SIZE])
{
	uint8_t head[UPGRADE_MANIFEST_MAX + ED25519_SIGNATURE_LEN];
	ssize_t len = read_at(fd, head, sizeof(head), 0);
	struct bytes manifest, signature, lines;

	if (len < 0) {
		snprintf(error, UPGRADE_ERROR_SIZE, "%m");
		return false;
	}
	if (!find_manifest(bytes_of(head, (size_t)len), &manifest, &signature))
		return refuse(error, "it is no update of a Freehold appliance");
	if (!ed25519_verify(key, manifest, signature.data))
		return refuse(error, "it is not signed with the key of this appliance");
	lines = bytes_of(
		manifest.data + sizeof(first_line) - 1, manifest.len - sizeof(first_line)); /* less a \n */
	if (!upgrade_manifest_read(lines, out) || !out->boot.size || !out->root.size)
		return refuse(error, "its manifest is not one that this version understands");
	return check_length(fd, out, manifest.len + ED25519_SIGNATURE_LEN, error);
}

static bool copy(int fd, const struct upgrade_part *part, int to, uint8_t *piece, struct sha256_stream *s,
	char error[UPGRADE_ERROR_SIZE])
{
	for (uint64_t done = 0; done < part->size;) {
		size_t want = part->size - done < PIECE ? (size_t)(part->size - done) : PIECE;
		ssize_t n = read_at(fd, piece, want, part->offset + done);

		if (n < 0 || (size_t)n < want)
			return refuse(error, "it cannot be read to its end");
		if (!sha256_stream_put(s, bytes_of(piece, want)))
			return refuse(error, "no memory");
		if (to >= 0 && !file_write_all(to, bytes_of(piece, want))) {
			snprintf(error, UPGRADE_ERROR_SIZE, "it cannot be written: %m");
			return false;
		}
		done += want;
	}
	return true;
}

bool upgrade_part_copy(int fd, const struct upgrade_part *part, int to, char error[UPGRADE_ERROR_SIZE])
{
	uint8_t *piece = malloc(PIECE), digest[SHA256_STREAM_LEN];
	struct sha256_stream *s = sha256_stream_new();
	bool ok = piece && s;

	if (!ok)
		(void)refuse(error, "no memory");
	ok = ok && copy(fd, part, to, piece, s, error);
	if (!sha256_stream_end(s, digest) && ok)
		ok = refuse(error, "no memory");
	free(piece);
	if (ok && memcmp(digest, part->digest, sizeof(digest)) != 0)
		return refuse(error, "what it holds is not what was signed");
	return ok;
}
