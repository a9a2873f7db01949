/* Nausf_UPUProtection, 29.509 5.4 and 33.501 6.15.2.1: the UDM has a UE parameters update list protected. */
#include "core/ausf/internal.h"
#include "core/nf/upu.h"

enum { LIST_MAX = 256 };

static bool protect(const uint8_t k_ausf[KDF_KEY_LEN], uint16_t counter,
	const struct upu_protection_info *info, struct upu_security_info *out)
{
	uint8_t octets[LIST_MAX];
	struct writer list = writer_of(octets, sizeof(octets)), w = writer_of(out->counter_upu, 2);

	writer_u16(&w, counter);
	out->has_upu_xmac_iue = info->upu_ack_ind;
	return nf_upu_list_write(&info->upu_data_list, &list) &&
	       kdf_upu_mac_i_ausf(k_ausf, writer_bytes(&list), counter, out->upu_mac_iausf) &&
	       (!info->upu_ack_ind || kdf_upu_mac_i_ue(k_ausf, counter, out->upu_xmac_iue));
}

/* The counter is used up with the turn, whatever becomes of the answer. */
void ausf_upu_protection(struct ausf *ausf, const struct sbi_request *r)
{
	const struct nausf_upu_protection_req *req = r->body;
	struct nausf_upu_protection_rsp rsp = { 0 };
	uint8_t k_ausf[KDF_KEY_LEN];
	uint16_t counter;
	enum sbi_cause cause = ausf_key_use(ausf, &req->supi, AUSF_COUNTER_UPU, k_ausf, &counter);

	if (cause == SBI_OK && !protect(k_ausf, counter, &req->data, &rsp.data))
		cause = SBI_INVALID_MSG_FORMAT;
	ausf->stat[AUSF_STAT_UPDATES_PROTECTED] += cause == SBI_OK;
	sbi_answer(ausf->nf.bus, r->id, cause, cause == SBI_OK ? &rsp : NULL);
	explicit_bzero(k_ausf, sizeof(k_ausf));
	explicit_bzero(&rsp, sizeof(rsp));
}
