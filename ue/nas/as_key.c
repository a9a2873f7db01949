/* Keys that the NAS gives to the access stratum. */
#include "ue/internal.h"

bool ue_as_k_gnb(struct ue *ue, uint8_t k_gnb[KDF_KEY_LEN])
{
	return ue->security.active &&
	       kdf_k_gnb(ue->security.k_amf, ue->kgnb_ul_count, KDF_ACCESS_3GPP, k_gnb);
}

bool ue_as_next_hop(struct ue *ue, const uint8_t sync[KDF_KEY_LEN], uint8_t nh[KDF_KEY_LEN])
{
	return ue->security.active && kdf_nh(ue->security.k_amf, sync, nh);
}
