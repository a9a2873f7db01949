/* The radio part of a network: gNBs with their cells, and UEs. */
#include <string.h>

#include "ops/network_check.h"

/* Without amf_addresses: the AMFs of this file. */
static void complete_gnb(const struct network *n, struct network_gnb *g, unsigned number)
{
	struct gnb_config *c = &g->config;

	network_name(c->name, sizeof(c->name), "gnb-", number);
	if (c->gnb_id == 0)
		c->gnb_id = number;
	c->plmn = n->plmn;
	c->slice_count = n->slice_count;
	for (uint8_t i = 0; i < n->slice_count; i++)
		c->slices[i] = n->slices[i];
	for (uint8_t i = 0; i < c->amf_count; i++)
		c->amfs[i].port = g->amf_port;
	for (uint8_t i = 0; c->amf_count == 0 && i < n->core.amf_count; i++) {
		c->amfs[i] = n->core.amfs[i].n2_address;
		c->amfs[i].port = n->core.amfs[i].n2_port;
	}
	if (c->amf_count == 0)
		c->amf_count = n->core.amf_count;
	c->radio = n->radio.air == NETWORK_AIR_SAMPLES ? GNB_RADIO_DUS : GNB_RADIO_MESSAGES;
}

/* What identifies it, as its SIB1 says. */
static void complete_radio(const struct network *n, const struct network_gnb *g, struct network_cell *cell)
{
	struct served_cell_config *c = &cell->radio;

	c->pci = cell->config.pci;
	c->mnc_digits = n->plmn.mnc[2] == PLMN_NO_DIGIT ? 2 : 3;
	c->tac = cell->config.tac;
	c->lead_slots = cell->device.args[0] ? cell->device.lead_slots : 0;
	c->cell_identity = (uint64_t)g->config.gnb_id << (36 - g->config.gnb_id_bits) | cell->config.id;
	for (unsigned i = 0; i < 3; i++) {
		c->mcc[i] = n->plmn.mcc[i];
		c->mnc[i] = n->plmn.mnc[i] == PLMN_NO_DIGIT ? 0 : n->plmn.mnc[i];
	}
}

static bool tac_is_served(const struct network *n, uint32_t tac)
{
	for (uint8_t i = 0; i < n->tac_count; i++)
		if (n->tacs[i] == tac)
			return true;
	return false;
}

/* Its place, and nobody else's: neither in this gNB nor in an earlier one. */
static bool check_cell(
	const struct network *n, const struct network_gnb *g, uint8_t at, struct config_doubt *doubt)
{
	const struct network_cell *cell = &g->cells[at];

	if (!tac_is_served(n, cell->config.tac))
		return network_doubt(doubt, &cell->config.tac, "expected one of tacs");
	for (const struct network_gnb *other = n->gnbs; other <= g; other++) {
		uint8_t count = other == g ? at : other->cell_count;

		for (uint8_t i = 0; i < count; i++) {
			const struct network_cell *o = &other->cells[i];

			if (other == g && o->config.id == cell->config.id)
				return network_doubt(doubt, &cell->config.id,
					"expected an id that no other cell of the gNB has");
			if (addr_same_host(&o->air_address, &cell->air_address) &&
				o->air_port == cell->air_port)
				return network_doubt(doubt, &cell->air_address,
					"expected air_address and air_port that no other cell has");
		}
	}
	return true;
}

static bool check_cells(struct network *n, struct network_gnb *g, struct config_doubt *doubt)
{
	if (g->cell_count == 0)
		return network_doubt(doubt, &g->cell_count, "expected at least one cell");
	for (uint8_t i = 0; i < g->cell_count; i++) {
		struct network_cell *cell = &g->cells[i];

		if (cell->config.id == 0)
			cell->config.id = (uint16_t)(i + 1);
		if (cell->config.tac == 0 && !tac_is_served(n, 0))
			cell->config.tac = n->tacs[0];
		if (cell->config.id >> (36 - g->config.gnb_id_bits))
			return network_doubt(
				doubt, &cell->config.id, "expected an id of at most 36 bits less id_bits");
		if (n->radio.air != NETWORK_AIR_MESSAGES && cell->radio.band == 0)
			return network_doubt(doubt, &cell->radio.band,
				"expected band, arfcn and bandwidth_mhz: the radio goes by samples, or mac");
		if (!check_cell(n, g, i, doubt))
			return false;
		g->config.cells[g->config.cell_count++] = cell->config;
	}
	return true;
}

struct network_gnb *network_gnb_named(struct network *n, const char *name)
{
	for (uint8_t i = 0; i < n->gnb_count; i++)
		if (!strcmp(n->gnbs[i].config.name, name))
			return &n->gnbs[i];
	return NULL;
}

/* Each cell has a PCI of its own, by which UEs find it. */
static bool check_pcis(struct network *n, struct config_doubt *doubt)
{
	uint16_t number = 0;

	for (uint8_t i = 0; i < n->gnb_count; i++)
		for (uint8_t k = 0; k < n->gnbs[i].cell_count; k++) {
			struct network_cell *cell = &n->gnbs[i].cells[k];
			struct gnb_config *c = &n->gnbs[i].config;

			number++;
			if (cell->config.pci == 0)
				cell->config.pci = number;
			c->cells[k].pci = cell->config.pci;
			complete_radio(n, &n->gnbs[i], cell);
			for (uint16_t a = 0; a < n->air_count; a++)
				if (n->air[a].pci == cell->config.pci)
					return network_doubt(doubt, &cell->config.pci,
						"expected a pci that no other cell has");
			n->air[n->air_count++] = (struct ue_cell){ .at = cell->air_address,
				.pci = cell->config.pci,
				.nci = (uint64_t)c->gnb_id << (36 - c->gnb_id_bits) | cell->config.id,
				.tai = { n->plmn, cell->config.tac } };
			n->air[n->air_count - 1].at.port = cell->air_port;
		}
	return true;
}

static bool is_named(const struct network_gnb *g, const char *name)
{
	for (uint8_t i = 0; i < g->neighbour_count; i++)
		if (!strcmp(g->neighbours[i], name))
			return true;
	return false;
}

/* Whom either names, or all where neither names any. */
static bool are_neighbours(const struct network_gnb *a, const struct network_gnb *b)
{
	if (a->neighbour_count == 0 && b->neighbour_count == 0)
		return true;
	return is_named(a, b->config.name) || is_named(b, a->config.name);
}

static void neighbour_add(struct network_gnb *g, const struct network_gnb *other)
{
	struct gnb_neighbour *to = &g->config.neighbours[g->config.neighbour_count++];

	*to = (struct gnb_neighbour){ .gnb_id = other->config.gnb_id,
		.gnb_id_bits = other->config.gnb_id_bits,
		.plmn = other->config.plmn,
		.direct = g->direct_forwarding && other->direct_forwarding,
		.cell_count = other->config.cell_count };
	str_copy(to->name, sizeof(to->name), other->config.name);
	if (g->xn_address.len > 0)
		to->xn = other->xn_address;
	for (uint8_t i = 0; i < to->cell_count; i++)
		to->cells[i] = other->config.cells[i];
}

static bool complete_neighbours(struct network *n, struct config_doubt *doubt)
{
	for (uint8_t i = 0; i < n->gnb_count; i++) {
		struct network_gnb *g = &n->gnbs[i];

		for (uint8_t k = 0; k < g->neighbour_count; k++)
			if (!network_gnb_named(n, g->neighbours[k]) ||
				!strcmp(g->neighbours[k], g->config.name))
				return network_doubt(
					doubt, g->neighbours[k], "expected names of other gNBs in this file");
		if (g->xn_address.len > 0 && g->sctp.transport == TRANSPORT_UDP)
			return network_doubt(
				doubt, &g->xn_address, "expected no Xn where SCTP is carried by UDP");
		g->config.xn_address = g->xn_address;
		for (uint8_t k = 0; k < n->gnb_count; k++)
			if (k != i && are_neighbours(g, &n->gnbs[k]))
				neighbour_add(g, &n->gnbs[k]);
	}
	return true;
}

bool network_check_gnbs(struct network *n, struct config_doubt *doubt)
{
	for (uint8_t i = 0; i < n->gnb_count; i++) {
		struct network_gnb *g = &n->gnbs[i];

		complete_gnb(n, g, i + 1u);
		if (!check_cells(n, g, doubt))
			return false;
		for (uint8_t k = 0; k < i; k++) {
			const struct network_gnb *other = &n->gnbs[k];

			if (g->config.gnb_id == other->config.gnb_id)
				return network_doubt(
					doubt, &g->config.gnb_id, "expected an id that no other gNB has");
			if (g->config.n3_address.len > 0 &&
				addr_same_host(&g->config.n3_address, &other->config.n3_address))
				return network_doubt(doubt, &g->config.n3_address,
					"expected an n3_address that no other gNB has");
		}
	}
	return network_distinct(doubt, n->gnbs[0].config.name, n->gnb_count, sizeof(n->gnbs[0]),
		       "expected a name that no other gNB has") &&
	       check_pcis(n, doubt) && complete_neighbours(n, doubt);
}

struct network_cell *network_cell_of(struct network_gnb *g, uint16_t id)
{
	for (uint8_t i = 0; i < g->cell_count; i++)
		if (id == 0 || g->cells[i].config.id == id)
			return &g->cells[i];
	return NULL;
}

/* Where its cell is: of a gNB named, given by address, or of the first gNB. */
static bool complete_air(struct network *n, struct network_ue *u, struct config_doubt *doubt)
{
	struct network_gnb *g = u->gnb[0] ? network_gnb_named(n, u->gnb) : n->gnb_count ? &n->gnbs[0] : NULL;
	struct network_cell *cell;

	if (u->gnb_address.len) {
		u->config.gnb = u->gnb_address;
		u->config.gnb.port = u->gnb_port;
		return (!u->gnb[0] && u->cell == 0) ||
		       network_doubt(
			       doubt, &u->gnb_address, "expected gnb_address, or gnb and cell, not both");
	}
	if (!g)
		return u->gnb[0] ? network_doubt(doubt, u->gnb, "expected the name of one of gnbs")
				 : network_doubt(doubt, u, "expected gnb_address, or a gNB in gnbs");
	cell = network_cell_of(g, u->cell);
	if (!cell)
		return network_doubt(doubt, &u->cell, "expected the id of one of the gNB's cells");
	u->config.gnb = cell->air_address;
	u->config.gnb.port = cell->air_port;
	if (u->radio.band == 0)
		u->radio = cell->radio;
	if (cell->ue_address.len == 0) {
		cell->ue_address = u->air_address;
		cell->ue_port = u->samples_port;
	}
	return true;
}

static bool complete_ue(struct network *n, struct network_ue *u, struct config_doubt *doubt)
{
	if (u->profile.slice_count == 0)
		u->profile.slices[u->profile.slice_count++] = n->slices[0];
	u->profile.home = n->plmn;
	u->profile.auto_register = u->profile.auto_session = true;
	if (u->profile.no_usim != !u->config.supi.imsi[0])
		return network_doubt(doubt, &u->profile.no_usim,
			u->profile.no_usim ? "expected no imsi, k and opc beside no_usim"
					   : "expected imsi, k and opc, or no_usim: yes");
	if ((u->profile.no_usim && !supi_of_imei(u->config.imeisv, &u->config.supi)) ||
		!complete_air(n, u, doubt))
		return false;
	return n->radio.air != NETWORK_AIR_SAMPLES || u->radio.band > 0 ||
	       network_doubt(doubt, &u->radio.band,
		       "expected band, arfcn and bandwidth_mhz of its cell: the radio goes by samples");
}

bool network_check_ues(struct network *n, struct config_doubt *doubt)
{
	for (uint8_t i = 0; i < n->ue_count; i++) {
		struct network_ue *u = &n->ues[i];

		network_name(u->name, sizeof(u->name), "ue-", i + 1u);
		network_name(u->tun, sizeof(u->tun), "ue", i);
		if (!complete_ue(n, u, doubt))
			return false;
		for (uint8_t k = 0; k < i; k++)
			if (supi_key(&u->config.supi) == supi_key(&n->ues[k].config.supi))
				return u->profile.no_usim
					       ? network_doubt(doubt, u->config.imeisv,
							 "expected an IMEI that no other UE without USIM has")
					       : network_doubt(doubt, &u->config.supi,
							 "expected an IMSI that no other UE has");
	}
	return network_distinct(doubt, n->ues[0].tun, n->ue_count, sizeof(n->ues[0]),
		       "expected a tun that no other UE has") &&
	       network_distinct(doubt, n->ues[0].name, n->ue_count, sizeof(n->ues[0]),
		       "expected a name that no other UE has");
}
