/*
 * Traces, 38.413 8.11. What a trace would record goes to a trace collection entity, which this gNB has no way
 * to (32.423): it keeps which traces there are, and says so in its log.
 *
 *   gNB                                AMF
 *    |<- TRACE START ------------------|    8.11.1
 *    |<- DEACTIVATE TRACE -------------|    8.11.3
 *    |-- TRACE FAILURE INDICATION ---->|    8.11.2: the UE is on its way to another gNB
 *    |-- CELL TRAFFIC TRACE ---------->|    8.11.4: of each UE of a cell that an operator traces
 */
#include "gnb/handover.h"

static void failure_send(
	struct gnb *gnb, struct gnb_ue *ue, struct bytes trace_id, enum ngap_cause_radio_network cause)
{
	const struct ngap_trace_failure_indication m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.ngran_trace_id = trace_id,
		.cause = ngap_cause_radio(cause) };

	gnb_n2_send_ue(gnb, ue, NGAP_MSG_TRACE_FAILURE_INDICATION, &m);
}

/* A UE has one at a time: another one takes its place (32.422 4.1.2.9). */
void gnb_n2_trace_start(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_trace_start *m = pdu->u.trace_start;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	enum ngap_cause_radio_network handover = ue ? gnb_handover_refuses(ue) : 0;

	if (!ue || m->no_trace_activation)
		return;
	if (handover) {
		failure_send(gnb, ue, m->trace_activation.ngran_trace_id, handover);
		return;
	}
	ue->traced = bytes_copy(ue->trace_id, sizeof(ue->trace_id), m->trace_activation.ngran_trace_id);
	gnb->stat[GNB_STAT_TRACES]++;
	log_info(gnb->env->log, "RAN UE %u is traced", ue->ran_ue_ngap_id);
}

void gnb_n2_deactivate_trace(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_deactivate_trace *m = pdu->u.deactivate_trace;
	struct gnb_ue *ue = gnb_n2_ue_find(gnb, amf, m->amf_ue_ngap_id, m->ran_ue_ngap_id);
	enum ngap_cause_radio_network handover = ue ? gnb_handover_refuses(ue) : 0;

	if (!ue || m->no_ngran_trace_id)
		return;
	if (handover) {
		failure_send(gnb, ue, m->ngran_trace_id, handover);
		return;
	}
	if (!ue->traced || !bytes_equal(m->ngran_trace_id, BYTES(ue->trace_id))) {
		gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
		return;
	}
	ue->traced = false;
	log_info(gnb->env->log, "RAN UE %u is traced no more", ue->ran_ue_ngap_id);
}

/* The recording session is the UE's: its number is of the UE's index. */
void gnb_cell_traffic_trace(struct gnb *gnb, struct gnb_ue *ue)
{
	const struct gnb_cell_trace *t = &gnb->cell_traces[ue->radio.cell];
	const struct gnb_place *at = &gnb->places[ue->radio.cell];
	uint8_t id[8];
	struct writer w = writer_of(id, sizeof(id));
	struct ngap_cell_traffic_trace m = { .amf_ue_ngap_id = ue->amf_ue_ngap_id,
		.ran_ue_ngap_id = ue->ran_ue_ngap_id,
		.ngran_trace_id = BYTES(id),
		.trace_collection_entity_ip_address = { t->collector.ip, t->collector.len * 8u } };

	if (!t->on || !ue->context || !ue->has_amf_ue_ngap_id)
		return;
	writer_put(&w, BYTES(t->reference));
	writer_u16(&w, (uint16_t)ue->ran_ue_ngap_id);
	m.ngran_cgi.tag = NGAP_NGRAN_CGI_TAG_NR_CGI;
	m.ngran_cgi.u.nr_cgi =
		(struct ngap_nr_cgi){ ngap_plmn_of(&at->ncgi.plmn, &gnb->arena), at->ncgi.nci };
	if (m.ngran_cgi.u.nr_cgi.plmn_identity.data)
		gnb_n2_send_ue(gnb, ue, NGAP_MSG_CELL_TRAFFIC_TRACE, &m);
}

const char *gnb_cell_trace(struct gnb *gnb, uint16_t cell_id, const struct addr *collector)
{
	uint8_t plmn[PLMN_OCTETS], cell = 0, number[3];
	struct gnb_cell_trace *t;
	struct writer w;

	while (cell < gnb->config.cell_count && gnb->config.cells[cell].id != cell_id)
		cell++;
	if (cell == gnb->config.cell_count)
		return "the gNB has no such cell";
	t = &gnb->cell_traces[cell];
	*t = (struct gnb_cell_trace){ .on = collector != NULL };
	if (!collector)
		return NULL;
	t->collector = *collector;
	plmn_to_ap(&gnb->config.plmn, plmn);
	env_random(gnb->env, number, sizeof(number));
	w = writer_of(t->reference, sizeof(t->reference));
	writer_put(&w, BYTES(plmn));
	writer_put(&w, BYTES(number));
	for (uint32_t i = 0;; i++) {
		struct gnb_ue *ue = pool_next(&gnb->ues, &i);

		if (!ue)
			return NULL;
		if (ue->radio.cell == cell)
			gnb_cell_traffic_trace(gnb, ue);
	}
}
