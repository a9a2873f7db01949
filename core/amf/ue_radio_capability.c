/*
 * UE radio capability, 23.501 5.4.4.1 and 38.413 8.14.1: what the gNB learned from the UE is kept for the
 * next gNB that gets its context, until the UE registers initially or names a change.
 *
 *   gNB -> AMF  UE RADIO CAPABILITY INFO INDICATION    8.14.1.2
 *   AMF -> gNB  INITIAL CONTEXT SETUP REQUEST          8.3.1.2, with what was kept
 *
 * It lies in the store alone: it is large, rarely read, and never looked into here.
 */
#include "core/amf/internal.h"

void amf_ue_radio_capability_info_indication(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_ue_radio_capability_info_indication *m = body;
	uint8_t key[8];

	if (!c->ue || !c->ue->supi.imsi[0] || m->ue_radio_capability.len == 0)
		return; /* nobody's yet */
	if (m->ue_radio_capability.len > STORE_VALUE_MAX) {
		amf->stat[AMF_STAT_EXHAUSTED]++;
		return;
	}
	/* A store that is full dooms the turn, which is the end of this message. */
	may_fail(store_put(amf->nf.env->store, STORE_AMF_RADIO_CAPABILITY,
		nf_supi_store_key(&c->ue->supi, key), m->ue_radio_capability));
}

struct bytes amf_ue_radio_capability(struct amf *amf, const struct amf_ue *ue)
{
	struct bytes value;
	uint8_t key[8];

	if (!store_get(amf->nf.env->store, STORE_AMF_RADIO_CAPABILITY, nf_supi_store_key(&ue->supi, key),
		    &value))
		return BYTES_NONE;
	return value;
}

void amf_ue_radio_capability_forget(struct amf *amf, struct amf_ue *ue)
{
	uint8_t key[8];

	ue->ran.voice = AMF_VOICE_UNKNOWN;
	may_fail(
		store_del(amf->nf.env->store, STORE_AMF_RADIO_CAPABILITY, nf_supi_store_key(&ue->supi, key)));
}
