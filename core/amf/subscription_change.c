/*
 * Another subscription while the UE is registered: 23.502 4.2.4.2 and 23.501 5.3.4.1.2, what would come by
 * Nudm_SDM_Notification (29.503 5.2.2.3).
 *
 *   AMF -> gNB  UE CONTEXT MODIFICATION REQUEST    38.413 8.3.4: another UE-AMBR
 *   AMF -> UE   CONFIGURATION UPDATE COMMAND       24.501 5.4.4.2: other areas, at once or when the UE comes;
 * its gNB gets them in DOWNLINK NAS TRANSPORT (38.413 8.6.2) or DEREGISTRATION REQUEST          5.5.2.3.1: it
 * may not be where it is any more The other timers and modes are agreed on at the next registration.
 */
#include "core/amf/emergency.h"
#include "core/amf/ladn.h"
#include "core/amf/mobility.h"

static bool tacs_equal(const struct amf_tacs *a, const struct amf_tacs *b)
{
	return a->count == b->count && memcmp(a->items, b->items, a->count * sizeof(a->items[0])) == 0;
}

static bool areas_equal(const struct amf_mobility *a, const struct amf_mobility *b)
{
	return a->restriction == b->restriction && a->has_areas_max == b->has_areas_max &&
	       a->areas_max == b->areas_max && a->ladns == b->ladns && tacs_equal(&a->areas, &b->areas) &&
	       tacs_equal(&a->forbidden, &b->forbidden);
}

static void deregister(struct amf *amf, struct amf_ue *ue, uint8_t cause)
{
	struct amf_deregistration_wait wanted = { .cause = cause };

	log_info(amf->nf.env->log, "imsi-%s: its subscription does not allow it in tracking area %u any more",
		ue->supi.imsi, ue->tai.tac);
	amf_mm_event(amf, ue, MM_EV_WITHDRAWN, &wanted);
}

/* What the UE may not have been told is told to it once more. */
static void mobility_changed(
	struct amf *amf, struct amf_ue *ue, const struct access_and_mobility_subscription_data *data)
{
	struct amf_mobility before = *amf_mobility_of(ue);
	uint8_t cause;

	if (!amf_mobility_take(ue, data) || !amf_ladn_take(amf, ue, data, UINT8_MAX)) {
		amf->stat[AMF_STAT_EXHAUSTED]++;
		return;
	}
	if (!ue->mobility)
		return;
	amf_ue_dirty(amf, ue);
	cause = amf_mobility_refusal(amf, ue, ue->tai.tac);
	if (cause && !amf_emergency_has(ue)) {
		deregister(amf, ue, cause);
		return;
	}
	if (!amf_mobility_use_area(amf, ue, ue->tai.tac, false) || areas_equal(&before, ue->mobility))
		return;
	ue->mobility->areas_changed = true;
	amf_configuration_update_areas(amf, ue);
}

static uint64_t msisdn_of(const struct text_list *gpsis)
{
	uint64_t msisdn = 0;

	for (uint32_t i = 0; !msisdn && i < gpsis->count; i++)
		msisdn = msisdn_of_gpsi(gpsis->items[i]);
	return msisdn;
}

void amf_subscription_take(struct amf_ue *ue, const struct access_and_mobility_subscription_data *data)
{
	ue->ambr = data->subscribed_ue_ambr ? *data->subscribed_ue_ambr : (struct ambr){ 0 };
	ue->msisdn = msisdn_of(&data->gpsis);
}

void amf_subscription_changed(
	struct amf *amf, const struct supi *supi, const struct access_and_mobility_subscription_data *data)
{
	struct amf_ue *ue = amf_ue_by_supi(amf, supi);

	if (!ue || !ue->registered)
		return;
	if (data->subscribed_ue_ambr)
		amf_ue_ambr_changed(amf, ue, data->subscribed_ue_ambr);
	if (ue->msisdn != msisdn_of(&data->gpsis)) {
		ue->msisdn = msisdn_of(&data->gpsis);
		amf_ue_dirty(amf, ue);
	}
	mobility_changed(amf, ue, data);
}
