/* A UE that has no SUPI, or has not proved it, goes by its PEI: 29.502 6.1.6.2.2, in an emergency alone. */
#include "core/smf/internal.h"

struct sm_context_create_data smf_identified(const struct nsmf_create_sm_context_req *req)
{
	struct sm_context_create_data d = req->data;
	struct supi equipment;

	if (!d.supi.imsi[0] && d.pei && d.request_type == REQUEST_TYPE_INITIAL_EMERGENCY_REQUEST &&
		supi_from_str(d.pei, &equipment) && supi_is_imei(&equipment))
		d.supi = equipment;
	return d;
}
