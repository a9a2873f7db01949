/* Paging frames and paging occasions: 38.304 7.1. */
#include "radio/cell/paging.h"

/* firstPDCCH-MonitoringOccasionOfPO, of the spacings that there are here: the first two alternatives. */
static bool read_first(
	struct cell_pcch *out, const struct rrc_pcch_config_first_pdcch_monitoring_occasion_of_po *f)
{
	unsigned which = f->tag - RRC_PCCH_CONFIG_FIRST_PDCCH_MONITORING_OCCASION_OF_PO_TAG_SCS15_KH_ZONE_T;
	size_t count = which == 0 ? f->u.scs15_kh_zone_t.count : f->u.scs30_kh_zone_t_scs15_kh_zhalf_t.count;

	if (which > 1)
		return false;
	for (size_t i = 0; i < count && i < ARRAY_LEN(out->first); i++)
		out->first[i] = which == 0 ? f->u.scs15_kh_zone_t.items[i]
					   : f->u.scs30_kh_zone_t_scs15_kh_zhalf_t.items[i];
	return count >= out->occasions;
}

bool cell_pcch_read(struct cell_pcch *out, const struct rrc_pcch_config *in, uint64_t sent)
{
	static const uint8_t occasions[] = { 4, 2, 1 };
	const struct rrc_pcch_config_n_and_paging_frame_offset *n = &in->n_and_paging_frame_offset;
	unsigned row = (unsigned)n->tag - RRC_PCCH_CONFIG_N_AND_PAGING_FRAME_OFFSET_TAG_ONE_T;

	if (in->default_paging_cycle >= RRC_PAGING_CYCLE_N || row > 4 ||
		(size_t)in->ns >= ARRAY_LEN(occasions))
		return false;
	*out = (struct cell_pcch){ .cycle = (uint16_t)(32u << in->default_paging_cycle),
		.occasions = occasions[in->ns],
		.offset = row == 0 ? 0 : n->u.half_t };
	out->frames = (uint16_t)(out->cycle >> row);
	for (uint16_t i = 0; i < out->occasions; i++)
		out->first[i] = (uint16_t)(i * (unsigned)__builtin_popcountll(sent));
	return !in->first_pdcch_monitoring_occasion_of_po ||
	       read_first(out, in->first_pdcch_monitoring_occasion_of_po);
}

bool cell_is_paging_slot(const struct cell *c, unsigned ue_id, unsigned sfn, unsigned slot)
{
	const struct cell_pcch *p = &c->pcch;
	unsigned occasion = ue_id / p->frames % p->occasions, at = 0;

	if (!c->paging.there || (sfn + p->offset) % p->cycle != p->cycle / p->frames * (ue_id % p->frames) ||
		!phy_search_space_monitored(&c->paging.space, sfn, slot, cell_frame_slots(c)))
		return false;
	for (unsigned i = 0; i < slot; i++) /* occasions in uplink are none (7.1) */
		at += phy_search_space_monitored(&c->paging.space, sfn, i, cell_frame_slots(c)) != 0 &&
		      (cell_slot_format(c, sfn, i).uplink & 1) == (c->paired ? 1 : 0);
	/* The block that the UE hears has its own among those of the blocks that are sent. */
	return at == p->first[occasion] + (unsigned)__builtin_popcountll(
						  c->ssb_sent & ((UINT64_C(1) << c->ssb_index) - 1));
}
