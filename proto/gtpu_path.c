#include "proto/gtpu_path.h"

static void put(struct gtpu_path *p, const struct addr *to, const struct gtpu_msg *m)
{
	uint8_t octets[128];
	struct writer w = writer_of(octets, sizeof(octets));

	if (gtpu_encode(m, &w))
		p->send(p->arg, to, writer_bytes(&w));
}

/* sent: echoes or errors. */
static bool may_answer(struct gtpu_path *p, uint32_t *sent)
{
	uint64_t second = env_now_ns(p->env) / NS_PER_S;

	if (p->second != second) {
		p->second = second;
		p->echoes = p->errors = 0;
	}
	return (*sent)++ < GTPU_PATH_ANSWERS_MAX;
}

/* 7.2.2: to where the request came from, with its sequence number. */
static void echo(struct gtpu_path *p, const struct addr *from, const struct gtpu_header *h)
{
	struct gtpu_msg m = {
		.header = { .type = GTPU_ECHO_RESPONSE, .has_sequence = true, .sequence = h->sequence }
	};

	if (may_answer(p, &p->echoes))
		put(p, from, &m);
}

/* 7.2.3 */
static void not_comprehended(struct gtpu_path *p, const struct addr *from, const struct gtpu_header *h)
{
	struct gtpu_msg m = { .header = { .type = GTPU_SUPPORTED_EXTENSION_HEADERS,
				      .has_sequence = h->has_sequence,
				      .sequence = h->sequence },
		.supported_extension_headers.types = p->extensions };

	p->stats.not_comprehended++;
	if (may_answer(p, &p->errors))
		put(p, from, &m);
}

void gtpu_path_unknown_teid(struct gtpu_path *p, const struct addr *from, uint32_t teid)
{
	struct gtpu_msg m = { .header = { .type = GTPU_ERROR_INDICATION, .has_sequence = true },
		.error_indication = { .teid = teid, .peer.len = p->own.len } };
	struct addr to = *from;

	p->stats.unknown_teid++;
	to.port = GTPU_UDP_PORT;
	(void)bytes_copy(m.error_indication.peer.octets, sizeof(m.error_indication.peer.octets),
		bytes_of(p->own.ip, p->own.len));
	if (may_answer(p, &p->errors))
		put(p, &to, &m);
}

/* 7.3.1: of which of our peer's tunnels it is, in place of the header's TEID, which is 0. */
static enum gtpu_path_event error_indication(
	struct gtpu_path *p, struct bytes datagram, struct gtpu_header *h)
{
	uint8_t memory[512];
	struct tlv_fault fault;
	struct arena arena;
	struct gtpu_msg m;
	bool ok;

	arena_init(&arena, memory, sizeof(memory), sizeof(memory));
	ok = gtpu_decode(datagram, &arena, &m, &fault);
	arena_fini(&arena);
	if (!ok) {
		p->stats.malformed++;
		return GTPU_PATH_DONE;
	}
	p->stats.error_indications++;
	h->teid = m.error_indication.teid;
	return GTPU_PATH_ERROR;
}

enum gtpu_path_event gtpu_path_receive(struct gtpu_path *p, const struct addr *from, struct bytes datagram,
	struct gtpu_header *h, struct bytes *payload)
{
	switch (gtpu_header_decode(datagram, h, payload)) {
	case GTPU_OK:
		break;
	case GTPU_NOT_COMPREHENDED:
		not_comprehended(p, from, h);
		return GTPU_PATH_DONE;
	default:
		p->stats.malformed++;
		return GTPU_PATH_DONE;
	}
	switch (h->type) {
	case GTPU_G_PDU:
		return GTPU_PATH_PACKET;
	case GTPU_END_MARKER:
		p->stats.end_markers++;
		return GTPU_PATH_END_MARKER;
	case GTPU_ERROR_INDICATION:
		return error_indication(p, datagram, h);
	case GTPU_ECHO_REQUEST:
		echo(p, from, h);
		return GTPU_PATH_DONE;
	default: /* 7.1: unknown messages are discarded; responses are to nothing of ours */
		return GTPU_PATH_DONE;
	}
}
