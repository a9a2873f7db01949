/* A gNB's keys in network.yaml. PLMN and slices are the network's. */
#include "gnb/gnb.h"
#include "wire/id_config.h"

static const struct config_field fields[] = {
	{ CONFIG_UINT("id", gnb_config, gnb_id, 0, 0xffffffff, NULL, "gNB ID (default 1, 2, ...)") },
	{ CONFIG_UINT("id_bits", gnb_config, gnb_id_bits, 22, 32, "24", "its length") },
	{ CONFIG_OWN("name", gnb_config, name, config_read_node_name, CONFIG_NODE_NAME_TEXT, NULL,
		"RAN node name (default gnb-1, gnb-2, ...)") },
	{ CONFIG_VALUES("amf_addresses", gnb_config, amfs, amf_count, config_read_addr, NULL, NULL,
		"where AMFs listen; none: those of core.amfs") },
	{ CONFIG_ADDR("n3_address", gnb_config, n3_address, NULL,
		"own address towards the UPFs; none where CU-UPs are processes of their own") },
	{ CONFIG_VALUES("ciphering", gnb_config, ciphering_order, ciphering_count, config_read_nea,
		  CONFIG_NEA_TEXT, "nea2 nea1 nea3", "AS ciphering, most wanted first"),
		.live = true },
	{ CONFIG_VALUES("integrity", gnb_config, integrity_order, integrity_count, config_read_nia,
		  CONFIG_NIA_TEXT, "nia2 nia1 nia3", "AS integrity, most wanted first"),
		.live = true },
	{ CONFIG_BOOL("null_integrity", gnb_config, null_integrity, "no",
		  "UEs that the core serves without authentication, in an emergency, have null algorithms"),
		.live = true },
	{ CONFIG_UINT("unrestricted_arp", gnb_config, unrestricted_arp, 0, 15, "1",
		  "ARP priority level of emergency sessions, as emergency_arp of dnns: their UEs may be "
		  "handed "
		  "over to where mobility restrictions forbid it; 0: none"),
		.live = true },
	{ CONFIG_RATE("gbr_max_bps", gnb_config, gbr_max_bps, NULL,
		"most that is guaranteed to all QoS flows together, each way; beyond, flows are refused or "
		"take the "
		"place of others by their ARP; 0: no limit") },
	{ CONFIG_UINT("ues_max", gnb_config, ues_max, 1, GNB_UES_MAX, "131072", "UEs connected at a time") },
	{ CONFIG_UINT("inactivity_ms", gnb_config, inactivity_ms, 0, 86400000, "0",
		  "after which a silent UE is released; 0: never"),
		.live = true },
	{ CONFIG_UINT("measurement_interval_ms", gnb_config, measurement_interval_ms, 0, 1800000, "0",
		"between reports of each UE on how it hears its cell (120, 240, 480, 640, 1024, 2048, ... or "
		"what is next above), where its radio is of samples; 0: none") },
};

static bool check(void *at, struct config_doubt *doubt)
{
	struct gnb_config *c = at;

	if (c->gnb_id_bits == 32 || c->gnb_id >> c->gnb_id_bits == 0)
		return true;
	*doubt = (struct config_doubt){ &c->gnb_id, "expected a gNB ID that fits its length id_bits" };
	return false;
}

const struct config_section gnb_config_section = { fields, ARRAY_LEN(fields), check };
