/*
 * The chain of next hops, 33.501 6.9.2.1.1 and A.10: each gNB that a UE is handed over to gets a key that the
 * one before cannot know. K_gNB has NCC 0; the NH that is made of it has NCC 1; each handover steps on by
 * one, so that the first takes NCC 2 (6.9.2.3.2, 6.9.2.3.3). The NCC has 3 bits.
 */
#include "core/amf/handover.h"

bool amf_k_gnb(const struct amf_ue *ue, uint8_t k_gnb[KDF_KEY_LEN])
{
	return kdf_k_gnb(ue->security.k_amf, ue->kgnb_ul_count, KDF_ACCESS_3GPP, k_gnb);
}

void amf_next_hop_restart(struct amf *amf, struct amf_ue *ue)
{
	if (!ue->has_nh)
		return;
	explicit_bzero(ue->nh, sizeof(ue->nh));
	ue->has_nh = false;
	ue->ncc = 0;
	amf_ue_dirty(amf, ue);
}

bool amf_next_hop_of(const struct amf_ue *ue, struct amf_next_hop *out)
{
	uint8_t k_gnb[KDF_KEY_LEN];
	bool ok;

	*out = (struct amf_next_hop){ .ncc = ue->has_nh ? ue->ncc : 1 };
	bytes_copy(out->k_amf, sizeof(out->k_amf), BYTES(ue->security.k_amf));
	if (ue->has_nh)
		return bytes_copy(out->nh, sizeof(out->nh), BYTES(ue->nh));
	ok = amf_k_gnb(ue, k_gnb) && kdf_nh(ue->security.k_amf, k_gnb, out->nh);
	explicit_bzero(k_gnb, sizeof(k_gnb));
	return ok;
}

bool amf_next_hop_step(struct amf_next_hop *n)
{
	uint8_t nh[KDF_KEY_LEN];
	bool ok = kdf_nh(n->k_amf, n->nh, nh) && bytes_copy(n->nh, sizeof(n->nh), BYTES(nh));

	n->ncc = (uint8_t)((n->ncc + ok) & 7);
	explicit_bzero(nh, sizeof(nh));
	return ok;
}

/* A handover that fails has used its NH up all the same: no two gNBs get the same. */
bool amf_next_hop_fresh(struct amf *amf, struct amf_ue *ue, struct ngap_security_context *out)
{
	struct amf_next_hop n;
	bool ok = amf_next_hop_of(ue, &n) && amf_next_hop_step(&n);

	if (ok) {
		ue->ncc = n.ncc;
		ue->has_nh = bytes_copy(ue->nh, sizeof(ue->nh), BYTES(n.nh));
		out->next_hop_chaining_count = ue->ncc;
		out->next_hop_nh = (struct per_bits){ ue->nh, 8 * sizeof(ue->nh) };
		amf_ue_dirty(amf, ue);
	}
	explicit_bzero(&n, sizeof(n));
	return ok;
}
