/*
 * Generic UE configuration update, 24.501 5.4.4.
 *
 *   UE                                      AMF
 *    |<- CONFIGURATION UPDATE COMMAND --------|    5.4.4.2: GUTI, allowed NSSAI, names, time
 *    |-- CONFIGURATION UPDATE COMPLETE ------>|    5.4.4.3, where it is asked for
 */
#include "ue/internal.h"

static void take_name(struct ue *ue, const char *which, const struct nas_network_name *name,
	char text[UE_NETWORK_NAME_SIZE])
{
	struct writer w = writer_of(text, UE_NETWORK_NAME_SIZE - 1);

	nas_network_name_text(name, &w);
	text[w.len] = '\0';
	log_info(ue->host->env->log, "imsi-%s: the network's %s name is \"%s\"", ue->usim.supi.imsi, which,
		text);
}

/* 8.2.19.8 and on. A time that is none is left alone. */
static void take_time(struct ue *ue, const struct nas_configuration_update_command *c)
{
	struct ue_network *n = &ue->network;
	const struct nas_universal_time *t = &n->time;
	int quarters;

	if (c->has_local_time_zone && nas_time_zone_quarters(c->local_time_zone, &quarters)) {
		n->has_time_zone = true;
		n->time_zone_quarters = quarters;
	}
	if (c->has_daylight_saving_time)
		n->daylight_saving_h = c->daylight_saving_time & 3;
	n->has_time = c->has_universal_time && nas_universal_time_read(c->universal_time, &n->time);
	if (!n->has_time)
		return;
	quarters = t->quarters < 0 ? -t->quarters : t->quarters;
	log_info(ue->host->env->log,
		"imsi-%s: the network's time is 20%02u-%02u-%02u %02u:%02u:%02u UTC, zone %c%02d:%02d, "
		"daylight "
		"saving %u h",
		ue->usim.supi.imsi, t->year, t->month, t->day, t->hour, t->minute, t->second,
		t->quarters < 0 ? '-' : '+', quarters / 4, quarters % 4 * 15, n->daylight_saving_h);
}

enum fsm_outcome ue_configuration_update(void *room, void *context, const void *arg)
{
	struct ue *ue = context;
	const struct mm_message *m = arg;
	const struct nas_configuration_update_command *c = &m->msg->configuration_update_command;
	struct nas_msg complete = { .type = NAS_CONFIGURATION_UPDATE_COMPLETE };
	uint8_t bits = c->has_configuration_update_indication ? c->configuration_update_indication : 0;
	uint8_t type = NAS_REGISTRATION_MOBILITY;

	if (c->has_guti)
		ue_identity_take_guti(ue, &c->guti);
	if (c->has_tai_list)
		ue_mm_area_take(ue, &c->tai_list);
	if (c->has_ladn_information)
		ue_ladn_take(ue, &c->ladn_information);
	if (c->has_service_area_list)
		ue_service_area_take(ue, &c->service_area_list);
	if (c->has_allowed_nssai) {
		ue->allowed_count = 0;
		for (size_t i = 0; i < c->allowed_nssai.count && i < SNSSAI_MAX; i++)
			ue->allowed[ue->allowed_count++] = c->allowed_nssai.items[i].snssai;
	}
	if (c->has_full_name)
		take_name(ue, "full", &c->full_name, ue->network.full_name);
	if (c->has_short_name)
		take_name(ue, "short", &c->short_name, ue->network.short_name);
	take_time(ue, c);
	if (bits & NAS_UPDATE_ACKNOWLEDGE)
		ue_nas_send(ue, &complete);
	/* 5.4.4.3: with "registration requested" a registration update follows, once idle. */
	if (bits & NAS_UPDATE_REGISTRATION) {
		ue_connection_leave(ue, true);
		ue_mm_event(ue, MM_EV_UPDATE, &type);
	}
	return FSM_OK;
}
