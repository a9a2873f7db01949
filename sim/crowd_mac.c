/*
 * A cell of a crowd whose radio is RRC, PDCP, RLC and MAC over a model of the physical layer: the gNB's
 * CU-CP, a CU-UP, a DU, UEs with a host each, and the air between them. F1, E1 and F1-U go from outbox to
 * room within the cell.
 */
#include <stdlib.h>

#include "gnb/cuup/room.h"
#include "sim/crowd_internal.h"
#include "sim/l1/l1.h"
#include "wire/gtpu/gtpu.h"

#define LOG_ROOM "gnb"

enum {
	DU_PORT = 128, /* of the rooms' interfaces, apart from those of the gNB */
	CUUP_PORT = 160,
	DU_IP = 0x0a670001, /* its end of F1-U */
	F1_ASSOC = 1,       /* the associations, which never end */
	E1_ASSOC = 2,
	ROOM = 16,
	SLOTS_AT_ONCE = 10, /* where the clock is ahead, before others have their turn */
};

struct member {
	struct crowd_mac *mac;
	uint32_t index; /* in the crowd */
	struct crowd_env env;
	struct ue_host *host;
	uint64_t next_ns; /* of its NAS */
};

struct crowd_mac {
	struct crowd_cell *cell;
	struct crowd_env cuup_env, du_env;
	struct cuup_room *cuup;
	struct du_room *du;
	struct l1_air *air;
	struct addr n3, du_f1u;
	uint64_t next_ns; /* of all members' NAS */
	crowd_event_fn *event;
	uint32_t count;
	struct member members[];
};

/* --- making it */

static void on_ran(void *arg, uint32_t ue)
{
	struct crowd_mac *mac = arg;

	if (ue != L1_GNB)
		crowd_called(mac->cell, mac->members[ue].index);
}

static void on_event(void *arg, struct ue *ue, const struct ue_event_info *e)
{
	struct member *m = arg;

	m->mac->event(m->mac->cell->crowd, m->index, e);
}

static bool cuup_begin(struct crowd_mac *mac, const struct gnb_config *gnb)
{
	struct cuup_room_config c = { .node = { .env = &mac->cuup_env.env,
					      .id = gnb->gnb_id,
					      .name = gnb->name,
					      .plmns = &mac->cell->crowd->config.gnb.plmn,
					      .plmn_count = 1,
					      .contexts_max = 2 * mac->count + ROOM, /* more is overload */
					      .n3 = mac->n3,
					      .f1u = mac->n3 },
		.cp = mac->n3,
		.port = CUUP_PORT };

	mac->cuup = cuup_room_new(&c);
	return mac->cuup != NULL;
}

/* The cell that the gNB says it has, on the carrier of the configuration. */
static struct served_cell_config served(const struct crowd_mac *mac, const struct gnb_config *gnb)
{
	struct served_cell_config c = mac->cell->crowd->config.cell;

	c.pci = gnb->cells[0].pci;
	c.tac = gnb->cells[0].tac;
	c.cell_identity = (uint64_t)gnb->gnb_id << (36 - gnb->gnb_id_bits) | gnb->cells[0].id;
	c.mnc_digits = gnb->plmn.mnc[2] == PLMN_NO_DIGIT ? 2 : 3;
	c.ues_max = SERVED_CELL_UES_MAX;
	for (unsigned i = 0; i < 3; i++) {
		c.mcc[i] = gnb->plmn.mcc[i];
		c.mnc[i] = gnb->plmn.mnc[i] == PLMN_NO_DIGIT ? 0 : gnb->plmn.mnc[i];
	}
	return c;
}

static bool du_begin(struct crowd_mac *mac, const struct gnb_config *gnb)
{
	struct du_room_config c = { .env = &mac->du_env.env,
		.du = { served(mac, gnb), DU_C_RNTI_FIRST },
		.plmn = gnb->plmn,
		.id = 1,
		.name = mac->cell->crowd->config.gnb.name,
		.f1u = mac->du_f1u,
		.cu = mac->n3,
		.port = DU_PORT };
	const char *wrong;

	l1_air_gnb(mac->air, &c);
	mac->du = du_room_new(&c, &wrong);
	if (!mac->du && wrong)
		log_warn(mac->cell->crowd->env->log, "the crowd's cell: %s", wrong);
	if (mac->du)
		l1_air_join_gnb(mac->air, mac->du);
	return mac->du != NULL;
}

/* The UEs of the crowd from the worst to the best. */
static double snr_db(const struct crowd_config *c, uint32_t index)
{
	double share = c->ue_count > 1 ? (double)index / (c->ue_count - 1) : 0;

	return c->snr_most_db != 0 ? c->snr_db + share * (c->snr_most_db - c->snr_db) : c->snr_db;
}

static bool member_begin(struct crowd_mac *mac, uint32_t place)
{
	struct crowd *c = mac->cell->crowd;
	struct member *m = &mac->members[place];
	const struct served_cell *cell = du_cell(du_node_mac(du_room_node(mac->du)));
	struct ue_air_config air = { .band = cell->config.band,
		.plmn = c->config.profile.home,
		.rate_hz = du_room_rate_hz(mac->du),
		.downlink_hz = cell->broadcast.carrier_hz };

	m->mac = mac;
	m->index = (uint32_t)(place * c->config.gnb_count + mac->cell->index);
	m->next_ns = NEVER;
	crowd_env_init(&m->env, c->env);
	mac->cell->hosts[place] = m->host = ue_host_new(&m->env.env, 1);
	l1_air_ue(mac->air, place, &(struct l1_way){ .snr_db = snr_db(&c->config, m->index) }, &air);
	if (!m->host || !ue_host_set_air(m->host, &air))
		return false;
	ue_host_set_event(m->host, on_event, m);
	l1_air_join_ue(mac->air, place, m->host);
	return true;
}

bool crowd_mac_init(struct crowd_cell *cell, const struct gnb_config *gnb, crowd_event_fn *event)
{
	uint32_t count = cell->ue_count;
	struct crowd_mac *mac = calloc(1, sizeof(*mac) + count * sizeof(mac->members[0]));
	struct l1_air_config air = { .ues_max = count, .arg = mac, .ran = on_ran, .env = cell->crowd->env };
	bool ok;

	cell->mac = mac;
	if (!mac)
		return false;
	mac->cell = cell;
	mac->count = count;
	mac->event = event;
	mac->next_ns = NEVER;
	mac->n3 = addr_from_v4(addr_v4(&gnb->n3_address), GTPU_UDP_PORT);
	mac->du_f1u = addr_from_v4(DU_IP + (uint32_t)cell->index, GTPU_UDP_PORT);
	crowd_env_init(&mac->cuup_env, cell->crowd->env);
	crowd_env_init(&mac->du_env, cell->crowd->env);
	env_random(cell->crowd->env, &air.seed, sizeof(air.seed));
	cell->hosts = calloc(count, sizeof(struct ue_host *));
	cell->is_called = calloc(count, sizeof(*cell->is_called));
	cell->called = calloc(count, sizeof(*cell->called));
	mac->air = l1_air_new(&air);
	ok = cell->hosts && cell->is_called && cell->called && mac->air && cuup_begin(mac, gnb) &&
	     du_begin(mac, gnb);
	for (uint32_t i = 0; i < count && ok; i++)
		ok = member_begin(mac, i);
	return ok;
}

void crowd_mac_fini(struct crowd_cell *cell)
{
	struct crowd_mac *mac = cell->mac;

	if (!mac)
		return;
	for (uint32_t i = 0; i < mac->count; i++) {
		ue_host_free(mac->members[i].host);
		outbox_fini(&mac->members[i].env.outbox);
	}
	du_room_free(mac->du);
	cuup_room_free(mac->cuup);
	outbox_fini(&mac->du_env.outbox);
	outbox_fini(&mac->cuup_env.outbox);
	l1_air_free(mac->air);
	free(cell->hosts);
	free(cell->is_called);
	free(cell->called);
	free(mac);
	cell->mac = NULL;
}

/* --- messages */

static void say(struct room to, struct msg m, uint16_t port, const struct addr *from)
{
	m.port = port;
	m.peer = *from;
	to.ops->on_msg(to.self, &m);
}

/* An association that a room opens to the CU-CP: both ends hear of it. */
static void connect_both(
	struct crowd_mac *mac, struct room opener, const struct msg *m, uint16_t port, uint64_t assoc)
{
	struct msg up = { .kind = MSG_UP, .assoc = assoc };

	say(gnb_room(mac->cell->gnb), up, port, &mac->n3);
	up.token = m->token;
	say(opener, up, m->port, &mac->n3);
}

static void from_gnb(struct crowd_mac *mac, const struct msg *m)
{
	if (m->port == GNB_PORT_F1)
		say(du_room_of(mac->du), *m, DU_PORT + DU_PORT_F1, &mac->n3);
	else if (m->port == GNB_PORT_E1)
		say(cuup_room_of(mac->cuup), *m, CUUP_PORT + CUUP_PORT_E1, &mac->n3);
	else
		crowd_out(mac->cell, m);
}

static void from_du(struct crowd_mac *mac, const struct msg *m)
{
	if (m->port == DU_PORT + DU_PORT_F1U)
		say(cuup_room_of(mac->cuup), *m, CUUP_PORT + CUUP_PORT_F1U, &mac->du_f1u);
	else if (m->port == DU_PORT + DU_PORT_F1 && m->kind == MSG_UP)
		connect_both(mac, du_room_of(mac->du), m, GNB_PORT_F1, F1_ASSOC);
	else if (m->port == DU_PORT + DU_PORT_F1)
		say(gnb_room(mac->cell->gnb), *m, GNB_PORT_F1, &mac->du_f1u);
}

static void from_cuup(struct crowd_mac *mac, const struct msg *m)
{
	struct msg out = *m;

	if (m->port == CUUP_PORT + CUUP_PORT_F1U) {
		say(du_room_of(mac->du), *m, DU_PORT + DU_PORT_F1U, &mac->n3);
	} else if (m->port == CUUP_PORT + CUUP_PORT_E1 && m->kind == MSG_UP) {
		connect_both(mac, cuup_room_of(mac->cuup), m, GNB_PORT_E1, E1_ASSOC);
	} else if (m->port == CUUP_PORT + CUUP_PORT_E1) {
		say(gnb_room(mac->cell->gnb), *m, GNB_PORT_E1, &mac->n3);
	} else {
		out.port = GNB_PORT_N3;
		crowd_out(mac->cell, &out);
	}
}

/* An outbox, taken as it is: who hears of it may send meanwhile. */
static bool pump(
	struct crowd_mac *mac, struct crowd_env *e, void (*from)(struct crowd_mac *mac, const struct msg *m))
{
	struct outbox taken;

	if (!e->outbox.head)
		return false;
	outbox_move(&taken, &e->outbox);
	for (struct outbox_item *i = taken.head; i; i = i->next)
		from(mac, &i->msg);
	outbox_fini(&taken);
	return true;
}

static void member_pump(struct member *m)
{
	struct crowd_cell *cell = m->mac->cell;
	struct room room = ue_host_room(m->host);
	struct outbox taken;
	uint32_t sequence;

	cell->is_called[m - m->mac->members] = false;
	if (m->env.outbox.head) {
		outbox_move(&taken, &m->env.outbox);
		for (struct outbox_item *i = taken.head; i; i = i->next)
			if (i->msg.port == UE_PORT_TUN &&
				crowd_packet_at_ue(cell, m->index, i->msg.data, &sequence))
				crowd_life_arrived(cell->crowd, m->index, sequence);
		outbox_fini(&taken);
	}
	m->next_ns = room.ops->next_deadline_ns(room.self);
	if (m->next_ns < m->mac->next_ns)
		m->mac->next_ns = m->next_ns;
}

void crowd_mac_pump(struct crowd_cell *cell)
{
	struct crowd_mac *mac = cell->mac;
	bool any = true;

	while (any) {
		any = cell->called_n > 0;
		while (cell->called_n > 0)
			member_pump(&mac->members[cell->called[--cell->called_n]]);
		any |= pump(mac, &cell->gnb_env, from_gnb);
		any |= pump(mac, &mac->du_env, from_du);
		any |= pump(mac, &mac->cuup_env, from_cuup);
	}
}

bool crowd_mac_take(struct crowd_cell *cell, const struct msg *m)
{
	if (m->port != GNB_PORT_N3)
		return false;
	say(cuup_room_of(cell->mac->cuup), *m, CUUP_PORT + CUUP_PORT_N3, &m->peer);
	return true;
}

/* --- time */

static uint64_t room_next_ns(struct room r)
{
	return r.ops->next_deadline_ns(r.self);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t crowd_mac_next_ns(const struct crowd_cell *cell)
{
	const struct crowd_mac *mac = cell->mac;
	uint64_t next = earlier(mac->next_ns, l1_air_next_ns(mac->air));

	next = earlier(next, room_next_ns(du_room_of(mac->du)));
	return earlier(next, room_next_ns(cuup_room_of(mac->cuup)));
}

static void room_run(struct room r, uint64_t now_ns)
{
	if (room_next_ns(r) <= now_ns)
		r.ops->on_deadline(r.self, now_ns);
}

static void members_run(struct crowd_mac *mac, uint64_t now_ns)
{
	uint64_t next_ns = NEVER;

	if (mac->next_ns > now_ns)
		return;
	for (uint32_t i = 0; i < mac->count; i++) {
		if (mac->members[i].next_ns <= now_ns) {
			room_run(ue_host_room(mac->members[i].host), now_ns);
			crowd_called(mac->cell, mac->members[i].index);
			mac->members[i].next_ns = room_next_ns(ue_host_room(mac->members[i].host));
		}
		next_ns = earlier(next_ns, mac->members[i].next_ns);
	}
	mac->next_ns = next_ns;
}

void crowd_mac_run(struct crowd_cell *cell, uint64_t now_ns)
{
	struct crowd_mac *mac = cell->mac;

	members_run(mac, now_ns);
	room_run(du_room_of(mac->du), now_ns);
	room_run(cuup_room_of(mac->cuup), now_ns);
	crowd_mac_pump(cell);
	for (unsigned i = 0; i < SLOTS_AT_ONCE && l1_air_next_ns(mac->air) <= now_ns; i++) {
		l1_air_run(mac->air);
		crowd_mac_pump(cell);
	}
	cell->pending = true;
}

struct crowd_radio crowd_radio(const struct crowd *c)
{
	struct crowd_radio r = { .slots = 0 };

	for (uint8_t i = 0; i < c->config.gnb_count; i++) {
		const struct crowd_mac *mac = c->cells[i].mac;

		if (!mac)
			continue;
		r.cuup_contexts += cuup_node_contexts(cuup_room_node(mac->cuup));
		r.du_ues += du_ues(du_node_mac(du_room_node(mac->du)));
		r.slots += l1_air_stat(mac->air, L1_STAT_SLOTS);
		r.ue_slots += l1_air_stat(mac->air, L1_STAT_UE_SLOTS);
	}
	return r;
}
