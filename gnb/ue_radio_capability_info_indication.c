/*
 * UE Radio Capability Info Indication, 38.413 8.14.1: the AMF keeps it for the next time.
 *
 *   UE             gNB                                          AMF
 *    |-- containers ->|-- UE RADIO CAPABILITY INFO INDICATION --->|
 */
#include "gnb/internal.h"
#include "wire/rrc/rrc.h"

enum { CAPABILITY_MAX = 8192 };

#define C1(choice) RRC_UE_RADIO_ACCESS_CAPABILITY_INFORMATION_CRITICAL_EXTENSIONS_C1_TAG_##choice

struct bytes gnb_ue_radio_capability_containers(struct gnb *gnb, struct bytes capability)
{
	struct rrc_ue_radio_access_capability_information info;
	struct per_diag diag;

	if (!rrc_decode(&rrc_ue_radio_access_capability_information_type, capability, &gnb->arena, &info,
		    &diag) ||
		info.critical_extensions.tag !=
			RRC_UE_RADIO_ACCESS_CAPABILITY_INFORMATION_CRITICAL_EXTENSIONS_TAG_C1 ||
		info.critical_extensions.u.c1.tag != C1(UE_RADIO_ACCESS_CAPABILITY_INFORMATION))
		return BYTES_NONE;
	return info.critical_extensions.u.c1.u.ue_radio_access_capability_information
		.ue_radio_access_capability_info;
}

/* containers: a UE-CapabilityRAT-ContainerList, in a message between nodes (38.331 11.2.2). */
void gnb_ue_radio_capability_info_indication(struct gnb *gnb, struct gnb_ue *ue, struct bytes containers)
{
	struct rrc_ue_radio_access_capability_information info = {
		.critical_extensions.tag =
			RRC_UE_RADIO_ACCESS_CAPABILITY_INFORMATION_CRITICAL_EXTENSIONS_TAG_C1,
		.critical_extensions.u.c1 = { C1(UE_RADIO_ACCESS_CAPABILITY_INFORMATION),
			.u.ue_radio_access_capability_information.ue_radio_access_capability_info =
				containers },
	};
	struct ngap_ue_radio_capability_info_indication m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id };
	uint8_t octets[CAPABILITY_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	if (containers.len == 0 || !ue->has_amf_ue_ngap_id ||
		!rrc_encode(&rrc_ue_radio_access_capability_information_type, &info, &w))
		return;
	m.ue_radio_capability = writer_bytes(&w);
	gnb_n2_send_ue(gnb, ue, NGAP_MSG_UE_RADIO_CAPABILITY_INFO_INDICATION, &m);
}
