/* Packet detection rules, 29.244 7.5.2.2. */
#include "core/upf/internal.h"
#include "core/upf/route.h"

enum { TEID_TRIES = 64 };

static struct upf_draft_pdr *draft_pdr_find(struct upf_draft *d, uint16_t id)
{
	for (uint8_t i = 0; i < d->pdr_count; i++)
		if (d->pdrs[i].rule.id == id)
			return &d->pdrs[i];
	return NULL;
}

static bool teid_drafted(const struct upf_draft *d, uint32_t teid)
{
	for (uint8_t i = 0; i < d->pdr_count; i++)
		if (d->pdrs[i].rule.teid == teid)
			return true;
	for (uint8_t i = 0; i < d->chosen_count; i++)
		if (d->chosen[i].teid == teid)
			return true;
	return false;
}

uint8_t upf_draft_worker(const struct upf_draft *d, struct ip ue_ip, struct ip ue_ip6)
{
	uint64_t word = ip_is_none(ue_ip) ? ue_ip6.high : ue_ip.low;

	return ip_is_none(ue_ip) && ip_is_none(ue_ip6)
		       ? d->worker
		       : (uint8_t)((uint32_t)word % d->upf->data.worker_count);
}

/* The remainder by the number of workers is the owner: sockets can give packets to their worker by it. */
static uint32_t teid_of_worker(const struct upf_draft *d, const struct upf_draft_pdr *p, uint32_t random)
{
	uint8_t worker = d->session ? d->worker : upf_draft_worker(d, p->ue_ip, p->ue_ip6);
	uint64_t teid = (uint64_t)random - random % d->upf->data.worker_count + worker;

	return teid <= UINT32_MAX ? (uint32_t)teid : worker;
}

/* A TEID that nobody can guess (random), used by none. */
static bool teid_choose(
	struct upf_draft *d, const struct upf_draft_pdr *p, const struct pfcp_f_teid *f, uint32_t *teid)
{
	for (uint8_t i = 0; f->has_choose_id && i < d->chosen_count; i++) {
		if (d->chosen[i].id == f->choose_id) {
			*teid = d->chosen[i].teid;
			return true;
		}
	}
	*teid = 0;
	for (int i = 0; i < TEID_TRIES && *teid == 0; i++) {
		*teid = teid_of_worker(d, p, env_random_u32(d->upf->env));
		if (upf_table_find(&d->upf->data.by_teid, upf_key_teid(*teid)) || teid_drafted(d, *teid))
			*teid = 0;
	}
	if (*teid == 0)
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	if (f->has_choose_id && d->chosen_count < UPF_PDRS_MAX)
		d->chosen[d->chosen_count++] = (struct upf_chosen){ f->choose_id, *teid };
	return true;
}

uint8_t upf_teid_range_bits(const struct upf *upf)
{
	uint8_t bits = 0;

	while (1u << bits < upf->config.smf_count)
		bits++;
	return bits;
}

static bool teid_is_of(const struct upf *upf, const struct upf_smf *smf, uint32_t teid)
{
	uint8_t bits = upf_teid_range_bits(upf);

	return (uint64_t)teid >> (32 - bits) == (uint64_t)(smf - upf->smfs);
}

/* An F-TEID of the SMF's choice: one it was given before (23.527 4.3), or without FTUP a new one of its own.
 */
static bool teid_take(struct upf_draft *d, const struct pfcp_f_teid *f, uint32_t *teid)
{
	struct upf_session *owner = upf_table_find(&d->upf->data.by_teid, upf_key_teid(f->teid));

	if (addr_v4(&d->upf->config.n3_address) != gtpu_be32(f->ipv4) || f->teid == 0)
		return upf_refuse(d, PFCP_CAUSE_INVALID_F_TEID_ALLOCATION, UPF_IE_F_TEID);
	if (owner && !d->session && owner->smf == d->smf && (!d->replaces || d->replaces == owner))
		d->replaces = owner;
	else if (owner && owner != d->session)
		return upf_refuse(d,
			d->restoring ? UPF_CAUSE_RESTORATION_FAILURE : PFCP_CAUSE_INVALID_F_TEID_ALLOCATION,
			UPF_IE_F_TEID);
	if (!owner && d->upf->config.smf_teids && !d->restoring && !teid_is_of(d->upf, d->smf, f->teid))
		return upf_refuse(d, PFCP_CAUSE_INVALID_F_TEID_ALLOCATION, UPF_IE_F_TEID);
	*teid = f->teid;
	return true;
}

static bool pdi_f_teid(struct upf_draft *d, struct upf_draft_pdr *p, const struct pfcp_pdi *pdi)
{
	const struct pfcp_f_teid *f = &pdi->local_f_teid;

	if (!upf_pdr_is_uplink(&p->rule))
		return !pdi->has_local_f_teid || upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	if (!pdi->has_local_f_teid)
		return upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_F_TEID);
	if (!f->has_ipv4 || (f->choose && d->upf->config.smf_teids))
		return upf_refuse(d, PFCP_CAUSE_INVALID_F_TEID_ALLOCATION, UPF_IE_F_TEID);
	p->chosen = f->choose;
	return f->choose ? teid_choose(d, p, f, &p->rule.teid) : teid_take(d, f, &p->rule.teid);
}

static bool ue_ip_allowed(const struct upf_config *c, struct ip ip)
{
	for (uint8_t i = 0; i < c->pool_count; i++)
		if (prefix4_has(&c->pools[i], ip_v4(ip)))
			return true;
	for (uint8_t i = 0; i < c->pool6_count; i++)
		if (prefix_has(&c->pools6[i], ip))
			return true;
	return (ip_family(ip) == IP_FAMILY_V6 ? c->pool6_count : c->pool_count) == 0 && !ip_is_none(ip);
}

enum { UE_PREFIX_BITS = 64, UE_PREFIX_BITS_MIN = 48 };

/* The UE's addresses (29.244 8.2.62): of IPv6 the first 64 bits, which is also what no length means. An
 * unstructured session has the rest of its address too. */
static bool pdi_addresses(
	const struct upf_draft *d, struct upf_draft_pdr *p, const struct pfcp_ue_ip_address *a)
{
	const struct upf_config *c = &d->upf->config;

	if (a->has_ipv4)
		p->ue_ip = ip_from_v4(gtpu_be32(a->ipv4));
	if (a->has_ipv6)
		p->ue_ip6 = ip_from_v6(a->ipv6);
	if (!d->unstructured)
		p->ue_ip6.low = 0;
	return (a->has_ipv4 || a->has_ipv6) && !a->choose_ipv4 && !a->choose_ipv6 &&
	       (!a->has_ipv4 || ue_ip_allowed(c, p->ue_ip)) &&
	       (!a->has_ipv6 || ue_ip_allowed(c, p->ue_ip6)) &&
	       (!a->has_prefix_length ||
		       (a->prefix_length >= UE_PREFIX_BITS_MIN && a->prefix_length <= UE_PREFIX_BITS)) &&
	       (!a->has_prefix_delegation_bits ||
		       (!a->has_prefix_length &&
			       a->prefix_delegation_bits <= UE_PREFIX_BITS - UE_PREFIX_BITS_MIN));
}

static bool pdi_ue_ip(struct upf_draft *d, struct upf_draft_pdr *p, const struct pfcp_pdi *pdi)
{
	const struct pfcp_ue_ip_address *a = &pdi->ue_ip_address;

	p->ue_ip = p->ue_ip6 = IP_NONE;
	if (!pdi->has_ue_ip_address)
		return upf_pdr_is_uplink(&p->rule) || d->ethernet ||
		       upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_UE_IP_ADDRESS);
	if (d->ethernet) /* it has none, 23.501 5.6.10.2 */
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	if (!pdi_addresses(d, p, a) || a->is_destination == upf_pdr_is_uplink(&p->rule))
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	return true;
}

/* The LAN of that name; all PDRs of a session are of one. */
static bool pdi_lan(struct upf_draft *d, const struct upf_draft_pdr *p, const char *name)
{
	uint8_t lan = 0;

	while (lan < d->upf->config.lan_count && !dnn_equal(name, d->upf->config.lans[lan]))
		lan++;
	if (lan == d->upf->config.lan_count || (d->lan && d->lan != lan + 1))
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	d->lan = (uint8_t)(lan + 1);
	return true;
}

/* The network instance of N6 is a DNN, as text or in labels (29.244 8.2.4). */
static bool pdi_network_instance(
	struct upf_draft *d, const struct upf_draft_pdr *p, const struct pfcp_pdi *pdi)
{
	char text[DNN_STR_SIZE] = "";
	struct bytes instance = pdi->network_instance;

	if (upf_pdr_is_uplink(&p->rule) ||
		(!d->ethernet && (!pdi->has_network_instance || d->upf->config.dnn_count == 0)))
		return true;
	if (!dnn_from_labels(instance, text) && !bytes_copy(text, sizeof(text) - 1, instance))
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	if (d->ethernet)
		return pdi_lan(d, p, text);
	for (uint8_t i = 0; i < d->upf->config.dnn_count; i++)
		if (dnn_equal(text, d->upf->config.dnns[i]))
			return true;
	return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
}

static bool pdi_filters(struct upf_draft *d, struct upf_draft_pdr *p, const struct pfcp_pdi *pdi)
{
	if (pdi->sdf_filter_count > ARRAY_LEN(p->filters))
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	p->rule.filter_count = (uint8_t)pdi->sdf_filter_count;
	for (size_t i = 0; i < pdi->sdf_filter_count; i++)
		if (!upf_filter_read(&pdi->sdf_filter[i], &p->filters[i]))
			return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	p->rule.qfis = 0;
	for (size_t i = 0; i < pdi->qfi_count; i++)
		p->rule.qfis |= UINT64_C(1) << (pdi->qfi[i] & 63);
	return true;
}

/* What could not be matched would match too much: it is refused. */
static bool pdi_supported(struct upf_draft *d, const struct upf_draft_pdr *p, const struct pfcp_pdi *pdi)
{
	if (pdi->wrong.type == UPF_IE_F_TEID)
		return upf_refuse(d,
			pdi->wrong.kind == TLV_BAD_LENGTH ? PFCP_CAUSE_INVALID_LENGTH
							  : PFCP_CAUSE_MANDATORY_IE_INCORRECT,
			UPF_IE_F_TEID);
	if (pdi->wrong.type)
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	if (pdi->has_application_id)
		return upf_refuse(d, PFCP_CAUSE_UNKNOWN_APPLICATION_ID, UPF_IE_APPLICATION_ID);
	if (pdi->has_redundant_transmission_detection_parameters || pdi->has_ip_multicast_addressing_info ||
		pdi->has_dns_query_filter || pdi->has_mbs_session_identifier || pdi->has_area_session_id)
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	if (!d->ethernet && (pdi->has_ethernet_pdu_session_information || pdi->ethernet_packet_filter_count))
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	if (pdi->traffic_endpoint_id_count || pdi->has_local_ingress_tunnel)
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	if (pdi->source_interface > PFCP_INTERFACE_CP)
		return upf_refuse_rule(d, PFCP_RULE_PDR, p->rule.id);
	return true;
}

static bool pdr_pdi(struct upf_draft *d, struct upf_draft_pdr *p, const struct pfcp_pdi *pdi)
{
	p->rule.source = pdi->source_interface;
	return pdi_supported(d, p, pdi) && pdi_ue_ip(d, p, pdi) && pdi_f_teid(d, p, pdi) &&
	       pdi_network_instance(d, p, pdi) && pdi_filters(d, p, pdi) &&
	       upf_ether_filters_read(d, p, pdi) && upf_routes_read(d, p, pdi);
}

/* What comes in a tunnel on N6 leaves it here, and nothing else does. */
static bool pdr_removal(struct upf_draft *d, const struct upf_draft_pdr *p, const struct pfcp_create_pdr *c)
{
	uint8_t what = c->outer_header_removal.description;
	bool udp = c->has_outer_header_removal &&
		   what == (ip_is_none(p->ue_ip) ? PFCP_OHR_UDP_IPV6 : PFCP_OHR_UDP_IPV4);

	return udp == (d->unstructured && !upf_pdr_is_uplink(&p->rule)) ||
	       upf_refuse(d, PFCP_CAUSE_CONDITIONAL_IE_MISSING, UPF_IE_OUTER_HEADER_REMOVAL);
}

static bool pdr_qers(struct upf_draft *d, struct upf_draft_pdr *p, const uint32_t *ids, size_t count)
{
	if (count > UPF_PDR_QERS_MAX)
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	p->rule.qer_count = (uint8_t)count;
	return count == 0 || bytes_copy(p->qer_ids, sizeof(p->qer_ids), bytes_of(ids, count * sizeof(*ids)));
}

static bool pdr_urrs(struct upf_draft *d, struct upf_draft_pdr *p, const uint32_t *ids, size_t count)
{
	if (count > UPF_PDR_URRS_MAX)
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	p->rule.urr_count = (uint8_t)count;
	return count == 0 || bytes_copy(p->urr_ids, sizeof(p->urr_ids), bytes_of(ids, count * sizeof(*ids)));
}

bool upf_pdr_create(struct upf_draft *d, const struct pfcp_create_pdr *c)
{
	struct upf_draft_pdr *p = &d->pdrs[d->pdr_count];

	if (draft_pdr_find(d, c->pdr_id))
		return upf_refuse_rule(d, PFCP_RULE_PDR, c->pdr_id);
	if (d->pdr_count == UPF_PDRS_MAX)
		return upf_refuse(d, PFCP_CAUSE_NO_RESOURCES, 0);
	if (c->activate_predefined_rules_count)
		return upf_refuse(d, PFCP_CAUSE_UNKNOWN_PREDEFINED_RULE, UPF_IE_PREDEFINED_RULES);
	*p = (struct upf_draft_pdr){ .rule = { .id = c->pdr_id, .precedence = c->precedence },
		.has_far = c->has_far_id,
		.far_id = c->far_id };
	if (c->has_mar_id || c->has_activation_time || c->has_deactivation_time || c->wrong.type ||
		!pdr_pdi(d, p, &c->pdi) || !pdr_removal(d, p, c))
		return upf_refuse_rule(d, PFCP_RULE_PDR, c->pdr_id);
	d->pdr_count++;
	return pdr_qers(d, p, c->qer_id, c->qer_id_count) && pdr_urrs(d, p, c->urr_id, c->urr_id_count);
}

bool upf_pdr_update(struct upf_draft *d, const struct pfcp_update_pdr *u)
{
	struct upf_draft_pdr *p = draft_pdr_find(d, u->pdr_id);

	if (!p)
		return upf_refuse_rule(d, PFCP_RULE_PDR, u->pdr_id);
	if (u->activate_predefined_rules_count || u->deactivate_predefined_rules_count)
		return upf_refuse(d, PFCP_CAUSE_UNKNOWN_PREDEFINED_RULE, UPF_IE_PREDEFINED_RULES);
	if (u->has_activation_time || u->has_deactivation_time || u->wrong.type)
		return upf_refuse_rule(d, PFCP_RULE_PDR, u->pdr_id);
	if (u->has_precedence)
		p->rule.precedence = u->precedence;
	if (u->has_far_id)
		p->far_id = u->far_id;
	if (u->has_pdi && !pdr_pdi(d, p, &u->pdi))
		return false;
	/* 29.244 7.5.4.2: a list of identifiers replaces the former. */
	return (u->qer_id_count == 0 || pdr_qers(d, p, u->qer_id, u->qer_id_count)) &&
	       (u->urr_id_count == 0 || pdr_urrs(d, p, u->urr_id, u->urr_id_count));
}

bool upf_pdr_remove(struct upf_draft *d, uint16_t id)
{
	struct upf_draft_pdr *p = draft_pdr_find(d, id);

	if (!p)
		return upf_refuse_rule(d, PFCP_RULE_PDR, id);
	*p = d->pdrs[--d->pdr_count];
	return true;
}

size_t upf_created_pdrs(const struct upf_draft *d, struct pfcp_created_pdr *list, size_t cap)
{
	size_t count = 0;

	for (uint8_t i = 0; i < d->pdr_count && count < cap; i++) {
		const struct upf_draft_pdr *p = &d->pdrs[i];
		struct pfcp_f_teid f = { .has_ipv4 = true, .teid = p->rule.teid };

		if (!p->chosen)
			continue;
		bytes_copy(f.ipv4, sizeof(f.ipv4), bytes_of(d->upf->config.n3_address.ip, sizeof(f.ipv4)));
		list[count++] = (struct pfcp_created_pdr){
			.pdr_id = p->rule.id, .has_local_f_teid = true, .local_f_teid = f
		};
	}
	return count;
}
