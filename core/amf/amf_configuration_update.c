/*
 * AMF Configuration Update, 38.413 8.7.3: what gNBs know of this AMF since NG Setup has changed: its relative
 * capacity, its slices. And AMF Status Indication, 8.7.6: it will be gone.
 *
 *   AMF -> gNB  AMF CONFIGURATION UPDATE
 *   gNB -> AMF  AMF CONFIGURATION UPDATE ACKNOWLEDGE
 *   gNB -> AMF  AMF CONFIGURATION UPDATE FAILURE        again after its Time to Wait, else not
 *   AMF -> gNB  AMF STATUS INDICATION                   before an orderly end, with the GUAMI
 *
 * Without an answer the same is sent again (8.7.3.4), a few times. What changes meanwhile waits for the
 * answer.
 */
#include "core/amf/ran.h"

enum { UPDATES_MAX = 4 };

static void update_expired(void *owner, struct timer *t);

static void update_send(struct amf *amf, struct amf_gnb *gnb)
{
	struct ngap_amf_configuration_update m = { .has_relative_amf_capacity = true,
		.relative_amf_capacity = gnb->capacity };
	struct ngap_slice_support_item slices[SNSSAI_MAX] = { 0 };
	struct ngap_plmn_support_item plmn = { 0 };
	struct ngap_plmn_support_list plmns = { 1, &plmn };

	if (gnb->update_slices && amf_plmn_support(amf, &gnb->slices, slices, &plmn))
		m.plmn_support_list = &plmns;
	gnb->updates++;
	timer_set(&amf->nf.timers, &gnb->update, env_now_ns(amf->nf.env) + AMF_UPDATE_GUARD_S * NS_PER_S,
		update_expired);
	if (amf_n2_send(amf, gnb, 0, NGAP_MSG_AMF_CONFIGURATION_UPDATE, &m))
		amf->stat[AMF_STAT_UPDATES]++;
}

static bool slices_differ(const struct amf *amf, const struct amf_gnb *gnb)
{
	return !snssais_equal(
		gnb->slices.items, gnb->slices.count, amf->config.slices, amf->config.slice_count);
}

static bool is_old(const struct amf *amf, const struct amf_gnb *gnb)
{
	return gnb->capacity != amf->config.relative_capacity || slices_differ(amf, gnb);
}

/* What it has acknowledged, or refused for good, may be old by now. */
static void update_end(struct amf *amf, struct amf_gnb *gnb)
{
	timer_stop(&amf->nf.timers, &gnb->update);
	gnb->updates = 0;
	if (is_old(amf, gnb))
		amf_configuration_update_gnb(amf, gnb);
}

static void update_expired(void *owner, struct timer *t)
{
	struct amf *amf = owner;
	struct amf_gnb *gnb = container_of(t, struct amf_gnb, update);

	if (gnb->updates < UPDATES_MAX) {
		update_send(amf, gnb);
	} else {
		amf->stat[AMF_STAT_UPDATES_FAILED]++;
		log_warn(amf->nf.env->log, "gNB %s does not answer to AMF CONFIGURATION UPDATE", gnb->name);
		update_end(amf, gnb);
	}
	arena_wipe(&amf->arena);
}

void amf_configuration_update_gnb(struct amf *amf, struct amf_gnb *gnb)
{
	if (gnb->updates > 0)
		return; /* it waits */
	gnb->capacity = amf->config.relative_capacity;
	gnb->update_slices = slices_differ(amf, gnb);
	gnb->slices = amf_slices(amf);
	update_send(amf, gnb);
}

void amf_configuration_changed(struct amf *amf)
{
	for (uint32_t i = 0;; i++) {
		struct amf_gnb *gnb = pool_next(&amf->gnbs, &i);

		if (!gnb)
			break;
		if (gnb->node_id && !gnb->absent && is_old(amf, gnb))
			amf_configuration_update_gnb(amf, gnb);
	}
	arena_wipe(&amf->arena);
}

void amf_configuration_update_acknowledge(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	if (gnb->updates > 0)
		update_end(amf, gnb);
	else
		amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
}

void amf_configuration_update_failure(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	static const uint8_t wait_s[NGAP_TIME_TO_WAIT_N] = { 1, 2, 5, 10, 20, 60 };
	const struct ngap_amf_configuration_update_failure *m = body;
	char text[NGAP_CAUSE_TEXT_SIZE];

	if (gnb->updates == 0) {
		amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
		return;
	}
	amf->stat[AMF_STAT_UPDATES_FAILED]++;
	log_warn(amf->nf.env->log, "gNB %s does not take the AMF's configuration: %s", gnb->name,
		ngap_cause_text(m->no_cause ? NULL : &m->cause, text));
	if (m->has_time_to_wait && m->time_to_wait < NGAP_TIME_TO_WAIT_N && gnb->updates < UPDATES_MAX)
		timer_set(&amf->nf.timers, &gnb->update,
			env_now_ns(amf->nf.env) + wait_s[m->time_to_wait] * NS_PER_S, update_expired);
	else
		update_end(amf, gnb);
}

void amf_close(struct amf *amf)
{
	struct ngap_unavailable_guami_item item = { 0 };
	const struct ngap_amf_status_indication m = { { 1, &item } };

	if (!ngap_guami_of(&amf->config.guami, &amf->arena, &item.guami))
		return;
	for (uint32_t i = 0;; i++) {
		struct amf_gnb *gnb = pool_next(&amf->gnbs, &i);

		if (!gnb)
			break;
		if (gnb->node_id && !gnb->absent)
			amf_n2_send(amf, gnb, 0, NGAP_MSG_AMF_STATUS_INDICATION, &m);
	}
	arena_wipe(&amf->arena);
}
