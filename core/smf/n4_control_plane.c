/*
 * The PFCP rules by which the SMF exchanges packets with a UE through its UPF: 29.244 5.3,
 * 23.501 5.8.2.2.3.
 * What the UE sends to routers and DHCP servers of its link goes to the SMF's tunnel; what the SMF sends
 * into one of the UPF's goes the downlink's way. A QER keeps both few.
 */
#include "core/smf/internal.h"

/* So few that no crowd of UEs costs the SMF its time: a packet passes when the bucket is full. */
enum { CONTROL_BPS = 8000, CONTROL_PRECEDENCE = 0, UDP = 17, ICMPV6 = 58, SERVER = 67, CLIENT = 68 };
enum { SERVER6 = 547, CLIENT6 = 546 };

/* "permit out 58 from ff02::/16 to assigned", "permit out 58 from fe80::/10 to assigned": solicitations of
 * routers and neighbours; "permit out 17 from any 67 to assigned 68" */
#define TO_ALL  { .protocol = ICMPV6, .remote_bits = 16, .remote = { UINT64_C(0xff02) << 48, 0 } }
#define TO_LINK { .protocol = ICMPV6, .remote_bits = 10, .remote = { UINT64_C(0xfe80) << 48, 0 } }
#define DHCPV4                                                                                               \
	{ .protocol = UDP,                                                                                   \
		.remote_low = SERVER,                                                                        \
		.remote_high = SERVER,                                                                       \
		.local_low = CLIENT,                                                                         \
		.local_high = CLIENT }

/* "permit out 17 from ff02::/16 547 to assigned 546": DHCPv6 */
#define DHCPV6                                                                                               \
	{ .protocol = UDP,                                                                                   \
		.remote_bits = 16,                                                                           \
		.remote = { UINT64_C(0xff02) << 48, 0 },                                                     \
		.remote_low = SERVER6,                                                                       \
		.remote_high = SERVER6,                                                                      \
		.local_low = CLIENT6,                                                                        \
		.local_high = CLIENT6 }

static const struct smf_match match_v6 = { .filter_count = 2, .filters = { TO_ALL, TO_LINK } };
static const struct smf_match match_v4 = { .filter_count = 1, .filters = { DHCPV4 } };
static const struct smf_match match_both = { .filter_count = 3, .filters = { TO_ALL, TO_LINK, DHCPV4 } };
static const struct smf_match match_delegates = { .filter_count = 3, .filters = { TO_ALL, TO_LINK, DHCPV6 } };
static const struct smf_match match_all = { .filter_count = 4,
	.filters = { TO_ALL, TO_LINK, DHCPV6, DHCPV4 } };

/* What of the UE's is the SMF's to answer; NULL: nothing. */
static const struct smf_match *control_match(const struct smf_session *s)
{
	uint8_t families = smf_session_families(s);
	bool v6 = families & SMF_V6, v4 = families & SMF_V4 && s->dhcp_asked;

	if (smf_session_delegates(s))
		return v4 ? &match_all : &match_delegates;
	return v6 && v4 ? &match_both : v6 ? &match_v6 : v4 ? &match_v4 : NULL;
}

bool smf_rules_have_control_plane(const struct smf_session *s)
{
	return control_match(s) || s->smf_buffers;
}

/* Where downlink waits in the SMF there is the way back, and the FAR that tells the UPF who comes by it. */
void smf_rules_control_plane(const struct smf_session *s, struct n4_rules *out)
{
	const struct smf_match *match = control_match(s);

	if (!smf_rules_have_control_plane(s))
		return;
	if (match) {
		out->pdr[out->count[N4_PDR]++] = (struct n4_pdr){ .id = PDR_TO_SMF,
			.precedence = CONTROL_PRECEDENCE,
			.source = PFCP_INTERFACE_ACCESS,
			.local = s->uplink,
			.match = match,
			.far = FAR_TO_SMF,
			.qer_session = QER_CONTROL };
		out->qer[out->count[N4_QER]++] = (struct n4_qer){
			.id = QER_CONTROL, .gate = PFCP_GATE_OPEN, .mbr = { CONTROL_BPS, CONTROL_BPS }
		};
	}
	out->pdr[out->count[N4_PDR]++] = (struct n4_pdr){ .id = PDR_FROM_SMF,
		.precedence = CONTROL_PRECEDENCE,
		.source = PFCP_INTERFACE_CP,
		.local = s->control,
		.far = FAR_DOWNLINK,
		.qer_flow = n4_qer_flow(SMF_DEFAULT_QFI) };
	out->far[out->count[N4_FAR]++] = (struct n4_far){ .id = FAR_TO_SMF,
		.action = PFCP_APPLY_FORW,
		.destination = PFCP_INTERFACE_CP,
		.tunnel.teid = smf_session_teid(s) }; /* at the SMF's own address */
}
