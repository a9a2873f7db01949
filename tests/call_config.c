/* The configurations of the test network, its subscribers and their UEs. */
#include "base/text.h"
#include "tests/call_bed.h"

void call_configure_core(struct call_bed *b)
{
	struct core_config *c = &b->core_config;
	struct amf_config *a = &c->amfs[0];

	assert_true(plmn_parse("00101", &c->plmn));
	c->amf_count = 1;
	*a = (struct amf_config){ .guami = { c->plmn, 1, 1, 1 },
		.relative_capacity = 255,
		.t3512_s = 3240,
		.t3550_ms = 6000,
		.t3560_ms = 6000,
		.t3522_ms = 6000 };
	str_copy(a->name, sizeof(a->name), "amf.test");
	a->tac_count = 1;
	a->tacs[0] = 1;
	a->slice_count = 1;
	a->slices[0] = (struct snssai){ 1, SNSSAI_NO_SD };
	a->ciphering_count = a->integrity_count = 2;
	a->ciphering_order[0] = a->integrity_order[0] = 2;
	a->ciphering_order[1] = a->integrity_order[1] = 1;
	c->udm.plmn = c->nssf.plmn = c->pcf.plmn = c->smf.plmn = c->plmn;
	c->udm.hn_key_count = 1;
	c->udm.hn_keys[0] = (struct udm_hn_key){
		.id = 1, .scheme = SUCI_PROFILE_A, .private_key = { 0x5a, 1, 2, 3, 4, 5 }
	};
	c->nssf.slice_count = 1;
	c->nssf.slices[0].snssai = a->slices[0];
	c->smf.dnn_count = c->smf.upf_count = 1;
	str_copy(c->smf.dnns[0].dnn, DNN_STR_SIZE, "internet");
	c->smf.dnns[0].snssai = a->slices[0];
	assert_true(prefix_parse("10.45.0.0/16", &c->smf.dnns[0].pools[0]));
	c->smf.dnns[0].pool_count = 1;
	c->smf.dnns[0].dns_count = 1;
	c->smf.dnns[0].dns[0] = 0x08080808;
	c->smf.dnns[0].mtu = 1400;
	assert_true(addr_parse("127.0.0.1", &c->smf.n4_address));
	assert_true(addr_parse("127.0.0.8", &c->smf.upfs[0].address));
}

void call_configure_ran(struct call_bed *b)
{
	struct gnb_config *g = &b->gnb_config;
	struct suci_key *key;
	struct bytes public;

	*g = (struct gnb_config){ .gnb_id = 0x123456, .gnb_id_bits = 24, .plmn = b->core_config.plmn };
	str_copy(g->name, sizeof(g->name), "gnb.test");
	g->cell_count = g->slice_count = g->amf_count = 1;
	g->cells[0] = (struct gnb_cell){ 1, 1 };
	g->slices[0] = (struct snssai){ 1, SNSSAI_NO_SD };
	g->amfs[0] = b->node[NODE_CORE].addr;
	g->n3_address = b->node[NODE_GNB].addr;
	b->profile = (struct ue_profile){ .home = b->core_config.plmn, .slice_count = 1 };
	b->profile.slices[0] = (struct snssai){ 1, SNSSAI_NO_SD };
	b->profile.suci = (struct usim_suci_profile){ .scheme = SUCI_PROFILE_A, .home_network_key_id = 1 };
	key = suci_key_new(SUCI_PROFILE_A, b->core_config.udm.hn_keys[0].private_key);
	assert_non_null(key);
	public = suci_key_public(key);
	assert_true(bytes_copy(b->profile.suci.home_network_key, SUCI_PUBLIC_MAX, public));
	b->profile.suci.home_network_key_len = (uint8_t)public.len;
	suci_key_free(key);
}

static struct aka_key key_of(unsigned n)
{
	struct aka_key key = { .alg = AKA_MILENAGE, .k_len = 16 };

	bytes_copy(key.k, sizeof(key.k), BYTES(call_k));
	key.k[0] ^= (uint8_t)n;
	assert_true(aka_opc_derive(&key, BYTES(call_op)));
	return key;
}

void call_subscribe(struct call_bed *b, unsigned n)
{
	struct aka_key key = key_of(n);
	struct subscriber s = { .algorithm = AKA_MILENAGE, .amf = { 0x80, 0 }, .slice_count = 1 };

	s.ambr_uplink_bps = s.ambr_downlink_bps = 1000000000;
	snprintf(s.imsi, sizeof(s.imsi), "001010000000%03u", n);
	s.slices[0] = (struct subscriber_slice){
		.sst = 1, .sd = SNSSAI_NO_SD, .default_slice = true, .dnn_count = 1
	};
	str_copy(s.slices[0].dnns[0].dnn, DNN_STR_SIZE, "internet");
	s.slices[0].dnns[0].default_dnn = true;
	s.slices[0].dnns[0].five_qi = 9;
	s.slices[0].dnns[0].arp_priority_level = 8;
	s.slices[0].dnns[0].ambr_uplink_bps = s.slices[0].dnns[0].ambr_downlink_bps = 100000000;
	assert_true(core_subscriber_add(b->core, &s, bytes_of(key.k, 16), bytes_of(key.opc, 16), 32));
}

void call_subscriber_line(unsigned n, struct writer *w)
{
	struct aka_key key = key_of(n);

	text_put(w, "subscriber add\nimsi=001010000000%03u k=", n);
	text_hex(w, bytes_of(key.k, 16));
	text_put(w, " opc=");
	text_hex(w, bytes_of(key.opc, 16));
	text_put(w, "\n");
}

struct ue *call_ue(struct call_bed *b, unsigned n)
{
	struct ue_config c = { .profile = &b->profile,
		.key = key_of(n),
		.imeisv = "4370816125816151",
		.gnb = b->node[NODE_GNB].addr };
	struct ue *ue;

	snprintf(c.supi.imsi, sizeof(c.supi.imsi), "001010000000%03u", n);
	ue = ue_new(b->ues, &c);
	assert_non_null(ue);
	return ue;
}
