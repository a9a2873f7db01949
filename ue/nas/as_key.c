/* Keys that the NAS gives to the access stratum. */
#include "ue/internal.h"

bool ue_as_k_gnb(struct ue *ue, uint8_t k_amf[KDF_KEY_LEN], uint8_t k_gnb[KDF_KEY_LEN])
{
	return ue->security.active && bytes_copy(k_amf, KDF_KEY_LEN, BYTES(ue->security.k_amf)) &&
	       kdf_k_gnb(k_amf, ue->kgnb_ul_count, KDF_ACCESS_3GPP, k_gnb);
}
