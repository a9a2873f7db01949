/* What the rooms have of QoS flows, for expectations. */
#pragma once

#include "core/smf/smf.h"
#include "gnb/gnb.h"

struct scn_smf_flows {
	struct supi supi;
	uint8_t psi;
	uint32_t ul_teid;
	bool active, busy;                       /* with user plane; something is under way */
	uint64_t wanted, at_upf;                 /* bit n: QFI n */
	uint64_t uplink_octets, downlink_octets; /* of all dedicated flows */
};

/* Of the session at *at or behind it; false: there is none. */
bool scn_smf_flows_next(struct smf *smf, uint32_t *at, struct scn_smf_flows *out);
uint64_t scn_gnb_flows(struct gnb *gnb, uint32_t ul_teid);
