/*
 * Generic UE configuration update, 24.501 5.4.4, of what needs no acknowledgement: names and time.
 *
 *   UE                                      AMF
 *    |<- CONFIGURATION UPDATE COMMAND --------|    5.4.4.2, 8.2.19; once the UE is registered
 */
#include "core/amf/internal.h"

enum { QUARTERS_PER_HOUR = 4 };

/* 22.042: the time zone sent includes daylight saving, which is given beside it. */
static void time_of(const struct amf *amf, struct nas_configuration_update_command *m)
{
	const struct amf_config *c = &amf->config;
	int quarters = c->time_zone.quarters + c->daylight_saving_h * QUARTERS_PER_HOUR;

	m->has_local_time_zone = m->has_universal_time = m->has_daylight_saving_time = true;
	m->local_time_zone = nas_time_zone_of(quarters);
	m->daylight_saving_time = c->daylight_saving_h;
	nas_universal_time_of(env_utc_ms(amf->nf.env), quarters, m->universal_time);
}

void amf_configuration_update(struct amf *amf, struct amf_ue *ue)
{
	const struct amf_config *c = &amf->config;
	struct nas_msg msg = { .type = NAS_CONFIGURATION_UPDATE_COMMAND };
	struct nas_configuration_update_command *m = &msg.configuration_update_command;
	uint8_t full[NAS_NETWORK_NAME_MAX], brief[NAS_NETWORK_NAME_MAX];

	m->has_full_name = c->full_name[0] && nas_network_name_of(c->full_name, full, &m->full_name);
	m->has_short_name = c->short_name[0] && nas_network_name_of(c->short_name, brief, &m->short_name);
	if (c->time_zone.known)
		time_of(amf, m);
	if (!m->has_full_name && !m->has_short_name && !c->time_zone.known)
		return;
	amf->stat[AMF_STAT_CONF_UPDATE] += amf_n1_send(amf, ue, NAS_INTEGRITY_CIPHERED, &msg);
}
