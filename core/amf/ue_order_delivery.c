/* A gNB that gets a UE's context hears what operators want of the UE. */
#include "core/amf/ue_order.h"

void amf_order_carry_out(struct amf *amf, struct amf_connection *c)
{
	struct amf_order o;

	if (!c->ue || !c->ue->ordered)
		return;
	amf_order_get(amf, c->ue, &o);
	amf_location_carry_out(amf, c, &o);
	if (o.traced)
		amf_ran_trace_carry_out(amf, c, &o);
}
