/* The radio by samples: each gNB has a CU-UP and a DU, each UE a host of its own, and between them goes a
 * wire, or the medium. */
#include "base/text.h"
#include "gnb/cuup/room.h"
#include "gnb/du/room.h"
#include "sim/medium/medium.h"
#include "tests/scenario/scenario.h"
#include "ue/air.h"
#include "wire/gtpu/gtpu.h"

enum {
	F1_PORT = 38472,
	E1_PORT = 38462,
	CUUP_IP = 0x0a000500, /* and the last octet of the gNB's */
	DU_IP = 0x0a000600,
	CUUP_UES = 64,
	DU_PORT = 1,
	WIRE_US = 1000, /* each way: with a lead of two slots of 1 ms the samples keep time */
};

/* Before the gNB, which has the rate. */
bool scn_medium(struct scn *s, const struct scn_args *a)
{
	struct writer w = writer_of(s->medium_keys, sizeof(s->medium_keys) - 1);

	for (size_t i = 0; i < a->rest_count; i++) {
		const char *value = strchr(a->rest[i], '=');

		if (!value)
			return scn_fail(s, "keys of air.ues have values");
		writer_put(&w, bytes_of(a->rest[i], (size_t)(value - a->rest[i])));
		text_put(&w, ": %s, ", value + 1);
	}
	s->medium_keys[w.failed ? 0 : w.len] = '\0';
	return !w.failed || scn_fail(s, "too many keys");
}

/* A port for each UE that may come. */
static bool medium_begin(struct scn *s, struct scn_gnb *g)
{
	struct medium_config c;
	struct config_doubt doubt;
	char text[MEDIUM_UES_MAX * (SCN_MEDIUM_KEYS + 8) + 64], error[CONFIG_ERROR_SIZE];
	struct writer w = writer_of(text, sizeof(text));

	if (s->medium)
		return scn_fail(s, "the medium has one gNB");
	text_put(&w, "realtime: no\nrate_hz: %.0f\nues:\n", du_room_rate_hz(g->du));
	for (unsigned i = 0; i < MEDIUM_UES_MAX; i++)
		text_put(&w, "  - {%s}\n", s->medium_keys);
	if (!config_load(&medium_config_section, "radio through", writer_bytes(&w), &c, sizeof(c), error))
		return scn_fail(s, "%s", error);
	if (!medium_config_complete(&c, &doubt))
		return scn_fail(s, "radio through: %s", doubt.what);
	c.seed = s->variant.seed;
	s->medium_node = sim_node_add(s->sim, "air", false);
	s->medium = s->medium_node ? medium_new(&c, sim_node_env(s->medium_node)) : NULL;
	if (!s->medium)
		return scn_fail(s, "no medium");
	sim_node_set_room(s->medium_node, medium_room(s->medium));
	return sim_wire(g->du_node, DU_PORT + DU_PORT_SAMPLES, s->medium_node, MEDIUM_PORT_GNB, WIRE_US / 2);
}

/* The UE's samples go to its gNB, or to the medium. */
static bool join(struct scn *s, const struct scn_ue *u, unsigned number, const struct scn_gnb *g)
{
	if (!s->medium)
		return sim_wire(g->du_node, DU_PORT + DU_PORT_SAMPLES, u->node, UE_PORT_SAMPLES, WIRE_US);
	return number <= MEDIUM_UES_MAX && sim_wire(s->medium_node, (uint16_t)(MEDIUM_PORT_UE + number - 1),
						   u->node, UE_PORT_SAMPLES, WIRE_US / 2);
}

static bool cuup_start(struct scn *s, struct scn_gnb *g)
{
	const struct gnb_config *c = &g->config;
	uint32_t host = addr_v4(&c->n3_address) & 0xff;
	const struct cuup_room_config room = { .node = { .env = sim_node_env(g->cuup_node),
						       .id = 1,
						       .name = g->name,
						       .plmns = &c->plmn,
						       .plmn_count = 1,
						       .slices = c->slices,
						       .slice_count = c->slice_count,
						       .contexts_max = CUUP_UES,
						       .n3 = c->n3_address,
						       .f1u = addr_from_v4(CUUP_IP | host, GTPU_UDP_PORT) },
		.cp = addr_from_v4(addr_v4(&c->n3_address), E1_PORT),
		.port = SCN_CUUP_PORT };

	g->cuup = cuup_room_new(&room);
	if (!g->cuup)
		return scn_fail(s, "no CU-UP");
	sim_node_set_room(g->cuup_node, cuup_room_of(g->cuup));
	return true;
}

static struct scn_gnb *gnb_at(struct scn *s, uint64_t n)
{
	struct scn_gnb *g = n <= SCN_GNBS_MAX ? &s->gnbs[n] : NULL;

	if (!g || !g->cuup_node)
		scn_fail(s, "gNB %u has no CU-UP", (unsigned)n);
	return g && g->cuup_node ? g : NULL;
}

bool scn_cuup_starts(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = gnb_at(s, a->n[0]);

	return g && (g->cuup ? scn_fail(s, "it is running") : cuup_start(s, g));
}

bool scn_cuup_dies(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = gnb_at(s, a->n[0]);

	if (!g)
		return false;
	sim_kill(g->cuup_node, false);
	cuup_room_free(g->cuup);
	g->cuup = NULL;
	return true;
}

static bool cuup_begin(struct scn *s, struct scn_gnb *g, uint32_t ip)
{
	struct addr e1 = addr_from_v4(ip, E1_PORT), own = addr_from_v4(CUUP_IP | (ip & 0xff), E1_PORT);
	struct addr f1u = addr_from_v4(CUUP_IP | (ip & 0xff), GTPU_UDP_PORT);

	g->cuup_node = sim_node_add(s->sim, "cuup", false);
	if (!g->cuup_node || !sim_bind_server(g->node, GNB_PORT_E1, &e1) ||
		!sim_bind_client(g->cuup_node, SCN_CUUP_PORT + CUUP_PORT_E1, &own) ||
		!sim_bind_datagram(g->cuup_node, SCN_CUUP_PORT + CUUP_PORT_F1U, &f1u) ||
		!sim_bind_datagram(g->cuup_node, SCN_CUUP_PORT + CUUP_PORT_N3, &g->config.n3_address))
		return scn_fail(s, "E1 cannot be made");
	return cuup_start(s, g);
}

bool scn_du(struct scn *s, struct scn_gnb *g, uint32_t ip)
{
	const struct gnb_config *c = &g->config;
	struct addr f1 = addr_from_v4(ip, F1_PORT), own = addr_from_v4(DU_IP | (ip & 0xff), F1_PORT);
	struct addr own_f1u = addr_from_v4(DU_IP | (ip & 0xff), GTPU_UDP_PORT);
	struct du_room_config du = {
		.du = { .cell = { .pci = c->cells[0].pci,
				.mnc_digits = c->plmn.mnc[2] == PLMN_NO_DIGIT ? 2 : 3,
				.ues_max = g->cell_ues,
				.tac = c->cells[0].tac,
				.cell_identity =
					(uint64_t)c->gnb_id << (36 - c->gnb_id_bits) | c->cells[0].id },
			.c_rnti_first = 0x4601 },
		.plmn = c->plmn,
		.id = 1,
		.name = g->name,
		.f1u = own_f1u,
		.cu = f1,
		.port = DU_PORT,
	};
	const char *wrong;

	for (unsigned i = 0; i < 3; i++) {
		du.du.cell.mcc[i] = c->plmn.mcc[i];
		du.du.cell.mnc[i] = c->plmn.mnc[i] == PLMN_NO_DIGIT ? 0 : c->plmn.mnc[i];
	}
	scn_carrier(s, &du.du.cell);
	g->config.radio = GNB_RADIO_DUS;
	g->du_node = sim_node_add(s->sim, "du", false);
	if (!g->du_node)
		return scn_fail(s, "too many nodes");
	du.env = sim_node_env(g->du_node);
	if (s->mac && !scn_mac_begin(s, g, &du))
		return false;
	g->du = du_room_new(&du, &wrong);
	if (!g->du)
		return scn_fail(s, "no DU: %s", wrong ? wrong : "memory is out");
	sim_node_set_room(g->du_node, du_room_of(g->du));
	if (s->mac ? !scn_mac_gnb(s, g) : s->medium_keys[0] && !medium_begin(s, g))
		return false;
	return cuup_begin(s, g, ip) &&
	       ((sim_bind_server(g->node, GNB_PORT_F1, &f1) &&
			sim_bind_client(g->du_node, DU_PORT + DU_PORT_F1, &own) &&
			sim_bind_datagram(g->du_node, DU_PORT + DU_PORT_F1U, &own_f1u)) ||
		       scn_fail(s, "F1 cannot be made"));
}

bool scn_ue_air(struct scn *s, struct scn_ue *u, unsigned number, const struct scn_gnb *g)
{
	struct ue_air_config c = { .plmn = u->profile.home };

	if (!g->du)
		return scn_fail(s, "the gNB comes first");
	c.band = du_cell(du_node_mac(du_room_node(g->du)))->config.band;
	c.rate_hz = du_room_rate_hz(g->du);
	c.downlink_hz = du_cell(du_node_mac(du_room_node(g->du)))->broadcast.carrier_hz;
	snprintf(u->name, sizeof(u->name), "ue%u", number);
	u->node = sim_node_add(s->sim, u->name, false);
	u->host = u->node ? ue_host_new(sim_node_env(u->node), 1) : NULL;
	if (s->mac && u->host && !scn_mac_ue(s, u, number, g, &c))
		return false;
	if (!u->host || !ue_host_set_air(u->host, &c))
		return scn_fail(s, "the UE has no radio");
	sim_node_set_room(u->node, ue_host_room(u->host));
	if (s->mac) {
		scn_mac_join(s, u, number);
		return true;
	}
	return join(s, u, number, g) || scn_fail(s, "no samples between them");
}

static bool coverage(struct scn *s, uint64_t ue, bool there)
{
	struct scn_ue *u = ue <= SCN_UES_MAX ? &s->ues[ue] : NULL;

	if (!u || !u->ue || !u->host)
		return scn_fail(s, "there is no such UE on the air");
	if (s->mac)
		scn_mac_silent(s, u, !there);
	else
		sim_set_silent(u->node, !there);
	return true;
}

bool scn_leaves_coverage(struct scn *s, const struct scn_args *a)
{
	return coverage(s, a->n[0], false);
}

bool scn_enters_coverage(struct scn *s, const struct scn_args *a)
{
	return coverage(s, a->n[0], true);
}

bool scn_break_f1(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = a->n[0] <= SCN_GNBS_MAX ? &s->gnbs[a->n[0]] : NULL;

	if (!g || !g->du)
		return scn_fail(s, "there is no such DU");
	sim_break(g->du_node, DU_PORT + DU_PORT_F1);
	return true;
}

void scn_samples_fini(struct scn *s)
{
	for (size_t i = 0; i <= SCN_UES_MAX; i++)
		ue_host_free(s->ues[i].host);
	for (size_t i = 0; i <= SCN_GNBS_MAX; i++) {
		du_room_free(s->gnbs[i].du);
		cuup_room_free(s->gnbs[i].cuup);
	}
	medium_free(s->medium);
}
