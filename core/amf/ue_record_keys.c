/* The keys of a UE in its record, sealed: each once, not with each put. */
#include "core/amf/handover.h"

bool amf_ue_seal_k_amf(struct amf *amf, struct amf_ue *ue)
{
	struct writer w = writer_of(ue->sealed_k_amf, sizeof(ue->sealed_k_amf));

	if (!ue->security.active || ue->k_amf_sealed)
		return true;
	ue->k_amf_sealed = nf_seal(amf->nf.env, amf->config.seal_key, NF_SEAL_K_AMF, ue->supi.imsi,
		BYTES(ue->security.k_amf), &w);
	return ue->k_amf_sealed;
}

bool amf_ue_unseal_k_amf(struct amf *amf, struct amf_ue *ue, const char *imsi,
	const uint8_t sealed[AMF_SEALED_K_AMF], const struct nas_security *names)
{
	uint8_t k_amf[KDF_KEY_LEN];
	struct writer w = writer_of(k_amf, sizeof(k_amf));

	if (!nf_unseal(amf->config.seal_key, NF_SEAL_K_AMF, imsi, bytes_of(sealed, AMF_SEALED_K_AMF), &w) ||
		w.len != sizeof(k_amf))
		return false;
	nas_security_start(&ue->security, k_amf, names->ngksi, names->ea, names->ia);
	explicit_bzero(k_amf, sizeof(k_amf));
	ue->k_amf_sealed =
		bytes_copy(ue->sealed_k_amf, sizeof(ue->sealed_k_amf), bytes_of(sealed, AMF_SEALED_K_AMF));
	return true;
}

bool amf_next_hop_seal(struct amf *amf, const struct amf_ue *ue, uint8_t out[AMF_SEALED_NH])
{
	struct writer w = writer_of(out, AMF_SEALED_NH);

	return !ue->has_nh ||
	       nf_seal(amf->nf.env, amf->config.seal_key, NF_SEAL_NH, ue->supi.imsi, BYTES(ue->nh), &w);
}

bool amf_next_hop_unseal(
	struct amf *amf, struct amf_ue *ue, const char *imsi, const uint8_t sealed[AMF_SEALED_NH])
{
	struct writer w = writer_of(ue->nh, sizeof(ue->nh));

	return !ue->has_nh ||
	       (nf_unseal(amf->config.seal_key, NF_SEAL_NH, imsi, bytes_of(sealed, AMF_SEALED_NH), &w) &&
		       w.len == sizeof(ue->nh));
}
