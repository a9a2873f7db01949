/* Registration areas, 24.501 5.3.4 and 23.501 5.3.2.3: where a UE may be without registering again. */
#include "core/amf/mobility.h"

/* 23.501 5.3.4.1.2: of areas where it may be served, or of areas where it may not; forbidden ones are none's.
 */
uint8_t amf_registration_area(const struct amf *amf, const struct amf_ue *ue, struct tai out[AMF_TACS_MAX])
{
	bool allowed = amf_mobility_allows(ue, ue->tai.tac);
	uint8_t count = 0;

	for (uint8_t i = 0; i < amf->config.tac_count; i++) {
		uint32_t tac = amf->config.tacs[i];

		if (!amf_mobility_forbids(ue, tac) && amf_mobility_allows(ue, tac) == allowed)
			out[count++] = (struct tai){ amf->config.guami.plmn, tac };
	}
	return count;
}
