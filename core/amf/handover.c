/* What the steps of an N2 handover share. */
#include "core/amf/handover.h"

#include <stdlib.h>

struct ngap_cause amf_handover_cause(const struct ngap_cause *c)
{
	return c->tag <= NGAP_CAUSE_TAG_MISC ? *c : ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
}

bool amf_handover_container(struct amf_handover *h, struct bytes octets)
{
	uint8_t *copy = malloc(octets.len + 1);

	if (!copy)
		return false;
	bytes_copy(copy, octets.len, octets);
	free(h->container);
	h->container = copy;
	h->container_len = octets.len;
	return true;
}

void amf_handover_fail(struct amf *amf, struct amf_handover *h, struct ngap_cause cause)
{
	h->cause = amf_handover_cause(&cause);
	amf_procedure_end(amf, &h->p);
}
