/*
 * Handover and re-establishment of the RRC connection over the simulated link, 38.331 5.3.5.5 and 5.3.7.
 *
 *   source               UE                      target
 *    |-- reconfiguration ->|                        |    T304; keys by NH and NCC (33.501 6.9.2.3)
 *    |                     |-- complete ----------->|    with the C-RNTI, again until the cell is heard
 *    |                     |<- anything ------------|    the UE is there
 *    |<- reestablishment --|                             T304 expired: back, by the source's keys; T311
 *    |     request         |
 *    |-- reestablishment ->|                             or nothing, or LOST: the connection has failed
 *
 * A UE whose cell is gone asks the same of another, 5.3.7.3.
 */
#include "radio/uu.h"
#include "radio/uu_rrc.h"
#include "radio/uu_security.h"
#include "ue/internal.h"
#include "ue/reconfiguration.h"
#include "ue/rrc_sim.h"

enum { REPEAT_MS = 40, REESTABLISHMENT_MS = 1000 };

void ue_mobility_init(struct ue_host *host, uint32_t max)
{
	pool_init(&host->moves, sizeof(struct ue_move), max);
}

static const struct ue_cell *cell_of_pci(const struct ue_host *host, uint16_t pci)
{
	for (size_t i = 0; i < host->cell_count; i++)
		if (host->cells[i].pci == pci)
			return &host->cells[i];
	return NULL;
}

/* 33.501 6.7.3.2, 6.9.2.1.1: K_gNB of the NAS, and where the chain of NHs begins. */
void ue_as_begin(struct ue *ue, uint8_t ia)
{
	struct ue_as *as = &ue->radio.as;

	*as = (struct ue_as){ .ia = ia, .c_rnti = as->c_rnti };
	as->active = ue->host->rrc->k_gnb(ue, as->keys.k_amf, as->keys.k_gnb) &&
		     bytes_copy(as->keys.nh, sizeof(as->keys.nh), BYTES(as->keys.k_gnb));
}

static void complete_send(struct ue *ue)
{
	struct uu_rrc_msg m = { .type = UU_RRC_RECONFIGURATION_COMPLETE, .c_rnti = ue->radio.as.c_rnti };

	if (uu_mac_i(ue->radio.as.keys.k_gnb, ue->radio.as.ia, (uint8_t)m.type, m.c_rnti, &m.mac))
		ue_rrc_send(ue, &m);
}

static void request_send(struct ue *ue)
{
	const struct ue_as *as = &ue->radio.as;
	const struct ue_cell *cell = ue_cell_of(ue), *before = ue_cell_at(ue->host, &ue->radio.move->source);
	struct uu_rrc_msg m = { .type = UU_RRC_REESTABLISHMENT_REQUEST, .c_rnti = as->c_rnti };

	if (!cell || !before ||
		!uu_short_mac_i(as->keys.k_gnb, as->ia, before->pci, as->c_rnti, cell->nci, &m.short_mac))
		return;
	m.pci = before->pci;
	ue_rrc_send(ue, &m);
}

/* The random access of 38.321 and the layers below would repeat it. */
static void repeat(void *owner, struct timer *t)
{
	struct ue_move *v = container_of(t, struct ue_move, repeat);

	if (v->returning)
		request_send(v->ue);
	else
		complete_send(v->ue);
	ue_timer_set(v->ue, &v->repeat, REPEAT_MS, 0, repeat);
}

static void returned_in_vain(void *owner, struct timer *t)
{
	ue_link_failed(container_of(t, struct ue_move, timer)->ue);
}

/* 5.3.7.2, 5.3.7.3: with the configuration of the cell where it was. */
static void reestablish(struct ue_move *v, const struct addr *at)
{
	struct ue *ue = v->ue;

	v->returning = true;
	ue->radio.as = v->source_as;
	ue->radio.gnb = *at;
	ue->radio.connection++;
	ue->radio.keepalives_lost = 0;
	request_send(ue);
	ue_timer_set(ue, &v->repeat, REPEAT_MS, 0, repeat);
	ue_timer_set(ue, &v->timer, REESTABLISHMENT_MS, 0, returned_in_vain);
}

/* 5.3.5.8.3 */
static void turn_back(struct ue_move *v)
{
	v->ue->host->stat[UE_STAT_HANDOVER_FAILURES]++;
	ue_say(v->ue, UE_EVENT_HANDOVER_FAILED, 0, 0, "handover failed; back to the cell before");
	reestablish(v, &v->source);
}

bool ue_reestablish(struct ue *ue, const struct addr *gnb)
{
	struct ue_move *v = ue->radio.move;

	if (!ue->radio.connected || !ue->radio.as.active || ue->host->air_radio)
		return false;
	if (!v) {
		v = pool_alloc(&ue->host->moves);
		if (!v)
			return false;
		*v = (struct ue_move){ .ue = ue, .source = ue->radio.gnb, .source_as = ue->radio.as };
		ue->radio.move = v;
	}
	reestablish(v, gnb);
	arena_reset(&ue->host->arena);
	return true;
}

static void t304_expired(void *owner, struct timer *t)
{
	turn_back(container_of(t, struct ue_move, timer));
}

void ue_rrc_reconfigured(struct ue *ue, struct bytes rrc)
{
	struct ue_host *host = ue->host;
	struct ue_as *as = &ue->radio.as;
	struct ue_move *v = as->active && !ue->radio.move ? pool_alloc(&host->moves) : NULL;
	const struct ue_cell *to;
	bool ok;

	if (!v) {
		host->stat[UE_STAT_AIR_REFUSED]++;
		return;
	}
	v->ue = ue;
	v->source = ue->radio.gnb;
	v->source_as = *as;
	ue->radio.move = v;
	ok = ue_reconfiguration_read(rrc, &host->arena, &v->target);
	to = ok ? cell_of_pci(host, v->target.pci) : NULL;
	/* 33.501 6.9.2.3.4, 38.331 5.3.5.7: the chain begins anew with the NAS' present K_AMF. */
	if (ok && v->target.key_set_changed)
		ue_as_begin(ue, as->ia);
	ok = ok && as->active &&
	     rrc_key_next(&as->keys, v->target.pci, UU_SSB_ARFCN,
		     v->target.has_ncc ? v->target.ncc : as->keys.ncc);
	if (!ok || !to) { /* not to be obeyed, or no such cell in sight */
		turn_back(v);
		return;
	}
	as->ia = v->target.ia;
	as->c_rnti = v->target.c_rnti;
	ue->radio.gnb = to->at;
	ue->radio.connection++;
	ue->radio.keepalives_lost = 0;
	complete_send(ue);
	ue_timer_set(ue, &v->repeat, REPEAT_MS, 0, repeat);
	ue_timer_set(ue, &v->timer, v->target.t304_ms, 0, t304_expired);
}

/* The target was heard: 5.3.5.3, the random access is done. */
void ue_move_heard(struct ue *ue)
{
	struct ue_move *v = ue->radio.move;
	const struct ue_cell *cell = ue_cell_of(ue);
	struct ue_reconfiguration target;
	bool same;

	if (!v || v->returning)
		return;
	target = v->target;
	same = addr_equal(&v->source, &ue->radio.gnb);
	ue_move_end(ue);
	if (!same) {
		ue->host->stat[UE_STAT_HANDOVERS]++;
		ue_say(ue, UE_EVENT_HANDED_OVER, 0, 0, "handed over to another cell");
	}
	ue->host->rrc->handed_over(ue, target.bearers, target.count, cell && !same ? &cell->tai : NULL);
}

bool ue_move_refused(struct ue *ue)
{
	struct ue_move *v = ue->radio.move;

	if (!v || v->returning)
		return false;
	turn_back(v);
	return true;
}

/* 5.3.7.5 */
void ue_rrc_reestablished(struct ue *ue, uint8_t ncc)
{
	const struct ue_cell *cell = ue_cell_of(ue);
	struct uu_rrc_msg m = { .type = UU_RRC_REESTABLISHMENT_COMPLETE };
	struct ue_as *as = &ue->radio.as;
	bool elsewhere;

	if (!ue->radio.move || !ue->radio.move->returning || !cell) {
		ue->host->stat[UE_STAT_AIR_REFUSED]++;
		return;
	}
	elsewhere = !addr_equal(&ue->radio.move->source, &ue->radio.gnb);
	ue_move_end(ue);
	if (elsewhere)
		as->c_rnti = (uint16_t)ue_link_index(ue); /* of this cell's random access */
	if (!rrc_key_next(&as->keys, cell->pci, UU_SSB_ARFCN, ncc) ||
		!uu_mac_i(as->keys.k_gnb, as->ia, (uint8_t)m.type, as->c_rnti, &m.mac)) {
		ue_link_failed(ue);
		return;
	}
	ue_rrc_send(ue, &m);
	ue->host->stat[UE_STAT_REESTABLISHMENTS]++;
	ue_say(ue, UE_EVENT_REESTABLISHED, 0, 0, "connection re-established");
	if (elsewhere)
		ue->host->rrc->moved(ue, &cell->tai);
}
