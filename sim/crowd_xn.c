/* Xn between the gNBs of a crowd: associations within the process, each the same number at both ends. */
#include "sim/crowd_internal.h"

enum { XN_PORT = 38422, STREAMS = 2 };

struct addr crowd_xn_address(size_t gnb)
{
	return addr_from_v4(CROWD_AIR + (uint32_t)gnb * 2, XN_PORT);
}

static void give(struct crowd_cell *to, struct msg m, enum gnb_port port)
{
	struct room room = gnb_room(to->gnb);

	m.port = (uint16_t)port;
	to->pending = true;
	room.ops->on_msg(room.self, &m);
}

/* The listener hears of it first. */
static void connect_both(struct crowd_cell *from, struct crowd_cell *to, const struct msg *m)
{
	struct msg up = { .kind = MSG_UP,
		.assoc = 1 + from->index * CROWD_GNBS_MAX + to->index,
		.peer = crowd_xn_address(from->index),
		.out_streams = STREAMS,
		.in_streams = STREAMS };

	give(to, up, GNB_PORT_XN_SERVER);
	up.peer = m->peer;
	up.token = m->token;
	give(from, up, GNB_PORT_XN);
}

bool crowd_xn_take(struct crowd_cell *from, const struct msg *m)
{
	struct crowd *c = from->crowd;
	uint64_t opener = (m->assoc - 1) / CROWD_GNBS_MAX, listener = (m->assoc - 1) % CROWD_GNBS_MAX;
	bool opens = m->port == GNB_PORT_XN;
	struct crowd_cell *to;

	if (!opens && m->port != GNB_PORT_XN_SERVER)
		return false;
	if (m->kind == MSG_UP) {
		to = crowd_cell_at(c, &m->peer);
		if (to)
			connect_both(from, to, m);
	} else if (m->assoc > 0 && opener < c->config.gnb_count && listener < c->config.gnb_count) {
		give(&c->cells[opens ? listener : opener], *m, opens ? GNB_PORT_XN_SERVER : GNB_PORT_XN);
	}
	return true;
}
