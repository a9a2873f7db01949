/* What goes on PUCCH, and on which of its resources (38.213 9.2). */
#include "ue/phy/parts.h"

/* A scheduling request that may go now (38.321 5.4.4). */
static bool has_sr_occasion(const struct ue_phy *p)
{
	return p->own.sr.there && p->up_slots % p->own.sr.period == p->own.sr.offset;
}

/* False, with that resource released, where it was sent too often. */
static bool sends_sr(struct ue_phy *p)
{
	uint8_t id;

	if (ue_mac_wish(p->mac, &id, p->up_ns) != UE_MAC_SCHEDULING_REQUEST || id != p->own.sr.id)
		return false;
	if (ue_mac_sr_send(p->mac, id, p->up_ns))
		return true;
	ue_phy_release_uplink(p);
	return false;
}

/* On format 2, in this order: HARQ-ACK, the request's bit where it has an occasion, a report
 * (38.212 6.3.1.1). */
static void append(struct ue_acks *a, bool occasion, bool sr, const struct ue_phy_csi *csi)
{
	if (occasion && a->n < UE_ACKS_MAX)
		a->bits[a->n++] = sr;
	for (unsigned i = 0; csi && i < csi->n && a->n < UE_ACKS_MAX; i++)
		a->bits[a->n++] = csi->bits[i];
}

/*
 * Up to two bits of HARQ-ACK go on format 1, which a positive request takes to its own resource (9.2.5.1);
 * more, and reports, on format 2. A report beside HARQ-ACK goes where more bits would, or not at all
 * (9.2.5.2).
 */
bool ue_phy_pucch(struct ue_phy *p, struct ue_phy_due *due, struct phy_ul_pucch *out)
{
	struct ue_acks *a = &due->acks;
	unsigned acks = a->n;
	bool occasion = !due->common && has_sr_occasion(p), sr = occasion && sends_sr(p);
	const struct phy_pucch_config *at;
	const struct ue_phy_csi *csi = due->common ? NULL : ue_phy_csi_on_pucch(p, &at);
	struct phy_pucch plan;

	if (acks > 0 && csi &&
		!cell_own_reports_along(&p->own, due->pucch_resource, acks + occasion + csi->n))
		csi = NULL;
	if ((acks == 0 && !sr && !csi) || (acks > CELL_ACKS_SMALL && due->pucch_resource >= p->own.more_n))
		return false;
	*out = (struct phy_ul_pucch){ .config = sr ? p->own.sr.at : due->pucch, .sr = sr && acks == 0 };
	if (acks > CELL_ACKS_SMALL || csi) {
		out->sr = false;
		append(a, occasion, sr, csi);
		out->config = acks > 0 ? cell_own_more(p->cell, &p->own, due->pucch_resource, p->c_rnti)
				       : cell_own_format2(p->cell, &p->own, at, p->c_rnti);
	}
	out->config.bits = a->n;
	out->uci = a->bits;
	if (phy_pucch_init(&plan, &out->config) != PHY_PUCCH_OK)
		return false; /* a resource that does not hold so many */
	p->stat[UE_PHY_STAT_REPORTS] += csi != NULL;
	return true;
}
