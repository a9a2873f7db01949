/* The script's nouns: network, subscribers, gNBs, UEs and crowds with their configurations. */
#include "base/text.h"
#include "core/subscriber_ip.h"
#include "crypto/aka_function.h"
#include "tests/scenario/scenario.h"

#include <stdlib.h>

/* The plan of addresses. */
enum {
	N2_PORT = 38412,
	N4_PORT = 8805,
	N3_PORT = 2152,
	AIR_PORT = 4997,
	XN_PORT = 38422,
	CORE_IP = 0x0a000001,
	AMFS_IP = 0x0a000010, /* less one: N2 of the second and further AMFs */
	UPF_IP = 0x0a000002,
	GNBS_IP = 0x0a000100,
	AIR_IP = 0x0a000300,
	CROWD_IP = 0x0a000401,
	POOLS_IP = 0x0a2d0000,
	FRAMED_IP = 0xc0a80000,
	FAR_END_IP = 0x0a630001,
	FAR_END_PORT = 7000,
	CROWD_FIRST = 100000, /* its first subscriber */
	MAC_MHZ = 10,         /* of the carrier where the script has no word of it */
};

/* 2001:db8:45::/48 and on, 2001:db8:ff::53 */
#define POOLS_IP6   (UINT64_C(0x20010db80045) << 16)
#define SERVER_IP6  ((struct ip){ UINT64_C(0x20010db800ff) << 16, 0x53 })
#define FAR_END_IP6 ((struct ip){ UINT64_C(0x20010db80099) << 16, 9 })

static const uint8_t key_k[32] = { 0x46, 0x5b, 0x5c, 0xe8, 0xb1, 0x99, 0xb4, 0x9f, 0xaa, 0x5f, 0x0a, 0x2e,
	0xe2, 0x38, 0xa6, 0xbc, 0x10, 0x21, 0x32, 0x43, 0x54, 0x65, 0x76, 0x87, 0x98, 0xa9, 0xba, 0xcb, 0xdc,
	0xed, 0xfe, 0x0f };
static const uint8_t key_op[32] = { 0xcd, 0xc2, 0x02, 0xd5, 0x12, 0x3e, 0x20, 0xf6, 0x2b, 0x6d, 0x67, 0x6a,
	0xc7, 0x2c, 0xb3, 0x18, 0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee, 0xff, 0x00, 0x11, 0x22, 0x33,
	0x44, 0x55, 0x66 };

static const char *option_or(const struct scn_args *a, const char *name, const char *otherwise)
{
	const char *v = scn_option(a, name);

	return v ? v : otherwise;
}

static uint64_t number_or(const struct scn_args *a, const char *name, uint64_t otherwise)
{
	const char *v = scn_option(a, name);
	uint64_t n = otherwise;

	if (v && !scn_number(v, &n))
		n = otherwise;
	return n;
}

static uint64_t duration_or(const struct scn_args *a, const char *name, uint64_t otherwise)
{
	const char *v = scn_option(a, name);
	uint64_t n = otherwise;

	if (v && !scn_duration(v, &n))
		n = otherwise;
	return n;
}

/* The next item of a list with commas; false at its end. */
static bool list_next(const char **list, char item[DNN_STR_SIZE])
{
	size_t len = strcspn(*list, ",");

	if (!len || len >= DNN_STR_SIZE)
		return false;
	memcpy(item, *list, len);
	item[len] = '\0';
	*list += len;
	*list += **list == ',';
	return true;
}

static uint8_t slices_of(const char *list, struct snssai out[SNSSAI_MAX])
{
	uint8_t count = 0;
	char item[DNN_STR_SIZE];

	while (count < SNSSAI_MAX && list_next(&list, item) && snssai_parse(item, &out[count]))
		count++;
	return count;
}

static uint8_t tacs_of(const char *list, uint32_t out[16])
{
	uint8_t count = 0;
	uint64_t n;
	char item[DNN_STR_SIZE];

	while (count < 16 && list_next(&list, item) && scn_number(item, &n))
		out[count++] = (uint32_t)n;
	return count;
}

/* A cell for each tracking area. */
static uint8_t cells_of(const char *text, struct gnb_cell cells[GNB_CELLS_MAX])
{
	uint32_t tacs[16];
	uint8_t n = tacs_of(text, tacs);

	n = n > GNB_CELLS_MAX ? GNB_CELLS_MAX : n;
	for (uint8_t i = 0; i < n; i++)
		cells[i] = (struct gnb_cell){ (uint16_t)(i + 1), tacs[i], 0 };
	return n;
}

struct supi scn_supi(const struct scn *s, uint64_t subscriber)
{
	char plmn[PLMN_STR_SIZE];
	struct supi supi;
	int digits = 15 - (int)strlen(plmn_str(&s->core_config.plmn, plmn));

	snprintf(supi.imsi, sizeof(supi.imsi), "%s%0*llu", plmn, digits,
		(unsigned long long)subscriber % 1000000000u);
	return supi;
}

/* Each subscriber has a K of its own. */
static struct aka_key key_of(uint64_t subscriber, const char *algorithm)
{
	struct aka_key key = { 0 };
	const struct aka_function *f;

	if (!aka_alg_named(algorithm ? algorithm : "milenage", &key.alg))
		abort(); /* as below */
	f = aka_function(key.alg);
	key.k_len = f->k_lens[1] ? f->k_lens[1] : f->k_lens[0];

	bytes_copy(key.k, sizeof(key.k), bytes_of(key_k, key.k_len));
	key.k[0] ^= (uint8_t)subscriber;
	key.k[1] ^= (uint8_t)(subscriber >> 8);
	if (!aka_opc_derive(&key, bytes_of(key_op, f->opc_len)))
		abort(); /* no scenario goes on without keys */
	return key;
}

/* One of them, of an AMF Set of its own. */
static void amf_configure(struct scn *s, const struct scn_args *a, uint8_t number)
{
	struct amf_config *c = &s->core_config.amfs[number];

	*c = (struct amf_config){ .guami = { s->core_config.plmn, 1, (uint16_t)(number + 1), 1 },
		.relative_capacity = 255 };
	snprintf(c->name, sizeof(c->name), "amf-%u", number + 1u);
	s->n2[number] = addr_from_v4(number == 0 ? (uint32_t)CORE_IP : (uint32_t)AMFS_IP + number, N2_PORT);
	c->tac_count = tacs_of(option_or(a, "tacs", "1"), c->tacs);
	c->slice_count = slices_of(option_or(a, "slices", "1-010203"), c->slices);
	if (scn_option(a, "emergency")) {
		const char *who = scn_option(a, "emergency");

		c->emergency = !strcmp(who, "valid") ? AMF_EMERGENCY_VALID
			       : !strcmp(who, "all") ? AMF_EMERGENCY_ALL
						     : AMF_EMERGENCY_AUTHENTICATED;
		str_copy(c->emergency_dnn, sizeof(c->emergency_dnn), "sos");
		c->emergency_number_count = 2;
		str_copy(c->emergency_numbers[0].digits, sizeof(c->emergency_numbers[0].digits), "112");
		str_copy(c->emergency_numbers[1].digits, sizeof(c->emergency_numbers[1].digits), "9110");
	}
	if (scn_option(a, "ladn")) {
		str_copy(c->ladns[0].dnn, sizeof(c->ladns[0].dnn), scn_option(a, "ladn"));
		c->ladns[0].tac_count = tacs_of(option_or(a, "ladn-tacs", "1"), c->ladns[0].tacs);
		c->ladn_count = 1;
	}
	c->t3512_s = (uint32_t)(duration_or(a, "t3512", 3240000) / 1000);
	c->t3550_ms = c->t3560_ms = c->t3522_ms = 6000;
	c->ciphering_count = c->integrity_count = 3;
	for (uint8_t i = 0; i < 3; i++) {
		c->ciphering_order[i] = (uint8_t)((number_or(a, "ciphering", 2) + i) % NEA_ALG_COUNT);
		c->integrity_order[i] = (uint8_t)(1 + (number_or(a, "integrity", 2) + 2 + i) % 3);
	}
}

/* "v4", "v6" or "v4v6": a /16, a /48 or both. */
static void pools_configure(struct smf_dnn *d, uint8_t i, const char *families)
{
	if (strstr(families, "v4"))
		d->pools[d->pool_count++] = (struct prefix){ ip_from_v4(POOLS_IP + ((uint32_t)i << 16)), 16 };
	if (!strstr(families, "v6"))
		return;
	d->pools[d->pool_count++] = (struct prefix){ { POOLS_IP6 + ((uint64_t)i << 16), 0 }, 48 };
	d->dns6[d->dns6_count++] = SERVER_IP6;
}

/* "v4", "v6": where unstructured sessions lead to. */
static void far_end_configure(struct smf_dnn *d, const char *family)
{
	if (family)
		d->far_end =
			ip_to_addr(strcmp(family, "v6") ? ip_from_v4(FAR_END_IP) : FAR_END_IP6, FAR_END_PORT);
}

/* "integrity,ciphering" */
static void protection_configure(struct smf_dnn *d, const char *text)
{
	static const char *const words[] = { "open", "required", "preferred", "not-needed" };
	char item[DNN_STR_SIZE];

	for (uint8_t *to = &d->integrity; list_next(&text, item); to = &d->ciphering)
		for (uint8_t i = 0; i < ARRAY_LEN(words); i++)
			*to = strcmp(item, words[i]) ? *to : i;
}

static void smf_configure(struct scn *s, const struct scn_args *a)
{
	struct smf_config *c = &s->core_config.smf;
	const char *list = option_or(a, "dnns", "internet");
	char item[DNN_STR_SIZE];

	*c = (struct smf_config){ .plmn = s->core_config.plmn, .upf_count = 1 };
	c->backoff_s = (uint32_t)number_or(a, "backoff", 0);
	c->n4_address = addr_from_v4(CORE_IP, N4_PORT);
	c->upfs[0].address = addr_from_v4(UPF_IP, N4_PORT);
	c->upfs[0].smf_buffers = scn_option(a, "smf-buffers") != NULL;
	str_copy(c->upfs[0].name, SMF_UPF_NAME_SIZE, SCN_UPF_NAME);
	while (list_next(&list, item))
		for (uint8_t i = 0; i < s->core_config.amfs[0].slice_count && c->dnn_count < SMF_DNNS_MAX;
			i++) {
			struct smf_dnn *d = &c->dnns[c->dnn_count];

			str_copy(d->dnn, sizeof(d->dnn), item);
			d->snssai = s->core_config.amfs[0].slices[i];
			d->emergency = !strcmp(item, "sos");
			d->emergency_five_qi = 5;
			d->emergency_arp = 1;
			d->ladn = !strcmp(option_or(a, "ladn", ""), item);
			pools_configure(d, c->dnn_count++, option_or(a, "pools", "v4"));
			d->always_on = scn_option(a, "always-on") ? SMF_ALWAYS_ON_ASKED : SMF_ALWAYS_ON_NO;
			protection_configure(d, option_or(a, "protection", "open,open"));
			d->ethernet = scn_option(a, "ethernet") != NULL;
			d->delegated_bits = (uint8_t)number_or(a, "prefix-delegation", 0);
			far_end_configure(d, scn_option(a, "far-end"));
			d->framed_count = scn_option(a, "framed") != NULL;
			d->guaranteed = (struct ambr){ number_or(a, "gbr", 0), number_or(a, "gbr", 0) };
			d->sessions_max = (uint32_t)number_or(a, "sessions-max", 0);
			d->framed[0] = (struct prefix){ ip_from_v4(FRAMED_IP), 16 };
			d->dns_count = 1;
			d->dns[0] = 0x08080808;
			d->mtu = 1400;
		}
}

bool scn_network(struct scn *s, const struct scn_args *a)
{
	struct core_config *c = &s->core_config;

	if (!scn_options_known(s, a,
		    "plmn tacs slices dnns t3512 ciphering integrity null-scheme no-upf amfs pools ladn "
		    "ladn-tacs emergency ethernet framed always-on gbr sessions-max backoff far-end "
		    "prefix-delegation protection smf-buffers smf-teids"))
		return false;
	*c = (struct core_config){ .plmn = { { 0 } }, .trace_ring_mib = 1 };
	if (!plmn_parse(option_or(a, "plmn", "00101"), &c->plmn))
		return scn_fail(s, "no PLMN");
	if (number_or(a, "amfs", 1) < 1 || number_or(a, "amfs", 1) > CORE_AMFS_MAX)
		return scn_fail(s, "from 1 to %d AMFs", CORE_AMFS_MAX);
	while (c->amf_count < number_or(a, "amfs", 1))
		amf_configure(s, a, c->amf_count++);
	smf_configure(s, a);
	c->udm.plmn = c->nssf.plmn = c->pcf.plmn = c->plmn;
	c->pcf.sm_rule_count = 1; /* UEs may ask for flows, up to 1 Mbit/s */
	c->pcf.sm_rules[0] = (struct pcf_sm_rule){ .ue_flows = true, .max_ue_gbr = { 1000000, 1000000 } };
	c->udm.null_scheme = true;
	c->udm.hn_key_count = 2;
	c->udm.hn_keys[0] =
		(struct udm_hn_key){ .id = 1, .scheme = SUCI_PROFILE_A, .private_key = { 0x5a, 1, 2, 3 } };
	c->udm.hn_keys[1] =
		(struct udm_hn_key){ .id = 2, .scheme = SUCI_PROFILE_B, .private_key = { 0x5b, 1, 2, 3 } };
	c->nssf.slice_count = c->amfs[0].slice_count;
	for (uint8_t i = 0; i < c->amfs[0].slice_count; i++)
		c->nssf.slices[i].snssai = c->amfs[0].slices[i];
	s->upf_config = (struct upf_config){ .n4_address = addr_from_v4(UPF_IP, N4_PORT),
		.n3_address = addr_from_v4(UPF_IP, N3_PORT),
		.smf_teids = scn_option(a, "smf-teids") != NULL,
		.smf_count = 1 };
	s->upf_config.smfs[0] = c->smf.n4_address;
	if (scn_option(a, "ethernet"))
		str_copy(s->upf_config.lans[s->upf_config.lan_count++], DNN_STR_SIZE, c->smf.dnns[0].dnn);
	s->mac = s->variant.mac;
	s->samples_mhz = s->mac ? MAC_MHZ : 0;
	return scn_network_begin(s) && scn_core_start(s, false) &&
	       (scn_option(a, "no-upf") || scn_upf_start(s));
}

/* What the script has of the subscriber's slices and data networks. */
static struct subscriber subscriber_of(const struct scn_args *a, const char *imsi)
{
	struct subscriber sub = {
		.amf = { 0x80, 0 }, .ambr_uplink_bps = 1000000000, .ambr_downlink_bps = 1000000000
	};
	struct snssai slices[SNSSAI_MAX];

	str_copy(sub.imsi, sizeof(sub.imsi), imsi);
	sub.slice_count = slices_of(option_or(a, "slices", "1-010203"), slices);
	for (uint8_t i = 0; i < sub.slice_count; i++) {
		struct subscriber_slice *to = &sub.slices[i];
		const char *list = option_or(a, "dnns", "internet");
		char item[DNN_STR_SIZE];

		*to = (struct subscriber_slice){
			.sst = slices[i].sst, .sd = slices[i].sd, .default_slice = i == 0
		};
		while (to->dnn_count < DNN_PER_SLICE_MAX && list_next(&list, item)) {
			struct subscriber_dnn *d = &to->dnns[to->dnn_count++];

			str_copy(d->dnn, sizeof(d->dnn), item);
			d->default_dnn = to->dnn_count == 1;
			d->five_qi = 9;
			d->arp_priority_level = 8;
			d->ambr_uplink_bps = d->ambr_downlink_bps = 100000000;
			if (scn_option(a, "route") && prefix_parse(scn_option(a, "route"), &d->routes[0]))
				d->route_count = 1;
			if (scn_option(a, "ssc"))
				may_fail(subscriber_read_ssc(scn_option(a, "ssc"), d));
		}
	}
	return sub;
}

static bool subscriber_add(struct scn *s, struct subscriber *sub, const struct aka_key *key, uint64_t sqn)
{
	sub->algorithm = (uint8_t)key->alg;
	return core_subscriber_add(s->core, sub, bytes_of(key->k, key->k_len),
		       bytes_of(key->opc, aka_function(key->alg)->opc_len), sqn) ||
	       scn_fail(s, "the subscriber is refused");
}

bool scn_subscriber(struct scn *s, const struct scn_args *a)
{
	struct aka_key key = key_of(a->n[0], scn_option(a, "algorithm"));
	struct subscriber sub;

	if (!s->core)
		return scn_fail(s, "there is no core");
	if (!scn_options_known(
		    s, a, "algorithm authentication slices dnns sqn route ssc msisdn " SCN_MOBILITY))
		return false;
	sub = subscriber_of(a, scn_supi(s, a->n[0]).imsi);
	if (!strcmp(option_or(a, "authentication", "5g-aka"), "eap-aka-prime"))
		sub.authentication = SUBSCRIBER_EAP_AKA_PRIME;
	sub.msisdn = msisdn_key(option_or(a, "msisdn", ""));
	if (!scn_mobility_of(s, a, &sub.mobility))
		return false;
	if (!subscriber_add(s, &sub, &key, number_or(a, "sqn", 32)))
		return false;
	sim_settle(s->core_node);
	return true;
}

bool scn_gnb_amfs(struct scn *s, const struct scn_args *a, struct gnb_config *c)
{
	uint32_t numbers[16];
	uint8_t count = tacs_of(option_or(a, "amf", "1"), numbers);

	c->amf_count = 0;
	for (uint8_t i = 0; i < count; i++) {
		if (c->amf_count == GNB_AMFS_MAX || numbers[i] < 1 || numbers[i] > s->core_config.amf_count)
			return scn_fail(s, "AMFs are numbered from 1 to %u", s->core_config.amf_count);
		c->amfs[c->amf_count++] = s->n2[numbers[i] - 1];
	}
	return true;
}

bool scn_gnb(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = &s->gnbs[a->n[0] <= SCN_GNBS_MAX ? a->n[0] : 0];
	uint32_t host = (uint32_t)number_or(a, "at", a->n[0]);
	struct gnb_config *c = &g->config;
	struct addr xn_client;

	if (a->n[0] < 1 || a->n[0] > SCN_GNBS_MAX || g->node || !s->sim)
		return scn_fail(s, "gNBs are numbered 1 to %d, each once, after `network`", SCN_GNBS_MAX);
	if (!scn_options_known(s, a,
		    "id tacs plmn slices inactivity measurement lost at amf indirect no-xn gbr cell-ues"))
		return false;
	*c = (struct gnb_config){ .gnb_id = (uint32_t)number_or(a, "id", 0x100 + a->n[0]),
		.gnb_id_bits = 24 };
	snprintf(g->name, sizeof(g->name), "gnb%u", (unsigned)a->n[0]);
	str_copy(c->name, sizeof(c->name), g->name);
	c->plmn = s->core_config.plmn;
	c->null_integrity = s->core_config.amfs[0].emergency == AMF_EMERGENCY_ALL;
	if (scn_option(a, "plmn") && !plmn_parse(scn_option(a, "plmn"), &c->plmn))
		return scn_fail(s, "no PLMN");
	c->cell_count = cells_of(option_or(a, "tacs", "1"), c->cells);
	for (uint8_t i = 0; i < c->cell_count; i++)
		c->cells[i].pci = (uint16_t)(a->n[0] * GNB_CELLS_MAX + i);
	g->cell_ues = (uint16_t)number_or(a, "cell-ues", 0);
	g->indirect = scn_option(a, "indirect") != NULL;
	g->no_xn = scn_option(a, "no-xn") != NULL;
	c->slice_count = slices_of(option_or(a, "slices", "1-010203"), c->slices);
	if (!scn_gnb_amfs(s, a, c))
		return false;
	c->n3_address = addr_from_v4(GNBS_IP + host, N3_PORT);
	c->inactivity_ms = (uint32_t)duration_or(a, "inactivity", 0);
	c->measurement_interval_ms = (uint32_t)duration_or(a, "measurement", 0);
	c->gbr_max_bps = number_or(a, "gbr", 0);
	c->ue_lost_ms = (uint32_t)duration_or(a, "lost", 0);
	g->n2 = addr_from_v4(GNBS_IP + host, (uint16_t)(40000 + a->n[0]));
	g->air = addr_from_v4(AIR_IP + (uint32_t)a->n[0], AIR_PORT);
	g->xn = addr_from_v4(GNBS_IP + host, (uint16_t)(XN_PORT + a->n[0] - 1));
	xn_client = addr_from_v4(GNBS_IP + host, (uint16_t)(50000 + a->n[0]));
	g->node = sim_node_add(s->sim, g->name, false);
	if (!g->node || !sim_bind_client(g->node, GNB_PORT_N2, &g->n2) ||
		(s->samples_mhz == 0 && !sim_bind_datagram(g->node, GNB_PORT_N3, &c->n3_address)) ||
		!sim_bind_client(g->node, GNB_PORT_XN, &xn_client) ||
		!sim_bind_server(g->node, GNB_PORT_XN_SERVER, &g->xn) ||
		!sim_bind_radio(g->node, GNB_PORT_AIR, &g->air))
		return scn_fail(s, "the gNB cannot be made");
	scn_neighbours(s);
	if (s->samples_mhz > 0 && !scn_du(s, g, GNBS_IP + host))
		return false;
	return scn_gnb_start(s, g);
}

static bool suci_profile(struct scn *s, const char *name, struct usim_suci_profile *out)
{
	*out = (struct usim_suci_profile){ .scheme = SUCI_NULL, .routing_indicator = "0" };
	if (!strcmp(name, "A") || !strcmp(name, "B")) {
		uint8_t i = *name == 'B';
		struct bytes key = core_hn_public_key(s->core, i);

		out->scheme = i ? SUCI_PROFILE_B : SUCI_PROFILE_A;
		out->home_network_key_id = i + 1;
		out->home_network_key_len = (uint8_t)key.len;
		return bytes_copy(out->home_network_key, sizeof(out->home_network_key), key);
	}
	return !strcmp(name, "null") || scn_fail(s, "profiles are null, A and B");
}

uint8_t scn_session_type(const char *name)
{
	return !name || !strcmp(name, "v4")    ? NAS_PDU_IPV4
	       : !strcmp(name, "v6")           ? NAS_PDU_IPV6
	       : !strcmp(name, "ethernet")     ? NAS_PDU_ETHERNET
	       : !strcmp(name, "unstructured") ? NAS_PDU_UNSTRUCTURED
					       : NAS_PDU_IPV4V6;
}

static bool ue_profile_of(struct scn *s, const struct scn_args *a, struct ue_profile *p)
{
	const char *ea = scn_option(a, "ea");
	uint64_t n;

	*p = (struct ue_profile){ .home = s->core_config.plmn };
	p->slice_count = slices_of(option_or(a, "slices", "1-010203"), p->slices);
	str_copy(p->dnn, sizeof(p->dnn), option_or(a, "dnn", ""));
	p->session_type = scn_session_type(scn_option(a, "type"));
	p->auto_session = scn_option(a, "session") != NULL;
	p->router = scn_option(a, "router") != NULL;
	p->prefix_delegation = scn_option(a, "prefix-delegation") != NULL;
	p->ssc_mode = (uint8_t)number_or(a, "ssc", 0);
	p->always_on = scn_option(a, "always-on") != NULL;
	p->auto_register = scn_option(a, "auto") != NULL;
	scn_ue_power(a, p);
	p->keepalive_ms = (uint32_t)duration_or(a, "keepalive", 0);
	if (ea && (!text_uint(bytes_of_str(ea), NEA_ALG_COUNT - 1, &n)))
		return scn_fail(s, "ea is 0 to %d", NEA_ALG_COUNT - 1);
	if (ea) /* the UE has this one beside the mandatory ones; with 0 it lacks those */
		p->security_capability = (struct nas_ue_security_capability){ .len = 2,
			.octets = { (uint8_t)((n ? 0xe0 : 0) | 0x80 >> n), 0x70 } };
	return suci_profile(s, option_or(a, "profile", "A"), &p->suci);
}

bool scn_ue(struct scn *s, const struct scn_args *a)
{
	struct scn_ue *u = &s->ues[a->n[0] <= SCN_UES_MAX ? a->n[0] : 0];
	uint64_t subscriber = number_or(a, "subscriber", a->n[0]), gnb = number_or(a, "gnb", 1);
	struct ue_config c = { .profile = &u->profile,
		.key = key_of(subscriber, scn_option(a, "algorithm")) };
	const char *plmn = scn_option(a, "plmn");

	if (a->n[0] < 1 || a->n[0] > SCN_UES_MAX || u->ue || gnb > SCN_GNBS_MAX || !s->core)
		return scn_fail(
			s, "UEs are numbered 1 to %d, each once, and made while the core is up", SCN_UES_MAX);
	if (!scn_options_known(s, a,
		    "subscriber gnb algorithm key opc plmn slices dnn session auto keepalive profile ea "
		    "type mico active t3512 drx edrx router ssc always-on no-usim prefix-delegation") ||
		!ue_profile_of(s, a, &u->profile))
		return false;
	c.supi = scn_supi(s, subscriber);
	if (plmn) {
		memcpy(c.supi.imsi, plmn, strnlen(plmn, PLMN_STR_SIZE - 1));
		plmn_parse(plmn, &u->profile.home);
	}
	c.key.k[5] ^= scn_option(a, "key") != NULL;
	c.key.opc[5] ^= scn_option(a, "opc") != NULL;
	c.gnb = s->gnbs[gnb].air;
	snprintf(c.imeisv, sizeof(c.imeisv), "35693803%06u01", (unsigned)a->n[0]);
	u->node = s->ue_node;
	if (s->samples_mhz > 0 && !scn_ue_air(s, u, (unsigned)a->n[0], &s->gnbs[gnb]))
		return false;
	if (!scn_option(a, "no-usim") || supi_of_imei(c.imeisv, &c.supi))
		u->ue = ue_new(u->host ? u->host : s->host, &c);
	if (u->host)
		ue_host_set_event(u->host, scn_on_ue_event, s);
	sim_settle(u->node);
	return u->ue || scn_fail(s, "the UE is refused");
}

static bool crowd_subscribe(struct scn *s, const struct crowd_config *c)
{
	struct scn_args none = { .n_count = 0 };

	for (uint32_t i = 0; i < c->ue_count; i++) {
		struct subscriber sub = subscriber_of(&none, scn_supi(s, CROWD_FIRST + i).imsi);

		if (!subscriber_add(s, &sub, &c->key, 32))
			return false;
	}
	sim_settle(s->core_node);
	return true;
}

static void crowd_gnb_configure(struct scn *s, struct gnb_config *c)
{
	*c = (struct gnb_config){ .gnb_id = 0x2000,
		.gnb_id_bits = 24,
		.plmn = s->core_config.plmn,
		.cell_count = 1,
		.slice_count = 1,
		.amf_count = 1,
		.name = "crowd" };
	c->cells[0] = (struct gnb_cell){ 1, s->core_config.amfs[0].tacs[0], 0 };
	c->slices[0] = s->core_config.amfs[0].slices[0];
	c->amfs[0] = s->n2[0];
	c->n3_address = addr_from_v4(CROWD_IP, N3_PORT);
}

bool scn_crowd(struct scn *s, const struct scn_args *a)
{
	struct crowd_config c = {
		.ue_count = (uint32_t)a->n[0], .gnb_count = (uint8_t)a->n[1], .key = key_of(0, false)
	};
	bool ok = true;

	if (s->variant.crowd_size)
		c.ue_count = s->variant.crowd_size;
	if (s->crowd || !s->core || a->n[1] < 1 || a->n[1] > CROWD_GNBS_MAX)
		return scn_fail(s, "one crowd, after `network`, of 1 to %d gNBs", CROWD_GNBS_MAX);
	if (!scn_options_known(s, a, "sessions in-flight rate profile inactivity snr_db snr_most_db"))
		return false;
	if (s->samples_mhz > 0 && !scn_crowd_radio(s, a, &c))
		return false;
	c.sessions = scn_option(a, "sessions") != NULL;
	c.moves = a->n[1] > 1 && a->n[1] <= GNB_NEIGHBOURS_MAX;
	c.in_flight_max = (uint32_t)number_or(a, "in-flight", 0);
	c.per_second = (uint32_t)number_or(a, "rate", 0);
	c.first = scn_supi(s, CROWD_FIRST);
	c.profile = (struct ue_profile){ .home = s->core_config.plmn, .slice_count = 1 };
	c.profile.slices[0] = s->core_config.amfs[0].slices[0];
	if (!suci_profile(s, option_or(a, "profile", "null"), &c.profile.suci) || !crowd_subscribe(s, &c))
		return false;
	crowd_gnb_configure(s, &c.gnb);
	c.gnb.inactivity_ms = (uint32_t)duration_or(a, "inactivity", 0);
	s->crowd_node = sim_node_add(s->sim, "crowd", false);
	for (uint32_t i = 0; ok && s->crowd_node && i < a->n[1]; i++) {
		struct addr n2 = addr_from_v4(CROWD_IP + i, 40000), n3 = addr_from_v4(CROWD_IP + i, N3_PORT);

		ok = sim_bind_client(s->crowd_node, crowd_port(GNB_PORT_N2, i), &n2) &&
		     sim_bind_datagram(s->crowd_node, crowd_port(GNB_PORT_N3, i), &n3);
	}
	s->crowd = ok && s->crowd_node ? crowd_new(&c, sim_node_env(s->crowd_node)) : NULL;
	if (!s->crowd)
		return scn_fail(s, "the crowd is refused");
	sim_node_set_room(s->crowd_node, crowd_room(s->crowd));
	return true;
}
