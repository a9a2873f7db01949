/* From network.yaml to the configuration of the core's functions: what the network has, for each of them. */
#include "ops/network.h"

#include <pwd.h>

#include "base/text.h"

static void smf_dns(struct smf_dnn *to, const struct network_dnn *from)
{
	for (uint8_t i = 0; i < from->dns_count; i++) {
		if (from->dns[i].len == 4)
			to->dns[to->dns_count++] = addr_v4(&from->dns[i]);
		else
			to->dns6[to->dns6_count++] = ip_from_addr(&from->dns[i]);
	}
}

/* Which UPFs the pool leads to. */
static uint16_t pool_behind(const struct network *n, const struct prefix *p)
{
	uint16_t behind = 0;

	for (uint8_t i = 0; i < n->upf_count; i++) {
		const struct upf_config *c = &n->upfs[i].config;

		for (uint8_t k = 0; k < c->pool_count; k++)
			if (ip_v4(p->ip) == c->pools[k].ip && p->bits == c->pools[k].bits)
				behind |= (uint16_t)(1u << i);
		for (uint8_t k = 0; k < c->pool6_count; k++)
			if (prefix_equal(p, &c->pools6[k]))
				behind |= (uint16_t)(1u << i);
	}
	return behind;
}

/* Those of its own, if it has any, else those of all slices. */
static void smf_pools(const struct network *n, const struct network_dnn *from, const struct snssai *slice,
	struct smf_dnn *to)
{
	bool own = false;

	for (uint8_t i = 0; i < from->pool_count; i++)
		own = own || (from->pools[i].of_slice && snssai_equal(&from->pools[i].slice, slice));
	for (uint8_t i = 0; i < from->pool_count && to->pool_count < SMF_DNN_POOLS_MAX; i++) {
		const struct network_pool *p = &from->pools[i];

		if (p->of_slice != own || (own && !snssai_equal(&p->slice, slice)))
			continue;
		to->pools[to->pool_count] = p->prefix;
		to->behind[to->pool_count++] = pool_behind(n, &p->prefix);
	}
}

static struct smf_dnn smf_dnn_of(
	const struct network *n, const struct network_dnn *from, const struct snssai *slice)
{
	struct smf_dnn d = { .snssai = *slice,
		.always_on = from->always_on,
		.integrity = from->integrity,
		.ciphering = from->ciphering,
		.ethernet = from->ethernet[0] != '\0',
		.mtu = from->mtu,
		.guaranteed = { from->gbr_uplink_bps, from->gbr_downlink_bps },
		.ladn = from->ladn_tac_count > 0,
		.emergency = from->emergency,
		.emergency_five_qi = from->emergency_five_qi,
		.emergency_arp = from->emergency_arp,
		.delegated_bits = from->delegated_bits,
		.sessions_max = from->sessions_max,
		.address_hold_s = from->address_hold_s };

	str_copy(d.dnn, sizeof(d.dnn), from->name);
	d.far_end = from->far_end;
	d.far_end.port = from->far_end_port;
	smf_pools(n, from, slice, &d);
	for (; d.framed_count < from->framed_count; d.framed_count++)
		d.framed[d.framed_count] = from->framed[d.framed_count];
	for (; d.vlan_count < from->vlan_count; d.vlan_count++)
		d.vlans[d.vlan_count] = from->vlans[d.vlan_count];
	for (; d.p_cscf_count < from->p_cscf_count; d.p_cscf_count++)
		d.p_cscfs[d.p_cscf_count] = from->p_cscfs[d.p_cscf_count];
	smf_dns(&d, from);
	return d;
}

/* Each data network in each slice in which it has something to give. */
static void smf_config(const struct network *n, struct smf_config *s)
{
	*s = n->core.smf;
	s->plmn = n->plmn;
	for (uint8_t i = 0; i < n->upf_count; i++) {
		const struct upf_config *from = &n->upfs[i].config;
		struct smf_upf_config *to = &s->upfs[s->upf_count++];

		to->address = from->n4_address;
		to->smf_buffers = n->upfs[i].smf_buffers;
		str_copy(to->name, sizeof(to->name), n->upfs[i].name);
		for (; to->dnn_count < from->dnn_count; to->dnn_count++)
			str_copy(to->dnns[to->dnn_count], DNN_STR_SIZE, from->dnns[to->dnn_count]);
	}
	for (uint8_t i = 0; i < n->dnn_count; i++)
		for (uint8_t k = 0; k < n->slice_count; k++) {
			struct smf_dnn d = smf_dnn_of(n, &n->dnns[i], &n->slices[k]);

			if (d.pool_count || d.ethernet)
				s->dnns[s->dnn_count++] = d;
		}
}

/* The data networks that the AMF knows: of emergencies, and where those are that are not everywhere. */
static void amf_dnns(const struct network *n, struct amf_config *a)
{
	for (uint8_t i = 0; i < n->dnn_count; i++) {
		const struct network_dnn *from = &n->dnns[i];
		struct amf_ladn *to = &a->ladns[a->ladn_count];

		if (from->emergency)
			str_copy(a->emergency_dnn, sizeof(a->emergency_dnn), from->name);
		if (from->ladn_tac_count == 0)
			continue;
		str_copy(to->dnn, sizeof(to->dnn), from->name);
		for (; to->tac_count < from->ladn_tac_count; to->tac_count++)
			to->tacs[to->tac_count] = from->ladn_tacs[to->tac_count];
		a->ladn_count++;
	}
}

static void pcf_config(const struct network *n, struct pcf_config *p)
{
	p->plmn = n->plmn;
	for (uint8_t i = 0; i < n->dnn_count; i++) {
		struct pcf_sm_rule *rule = &p->sm_rules[p->sm_rule_count++];

		str_copy(rule->dnn, sizeof(rule->dnn), n->dnns[i].name);
		rule->max_session_ambr =
			(struct ambr){ n->dnns[i].max_uplink_bps, n->dnns[i].max_downlink_bps };
		rule->ue_flows = n->dnns[i].ue_flows;
		rule->max_ue_gbr =
			(struct ambr){ n->dnns[i].ue_gbr_uplink_bps, n->dnns[i].ue_gbr_downlink_bps };
		rule->max_application_gbr = (struct ambr){ n->dnns[i].application_gbr_uplink_bps,
			n->dnns[i].application_gbr_downlink_bps };
	}
	for (; p->pcc_rule_count < n->pcc_rule_count; p->pcc_rule_count++)
		p->pcc_rules[p->pcc_rule_count] = n->pcc_rules[p->pcc_rule_count];
}

void network_core_config(const struct network *n, struct core_config *out)
{
	*out = (struct core_config){ .plmn = n->plmn,
		.amf_count = n->core.amf_count,
		.udm = n->core.udm,
		.events_max = n->core.events_max,
		.trace_ring_mib = n->core.trace_ring_mib };
	for (uint8_t i = 0; i < n->core.amf_count; i++) {
		out->amfs[i] = n->core.amfs[i].config;
		amf_dnns(n, &out->amfs[i]);
	}
	smf_config(n, &out->smf);
	pcf_config(n, &out->pcf);
	out->udm.plmn = out->nssf.plmn = n->plmn;
	out->nssf.slice_count = n->slice_count;
	for (uint8_t i = 0; i < n->slice_count; i++)
		out->nssf.slices[i].snssai = n->slices[i];
}

static bool uid_of(const char *user, uint32_t *uid)
{
	const struct passwd *p;
	uint64_t number;

	if (text_uint(bytes_of_str(user), UINT32_MAX - 1, &number)) {
		*uid = (uint32_t)number;
		return true;
	}
	p = getpwnam(user);
	if (p)
		*uid = p->pw_uid;
	return p != NULL;
}

bool network_trace_users(const struct network *n, struct core_config *out, const char **unknown)
{
	for (out->trace_user_count = 0; out->trace_user_count < n->core.trace_user_count;
		out->trace_user_count++) {
		*unknown = n->core.trace_users[out->trace_user_count];
		if (!uid_of(*unknown, &out->trace_users[out->trace_user_count]))
			return false;
	}
	return true;
}
