/* The codecs of PFCP values and the tables of grouped elements. Private to the room. */
#pragma once

#include "wire/pfcp/pfcp.h"
#include "wire/tlv/engine.h"

extern const struct tlv_codec pfcp_node_id, pfcp_f_seid, pfcp_f_teid, pfcp_ue_ip_address,
	pfcp_remote_gtpu_peer, pfcp_alternative_smf_address, pfcp_cp_entity_address, pfcp_source_address,
	pfcp_user_plane_resource;
extern const struct tlv_codec pfcp_sdf_filter, pfcp_bit_rate, pfcp_volume, pfcp_dl_data_service_information,
	pfcp_mac_address, pfcp_mac_addresses, pfcp_vlan_tag, pfcp_outer_header_creation,
	pfcp_outer_header_removal, pfcp_failed_rule_id, pfcp_s_nssai, pfcp_dnn;

/* One bit of a flags octet: present when set. */
static inline uint8_t flag_if(bool has, uint8_t bit)
{
	return has ? bit : 0;
}
