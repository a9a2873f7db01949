/*
 * RAN Configuration Update, 38.413 8.7.2: slices and tracking areas that have come or gone since NG Setup.
 *
 *   gNB -> AMF  RAN CONFIGURATION UPDATE              tracking areas with all slices
 *   AMF -> gNB  RAN CONFIGURATION UPDATE ACKNOWLEDGE
 *   AMF -> gNB  RAN CONFIGURATION UPDATE FAILURE      it knows those of before: again after its Time to Wait
 *
 * What an AMF does not answer its next NG Setup has.
 */
#include "gnb/internal.h"
#include "gnb/n2_handlers.h"
#include "gnb/xn.h"

static void tell(struct gnb *gnb, struct gnb_amf *amf)
{
	struct ngap_slice_support_item slices[SNSSAI_MAX] = { 0 };
	struct ngap_broadcast_plmn_item plmn = { 0 };
	struct ngap_supported_ta_item tas[GNB_CELLS_MAX] = { 0 };
	struct ngap_supported_ta_list list = { 0, tas };
	const struct ngap_ran_configuration_update m = { .supported_ta_list = &list };
	uint8_t count;

	timer_stop(&gnb->timers, &amf->update);
	if (amf->state != NG_READY || !gnb_supported_tas(gnb, slices, &plmn, tas, &count))
		return;
	list.count = count;
	may_fail(gnb_n2_send(
		gnb, amf, 0, NGAP_MSG_RAN_CONFIGURATION_UPDATE, &m)); /* a full outbox is counted */
}

static void again(void *owner, struct timer *t)
{
	tell(owner, container_of(t, struct gnb_amf, update));
}

static void tell_all(struct gnb *gnb)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++)
		tell(gnb, &gnb->amfs[i]);
}

/* What a slice has counted that goes is of all others, the last row, from now on. */
static void move_figures(struct gnb_figures *f, const struct gnb_config *before, const struct gnb_config *c)
{
	uint64_t old[SNSSAI_MAX + 1][GNB_SLICE_STAT_COUNT];
	uint8_t to;

	for (size_t i = 0; i <= SNSSAI_MAX; i++)
		for (size_t k = 0; k < GNB_SLICE_STAT_COUNT; k++) {
			old[i][k] = f->by_slice[i][k];
			f->by_slice[i][k] = 0;
		}
	for (uint8_t i = 0; i <= before->slice_count; i++) {
		for (to = 0; to < c->slice_count; to++)
			if (i < before->slice_count && snssai_equal(&before->slices[i], &c->slices[to]))
				break;
		for (size_t k = 0; k < GNB_SLICE_STAT_COUNT; k++)
			f->by_slice[to][k] += old[i][k];
	}
}

void gnb_slices_take(struct gnb *gnb, const struct gnb_config *c)
{
	if (c->slice_count == 0 ||
		snssais_equal(gnb->config.slices, gnb->config.slice_count, c->slices, c->slice_count))
		return;
	move_figures(&gnb->figures, &gnb->config, c);
	for (gnb->config.slice_count = 0; gnb->config.slice_count < c->slice_count; gnb->config.slice_count++)
		gnb->config.slices[gnb->config.slice_count] = c->slices[gnb->config.slice_count];
	tell_all(gnb);
}

void gnb_tacs_take(struct gnb *gnb, const struct gnb_config *c)
{
	bool same = true;

	for (uint8_t i = 0; i < gnb->config.cell_count && i < c->cell_count; i++) {
		uint32_t tac = c->cells[i].tac;

		same &= gnb->config.cells[i].tac == tac;
		gnb->config.cells[i].tac = gnb->own.cells[i].tac = gnb->places[i].tai.tac = tac;
	}
	if (same)
		return;
	tell_all(gnb);
	gnb_xn_cells_changed(gnb);
}

void gnb_n2_ran_configuration_update_acknowledge(
	struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	uint32_t tacs[GNB_CELLS_MAX];

	log_info(gnb->env->log, "AMF %s knows %u slices of this gNB, and %u tracking areas", amf->name,
		gnb->config.slice_count, gnb_cell_tacs(&gnb->config, tacs));
}

void gnb_n2_ran_configuration_update_failure(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_ran_configuration_update_failure *m = pdu->u.ran_configuration_update_failure;
	uint32_t s = gnb_time_to_wait_s(m->has_time_to_wait, m->time_to_wait);
	char text[NGAP_CAUSE_TEXT_SIZE];

	log_warn(gnb->env->log,
		"AMF %s does not take this gNB's slices and tracking areas: %s; it knows those of before, "
		"next attempt in %u s",
		amf->name, ngap_cause_text(m->no_cause ? NULL : &m->cause, text), s);
	timer_set(&gnb->timers, &amf->update, env_now_ns(gnb->env) + s * NS_PER_S, again);
}
