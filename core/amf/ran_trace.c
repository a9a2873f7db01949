/*
 * Traces of gNBs, 38.413 8.11 and 32.422: what gNBs record of a UE goes to a trace collection entity, not
 * here.
 *
 *   AMF -> gNB  TRACE START                 8.11.1: by an operator; again to each gNB that the UE comes to
 *   AMF -> gNB  DEACTIVATE TRACE            8.11.3
 *   gNB -> AMF  TRACE FAILURE INDICATION    8.11.2: an event
 *   gNB -> AMF  CELL TRAFFIC TRACE          8.11.4: the gNB traces all UEs of a cell, this one too: an event,
 *                                           by which the trace's records get the subscriber's name
 */
#include "core/amf/ue_order.h"

enum {
	TRACE_REFERENCE = 3
}; /* octets of the Trace ID after the PLMN, then of the recording session (9.3.1.14) */

void amf_ran_trace_carry_out(struct amf *amf, struct amf_connection *c, const struct amf_order *o)
{
	struct ngap_trace_start m = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.trace_activation = { .ngran_trace_id = BYTES(o->trace_id),
			.interfaces_to_trace = o->interfaces,
			.trace_depth = (enum ngap_trace_depth)o->depth,
			.trace_collection_entity_ip_address = { o->collector, o->collector_len * 8u } } };

	if (amf_n2_send_ue(amf, c, NGAP_MSG_TRACE_START, &m))
		amf->stat[AMF_STAT_RAN_TRACES]++;
}

static void deactivate(struct amf *amf, struct amf_connection *c, const struct amf_order *o)
{
	const struct ngap_deactivate_trace m = { .amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.ngran_trace_id = BYTES(o->trace_id) };

	amf_n2_send_ue(amf, c, NGAP_MSG_DEACTIVATE_TRACE, &m);
}

/* A Trace Reference of the PLMN (32.422 5.6), and the first recording session of it. */
static void trace_id_new(struct amf *amf, uint8_t out[8])
{
	uint8_t reference[TRACE_REFERENCE], plmn[PLMN_OCTETS];
	struct writer w = writer_of(out, 8);

	env_random(amf->nf.env, reference, sizeof(reference));
	plmn_to_ap(&amf->config.guami.plmn, plmn);
	writer_put(&w, BYTES(plmn));
	writer_put(&w, BYTES(reference));
	writer_u16(&w, 1);
}

bool amf_ran_trace(struct amf *amf, const struct supi *supi, const struct amf_ran_trace *t)
{
	struct amf_ue *ue = amf_ue_by_supi(amf, supi);
	struct amf_connection *c;
	struct amf_order o;

	if (!ue || !ue->registered)
		return false;
	c = amf_connection_for(ue, AMF_FOR_SESSION);
	if (c && (!c->context_setup || c->gnb->absent))
		c = NULL;
	amf_order_get(amf, ue, &o);
	if (c && o.traced)
		deactivate(amf, c, &o);
	o.traced = t != NULL;
	if (t) {
		trace_id_new(amf, o.trace_id);
		o.depth = t->depth;
		o.interfaces = t->interfaces;
		o.collector_len = t->collector.len;
		bytes_copy(o.collector, sizeof(o.collector), bytes_of(t->collector.ip, t->collector.len));
	}
	amf_order_put(amf, ue, &o);
	amf_ue_event(amf, ue, t ? EVENT_RAN_TRACE_STARTED : EVENT_RAN_TRACE_STOPPED, EVENT_BY_NETWORK, 0);
	if (c && t)
		amf_ran_trace_carry_out(amf, c, &o);
	arena_wipe(&amf->arena);
	return true;
}

/* The order stays: where the cause is a handover, the gNB that the UE comes to gets it. */
void amf_trace_failure_indication(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_trace_failure_indication *m = body;
	char text[NGAP_CAUSE_TEXT_SIZE];

	amf->stat[AMF_STAT_RAN_TRACE_FAILURES]++;
	log_info(amf->nf.env->log, "gNB %s does not trace a UE: %s", c->gnb->name,
		ngap_cause_text(m->no_cause ? NULL : &m->cause, text));
	if (c->ue->ordered)
		amf_ue_event_order_failed(amf, c->ue, EVENT_RAN_TRACE_FAILED, m->no_cause ? NULL : &m->cause);
}

/* Of each UE of a cell, when its trace begins: the log has it whole, the subscriber's events that it was. */
void amf_cell_traffic_trace(struct amf *amf, struct amf_connection *c, const void *body)
{
	const struct ngap_cell_traffic_trace *m = body;
	struct cursor id = cursor_of(m->ngran_trace_id);

	amf->stat[AMF_STAT_CELL_TRACES]++;
	log_info(amf->nf.env->log, "gNB %s traces imsi-%s with its cell: trace %016llx", c->gnb->name,
		c->ue->supi.imsi, m->no_ngran_trace_id ? 0ull : (unsigned long long)cursor_u64(&id));
	if (c->ue->supi.imsi[0] && c->ue->registered)
		amf_ue_event(amf, c->ue, EVENT_CELL_TRACED, EVENT_NO_REASON, 0);
}
