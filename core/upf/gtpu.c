/* GTP-U messages that carry no packet, 29.281 clause 7. */
#include "core/upf/internal.h"

/* The packet becomes the answer, which goes to where it came from. */
static void answer(struct upf *upf, struct upf_packet *p, const struct gtpu_msg *m)
{
	struct writer w = writer_of(p->head, sizeof(p->head));

	p->verdict = UPF_DROP;
	p->len = p->linear = 0;
	if (!gtpu_encode(m, &w))
		return;
	p->head_len = (uint8_t)w.len;
	p->verdict = UPF_TO_N3;
}

static void on_echo_request(struct upf *upf, struct upf_packet *p, const struct gtpu_header *h)
{
	struct gtpu_msg m = {
		.header = { .type = GTPU_ECHO_RESPONSE, .has_sequence = true, .sequence = h->sequence }
	};

	upf->stat[UPF_STAT_ECHOES]++;
	answer(upf, p, &m);
}

/* No faster than so many a second, lest strangers make us talk. */
static bool may_send_error(struct upf *upf)
{
	uint64_t second = env_now_ns(upf->env) / NS_PER_S;

	if (upf->data.error_second != second) {
		upf->data.error_second = second;
		upf->data.errors_sent = 0;
	}
	return upf->data.errors_sent++ < UPF_ERROR_INDICATIONS_MAX;
}

void upf_gtpu_error_indication(struct upf *upf, struct upf_packet *p, uint32_t teid)
{
	struct gtpu_msg m = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true },
		.error_indication = { .teid = teid, .peer = { .len = 4 } } };

	if (env_now_ns(upf->env) - upf->start_ns < UPF_RESTORE_GRACE_S * NS_PER_S || !may_send_error(upf))
		return;
	upf->stat[UPF_STAT_ERROR_INDICATIONS_OUT]++;
	bytes_copy(m.error_indication.peer.octets, 4, bytes_of(upf->config.n3_address.ip, 4));
	p->peer_port = GTPU_UDP_PORT; /* 4.4.2.3 */
	answer(upf, p, &m);
}

void upf_gtpu_not_comprehended(struct upf *upf, struct upf_packet *p, const struct gtpu_header *h)
{
	static const uint8_t known[] = { GTPU_EXT_PDU_SESSION_CONTAINER };
	struct gtpu_msg m = { .header = { .type = GTPU_SUPPORTED_EXTENSION_HEADERS,
				      .has_sequence = true,
				      .sequence = h->sequence },
		.supported_extension_headers = { BYTES(known) } };

	upf->stat[UPF_STAT_MALFORMED]++;
	p->verdict = UPF_DROP;
	if (may_send_error(upf))
		answer(upf, p, &m);
}

/* The gNB knows the tunnel no longer: it is used no more, and the SMF is told (23.527 5.3.2). */
static void on_error_indication(struct upf *upf, struct upf_packet *p)
{
	uint8_t store[512];
	struct arena arena;
	struct gtpu_msg m;
	struct tlv_fault fault;
	struct upf_session *s;
	uint32_t ip;

	arena_init(&arena, store, sizeof(store), 0);
	if (!gtpu_decode(bytes_of(p->data, p->len), &arena, &m, &fault) || m.error_indication.peer.len != 4) {
		upf->stat[UPF_STAT_MALFORMED]++;
		return;
	}
	upf->stat[UPF_STAT_ERROR_INDICATIONS_IN]++;
	ip = gtpu_be32(m.error_indication.peer.octets);
	/* Only the tunnel's own end may say so. */
	s = ip == p->peer_ip
		    ? upf_table_find(&upf->data.by_tunnel, upf_tunnel_key(ip, m.error_indication.teid))
		    : NULL;
	if (!s || s->events & UPF_EVENT_TUNNEL_GONE)
		return;
	s->gone_ip = ip;
	s->gone_teid = m.error_indication.teid;
	upf_session_note(upf, s, UPF_EVENT_TUNNEL_GONE);
}

void upf_gtpu_signalling(struct upf *upf, struct upf_packet *p, const struct gtpu_header *h)
{
	p->verdict = UPF_DROP;
	switch (h->type) {
	case GTPU_ECHO_REQUEST:
		on_echo_request(upf, p, h);
		break;
	case GTPU_ERROR_INDICATION:
		on_error_indication(upf, p);
		break;
	default: /* End Marker, Supported Extension Headers, Echo Response, Tunnel Status and what is to come
		  */
		upf->stat[UPF_STAT_SIGNALLING]++;
	}
}

void upf_gtpu_send_end_marker(struct upf *upf, uint32_t ip, uint32_t teid)
{
	uint8_t buf[UPF_REPLY_MAX];
	struct writer w = writer_of(buf, sizeof(buf));
	struct gtpu_msg m = { .header = { .type = GTPU_END_MARKER, .teid = teid } };
	struct addr to = addr_from_v4(ip, GTPU_UDP_PORT);

	if (gtpu_encode(&m, &w))
		outbox_send_to(upf->env->outbox, UPF_PORT_N3, &to, writer_bytes(&w));
}
