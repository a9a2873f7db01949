#include "core/udr/udr.h"

#include <stdlib.h>

#define LOG_ROOM "udr"

struct udr {
	struct nf nf;
	struct subscriber subscriber; /* the one at hand: too large for the stack */
	uint8_t record[SUBSCRIBER_RECORD_MAX];
};

/* Loads into udr->subscriber; false when there is none (or its record is not ours, which is logged). */
static bool udr_load(struct udr *udr, const struct supi *supi)
{
	uint8_t key[8];
	struct bytes value;

	if (!store_get(udr->nf.env->store, STORE_SUBSCRIBER, nf_supi_store_key(supi, key), &value))
		return false;
	if (subscriber_decode(value, &udr->subscriber))
		return true;
	log_error(udr->nf.env->log, "imsi-%s: the stored subscriber does not read; add it again", supi->imsi);
	return false;
}

static uint64_t udr_sqn(struct udr *udr, const struct supi *supi)
{
	uint8_t key[8];
	struct bytes value;
	struct cursor c;

	if (!store_get(udr->nf.env->store, STORE_AUTH, nf_supi_store_key(supi, key), &value) ||
		value.len != 6)
		return 0;
	c = cursor_of(value);
	return cursor_uint(&c, 6);
}

static bool udr_put_sqn(struct udr *udr, const struct supi *supi, const uint8_t sqn[6])
{
	uint8_t key[8];

	return store_put(udr->nf.env->store, STORE_AUTH, nf_supi_store_key(supi, key), bytes_of(sqn, 6));
}

static void udr_get_auth_subscription(struct udr *udr, const struct sbi_request *r)
{
	const struct nudr_supi_req *req = r->body;
	const struct subscriber *s = &udr->subscriber;
	struct nudr_auth_subscription_rsp rsp = { 0 };
	struct writer w = writer_of(rsp.sqn, sizeof(rsp.sqn));

	if (!udr_load(udr, &req->supi)) {
		sbi_answer(udr->nf.bus, r->id, SBI_USER_NOT_FOUND, NULL);
		return;
	}
	rsp.algorithm = s->algorithm;
	rsp.enc_permanent_key_len = s->enc_permanent_key_len;
	rsp.enc_opc_key_len = s->enc_opc_key_len;
	bytes_copy(rsp.enc_permanent_key, SEALED_KEY_SIZE, BYTES(s->enc_permanent_key));
	bytes_copy(rsp.enc_opc_key, SEALED_KEY_SIZE, BYTES(s->enc_opc_key));
	bytes_copy(rsp.amf, sizeof(rsp.amf), BYTES(s->amf));
	writer_uint(&w, udr_sqn(udr, &req->supi), 6);
	sbi_answer(udr->nf.bus, r->id, SBI_OK, &rsp);
}

static void udr_patch_sqn(struct udr *udr, const struct sbi_request *r)
{
	const struct nudr_patch_sqn_req *req = r->body;
	bool stored = udr_put_sqn(udr, &req->supi, req->sqn);

	sbi_answer(udr->nf.bus, r->id, stored ? SBI_OK : SBI_INSUFFICIENT_RESOURCES, NULL);
}

static struct snssai subscriber_snssai(const struct subscriber_slice *slice)
{
	return (struct snssai){ slice->sst, slice->sd };
}

static void udr_get_am_data(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_sdm_get_req *req = r->body;
	const struct subscriber *s = &udr->subscriber;
	struct nudm_am_data_rsp rsp = { 0 };

	if (!udr_load(udr, &req->supi)) {
		sbi_answer(udr->nf.bus, r->id, SBI_USER_NOT_FOUND, NULL);
		return;
	}
	rsp.subscribed_ue_ambr = (struct ambr){ s->ambr_uplink_bps, s->ambr_downlink_bps };
	for (uint8_t i = 0; i < s->slice_count; i++) {
		struct nssai *list =
			s->slices[i].default_slice ? &rsp.default_single_nssais : &rsp.single_nssais;

		list->items[list->count++] = subscriber_snssai(&s->slices[i]);
	}
	sbi_answer(udr->nf.bus, r->id, SBI_OK, &rsp);
}

static void udr_get_smf_select_data(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_sdm_get_req *req = r->body;
	struct nudm_smf_select_data_rsp rsp = { 0 };

	if (!udr_load(udr, &req->supi)) {
		sbi_answer(udr->nf.bus, r->id, SBI_USER_NOT_FOUND, NULL);
		return;
	}
	for (uint8_t i = 0; i < udr->subscriber.slice_count; i++) {
		const struct subscriber_slice *from = &udr->subscriber.slices[i];
		struct snssai_dnns *to = &rsp.slices[rsp.slice_count++];

		to->snssai = subscriber_snssai(from);
		for (uint8_t d = 0; d < from->dnn_count; d++) {
			str_copy(to->dnns[d].dnn, DNN_STR_SIZE, from->dnns[d].dnn);
			to->dnns[d].default_dnn = from->dnns[d].default_dnn;
			to->dnn_count++;
		}
	}
	sbi_answer(udr->nf.bus, r->id, SBI_OK, &rsp);
}

static const struct subscriber_dnn *subscriber_dnn_find(
	const struct subscriber *s, const struct snssai *snssai, const char *dnn)
{
	for (uint8_t i = 0; i < s->slice_count; i++) {
		struct snssai slice = subscriber_snssai(&s->slices[i]);

		if (!snssai_equal(&slice, snssai))
			continue;
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++)
			if (!strcmp(s->slices[i].dnns[d].dnn, dnn))
				return &s->slices[i].dnns[d];
	}
	return NULL;
}

static void udr_get_sm_data(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_sm_data_req *req = r->body;
	const struct subscriber_dnn *d;
	struct nudm_sm_data_rsp rsp;

	if (!udr_load(udr, &req->supi)) {
		sbi_answer(udr->nf.bus, r->id, SBI_USER_NOT_FOUND, NULL);
		return;
	}
	d = subscriber_dnn_find(&udr->subscriber, &req->single_nssai, req->dnn);
	if (!d) {
		sbi_answer(udr->nf.bus, r->id, SBI_DATA_NOT_FOUND, NULL);
		return;
	}
	rsp = (struct nudm_sm_data_rsp){
		.single_nssai = req->single_nssai,
		.default_session_type = PDU_SESSION_IPV4,
		.ssc_mode = 1,
		.five_g_qos_profile = {
			.five_qi = d->five_qi,
			.arp = { d->arp_priority_level, d->arp_may_preempt, d->arp_preemptable },
		},
		.session_ambr = { d->ambr_uplink_bps, d->ambr_downlink_bps },
		.has_static_ipv4 = d->static_ipv4 != 0,
		.static_ipv4 = d->static_ipv4,
	};
	str_copy(rsp.dnn, sizeof(rsp.dnn), d->dnn);
	sbi_answer(udr->nf.bus, r->id, SBI_OK, &rsp);
}

/* Serving contexts: under the SUPI for the AMF, under SUPI and session for SMFs. */
static struct bytes udr_context_key(const struct supi *supi, uint8_t pdu_session_id, uint8_t buf[9])
{
	nf_supi_store_key(supi, buf);
	buf[8] = pdu_session_id;
	return bytes_of(buf, pdu_session_id ? 9 : 8);
}

static void udr_put_context(struct udr *udr, const struct sbi_request *r, const struct supi *supi,
	uint8_t pdu_session_id, struct bytes context)
{
	uint8_t key[9];
	bool stored = store_put(
		udr->nf.env->store, STORE_UDM_UECM, udr_context_key(supi, pdu_session_id, key), context);

	sbi_answer(udr->nf.bus, r->id, stored ? SBI_OK : SBI_INSUFFICIENT_RESOURCES, NULL);
}

static const struct record_field amf_context_fields[] = {
	RECORD_S(1, udr_amf_context, instance_id),
	RECORD_S(2, udr_amf_context, dereg_callback_uri),
};
static const struct record_def amf_context_def = { "amf_context", amf_context_fields,
	ARRAY_LEN(amf_context_fields) };

static void udr_put_amf_context(
	struct udr *udr, const struct sbi_request *r, const struct nudr_amf_context_req *req)
{
	struct udr_amf_context context;
	uint8_t octets[sizeof(context) + 16];
	struct writer w = writer_of(octets, sizeof(octets));

	str_copy(context.instance_id, sizeof(context.instance_id), req->amf_instance_id);
	str_copy(context.dereg_callback_uri, sizeof(context.dereg_callback_uri), req->dereg_callback_uri);
	record_encode(&amf_context_def, &context, &w);
	udr_put_context(udr, r, &req->supi, 0, writer_bytes(&w));
}

void udr_serving_amf(struct udr *udr, const struct supi *supi, struct udr_amf_context *out)
{
	uint8_t key[9];
	struct bytes value;

	*out = (struct udr_amf_context){ 0 };
	if (store_get(udr->nf.env->store, STORE_UDM_UECM, udr_context_key(supi, 0, key), &value) &&
		!record_decode(&amf_context_def, value, out))
		*out = (struct udr_amf_context){ 0 };
}

static void udr_delete_context(
	struct udr *udr, const struct sbi_request *r, const struct supi *supi, uint8_t pdu_session_id)
{
	uint8_t key[9];
	bool stored =
		store_del(udr->nf.env->store, STORE_UDM_UECM, udr_context_key(supi, pdu_session_id, key));

	sbi_answer(udr->nf.bus, r->id, stored ? SBI_OK : SBI_INSUFFICIENT_RESOURCES, NULL);
}

static void udr_on_context_request(struct udr *udr, const struct sbi_request *r)
{
	const struct nudr_amf_context_req *amf = r->body;
	const struct nudm_smf_registration_req *smf = r->body;
	const struct nudm_smf_deregistration_req *smf_gone = r->body;

	switch (r->op) {
	case SBI_UDR_PUT_AMF_CONTEXT:
		udr_put_amf_context(udr, r, amf);
		break;
	case SBI_UDR_DELETE_AMF_CONTEXT:
		udr_delete_context(udr, r, &((const struct nudr_supi_req *)r->body)->supi, 0);
		break;
	case SBI_UDR_PUT_SMF_CONTEXT:
		udr_put_context(udr, r, &smf->supi, smf->pdu_session_id, bytes_of_str(smf->smf_instance_id));
		break;
	case SBI_UDR_DELETE_SMF_CONTEXT:
		udr_delete_context(udr, r, &smf_gone->supi, smf_gone->pdu_session_id);
		break;
	default:
		sbi_answer(udr->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
	}
}

static void udr_on_request(void *self, const struct sbi_request *r)
{
	struct udr *udr = self;

	switch (r->op) {
	case SBI_UDR_GET_AUTH_SUBSCRIPTION:
		udr_get_auth_subscription(udr, r);
		break;
	case SBI_UDR_PATCH_SQN:
		udr_patch_sqn(udr, r);
		break;
	case SBI_UDR_GET_AM_DATA:
		udr_get_am_data(udr, r);
		break;
	case SBI_UDR_GET_SMF_SELECT_DATA:
		udr_get_smf_select_data(udr, r);
		break;
	case SBI_UDR_GET_SM_DATA:
		udr_get_sm_data(udr, r);
		break;
	default:
		udr_on_context_request(udr, r);
	}
}

static void udr_on_answer(void *self, const struct sbi_answer *a)
{
	nf_on_answer(self, a);
}

struct udr *udr_new(const struct plmn *plmn, struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { udr_on_request, udr_on_answer };
	struct udr *udr = calloc(1, sizeof(*udr));

	if (udr)
		nf_init(&udr->nf, NF_UDR, plmn, env, bus, &ops);
	return udr;
}

void udr_free(struct udr *udr)
{
	if (!udr)
		return;
	nf_fini(&udr->nf);
	free(udr);
}

struct nf *udr_nf(struct udr *udr)
{
	return &udr->nf;
}

bool udr_subscriber_put(struct udr *udr, const struct subscriber *s, uint64_t sqn)
{
	struct writer w = writer_of(udr->record, sizeof(udr->record));
	struct supi supi;
	uint8_t key[8], sqn_octets[6];
	struct writer sqn_writer = writer_of(sqn_octets, sizeof(sqn_octets));

	writer_uint(&sqn_writer, sqn, 6);
	if (!supi_parse(s->imsi, &supi) || sqn_writer.failed || !record_encode(&subscriber_def, s, &w))
		return false;
	return store_put(udr->nf.env->store, STORE_SUBSCRIBER, nf_supi_store_key(&supi, key),
		       writer_bytes(&w)) &&
	       udr_put_sqn(udr, &supi, sqn_octets);
}

bool udr_subscriber_get(struct udr *udr, const struct supi *supi, struct subscriber *out, uint64_t *sqn)
{
	if (!udr_load(udr, supi))
		return false;
	*out = udr->subscriber;
	*sqn = udr_sqn(udr, supi);
	return true;
}

bool udr_subscriber_remove(struct udr *udr, const struct supi *supi)
{
	struct store *store = udr->nf.env->store;
	uint8_t key[9];
	struct bytes value;

	if (!store_get(store, STORE_SUBSCRIBER, nf_supi_store_key(supi, key), &value))
		return false;
	return store_del(store, STORE_SUBSCRIBER, bytes_of(key, 8)) &&
	       store_del(store, STORE_AUTH, bytes_of(key, 8));
}

struct udr_each {
	struct udr *udr;
	bool (*fn)(void *arg, const struct subscriber *s);
	void *arg;
};

static bool udr_each_record(void *arg, struct bytes key, struct bytes value)
{
	struct udr_each *each = arg;

	return !subscriber_decode(value, &each->udr->subscriber) ||
	       each->fn(each->arg, &each->udr->subscriber);
}

void udr_subscriber_each(struct udr *udr, bool (*fn)(void *arg, const struct subscriber *s), void *arg)
{
	struct udr_each each = { udr, fn, arg };

	store_scan(udr->nf.env->store, STORE_SUBSCRIBER, udr_each_record, &each);
}
