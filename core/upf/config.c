/* The UPF's keys in network.yaml. Pools and data networks are the network's. */
#include "core/upf/upf.h"
#include "wire/id_config.h"

static const struct config_field fields[] = {
	{ CONFIG_ADDR("n4_address", upf_config, n4_address, "127.0.0.2", "PFCP") },
	{ CONFIG_ADDR("n3_address", upf_config, n3_address, "127.0.0.2", "GTP-U") },
	{ CONFIG_VALUES("smfs", upf_config, smfs, smf_count, config_read_addr, NULL, NULL,
		"who may command; none: core.n4_address") },
	{ CONFIG_VALUES("gnbs", upf_config, gnbs, gnb_count, config_read_prefix, NULL, NULL,
		"whence N3 packets come; none: anywhere") },
	{ CONFIG_UINT("sessions_max", upf_config, sessions_max, 1, UPF_SESSIONS_MAX, NULL,
		"PFCP sessions; more are refused (default: what a quarter of the memory holds)") },
	{ CONFIG_UINT("buffer_packets", upf_config, buffered_max, 64, UPF_BUFFERED_PACKETS_MAX, "8192",
		"downlink packets that may wait for idle UEs, of each worker; the oldest goes first") },
	{ CONFIG_UINT("buffer_session_packets", upf_config, buffered_session_max, 1, UPF_BUFFERED_PACKETS_MAX,
		"256", "likewise of a session, unless the SMF suggests another count") },
	{ CONFIG_UINT("buffer_s", upf_config, buffered_s, 1, UPF_BUFFERED_S_MAX, "10",
		"seconds after which what waits may be dropped") },
	{ CONFIG_BOOL("smf_teids", upf_config, smf_teids, "false",
		"the SMF chooses the TEIDs of its tunnels, as for a UPF of Release 15 without FTUP") },
	{ CONFIG_UINT("workers", upf_config, workers, 1, 16, "1",
		"data threads, each with an N3 socket and a TUN queue") },
};

const struct config_section upf_config_section = { fields, ARRAY_LEN(fields), NULL };
