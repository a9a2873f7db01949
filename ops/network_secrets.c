#include "ops/network_secrets.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/text.h"
#include "crypto/password.h"

enum { TAG_LEN = 6, TAG_SIZE = 3 + 2 * TAG_LEN + 1, KEYS_MAX = 2 * NETWORK_UES_MAX + UDM_HN_KEYS_MAX + 64 };

static const char stars[] = "***";

/* Few of the digest's octets: enough to tell keys apart, and nothing to find one by. */
static bool tag_of(const char *value, char tag[TAG_SIZE])
{
	struct writer w = writer_of(tag, TAG_SIZE - 1);
	uint8_t digest[TOKEN_DIGEST_LEN];

	if (!token_digest(bytes_of_str(value), digest))
		return false;
	text_put(&w, "%s", stars);
	text_hex(&w, bytes_of(digest, TAG_LEN));
	tag[TAG_SIZE - 1] = '\0';
	return true;
}

struct keys {
	size_t count;
	struct config_secret list[KEYS_MAX];
};

/* NULL with a message. */
static struct keys *keys_of(const char *file, struct bytes text, char error[CONFIG_ERROR_SIZE])
{
	struct keys *k = calloc(1, sizeof(*k));

	if (!k)
		str_copy(error, CONFIG_ERROR_SIZE, "memory is out");
	else if (config_secrets(&network_section, file, text, k->list, KEYS_MAX, &k->count, error))
		return k;
	free(k);
	return NULL;
}

static void keys_free(struct keys *k)
{
	if (k)
		explicit_bzero(k, sizeof(*k));
	free(k);
}

static bool ended(const struct writer *out, char error[CONFIG_ERROR_SIZE])
{
	if (out->failed)
		str_copy(error, CONFIG_ERROR_SIZE, "the file is too long to be edited here");
	return !out->failed;
}

bool network_mask(const char *file, struct bytes text, struct writer *out, char error[CONFIG_ERROR_SIZE])
{
	struct keys *keys = keys_of(file, text, error);
	char tag[TAG_SIZE];
	size_t at = 0;

	for (size_t i = 0; keys && i < keys->count; i++) {
		const struct config_secret *s = &keys->list[i];

		writer_put(out, bytes_of(text.data + at, s->start - at));
		if (!strncmp(s->value, stars, sizeof(stars) - 1))
			writer_put(out, bytes_of(text.data + s->start, s->end - s->start));
		else if (tag_of(s->value, tag))
			text_put(out, "'%s'", tag);
		else
			out->failed = true;
		at = s->end;
	}
	if (!keys)
		return false;
	keys_free(keys);
	writer_put(out, bytes_of(text.data + at, text.len - at));
	return ended(out, error);
}

/* NULL: no key has that tag. */
static const struct config_secret *key_of(const struct keys *keys, const char *tag)
{
	char is[TAG_SIZE];

	for (size_t i = 0; i < keys->count; i++)
		if (tag_of(keys->list[i].value, is) && !strcmp(is, tag))
			return &keys->list[i];
	return NULL;
}

static bool put_key(const char *file, const struct keys *have, struct bytes masked,
	const struct config_secret *s, struct writer *out, char error[CONFIG_ERROR_SIZE])
{
	const struct config_secret *key = key_of(have, s->value);
	size_t line = 1;

	if (key) {
		text_put(out, "'%s'", key->value);
		return true;
	}
	for (size_t i = 0; i < s->start; i++)
		line += masked.data[i] == '\n';
	snprintf(error, CONFIG_ERROR_SIZE, "%s:%zu: the file has no key %s any more: write the key itself",
		file, line, s->value);
	return false;
}

static bool unmask(const char *file, const struct keys *have, const struct keys *are, struct bytes masked,
	struct writer *out, char error[CONFIG_ERROR_SIZE])
{
	size_t at = 0;

	for (size_t i = 0; i < are->count; i++) {
		const struct config_secret *s = &are->list[i];

		writer_put(out, bytes_of(masked.data + at, s->start - at));
		if (strncmp(s->value, stars, sizeof(stars) - 1) != 0)
			writer_put(out, bytes_of(masked.data + s->start, s->end - s->start));
		else if (!put_key(file, have, masked, s, out, error))
			return false;
		at = s->end;
	}
	writer_put(out, bytes_of(masked.data + at, masked.len - at));
	return ended(out, error);
}

bool network_unmask(const char *file, struct bytes masked, struct bytes current, struct writer *out,
	char error[CONFIG_ERROR_SIZE])
{
	struct keys *are = keys_of(file, masked, error);
	struct keys *have = are ? keys_of(file, current, error) : NULL;
	bool ok = have && unmask(file, have, are, masked, out, error);

	keys_free(are);
	keys_free(have);
	return ok;
}
