/*
 * The native 5G NAS security context of a UE that has left, 33.501 6.8.1.1.1 and 24.501 4.4.2.5: it stays
 * with the 5G-GUTI, so that the UE's next registration needs neither its identity nor an authentication.
 *
 * It lies in the store alone: the record under the UE's SUPI, and its SUPI under the 5G-TMSI. What is taken
 * up is taken out: its COUNTs go on in the UE context, and can never be used twice.
 */
#include "core/amf/security_context.h"

enum { TMSI_KEY = 9 };

/* The 5G-TMSI with the AMF that gave it. */
static struct bytes tmsi_key(const struct amf *amf, uint32_t tmsi, uint8_t key[TMSI_KEY])
{
	const struct guami *us = &amf->config.guami;
	struct writer w = writer_of(key, TMSI_KEY);

	writer_u8(&w, us->amf_region_id);
	writer_u16(&w, us->amf_set_id);
	writer_u16(&w, us->amf_pointer);
	writer_u32(&w, tmsi);
	return writer_bytes(&w);
}

void amf_security_context_drop(struct amf *amf, const struct supi *supi)
{
	struct store *store = amf->nf.env->store;
	uint8_t key[8], octets[TMSI_KEY];
	struct amf_ue ue = { 0 };
	struct bytes value;

	if (!store_get(store, STORE_AMF_SECURITY_CONTEXT, nf_supi_store_key(supi, key), &value))
		return;
	amf_ue_decode(amf, value, &ue); /* a refusal dooms the turn by itself */
	may_fail(store_del(store, STORE_AMF_SECURITY_CONTEXT, tmsi_key(amf, ue.tmsi, octets)));
	may_fail(store_del(store, STORE_AMF_SECURITY_CONTEXT, BYTES(key)));
	explicit_bzero(&ue, sizeof(ue));
}

void amf_security_context_keep(struct amf *amf, struct amf_ue *ue)
{
	struct store *store = amf->nf.env->store;
	struct writer w = writer_of(amf->buffer, sizeof(amf->buffer));
	uint8_t key[8], octets[TMSI_KEY];

	if (!ue->security.active || !ue->supi.imsi[0] || !ue->tmsi || supi_is_imei(&ue->supi))
		return; /* 33.501 10.2.2.2: a null context is of its emergency alone */
	amf_security_context_drop(amf, &ue->supi);
	if (!amf_ue_encode(amf, ue, &w))
		return;
	nf_supi_store_key(&ue->supi, key);
	may_fail(store_put(store, STORE_AMF_SECURITY_CONTEXT, BYTES(key), writer_bytes(&w)) &&
		 store_put(store, STORE_AMF_SECURITY_CONTEXT, tmsi_key(amf, ue->tmsi, octets), BYTES(key)));
}

struct amf_ue *amf_security_context_find(struct amf *amf, const struct nas_mobile_identity *identity)
{
	struct store *store = amf->nf.env->store;
	uint32_t tmsi = amf_tmsi_of_ours(amf, identity);
	uint8_t key[TMSI_KEY];
	struct bytes supi, value;
	struct amf_ue *ue;

	if (!tmsi || !store_get(store, STORE_AMF_SECURITY_CONTEXT, tmsi_key(amf, tmsi, key), &supi) ||
		!store_get(store, STORE_AMF_SECURITY_CONTEXT, supi, &value))
		return NULL;
	ue = amf_ue_new(amf);
	if (!ue)
		return NULL;
	if (amf_ue_decode(amf, value, ue) && ue->tmsi == tmsi && !amf_ue_by_supi(amf, &ue->supi))
		return ue;
	amf_security_context_leave(amf, ue);
	return NULL;
}

void amf_security_context_leave(struct amf *amf, struct amf_ue *ue)
{
	nas_security_clear(&ue->security);
	amf_mobility_free(ue);
	pool_free(&amf->ues, ue);
}

void amf_security_context_take_up(struct amf *amf, struct amf_ue *ue)
{
	amf_security_context_drop(amf, &ue->supi);
	amf_ue_index(amf, ue);
}

struct forget {
	uint8_t keys[64][TMSI_KEY];
	uint8_t lens[64], count;
};

static bool collect(void *arg, struct bytes key, struct bytes value)
{
	struct forget *f = arg;

	if (key.len <= TMSI_KEY) {
		f->lens[f->count] = (uint8_t)key.len;
		bytes_copy(f->keys[f->count++], TMSI_KEY, key);
	}
	return f->count < ARRAY_LEN(f->keys);
}

void amf_security_context_drop_all(struct amf *amf)
{
	struct store *store = amf->nf.env->store;
	struct forget f;

	do {
		f.count = 0;
		may_fail(store_scan(store, STORE_AMF_SECURITY_CONTEXT, collect, &f));
		for (uint8_t i = 0; i < f.count; i++)
			if (!store_del(store, STORE_AMF_SECURITY_CONTEXT, bytes_of(f.keys[i], f.lens[i])))
				return;
	} while (f.count > 0);
}
