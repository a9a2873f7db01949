/* Values of TS 29.244 clause 8.2 information elements, decoded. For the life of lists and views see
 * pfcp_decode. */
#pragma once

#include "wire/id.h"
#include "wire/tlv/tlv.h"

/* 8.2.3. With choose, the UP function allocates: no TEID nor address; has_ipv4/6: of which kind. */
struct pfcp_f_teid {
	bool has_ipv4, has_ipv6, choose, has_choose_id;
	uint8_t choose_id;
	uint32_t teid;
	uint8_t ipv4[4];
	uint8_t ipv6[16];
};

/* 8.2.37 */
struct pfcp_f_seid {
	bool has_ipv4, has_ipv6;
	uint64_t seid;
	uint8_t ipv4[4];
	uint8_t ipv6[16];
};

enum pfcp_node_id_type { PFCP_NODE_IPV4 = 0, PFCP_NODE_IPV6 = 1, PFCP_NODE_FQDN = 2 };

/* 8.2.38 */
struct pfcp_node_id {
	uint8_t type; /* enum pfcp_node_id_type */
	uint8_t ipv4[4];
	uint8_t ipv6[16];
	const char *fqdn; /* dotted text */
};

/* One or two addresses: 8.2.131 alternative SMF, 8.2.138 CP PFCP entity, 8.2.145 source IP address. */
struct pfcp_addresses {
	bool has_ipv4, has_ipv6;
	bool has_prefix_length; /* source IP address only */
	bool preferred;         /* alternative SMF IP address: PPE */
	uint8_t prefix_length;
	uint8_t ipv4[4];
	uint8_t ipv6[16];
};

/* 8.2.5 */
struct pfcp_sdf_filter {
	TLV_OPT(struct bytes, flow_description); /* IPFilterRule text, TS 29.212 clause 5.4.2 */
	TLV_OPT(uint16_t, tos_traffic_class);
	TLV_OPT(uint32_t, security_parameter_index);
	TLV_OPT(uint32_t, flow_label); /* 24 bits */
	TLV_OPT(uint32_t, filter_id);
};

/* 8.2.93: addresses are 48 bits; with an upper one, all from the other to it. */
struct pfcp_mac_address {
	TLV_OPT(uint64_t, source);
	TLV_OPT(uint64_t, destination);
	TLV_OPT(uint64_t, source_upper);
	TLV_OPT(uint64_t, destination_upper);
};

/* 8.2.94 C-TAG, 8.2.95 S-TAG */
struct pfcp_vlan_tag {
	TLV_OPT(uint8_t, pcp);
	TLV_OPT(uint8_t, dei);
	TLV_OPT(uint16_t, vid);
};

/* 8.2.103 detected, 8.2.104 removed; the tags, if there are any, as in 8.2.94 and 8.2.95. */
struct pfcp_mac_addresses {
	TLV_LIST(uint64_t, mac);
	struct bytes c_tag, s_tag;
};

/* 8.2.8, 8.2.9: kbit/s, 40 bits each. */
struct pfcp_bit_rate {
	uint64_t uplink_kbps, downlink_kbps;
};

/* 8.2.13 volume threshold, 8.2.50 quota (octets) and 8.2.44 measurement (octets and packets). */
struct pfcp_volume {
	TLV_OPT(uint64_t, total);
	TLV_OPT(uint64_t, uplink);
	TLV_OPT(uint64_t, downlink);
	TLV_OPT(uint64_t, total_packets);
	TLV_OPT(uint64_t, uplink_packets);
	TLV_OPT(uint64_t, downlink_packets);
};

/* 8.2.27 */
struct pfcp_dl_data_service_information {
	TLV_OPT(uint8_t, paging_policy);
	TLV_OPT(uint8_t, qfi);
};

/* 8.2.56: octet 5 in the high eight bits, octet 6 in the low. */
enum pfcp_outer_header_creation_bits {
	PFCP_OHC_GTPU_IPV4 = 0x0100,
	PFCP_OHC_GTPU_IPV6 = 0x0200,
	PFCP_OHC_UDP_IPV4 = 0x0400,
	PFCP_OHC_UDP_IPV6 = 0x0800,
	PFCP_OHC_IPV4 = 0x1000,
	PFCP_OHC_IPV6 = 0x2000,
	PFCP_OHC_C_TAG = 0x4000,
	PFCP_OHC_S_TAG = 0x8000,
	PFCP_OHC_N19 = 0x0001,
	PFCP_OHC_N6 = 0x0002,
	PFCP_OHC_TCP_LL_SSM = 0x0004,
};

/* description (enum pfcp_outer_header_creation_bits) chooses which of the rest are there. */
struct pfcp_outer_header_creation {
	uint16_t description;
	uint16_t port;
	uint32_t teid;
	uint8_t ipv4[4];
	uint8_t ipv6[16];
	uint8_t c_tag[3];
	uint8_t s_tag[3];
};

/* 8.2.64 */
enum pfcp_outer_header_removal_description {
	PFCP_OHR_GTPU_UDP_IPV4 = 0,
	PFCP_OHR_GTPU_UDP_IPV6 = 1,
	PFCP_OHR_UDP_IPV4 = 2,
	PFCP_OHR_UDP_IPV6 = 3,
	PFCP_OHR_IPV4 = 4,
	PFCP_OHR_IPV6 = 5,
	PFCP_OHR_GTPU_UDP_IP = 6,
	PFCP_OHR_VLAN_S_TAG = 7,
	PFCP_OHR_S_TAG_AND_C_TAG = 8,
};

struct pfcp_outer_header_removal {
	uint8_t description;
	TLV_OPT(uint8_t, extension_header_deletion); /* bit 1: PDU Session Container */
};

/* 8.2.62 */
struct pfcp_ue_ip_address {
	bool has_ipv4, has_ipv6;
	bool is_destination; /* S/D */
	bool choose_ipv4, choose_ipv6;
	TLV_OPT(uint8_t, prefix_delegation_bits);
	TLV_OPT(uint8_t, prefix_length);
	uint8_t ipv4[4];
	uint8_t ipv6[16];
};

/* 8.2.70 */
struct pfcp_remote_gtpu_peer {
	bool has_ipv4, has_ipv6;
	uint8_t ipv4[4];
	uint8_t ipv6[16];
	TLV_OPT(uint8_t, destination_interface);
	TLV_OPT(struct bytes, network_instance);
};

enum pfcp_rule_type {
	PFCP_RULE_PDR = 0,
	PFCP_RULE_FAR = 1,
	PFCP_RULE_QER = 2,
	PFCP_RULE_URR = 3,
	PFCP_RULE_BAR = 4,
	PFCP_RULE_MAR = 5,
	PFCP_RULE_SRR = 6,
};

/* 8.2.80: the identifier is of 2 octets for PDR and MAR, 1 for BAR and SRR, 4 for the others. */
struct pfcp_failed_rule_id {
	uint8_t type; /* enum pfcp_rule_type */
	uint32_t id;
};

/* 8.2.82 of Release 15 (type 116, reserved since): a range of TEIDs and addresses of the UP function. */
struct pfcp_user_plane_resource {
	bool has_ipv4, has_ipv6;
	uint8_t teid_range_bits; /* TEIDRI */
	uint8_t teid_range;      /* present when teid_range_bits is not 0 */
	uint8_t ipv4[4];
	uint8_t ipv6[16];
	TLV_OPT(struct bytes, network_instance);
	TLV_OPT(uint8_t, source_interface);
};
