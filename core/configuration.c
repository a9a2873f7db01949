/* What the functions take of another configuration while they run. */
#include "core/internal.h"

void core_take_config(struct core *core, const struct core_config *config)
{
	for (uint8_t i = 0; i < core->config.amf_count && i < config->amf_count; i++) {
		amf_take_config(core->amfs[i], &config->amfs[i]);
		core->config.amfs[i] = config->amfs[i];
	}
	smf_take_config(core->smf, &config->smf);
	nssf_take_config(core->nssf, &config->nssf);
	pcf_take_config(core->pcf, &config->pcf);
	core->config.smf = config->smf;
	core->config.nssf = config->nssf;
	core_settle(core);
}
