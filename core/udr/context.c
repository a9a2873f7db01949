/* Context data, TS 29.505 5.2.12: which functions serve a subscriber. */
#include "core/udr/internal.h"

/* Serving contexts: under the SUPI for the AMF, under SUPI and session for SMFs. */
static struct bytes udr_context_key(const struct supi *supi, uint8_t pdu_session_id, uint8_t buf[9])
{
	nf_supi_store_key(supi, buf);
	buf[8] = pdu_session_id;
	return bytes_of(buf, pdu_session_id ? 9 : 8);
}

/* rsp is the resource, which the answer has when it was created (29.504 5.2.12). */
static void udr_put_context(struct udr *udr, const struct sbi_request *r, struct bytes key,
	const char *nf_instance_id, const void *rsp)
{
	struct bytes old;
	bool created = !store_get(udr->nf.env->store, STORE_UDM_UECM, key, &old);
	bool stored = store_put(udr->nf.env->store, STORE_UDM_UECM, key, bytes_of_str(nf_instance_id));

	sbi_answer(udr->nf.bus, r->id, stored ? SBI_OK : SBI_INSUFFICIENT_RESOURCES,
		stored && created ? rsp : NULL);
}

static void udr_put_amf_context(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_amf_registration_req *req = r->body;
	struct nudm_amf_registration_rsp rsp = { req->supi, req->data };
	uint8_t key[9];

	udr_put_context(udr, r, udr_context_key(&req->supi, 0, key), req->data.amf_instance_id, &rsp);
}

static void udr_put_smf_context(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_smf_registration_req *req = r->body;
	struct nudm_smf_registration_rsp rsp = { req->supi, req->pdu_session_id, req->data };
	uint8_t key[9];

	udr_put_context(udr, r, udr_context_key(&req->supi, req->pdu_session_id, key),
		req->data.smf_instance_id, &rsp);
}

static void udr_delete_context(
	struct udr *udr, const struct sbi_request *r, const struct supi *supi, uint8_t pdu_session_id)
{
	uint8_t key[9];
	bool stored =
		store_del(udr->nf.env->store, STORE_UDM_UECM, udr_context_key(supi, pdu_session_id, key));

	sbi_answer(udr->nf.bus, r->id, stored ? SBI_OK : SBI_INSUFFICIENT_RESOURCES, NULL);
}

/* The AMF's registration goes with its purge flag; other patches of it change nothing that is kept. */
static void udr_patch_amf_context(struct udr *udr, const struct sbi_request *r)
{
	const struct nudr_patch_req *req = r->body;

	for (uint32_t i = 0; i < req->patch.count; i++) {
		const struct patch_item *item = &req->patch.items[i];

		if (strcmp(item->path, "/purgeFlag") || !bytes_equal(item->value, bytes_of_str("true")))
			continue;
		udr_delete_context(udr, r, &req->supi, 0);
		return;
	}
	sbi_answer(udr->nf.bus, r->id, SBI_OK, NULL);
}

void udr_on_context_request(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_smf_deregistration_req *smf_gone = r->body;

	switch (r->op) {
	case SBI_UDR_PUT_AMF_CONTEXT:
		udr_put_amf_context(udr, r);
		break;
	case SBI_UDR_DELETE_AMF_CONTEXT:
		udr_patch_amf_context(udr, r);
		break;
	case SBI_UDR_PUT_SMF_CONTEXT:
		udr_put_smf_context(udr, r);
		break;
	case SBI_UDR_DELETE_SMF_CONTEXT:
		udr_delete_context(udr, r, &smf_gone->supi, smf_gone->pdu_session_id);
		break;
	default:
		sbi_answer(udr->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
	}
}
