/* Semi-persistent reports: which are active (38.214 5.2.1.5.2, 38.321 5.18.6). */
#include "ue/phy/parts.h"

enum { FRAMES = 1024, COMMAND_SUBFRAMES = 3 /* behind its acknowledgement: 38.214 5.2.1.5.2 */ };

bool ue_phy_sp_is_on(const struct ue_phy *p, unsigned asked, uint64_t when_ns)
{
	const struct ue_phy_sp *s = &p->sp[asked];

	return s->turns_ns > 0 && when_ns >= s->turns_ns ? s->next : s->on;
}

static void turn(struct ue_phy *p, unsigned asked, bool on, uint64_t when_ns)
{
	struct ue_phy_sp *s = &p->sp[asked];

	s->on = ue_phy_sp_is_on(p, asked, p->now_ns);
	s->next = on;
	s->turns_ns = when_ns;
}

void ue_phy_sp_forget(struct ue_phy *p)
{
	for (unsigned i = 0; i < CELL_ASKED_MAX; i++)
		p->sp[i] = (struct ue_phy_sp){ .on = false };
}

/* S_i is of the ith of those on PUCCH in the order of their identities. */
void ue_phy_sp_command(struct ue_phy *p, const struct mac_sp_csi *s)
{
	uint64_t when_ns = ue_phy_end_ns(p, p->answered_in) + COMMAND_SUBFRAMES * UINT64_C(1000000);
	unsigned part = p->parts.uplinks == 1 ? 0 : cell_parts_indicated(p->parts.uplinks, s->bwp);

	if (part != p->uplink_part)
		return;
	for (unsigned i = 0; i < CELL_ASKED_MAX; i++) {
		const struct cell_asked *a = &p->own.asked[i];
		unsigned nth = 0;

		if (!a->report.there || a->on != CELL_ASKED_ON_PUCCH)
			continue;
		for (unsigned k = 0; k < CELL_ASKED_MAX; k++)
			nth += p->own.asked[k].report.there && p->own.asked[k].on == CELL_ASKED_ON_PUCCH &&
			       p->own.asked[k].report.id < a->report.id;
		turn(p, i, s->active >> nth & 1, when_ns);
	}
}

bool ue_phy_sp_dci(struct ue_phy *p, const struct phy_dci *dci)
{
	struct cell_pusch_grant g;
	unsigned asked;
	enum cell_sp_csi what = cell_sp_csi_grant(&g, &asked, p->cell, &p->own, dci);

	if (what == CELL_SP_CSI_INVALID)
		return false;
	turn(p, asked, what == CELL_SP_CSI_BEGINS, p->now_ns);
	if (what == CELL_SP_CSI_ENDS)
		return true;
	ue_power_tpc_pusch(&p->power, &p->own, g.tpc, p->pusch_at_most);
	p->sp[asked].config = g.config;
	p->sp[asked].beta = g.beta;
	p->sp[asked].first = (p->slots + g.k2) % (FRAMES * cell_frame_slots(p->cell));
	return true;
}

/* From the first on each period; another PUSCH of the slot goes before it (5.2.5). */
void ue_phy_sp_run(struct ue_phy *p, struct ue_phy_due *due)
{
	uint64_t all = FRAMES * cell_frame_slots(p->cell);

	for (unsigned i = 0; i < CELL_ASKED_MAX && !due->pusch; i++) {
		const struct cell_asked *a = &p->own.asked[i];
		uint64_t since = (p->up_slots + all - p->sp[i].first) % all;

		if (!a->report.there || a->on != CELL_ASKED_ON_PUSCH || !ue_phy_sp_is_on(p, i, p->up_ns) ||
			since % a->report.period != 0 || !ue_phy_is_awake(p, p->up_ns))
			continue;
		due->pusch = due->no_data = true;
		due->config = p->sp[i].config;
		due->beta = p->sp[i].beta;
		due->dai = 0;
		due->csi[0] = (uint8_t)i;
		due->csi_n = 1;
	}
}
