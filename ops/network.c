#include "ops/network_ran.h"

#include <stdio.h>

#include "base/text.h"
#include "io/env.h"
#include "radio/uu.h"
#include "wire/id_config.h"

/* "10.45.0.0/16", or of a slice alone, "1-010203=10.46.0.0/16" */
static bool read_pool(const char *text, const struct config_field *f, void *out)
{
	const char *is = strchr(text, '=');
	struct network_pool *p = out;
	char slice[SNSSAI_STR_SIZE] = "";

	p->of_slice = is != NULL;
	return prefix_parse(is ? is + 1 : text, &p->prefix) &&
	       (!is || (bytes_copy(slice, sizeof(slice) - 1, bytes_of(text, (size_t)(is - text))) &&
			       snssai_parse(slice, &p->slice)));
}

static bool read_always_on(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "no", SMF_ALWAYS_ON_NO },
		{ "asked", SMF_ALWAYS_ON_ASKED }, { "all", SMF_ALWAYS_ON_ALL } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

#define PROTECTION_TEXT "open, required, preferred or not-needed"

static bool read_protection(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "open", SMF_PROTECTION_OPEN },
		{ "required", SMF_PROTECTION_REQUIRED }, { "preferred", SMF_PROTECTION_PREFERRED },
		{ "not-needed", SMF_PROTECTION_NOT_NEEDED } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

static bool read_log_level(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "error", LOG_ERROR }, { "warn", LOG_WARN },
		{ "info", LOG_INFO }, { "debug", LOG_DEBUG } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

/* Of a room: a level, and that there is one. */
static bool read_room_level(const char *text, const struct config_field *f, void *out)
{
	if (!read_log_level(text, f, out))
		return false;
	++*(uint8_t *)out;
	return true;
}

static bool read_log_format(const char *text, const struct config_field *f, void *out)
{
	static const struct config_choice choices[] = { { "text", IO_LOG_TEXT }, { "json", IO_LOG_JSON } };

	return config_choose(choices, ARRAY_LEN(choices), text, f, out);
}

#define LOG_LEVEL_TEXT "error, warn, info or debug"

/* A room of the log (LOG_ROOM), the i-th of network.log_levels. */
#define LOG_ROOM_LEVEL(i, name, h)                                                                           \
	{ .key = name,                                                                                       \
		.read = read_room_level,                                                                     \
		.offset = (i),                                                                               \
		.size = 1,                                                                                   \
		.expected = LOG_LEVEL_TEXT,                                                                  \
		.live = true,                                                                                \
		.help = h }

static const struct config_field log_levels_fields[] = {
	LOG_ROOM_LEVEL(0, "air", "`freehold air`"),
	LOG_ROOM_LEVEL(1, "amf", "AMFs"),
	LOG_ROOM_LEVEL(2, "ausf", "AUSF"),
	LOG_ROOM_LEVEL(3, "console", "the console"),
	LOG_ROOM_LEVEL(4, "core", "the core as a process"),
	LOG_ROOM_LEVEL(5, "gnb", "gNBs"),
	LOG_ROOM_LEVEL(6, "io", "sockets and the store"),
	LOG_ROOM_LEVEL(7, "load", "`freehold load`"),
	LOG_ROOM_LEVEL(8, "msg", "the messages of N1, N2, N4, Xn, F1 and E1, a line each at debug"),
	LOG_ROOM_LEVEL(9, "nf", "what all functions of the core share"),
	LOG_ROOM_LEVEL(10, "nrf", "NRF"),
	LOG_ROOM_LEVEL(11, "pcf", "PCF"),
	LOG_ROOM_LEVEL(12, "pfcp", "N4"),
	LOG_ROOM_LEVEL(13, "process", "start, end and configuration"),
	LOG_ROOM_LEVEL(14, "sbi", "service operations, a line each at debug"),
	LOG_ROOM_LEVEL(15, "sctp", "SCTP"),
	LOG_ROOM_LEVEL(16, "smf", "SMF"),
	LOG_ROOM_LEVEL(17, "udm", "UDM"),
	LOG_ROOM_LEVEL(18, "udr", "UDR"),
	LOG_ROOM_LEVEL(19, "ue", "UEs"),
	LOG_ROOM_LEVEL(20, "upf", "UPFs"),
};
_Static_assert(ARRAY_LEN(log_levels_fields) <= (size_t)LOG_ROOMS_MAX, "a place for each");

static const struct config_section log_levels_section = { log_levels_fields, ARRAY_LEN(log_levels_fields),
	NULL };

size_t network_log_levels(const struct network *n, struct log_room rooms[LOG_ROOMS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < ARRAY_LEN(log_levels_fields); i++)
		if (n->log_levels[i] > 0)
			rooms[count++] = (struct log_room){ log_levels_fields[i].key,
				(enum log_level)(n->log_levels[i] - 1) };
	return count;
}

static const struct config_field dnn_fields[] = {
	{ CONFIG_STR("name", network_dnn, name, NULL, "DNN"), .required = true },
	{ CONFIG_VALUES("pool", network_dnn, pools, pool_count, read_pool,
		  "prefixes like 10.45.0.0/16 or 2001:db8:45::/48, or of a slice like 1-010203=10.46.0.0/16",
		  NULL,
		  "IPv4 addresses and IPv6 prefixes for the UEs, one or several of each; the first address "
		  "and the "
		  "first /64 are the gateway's. PDU sessions are IPv4, IPv6 or both by what there is. A "
		  "slice "
		  "that has pools of its own (S-NSSAI=PREFIX) has no others"),
		.lone = true },
	{ CONFIG_STR("ethernet", network_dnn, ethernet, NULL,
		"PDU sessions may be Ethernet: name of the TAP interface of their UPF that is this LAN's "
		"port "
		"to "
		"others") },
	{ CONFIG_STR("ethernet_bridge", network_dnn, ethernet_bridge, NULL,
		"bridge of the UPF's host that this port is put into; none: into none") },
	{ CONFIG_VALUES("vlans", network_dnn, vlans, vlan_count, config_read_uint, "VLAN IDs from 1 to 4094",
		  NULL, "VLANs that Ethernet sessions may use, and no untagged frames; none: all"),
		.min = 1, .max = 4094 },
	{ CONFIG_UINT("prefix_delegation", network_dnn, delegated_bits, SMF_DELEGATED_BITS_MIN, 63, NULL,
		"bits of the IPv6 prefix that each session has: its UE may ask for what its own /64 leaves "
		"of "
		"it (DHCPv6); none: a /64 alone") },
	{ CONFIG_ADDR("far_end", network_dnn, far_end, NULL,
		"PDU sessions may be unstructured: where on N6 what they carry goes to, and comes from, in "
		"UDP; each has an address of the pool of that family, which its UE does not know") },
	{ CONFIG_UINT("far_end_port", network_dnn, far_end_port, 1, 65535, NULL,
		"UDP port of both ends of those tunnels") },
	{ CONFIG_OWN("always_on", network_dnn, always_on, read_always_on, "no, asked or all", "no",
		"sessions with user plane whenever their UE is connected: none, those of UEs that ask, or "
		"all") },
	{ CONFIG_OWN("integrity", network_dnn, integrity, read_protection, PROTECTION_TEXT, "open",
		"integrity protection of user data on the air (23.501 5.10.3): sessions that need it and "
		"cannot have "
		"it are refused; open: as the gNB likes, without asking for it") },
	{ CONFIG_OWN("ciphering", network_dnn, ciphering, read_protection, PROTECTION_TEXT, "open",
		"ciphering of user data on the air, likewise; open: as the gNB likes, or preferred beside "
		"integrity") },
	{ CONFIG_VALUES("framed_routes", network_dnn, framed, framed_count, config_read_prefix_any, NULL,
		NULL,
		"ranges of the networks behind UEs (framed_route of subscribers), which lead to the UPF") },
	{ CONFIG_VALUES("dns", network_dnn, dns, dns_count, config_read_addr, NULL, NULL,
		  "DNS servers sent to the UEs, two of IPv4 and two of IPv6 at most"),
		.live = true },
	{ CONFIG_UINT("mtu", network_dnn, mtu, 576, NETWORK_MTU_MAX, "1400",
		"link MTU sent to the UEs; with IPv6 1280 at least") },
	{ CONFIG_UINT("sessions_max", network_dnn, sessions_max, 1, SMF_SESSIONS_MAX, NULL,
		  "PDU sessions in each slice; more are refused, for as long as session_backoff_s of core "
		  "says "
		  "(default: as many as there is room for)"),
		.live = true },
	{ CONFIG_UINT("address_hold_s", network_dnn, address_hold_s, 0, 86400, "0",
		"so long no other UE gets an address of an ended session; when all that are left rest, "
		"sessions are "
		"refused") },
	{ CONFIG_VALUES("p_cscf", network_dnn, p_cscfs, p_cscf_count, config_read_addr, NULL, NULL,
		  "P-CSCFs of an IMS, IPv4 or IPv6, sent to the UEs that ask"),
		.live = true },
	{ CONFIG_RATE("max_uplink_bps", network_dnn, max_uplink_bps, NULL,
		"most a session gets, whatever is subscribed; 0: as subscribed") },
	{ CONFIG_RATE("max_downlink_bps", network_dnn, max_downlink_bps, NULL, "the same, downlink") },
	{ CONFIG_BOOL("ue_flows", network_dnn, ue_flows, "no",
		"UEs may ask for QoS flows of their own (24.501 6.4.2)") },
	{ CONFIG_RATE("ue_gbr_uplink_bps", network_dnn, ue_gbr_uplink_bps, NULL,
		"most that such a flow is guaranteed; 0: none is") },
	{ CONFIG_RATE("ue_gbr_downlink_bps", network_dnn, ue_gbr_downlink_bps, NULL, "the same, downlink") },
	{ CONFIG_RATE("gbr_uplink_bps", network_dnn, gbr_uplink_bps, NULL,
		"most that all flows of the DNN in a slice are guaranteed together; beyond that ARP says who "
		"gives "
		"way; "
		"0: no bound but the gNBs'") },
	{ CONFIG_RATE("gbr_downlink_bps", network_dnn, gbr_downlink_bps, NULL, "the same, downlink") },
	{ CONFIG_RATE("application_gbr_uplink_bps", network_dnn, application_gbr_uplink_bps, NULL,
		"most that a flow of an application is guaranteed (29.514); 0: what it asks for") },
	{ CONFIG_RATE("application_gbr_downlink_bps", network_dnn, application_gbr_downlink_bps, NULL,
		"the same, downlink") },
	{ CONFIG_BOOL("emergency", network_dnn, emergency, "no",
		"the data network of emergency services, for those alone (see emergency of core.amfs)") },
	{ CONFIG_UINT(
		"emergency_five_qi", network_dnn, emergency_five_qi, 1, 255, "5", "5QI of its sessions") },
	{ CONFIG_UINT("emergency_arp", network_dnn, emergency_arp, 1, 15, "1", "their ARP priority level") },
	{ CONFIG_VALUES("ladn_tacs", network_dnn, ladn_tacs, ladn_tac_count, config_read_uint,
		  "tracking area codes from 1 to 16777213", NULL,
		  "tracking areas of a local area data network, which is nowhere else; none: it is "
		  "everywhere"),
		.min = 1, .max = 0xfffffd },
};
static const struct config_section dnn_section = { dnn_fields, ARRAY_LEN(dnn_fields), NULL };

static const struct config_field amf_fields[] = {
	{ CONFIG_KEYS_OF(network_amf, config, &amf_config_section) },
	{ CONFIG_ADDR("n2_address", network_amf, n2_address, "127.0.0.1", "where gNBs connect") },
	{ CONFIG_UINT("n2_port", network_amf, n2_port, 1, 65535, "38412", "SCTP port") },
	{ CONFIG_OWN("n2_transport", network_amf, sctp.transport, network_read_transport,
		"auto, kernel, raw or udp", "auto", "how SCTP is carried") },
	{ CONFIG_UINT("sctp_udp_port", network_amf, sctp.udp_port, 1, 65535, "9899",
		"UDP port of encapsulated SCTP (RFC 6951)") },
};
static const struct config_section amf_section = { amf_fields, ARRAY_LEN(amf_fields), NULL };

static const struct config_field core_fields[] = {
	{ CONFIG_STR("netns", network_core, netns, NULL, NETNS_HELP) },
	{ CONFIG_STR("store", network_core, store, "/var/lib/freehold/core", "directory of the store") },
	{ CONFIG_STR("control", network_core, control, "/run/freehold/core.sock", "control socket") },
	{ CONFIG_BOOL(
		"sync", network_core, sync, "false", "survive power loss too, not only kill -9; slower") },
	{ CONFIG_UINT("events_max", network_core, events_max, 0, CORE_EVENTS_MAX, "100000",
		"events of subscribers that the store keeps, about 100 octets each; 0: none") },
	{ CONFIG_UINT("trace_ring_mib", network_core, trace_ring_mib, 0, CORE_TRACE_MIB_MAX, "32",
		"memory for the signalling of the last minutes, for `freehold trace`: a registration with a "
		"session "
		"takes about 16 KiB of it; 0: none") },
	{ CONFIG_VALUES("trace_users", network_core, trace_users, trace_user_count, config_read_str, NULL,
		NULL,
		"users that may trace subscribers beside root, by name or number, as far as core.control "
		"admits them") },
	METRICS_KEYS(network_core),
	{ CONFIG_KEYS_OF(network_core, udm, &udm_config_section) },
	{ CONFIG_KEYS_OF(network_core, smf, &smf_config_section) },
	{ CONFIG_SUBS("amfs", network_core, amfs, amf_count, &amf_section,
		"the AMFs; none: one with the defaults") },
};
static const struct config_section core_section = { core_fields, ARRAY_LEN(core_fields), NULL };

static const struct config_field console_fields[] = {
	{ CONFIG_KEYS_OF(network_console, config, &console_config_section) },
	METRICS_KEYS(network_console),
};
static const struct config_section console_section = { console_fields, ARRAY_LEN(console_fields), NULL };

static const struct config_field upf_fields[] = {
	{ CONFIG_STR("netns", network_upf, netns, NULL, NETNS_HELP) },
	{ CONFIG_STR(
		"name", network_upf, name, NULL, "for `freehold upf NAME` (default upf-1, upf-2, ...)") },
	{ CONFIG_KEYS_OF(network_upf, config, &upf_config_section) },
	{ CONFIG_VALUES("dnns", network_upf, dnns, dnn_count, config_read_str, NULL, NULL,
		"DNNs that it serves; none: all, with pools those that they are of") },
	{ CONFIG_VALUES("pools", network_upf, pools, pool_count, config_read_prefix_any, NULL, NULL,
		"those out of pool of its data networks that lead to it, so that a data network can have "
		"several UPFs; none: all") },
	{ CONFIG_BOOL("smf_buffers", network_upf, smf_buffers, "false",
		"downlink packets of idle UEs wait in the SMF: for a UPF of another make that cannot keep "
		"them") },
	{ CONFIG_STR("tun", network_upf, tun, NULL, "name of the N6 interface (default fh0, fh1, ...)") },
	{ CONFIG_UINT("tun_queue", network_upf, tun_queue, 16, 100000, "500",
		"packets that wait in the N6 interface while the UPF is busy; more are dropped") },
	{ CONFIG_BOOL("forwarding", network_upf, forwarding, "true",
		"net.ipv4.ip_forward, and with IPv6 pools net.ipv6.conf.all.forwarding, is switched on while "
		"the UPF runs; no: UEs reach nothing but this host, "
		"or it is "
		"on anyway") },
	{ CONFIG_BOOL("nat", network_upf, nat, "false", "masquerade what leaves for other networks") },
	METRICS_KEYS(network_upf),
};
static const struct config_section upf_section = { upf_fields, ARRAY_LEN(upf_fields), NULL };

static const struct config_field network_fields[] = {
	{ CONFIG_OWN("plmn", network, plmn, config_read_plmn, CONFIG_PLMN_TEXT, NULL, "MCC and MNC"),
		.required = true },
	{ CONFIG_VALUES("tacs", network, tacs, tac_count, config_read_uint,
		  "tracking area codes from 1 to 16777213", NULL, "tracking areas"),
		.min = 1, .max = 0xfffffd },
	{ CONFIG_VALUES("slices", network, slices, slice_count, config_read_snssai, CONFIG_SLICE_TEXT, NULL,
		"slices") },
	{ CONFIG_SUBS("dnns", network, dnns, dnn_count, &dnn_section, "data networks") },
	{ CONFIG_SUBS("pcc_rules", network, pcc_rules, pcc_rule_count, &pcf_pcc_rule_section,
		"QoS flows that sessions have from their beginning; `freehold flow` gives others") },
	{ CONFIG_SUB("core", network, core, &core_section, "") },
	{ CONFIG_SUB("console", network, console, &console_section,
		"what operators see and do in a browser, and its API (freehold console)") },
	{ CONFIG_SUBS(
		"upfs", network, upfs, upf_count, &upf_section, "the UPFs; none: one with the defaults") },
	{ CONFIG_SUB("radio", network, radio, &network_radio_section, "the air between gNBs and UEs") },
	{ CONFIG_SUBS("gnbs", network, gnbs, gnb_count, &network_gnb_section, "gNBs of ours") },
	{ CONFIG_SUBS("cuups", network, cuups, cuup_count, &network_cuup_section,
		"CU-UPs of gNBs that are split (f1_address), as processes") },
	{ CONFIG_SUBS("dus", network, dus, du_count, &network_du_section,
		"DUs of such gNBs, a cell each, as processes") },
	{ CONFIG_SUBS("ues", network, ues, ue_count, &network_ue_section, "UEs of ours") },
	{ CONFIG_SUB("air", network, medium, &network_medium_section,
		"`freehold air`: the radio channel between a gNB and UEs that are joined by streams of "
		"samples "
		"over ZeroMQ") },
	{ CONFIG_OWN("log_level", network, log_level, read_log_level, LOG_LEVEL_TEXT, "info", "lines to log"),
		.live = true },
	{ CONFIG_SUB("log_levels", network, log_levels, &log_levels_section,
		"of rooms that log more or less than log_level") },
	{ CONFIG_OWN("log_format", network, log_format, read_log_format, "text or json", "text",
		  "how a line looks: text, or a JSON object with time, level, room and text"),
		.live = true },
	{ CONFIG_BOOL("log_mask_supi", network, log_mask_supi, "no",
		  "stars in the log for the digits of SUPIs but the last 4, and of any number of 9 digits or "
		  "more"),
		.live = true },
	{ CONFIG_STR("log_file", network, log_file, NULL,
		"where all processes write their log, opened again on SIGHUP; none: standard error") },
};

/* One with the defaults, where a list is empty. */
static bool check(void *at, struct config_doubt *doubt)
{
	struct network *n = at;

	if (n->core.amf_count == 0)
		config_defaults(&amf_section, &n->core.amfs[n->core.amf_count++], sizeof(n->core.amfs[0]));
	if (n->upf_count == 0)
		config_defaults(&upf_section, &n->upfs[n->upf_count++], sizeof(n->upfs[0]));
	return network_check(n, doubt);
}

const struct config_section network_section = { network_fields, ARRAY_LEN(network_fields), check };

bool network_load(const char *file, struct bytes text, struct network *n, char error[CONFIG_ERROR_SIZE])
{
	if (config_load(&network_section, file, text, n, sizeof(*n), error))
		return true;
	explicit_bzero(n, sizeof(*n));
	return false;
}
