/* Registration areas, 24.501 5.3.4 and 23.501 5.3.2.3: where a UE may be without registering again. */
#include "core/amf/internal.h"

uint8_t amf_registration_area(const struct amf *amf, struct tai out[AMF_TACS_MAX])
{
	for (uint8_t i = 0; i < amf->config.tac_count; i++)
		out[i] = (struct tai){ amf->config.guami.plmn, amf->config.tacs[i] };
	return amf->config.tac_count;
}
