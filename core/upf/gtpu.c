/*
 * GTP-U messages that carry no packet, 29.281 clause 7.
 *
 *   gNB                  UPF
 *    |-- Echo Request --->|    7.2.1
 *    |<- Echo Response ---|    7.2.2
 *    |-- G-PDU ---------->|
 *    |<- Error Ind. ------|    7.3.1: no session has its TEID
 *    |-- Error Ind. ----->|    23.527 5.3.2: the tunnel is used no more, Session Report to the SMF
 */
#include "core/upf/worker.h"

/* The packet becomes the answer, which goes to where it came from. */
static void answer(struct upf_packet *p, const struct gtpu_msg *m)
{
	struct writer out = writer_of(p->head, sizeof(p->head));

	p->verdict = UPF_DROP;
	p->len = p->linear = 0;
	if (!gtpu_encode(m, &out))
		return;
	p->head_len = (uint8_t)out.len;
	p->tos = 0;
	p->verdict = UPF_TO_N3;
}

/* No faster than so many a second, lest strangers make us talk. */
static bool may_answer(struct upf_worker *w, uint32_t *sent, uint32_t most)
{
	if (w->answer_second != w->now_s) {
		w->answer_second = w->now_s;
		w->errors_sent = w->echoes_sent = 0;
	}
	most /= w->plane->worker_count;
	return (*sent)++ < (most ? most : 1);
}

static bool may_send_error(struct upf_worker *w)
{
	return may_answer(w, &w->errors_sent, UPF_ERROR_INDICATIONS_MAX);
}

static void on_echo_request(struct upf_worker *w, struct upf_packet *p, const struct gtpu_header *h)
{
	struct gtpu_msg m = {
		.header = { .type = GTPU_ECHO_RESPONSE, .has_sequence = true, .sequence = h->sequence }
	};

	if (!may_answer(w, &w->echoes_sent, UPF_ECHOES_MAX))
		return;
	upf_worker_stat(w, UPF_STAT_ECHOES, 1);
	answer(p, &m);
}

void upf_gtpu_error_indication(struct upf_worker *w, struct upf_packet *p, uint32_t teid)
{
	struct gtpu_msg m = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true },
		.error_indication = { .teid = teid, .peer = { .len = 4 } } };

	if ((w->now_q8 >> 8) - w->plane->start_ns < UPF_RESTORE_GRACE_S * NS_PER_S || !may_send_error(w))
		return;
	upf_worker_stat(w, UPF_STAT_ERROR_INDICATIONS_OUT, 1);
	bytes_copy(m.error_indication.peer.octets, 4, bytes_of(w->plane->config->n3_address.ip, 4));
	p->peer_port = GTPU_UDP_PORT; /* 4.4.2.3 */
	answer(p, &m);
}

void upf_gtpu_not_comprehended(struct upf_worker *w, struct upf_packet *p, const struct gtpu_header *h)
{
	static const uint8_t known[] = { GTPU_EXT_PDU_SESSION_CONTAINER };
	struct gtpu_msg m = { .header = { .type = GTPU_SUPPORTED_EXTENSION_HEADERS,
				      .has_sequence = true,
				      .sequence = h->sequence },
		.supported_extension_headers = { BYTES(known) } };

	upf_worker_stat(w, UPF_STAT_MALFORMED, 1);
	p->verdict = UPF_DROP;
	if (may_send_error(w))
		answer(p, &m);
}

/* The gNB knows the tunnel no longer: it is used no more, which is reported to the SMF (23.527 5.3.2). */
static void on_error_indication(struct upf_worker *w, struct upf_packet *p)
{
	uint8_t store[512];
	struct arena arena;
	struct gtpu_msg m;
	struct tlv_fault fault;
	struct upf_session *s;
	struct ip ip;

	arena_init(&arena, store, sizeof(store), 0);
	if (!gtpu_decode(bytes_of(p->data, p->len), &arena, &m, &fault) || m.error_indication.peer.len != 4) {
		upf_worker_stat(w, UPF_STAT_MALFORMED, 1);
		return;
	}
	if (!p->handed)
		upf_worker_stat(w, UPF_STAT_ERROR_INDICATIONS_IN, 1);
	ip = ip_from_v4(gtpu_be32(m.error_indication.peer.octets));
	/* Only the tunnel's own end may report it. */
	s = ip_equal(ip, p->peer)
		    ? upf_table_find(&w->plane->by_tunnel, (struct upf_key){ ip, m.error_indication.teid })
		    : NULL;
	if (s && s->worker != w->index && !p->handed)
		upf_worker_hand_over(w, p, s->worker, UPF_FROM_N3);
	if (!s || s->worker != w->index ||
		__atomic_load_n(&s->notes, __ATOMIC_ACQUIRE) & UPF_EVENT_TUNNEL_GONE)
		return;
	s->gone = (struct upf_tunnel){ ip, m.error_indication.teid };
	upf_worker_note(w, s, UPF_EVENT_TUNNEL_GONE);
}

void upf_gtpu_signalling(struct upf_worker *w, struct upf_packet *p, const struct gtpu_header *h)
{
	p->verdict = UPF_DROP;
	switch (h->type) {
	case GTPU_ECHO_REQUEST:
		on_echo_request(w, p, h);
		break;
	case GTPU_ERROR_INDICATION:
		on_error_indication(w, p);
		break;
	default: /* End Marker, Supported Extension Headers, Echo Response, Tunnel Status and what is to come
		  */
		upf_worker_stat(w, UPF_STAT_SIGNALLING, 1);
	}
}
