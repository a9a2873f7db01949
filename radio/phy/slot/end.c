#include "radio/phy/slot/end.h"

#include <stdlib.h>

void *slot_end_new(size_t size, const struct phy_slot_config *c)
{
	struct slot_end *e = slot_config_legal(c) ? calloc(1, size) : NULL;

	if (!e)
		return NULL;
	e->config = *c;
	(void)kern_init(&e->kern, c->kern_level);
	if (slot_grids_init(&e->grids, c, &e->kern))
		return e;
	slot_end_free(e);
	return NULL;
}

void slot_end_free(void *end)
{
	struct slot_end *e = end;

	slot_grids_fini(&e->grids);
	free(e);
}

bool slot_end_begin(struct slot_end *e, const struct slot_time *t, uint16_t symbols, enum phy_slot_pdu pdu,
	struct phy_slot_refusal *r)
{
	slot_occupancy_init(&e->occupancy, &e->config.carrier, symbols);
	return slot_refuse(
		r, pdu, 0, slot_time_legal(&e->config.carrier, t) ? PHY_SLOT_OK : PHY_SLOT_TIME, NULL);
}

enum phy_slot_error slot_check_pdsch(
	const struct slot_end *e, struct phy_pdsch *p, const struct phy_pdsch_config *c, const char **why)
{
	enum phy_pdsch_error error = phy_pdsch_init(p, c);

	if (error != PHY_PDSCH_OK) {
		*why = phy_pdsch_error_text(error);
		return PHY_SLOT_CHANNEL;
	}
	return c->mu != e->config.carrier.mu || c->extended != e->config.carrier.extended
		       ? PHY_SLOT_NUMEROLOGY
		       : PHY_SLOT_OK;
}

enum phy_slot_error slot_check_csi_rs(
	const struct slot_end *e, struct phy_csi_rs *p, const struct phy_csi_rs_config *c, const char **why)
{
	enum phy_csi_rs_error error = phy_csi_rs_init(p, c);

	if (error != PHY_CSI_RS_OK) {
		*why = phy_csi_rs_error_text(error);
		return PHY_SLOT_CHANNEL;
	}
	return c->extended != e->config.carrier.extended ? PHY_SLOT_NUMEROLOGY : PHY_SLOT_OK;
}
