/* The SMF's keys in network.yaml. Data networks, slices and UPFs are the network's. */
#include "core/smf/smf.h"
#include "wire/id_config.h"

static const struct config_field fields[] = {
	{ CONFIG_ADDR("n4_address", smf_config, n4_address, "127.0.0.1", "the SMF's address on N4") },
	{ CONFIG_ADDR("n4u_address", smf_config, n4u_address, NULL,
		"the SMF's address for GTP-U with the UPFs, by which UEs get IPv6 router advertisements "
		"(default: "
		"n4_address)") },
	{ CONFIG_UINT("sessions_max", smf_config, sessions_max, 1, SMF_SESSIONS_MAX, NULL,
		"PDU sessions; more are refused (default: what half of the memory holds)") },
	{ CONFIG_UINT("paging_pause_ms", smf_config, paging_pause_ms, 100, 3600000, "10000",
		"how long packets for a UE that was paged in vain are dropped before it is paged again") },
};

const struct config_section smf_config_section = { fields, ARRAY_LEN(fields), NULL };
