/* What operators have gNBs do, for all AMFs of the core. */
#include "core/internal.h"

bool core_locate(
	struct core *core, const struct supi *supi, const struct amf_locate *l, struct amf_location *out)
{
	bool found = false;

	for (uint8_t i = 0; i < core->config.amf_count && !found; i++)
		found = amf_locate(core->amfs[i], supi, l, out);
	core_settle(core);
	return found;
}

bool core_ran_trace(struct core *core, const struct supi *supi, const struct amf_ran_trace *t)
{
	bool found = false;

	for (uint8_t i = 0; i < core->config.amf_count && !found; i++)
		found = amf_ran_trace(core->amfs[i], supi, t);
	core_settle(core);
	return found;
}

/* They have one store, and know the same. */
const char *core_warn(struct core *core, const struct amf_warning_order *o)
{
	const char *refusal = NULL;

	for (uint8_t i = 0; i < core->config.amf_count && !refusal; i++)
		refusal = amf_warn(core->amfs[i], o);
	core_settle(core);
	return refusal;
}

bool core_warning_cancel(struct core *core, uint16_t id, uint16_t serial)
{
	bool found = false;

	for (uint8_t i = 0; i < core->config.amf_count; i++)
		found |= amf_warning_cancel(core->amfs[i], id, serial);
	core_settle(core);
	return found;
}
