/*
 * The chain of next hops, 33.501 6.9.2.1.1 and A.10: each gNB that a UE is handed over to gets a key that the
 * one before cannot know. K_gNB has NCC 0; the NH that is made of it has NCC 1; each handover steps on by
 * one, so that the first takes NCC 2 (6.9.2.3.2, 6.9.2.3.3). The NCC has 3 bits.
 */
#include "core/amf/handover.h"

void amf_next_hop_restart(struct amf *amf, struct amf_ue *ue)
{
	if (!ue->has_nh)
		return;
	explicit_bzero(ue->nh, sizeof(ue->nh));
	ue->has_nh = false;
	ue->ncc = 0;
	amf_ue_dirty(amf, ue);
}

static bool next_hop_first(const struct amf_ue *ue, uint8_t nh[KDF_KEY_LEN])
{
	uint8_t k_gnb[KDF_KEY_LEN];
	bool ok = kdf_k_gnb(ue->security.k_amf, ue->kgnb_ul_count, KDF_ACCESS_3GPP, k_gnb) &&
		  kdf_nh(ue->security.k_amf, k_gnb, nh);

	explicit_bzero(k_gnb, sizeof(k_gnb));
	return ok;
}

/* A handover that fails has used its NH up all the same: no two gNBs get the same. */
bool amf_next_hop_fresh(struct amf *amf, struct amf_ue *ue, struct ngap_security_context *out)
{
	uint8_t first[KDF_KEY_LEN], nh[KDF_KEY_LEN];
	const uint8_t *before = ue->has_nh ? ue->nh : first;
	bool ok = (ue->has_nh || next_hop_first(ue, first)) && kdf_nh(ue->security.k_amf, before, nh);

	if (ok) {
		ue->ncc = (uint8_t)(((ue->has_nh ? ue->ncc : 1) + 1) & 7);
		ue->has_nh = bytes_copy(ue->nh, sizeof(ue->nh), BYTES(nh));
		out->next_hop_chaining_count = ue->ncc;
		out->next_hop_nh = (struct per_bits){ ue->nh, 8 * sizeof(ue->nh) };
		amf_ue_dirty(amf, ue);
	}
	explicit_bzero(first, sizeof(first));
	explicit_bzero(nh, sizeof(nh));
	return ok;
}
