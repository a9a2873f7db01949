/* K_AUSF of a UE's last successful authentication, sealed in the store, with its counters (33.501 6.14.2.3,
 * 6.15.2.2). */
#include "base/record.h"
#include "core/ausf/internal.h"
#include "core/nf/sealed.h"

_Static_assert((int)AUSF_SEALED_MAX == (int)NF_SEAL_OVERHEAD + (int)KDF_KEY_LEN, "a sealed K_AUSF has room");

static const struct record_field fields[] = {
	RECORD_O(1, ausf_key, sealed),
	RECORD_U(2, ausf_key, counters[AUSF_COUNTER_UPU]),
	RECORD_U(3, ausf_key, since),
	RECORD_U(4, ausf_key, counters[AUSF_COUNTER_SOR]),
};
static const struct record_def def = { "ausf_key", fields, ARRAY_LEN(fields) };

enum { KEY_RECORD_MAX = sizeof(struct ausf_key) + 16 };

static bool put(struct ausf *ausf, const struct supi *supi, const struct ausf_key *key)
{
	uint8_t name[8], octets[KEY_RECORD_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	return record_encode(&def, key, &w) && store_put(ausf->nf.env->store, STORE_AUSF_KEY,
						       nf_supi_store_key(supi, name), writer_bytes(&w));
}

/* A store that may be older than what was sent may have counters that were used: none of its keys count. */
bool ausf_keys_restore(struct ausf *ausf, bool counts_lost)
{
	struct store *store = ausf->nf.env->store;
	struct bytes name = bytes_of_str("ausf_keys_since"), value;
	uint8_t octets[4];
	struct writer w = writer_of(octets, sizeof(octets));
	struct cursor c;

	if (!counts_lost && store_get(store, STORE_META, name, &value)) {
		c = cursor_of(value);
		ausf->since = cursor_u32(&c);
		return !c.failed;
	}
	ausf->since = env_random_u32(ausf->nf.env) | 1; /* never that of a record without one */
	writer_u32(&w, ausf->since);
	return store_put(store, STORE_META, name, writer_bytes(&w));
}

bool ausf_key_put(struct ausf *ausf, const struct supi *supi, const uint8_t k_ausf[KDF_KEY_LEN])
{
	struct ausf_key key = { .counters = { [AUSF_COUNTER_SOR] = AUSF_COUNTER_FIRST,
					[AUSF_COUNTER_UPU] = AUSF_COUNTER_FIRST },
		.since = ausf->since };
	struct writer w = writer_of(key.sealed, sizeof(key.sealed));

	return nf_seal(ausf->nf.env, ausf->seal_key, NF_SEAL_K_AUSF, supi->imsi,
		       bytes_of(k_ausf, KDF_KEY_LEN), &w) &&
	       put(ausf, supi, &key);
}

static bool get(const struct ausf *ausf, const struct supi *supi, struct ausf_key *key)
{
	uint8_t name[8];
	struct bytes value;

	*key = (struct ausf_key){ 0 };
	return store_get(ausf->nf.env->store, STORE_AUSF_KEY, nf_supi_store_key(supi, name), &value) &&
	       record_decode(&def, value, key) && key->since == ausf->since;
}

enum sbi_cause ausf_key_use(struct ausf *ausf, const struct supi *supi, enum ausf_counter which,
	uint8_t k_ausf[KDF_KEY_LEN], uint16_t *counter)
{
	struct ausf_key key;
	struct writer w = writer_of(k_ausf, KDF_KEY_LEN);

	if (!get(ausf, supi, &key) ||
		!nf_unseal(ausf->seal_key, NF_SEAL_K_AUSF, supi->imsi, BYTES(key.sealed), &w))
		return SBI_CONTEXT_NOT_FOUND;
	*counter = key.counters[which];
	if (*counter == 0) {
		explicit_bzero(k_ausf, KDF_KEY_LEN);
		return SBI_COUNTER_WRAP;
	}
	key.counters[which]++;
	return put(ausf, supi, &key) ? SBI_OK : SBI_INSUFFICIENT_RESOURCES;
}

void ausf_forget(struct ausf *ausf, const struct supi *supi)
{
	uint8_t name[8];

	may_fail(store_del(ausf->nf.env->store, STORE_AUSF_KEY, nf_supi_store_key(supi, name)));
}
