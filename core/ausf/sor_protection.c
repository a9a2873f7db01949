/* Nausf_SoRProtection, 29.509 5.3 and 33.501 6.14.2.1: the UDM has a list of preferred PLMNs protected. */
#include "core/ausf/internal.h"
#include "core/nf/sor.h"

enum { LIST_MAX = 5 * NAS_STEERING_MAX, ARENA_OCTETS_MAX = 64 << 10 };

static bool protect(const uint8_t k_ausf[KDF_KEY_LEN], uint16_t counter,
	const struct sor_protection_info *info, struct sor_security_info *out)
{
	uint8_t octets[LIST_MAX], memory[2048];
	struct writer list = writer_of(octets, sizeof(octets)), w = writer_of(out->counter_sor, 2);
	struct arena arena;
	struct nas_steering s;
	bool ok;

	arena_init(&arena, memory, sizeof(memory), ARENA_OCTETS_MAX);
	ok = nf_steering_read(info->steering_container, &arena, &s) && nas_steering_encode(&s, &list);
	arena_fini(&arena);
	writer_u16(&w, counter);
	out->has_sor_xmac_iue = info->ack_ind;
	return ok &&
	       kdf_sor_mac_i_ausf(k_ausf, nf_sor_header(&s, info->ack_ind), writer_bytes(&list), counter,
		       out->sor_mac_iausf) &&
	       (!info->ack_ind || kdf_sor_mac_i_ue(k_ausf, counter, out->sor_xmac_iue));
}

/* The counter is used up with the turn, whatever becomes of the answer. */
void ausf_sor_protection(struct ausf *ausf, const struct sbi_request *r)
{
	const struct nausf_sor_protection_req *req = r->body;
	struct nausf_sor_protection_rsp rsp = { 0 };
	uint8_t k_ausf[KDF_KEY_LEN];
	uint16_t counter;
	enum sbi_cause cause = ausf_key_use(ausf, &req->supi, AUSF_COUNTER_SOR, k_ausf, &counter);

	if (cause == SBI_OK && !protect(k_ausf, counter, &req->data, &rsp.data))
		cause = SBI_INVALID_MSG_FORMAT;
	ausf->stat[AUSF_STAT_STEERINGS_PROTECTED] += cause == SBI_OK;
	sbi_answer(ausf->nf.bus, r->id, cause, cause == SBI_OK ? &rsp : NULL);
	explicit_bzero(k_ausf, sizeof(k_ausf));
	explicit_bzero(&rsp, sizeof(rsp));
}
