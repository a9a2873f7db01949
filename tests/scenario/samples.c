/* The radio by samples: each gNB has a DU, each UE a host of its own, and between the two goes a wire. */
#include "gnb/du/room.h"
#include "tests/scenario/scenario.h"
#include "ue/air.h"
#include "wire/gtpu/gtpu.h"

enum {
	F1_PORT = 38472,
	CU_F1U_IP = 0x0a000500, /* and the last octet of the gNB's */
	DU_IP = 0x0a000600,
	DU_PORT = 1,
	BAND = 3,
	ARFCN = 368500,
	WIRE_US = 1000, /* each way: with a lead of two slots of 1 ms the samples keep time */
};

bool scn_du(struct scn *s, struct scn_gnb *g, uint32_t ip)
{
	const struct gnb_config *c = &g->config;
	struct addr f1 = addr_from_v4(ip, F1_PORT), own = addr_from_v4(DU_IP | (ip & 0xff), F1_PORT);
	struct addr own_f1u = addr_from_v4(DU_IP | (ip & 0xff), GTPU_UDP_PORT);
	struct du_room_config du = {
		.du = { .cell = { .pci = c->cells[0].pci,
				.band = BAND,
				.arfcn = ARFCN,
				.bandwidth_mhz = s->samples_mhz,
				.mnc_digits = c->plmn.mnc[2] == PLMN_NO_DIGIT ? 2 : 3,
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
	g->config.radio = GNB_RADIO_DUS;
	g->config.f1u_address = addr_from_v4(CU_F1U_IP | (ip & 0xff), GTPU_UDP_PORT);
	g->du_node = sim_node_add(s->sim, "du", false);
	if (!g->du_node)
		return scn_fail(s, "too many nodes");
	du.env = sim_node_env(g->du_node);
	g->du = du_room_new(&du, &wrong);
	if (!g->du)
		return scn_fail(s, "no DU: %s", wrong ? wrong : "memory is out");
	sim_node_set_room(g->du_node, du_room_of(g->du));
	return (sim_bind_server(g->node, GNB_PORT_F1, &f1) &&
		       sim_bind_datagram(g->node, GNB_PORT_F1U, &g->config.f1u_address) &&
		       sim_bind_client(g->du_node, DU_PORT + DU_PORT_F1, &own) &&
		       sim_bind_datagram(g->du_node, DU_PORT + DU_PORT_F1U, &own_f1u)) ||
	       scn_fail(s, "F1 cannot be made");
}

bool scn_ue_air(struct scn *s, struct scn_ue *u, unsigned number, const struct scn_gnb *g)
{
	struct ue_air_config c = { .band = BAND, .plmn = u->profile.home };

	if (!g->du)
		return scn_fail(s, "the gNB comes first");
	c.rate_hz = du_room_rate_hz(g->du);
	c.downlink_hz = du_cell(du_node_mac(du_room_node(g->du)))->broadcast.carrier_hz;
	snprintf(u->name, sizeof(u->name), "ue%u", number);
	u->node = sim_node_add(s->sim, u->name, false);
	u->host = u->node ? ue_host_new(sim_node_env(u->node), 1) : NULL;
	if (!u->host || !ue_host_set_air(u->host, &c))
		return scn_fail(s, "the UE has no radio");
	sim_node_set_room(u->node, ue_host_room(u->host));
	return sim_wire(g->du_node, DU_PORT + DU_PORT_SAMPLES, u->node, UE_PORT_SAMPLES, WIRE_US) ||
	       scn_fail(s, "no samples between them");
}

void scn_samples_fini(struct scn *s)
{
	for (size_t i = 0; i <= SCN_UES_MAX; i++)
		ue_host_free(s->ues[i].host);
	for (size_t i = 0; i <= SCN_GNBS_MAX; i++)
		du_room_free(s->gnbs[i].du);
}
