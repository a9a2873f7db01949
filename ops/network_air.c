/* `freehold air` between the gNB and the UEs of this file: what is not told of one follows from the other. */
#include "gnb/du/cell/served_cell.h"
#include "ops/network_check.h"
#include "radio/phy/search/band.h"

double network_rate_hz(const struct served_cell_config *c)
{
	unsigned prbs = phy_max_rb_of(false, c->bandwidth_mhz, c->mu);

	return prbs ? served_cell_fft_size(prbs) * 15e3 * (1 << c->mu) : 0;
}

static void complete_place(struct addr *a, uint16_t *port, const struct addr *of, uint16_t of_port)
{
	if (a->len == 0)
		*a = *of;
	if (*port == 0)
		*port = of_port;
}

/* It is where the cell is, and asks for its samples. */
static void complete_gnb(struct medium_config *m, struct network_cell *cell)
{
	complete_place(&m->gnb.receive_address, &m->gnb.receive_port, &cell->air_address, cell->air_port);
	complete_place(&m->gnb.transmit_address, &m->gnb.transmit_port, &cell->air_address, 0);
	for (uint8_t i = 0; i < m->ue_count; i++)
		complete_place(
			&m->ues[i].end.transmit_address, &m->ues[i].end.transmit_port, &cell->air_address, 0);
}

/* The UE asks the air in place of the cell. */
static void lead_to_air(struct network_ue *u, const struct medium_end *e, const struct network_cell *cell)
{
	if (u->gnb_address.len > 0 || u->gnb[0] || u->cell)
		return;
	u->gnb_address = e->transmit_address;
	u->gnb_port = e->transmit_port;
	if (u->radio.band == 0)
		u->radio = cell->radio;
}

bool network_check_air(struct network *n, struct config_doubt *doubt)
{
	bool own = n->radio.air == NETWORK_AIR_SAMPLES && n->medium.config.ue_count > 0;
	struct network_cell *cell = own && n->gnb_count > 0 ? &n->gnbs[0].cells[0] : NULL;
	struct medium_config *m = &n->medium.config;

	if (cell)
		complete_gnb(m, cell);
	if (cell && m->rate_hz == 0)
		m->rate_hz = (uint32_t)network_rate_hz(&cell->radio);
	for (uint8_t i = 0; own && i < m->ue_count && i < n->ue_count; i++)
		complete_place(&m->ues[i].end.receive_address, &m->ues[i].end.receive_port,
			&n->ues[i].air_address, n->ues[i].samples_port);
	if (!medium_config_complete(m, doubt))
		return false;
	for (uint8_t i = 0; cell && i < m->ue_count && i < n->ue_count; i++)
		lead_to_air(&n->ues[i], &m->ues[i].end, cell);
	if (cell && cell->ue_address.len == 0) {
		cell->ue_address = m->gnb.transmit_address;
		cell->ue_port = m->gnb.transmit_port;
	}
	return true;
}
