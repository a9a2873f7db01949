/*
 * Paging, 23.502 4.2.3.3 steps 3b to 6 and 38.413 8.5.1: an idle UE for which somebody has something.
 *
 *   SMF -> AMF  Namf_Communication_N1N2MessageTransfer    n1n2_transfer.c, where it waits
 *   AMF -> SMF  ATTEMPTING_TO_REACH_UE
 *   AMF -> gNB  PAGING                where it was, then in that tracking area, then in its registration
 *                                     area, in which it moves without a word; each time for T3513
 *   UE  -> AMF  SERVICE REQUEST, or REGISTRATION REQUEST       which end the paging (procedure.c)
 *   AMF -> SMF  Namf_Communication_N1N2TransferFailureNotification    or it did not answer
 */
#include "core/amf/mobility.h"
#include "core/amf/paging.h"

/* 38.413 9.3.1.78; ARPs up to it are of prioritized services (23.501 5.7.2.2). */
enum { PRIO_LEVELS = 8 };

static uint8_t attempts(const struct amf *amf)
{
	return amf->config.paging_attempts ? amf->config.paging_attempts : AMF_PAGING_ATTEMPTS;
}

/* All attempts together last a cycle of extended DRX: its gNB has the UE's paging time window
 * (23.501 5.31.7.2.2.3). */
static uint32_t t3513_ms(const struct amf *amf, const struct amf_ue *ue)
{
	uint32_t usual = amf->config.t3513_ms ? amf->config.t3513_ms : AMF_T3513_MS;
	uint32_t cycle = amf_edrx_cycle_ms(ue) / attempts(amf);

	return cycle > usual ? cycle : usual;
}

uint32_t amf_paging_ms(const struct amf *amf, const struct amf_ue *ue)
{
	return attempts(amf) * t3513_ms(amf, ue);
}

bool amf_paging_is_possible(const struct amf_ue *ue)
{
	return ue->state == MM_REGISTERED && !amf_connection_for(ue, AMF_FOR_NAS) && !ue->unreachable;
}

/* Wider each time. */
enum reach { LAST_GNB, LAST_AREA, WHOLE_AREA, REACHES };

/* The tracking areas of the reach. */
struct areas {
	uint8_t count;
	struct tai items[AMF_TACS_MAX];
};

static struct areas areas_of(const struct amf *amf, const struct amf_ue *ue, enum reach reach)
{
	struct areas a = { 1, { ue->tai } };

	if (reach == WHOLE_AREA)
		a.count = amf_registration_area(amf, ue, a.items);
	return a;
}

static bool gnb_has_one(const struct amf *amf, const struct amf_gnb *gnb, const struct areas *areas)
{
	for (uint8_t i = 0; i < areas->count; i++)
		if (amf_gnb_has_tai(amf, gnb, &areas->items[i]))
			return true;
	return false;
}

static bool tai_list_of(struct amf *amf, const struct areas *areas, struct ngap_tai_list_for_paging *out)
{
	out->items = arena_array(&amf->arena, areas->count, sizeof(*out->items));
	for (out->count = 0; out->items && out->count < areas->count; out->count++)
		if (!ngap_tai_of(&areas->items[out->count], &amf->arena, &out->items[out->count].tai))
			return false;
	return out->items != NULL;
}

static struct ngap_assistance_data_for_paging assistance_of(
	const struct amf *amf, const struct amf_paging *p, struct ngap_paging_attempt_information *attempt)
{
	*attempt = (struct ngap_paging_attempt_information){ .paging_attempt_count = p->p.retries + 1,
		.intended_number_of_paging_attempts = attempts(amf) };
	return (struct ngap_assistance_data_for_paging){ .paging_attempt_information = attempt };
}

static bool page(struct amf *amf, const struct amf_ue *ue, const struct amf_paging *p, struct amf_gnb *gnb,
	const struct areas *areas)
{
	uint8_t tmsi[4];
	struct writer w = writer_of(tmsi, sizeof(tmsi));
	struct ngap_paging_attempt_information attempt;
	struct ngap_assistance_data_for_paging assistance = assistance_of(amf, p, &attempt);
	struct ngap_paging m = {
		.ue_paging_identity = { NGAP_UE_PAGING_IDENTITY_TAG_FIVE_G_S_TMSI,
			{ .five_g_s_tmsi = { amf->config.guami.amf_set_id, amf->config.guami.amf_pointer,
				  bytes_of(tmsi, sizeof(tmsi)) } } },
		.has_paging_priority = p->arp_priority_level >= 1 && p->arp_priority_level <= PRIO_LEVELS,
		.paging_priority = (enum ngap_paging_priority)(p->arp_priority_level - 1),
		.assistance_data_for_paging = &assistance,
		.nr_paging_edrx_information = amf_ie_edrx(amf, ue),
	};

	m.has_paging_drx = amf_ie_drx(ue, &m.paging_drx);
	/* 24.501 5.4.4.6, 5.5.1.2.8: a UE that has not acknowledged its 5G-GUTI is paged by the old one
	 * first. */
	writer_u32(&w, ue->old_tmsi && p->p.retries < attempts(amf) / 2 ? ue->old_tmsi : ue->tmsi);
	return tai_list_of(amf, areas, &m.tai_list_for_paging) &&
	       amf_n2_send_whose(amf, gnb, 0, amf_ue_whose(ue), NGAP_MSG_PAGING, &m);
}

static uint32_t page_reach(
	struct amf *amf, const struct amf_ue *ue, const struct amf_paging *p, enum reach reach)
{
	struct areas areas = areas_of(amf, ue, reach);
	uint32_t pages = 0;

	for (uint32_t i = 0;; i++) {
		struct amf_gnb *gnb = pool_next(&amf->gnbs, &i);

		if (!gnb)
			return pages;
		if (gnb->node_id && !gnb->absent && gnb_has_one(amf, gnb, &areas) &&
			(reach != LAST_GNB || gnb->node_id == ue->last_node_id))
			pages += page(amf, ue, p, gnb, &areas);
	}
}

/* Where nobody is in reach, farther at once. */
static void page_all(struct amf *amf, const struct amf_ue *ue, const struct amf_paging *p)
{
	enum reach reach = p->p.retries < REACHES ? (enum reach)p->p.retries : WHOLE_AREA;

	while (page_reach(amf, ue, p, reach) == 0 && reach < WHOLE_AREA)
		reach++;
}

bool amf_paging_begin(struct amf *amf, struct amf_ue *ue, uint8_t arp_priority_level)
{
	struct amf_paging *p = amf_paging_of(ue);
	bool urgent = p && arp_priority_level && arp_priority_level < p->arp_priority_level;

	if (p && !urgent)
		return true;
	if (!p) {
		p = (struct amf_paging *)amf_procedure_begin(amf, ue, AMF_PAGING);
		if (!p)
			return false;
		amf->stat[AMF_STAT_PAGINGS]++;
		amf_procedure_wait(amf, &p->p, t3513_ms(amf, ue));
	}
	p->arp_priority_level = arp_priority_level;
	page_all(amf, ue, p);
	return true;
}

/* It is answered when the UE is connected. */
void amf_paging_ended(struct amf *amf, struct amf_procedure *p)
{
	amf->stat[AMF_STAT_PAGINGS_ANSWERED] += amf_connection_for(p->ue, AMF_FOR_NAS) != NULL;
}

/* 24.501 5.6.2.2.1 (T3513): again, or given up, of which those hear who wanted the UE. */
void amf_paging_expired(struct amf *amf, struct amf_procedure *at)
{
	struct amf_paging *p = (struct amf_paging *)at;
	struct amf_ue *ue = at->ue;

	if (++at->retries < attempts(amf)) {
		page_all(amf, ue, p);
		amf_procedure_wait(amf, at, t3513_ms(amf, ue));
		return;
	}
	amf->stat[AMF_STAT_PAGINGS_FAILED]++;
	log_info(amf->nf.env->log, "imsi-%s: does not answer to %u pagings", ue->supi.imsi, at->retries);
	amf_procedure_end(amf, at);
}
