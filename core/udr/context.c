/* Context data, TS 29.505 5.2.12: which functions serve a subscriber; under the SUPI for the AMF, under SUPI
 * and session for SMFs. */
#include "base/record.h"
#include "core/udr/internal.h"

/* rsp is the resource, which the answer has when it was created (29.504 5.2.12). */
static void udr_put_context(
	struct udr *udr, const struct sbi_request *r, struct bytes key, struct bytes context, const void *rsp)
{
	struct bytes old;
	bool created = !store_get(udr->nf.env->store, STORE_UDM_UECM, key, &old);
	bool stored = store_put(udr->nf.env->store, STORE_UDM_UECM, key, context);

	sbi_answer(udr->nf.bus, r->id, stored ? SBI_OK : SBI_INSUFFICIENT_RESOURCES,
		stored && created ? rsp : NULL);
}

static const struct record_field amf_context_fields[] = {
	RECORD_S(1, udr_amf_context, instance_id),
	RECORD_S(2, udr_amf_context, dereg_callback_uri),
	RECORD_O(3, udr_amf_context, guami.plmn),
	RECORD_U(4, udr_amf_context, guami.amf_region_id),
	RECORD_U(5, udr_amf_context, guami.amf_set_id),
	RECORD_U(6, udr_amf_context, guami.amf_pointer),
	RECORD_U(7, udr_amf_context, rat_type),
};
static const struct record_def amf_context_def = { "amf_context", amf_context_fields,
	ARRAY_LEN(amf_context_fields) };

static void udr_put_amf_context(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_amf_registration_req *req = r->body;
	struct nudm_amf_registration_rsp rsp = { req->supi, req->data };
	struct udr_amf_context context = { .guami = req->data.guami,
		.rat_type = (uint8_t)req->data.rat_type };
	uint8_t key[9], octets[sizeof(context) + 32];
	struct writer w = writer_of(octets, sizeof(octets));

	str_copy(context.instance_id, sizeof(context.instance_id), req->data.amf_instance_id);
	str_copy(
		context.dereg_callback_uri, sizeof(context.dereg_callback_uri), req->data.dereg_callback_uri);
	if (record_encode(&amf_context_def, &context, &w))
		udr_put_context(udr, r, nf_session_store_key(&req->supi, 0, key), writer_bytes(&w), &rsp);
	else
		sbi_answer(udr->nf.bus, r->id, SBI_INSUFFICIENT_RESOURCES, NULL);
}

void udr_serving_amf(struct udr *udr, const struct supi *supi, struct udr_amf_context *out)
{
	uint8_t key[9];
	struct bytes value;

	*out = (struct udr_amf_context){ 0 };
	if (store_get(udr->nf.env->store, STORE_UDM_UECM, nf_session_store_key(supi, 0, key), &value) &&
		!record_decode(&amf_context_def, value, out))
		*out = (struct udr_amf_context){ 0 };
}

static void udr_get_amf_context(struct udr *udr, const struct sbi_request *r)
{
	const struct nudr_supi_req *req = r->body;
	struct udr_amf_context context;
	struct nudr_amf_context_rsp rsp;

	udr_serving_amf(udr, &req->supi, &context);
	rsp = (struct nudr_amf_context_rsp){ { .amf_instance_id = context.instance_id,
		.dereg_callback_uri = context.dereg_callback_uri,
		.guami = context.guami,
		.rat_type = (enum rat_type)context.rat_type } };
	if (context.instance_id[0])
		sbi_answer(udr->nf.bus, r->id, SBI_OK, &rsp);
	else
		sbi_answer(udr->nf.bus, r->id, SBI_DATA_NOT_FOUND, NULL);
}

bool udr_contexts_remove(struct udr *udr, const struct supi *supi)
{
	uint8_t key[9];

	for (unsigned session = 0; session <= UINT8_MAX; session++)
		if (!store_del(udr->nf.env->store, STORE_UDM_UECM,
			    nf_session_store_key(supi, (uint8_t)session, key)))
			return false;
	return true;
}

static void udr_put_smf_context(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_smf_registration_req *req = r->body;
	struct nudm_smf_registration_rsp rsp = { req->supi, req->pdu_session_id, req->data };
	uint8_t key[9];

	udr_put_context(udr, r, nf_session_store_key(&req->supi, req->pdu_session_id, key),
		bytes_of_str(req->data.smf_instance_id), &rsp);
}

static void udr_delete_context(
	struct udr *udr, const struct sbi_request *r, const struct supi *supi, uint8_t pdu_session_id)
{
	uint8_t key[9];
	bool stored = store_del(
		udr->nf.env->store, STORE_UDM_UECM, nf_session_store_key(supi, pdu_session_id, key));

	sbi_answer(udr->nf.bus, r->id, stored ? SBI_OK : SBI_INSUFFICIENT_RESOURCES, NULL);
}

/* The AMF's registration goes with its purge flag; other patches of it change nothing that is kept. */
static void udr_patch_amf_context(struct udr *udr, const struct sbi_request *r)
{
	const struct nudr_patch_req *req = r->body;

	for (uint32_t i = 0; i < req->patch.count; i++) {
		const struct patch_item *item = &req->patch.items[i];

		if (strcmp(item->path, "/purgeFlag") != 0 || !bytes_equal(item->value, bytes_of_str("true")))
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
	case SBI_UDR_GET_AMF_CONTEXT:
		udr_get_amf_context(udr, r);
		break;
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
