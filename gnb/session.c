/* PDU session resources: tunnels, bearers, transfers (38.413 9.3.4). */
#include "gnb/admission.h"
#include "gnb/other_tunnel.h"

static uint64_t upf_key(const struct addr *upf)
{
	struct cursor c = cursor_of(bytes_of(upf->ip, upf->len));
	uint64_t high = upf->len == 16 ? cursor_u64(&c) : 0;

	return high * UINT64_C(0x9e3779b97f4a7c15) ^ cursor_uint(&c, upf->len == 16 ? 8 : 4);
}

struct gnb_session *gnb_session_by_remote(struct gnb *gnb, const struct addr *upf, uint32_t ul_teid)
{
	struct gnb_session *s =
		hash_get(&gnb->session_by_remote, upf_key(upf), ul_teid, struct gnb_session, by_remote);

	return s && addr_same_host(&s->upf, upf) ? s : NULL;
}

void gnb_session_set_upf(struct gnb *gnb, struct gnb_session *s, const struct addr *upf, uint32_t ul_teid)
{
	if (s->indexed_remote)
		hash_remove(&gnb->session_by_remote, &s->by_remote);
	s->upf = *upf;
	s->ul_teid = ul_teid;
	s->indexed_remote = !hash_find(&gnb->session_by_remote, upf_key(upf), ul_teid);
	if (s->indexed_remote)
		hash_insert(&gnb->session_by_remote, &s->by_remote, upf_key(upf), ul_teid);
}

void gnb_session_set_dl(struct gnb *gnb, struct gnb_session *s, struct bytes address, uint32_t teid)
{
	hash_remove(&gnb->session_by_teid, &s->by_teid);
	s->dl = addr_from_bytes(address, GTPU_UDP_PORT);
	s->dl_teid = teid;
	hash_insert(&gnb->session_by_teid, &s->by_teid, s->dl_teid, 0);
}

struct gnb_session *gnb_session_new(
	struct gnb *gnb, struct gnb_ue *ue, uint8_t psi, const struct addr *upf, uint32_t ul_teid)
{
	struct gnb_session *s = pool_alloc(&gnb->sessions);

	if (s) {
		s->ue = ue;
		s->psi = psi;
	}
	if (!s || !gnb_drb_take(s)) {
		if (s)
			pool_free(&gnb->sessions, s);
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return NULL;
	}
	s->dl = gnb->config.n3_address;
	s->dl_teid = gnb_teid_new(gnb);
	hash_insert(&gnb->session_by_teid, &s->by_teid, s->dl_teid, 0);
	gnb_session_set_upf(gnb, s, upf, ul_teid);
	ue->sessions[psi] = s;
	return s;
}

void gnb_session_free(struct gnb *gnb, struct gnb_session *s)
{
	gnb_rrc_session_ended(gnb, s);
	gnb_forward_leave(gnb, s);
	gnb_reception_free(gnb, s);
	gnb_flows_free(gnb, s);
	gnb_other_tunnel_drop(gnb, s);
	hash_remove(&gnb->session_by_teid, &s->by_teid);
	if (s->indexed_remote)
		hash_remove(&gnb->session_by_remote, &s->by_remote);
	s->ue->sessions[s->psi] = NULL;
	gnb_drb_give(s);
	pool_free(&gnb->sessions, s);
}

/* A transfer that can be met, else the cause why not. */
static bool transfer_read(struct gnb *gnb, struct bytes octets,
	struct ngap_pdu_session_resource_setup_request_transfer *t, struct addr *upf, uint32_t *teid,
	uint64_t *flows, struct gnb_protection *protection, uint8_t *cause)
{
	struct per_diag diag;

	*flows = 0;
	*cause = NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED;
	if (!ngap_value_decode(
		    &ngap_pdu_session_resource_setup_request_transfer_type, octets, &gnb->arena, t, &diag) ||
		!gnb_tunnel_read(gnb, &t->ul_ngu_up_tnl_information, upf, teid))
		return false;
	for (size_t i = 0; i < t->qos_flow_setup_request_list.count; i++) {
		int64_t qfi = t->qos_flow_setup_request_list.items[i].qos_flow_identifier;

		*cause = NGAP_CAUSE_RADIO_NETWORK_MULTIPLE_QOS_FLOW_ID_INSTANCES;
		if (qfi < 0 || qfi > GNB_QFI_MAX || *flows >> qfi & 1)
			return false;
		*flows |= UINT64_C(1) << qfi;
	}
	return gnb_protection_read(gnb, t->security_indication, protection, cause);
}

static bool is_repeated(const struct gnb_procedure *p, uint8_t psi)
{
	for (uint8_t i = 0; i + 1 < p->count; i++)
		if (p->items[i].psi == psi)
			return true;
	return false;
}

static void flow_begin(
	struct gnb *gnb, struct gnb_session *s, const struct ngap_qos_flow_setup_request_item *item)
{
	uint8_t qfi = (uint8_t)item->qos_flow_identifier;

	if (gnb_flow_admit(gnb, s, qfi, &item->qos_flow_level_qos_parameters))
		may_fail(gnb_flow_take(gnb, s, qfi, &item->qos_flow_level_qos_parameters));
	else
		s->refused |= UINT64_C(1) << qfi;
}

/* What is asked of its flows, as far as there is room for it, and of all together. */
static void wishes_take(struct gnb *gnb, struct gnb_session *s,
	const struct ngap_pdu_session_resource_setup_request_transfer *t)
{
	for (size_t i = 0; i < t->qos_flow_setup_request_list.count; i++)
		flow_begin(gnb, s, &t->qos_flow_setup_request_list.items[i]);
	s->type = (uint8_t)t->pdu_session_type;
	if (!t->pdu_session_aggregate_maximum_bit_rate)
		return;
	s->ambr_dl_bps =
		(uint64_t)
			t->pdu_session_aggregate_maximum_bit_rate->pdu_session_aggregate_maximum_bit_rate_dl;
	s->ambr_ul_bps =
		(uint64_t)
			t->pdu_session_aggregate_maximum_bit_rate->pdu_session_aggregate_maximum_bit_rate_ul;
}

struct gnb_session *gnb_session_make(struct gnb *gnb, struct gnb_ue *ue, uint8_t psi,
	const struct ngap_s_nssai *slice, struct bytes transfer, uint64_t *flows, uint8_t *cause)
{
	struct ngap_pdu_session_resource_setup_request_transfer t;
	struct gnb_protection protection;
	struct gnb_session *s;
	struct addr upf;
	uint32_t teid;

	if (psi == 0 || psi > PDU_SESSIONS_MAX) {
		*cause = NGAP_CAUSE_RADIO_NETWORK_UNKNOWN_PDU_SESSION_ID;
		return NULL;
	}
	if (ue->sessions[psi]) {
		*cause = NGAP_CAUSE_RADIO_NETWORK_MULTIPLE_PDU_SESSION_ID_INSTANCES;
		return NULL;
	}
	if (!transfer_read(gnb, transfer, &t, &upf, &teid, flows, &protection, cause))
		return NULL;
	s = gnb_session_new(gnb, ue, psi, &upf, teid);
	if (!s) {
		*cause = NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE;
		return NULL;
	}
	s->flows = *flows;
	s->protection = protection;
	s->snssai = ngap_snssai(slice);
	wishes_take(gnb, s, &t);
	s->flows &= ~s->refused;
	*flows = s->flows;
	if (s->flows)
		return s;
	gnb_session_free(gnb, s);
	*cause = NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE;
	return NULL;
}

static struct gnb_session *session_begin(struct gnb *gnb, struct gnb_procedure *p, struct gnb_item *item,
	const struct ngap_s_nssai *slice, struct bytes transfer)
{
	if (is_repeated(p, item->psi)) {
		item->cause = NGAP_CAUSE_RADIO_NETWORK_MULTIPLE_PDU_SESSION_ID_INSTANCES;
		return NULL;
	}
	return gnb_session_make(gnb, p->ue, item->psi, slice, transfer, &item->flows, &item->cause);
}

void gnb_session_setup(struct gnb *gnb, struct gnb_procedure *p, uint8_t psi,
	const struct ngap_s_nssai *slice, struct bytes transfer, struct bytes nas)
{
	struct gnb_item *item = &p->items[p->count++];
	struct gnb_session *s;

	*item = (struct gnb_item){
		.psi = psi, .state = ITEM_WAITING, .slice_row = gnb_slice_row(gnb, slice)
	};
	gnb_count_setup(gnb, item->slice_row);
	s = session_begin(gnb, p, item, slice, transfer);
	if (s && gnb_rrc_set_bearer(gnb, s, nas))
		return;
	item->state = ITEM_FAILED;
	if (s)
		item->cause = p->ue->radio.on_air ? NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE
						  : NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST;
}

static size_t flows_list(uint64_t flows, struct ngap_associated_qos_flow_item items[GNB_QFI_MAX + 1])
{
	size_t n = 0;

	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++)
		if (flows >> qfi & 1)
			items[n++].qos_flow_identifier = qfi;
	return n;
}

size_t gnb_refused_list(uint64_t refused, struct ngap_qos_flow_with_cause_item items[GNB_QFI_MAX + 1])
{
	size_t n = 0;

	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++)
		if (refused >> qfi & 1)
			items[n++] = (struct ngap_qos_flow_with_cause_item){ qfi,
				ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RADIO_RESOURCES_NOT_AVAILABLE) };
	return n;
}

bool gnb_session_tunnel(struct gnb *gnb, const struct gnb_session *s, uint32_t teid,
	struct ngap_associated_qos_flow_item flows[GNB_QFI_MAX + 1],
	struct ngap_qos_flow_per_tnl_information *out)
{
	out->associated_qos_flow_list =
		(struct ngap_associated_qos_flow_list){ flows_list(s->flows, flows), flows };
	return gnb_tunnel_write(gnb, &s->dl, teid, &out->up_transport_layer_information);
}

/* 9.3.4.2 */
struct bytes gnb_session_setup_transfer(struct gnb *gnb, const struct gnb_session *s)
{
	struct ngap_associated_qos_flow_item flows[GNB_QFI_MAX + 1] = { 0 };
	struct ngap_qos_flow_with_cause_item failed[GNB_QFI_MAX + 1];
	struct ngap_qos_flow_list_with_cause noes = { gnb_refused_list(s->refused, failed), failed };
	struct ngap_pdu_session_resource_setup_response_transfer t = { .qos_flow_failed_to_setup_list =
									       noes.count ? &noes : NULL };
	struct ngap_security_result result;

	t.security_result = gnb_protection_result(&s->protection, &result) ? &result : NULL;
	if (!gnb_session_tunnel(gnb, s, s->dl_teid, flows, &t.dl_qos_flow_per_tnl_information))
		return BYTES_NONE;
	return ngap_value_bytes(&ngap_pdu_session_resource_setup_response_transfer_type, &t, &gnb->arena);
}

/* 9.3.4.16 */
struct bytes gnb_session_failure_transfer(struct gnb *gnb, uint8_t cause)
{
	struct ngap_pdu_session_resource_setup_unsuccessful_transfer t = {
		.cause = ngap_cause_radio((enum ngap_cause_radio_network)cause)
	};

	return ngap_value_bytes(&ngap_pdu_session_resource_setup_unsuccessful_transfer_type, &t, &gnb->arena);
}
