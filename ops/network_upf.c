/* The keys of a UPF in network.yaml. */
#include "ops/network_ran.h"

static bool dnns_may_change(const void *is, const void *wanted)
{
	const struct network_upf *a = is, *b = wanted;

	/* Without names it serves all, with some it may have lost the others. */
	return (a->dnn_count == 0) == (b->dnn_count == 0);
}

static bool pools_may_change(const void *is, const void *wanted)
{
	const struct network_upf *a = is, *b = wanted;

	return (a->pool_count == 0) == (b->pool_count == 0);
}

static const struct config_field upf_fields[] = {
	{ CONFIG_STR("netns", network_upf, netns, NULL, NETNS_HELP) },
	{ CONFIG_STR(
		"name", network_upf, name, NULL, "for `freehold upf NAME` (default upf-1, upf-2, ...)") },
	{ CONFIG_KEYS_OF(network_upf, config, &upf_config_section) },
	{ CONFIG_VALUES("dnns", network_upf, dnns, dnn_count, config_read_str, NULL, NULL,
		  "DNNs that it serves; none: all, with pools those that they are of"),
		.live_if = dnns_may_change },
	{ CONFIG_VALUES("pools", network_upf, pools, pool_count, config_read_prefix_any, NULL, NULL,
		  "those out of pool of its data networks that lead to it, so that a data network can have "
		  "several UPFs; none: all"),
		.live_if = pools_may_change },
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
	{ CONFIG_BOOL("nat", network_upf, nat, "false", "masquerade what leaves for other networks"),
		.live = true },
	METRICS_KEYS(network_upf),
};
const struct config_section network_upf_section = { upf_fields, ARRAY_LEN(upf_fields), NULL };
