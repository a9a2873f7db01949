/* Many packets at a time by intel-ipsec-mb, which keeps the lanes of a vector busy with one packet each. */
#include <intel-ipsec-mb.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "crypto/burst.h"
#include "crypto/burst_portable.h"

enum { BLOCK = 16 };

struct burst {
	IMB_MGR *mgr; /* NULL: portable */
	uint8_t iv[BURST_MAX][BLOCK];
};

_Static_assert(sizeof(((struct burst_keys *)NULL)->ready_enc) >= 11 * BLOCK, "the round keys of AES-128");
_Static_assert(sizeof(((struct burst_keys *)NULL)->ready_enc) >= sizeof(snow3g_key_schedule_t),
	"a key schedule of SNOW 3G");

struct burst *burst_new(bool portable)
{
	struct burst *b = calloc(1, sizeof(*b));

	if (!b || portable)
		return b;
	b->mgr = alloc_mb_mgr(0);
	if (b->mgr)
		init_mb_mgr_auto(b->mgr, NULL);
	return b;
}

void burst_free(struct burst *b)
{
	if (!b)
		return;
	if (b->mgr)
		free_mb_mgr(b->mgr);
	free(b);
}

static void schedule(struct burst *b, bool snow3g, const uint8_t key[16], uint8_t *ready)
{
	uint8_t decrypt[11 * BLOCK] __attribute__((aligned(BLOCK)));

	if (snow3g)
		IMB_SNOW3G_INIT_KEY_SCHED(b->mgr, key, (snow3g_key_schedule_t *)ready);
	else
		IMB_AES_KEYEXP_128(b->mgr, key, ready, decrypt);
	explicit_bzero(decrypt, sizeof(decrypt));
}

bool burst_keys_make(struct burst *b, struct burst_keys *keys, enum nea_alg ea, const uint8_t k_enc[16],
	enum nia_alg ia, const uint8_t k_int[16])
{
	if (!burst_portable_keys(keys, ea, k_enc, ia, k_int))
		return false;
	if (!b->mgr)
		return true;
	if (ea == NEA1 || ea == NEA2)
		schedule(b, ea == NEA1, k_enc, keys->ready_enc);
	if (ia == NIA1 || ia == NIA2)
		schedule(b, ia == NIA1, k_int, keys->ready_int);
	if (ia == NIA2)
		IMB_AES_CMAC_SUBKEY_GEN_128(b->mgr, keys->ready_int, keys->sub_int[0], keys->sub_int[1]);
	return true;
}

/* COUNT || BEARER || DIRECTION || zeros: the counter block of 128-NEA2, and what 128-NIA2 has before the
 * message (33.401 B.1.3, B.2.3). */
static void head(uint8_t *at, size_t len, const struct burst_job *j)
{
	struct writer w = writer_of(at, len);

	writer_u32(&w, j->count);
	writer_u32(&w, (uint32_t)j->bearer << 27 | (uint32_t)j->direction << 26);
	while (w.len < len)
		writer_u8(&w, 0);
}

static void mac_job(struct burst_job *j, uint8_t iv[BLOCK], IMB_JOB *job)
{
	const struct burst_keys *k = j->keys;

	job->cipher_mode = IMB_CIPHER_NULL;
	job->cipher_direction = IMB_DIR_ENCRYPT;
	job->chain_order = IMB_ORDER_HASH_CIPHER;
	job->src = j->data;
	job->auth_tag_output = j->mac;
	job->auth_tag_output_len_in_bytes = NIA_MAC_LEN;
	job->msg_len_to_hash_in_bits = (uint64_t)j->len * 8;
	switch (k->ia) {
	case NIA1:
		snow3g_f9_iv_gen(j->count, (uint32_t)j->bearer << 27, j->direction, iv);
		job->hash_alg = IMB_AUTH_SNOW3G_UIA2_BITLEN;
		job->u.SNOW3G_UIA2._key = k->ready_int;
		job->u.SNOW3G_UIA2._iv = iv;
		break;
	case NIA2:
		head(j->data - BURST_ROOM, BURST_ROOM, j);
		job->src = j->data - BURST_ROOM;
		job->hash_alg = IMB_AUTH_AES_CMAC;
		job->msg_len_to_hash_in_bytes = BURST_ROOM + (uint64_t)j->len;
		job->u.CMAC._key_expanded = k->ready_int;
		job->u.CMAC._skey1 = k->sub_int[0];
		job->u.CMAC._skey2 = k->sub_int[1];
		break;
	default:
		zuc_eia3_iv_gen(j->count, j->bearer, j->direction, iv);
		job->hash_alg = IMB_AUTH_ZUC_EIA3_BITLEN;
		job->u.ZUC_EIA3._key = k->k_int;
		job->u.ZUC_EIA3._iv = iv;
	}
}

static void crypt_job(struct burst_job *j, uint8_t iv[BLOCK], IMB_JOB *job)
{
	const struct burst_keys *k = j->keys;

	job->cipher_direction = IMB_DIR_ENCRYPT;
	job->chain_order = IMB_ORDER_CIPHER_HASH;
	job->hash_alg = IMB_AUTH_NULL;
	job->src = job->dst = j->data;
	job->iv = iv;
	job->iv_len_in_bytes = BLOCK;
	job->key_len_in_bytes = BLOCK;
	job->msg_len_to_cipher_in_bytes = j->len;
	job->enc_keys = job->dec_keys = k->ready_enc;
	switch (k->ea) {
	case NEA1:
		snow3g_f8_iv_gen(j->count, j->bearer, j->direction, iv);
		job->cipher_mode = IMB_CIPHER_SNOW3G_UEA2_BITLEN;
		job->msg_len_to_cipher_in_bits = (uint64_t)j->len * 8;
		break;
	case NEA2:
		head(iv, BLOCK, j);
		job->cipher_mode = IMB_CIPHER_CNTR;
		break;
	default:
		zuc_eea3_iv_gen(j->count, j->bearer, j->direction, iv);
		job->cipher_mode = IMB_CIPHER_ZUC_EEA3;
		job->enc_keys = job->dec_keys = k->k_enc;
	}
}

/* Runs those of the jobs that `wanted` says, each filled in by `fill`. The rest of the lanes is flushed, so
 * all are done. */
static void run(struct burst *b, struct burst_job *jobs, size_t n, bool (*wanted)(const struct burst_job *),
	void (*fill)(struct burst_job *, uint8_t[BLOCK], IMB_JOB *))
{
	for (size_t i = 0; i < n; i++) {
		IMB_JOB *job;

		if (!wanted(&jobs[i]))
			continue;
		job = IMB_GET_NEXT_JOB(b->mgr);
		*job = (IMB_JOB){ 0 };
		fill(&jobs[i], b->iv[i], job);
		IMB_SUBMIT_JOB_NOCHECK(b->mgr);
	}
	while (IMB_FLUSH_JOB(b->mgr))
		;
}

static bool has_mac(const struct burst_job *j)
{
	return j->keys->ia != NIA0 && j->len > 0;
}

static bool has_cipher(const struct burst_job *j)
{
	return j->keys->ea != NEA0 && j->len > 0;
}

void burst_mac(struct burst *b, struct burst_job *jobs, size_t n)
{
	if (!b->mgr) {
		burst_portable_mac(jobs, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		if (!has_mac(&jobs[i]))
			burst_portable_mac(&jobs[i], 1);
	run(b, jobs, n, has_mac, mac_job);
}

void burst_crypt(struct burst *b, struct burst_job *jobs, size_t n)
{
	if (b->mgr)
		run(b, jobs, n, has_cipher, crypt_job);
	else
		burst_portable_crypt(jobs, n);
}
