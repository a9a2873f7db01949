/* Callback URIs: what they stand for is sealed, so they are opaque, and nobody else can make one. */
#include <stdio.h>

#include "base/text.h"
#include "crypto/kdf.h"
#include "proto/sbi_internal.h"

enum {
	CALLBACK_PLAIN = 12, /* context, generation */
	CALLBACK_AAD_MAX = UUID_STR_SIZE + 1,
};
_Static_assert(SBI_CALLBACK_OCTETS == SEAL_NONCE_LEN + CALLBACK_PLAIN + SEAL_TAG_LEN, "what is sealed");
_Static_assert(2 * SBI_CALLBACK_OCTETS < SBI_CALLBACK_SIZE, "a segment has room");

static const char *const prefixes[] = {
	[SBI_CALLBACK_SM_CONTEXT_STATUS] = "/callback/sm-context-status/",
	[SBI_CALLBACK_DEREG_NOTIFY] = "/callback/dereg-notify/",
	[SBI_CALLBACK_AM_POLICY] = "/callback/am-policy/",
	[SBI_CALLBACK_SM_POLICY] = "/callback/sm-policy/",
	[SBI_CALLBACK_N1N2_FAILURE] = "/callback/n1-n2-failure/",
	[SBI_CALLBACK_APPLICATION] = "/callback/app-session/",
};

bool sbi_bus_set_callback_key(struct sbi_bus *bus, const uint8_t key[SEAL_KEY_LEN])
{
	const struct bytes label = bytes_of_str("freehold callback");

	_Static_assert((int)KDF_KEY_LEN == (int)SEAL_KEY_LEN, "a derived key seals");
	/* FC 0xff is of no 3GPP derivation: the key is not that of anything else. */
	return kdf(bytes_of(key, SEAL_KEY_LEN), 0xff, &label, 1, bus->callback_key);
}

static struct bytes callback_aad(
	const struct sbi_nf *owner, enum sbi_callback_kind kind, uint8_t buf[CALLBACK_AAD_MAX])
{
	struct writer w = writer_of(buf, CALLBACK_AAD_MAX);

	writer_u8(&w, (uint8_t)kind);
	writer_put(&w, bytes_of_str(owner->peer->instance_id));
	return writer_bytes(&w);
}

bool sbi_callback_uri(struct sbi_nf *owner, enum sbi_callback_kind kind, const struct sbi_callback *c,
	char out[SBI_URI_SIZE])
{
	uint8_t plain[CALLBACK_PLAIN], octets[SBI_CALLBACK_OCTETS], aad[CALLBACK_AAD_MAX];
	struct writer p = writer_of(plain, sizeof(plain)), w = writer_of(octets, sizeof(octets));
	struct writer text = writer_of((uint8_t *)out, SBI_URI_SIZE);

	writer_u64(&p, c->context);
	writer_u32(&p, c->generation);
	env_random(owner->bus->env, octets, SEAL_NONCE_LEN);
	w.len = SEAL_NONCE_LEN;
	text_put(&text, "%s", prefixes[kind]);
	if (seal_encrypt(owner->bus->callback_key, octets, callback_aad(owner, kind, aad), BYTES(plain), &w))
		text_hex(&text, writer_bytes(&w));
	writer_u8(&text, 0);
	if (w.failed || text.failed)
		out[0] = '\0';
	return out[0] != '\0';
}

bool sbi_callback_segment(const char *uri, char out[SBI_CALLBACK_SIZE])
{
	const char *slash = strrchr(uri, '/');

	if (!slash || !slash[1] || strlen(slash + 1) >= SBI_CALLBACK_SIZE)
		return false;
	str_copy(out, SBI_CALLBACK_SIZE, slash + 1);
	return true;
}

void sbi_callback_octets(const char *uri, uint8_t out[SBI_CALLBACK_OCTETS])
{
	char segment[SBI_CALLBACK_SIZE];
	size_t len;

	if (!sbi_callback_segment(uri, segment) ||
		!text_unhex(bytes_of_str(segment), out, SBI_CALLBACK_OCTETS, &len) ||
		len != SBI_CALLBACK_OCTETS)
		memset(out, 0, SBI_CALLBACK_OCTETS);
}

bool sbi_callback_of_octets(const uint8_t octets[SBI_CALLBACK_OCTETS], char out[SBI_CALLBACK_SIZE])
{
	static const uint8_t none[SBI_CALLBACK_OCTETS];
	struct writer w = writer_of((uint8_t *)out, SBI_CALLBACK_SIZE);

	text_hex(&w, bytes_of(octets, SBI_CALLBACK_OCTETS));
	writer_u8(&w, 0);
	return memcmp(octets, none, sizeof(none)) != 0 && !w.failed;
}

bool sbi_callback_open(
	struct sbi_nf *owner, enum sbi_callback_kind kind, const char *segment, struct sbi_callback *out)
{
	uint8_t plain[CALLBACK_PLAIN], octets[SBI_CALLBACK_OCTETS], aad[CALLBACK_AAD_MAX];
	struct writer w = writer_of(plain, sizeof(plain));
	struct cursor c;
	size_t len;

	if (!text_unhex(bytes_of_str(segment), octets, sizeof(octets), &len) || len != sizeof(octets) ||
		!seal_decrypt(owner->bus->callback_key, octets, callback_aad(owner, kind, aad),
			bytes_of(octets + SEAL_NONCE_LEN, sizeof(octets) - SEAL_NONCE_LEN), &w)) {
		owner->bus->stat[SBI_STAT_CALLBACKS_REFUSED]++;
		return false;
	}
	c = cursor_of(writer_bytes(&w));
	out->context = cursor_u64(&c);
	out->generation = cursor_u32(&c);
	return true;
}
