/* The air between the gNBs of a crowd and its UEs. */
#include "sim/crowd_internal.h"

/* Messages of one outbox: those for the air to who is there, the rest out of the crowd. */
static void cell_pump_one(struct crowd_cell *cell, bool gnb)
{
	uint32_t index, sequence;
	struct outbox *from = gnb ? &cell->gnb_env.outbox : &cell->ue_env.outbox, taken = *from;

	if (!from->head)
		return;
	/* The other end may send while it receives: it gets a fresh outbox meanwhile. */
	outbox_init(from, CROWD_OUTBOX_MAX);
	for (struct outbox_item *i = taken.head; i; i = i->next) {
		struct msg m = i->msg;
		bool air = m.port == (gnb ? (uint16_t)GNB_PORT_AIR : (uint16_t)UE_PORT_AIR);
		struct crowd_cell *to = air ? crowd_cell_at(cell->crowd, &m.peer) : NULL;

		if (to) {
			struct room room = gnb ? ue_host_room(to->host) : gnb_room(to->gnb);

			m.port = gnb ? (uint16_t)UE_PORT_AIR : (uint16_t)GNB_PORT_AIR;
			m.peer = gnb ? cell->gnb_air : cell->ue_air;
			to->pending = true;
			room.ops->on_msg(room.self, &m);
		} else if (gnb && crowd_xn_take(cell, &m)) {
			continue;
		} else if (gnb && !air) {
			crowd_out(cell, &m);
		} else if (!gnb && m.port == UE_PORT_TUN) {
			index = (uint32_t)(m.assoc * cell->crowd->config.gnb_count + cell->index);
			if (crowd_packet_at_ue(cell, index, m.data, &sequence))
				crowd_life_arrived(cell->crowd, index, sequence);
		}
	}
	outbox_fini(&taken);
}

void crowd_pump(struct crowd *c, struct crowd_cell *cell)
{
	bool any = true;

	cell->pending = true;
	while (any) {
		any = false;
		for (uint8_t i = 0; i < c->config.gnb_count; i++) {
			if (!c->cells[i].pending)
				continue;
			any = true;
			c->cells[i].pending =
				c->cells[i].gnb_env.outbox.head || c->cells[i].ue_env.outbox.head;
			if (c->cells[i].mac) {
				c->cells[i].pending = false;
				crowd_mac_pump(&c->cells[i]);
				continue;
			}
			cell_pump_one(&c->cells[i], true);
			cell_pump_one(&c->cells[i], false);
		}
	}
}
