/*
 * Public warnings, 38.413 8.9 and 23.041: an operator's, as there is no cell broadcast centre.
 *
 *   AMF -> gNB  WRITE-REPLACE WARNING REQUEST     8.9.1: to each gNB of the area, also those that come later
 *   gNB -> AMF  WRITE-REPLACE WARNING RESPONSE    in which cells; in none: it cannot
 *   AMF -> gNB  PWS CANCEL REQUEST                8.9.2
 *   gNB -> AMF  PWS CANCEL RESPONSE
 *   gNB -> AMF  PWS RESTART INDICATION            8.9.3: it has none any more, and gets them again
 *   gNB -> AMF  PWS FAILURE INDICATION            8.9.4: cells that do not broadcast any more
 *
 * What a gNB does not answer it gets again, a few times. What is cancelled is kept for AMF_WARNING_CANCEL_S,
 * for gNBs that were away.
 */
#include <stdlib.h>

#include "core/amf/warning.h"

enum { ASKED_MAX = 3 };

static uint64_t now_s(const struct amf *amf)
{
	return env_utc_ms(amf->nf.env) / MS_PER_S;
}

static bool is_over(const struct amf *amf, const struct amf_warning_record *r)
{
	if (r->cancelled_s)
		return now_s(amf) > r->cancelled_s + AMF_WARNING_CANCEL_S;
	return r->broadcasts && now_s(amf) > r->begun_s + (uint64_t)r->broadcasts * r->repetition_s;
}

static void slot_free(struct amf *amf, size_t i)
{
	for (uint32_t k = 0;; k++) {
		struct amf_gnb *gnb = pool_next(&amf->gnbs, &k);

		if (!gnb)
			break;
		gnb->warnings &= ~(UINT64_C(1) << i);
	}
	free(amf->warnings[i]);
	amf->warnings[i] = NULL;
}

/* Those whose time is over are no more. */
static void sweep(struct amf *amf)
{
	for (size_t i = 0; i < AMF_WARNINGS_MAX; i++)
		if (amf->warnings[i] && is_over(amf, &amf->warnings[i]->r)) {
			amf_warning_delete(amf, amf->warnings[i]);
			slot_free(amf, i);
		}
}

static int slot_of(const struct amf *amf, uint16_t id, uint16_t serial)
{
	for (int i = 0; i < AMF_WARNINGS_MAX; i++)
		if (amf->warnings[i] && amf->warnings[i]->r.id == id && amf->warnings[i]->r.serial == serial)
			return i;
	return -1;
}

static bool area_of(
	struct amf *amf, const struct amf_warning_record *r, struct ngap_tai_list_for_warning *out)
{
	out->items = arena_array(&amf->arena, r->area_count, sizeof(*out->items));
	for (out->count = 0; out->items && out->count < r->area_count; out->count++) {
		struct tai tai = { amf->config.guami.plmn, r->area[out->count].tac };

		if (!ngap_tai_of(&tai, &amf->arena, &out->items[out->count]))
			return false;
	}
	return out->items != NULL;
}

static bool concerns(const struct amf *amf, const struct amf_warning_record *r, const struct amf_gnb *gnb)
{
	for (uint8_t i = 0; i < r->area_count; i++) {
		struct tai tai = { amf->config.guami.plmn, r->area[i].tac };

		if (amf_gnb_has_tai(amf, gnb, &tai))
			return true;
	}
	return r->area_count == 0;
}

static void guard(void *owner, struct timer *t);

static void guard_set(struct amf *amf, struct amf_gnb *gnb)
{
	timer_set(&amf->nf.timers, &gnb->warning_guard,
		env_now_ns(amf->nf.env) + AMF_WARNING_GUARD_S * NS_PER_S, guard);
}

/* 8.9.1.2: beside others, which only a cancellation ends. */
static bool write_send(struct amf *amf, struct amf_gnb *gnb, const struct amf_warning_record *r,
	struct ngap_warning_area_list *area)
{
	const struct ngap_write_replace_warning_request m = { .message_identifier = r->id,
		.serial_number = r->serial,
		.warning_area_list = area,
		.repetition_period = r->repetition_s,
		.number_of_broadcasts_requested = r->broadcasts,
		.has_data_coding_scheme = true,
		.data_coding_scheme = r->dcs,
		.has_warning_message_contents = true,
		.warning_message_contents = bytes_of(r->contents, r->len),
		.has_concurrent_warning_message_ind = true,
		.concurrent_warning_message_ind = NGAP_CONCURRENT_WARNING_MESSAGE_IND_TRUE };

	return amf_n2_send(amf, gnb, 0, NGAP_MSG_WRITE_REPLACE_WARNING_REQUEST, &m);
}

static bool cancel_send(struct amf *amf, struct amf_gnb *gnb, const struct amf_warning_record *r,
	struct ngap_warning_area_list *area)
{
	const struct ngap_pws_cancel_request m = {
		.message_identifier = r->id, .serial_number = r->serial, .warning_area_list = area
	};

	return amf_n2_send(amf, gnb, 0, NGAP_MSG_PWS_CANCEL_REQUEST, &m);
}

static void ask(struct amf *amf, struct amf_gnb *gnb, int slot)
{
	const struct amf_warning_record *r = &amf->warnings[slot]->r;
	struct ngap_warning_area_list area = { .tag = NGAP_WARNING_AREA_LIST_TAG_TAI_LIST_FOR_WARNING };
	struct ngap_warning_area_list *named = r->area_count > 0 ? &area : NULL;

	if (named && !area_of(amf, r, &area.u.tai_list_for_warning))
		return;
	if (!(r->cancelled_s ? cancel_send(amf, gnb, r, named) : write_send(amf, gnb, r, named)))
		return;
	gnb->warnings |= UINT64_C(1) << slot;
	guard_set(amf, gnb);
}

static void guard(void *owner, struct timer *t)
{
	struct amf *amf = owner;
	struct amf_gnb *gnb = container_of(t, struct amf_gnb, warning_guard);

	if (++gnb->warnings_asked >= ASKED_MAX) {
		amf->stat[AMF_STAT_WARNINGS_FAILED]++;
		log_error(amf->nf.env->log, "gNB %s does not answer to public warnings", gnb->name);
		gnb->warnings = 0;
	}
	for (int i = 0; i < AMF_WARNINGS_MAX; i++)
		if (gnb->warnings >> i & 1)
			ask(amf, gnb, i);
	arena_wipe(&amf->arena);
}

static void ask_all(struct amf *amf, int slot)
{
	for (uint32_t i = 0;; i++) {
		struct amf_gnb *gnb = pool_next(&amf->gnbs, &i);

		if (!gnb)
			break;
		if (!gnb->node_id || gnb->absent || !concerns(amf, &amf->warnings[slot]->r, gnb))
			continue;
		gnb->warnings_asked = 0;
		ask(amf, gnb, slot);
	}
	arena_wipe(&amf->arena);
}

void amf_warning_tell(struct amf *amf, struct amf_gnb *gnb)
{
	sweep(amf);
	gnb->warnings = 0;
	gnb->warnings_asked = 0;
	for (int i = 0; i < AMF_WARNINGS_MAX; i++)
		if (amf->warnings[i] && concerns(amf, &amf->warnings[i]->r, gnb))
			ask(amf, gnb, i);
}

static int slot_new(struct amf *amf)
{
	for (int i = 0; i < AMF_WARNINGS_MAX; i++)
		if (!amf->warnings[i]) {
			amf->warnings[i] = calloc(1, sizeof(*amf->warnings[i]));
			return amf->warnings[i] ? i : -1;
		}
	return -1;
}

const char *amf_warn(struct amf *amf, const struct amf_warning_order *o)
{
	struct writer w;
	struct amf_warning *new;
	int slot;

	sweep(amf);
	slot = slot_of(amf, o->id, o->serial);
	if (slot >= 0)
		return amf->warnings[slot]->r.cancelled_s
			       ? "it was cancelled: another serial number is needed"
			       : "it is being broadcast";
	slot = slot_new(amf);
	if (slot < 0)
		return "there are too many warnings";
	new = amf->warnings[slot];
	new->r = (struct amf_warning_record){ .id = o->id,
		.serial = o->serial,
		.repetition_s = o->repetition_s,
		.broadcasts = o->broadcasts,
		.area_count = o->area_count,
		.begun_s = now_s(amf) };
	for (uint8_t i = 0; i < o->area_count; i++)
		new->r.area[i].tac = o->area[i];
	w = writer_of(new->r.contents, sizeof(new->r.contents));
	if (!warning_message_write(o->text, &new->r.dcs, &w)) {
		slot_free(amf, (size_t)slot);
		return "the text is too long, or no UTF-8";
	}
	new->r.len = (uint16_t)w.len;
	amf_warning_put(amf, new);
	amf->stat[AMF_STAT_WARNINGS]++;
	log_warn(amf->nf.env->log, "public warning %u/%u begins", o->id, o->serial);
	ask_all(amf, slot);
	return NULL;
}

bool amf_warning_cancel(struct amf *amf, uint16_t id, uint16_t serial)
{
	struct amf_warning *w;
	int slot;

	sweep(amf);
	slot = slot_of(amf, id, serial);
	if (slot < 0 || amf->warnings[slot]->r.cancelled_s)
		return false;
	w = amf->warnings[slot];
	w->r.cancelled_s = now_s(amf);
	amf_warning_put(amf, w);
	log_warn(amf->nf.env->log, "public warning %u/%u is cancelled", id, serial);
	ask_all(amf, slot);
	return true;
}

/* The slot that an answer is about; -1: of nothing that was asked. */
static int answered(struct amf *amf, struct amf_gnb *gnb, uint16_t id, uint16_t serial, bool cancelled)
{
	int slot = slot_of(amf, id, serial);

	if (slot < 0 || !(gnb->warnings >> slot & 1) || !amf->warnings[slot]->r.cancelled_s == cancelled) {
		amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
		return -1;
	}
	gnb->warnings &= ~(UINT64_C(1) << slot);
	if (!gnb->warnings)
		timer_stop(&amf->nf.timers, &gnb->warning_guard);
	return slot;
}

static size_t cells_of(const struct ngap_broadcast_completed_area_list *list)
{
	size_t cells = 0;

	if (list && list->tag == NGAP_BROADCAST_COMPLETED_AREA_LIST_TAG_CELL_ID_BROADCAST_NR)
		cells = list->u.cell_id_broadcast_nr.count;
	for (size_t i = 0; list && list->tag == NGAP_BROADCAST_COMPLETED_AREA_LIST_TAG_TAI_BROADCAST_NR &&
			   i < list->u.tai_broadcast_nr.count;
		i++)
		cells += list->u.tai_broadcast_nr.items[i].completed_cells_in_tai_nr.count;
	return cells;
}

void amf_write_replace_warning_response(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_write_replace_warning_response *m = body;
	int slot = answered(amf, gnb, m->message_identifier, m->serial_number, false);

	if (slot < 0)
		return;
	if (m->broadcast_completed_area_list) {
		amf->warnings[slot]->gnbs++;
		amf->warnings[slot]->cells += (uint32_t)cells_of(m->broadcast_completed_area_list);
		return;
	}
	amf->warnings[slot]->refused++;
	amf->stat[AMF_STAT_WARNINGS_FAILED]++;
	log_error(amf->nf.env->log, "gNB %s broadcasts public warning %u/%u in none of its cells", gnb->name,
		m->message_identifier, m->serial_number);
}

void amf_pws_cancel_response(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_pws_cancel_response *m = body;
	int slot = answered(amf, gnb, m->message_identifier, m->serial_number, true);

	if (slot >= 0 && m->broadcast_cancelled_area_list && amf->warnings[slot]->gnbs > 0)
		amf->warnings[slot]->gnbs--;
}

/* It may be about some of its cells: the others do not begin again what they have (8.9.1.2). */
void amf_pws_restart_indication(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	amf_warning_tell(amf, gnb);
}

void amf_pws_failure_indication(struct amf *amf, struct amf_gnb *gnb, const void *body)
{
	const struct ngap_pws_failure_indication *m = body;
	size_t cells =
		m->pws_failed_cell_id_list.tag == NGAP_PWS_FAILED_CELL_ID_LIST_TAG_NR_CGI_PWS_FAILED_LIST
			? m->pws_failed_cell_id_list.u.nr_cgi_pws_failed_list.count
			: 0;

	amf->stat[AMF_STAT_WARNINGS_FAILED]++;
	log_error(amf->nf.env->log, "gNB %s broadcasts public warnings no more in %zu of its cells",
		gnb->name, cells);
}
