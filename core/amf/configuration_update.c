/*
 * Generic UE configuration update, 24.501 5.4.4: names and time, which need no acknowledgement, and another
 * 5G-GUTI, which does. A UE that was paged gets one before its connection ends (23.502 4.2.3.3 step 7,
 * 33.501 6.12.3): the one before was sent in the clear.
 *
 *   UE                                      AMF
 *    |<- CONFIGURATION UPDATE COMMAND --------|    5.4.4.2, 8.2.19; once the UE is registered, or was paged
 *    |-- CONFIGURATION UPDATE COMPLETE ------>|    5.4.4.3, of another 5G-GUTI; T3555
 */
#include "core/amf/ladn.h"
#include "core/amf/mobility.h"

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

/* Until the UE has acknowledged it, it may come by either (5.4.4.5); T3555 repeats the command. */
void amf_guti_reallocate(struct amf *amf, struct amf_ue *ue)
{
	struct nas_msg msg = { .type = NAS_CONFIGURATION_UPDATE_COMMAND };
	struct nas_configuration_update_command *m = &msg.configuration_update_command;
	struct amf_procedure *p = amf_procedure_begin(amf, ue, AMF_CONFIGURATION_UPDATE);

	if (!p)
		return;
	m->has_configuration_update_indication = m->has_guti = true;
	m->configuration_update_indication = NAS_UPDATE_ACKNOWLEDGE;
	m->guti = (struct nas_mobile_identity){ .type = NAS_IDENTITY_5G_GUTI };
	if (!amf_ue_allocate_tmsi(amf, ue)) {
		amf_procedure_end(amf, p);
		return;
	}
	m->guti.guti = (struct guti){ amf->config.guami, ue->tmsi };
	amf->stat[AMF_STAT_CONF_UPDATE]++;
	if (!amf_n1_send_and_wait(amf, p, NAS_INTEGRITY_CIPHERED, &msg, AMF_T3555_MS))
		amf_procedure_end(amf, p);
}

/* 23.501 5.3.4.1.2; an idle UE is told when it comes. */
void amf_configuration_update_areas(struct amf *amf, struct amf_ue *ue)
{
	struct nas_msg msg = { .type = NAS_CONFIGURATION_UPDATE_COMMAND };
	struct nas_configuration_update_command *m = &msg.configuration_update_command;
	struct tai tais[AMF_TACS_MAX];
	struct nas_tai_partial area = { NAS_TAI_LIST_ONE_PLMN, false, amf_registration_area(amf, ue, tais),
		tais };
	struct nas_tai_partial all = { .type = NAS_TAI_LIST_WHOLE_PLMN, .count = 1, .tais = tais };
	struct amf_procedure *p;

	if ((!amf_mobility_of(ue)->areas_changed && !ue->area_old) || ue->state != MM_REGISTERED ||
		!amf_connection_for(ue, AMF_FOR_NAS) || area.count == 0)
		return;
	p = amf_procedure_begin(amf, ue, AMF_CONFIGURATION_UPDATE);
	if (!p)
		return;
	m->has_configuration_update_indication = m->has_tai_list = m->has_service_area_list = true;
	m->configuration_update_indication = NAS_UPDATE_ACKNOWLEDGE;
	m->tai_list = (struct nas_tai_list){ 1, &area };
	if (!amf_mobility_service_areas(amf, ue, &m->service_area_list))
		m->service_area_list = (struct nas_tai_list){ 1, &all };
	m->has_ladn_information = amf_ladn_information(amf, ue, &m->ladn_information);
	amf->stat[AMF_STAT_CONF_UPDATE]++;
	((struct amf_configuration_update *)p)->areas = true;
	if (!amf_n1_send_and_wait(amf, p, NAS_INTEGRITY_CIPHERED, &msg, AMF_T3555_MS))
		amf_procedure_end(amf, p);
}

/* 23.501 5.15.5.2.2: what the network has no more is rejected in the PLMN, and no session can have it. */
void amf_configuration_update_slices(struct amf *amf, struct amf_ue *ue)
{
	struct nas_msg msg = { .type = NAS_CONFIGURATION_UPDATE_COMMAND };
	struct nas_configuration_update_command *m = &msg.configuration_update_command;
	struct nssai left = amf_nssai_left(amf, ue);
	struct nas_s_nssai allowed[SNSSAI_MAX];
	struct nas_rejected_s_nssai rejected[SNSSAI_MAX];
	struct amf_procedure *p;

	if (left.count == ue->allowed_nssai.count || ue->state != MM_REGISTERED ||
		!amf_connection_for(ue, AMF_FOR_NAS))
		return;
	if (left.count == 0) {
		may_fail(amf_deregister(amf, &ue->supi, true));
		return;
	}
	p = amf_procedure_begin(amf, ue, AMF_CONFIGURATION_UPDATE);
	if (!p)
		return;
	m->has_configuration_update_indication = m->has_allowed_nssai = m->has_rejected_nssai = true;
	m->configuration_update_indication = NAS_UPDATE_ACKNOWLEDGE;
	m->allowed_nssai.items = allowed;
	m->rejected_nssai.items = rejected;
	for (uint8_t i = 0; i < ue->allowed_nssai.count; i++) {
		const struct snssai *s = &ue->allowed_nssai.items[i];

		if (amf_serves_slice(amf, s))
			allowed[m->allowed_nssai.count++] = (struct nas_s_nssai){ .snssai = *s };
		else
			rejected[m->rejected_nssai.count++] =
				(struct nas_rejected_s_nssai){ .cause = NAS_NSSAI_REJECTED_IN_PLMN,
					.snssai = *s };
	}
	((struct amf_configuration_update *)p)->slices = left;
	amf->stat[AMF_STAT_CONF_UPDATE]++;
	if (!amf_n1_send_and_wait(amf, p, NAS_INTEGRITY_CIPHERED, &msg, AMF_T3555_MS))
		amf_procedure_end(amf, p);
}

void amf_configuration_update_due(struct amf *amf, struct amf_ue *ue)
{
	amf_configuration_update_areas(amf, ue);
	if (!amf_procedure_find(ue, AMF_CONFIGURATION_UPDATE))
		amf_configuration_update_slices(amf, ue);
}

enum fsm_outcome amf_configuration_update_complete(void *room, void *context, const void *arg)
{
	struct amf *amf = room;
	struct amf_ue *ue = context;
	struct amf_procedure *p = amf_procedure_find(ue, AMF_CONFIGURATION_UPDATE);
	const struct amf_configuration_update *u = (const struct amf_configuration_update *)p;

	if (!p)
		return FSM_OK; /* of a command that was repeated */
	amf->stat[AMF_STAT_CONF_UPDATES_COMPLETED]++;
	if (u->areas) {
		ue->area_old = false;
		if (ue->mobility)
			ue->mobility->areas_changed = false;
		amf_ue_dirty(amf, ue);
	} else if (u->slices.count > 0) {
		ue->allowed_nssai = u->slices;
		amf_count_registered(amf, ue);
		amf_ue_dirty(amf, ue);
	} else {
		amf_ue_tmsi_acknowledged(amf, ue);
	}
	amf_procedure_end(amf, p);
	amf_configuration_update_due(amf, ue); /* where another one came first */
	return FSM_OK;
}

/* 5.4.4.6 b: the fifth time it is given up, and both identities stay. */
void amf_configuration_update_expired(struct amf *amf, struct amf_procedure *p)
{
	if (!amf_n1_repeat(amf, p, AMF_T3555_MS))
		amf_procedure_end(amf, p);
}
