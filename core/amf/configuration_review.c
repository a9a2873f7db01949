/*
 * Another configuration while UEs are registered and gNBs connected: each UE is looked at, some at a time,
 * and so is each gNB that may not be here any more.
 *
 * - To UEs CONFIGURATION UPDATE COMMAND (24.501 5.4.4.2): names and time; the slices that are left, at once
 * or when the UE comes (23.501 5.15.5.2.2).
 * Their registration areas, where the tracking areas are others (23.501 5.3.2.3).
 * - To those to which no slice is left DEREGISTRATION REQUEST (5.5.2.3.1), to register again.
 * - To a gNB that may not be here, or has no tracking area of ours any more, UE CONTEXT RELEASE COMMAND
 * (38.413 8.3.3) of all its UEs: O&M intervention; then its association ends.
 */
#include "core/amf/mobility.h"
#include "core/amf/ran.h"

enum { BATCH = 64, PAUSE_MS = 10, LEAVING_MS = 3000, TELLING_MS = 3000 };

static void review_ue(struct amf *amf, struct amf_ue *ue)
{
	struct nssai left = amf_nssai_left(amf, ue);

	if (!ue->registered || ue->gone || ue->emergency)
		return;
	if (amf->review.names && ue->state == MM_REGISTERED && amf_connection_for(ue, AMF_FOR_NAS))
		amf_configuration_update(amf, ue);
	ue->area_old |= amf->review.areas;
	amf_configuration_update_areas(amf, ue);
	if (left.count == ue->allowed_nssai.count)
		return;
	if (left.count == 0)
		may_fail(amf_deregister(amf, &ue->supi, true)); /* else when it comes */
	else
		amf_configuration_update_slices(amf, ue);
}

static void review(void *owner, struct timer *t)
{
	struct amf *amf = owner;

	for (int i = 0; i < BATCH; i++) {
		struct amf_ue *ue = pool_next(&amf->ues, &amf->review.at);

		if (!ue) {
			amf->review.names = amf->review.areas = false;
			break;
		}
		amf->review.at++;
		review_ue(amf, ue);
		if (i == BATCH - 1)
			timer_set(&amf->nf.timers, t, env_now_ns(amf->nf.env) + PAUSE_MS * NS_PER_MS, review);
	}
	arena_wipe(&amf->arena);
}

/* True: UEs are left, or have not been confirmed to be gone. */
static bool release_some(struct amf *amf, struct amf_gnb *gnb)
{
	int budget = BATCH;

	list_each(l, next, &gnb->connections)
	{
		struct amf_connection *c = container_of(l, struct amf_connection, link);

		if (c->ue && budget-- > 0)
			amf_connection_release(amf, c, ngap_cause_of_misc(NGAP_CAUSE_MISC_OM_INTERVENTION));
	}
	return gnb->connection_count > 0;
}

static bool may_stay(const struct amf *amf, const struct amf_gnb *gnb)
{
	return gnb->absent ||
	       (amf_gnb_is_configured(amf, &gnb->peer) && (!gnb->node_id || amf_gnb_is_served(amf, gnb)));
}

/* True: its UEs are being released, or it may tell us of other tracking areas yet. */
static bool waits(struct amf *amf, struct amf_gnb *gnb, uint64_t now_ns)
{
	uint64_t from_ns = amf->review.from_ns;

	if (!amf_gnb_is_configured(amf, &gnb->peer))
		from_ns = amf->review.from_ns - TELLING_MS * (uint64_t)NS_PER_MS;
	if (now_ns < from_ns)
		return true;
	return release_some(amf, gnb) && now_ns < from_ns + LEAVING_MS * (uint64_t)NS_PER_MS;
}

static void gnbs_leave(void *owner, struct timer *t)
{
	struct amf *amf = owner;
	uint64_t now_ns = env_now_ns(amf->nf.env);
	bool wait = false;

	for (uint32_t i = 0;; i++) {
		struct amf_gnb *gnb = pool_next(&amf->gnbs, &i);

		if (!gnb)
			break;
		if (may_stay(amf, gnb))
			continue;
		if (waits(amf, gnb, now_ns)) {
			wait = true;
			continue;
		}
		log_info(amf->nf.env->log, "gNB %s is not in %s any more: its association ends", gnb->name,
			amf_gnb_is_configured(amf, &gnb->peer) ? "a tracking area of tacs"
							       : "gnbs of its entry in core.amfs");
		amf_gnb_end(amf, gnb);
	}
	if (wait)
		timer_set(&amf->nf.timers, t, now_ns + PAUSE_MS * NS_PER_MS, gnbs_leave);
	arena_wipe(&amf->arena);
}

void amf_configuration_review(struct amf *amf, bool names, bool areas)
{
	uint64_t now_ns = env_now_ns(amf->nf.env);

	amf->review.names |= names;
	amf->review.areas |= areas;
	amf->review.at = 0;
	timer_set(&amf->nf.timers, &amf->review.ues, now_ns, review);
	amf->review.from_ns = now_ns + TELLING_MS * (uint64_t)NS_PER_MS;
	timer_set(&amf->nf.timers, &amf->review.gnbs, now_ns, gnbs_leave);
}

uint64_t amf_ues_at_gnb(const struct amf *amf, struct bytes name)
{
	const struct amf_gnb *gnb;
	uint64_t ues = 0;

	for (uint32_t i = 0; (gnb = pool_next(&amf->gnbs, &i)) != NULL; i++)
		ues += bytes_equal(name, bytes_of_str(gnb->name)) ? gnb->connection_count : 0;
	return ues;
}

uint64_t amf_ues_not_of(const struct amf *amf, const struct prefix4 *prefixes, uint8_t count)
{
	const struct amf_gnb *gnb;
	uint64_t ues = 0;

	for (uint32_t i = 0; count > 0 && (gnb = pool_next(&amf->gnbs, &i)) != NULL; i++) {
		bool stays = false;

		for (uint8_t k = 0; k < count; k++)
			stays |= prefix4_has(&prefixes[k], addr_v4(&gnb->peer));
		ues += stays ? 0 : gnb->connection_count;
	}
	return ues;
}

uint64_t amf_ues_outside(const struct amf *amf, const uint32_t *tacs, uint8_t count)
{
	const struct amf_gnb *gnb;
	uint64_t ues = 0;

	for (uint32_t i = 0; (gnb = pool_next(&amf->gnbs, &i)) != NULL; i++) {
		bool stays = false;

		for (uint16_t k = 0; k < gnb->tai_count; k++)
			for (uint8_t n = 0; n < count; n++)
				stays |= gnb->tais[k].tac == tacs[n];
		ues += stays ? 0 : gnb->connection_count;
	}
	return ues;
}
