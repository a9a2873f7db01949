#include "radio/cell/space.h"

uint64_t cell_bits_turned(uint64_t bits, unsigned width)
{
	uint64_t out = 0;

	for (unsigned i = 0; i < width; i++)
		out |= (bits >> (width - 1 - i) & 1) << i;
	return out;
}

bool cell_coreset_read(
	struct phy_coreset *out, const struct rrc_control_resource_set *in, unsigned bwp_start, unsigned pci)
{
	const struct rrc_control_resource_set_cce_reg_mapping_type_interleaved *i =
		&in->cce_reg_mapping_type.u.interleaved;
	bool interleaved =
		in->cce_reg_mapping_type.tag == RRC_CONTROL_RESOURCE_SET_CCE_REG_MAPPING_TYPE_TAG_INTERLEAVED;
	static const uint8_t bundles[] = { 2, 3, 6 }, rows[] = { 2, 3, 6 }; /* n2, n3, n6 */

	*out = (struct phy_coreset){ .groups = cell_bits_turned(
					     in->frequency_domain_resources, PHY_CORESET_GROUPS),
		.first_crb = (uint16_t)((bwp_start + 5) / 6 * 6),
		.dmrs_id = (uint16_t)(in->has_pdcch_dmrs_scrambling_id ? in->pdcch_dmrs_scrambling_id : pci),
		.n_symb = in->duration,
		.bundle = 6,
		.interleaved = interleaved,
		.wideband = in->precoder_granularity ==
			    RRC_CONTROL_RESOURCE_SET_PRECODER_GRANULARITY_ALL_CONTIGUOUS_RBS };
	if (interleaved) {
		if ((size_t)i->reg_bundle_size >= ARRAY_LEN(bundles) ||
			(size_t)i->interleaver_size >= ARRAY_LEN(rows))
			return false;
		out->bundle = bundles[i->reg_bundle_size];
		out->interleaver = rows[i->interleaver_size];
		out->n_shift = (uint16_t)(i->has_shift_index ? i->shift_index : pci);
	}
	return !in->has_rb_offset_r16 && phy_coreset_init(out);
}

/* sl1 to sl2560: the offset is the alternative's value, an octet up to sl160. */
static bool read_period(
	struct phy_search_space *s, const struct rrc_search_space_monitoring_slot_periodicity_and_offset *in)
{
	static const uint16_t periods[] = { 1, 2, 4, 5, 8, 10, 16, 20, 40, 80, 160, 320, 640, 1280, 2560 };

	unsigned row = (unsigned)in->tag - RRC_SEARCH_SPACE_MONITORING_SLOT_PERIODICITY_AND_OFFSET_TAG_SL1;

	if (row >= ARRAY_LEN(periods))
		return false;
	s->period = periods[row];
	s->offset = s->period == 1 ? 0 : s->period <= 160 ? in->u.sl160 : in->u.sl320;
	return true;
}

bool cell_space_read(struct cell_space *out, const struct rrc_search_space *in)
{
	const struct rrc_search_space_nrof_candidates *n = in->nrof_candidates;
	struct phy_search_space *s = &out->space;

	*out = (struct cell_space){
		.there = true, .id = in->search_space_id, .coreset_id = in->control_resource_set_id
	};
	if (!in->has_control_resource_set_id || !in->monitoring_slot_periodicity_and_offset || !n ||
		!in->has_monitoring_symbols_within_slot || !in->search_space_type ||
		!read_period(s, in->monitoring_slot_periodicity_and_offset))
		return false;
	s->duration = in->has_duration ? in->duration : 1;
	s->symbols = (uint16_t)cell_bits_turned(in->monitoring_symbols_within_slot, PHY_SYMBOLS_MAX);
	s->coreset_id = in->control_resource_set_id;
	s->ue_specific = in->search_space_type->tag == RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_TAG_UE_SPECIFIC;
	out->other = !s->ue_specific && !in->search_space_type->u.common.has_dci_format0_0_and_format1_0;
	out->configured =
		s->ue_specific &&
		in->search_space_type->u.ue_specific.dci_formats ==
			RRC_SEARCH_SPACE_SEARCH_SPACE_TYPE_UE_SPECIFIC_DCI_FORMATS_FORMATS0_1_AND_1_1;
	for (unsigned i = 0; i < PHY_ALS; i++) {
		/* n0 to n6, n8 */
		const unsigned count[PHY_ALS] = { n->aggregation_level1, n->aggregation_level2,
			n->aggregation_level4, n->aggregation_level8, n->aggregation_level16 };

		if (count[i] > 7)
			return false;
		s->candidates[i] = (uint8_t)(count[i] == 7 ? 8 : count[i]);
	}
	return true;
}
