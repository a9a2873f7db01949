/* The keys of a data network in network.yaml. */
#include "ops/network.h"

#include "ops/network_live.h"

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
		  "link MTU sent to the UEs; with IPv6 1280 at least. A smaller one counts for sessions from "
		  "then on, a larger one from the next start on"),
		.live_if = network_mtu_changes },
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
		  "most a session gets, whatever is subscribed; 0: as subscribed"),
		.live = true },
	{ CONFIG_RATE("max_downlink_bps", network_dnn, max_downlink_bps, NULL, "the same, downlink"),
		.live = true },
	{ CONFIG_BOOL("ue_flows", network_dnn, ue_flows, "no",
		  "UEs may ask for QoS flows of their own (24.501 6.4.2)"),
		.live = true },
	{ CONFIG_RATE("ue_gbr_uplink_bps", network_dnn, ue_gbr_uplink_bps, NULL,
		  "most that such a flow is guaranteed; 0: none is"),
		.live = true },
	{ CONFIG_RATE("ue_gbr_downlink_bps", network_dnn, ue_gbr_downlink_bps, NULL, "the same, downlink"),
		.live = true },
	{ CONFIG_RATE("gbr_uplink_bps", network_dnn, gbr_uplink_bps, NULL,
		  "most that all flows of the DNN in a slice are guaranteed together; beyond that ARP says "
		  "who "
		  "gives "
		  "way; "
		  "0: no bound but the gNBs'"),
		.live = true },
	{ CONFIG_RATE("gbr_downlink_bps", network_dnn, gbr_downlink_bps, NULL, "the same, downlink"),
		.live = true },
	{ CONFIG_RATE("application_gbr_uplink_bps", network_dnn, application_gbr_uplink_bps, NULL,
		  "most that a flow of an application is guaranteed (29.514); 0: what it asks for"),
		.live = true },
	{ CONFIG_RATE("application_gbr_downlink_bps", network_dnn, application_gbr_downlink_bps, NULL,
		  "the same, downlink"),
		.live = true },
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
const struct config_section network_dnn_section = { dnn_fields, ARRAY_LEN(dnn_fields), NULL };
