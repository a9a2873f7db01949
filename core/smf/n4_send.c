/* The PFCP session of each PDU session: requests (29.244 clauses 6.3 and 7.5). */
#include "core/smf/teid.h"

/* 29.244 8.2.136: restoration indication. */
enum { PFCP_SEREQ_RESTI = 1 << 0 };

static bool n4_send(struct smf *smf, struct smf_session *s, struct pfcp_msg *m, bool shape)
{
	struct smf_upf *u = &smf->upfs[s->upf];
	struct pfcp_token t = {
		.context = s->seid, .generation = ++s->n4_generation, .whose = supi_key(&s->supi)
	};
	bool batch = s->n4_batch, sent;

	t.step = (batch ? N4_STEP_BATCH : 0u) | (shape ? N4_STEP_SHAPE : 0u);
	s->n4_batch = s->n4_again = false;
	sent = pfcp_request(u->peer, m, t);
	u->restoring += batch && sent;
	return sent;
}

/* The network instance: the DNN in labels (23.003 9.1). */
static struct bytes n4_network_instance(const struct smf_session *s, uint8_t labels[DNN_STR_SIZE + 1])
{
	size_t len = 0;

	return dnn_to_labels(s->dnn->dnn, labels, DNN_STR_SIZE + 1, &len) ? bytes_of(labels, len)
									  : BYTES_NONE;
}

static struct pfcp_f_seid n4_own_seid(const struct smf *smf, const struct smf_session *s)
{
	struct pfcp_f_seid f = { .has_ipv4 = true, .seid = s->seid };

	v4_octets(addr_v4(&smf->config.n4_address), f.ipv4);
	return f;
}

/* 29.244 8.2.28: in 50 ms. */
static uint8_t notification_delay(const struct smf_config *c)
{
	return (uint8_t)((c->notification_delay_ms + SMF_DELAY_UNIT_MS - 1) / SMF_DELAY_UNIT_MS);
}

static const struct n4_rules nothing;

/* The difference from nothing; a UPF that lost its sessions is given the F-TEID it was (23.527 4.3). */
bool smf_n4_establish(struct smf *smf, struct smf_session *s)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_ESTABLISHMENT_REQUEST, .has_seid = true };
	struct pfcp_session_establishment_request *r = &m.session_establishment_request;
	static const uint8_t pdn_types[] = { PFCP_PDN_IPV4, PFCP_PDN_IPV4, PFCP_PDN_IPV6, PFCP_PDN_IPV4V6,
		PFCP_PDN_NON_IP, PFCP_PDN_ETHERNET };
	uint8_t labels[DNN_STR_SIZE + 1];
	struct n4_rules wanted;
	const struct smf_upf *u = &smf->upfs[s->upf];
	struct n4_change c = { &nothing, &wanted, .dnn = s->dnn,
		.network_instance = n4_network_instance(s, labels), .marks = smf->config.marking_count > 0,
		.suggested_packets = u->features & PFCP_UP_UDBC ? smf->config.suggested_packets : 0,
		.notification_delay = u->features & PFCP_UP_DDND ? notification_delay(&smf->config) : 0,
		.smf_ip = ip_from_addr(smf_n4u_address(&smf->config)) };

	if (!smf_teids_take(smf, s))
		return false;
	smf_rules_of(s, &wanted);
	n4_diff(&nothing, &wanted, &c.delta);
	arena_reset(&smf->n4_arena);
	if (!n4_message_establish(&c, &smf->n4_arena, r))
		return false;
	r->node_id = smf_upf_own_node_id(smf);
	r->cp_f_seid = n4_own_seid(smf, s);
	r->has_pdn_type = true;
	r->pdn_type = pdn_types[s->type < ARRAY_LEN(pdn_types) ? s->type : NAS_PDU_IPV4];
	r->has_dnn = true;
	r->dnn = s->dnn->dnn;
	r->has_s_nssai = true;
	r->s_nssai = s->snssai;
	r->has_sereq_flags = smf_session_is_lost(smf, s);
	r->sereq_flags = (struct tlv_flags){ PFCP_SEREQ_RESTI, 1 };
	s->n4_modifying = false;
	s->n4_establishing = n4_send(smf, s, &m, false);
	if (s->n4_establishing)
		smf_rules_ask(s);
	smf->stat[SMF_STAT_N4_ESTABLISHMENTS] += s->n4_establishing;
	return s->n4_establishing;
}

/* What the UPF lost, it gets with its restoration: the step is done. */
static bool n4_modify_lost(struct smf *smf, struct smf_session *s)
{
	s->n4_again = s->n4_establishing;
	smf_session_event(smf, s, SM_EV_N4_DONE, NULL);
	return true;
}

/*
 * One at a time: nothing tells the UPF which of two modifications is the newer, and the older would be
 * repeated until it is answered (29.244 6.4). What is wanted meanwhile is the next one's difference.
 */
bool smf_n4_modify(struct smf *smf, struct smf_session *s)
{
	struct pfcp_msg m = {
		.type = PFCP_SESSION_MODIFICATION_REQUEST, .has_seid = true, .seid = s->up_seid
	};
	uint8_t labels[DNN_STR_SIZE + 1];
	struct n4_rules have, wanted;
	struct n4_change c = { &have, &wanted, .dnn = s->dnn,
		.network_instance = n4_network_instance(s, labels), .marks = smf->config.marking_count > 0,
		.smf_ip = ip_from_addr(smf_n4u_address(&smf->config)) };

	if (smf_session_is_lost(smf, s))
		return n4_modify_lost(smf, s);
	s->n4_again = true;
	if (s->n4_modifying)
		return true;
	if (!smf_teids_take(smf, s))
		return false;
	smf_rules_confirmed(s, &have);
	smf_rules_of(s, &wanted);
	c.end_marker = smf_rules_end_marker(s);
	n4_diff(&have, &wanted, &c.delta);
	if (n4_delta_is_empty(&c.delta)) {
		s->n4_again = s->n4_batch = false;
		smf_session_event(smf, s, SM_EV_N4_DONE, NULL);
		return true;
	}
	arena_reset(&smf->n4_arena);
	if (!n4_message_modify(&c, &smf->n4_arena, &m.session_modification_request))
		return false;
	s->n4_modifying = n4_send(smf, s, &m, n4_delta_is_shape(&c.delta));
	if (s->n4_modifying)
		smf_rules_ask(s);
	return s->n4_modifying;
}

bool smf_n4_delete(struct smf *smf, struct smf_session *s)
{
	struct pfcp_msg m = { .type = PFCP_SESSION_DELETION_REQUEST, .has_seid = true, .seid = s->up_seid };

	return n4_send(smf, s, &m, false);
}
