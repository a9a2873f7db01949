/*
 * Nudr_DataRepository, 29.504 5.2.2 and 29.505: the subscription data.
 *
 *   UDM -> UDR  GET authentication-subscription      29.504 5.2.2.2: the credential, sealed, and its SQN
 *   UDM -> UDR  PATCH authentication-subscription    5.2.2.5: the SQN; all items or none (RFC 6902 5)
 *   UDM -> UDR  GET am-data, smf-selection-subscription-data, sm-data    29.503 5.2.2.2, as provisioned
 *   UDM -> UDR  PUT, PATCH, DELETE of context data   29.505 5.2.12 (context.c)
 */
#include "core/udr/internal.h"

#include <stdlib.h>

#include "base/text.h"
#include "crypto/aka_function.h"

#define LOG_ROOM "udr"

/* Decodes into udr->subscriber. */
static bool udr_read(struct udr *udr, const struct supi *supi, struct bytes record)
{
	if (subscriber_decode(record, &udr->subscriber))
		return true;
	udr->stat[UDR_STAT_UNREADABLE]++;
	log_error(udr->nf.env->log, "imsi-%s: the stored subscriber does not read; add it again", supi->imsi);
	return false;
}

bool udr_load(struct udr *udr, const struct supi *supi)
{
	uint8_t key[8];
	struct bytes value;

	return store_get(udr->nf.env->store, STORE_SUBSCRIBER, nf_supi_store_key(supi, key), &value) &&
	       udr_read(udr, supi, value);
}

uint64_t udr_subscriber_sqn(struct udr *udr, const struct supi *supi)
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

bool udr_put_sqn(struct udr *udr, const struct supi *supi, const uint8_t sqn[6])
{
	uint8_t key[8];

	return store_put(udr->nf.env->store, STORE_AUTH, nf_supi_store_key(supi, key), bytes_of(sqn, 6));
}

static void udr_get_auth_subscription(struct udr *udr, const struct sbi_request *r)
{
	const struct nudr_supi_req *req = r->body;
	const struct subscriber *s = &udr->subscriber;
	const struct aka_function *f;
	struct sequence_number sqn = { .has_sqn = true };
	struct writer w = writer_of(sqn.sqn, sizeof(sqn.sqn));
	struct nudr_auth_subscription_rsp rsp = { .data = {
							  .protection_parameter_id = "freehold-1",
							  .sequence_number = &sqn,
							  .has_authentication_management_field = true,
						  } };
	struct bytes opc = bytes_of(s->enc_opc_key, 0);

	if (!udr_load(udr, &req->supi)) {
		sbi_answer(udr->nf.bus, r->id, SBI_USER_NOT_FOUND, NULL);
		return;
	}
	rsp.data.authentication_method = s->authentication == SUBSCRIBER_EAP_AKA_PRIME
						 ? AUTH_METHOD_EAP_AKA_PRIME
						 : AUTH_METHOD_FIVE_G_AKA;
	f = aka_function(s->algorithm);
	rsp.data.algorithm_id = aka_alg_name(s->algorithm);
	rsp.data.enc_permanent_key = bytes_of(s->enc_permanent_key, s->enc_permanent_key_len);
	opc.len = s->enc_opc_key_len;
	if (f && f->topc)
		rsp.data.enc_topc_key = opc;
	else
		rsp.data.enc_opc_key = opc;
	bytes_copy(rsp.data.authentication_management_field, sizeof(s->amf), BYTES(s->amf));
	writer_uint(&w, udr_subscriber_sqn(udr, &req->supi), 6);
	sbi_answer(udr->nf.bus, r->id, SBI_OK, &rsp);
}

/* The SQN of a JSON string of 12 digits. */
static bool udr_sqn_of(struct bytes json, uint8_t sqn[6])
{
	size_t len;

	return json.len == 14 && json.data[0] == '"' && json.data[13] == '"' &&
	       text_unhex(bytes_of(json.data + 1, 12), sqn, 6, &len) && len == 6;
}

/* RFC 6902: all items or none. What cannot be patched here is refused. */
static void udr_patch_sqn(struct udr *udr, const struct sbi_request *r)
{
	const struct nudr_patch_req *req = r->body;
	uint8_t sqn[6];
	bool stored;

	for (uint32_t i = 0; i < req->patch.count; i++) {
		const struct patch_item *item = &req->patch.items[i];

		if ((item->op != PATCH_OPERATION_REPLACE && item->op != PATCH_OPERATION_ADD) ||
			strcmp(item->path, "/sequenceNumber/sqn") != 0 || !udr_sqn_of(item->value, sqn)) {
			sbi_answer(udr->nf.bus, r->id, SBI_MANDATORY_IE_INCORRECT, NULL);
			return;
		}
	}
	stored = req->patch.count == 0 || udr_put_sqn(udr, &req->supi, sqn);
	sbi_answer(udr->nf.bus, r->id, stored ? SBI_OK : SBI_INSUFFICIENT_RESOURCES, NULL);
}

static void udr_get_am_data(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_sdm_get_req *req = r->body;
	struct subscriber_am_data am;
	struct nudm_am_data_rsp rsp;

	if (!udr_load(udr, &req->supi)) {
		sbi_answer(udr->nf.bus, r->id, SBI_USER_NOT_FOUND, NULL);
		return;
	}
	subscriber_am_data(&udr->subscriber, &am);
	rsp.data = am.data;
	sbi_answer(udr->nf.bus, r->id, SBI_OK, &rsp);
}

static void udr_get_smf_select_data(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_sdm_get_req *req = r->body;
	struct dnn_info dnns[SNSSAI_MAX][DNN_PER_SLICE_MAX] = { 0 };
	char keys[SNSSAI_MAX][SNSSAI_STR_SIZE];
	struct smf_selection_subscription_data_subscribed_snssai_infos_entry slices[SNSSAI_MAX];
	struct nudm_smf_select_data_rsp rsp = { .data = { .subscribed_snssai_infos = { 0, slices } } };

	if (!udr_load(udr, &req->supi)) {
		sbi_answer(udr->nf.bus, r->id, SBI_USER_NOT_FOUND, NULL);
		return;
	}
	for (uint8_t i = 0; i < udr->subscriber.slice_count; i++) {
		const struct subscriber_slice *from = &udr->subscriber.slices[i];
		struct snssai s = subscriber_snssai(from);

		for (uint8_t d = 0; d < from->dnn_count; d++)
			dnns[i][d] = (struct dnn_info){ .dnn = from->dnns[d].dnn,
				.default_dnn_indicator = from->dnns[d].default_dnn };
		slices[i].key = snssai_str(&s, keys[i]);
		slices[i].value = (struct snssai_info){ { from->dnn_count, dnns[i] } };
		rsp.data.subscribed_snssai_infos.count++;
	}
	sbi_answer(udr->nf.bus, r->id, SBI_OK, &rsp);
}

static enum pdu_session_type subscriber_default_type(const struct subscriber_dnn *d)
{
	return d->default_session_type ? (enum pdu_session_type)d->default_session_type : PDU_SESSION_IPV4V6;
}

/* The allowed ones; the count. */
static uint32_t subscriber_types(
	const struct subscriber_dnn *d, enum pdu_session_type out[PDU_SESSION_ETHERNET])
{
	uint8_t types = d->session_types ? d->session_types : UINT8_MAX;
	uint32_t n = 0;

	for (int t = PDU_SESSION_IPV4; t <= PDU_SESSION_ETHERNET; t++)
		if (types >> t & 1)
			out[n++] = (enum pdu_session_type)t;
	return n;
}

/* The allowed ones; the count. */
static uint32_t subscriber_ssc_modes(const struct subscriber_dnn *d, enum ssc_mode out[SSC_MODE_SSC_MODE_3])
{
	uint8_t modes = d->ssc_modes ? d->ssc_modes : 1 << SSC_MODE_SSC_MODE_1;
	uint32_t n = 0;

	for (int m = SSC_MODE_SSC_MODE_1; m <= SSC_MODE_SSC_MODE_3; m++)
		if (modes >> m & 1)
			out[n++] = (enum ssc_mode)m;
	return n;
}

/* Framed routes, in lists by their family. */
struct route_lists {
	struct frame_route_info v4[SUBSCRIBER_ROUTES_MAX], v6[SUBSCRIBER_ROUTES_MAX];
	char texts[SUBSCRIBER_ROUTES_MAX][PREFIX_STR_SIZE];
};

static void subscriber_routes(
	const struct subscriber_dnn *d, struct route_lists *at, struct dnn_configuration *out)
{
	out->ipv4_frame_route_list.items = at->v4;
	out->ipv6_frame_route_list.items = at->v6;
	for (uint8_t i = 0; i < d->route_count; i++) {
		const char *text = prefix_str(&d->routes[i], at->texts[i]);

		if (ip_family(d->routes[i].ip) == IP_FAMILY_V4)
			at->v4[out->ipv4_frame_route_list.count++] =
				(struct frame_route_info){ .ipv4_mask = text };
		else
			at->v6[out->ipv6_frame_route_list.count++] =
				(struct frame_route_info){ .ipv6_prefix = text };
	}
}

static void udr_answer_sm_data(struct udr *udr, const struct sbi_request *r, const struct subscriber_dnn *d)
{
	const struct nudm_sm_data_req *req = r->body;
	struct default_qos qos = { .five_qi = d->five_qi,
		.arp = { d->arp_priority_level, d->arp_may_preempt, d->arp_preemptable } };
	struct ambr ambr = { d->ambr_uplink_bps, d->ambr_downlink_bps };
	struct prefix prefix = { { d->static_ipv6, 0 }, 64 };
	enum pdu_session_type types[PDU_SESSION_ETHERNET];
	enum ssc_mode modes[SSC_MODE_SSC_MODE_3];
	struct route_lists routes;
	char text[PREFIX_STR_SIZE];
	struct ip_address addresses[2];
	uint32_t address_count = 0;
	struct session_management_subscription_data_dnn_configurations_entry entry = { d->dnn,
		{
			.pdu_session_types = { subscriber_default_type(d),
				{ subscriber_types(d, types), types } },
			.ssc_modes = { d->default_ssc_mode ? (enum ssc_mode)d->default_ssc_mode
							   : SSC_MODE_SSC_MODE_1,
				{ subscriber_ssc_modes(d, modes), modes } },
			.five_g_qos_profile = &qos,
			.session_ambr = &ambr,
		} };
	struct session_management_subscription_data data = { req->single_nssai, { 1, &entry } };
	struct nudm_sm_data_rsp rsp = { { 1, &data } };

	subscriber_routes(d, &routes, &entry.value);
	if (d->static_ipv4)
		addresses[address_count++] = (struct ip_address){ .ipv4_addr = d->static_ipv4 };
	if (d->static_ipv6)
		addresses[address_count++] = (struct ip_address){ .ipv6_prefix = prefix_str(&prefix, text) };
	entry.value.static_ip_address = (struct ip_address_list){ address_count, addresses };
	sbi_answer(udr->nf.bus, r->id, SBI_OK, &rsp);
}

static void udr_get_sm_data(struct udr *udr, const struct sbi_request *r)
{
	const struct nudm_sm_data_req *req = r->body;
	const struct subscriber_dnn *d;

	if (!udr_load(udr, &req->supi)) {
		sbi_answer(udr->nf.bus, r->id, SBI_USER_NOT_FOUND, NULL);
		return;
	}
	d = subscriber_dnn_find(&udr->subscriber, &req->single_nssai, req->dnn);
	if (d)
		udr_answer_sm_data(udr, r, d);
	else
		sbi_answer(udr->nf.bus, r->id, SBI_DATA_NOT_FOUND, NULL);
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
		nf_init(&udr->nf, NF_UDR, NULL, plmn, env, bus, &ops);
	return udr;
}

void udr_free(struct udr *udr)
{
	if (!udr)
		return;
	free(udr);
}

struct nf *udr_nf(struct udr *udr)
{
	return &udr->nf;
}

bool udr_subscriber_get(struct udr *udr, const struct supi *supi, struct subscriber *out, uint64_t *sqn)
{
	if (!udr_load(udr, supi))
		return false;
	*out = udr->subscriber;
	*sqn = udr_subscriber_sqn(udr, supi);
	return true;
}

struct udr_each {
	struct udr *udr;
	udr_wish_fn *wish;
	udr_each_fn *fn;
	void *arg;
};

static bool udr_each_record(void *arg, struct bytes key, struct bytes value)
{
	struct udr_each *each = arg;
	struct cursor c = cursor_of(key);
	enum udr_wish wish;
	struct supi supi;

	if (!supi_of_key(cursor_u64(&c), &supi)) {
		each->udr->stat[UDR_STAT_UNREADABLE]++;
		return true;
	}
	wish = each->wish ? each->wish(each->arg, &supi) : UDR_TAKE;
	if (wish != UDR_TAKE)
		return wish == UDR_PASS;
	return each->fn(each->arg, &supi, udr_read(each->udr, &supi, value) ? &each->udr->subscriber : NULL);
}

bool udr_subscriber_each(
	struct udr *udr, const struct supi *after, udr_wish_fn *wish, udr_each_fn *fn, void *arg)
{
	uint8_t key[8];
	struct udr_each each = { udr, wish, fn, arg };

	return store_scan_after(udr->nf.env->store, STORE_SUBSCRIBER,
		after ? nf_supi_store_key(after, key) : BYTES_NONE, udr_each_record, &each);
}

static const struct stat_def stat_defs[UDR_STAT_COUNT] = {
	[UDR_STAT_UNREADABLE] = { "unreadable", "stored subscribers that did not read" },
};
const struct stat_group udr_stat_group = { "udr", stat_defs, UDR_STAT_COUNT };

void udr_stats(const struct udr *udr, struct stats *out)
{
	*out = (struct stats){ &udr_stat_group, udr->stat };
}
