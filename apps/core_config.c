/* From network.yaml to the configuration of the core's functions. */
#include "apps/core_config.h"

static void copy_slices(const struct network *n, struct core_config *c)
{
	c->amf.slice_count = c->nssf.slice_count = n->slice_count;
	for (uint8_t i = 0; i < n->slice_count; i++) {
		c->amf.slices[i] = n->slices[i];
		c->nssf.slices[i].snssai = n->slices[i];
	}
}

static void amf_from(const struct network *n, struct amf_config *a)
{
	const struct network_amf *from = &n->core.amf;

	str_copy(a->name, sizeof(a->name), from->name);
	a->guami = (struct guami){ n->plmn, from->region, from->set, from->pointer };
	a->relative_capacity = from->capacity;
	a->tac_count = n->tac_count;
	for (uint8_t i = 0; i < n->tac_count; i++)
		a->tacs[i] = n->tacs[i];
	a->ciphering_count = from->ciphering_count;
	a->integrity_count = from->integrity_count;
	bytes_copy(a->ciphering_order, sizeof(a->ciphering_order), BYTES(from->ciphering));
	bytes_copy(a->integrity_order, sizeof(a->integrity_order), BYTES(from->integrity));
	a->t3512_s = from->t3512_s;
	a->t3550_ms = a->t3560_ms = a->t3522_ms = 6000; /* 24.501 table 10.2.2 */
	a->gnb_prefix_count = from->gnb_count;
	for (uint8_t i = 0; i < from->gnb_count; i++)
		a->gnb_prefixes[i] = from->gnbs[i];
}

/* Each data network in each slice. */
static void smf_from(const struct network *n, struct smf_config *s)
{
	s->plmn = n->plmn;
	s->n4_address = n->core.n4_address;
	s->upf_count = 1;
	s->upfs[0].address = n->upf.n4_address;
	for (uint8_t i = 0; i < n->dnn_count; i++) {
		const struct network_dnn *from = &n->dnns[i];

		for (uint8_t k = 0; k < n->slice_count && s->dnn_count < SMF_DNNS_MAX; k++) {
			struct smf_dnn *to = &s->dnns[s->dnn_count++];

			str_copy(to->dnn, sizeof(to->dnn), from->name);
			to->snssai = n->slices[k];
			to->pool = from->pool;
			to->mtu = from->mtu;
			to->dns_count = from->dns_count;
			for (uint8_t d = 0; d < from->dns_count; d++)
				to->dns[d] = addr_v4(&from->dns[d]);
		}
	}
}

static void pcf_from(const struct network *n, struct pcf_config *p)
{
	p->plmn = n->plmn;
	for (uint8_t i = 0; i < n->dnn_count; i++) {
		struct pcf_sm_rule *rule = &p->sm_rules[p->sm_rule_count++];

		str_copy(rule->dnn, sizeof(rule->dnn), n->dnns[i].name);
		rule->max_session_ambr =
			(struct ambr){ n->dnns[i].max_uplink_bps, n->dnns[i].max_downlink_bps };
	}
}

void core_config_from(const struct network *n, struct core_config *c)
{
	*c = (struct core_config){ .plmn = n->plmn };
	amf_from(n, &c->amf);
	smf_from(n, &c->smf);
	pcf_from(n, &c->pcf);
	c->nssf.plmn = n->plmn;
	copy_slices(n, c);
	c->udm.plmn = n->plmn;
	c->udm.null_scheme = n->core.null_scheme;
	c->udm.hn_key_count = n->core.hn_key_count;
	for (uint8_t i = 0; i < n->core.hn_key_count; i++) {
		const struct network_hn_key *k = &n->core.home_network_keys[i];

		c->udm.hn_keys[i] =
			(struct udm_hn_key){ .id = k->id, .scheme = (enum suci_scheme)k->profile };
		bytes_copy(c->udm.hn_keys[i].private_key, SUCI_PRIVATE_LEN, BYTES(k->private_key));
	}
}
