#include "apps/gnb_radio.h"

#include <stdio.h>

#include "apps/radio_device.h"
#include "io/sandbox.h"
#include "wire/gtpu/gtpu.h"

enum {
	CUUP_UES = 1024,     /* where the configuration has more */
	CUUP_CAPACITY = 255, /* of one (37.483 9.3.1.56) */
	DU_PORT = 256,       /* of the first DU, apart from those of the gNB */
	DU_IP = 0x7f010000,  /* 127.1.0.n: the ends of wires, seen by nobody else */
	CUUP_IP = 0x7f0100fe,
	C_RNTI_FIRST = 0x4601,
};

struct cuup_room_config gnb_radio_cuup_of(const struct network_gnb *n)
{
	struct cuup_room_config c = { .node = { .plmns = &n->config.plmn,
					      .plmn_count = 1,
					      .slices = n->config.slices,
					      .slice_count = n->config.slice_count,
					      .contexts_max = CUUP_UES } };

	if (n->config.ues_max && n->config.ues_max < CUUP_UES)
		c.node.contexts_max = n->config.ues_max;
	return c;
}

static bool cuup_begin(struct gnb_radio *r, const struct gnb_radio_upper *upper, const struct network_gnb *n)
{
	struct addr n3 = n->config.n3_address;
	struct cuup_room_config c = gnb_radio_cuup_of(n);
	struct room room;

	c.port = GNB_RADIO_CUUP_PORT;
	c.node.env = upper->env;
	c.node.id = n->config.gnb_id;
	c.node.name = n->config.name;
	c.node.capacity = CUUP_CAPACITY;
	n3.port = GTPU_UDP_PORT;
	c.node.n3 = c.cp = n3;
	c.node.f1u = addr_from_v4(CUUP_IP, GTPU_UDP_PORT);
	r->cuup = cuup_room_new(&c);
	if (!r->cuup) {
		fprintf(stderr, "freehold gnb: %s cannot start: memory is out\n", n->config.name);
		return false;
	}
	room = cuup_room_of(r->cuup);
	return bind_room(upper->bind, &room) &&
	       bind_wire(upper->bind, &(struct bind_wire_end){ room, GNB_RADIO_CUUP_PORT + CUUP_PORT_E1, n3 },
		       &(struct bind_wire_end){ upper->gnb, GNB_PORT_E1, n3 });
}

/* bind: the DU's. */
static bool join(const struct gnb_radio *r, const struct gnb_radio_upper *upper, struct bind *bind,
	const struct room *du, const struct du_room_config *c)
{
	const struct bind_wire_end f1 = { *du, (uint16_t)(c->port + DU_PORT_F1), c->f1u },
				   cu = { upper->gnb, GNB_PORT_F1, c->cu },
				   f1u = { *du, (uint16_t)(c->port + DU_PORT_F1U), c->f1u },
				   cuup = { cuup_room_of(r->cuup), GNB_RADIO_CUUP_PORT + CUUP_PORT_F1U,
					   addr_from_v4(CUUP_IP, GTPU_UDP_PORT) };

	if (!bind_room(bind, du))
		return false;
	if (bind == upper->bind)
		return bind_wire(bind, &f1, &cu) && bind_wire(bind, &f1u, &cuup);
	return bind_wire_between(bind, &f1, upper->bind, &cu) &&
	       bind_wire_between(bind, &f1u, upper->bind, &cuup);
}

static struct samples_config samples_of(const struct network_cell *cell)
{
	struct samples_config samples = { cell->air_address, cell->ue_address };

	samples.transmit.port = cell->air_port;
	samples.receive.port = cell->ue_port;
	return samples;
}

uint32_t gnb_radio_may(const struct network_gnb *n)
{
	uint32_t may = 0;

	for (uint8_t i = 0; i < n->cell_count; i++)
		may |= radio_device_is(&n->cells[i].device) ? SANDBOX_DEVICE | SANDBOX_THREADS
							    : SANDBOX_ACCEPT | SANDBOX_CONNECT;
	return may;
}

bool gnb_radio_bind_samples(
	struct bind *bind, struct du_room *du, uint16_t port, const struct network_cell *cell)
{
	const struct cell *c = &du_cell(du_node_mac(du_room_node(du)))->cell;
	const struct radio_tuning tuning = { du_room_rate_hz(du), (double)c->uplink.hz,
		(double)c->downlink.hz };
	const struct samples_config samples = samples_of(cell);
	const struct room room = du_room_of(du);

	if (radio_device_is(&cell->device))
		return radio_device_bind(bind, &room, port, &cell->device, &tuning);
	if (bind_samples(bind, &room, port, &samples))
		return true;
	fprintf(stderr, "freehold: cell %u: its samples, TCP port %u: %m\n", cell->config.id, cell->air_port);
	return false;
}

struct du_room_config gnb_radio_du_of(const struct network_gnb *n, const struct network_cell *cell)
{
	return (struct du_room_config){ .du = { cell->radio, C_RNTI_FIRST },
		.plmn = n->config.plmn,
		.id = cell->config.id,
		.name = n->config.name,
		.own_clock = radio_device_is(&cell->device) };
}

static bool du_begin(struct gnb_radio *r, const struct gnb_radio_upper *upper, const struct network_gnb *n)
{
	const struct network_cell *cell = &n->cells[r->count];
	struct du_room_config c = gnb_radio_du_of(n, cell);
	struct gnb_radio_du *du = &r->dus[r->count];
	struct bind *bind = upper->bind;
	const char *wrong;
	struct room room;

	c.env = upper->env;
	if (c.own_clock && !upper->traced) {
		if (!process_thread_begin(&du->thread, upper->p))
			return false;
		c.env = &du->thread.env.env;
		bind = du->thread.bind;
	}
	snprintf(du->name, sizeof(du->name), "%s-cell-%u", n->config.name, cell->config.id);
	c.name = du->name;
	c.f1u = addr_from_v4(DU_IP + 1 + (uint32_t)r->count, GTPU_UDP_PORT);
	c.cu = n->config.n3_address;
	c.port = (uint16_t)(DU_PORT + DU_PORTS * r->count);
	du->room = du_room_new(&c, &wrong);
	if (!du->room) {
		fprintf(stderr, "freehold gnb: cell %u of %s: %s\n", cell->config.id, n->config.name,
			wrong ? wrong : "memory is out");
		return false;
	}
	r->count++;
	room = du_room_of(du->room);
	return join(r, upper, bind, &room, &c) &&
	       gnb_radio_bind_samples(bind, du->room, (uint16_t)(c.port + DU_PORT_SAMPLES), cell);
}

bool gnb_radio_begin(struct gnb_radio *r, const struct gnb_radio_upper *upper, const struct network_gnb *n)
{
	if (!cuup_begin(r, upper, n))
		return false;
	for (uint8_t i = 0; i < n->cell_count; i++)
		if (!du_begin(r, upper, n))
			return false;
	return true;
}

void gnb_radio_end(struct gnb_radio *r)
{
	for (size_t i = 0; i < ARRAY_LEN(r->dus); i++) {
		process_thread_stop(&r->dus[i].thread);
		du_room_free(r->dus[i].room);
		process_thread_end(&r->dus[i].thread);
	}
	r->count = 0;
	cuup_room_free(r->cuup);
	r->cuup = NULL;
}

struct asked {
	struct gnb_radio_du *du;
	struct stats_list *l;
};

static void add_figures(void *arg)
{
	const struct asked *a = arg;

	du_room_figures(a->du->room, a->l);
	if (a->du->thread.p)
		bind_radio_figures(a->du->thread.bind, a->l);
}

void gnb_radio_figures(struct gnb_radio *r, struct stats_list *l)
{
	if (r->cuup)
		cuup_room_figures(r->cuup, l);
	for (size_t i = 0; i < r->count; i++)
		process_thread_do(&r->dus[i].thread, add_figures, &(struct asked){ &r->dus[i], l });
}
