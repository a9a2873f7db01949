/* Why a request is refused: the first reason stays. */
#include "core/upf/draft.h"

bool upf_refuse(struct upf_draft *d, uint8_t cause, uint16_t offending)
{
	if (!d->cause) {
		d->cause = cause;
		d->offending = offending;
	}
	return false;
}

bool upf_refuse_rule(struct upf_draft *d, enum pfcp_rule_type type, uint32_t id)
{
	if (!d->cause) {
		d->cause = PFCP_CAUSE_RULE_FAILURE;
		d->has_failed = true;
		d->failed = (struct pfcp_failed_rule_id){ type, id };
	}
	return false;
}
