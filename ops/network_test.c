/* network.yaml: defaults, lists by name, what is handed to each part, and everything that is refused. */
#include "base/test.h"

#include "crypto/aka.h"
#include "ops/network.h"
#include "ops/network_live.h"

#define MINIMAL                                                                                              \
	"plmn: \"00101\"\ntacs: [1]\nslices: [1-010203]\ndnns: [{name: internet, pool: 10.45.0.0/16}]\n"

static struct network n; /* too large for a stack */

static void load(const char *text)
{
	char error[CONFIG_ERROR_SIZE];

	if (!network_load("f", bytes_of_str(text), &n, error))
		fail_msg("%s", error);
}

static void test_minimal(void **state)
{
	static struct core_config c;

	load(MINIMAL);
	assert_int_equal(n.core.amf_count, 1);
	assert_string_equal(n.core.amfs[0].config.name, "amf-1");
	assert_int_equal(n.core.amfs[0].n2_port, 38412);
	assert_int_equal(n.core.amfs[0].config.ciphering_order[0], 2);
	assert_int_equal(n.core.amfs[0].config.t3560_ms, 6000);
	assert_int_equal(n.upf_count, 1);
	assert_string_equal(n.upfs[0].tun, "fh0");
	assert_string_equal(n.upfs[0].config.dnns[0], "internet");
	assert_int_equal(n.upfs[0].config.pools[0].ip, 0x0a2d0000);
	assert_true(addr_same_host(&n.upfs[0].config.smfs[0], &n.core.smf.n4_address));
	assert_int_equal(n.gnb_count, 0);
	assert_int_equal(n.ue_count, 0);
	assert_true(n.core.udm.null_scheme);
	network_core_config(&n, &c);
	assert_int_equal(c.smf.upf_count, 1);
	assert_int_equal(c.smf.dnn_count, 1);
	assert_int_equal(c.smf.dnns[0].snssai.sd, 0x010203);
	assert_int_equal(c.smf.dnns[0].mtu, 1400);
	assert_int_equal(c.nssf.slice_count, 1);
	assert_int_equal(c.amfs[0].tacs[0], 1);
}

/* What phones are shown (24.501 8.2.19), and where the IMS is. */
static void test_network_information(void **state)
{
	static struct core_config c;
	char text[ADDR_STR_SIZE];

	load("plmn: \"00101\"\ntacs: [1]\nslices: [1]\n"
	     "dnns: [{name: ims, pool: 10.45.0.0/16, p_cscf: [192.0.2.9, \"2001:db8::9\"],\n"
	     "  address_hold_s: 30, sessions_max: 500}]\nupfs: [{tun_queue: 2000}]\n"
	     "core: {amfs: [{ims_voice: yes, full_name: Caf\xc3\xa9, short_name: C, time_zone: \"-03:30\", "
	     "daylight_saving_h: 1}]}\n");
	network_core_config(&n, &c);
	assert_true(c.amfs[0].ims_voice && c.amfs[0].time_zone.known);
	assert_string_equal(c.amfs[0].full_name, "Caf\xc3\xa9");
	assert_string_equal(c.amfs[0].short_name, "C");
	assert_int_equal(c.amfs[0].time_zone.quarters, -14);
	assert_int_equal(c.amfs[0].daylight_saving_h, 1);
	assert_int_equal(c.smf.dnns[0].p_cscf_count, 2);
	assert_int_equal(c.smf.dnns[0].address_hold_s, 30);
	assert_int_equal(c.smf.dnns[0].sessions_max, 500);
	assert_int_equal(n.upfs[0].tun_queue, 2000);
	assert_string_equal(addr_str(&c.smf.dnns[0].p_cscfs[1], text), "2001:db8::9");
	load(MINIMAL);
	assert_false(n.core.amfs[0].config.time_zone.known || n.core.amfs[0].config.ims_voice);
}

static void test_lists_by_name(void **state)
{
	static struct core_config c;

	load("plmn: \"310410\"\ntacs: [1, 2]\nslices: [1, 2-00000a]\n"
	     "dnns: [{name: internet, pool: 10.45.0.0/16}, {name: ims, pool: 10.46.0.0/16, mtu: 1300}]\n"
	     "core: {amfs: [{name: east, set: 1, n2_address: 192.0.2.1}, {set: 2, n2_address: 192.0.2.2}]}\n"
	     "upfs:\n  - {name: a, n4_address: 192.0.2.11, n3_address: 192.0.2.21, dnns: [internet]}\n"
	     "  - {n4_address: 192.0.2.12, n3_address: 192.0.2.22, dnns: [ims], nat: yes}\n"
	     "gnbs:\n  - {n3_address: 192.0.2.31, cells: [{air_address: 192.0.2.31}]}\n"
	     "  - {name: hill, id: 77, n3_address: 192.0.2.32, amf_addresses: [192.0.2.9],\n"
	     "     cells: [{air_address: 192.0.2.32}, {id: 7, tac: 2, air_address: 192.0.2.32, air_port: "
	     "4998, band: 78, scs_khz: 30, tdd_pattern: DDSUU, tdd_downlink_symbols: 6, search_space: "
	     "common}]}\n"
	     "ues:\n"
	     "  - {imsi: \"310410000000001\", k: 000102030405060708090a0b0c0d0e0f,\n"
	     "     opc: 000102030405060708090a0b0c0d0e0f, profile: \"null\", gnb: hill, cell: 7}\n"
	     "  - {imsi: \"310410000000002\", k: 000102030405060708090a0b0c0d0e0f,\n"
	     "     opc: 000102030405060708090a0b0c0d0e0f, profile: \"null\", slices: [2-00000a], dnn: "
	     "ims}\n");
	assert_string_equal(n.core.amfs[0].config.name, "east");
	assert_string_equal(n.core.amfs[1].config.name, "amf-2");
	assert_int_equal(n.core.amfs[1].config.guami.amf_set_id, 2);
	assert_int_equal(n.upfs[0].config.dnn_count, 1);
	assert_string_equal(n.upfs[1].name, "upf-2");
	assert_string_equal(n.upfs[1].tun, "fh1");
	assert_string_equal(n.upfs[1].config.dnns[0], "ims");
	assert_true(n.upfs[1].nat && !n.upfs[0].nat);
	assert_string_equal(n.gnbs[0].config.name, "gnb-1");
	assert_int_equal(n.gnbs[0].config.gnb_id, 1);
	assert_int_equal(n.gnbs[0].config.amf_count, 2);
	assert_int_equal(addr_v4(&n.gnbs[0].config.amfs[1]), 0xc0000202);
	assert_int_equal(n.gnbs[1].config.amf_count, 1);
	assert_int_equal(n.gnbs[1].config.amfs[0].port, 38412);
	assert_int_equal(addr_v4(&n.ues[0].config.gnb), 0xc0000220);
	assert_int_equal(n.ues[0].config.gnb.port, 4998);
	assert_int_equal(n.gnbs[0].config.cell_count, 1);
	assert_int_equal(n.gnbs[0].config.cells[0].tac, 1);
	assert_int_equal(n.gnbs[1].config.cells[1].id, 7);
	assert_int_equal(n.gnbs[1].config.cells[1].tac, 2);
	assert_int_equal(n.gnbs[1].cells[0].radio.mu, 0);
	assert_string_equal(n.gnbs[1].cells[0].radio.tdd_pattern, "DDDSU");
	assert_int_equal(n.gnbs[1].cells[1].radio.mu, 1);
	assert_string_equal(n.gnbs[1].cells[1].radio.tdd_pattern, "DDSUU");
	assert_int_equal(n.gnbs[1].cells[1].radio.tdd_downlink_symbols, 6);
	assert_int_equal(n.gnbs[1].cells[1].radio.space, SERVED_CELL_SPACE_COMMON);
	assert_int_equal(addr_v4(&n.ues[1].config.gnb), 0xc000021f);
	assert_string_equal(n.ues[1].tun, "ue1");
	assert_int_equal(n.ues[0].profile.slices[0].sst, 1);
	assert_int_equal(n.ues[1].profile.slices[0].sd, 10);
	network_core_config(&n, &c);
	assert_int_equal(c.amf_count, 2);
	assert_string_equal(c.amfs[0].name, "east");
	assert_string_equal(c.amfs[1].name, "amf-2");
	assert_int_equal(c.amfs[1].guami.amf_set_id, 2);
	assert_int_equal(c.amfs[1].tacs[1], 2);
	assert_int_equal(c.smf.dnn_count, 4);
	assert_int_equal(c.smf.upf_count, 2);
	assert_string_equal(c.smf.upfs[1].dnns[0], "ims");
}

#define TWO_POOLS                                                                                            \
	"plmn: \"00101\"\ntacs: [1]\nslices: [1]\n"                                                          \
	"dnns: [{name: internet, pool: [10.45.0.0/17, 10.45.128.0/17]}]\n"

/* A data network behind two UPFs, one of which has another data network beside it; pools of a slice. */
static void test_pools(void **state)
{
	static struct core_config c;

	load("plmn: \"00101\"\ntacs: [1]\nslices: [1, 2-00000a, 3]\n"
	     "dnns:\n  - {name: internet, pool: [10.45.0.0/17, 10.45.128.0/17, 2001:db8::/48, "
	     "2-00000a=10.47.0.0/16]}\n"
	     "  - {name: ims, pool: [1=10.46.0.0/16, 3=10.48.0.0/16]}\n"
	     "upfs:\n  - {name: a, pools: [10.45.0.0/17, \"2001:db8::/48\", 10.48.0.0/16]}\n"
	     "  - {n4_address: 127.0.0.9, n3_address: 127.0.0.9, dnns: [internet], pools: [10.45.128.0/17, "
	     "10.47.0.0/16]}\n"
	     "  - {n4_address: 127.0.0.10, n3_address: 127.0.0.10, pools: [10.46.0.0/16]}\n");
	assert_int_equal(n.upfs[0].config.dnn_count, 2);
	assert_int_equal(n.upfs[0].config.pool_count, 2);
	assert_int_equal(n.upfs[0].config.pool6_count, 1);
	assert_int_equal(n.upfs[1].config.dnn_count, 1);
	assert_int_equal(n.upfs[1].config.pools[1].ip, 0x0a2f0000);
	assert_int_equal(n.upfs[2].config.dnn_count, 1);
	assert_string_equal(n.upfs[2].config.dnns[0], "ims");
	network_core_config(&n, &c);
	assert_string_equal(c.smf.upfs[0].name, "a");
	assert_string_equal(c.smf.upfs[1].name, "upf-2");
	assert_int_equal(c.smf.dnn_count, 5); /* ims is not in the second slice */
	assert_int_equal(c.smf.dnns[0].pool_count, 3);
	assert_int_equal(c.smf.dnns[0].behind[0], 1);
	assert_int_equal(c.smf.dnns[0].behind[1], 2);
	assert_int_equal(c.smf.dnns[0].behind[2], 1);
	assert_int_equal(c.smf.dnns[1].snssai.sst, 2);
	assert_int_equal(c.smf.dnns[1].pool_count, 1);
	assert_int_equal(ip_v4(c.smf.dnns[1].pools[0].ip), 0x0a2f0000);
	assert_int_equal(c.smf.dnns[2].pool_count, 3);
	assert_string_equal(c.smf.dnns[3].dnn, "ims");
	assert_int_equal(c.smf.dnns[3].snssai.sst, 1);
	assert_int_equal(c.smf.dnns[3].behind[0], 4);
	assert_int_equal(c.smf.dnns[4].snssai.sst, 3);
	assert_int_equal(c.smf.dnns[4].behind[0], 1);
}

#define UE                                                                                                   \
	"imsi: \"001010000000001\", k: 000102030405060708090a0b0c0d0e0f, opc: "                              \
	"000102030405060708090a0b0c0d0e0f"

#define HN_KEY                                                                                               \
	"id: 0, profile: A, private_key: "                                                                   \
	"000102030405060708090a0b0c0d0e0f000102030405060708090a0b0c0d0e0f"

static void test_home_network_key_0(void **state)
{
	load(MINIMAL "core: {home_network_keys: [{" HN_KEY "}]}\n");
	assert_int_equal(n.core.udm.hn_key_count, 1);
	assert_int_equal(n.core.udm.hn_keys[0].id, 0);
}

static const struct {
	const char *text, *error;
} cases[] = {
	{ "plmn: \"00101\"\n", "f:1: top level: expected at least one entry in tacs" },
	{ MINIMAL "core: {amf: {}}\n",
		"f:5: core: unknown key \"amf\"; known here: netns store control sync events_max "
		"trace_ring_mib trace_users metrics_address metrics_port null_scheme sqn_ind_bits "
		"sqn_time_unit_ms "
		"home_network_keys n4_address n4u_address sessions_max buffer_session_packets "
		"notification_delay_ms "
		"paging_policies dscp session_backoff_s paging_pause_ms amfs" },
	{ MINIMAL "pcc_rules:\n  - {name: voice, five_qi: 1}\n",
		"f:6: pcc_rules[1].name: filter: expected at least one" },
	{ MINIMAL "pcc_rules:\n  - name: voice\n    five_qi: 1\n    filters: [\"permit out 17 from any to "
		  "assigned\"]\n",
		"f:6: pcc_rules[1].name: gbr: expected a rate: the 5QI is of the GBR type" },
	{ MINIMAL "pcc_rules:\n  - name: web\n    five_qi: 7\n    filters: [\"permit in 6 from any to "
		  "assigned\"]\n",
		"f:8: pcc_rules[1].filters: filter: expected \"out\" after \"permit\": filters are written "
		"as "
		"packets go to the UE" },
	{ MINIMAL "core: {amfs: [{n2_port: 70000}]}\n",
		"f:5: core.amfs[1].n2_port: expected a number from 1 to 65535, got \"70000\"" },
	{ MINIMAL "core:\n  amfs:\n    - {}\n    - {n2_address: 192.0.2.1}\n",
		"f:8: core.amfs[2]: expected region, set and pointer that no other AMF has" },
	{ MINIMAL "core:\n  amfs:\n    - {}\n    - {set: 2,\n       n2_address: 127.0.0.1}\n",
		"f:9: core.amfs[2].n2_address: expected an n2_address that no other AMF has" },
	{ MINIMAL "core:\n  amfs:\n    - {n2_address: 0.0.0.0}\n    - {set: 2,\n       n2_address: "
		  "192.0.2.1}\n",
		"f:9: core.amfs[2].n2_address: expected an n2_address that no other AMF has" },
	{ MINIMAL "core:\n  amfs:\n    - {}\n    - {set: 2,\n       n2_address: \"::\"}\n",
		"f:9: core.amfs[2].n2_address: expected an n2_address that no other AMF has" },
	{ MINIMAL "core:\n  amfs:\n    - {}\n    - {set: 2, n2_port: 38413,\n       n2_transport: udp}\n",
		"f:9: core.amfs[2].n2_transport: expected the n2_transport of the other AMFs" },
	{ MINIMAL "core:\n  amfs:\n    - {}\n    - {set: 2, n2_port: 38413,\n       sctp_udp_port: 9900}\n",
		"f:9: core.amfs[2].sctp_udp_port: expected the sctp_udp_port of the other AMFs" },
	{ MINIMAL "core:\n  amfs:\n    - {}\n    - {set: 2, n2_port: 38413,\n       name: amf-1}\n",
		"f:9: core.amfs[2].name: expected a name that no other AMF has" },
	{ MINIMAL "core: {amfs: [{time_zone: \"+05:50\"}]}\n",
		"f:5: core.amfs[1].time_zone: expected hours and quarters east of Greenwich like \"+05:45\", "
		"got \"+05:50\"" },
	{ MINIMAL "core: {amfs: [{time_zone: \"+15:00\"}]}\n",
		"f:5: core.amfs[1].time_zone: expected hours and quarters east of Greenwich like \"+05:45\", "
		"got \"+15:00\"" },
	{ MINIMAL "core: {amfs: [{full_name: \"\"}]}\n", "f:5: core.amfs[1].full_name: expected 1 to 60 "
							 "characters, in UTF-8 at most 63 octets, got \"\"" },
	{ MINIMAL "core: {home_network_keys: [{id: 1, profile: A, private_key: 00}]}\n",
		"f:5: core.home_network_keys[1].private_key: expected 64 hexadecimal digits, got "
		"\"00\"" },
	{ MINIMAL "core:\n  home_network_keys:\n    - {" HN_KEY "}\n    - {" HN_KEY "}\n",
		"f:8: core.home_network_keys[2].id: expected an id that no other key has" },
	{ MINIMAL "core: {metrics_address: 127.0.0.1}\nupfs: [{\n  metrics_address: 0.0.0.0}]\n",
		"f:7: upfs[1].metrics_address: expected a metrics_address and metrics_port of its own" },
	{ MINIMAL "core: {metrics_port: 0}\n",
		"f:5: core.metrics_port: expected a number from 1 to 65535, got \"0\"" },
	{ MINIMAL "upfs: [{nat: yes,\n  forwarding: no}]\n",
		"f:6: upfs[1].forwarding: expected yes, since nat needs it" },
	{ MINIMAL "upfs: [{dnns: [ims]}]\n", "f:5: upfs[1].dnns: expected one of the names in dnns" },
	{ MINIMAL "upfs:\n  - {}\n  - {n4_address: 127.0.0.9}\n",
		"f:7: upfs[2]: expected an n3_address that no other UPF has" },
	{ MINIMAL "upfs:\n  - {}\n  - {n4_address: 127.0.0.9, n3_address: 127.0.0.9}\n",
		"f:7: upfs[2]: expected dnns that no other UPF serves, or pools of them that no other UPF "
		"has: "
		"addresses, Ethernet and framed routes lead to one UPF" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 10.0.0.0/16, far_end: "
	  "10.1.0.1}]\n",
		"f:4: dnns[1].far_end: expected far_end and far_end_port together" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 10.0.0.0/16, far_end: 10.0.0.9, "
	  "far_end_port: 7000}]\n",
		"f:4: dnns[1].far_end: expected an address of no pool" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 10.0.0.0/16, far_end: "
	  "2001:db8::1, far_end_port: 7000}]\n",
		"f:4: dnns[1].far_end: expected a pool of its family" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 10.0.0.0/16, far_end: "
	  "224.0.0.1, far_end_port: 7000}]\n",
		"f:4: dnns[1].far_end: expected an address of a host" },
	{ TWO_POOLS "upfs: [{pools: [10.45.0.0/17]}]\n",
		"f:4: dnns[1].pool: expected a UPF in upfs that has it in pools" },
	{ TWO_POOLS "upfs: [{pools: [10.45.0.0/16]}]\n",
		"f:5: upfs[1].pools: expected pools of its data networks, each once, as dnns have them" },
	{ TWO_POOLS "upfs: [{pools: [10.45.0.0/17, 10.45.0.0/17]}]\n",
		"f:5: upfs[1].pools: expected pools of its data networks, each once, as dnns have them" },
	{ TWO_POOLS "upfs:\n  - {pools: [10.45.0.0/17, 10.45.128.0/17]}\n"
		    "  - {n4_address: 127.0.0.9, n3_address: 127.0.0.9, pools: [10.45.128.0/17]}\n",
		"f:7: upfs[2]: expected dnns that no other UPF serves, or pools of them that no other UPF "
		"has: "
		"addresses, Ethernet and framed routes lead to one UPF" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 2=10.0.0.0/16}]\n",
		"f:4: dnns[1].pool: expected one of slices before the =" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 1=}]\n",
		"f:4: dnns[1].pool: expected prefixes like 10.45.0.0/16 or 2001:db8:45::/48, or of a slice "
		"like "
		"1-010203=10.46.0.0/16, got \"1=\"" },
	{ MINIMAL "upfs: [{smfs: [192.0.2.1]}]\n",
		"f:5: upfs[1].smfs: expected core.n4_address among them: nobody of this network "
		"could command it" },
	{ MINIMAL "gnbs: [{id: 4194304, id_bits: 22, n3_address: 127.0.0.3, cells: [{air_address: "
		  "127.0.0.3}]}]\n",
		"f:5: gnbs[1].id: expected a gNB ID that fits its length id_bits" },
	{ MINIMAL "gnbs:\n  - {cells: [{air_address: 127.0.0.3}]}\n",
		"f:6: gnbs[1]: expected n3_address, or f1_address of a gNB that is split" },
	{ MINIMAL "gnbs: [{n3_address: 127.0.0.3}]\n", "f:5: gnbs[1]: the key \"cells\" is missing" },
	{ MINIMAL "gnbs: [{n3_address: 127.0.0.3, cells: []}]\n",
		"f:5: gnbs[1].cells: expected at least one cell" },
	{ MINIMAL "gnbs: [{n3_address: 127.0.0.3, cells: [{air_address: 127.0.0.3, tac: 9}]}]\n",
		"f:5: gnbs[1].cells[1].tac: expected one of tacs" },
	{ MINIMAL "gnbs:\n  - {n3_address: 127.0.0.3, cells: [{air_address: 127.0.0.3}]}\n"
		  "  - {n3_address: 127.0.0.5, cells: [{air_address: 127.0.0.3}]}\n",
		"f:7: gnbs[2].cells[1].air_address: expected air_address and air_port that no other cell "
		"has" },
	{ MINIMAL "gnbs: [{n3_address: 127.0.0.3, cells: [{id: 4, air_address: 127.0.0.3},\n"
		  "  {id: 4, air_address: 127.0.0.5}]}]\n",
		"f:6: gnbs[1].cells[2].id: expected an id that no other cell of the gNB has" },
	{ MINIMAL "ues: [{" UE ", profile: \"null\"}]\n",
		"f:5: ues[1]: expected gnb_address, or a gNB in gnbs" },
	{ MINIMAL "ues: [{" UE ", profile: \"null\", gnb: hill}]\n",
		"f:5: ues[1].gnb: expected the name of one of gnbs" },
	{ MINIMAL "ues: [{" UE ", gnb_address: 127.0.0.3}]\n",
		"f:5: ues[1]: expected hn_public_key with 64 (profile A) or 66 (profile B) "
		"hexadecimal digits" },
	{ MINIMAL "ues: [{k: 0}]\n", "f:5: ues[1].k: expected hexadecimal digits, at most 64, got \"0\"" },
	{ MINIMAL "ues: [{" UE ", profile: \"null\",\n  algorithm: tuak}]\n",
		"f:5: ues[1].opc: expected a k of 32 or more and an opc of 64 hexadecimal digits with tuak" },
	{ MINIMAL "ues: [{imsi: \"001010000000001\", opc: 000102030405060708090a0b0c0d0e0f,\n  k: 00}]\n",
		"f:6: ues[1].k: expected a k of 32 and an opc of 32 hexadecimal digits with milenage" },
	{ MINIMAL "ues: [{imsi: \"001010000000001\", profile: \"null\"}]\n",
		"f:5: ues[1]: expected imsi, k and opc" },
	{ MINIMAL "ues: [{profile: \"null\"}]\n", "f:5: ues[1]: expected imsi, k and opc, or no_usim: yes" },
	{ MINIMAL "ues: [{" UE ", no_usim: yes}]\n",
		"f:5: ues[1].no_usim: expected no imsi, k and opc beside no_usim" },
	{ MINIMAL "ues: [{no_usim: yes, gnb_address: 127.0.0.3}, {no_usim: yes, gnb_address: 127.0.0.3}]\n",
		"f:5: ues[2]: expected an IMEI that no other UE without USIM has" },
	{ MINIMAL "ues: [{" UE ", algorithm: mystery}]\n",
		"f:5: ues[1].algorithm: expected " AKA_ALG_NAMES ", got \"mystery\"" },
	{ MINIMAL "ues: [{" UE ", profile: \"null\", gnb_address: 127.0.0.3},\n {" UE
		  ", profile: \"null\", gnb_address: 127.0.0.3}]\n",
		"f:6: ues[2].imsi: expected an IMSI that no other UE has" },
	{ MINIMAL "core:\n  n4_address: \"::1\"\n", "f:6: core.n4_address: expected an IPv4 address" },
	{ MINIMAL "upfs:\n  - {n4_address: 127.0.0.7,\n     n3_address: \"2001:db8::1\"}\n",
		"f:7: upfs[1].n3_address: expected an IPv4 address" },
	{ MINIMAL "upfs:\n  - {n4_address: \"::2\"}\n", "f:6: upfs[1].n4_address: expected an IPv4 address" },
	{ "plmn: \"00101\"\ntacs: [0]\nslices: [1]\n",
		"f:2: tacs: expected tracking area codes from 1 to 16777213, got \"0\"" },
	{ "plmn: \"00101\"\ntacs: [0xfffffe]\nslices: [1]\n",
		"f:2: tacs: expected tracking area codes from 1 to 16777213, got \"0xfffffe\"" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1, 1]\ndnns: [{name: a, pool: 10.0.0.0/16}]\n",
		"f:3: slices: expected a slice that is not there yet" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: \"\", pool: 10.0.0.0/16}]\n",
		"f:4: dnns[1].name: expected a DNN: labels of letters, digits and hyphens with dots "
		"between" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 10.0.0.0/16},\n"
	  "  {name: A, pool: 10.1.0.0/16}]\n",
		"f:5: dnns[2].name: expected a DNN that is not there yet" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 0.0.0.0/0}]\n",
		"f:4: dnns[1].pool: expected a prefix of 8 to 29 bits of unicast addresses, not 0/8, 127/8 "
		"or "
		"224/3" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 224.1.0.0/16}]\n",
		"f:4: dnns[1].pool: expected a prefix of 8 to 29 bits of unicast addresses, not 0/8, 127/8 "
		"or "
		"224/3" },
	{ MINIMAL "core: {amfs: [{t3512_s: 1116001}]}\n",
		"f:5: core.amfs[1].t3512_s: expected a number from 0 to 1116000, got \"1116001\"" },
	{ MINIMAL "---\n" MINIMAL, "f:5: expected one document, without a second \"---\"" },
	{ "plmn: \"00101\"\ndnns:\n  [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
		"f:3: brackets or lists within lists, deeper than any key" },
	{ "plmn: \"00101\"\ntacs: [1, 1]\nslices: [1]\ndnns: [{name: a, pool: 10.0.0.0/16}]\n",
		"f:2: tacs: expected a tracking area that is not there yet" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 10.0.0.0/16},\n"
	  "  {name: b, pool: 10.0.128.0/17}]\n",
		"f:5: dnns[2].pool: expected a pool that overlaps no other" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 127.0.0.0/16}]\n",
		"f:4: dnns[1].pool: expected a prefix of 8 to 29 bits of unicast addresses, not 0/8, "
		"127/8 or 224/3" },
	{ MINIMAL "gnbs:\n  - {n3_address: 192.0.2.1, cells: [{air_address: 192.0.2.1, pci: 2}]}\n"
		  "  - {n3_address: 192.0.2.2,\n     cells: [{air_address: 192.0.2.2}]}\n",
		"f:8: gnbs[2].cells[1]: expected a pci that no other cell has" },
	{ MINIMAL "gnbs:\n  - {n3_address: 192.0.2.1, cells: [{air_address: 192.0.2.1, pci: 1008}]}\n",
		"f:6: gnbs[1].cells[1].pci: expected a number from 0 to 1007, got \"1008\"" },
	{ MINIMAL "gnbs:\n  - {n3_address: 192.0.2.1, neighbours: [gnb-1], cells: [{air_address: "
		  "192.0.2.1}]}\n",
		"f:6: gnbs[1].neighbours: expected names of other gNBs in this file" },
	{ MINIMAL "gnbs:\n  - {n3_address: 192.0.2.1, transport: udp, xn_address: 192.0.2.1,\n"
		  "     cells: [{air_address: 192.0.2.1}]}\n",
		"f:6: gnbs[1].xn_address: expected no Xn where SCTP is carried by UDP" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a..b, pool: 10.0.0.0/16}]\n",
		"f:4: dnns[1].name: expected a DNN: labels of letters, digits and hyphens with dots "
		"between" },
	{ "plmn: \"00101\"\ntacs: [1]\nslices: [1]\ndnns: [{name: a, pool: 10.0.0.0/16, dns: "
	  "[10.0.0.1, \"2001:db8::1\", 10.0.0.2, 10.0.0.3]}]\n",
		"f:4: dnns[1].dns: expected two servers of a family at most" },
};

/* From line 5 on: a gNB whose CU-CP is at 192.0.2.31, with two cells. */
#define CELL(i) "{air_address: 192.0.2." #i ", band: 3, arfcn: 368500, bandwidth_mhz: 10}"
#define SPLIT                                                                                                \
	MINIMAL "radio: {air: samples}\ngnbs: [{f1_address: 192.0.2.31, cells: [" CELL(41) ", " CELL(        \
		42) "]}]\n"
#define CUUP(i, more) "  - {n3_address: 192.0.2.1" #i ", f1u_address: 192.0.2.2" #i more "}\n"
#define DU(i, more)   "  - {f1_address: 192.0.2.5" #i more "}\n"

static const struct {
	const char *text, *error;
} split_cases[] = {
	{ MINIMAL "gnbs:\n  - {n3_address: 192.0.2.1, e1_address: 192.0.2.1,\n     cells: [{air_address: "
		  "192.0.2.1}]}\n",
		"f:6: gnbs[1].e1_address: expected f1_address beside it: the gNB is split" },
	{ MINIMAL "gnbs:\n  - {f1_address: 192.0.2.1,\n     cells: [{air_address: 192.0.2.1}]}\n",
		"f:6: gnbs[1].f1_address: expected radio: {air: samples}: what goes by messages is not "
		"split" },
	{ MINIMAL "radio: {air: samples}\ngnbs:\n  - {f1_address: 192.0.2.1, cells: [" CELL(
		  41) "],\n     n3_address: 192.0.2.1}\n",
		"f:8: gnbs[1].n3_address: expected none beside f1_address: N3 is of cuups, each with its "
		"n3_address" },
	{ MINIMAL "radio: {air: samples}\ngnbs:\n  - {transport: udp, cells: [" CELL(
		  41) "],\n     f1_address: 192.0.2.1}\n",
		"f:8: gnbs[1].f1_address: expected no F1 where SCTP is carried by UDP: transport raw or "
		"kernel" },
	{ SPLIT "cuups:\n" CUUP(1, ", gnb: other"), "f:8: cuups[1].gnb: expected the name of one of gnbs" },
	{ MINIMAL "radio: {air: samples}\ngnbs: [{n3_address: 192.0.2.1, cells: [" CELL(41) "]}]\ndus:\n" DU(
		  1, ""),
		"f:8: dus[1]: expected a gNB with f1_address: this one is whole" },
	{ SPLIT "cuups:\n" CUUP(1, "") CUUP(2, ", id: 1"),
		"f:9: cuups[2].id: expected an id that no other CU-UP of the gNB has" },
	{ SPLIT "cuups:\n" CUUP(1, "") "  - {n3_address: 192.0.2.21, f1u_address: 192.0.2.9}\n",
		"f:9: cuups[2].n3_address: expected an n3_address where no other CU-UP or DU has its GTP-U" },
	{ SPLIT "cuups:\n  - {n3_address: 192.0.2.21, f1u_address: 192.0.2.21}\n",
		"f:8: cuups[1].f1u_address: expected an f1u_address where no other has its GTP-U, nor N3" },
	{ SPLIT "cuups:\n" CUUP(1, "") "dus:\n" DU(1, ", f1u_address: 192.0.2.21"),
		"f:10: dus[1].f1u_address: expected an f1u_address where no CU-UP or other DU has its "
		"GTP-U" },
	{ SPLIT "dus:\n" DU(1, ", cell: 3"), "f:8: dus[1].cell: expected the id of one of the gNB's cells" },
	{ SPLIT "dus:\n" DU(1, "") DU(2, ", cell: 1"),
		"f:9: dus[2].cell: expected a cell that no other DU serves" },
	{ SPLIT "dus:\n" DU(1, ", name: a") DU(2, ", cell: 2, name: a"),
		"f:9: dus[2].name: expected a name that no other DU has" },
	{ SPLIT "cuups:\n" CUUP(1, ", name: a") CUUP(2, ", name: a"),
		"f:9: cuups[2].name: expected a name that no other CU-UP has" },
	{ SPLIT "dus:\n" DU(1, ", metrics_address: 192.0.2.51")
			DU(2, ", cell: 2, metrics_address: 192.0.2.51"),
		"f:9: dus[2].metrics_address: expected a metrics_address and metrics_port of its own" },
};

/* Who is whose, by name and by default; wrong ones are refused with their line. */
static void test_split(void **state)
{
	char error[CONFIG_ERROR_SIZE];

	load(SPLIT "cuups:\n" CUUP(1, "") CUUP(2, ", gnb: gnb-1, capacity: 7") "dus:\n" DU(1, "")
			DU(2, ", cell: 2, f1u_address: 192.0.2.60"));
	assert_true(addr_same_host(&n.gnbs[0].e1_address, &n.gnbs[0].f1_address));
	assert_true(n.cuup_count == 2 && n.du_count == 2 && n.cuups[1].of == &n.gnbs[0]);
	assert_string_equal(n.cuups[1].name, "cuup-2");
	assert_true(n.cuups[0].id == 1 && n.cuups[1].id == 2 && n.cuups[0].capacity == 255 &&
		    n.cuups[1].capacity == 7);
	assert_true(addr_same_host(&n.cuups[0].e1_address, &n.cuups[0].f1u_address));
	assert_true(n.dus[0].at == &n.gnbs[0].cells[0] && n.dus[1].at == &n.gnbs[0].cells[1]);
	assert_true(addr_same_host(&n.dus[0].f1u_address, &n.dus[0].f1_address));
	assert_int_equal(addr_v4(&n.dus[1].f1u_address), 0xc000023c);
	assert_int_equal(n.gnbs[0].config.radio, GNB_RADIO_DUS);
	for (size_t i = 0; i < ARRAY_LEN(split_cases); i++) {
		error[0] = '\0';
		assert_false(network_load("f", bytes_of_str(split_cases[i].text), &n, error));
		if (strcmp(error, split_cases[i].error) != 0)
			fail_msg("case %zu: %s", i, error);
	}
}

#define GNB(i, more) "  - {n3_address: 192.0.2." #i ", " more "cells: [{air_address: 192.0.2." #i "}]}\n"

/* Neighbours: all where none is named; whom either names; Xn where both have an address; PCIs by number. */
static void test_neighbours(void **state)
{
	const struct gnb_neighbour *to;

	load(MINIMAL "gnbs:\n" GNB(1, "xn_address: 192.0.2.1, ") GNB(2, "xn_address: 192.0.2.2, ")
			GNB(3, "direct_forwarding: no, ") GNB(4, "neighbours: [gnb-1], "));
	assert_int_equal(n.gnbs[0].config.neighbour_count, 3);
	assert_int_equal(n.gnbs[1].config.neighbour_count, 2); /* gnb-4 names another one */
	assert_int_equal(n.gnbs[3].config.neighbour_count, 1);
	to = n.gnbs[0].config.neighbours;
	assert_string_equal(to[0].name, "gnb-2");
	assert_int_equal(to[0].gnb_id, 2);
	assert_true(to[0].direct && addr_same_host(&to[0].xn, &n.gnbs[1].xn_address));
	assert_int_equal(to[0].cells[0].pci, 2);
	assert_false(to[1].direct || to[1].xn.len > 0);
	assert_int_equal(n.gnbs[2].config.cells[0].pci, 3);
	assert_int_equal(n.air_count, 4);
	assert_int_equal(n.air[3].pci, 4);
	assert_int_equal(n.air[3].nci, 4 << 12 | 1);
	assert_int_equal(n.air[3].at.port, 4997);
}

static void test_refusals(void **state)
{
	char error[CONFIG_ERROR_SIZE];

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		error[0] = '\0';
		assert_false(network_load("f", bytes_of_str(cases[i].text), &n, error));
		if (strcmp(error, cases[i].error) != 0)
			fail_msg("case %zu: %s", i, error);
	}
}

static void has_help(void *arg, const struct config_entry *e)
{
	++*(unsigned *)arg;
	if (!e->help[0] && strcmp(e->path, "core") != 0)
		fail_msg("%s has no help", e->path);
}

#define NETWORK_OF(slices, dnns, more)                                                                       \
	"plmn: \"00101\"\ntacs: [1]\nslices: [" slices "]\ndnns: [" dnns "]\n" more

struct live_note {
	unsigned live, restart;
};

static void note_live(void *arg, const char *key, bool live)
{
	struct live_note *note = arg;

	*(live ? &note->live : &note->restart) += 1;
}

#define A "{name: a, pool: 10.45.64.0/24, mtu: 1400}"
#define B "{name: b, pool: [10.46.0.0/24, 10.47.0.0/24]}"
#define TWO_UPFS                                                                                             \
	"upfs: [{name: x, n4_address: 127.0.0.2, n3_address: 127.0.0.2, dnns: [a]}, {name: y, n4_address: "  \
	"127.0.0.3, n3_address: 127.0.0.3, dnns: [b]}]\n"
#define UPF_Y "upfs: [{name: y, n4_address: 127.0.0.3, n3_address: 127.0.0.3, tun: fh1"

#define UPF_Z(n4_address)                                                                                    \
	"upfs: [{name: z, tun: fh2, n3_address: 127.0.0.4, dnns: [c], n4_address: " n4_address               \
	"}, {name: x, n4_address: 127.0.0.2, n3_address: 127.0.0.2, dnns: [a], tun: fh0}]\n"

struct live_row {
	const char *text;
	bool live;
};

/* One change after the other, each of what was. */
static void check_live(const char *was, const struct live_row *rows, size_t count)
{
	static struct network a, b;
	char error[CONFIG_ERROR_SIZE];

	for (size_t i = 0; i < count; i++) {
		struct live_note note = { 0 };

		assert_true(network_load("a", bytes_of_str(was), &a, error));
		if (!network_load("b", bytes_of_str(rows[i].text), &b, error))
			fail_msg("%zu: %s", i, error);
		config_differences(&network_section, &a, &b, note_live, &note);
		if ((note.restart == 0) != rows[i].live || note.live + note.restart == 0)
			fail_msg("row %zu: %u live, %u for a restart", i, note.live, note.restart);
		config_take_live(&network_section, &a, &b);
		network_hand_round(&a, &b);
		note = (struct live_note){ 0 };
		config_differences(&network_section, &a, &b, note_live, &note);
		assert_int_equal(note.live, 0);
		if (!rows[i].live)
			continue;
		assert_int_equal(a.upf_count, b.upf_count);
		for (uint8_t u = 0; u < a.upf_count; u++) {
			assert_string_equal(a.upfs[u].name, b.upfs[u].name);
			assert_int_equal(a.upfs[u].config.pool_count, b.upfs[u].config.pool_count);
			assert_int_equal(a.upfs[u].config.dnn_count, b.upfs[u].config.dnn_count);
		}
		assert_int_equal(a.core.amfs[0].config.slice_count, b.slice_count);
	}
}

/* Slices, data networks, pools and UPFs go. */
static void test_live_going(void **state)
{
	static const char was[] = NETWORK_OF("1, 2", A ", " B, TWO_UPFS);
	static const struct live_row rows[] = {
		{ NETWORK_OF("2", A ", " B, TWO_UPFS), true },
		{ NETWORK_OF("3, 2", A ", " B, TWO_UPFS), true },
		{ NETWORK_OF("1, 2", B, UPF_Y ", dnns: [b]}]\n"), true },
		{ NETWORK_OF("1, 2", B ", " A, TWO_UPFS), true },
		{ NETWORK_OF("1, 2", A ", {name: b, pool: 10.47.0.0/24}", TWO_UPFS), true },
		{ NETWORK_OF("1, 2", A ", {name: b, pool: [10.46.0.0/24, 10.48.0.0/24]}", TWO_UPFS), true },
		{ NETWORK_OF("1, 2", A ", " B, UPF_Y ", dnns: [b, a]}]\n"), true },
		{ NETWORK_OF("1, 2", A ", " B, UPF_Y ", dnns: [b, a], workers: 2}]\n"), false },
		/* two that become one, what another had, what gave of all gives of a slice */
		{ NETWORK_OF("1, 2", A ", {name: b, pool: 10.46.0.0/15}", TWO_UPFS), true },
		{ NETWORK_OF("1, 2",
			  "{name: a, pool: 10.46.0.0/24, mtu: 1400}, {name: b, pool: 10.45.64.0/24}",
			  TWO_UPFS),
			true },
		{ NETWORK_OF("1, 2", A ", {name: b, pool: [\"1=10.46.0.0/24\", 10.47.0.0/24]}", TWO_UPFS),
			true },
		{ NETWORK_OF("1, 2", A ", {name: b, pool: [\"1=10.48.0.0/24\", 10.47.0.0/24]}", TWO_UPFS),
			true },
		/* addresses that rest longer there */
		{ NETWORK_OF("1, 2", "{name: c, address_hold_s: 9, pool: 10.48.0.0/24}, " B,
			  UPF_Y ", dnns: [b, c]}]\n"),
			true },
		{ NETWORK_OF("1, 2", "{name: c, address_hold_s: 9, pool: 10.45.64.0/25}, " B,
			  UPF_Y ", dnns: [b, c]}]\n"),
			false },
		/* one UPF more, and one that wants what another has for a while yet */
		{ NETWORK_OF("1, 2", A ", {name: c, pool: 10.48.0.0/24}", UPF_Z("127.0.0.4")), true },
		{ NETWORK_OF("1, 2", A ", {name: c, pool: 10.48.0.0/24}", UPF_Z("127.0.0.3")), false },
	};

	check_live(was, rows, ARRAY_LEN(rows));
}

/* What comes and grows is taken, what wants others of a host wants a restart. */
static void test_live(void **state)
{
	static const char was[] =
		NETWORK_OF("1", "{name: a, pool: 10.45.64.0/24, mtu: 1400}", "upfs: [{}]\n");
	static const struct live_row rows[] = {
		{ NETWORK_OF("1", "{name: a, pool: 10.45.0.0/16, mtu: 1400}", "upfs: [{nat: yes}]\n"), true },
		{ NETWORK_OF("1, 2", "{name: a, pool: [10.45.64.0/24, 10.46.0.0/16], mtu: 1400}",
			  "upfs: [{}]\n"),
			true },
		{ NETWORK_OF("1",
			  "{name: a, pool: 10.45.64.0/24, mtu: 1400, max_uplink_bps: 1 Mbps}, {name: b, "
			  "pool: 10.47.0.0/24}",
			  "upfs: [{}]\n"),
			true },
		{ NETWORK_OF("1", "{name: a, pool: 10.45.64.0/24, mtu: 1400}",
			  "upfs: [{}]\npcc_rules: [{name: x, five_qi: 7, filters: [permit out 17 from any to "
			  "assigned]}]\n"),
			true },
		{ NETWORK_OF("2, 1", "{name: a, pool: 10.45.64.0/24, mtu: 1400}", "upfs: [{}]\n"), true },
		{ NETWORK_OF("1", "{name: a, pool: 10.45.64.0/25, mtu: 1400}", "upfs: [{}]\n"), true },
		{ NETWORK_OF("1", "{name: b, pool: 10.45.64.0/24, mtu: 1400}", "upfs: [{}]\n"), true },
		{ NETWORK_OF("1", "{name: a, pool: 10.45.64.0/24, mtu: 1300}", "upfs: [{}]\n"), true },
		{ NETWORK_OF("1", "{name: a, pool: 10.45.64.0/24, mtu: 1500}", "upfs: [{}]\n"), false },
		{ NETWORK_OF("1", "{name: a, pool: [10.45.64.0/24, \"2001:db8::/48\"], mtu: 1400}",
			  "upfs: [{}]\n"),
			false },
		{ NETWORK_OF("1",
			  "{name: a, pool: 10.45.64.0/24, mtu: 1400}, {name: b, pool: 10.47.0.0/24, mtu: "
			  "1500}",
			  "upfs: [{}]\n"),
			false },
		{ NETWORK_OF("1", "{name: a, pool: 10.45.64.0/24, mtu: 1400}, {name: b, ethernet: x0}",
			  "upfs: [{}]\n"),
			false },
	};

	check_live(was, rows, ARRAY_LEN(rows));
}

static void test_every_key_has_help(void **state)
{
	unsigned keys = 0;

	config_reference(&network_section, has_help, &keys);
	assert_true(keys > 70);
}

/* With an air between them the gNB and the UEs of a file are led to it; what is told stays. */
static void test_air(void **state)
{
	const struct medium_config *m = &n.medium.config;
	const struct network_cell *cell = &n.gnbs[0].cells[0];

	load(MINIMAL
		"radio: {air: samples}\n"
		"gnbs: [{n3_address: 192.0.2.31, cells: [{air_address: 192.0.2.31, band: 3, arfcn: 368500, "
		"bandwidth_mhz: 10}]}]\n"
		"ues: [{" UE ", profile: \"null\", air_address: 192.0.2.41},\n"
		"  {no_usim: yes, air_address: 192.0.2.42}]\n"
		"air: {ues: [{snr_db: 6}, {transmit_port: 7777}]}\n");
	assert_int_equal(m->rate_hz, 11520000);
	assert_int_equal(addr_v4(&m->gnb.receive_address), addr_v4(&cell->air_address));
	assert_int_equal(m->gnb.receive_port, 4997);
	assert_int_equal(addr_v4(&cell->ue_address), addr_v4(&cell->air_address));
	assert_int_equal(cell->ue_port, 2001);
	assert_int_equal(m->gnb.transmit_port, 2001);
	for (unsigned i = 0; i < 2; i++) {
		assert_int_equal(addr_v4(&m->ues[i].end.receive_address), 0xc0000229 + i);
		assert_int_equal(m->ues[i].end.receive_port, 4998);
		assert_int_equal(addr_v4(&n.ues[i].config.gnb), 0xc000021f);
		assert_int_equal(n.ues[i].config.gnb.port, i ? 7777 : 2100);
		assert_int_equal(n.ues[i].radio.arfcn, 368500);
	}
	load(MINIMAL "air: {gnb: {receive_address: 192.0.2.9}, ues: [{}]}\n");
	assert_int_equal(m->rate_hz, 23040000);
	assert_int_equal(addr_v4(&m->gnb.receive_address), 0xc0000209);
	assert_int_equal(m->gnb.receive_port, 2000);
	assert_int_equal(addr_v4(&m->ues[0].end.receive_address), 0x7f000001);
	assert_int_equal(m->ues[0].end.receive_port, 2101);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_minimal),
		cmocka_unit_test(test_lists_by_name),
		cmocka_unit_test(test_pools),
		cmocka_unit_test(test_network_information),
		cmocka_unit_test(test_home_network_key_0),
		cmocka_unit_test(test_neighbours),
		cmocka_unit_test(test_air),
		cmocka_unit_test(test_split),
		cmocka_unit_test(test_refusals),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_live_going),
		cmocka_unit_test(test_every_key_has_help),
	};

	return cmocka_run_group_tests_name("ops/network", tests, NULL, NULL);
}
