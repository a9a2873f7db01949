/* The SMF's keys in network.yaml. Data networks, slices and UPFs are the network's. */
#include "core/smf/smf.h"
#include "base/text.h"
#include "wire/id_config.h"

enum { DSCP_LAST = 63, PPI_LAST = 7, FIVE_QI_LAST = 255 };

/* "46=1" */
static bool read_pair(const char *text, uint64_t left_max, uint64_t right_max, uint8_t *left, uint8_t *right)
{
	const char *is = strchr(text, '=');
	uint64_t l, r;

	if (!is || !text_uint(bytes_of(text, (size_t)(is - text)), left_max, &l) ||
		!text_uint(bytes_of_str(is + 1), right_max, &r))
		return false;
	*left = (uint8_t)l;
	*right = (uint8_t)r;
	return true;
}

static bool read_paging_policy(const char *text, const struct config_field *f, void *out)
{
	struct smf_paging_policy *p = out;

	return read_pair(text, DSCP_LAST, PPI_LAST, &p->dscp, &p->ppi);
}

static bool read_marking(const char *text, const struct config_field *f, void *out)
{
	struct smf_marking *m = out;

	return read_pair(text, FIVE_QI_LAST, DSCP_LAST, &m->five_qi, &m->dscp) && m->five_qi > 0;
}

static const struct config_field fields[] = {
	{ CONFIG_ADDR("n4_address", smf_config, n4_address, "127.0.0.1", "the SMF's address on N4") },
	{ CONFIG_ADDR("n4u_address", smf_config, n4u_address, NULL,
		"the SMF's address for GTP-U with the UPFs, by which UEs get IPv6 router advertisements "
		"(default: "
		"n4_address)") },
	{ CONFIG_UINT("sessions_max", smf_config, sessions_max, 1, SMF_SESSIONS_MAX, NULL,
		"PDU sessions; more are refused (default: what half of the memory holds)") },
	{ CONFIG_UINT("buffer_session_packets", smf_config, suggested_packets, 1, 255, NULL,
		  "downlink packets that UPFs are to keep for an idle UE (default: their own choice)"),
		.live = true },
	{ CONFIG_UINT("notification_delay_ms", smf_config, notification_delay_ms, 0,
		  SMF_NOTIFICATION_DELAY_MAX_MS, "0",
		  "how long UPFs wait before they report a packet for an idle UE, which may come by itself "
		  "meanwhile; in steps of 50"),
		.live = true },
	{ CONFIG_VALUES("paging_policies", smf_config, paging_policies, paging_policy_count,
		  read_paging_policy, "DSCP=PPI, like 46=1", NULL,
		  "Paging Policy Indicator of an idle UE's first packet by its DSCP"),
		.live = true },
	{ CONFIG_VALUES("dscp", smf_config, markings, marking_count, read_marking, "5QI=DSCP, like 1=46",
		NULL, "DSCP of tunnels to gNBs by the 5QI of the flow; none: packets are not marked") },
	{ CONFIG_UINT("session_backoff_s", smf_config, backoff_s, 0, 86400, "0",
		  "how long a UE that is refused a session for want of resources (#26, #67, #69) stays away "
		  "with that "
		  "DNN or slice, up to half as long again by chance; 0: as it likes"),
		.live = true },
	{ CONFIG_UINT("paging_pause_ms", smf_config, paging_pause_ms, 100, 3600000, "10000",
		  "how long packets for a UE that was paged in vain are dropped before it is paged again"),
		.live = true },
};

const struct config_section smf_config_section = { fields, ARRAY_LEN(fields), NULL };
