/*
 * Public warnings, 38.413 8.9: broadcast in cells, again and again.
 *
 *   UEs             gNB                                       AMF
 *    |               |<- WRITE-REPLACE WARNING REQUEST -------|    8.9.1, by cells or tracking areas
 *    |<- warning ----|-- WRITE-REPLACE WARNING RESPONSE ----->|    in which cells
 *    |<- warning ----|    each repetition period              |
 *    |               |<- PWS CANCEL REQUEST ------------------|    8.9.2
 *    |               |-- PWS CANCEL RESPONSE ---------------->|
 *    |               |-- PWS RESTART INDICATION ------------->|    8.9.3: it has just begun, and has none
 */
#include <stdlib.h>

#include "gnb/internal.h"

enum { FOREVER = UINT32_MAX, PWS_CONTENTS_MAX = 9000 }; /* what the radio carries */

typedef uint16_t cell_bits; /* by place in the configuration */
_Static_assert(GNB_CELLS_MAX <= 16, "a bit a cell");

static cell_bits cells_all(const struct gnb *gnb)
{
	return (cell_bits)((1u << gnb->config.cell_count) - 1);
}

static cell_bits cells_of_tai(const struct gnb *gnb, const struct ngap_tai *t)
{
	struct tai tai = ngap_tai(t);
	cell_bits cells = 0;

	for (uint8_t i = 0; i < gnb->config.cell_count; i++)
		if (tai_equal(&gnb->places[i].tai, &tai))
			cells |= (cell_bits)(1u << i);
	return cells;
}

static cell_bits cells_of_cgi(const struct gnb *gnb, const struct ngap_nr_cgi *cgi)
{
	struct plmn plmn = ngap_plmn(cgi->plmn_identity);

	for (uint8_t i = 0; i < gnb->config.cell_count; i++)
		if (gnb->places[i].ncgi.nci == cgi->nr_cell_identity &&
			plmn_equal(&plmn, &gnb->places[i].ncgi.plmn))
			return (cell_bits)(1u << i);
	return 0;
}

/* Those of an area; without one all (8.9.1.2). Emergency areas and cells of E-UTRA there are none. */
static cell_bits cells_of(const struct gnb *gnb, const struct ngap_warning_area_list *area)
{
	cell_bits cells = 0;

	if (!area)
		return cells_all(gnb);
	for (size_t i = 0; area->tag == NGAP_WARNING_AREA_LIST_TAG_TAI_LIST_FOR_WARNING &&
			   i < area->u.tai_list_for_warning.count;
		i++)
		cells |= cells_of_tai(gnb, &area->u.tai_list_for_warning.items[i]);
	for (size_t i = 0; area->tag == NGAP_WARNING_AREA_LIST_TAG_NR_CGI_LIST_FOR_WARNING &&
			   i < area->u.nr_cgi_list_for_warning.count;
		i++)
		cells |= cells_of_cgi(gnb, &area->u.nr_cgi_list_for_warning.items[i]);
	return cells;
}

static struct gnb_warning *warning_find(struct gnb *gnb, uint16_t id, uint16_t serial)
{
	for (size_t i = 0; i < GNB_WARNINGS_MAX; i++)
		if (gnb->warnings[i].cells && gnb->warnings[i].id == id && gnb->warnings[i].serial == serial)
			return &gnb->warnings[i];
	return NULL;
}

void gnb_warning_end(struct gnb *gnb, struct gnb_warning *w)
{
	timer_stop(&gnb->timers, &w->timer);
	free(w->contents);
	*w = (struct gnb_warning){ 0 };
}

static void broadcast(struct gnb *gnb, struct gnb_warning *w);

static void broadcast_due(void *owner, struct timer *t)
{
	broadcast(owner, container_of(t, struct gnb_warning, timer));
}

static void send_in(struct gnb *gnb, const struct gnb_warning *w, cell_bits cells, bool again)
{
	const struct gnb_rrc_warning m = { .id = w->id,
		.serial = w->serial,
		.dcs = w->dcs,
		.contents = bytes_of(w->contents, w->len),
		.again = again,
		.period_s = w->period_s,
		.times = w->left == FOREVER ? 0 : w->left };

	for (uint8_t i = 0; i < gnb->config.cell_count; i++)
		if (cells >> i & 1)
			gnb_rrc_warn(gnb, i, &m);
}

static void broadcast(struct gnb *gnb, struct gnb_warning *w)
{
	send_in(gnb, w, w->cells, w->sent > 0);
	gnb->stat[GNB_STAT_WARNINGS]++;
	w->sent += w->sent < UINT16_MAX;
	if (w->left != FOREVER && --w->left == 0)
		gnb_warning_end(gnb, w);
	else
		timer_set(&gnb->timers, &w->timer, env_now_ns(gnb->env) + w->period_s * NS_PER_S,
			broadcast_due);
}

/* 8.9.1.2, 8.9.1.4: how often; 0: the message itself is not broadcast. */
static uint32_t times_of(const struct ngap_write_replace_warning_request *m)
{
	uint32_t n = m->number_of_broadcasts_requested;

	if (!m->has_data_coding_scheme || !m->has_warning_message_contents ||
		m->warning_message_contents.len > PWS_CONTENTS_MAX)
		return 0;
	if (m->repetition_period == 0)
		return n == 1 ? 1 : 0;
	return n == 0 && m->has_concurrent_warning_message_ind ? FOREVER : n;
}

/* It is broadcast no more in these cells. */
static void leave(struct gnb *gnb, struct gnb_warning *w, cell_bits cells)
{
	for (uint8_t i = 0; i < gnb->config.cell_count; i++)
		if (w->cells & cells & 1u << i)
			gnb_rrc_warn_end(gnb, i, w->id, w->serial);
	w->cells = (cell_bits)(w->cells & ~cells);
	if (!w->cells)
		gnb_warning_end(gnb, w);
}

/* In place of others in these cells. */
static void others_yield(struct gnb *gnb, const struct gnb_warning *but, cell_bits cells)
{
	for (size_t i = 0; i < GNB_WARNINGS_MAX; i++) {
		struct gnb_warning *w = &gnb->warnings[i];

		if (w == but || !(w->cells & cells))
			continue;
		leave(gnb, w, cells);
	}
}

/* In cells where it is not yet it begins. */
static void widen(struct gnb *gnb, struct gnb_warning *w, cell_bits cells)
{
	send_in(gnb, w, (cell_bits)(cells & ~w->cells), false);
	w->cells |= cells;
}

static struct gnb_warning *warning_new(struct gnb *gnb, struct bytes contents)
{
	struct gnb_warning *w = NULL;

	for (size_t i = 0; i < GNB_WARNINGS_MAX && !w; i++)
		if (!gnb->warnings[i].cells)
			w = &gnb->warnings[i];
	if (w && contents.len > 0) {
		w->contents = malloc(contents.len);
		if (!w->contents)
			w = NULL;
	}
	if (!w) {
		gnb->stat[GNB_STAT_EXHAUSTED]++;
		return NULL;
	}
	w->len = contents.len;
	bytes_copy(w->contents, w->len, contents);
	return w;
}

/* The cells in which it is broadcast from now on, or already; 0: in none. */
static cell_bits write_replace(
	struct gnb *gnb, const struct ngap_write_replace_warning_request *m, cell_bits cells)
{
	struct gnb_warning *w = warning_find(gnb, m->message_identifier, m->serial_number);
	struct cursor type = cursor_of(m->has_warning_type ? m->warning_type : BYTES_NONE);
	const struct gnb_rrc_warning primary = {
		.id = m->message_identifier, .serial = m->serial_number, .type = cursor_u16(&type), .times = 1
	};
	uint32_t times = times_of(m);

	for (uint8_t i = 0; m->has_warning_type && i < gnb->config.cell_count; i++)
		if (cells >> i & 1)
			gnb_rrc_warn(gnb, i, &primary);
	if (times == 0 || !cells)
		return m->has_warning_type ? cells : 0;
	if (w) { /* what goes on in a cell is not begun again there */
		widen(gnb, w, cells);
		return cells;
	}
	if (!m->has_concurrent_warning_message_ind)
		others_yield(gnb, NULL, cells);
	w = warning_new(gnb, m->warning_message_contents);
	if (!w)
		return 0;
	w->id = m->message_identifier;
	w->serial = m->serial_number;
	w->dcs = m->data_coding_scheme;
	w->cells = cells;
	w->left = times;
	w->period_s = m->repetition_period;
	log_warn(gnb->env->log, "public warning %u/%u is broadcast", w->id, w->serial);
	broadcast(gnb, w);
	return cells;
}

static struct ngap_nr_cgi cgi_of(struct gnb *gnb, uint8_t cell)
{
	return (struct ngap_nr_cgi){ ngap_plmn_of(&gnb->config.plmn, &gnb->arena),
		gnb->places[cell].ncgi.nci };
}

/* 9.3.1.43, cell by cell; false: there is none, or no memory. */
static bool completed(struct gnb *gnb, cell_bits cells, struct ngap_broadcast_completed_area_list *out)
{
	struct ngap_cell_id_broadcast_nr *list = &out->u.cell_id_broadcast_nr;

	out->tag = NGAP_BROADCAST_COMPLETED_AREA_LIST_TAG_CELL_ID_BROADCAST_NR;
	*list = (struct ngap_cell_id_broadcast_nr){ 0,
		arena_array(&gnb->arena, GNB_CELLS_MAX, sizeof(*list->items)) };
	for (uint8_t i = 0; list->items && i < gnb->config.cell_count; i++)
		if (cells >> i & 1)
			list->items[list->count++].nr_cgi = cgi_of(gnb, i);
	return list->count > 0;
}

void gnb_n2_write_replace_warning_request(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_write_replace_warning_request *m = pdu->u.write_replace_warning_request;
	cell_bits cells = write_replace(gnb, m, cells_of(gnb, m->warning_area_list));
	struct ngap_broadcast_completed_area_list list;
	const struct ngap_write_replace_warning_response answer = { .message_identifier =
									    m->message_identifier,
		.serial_number = m->serial_number,
		.broadcast_completed_area_list = completed(gnb, cells, &list) ? &list : NULL };

	gnb_n2_send(gnb, amf, 0, NGAP_MSG_WRITE_REPLACE_WARNING_RESPONSE, &answer);
}

/* The number of broadcasts in each cell in which there were some; counts 0 where all messages are cancelled.
 */
static void cancel(struct gnb *gnb, struct gnb_warning *w, cell_bits cells, bool all,
	struct ngap_cell_id_cancelled_nr *out)
{
	cell_bits ended = (cell_bits)(w->cells & cells);

	for (uint8_t i = 0; i < gnb->config.cell_count; i++)
		if (ended >> i & 1 && out->count < (size_t)GNB_CELLS_MAX * GNB_WARNINGS_MAX)
			out->items[out->count++] =
				(struct ngap_cell_id_cancelled_nr_item){ cgi_of(gnb, i), all ? 0 : w->sent };
	if (!ended)
		return;
	log_warn(gnb->env->log, "public warning %u/%u is cancelled", w->id, w->serial);
	leave(gnb, w, ended);
}

void gnb_n2_pws_cancel_request(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_pws_cancel_request *m = pdu->u.pws_cancel_request;
	cell_bits cells = cells_of(gnb, m->warning_area_list);
	struct ngap_broadcast_cancelled_area_list list = {
		.tag = NGAP_BROADCAST_CANCELLED_AREA_LIST_TAG_CELL_ID_CANCELLED_NR
	};
	struct ngap_cell_id_cancelled_nr *ended = &list.u.cell_id_cancelled_nr;
	struct ngap_pws_cancel_response answer = { .message_identifier = m->message_identifier,
		.serial_number = m->serial_number };

	ended->items = arena_array(&gnb->arena, GNB_CELLS_MAX * GNB_WARNINGS_MAX, sizeof(*ended->items));
	for (size_t i = 0; ended->items && i < GNB_WARNINGS_MAX; i++) {
		struct gnb_warning *w = &gnb->warnings[i];

		if (m->has_cancel_all_warning_messages ||
			(w->id == m->message_identifier && w->serial == m->serial_number))
			cancel(gnb, w, cells, m->has_cancel_all_warning_messages, ended);
	}
	if (ended->count > 0)
		answer.broadcast_cancelled_area_list = &list;
	gnb_n2_send(gnb, amf, 0, NGAP_MSG_PWS_CANCEL_RESPONSE, &answer);
}

/* Once to each AMF, after the first NG Setup with it. */
void gnb_pws_restart_indication(struct gnb *gnb, struct gnb_amf *amf)
{
	struct ngap_nr_cgi cells[GNB_CELLS_MAX];
	struct ngap_tai tais[GNB_CELLS_MAX];
	uint32_t tacs[GNB_CELLS_MAX];
	uint8_t octets[4];
	struct ngap_pws_restart_indication m = {
		.cell_id_list_for_restart = { .tag = NGAP_CELL_ID_LIST_FOR_RESTART_TAG_NR_CGI_LISTFOR_RESTART,
			.u.nr_cgi_listfor_restart = { gnb->config.cell_count, cells } }
	};

	if (amf->pws_told || !gnb_node_id(gnb, octets, &m.global_ran_node_id))
		return;
	amf->pws_told = true;
	for (uint8_t i = 0; i < gnb->config.cell_count; i++)
		cells[i] = cgi_of(gnb, i);
	m.tai_list_for_restart =
		(struct ngap_tai_list_for_restart){ gnb_cell_tacs(&gnb->config, tacs), tais };
	for (size_t i = 0; i < m.tai_list_for_restart.count; i++) {
		struct tai tai = { gnb->config.plmn, tacs[i] };

		if (!ngap_tai_of(&tai, &gnb->arena, &tais[i]))
			return;
	}
	gnb_n2_send(gnb, amf, 0, NGAP_MSG_PWS_RESTART_INDICATION, &m);
}
