#include "radio/phy/channels/mib.h"

#include "wire/rrc/rrc.h"

enum { ARENA_OCTETS = 512 };

bool phy_mib_decode(struct phy_mib *mib, const struct phy_pbch_payload *payload)
{
	uint64_t first[ARENA_OCTETS / 8];
	struct rrc_bcch_bch_message message;
	struct per_diag diag;
	struct arena arena;
	bool ok;

	arena_init(&arena, first, sizeof(first), 0);
	ok = rrc_decode(&rrc_bcch_bch_message_type, BYTES(payload->mib), &arena, &message, &diag) &&
	     message.message.tag == RRC_BCCH_BCH_MESSAGE_TYPE_TAG_MIB;
	if (ok) {
		const struct rrc_mib *m = &message.message.u.mib;

		*mib = (struct phy_mib){
			.sfn = payload->sfn,
			.half_frame = payload->half_frame,
			.scs_common_high = m->sub_carrier_spacing_common ==
					   RRC_MIB_SUB_CARRIER_SPACING_COMMON_SCS30OR120,
			.k_ssb = (uint8_t)(m->ssb_subcarrier_offset | payload->k_ssb_msb << 4),
			.dmrs_type_a_position =
				m->dmrs_type_a_position == RRC_MIB_DMRS_TYPE_A_POSITION_POS2 ? 2 : 3,
			.coreset_zero = m->pdcch_config_sib1.control_resource_set_zero,
			.search_space_zero = m->pdcch_config_sib1.search_space_zero,
			.cell_barred = m->cell_barred == RRC_MIB_CELL_BARRED_BARRED,
			.intra_freq_reselection =
				m->intra_freq_reselection == RRC_MIB_INTRA_FREQ_RESELECTION_ALLOWED,
			.spare = m->spare,
		};
	}
	arena_fini(&arena);
	return ok;
}

bool phy_mib_encode(const struct phy_mib *mib, unsigned l_max, struct phy_pbch_payload *payload)
{
	struct rrc_mib m = {
		.system_frame_number = (uint8_t)(mib->sfn >> 4),
		.sub_carrier_spacing_common = mib->scs_common_high
						      ? RRC_MIB_SUB_CARRIER_SPACING_COMMON_SCS30OR120
						      : RRC_MIB_SUB_CARRIER_SPACING_COMMON_SCS15OR60,
		.ssb_subcarrier_offset = mib->k_ssb & 15,
		.dmrs_type_a_position = mib->dmrs_type_a_position == 2 ? RRC_MIB_DMRS_TYPE_A_POSITION_POS2
								       : RRC_MIB_DMRS_TYPE_A_POSITION_POS3,
		.pdcch_config_sib1 = { mib->coreset_zero, mib->search_space_zero },
		.cell_barred = mib->cell_barred ? RRC_MIB_CELL_BARRED_BARRED : RRC_MIB_CELL_BARRED_NOT_BARRED,
		.intra_freq_reselection = mib->intra_freq_reselection
						  ? RRC_MIB_INTRA_FREQ_RESELECTION_ALLOWED
						  : RRC_MIB_INTRA_FREQ_RESELECTION_NOT_ALLOWED,
		.spare = mib->spare,
	};
	struct rrc_bcch_bch_message message = { .message.tag = RRC_BCCH_BCH_MESSAGE_TYPE_TAG_MIB };
	struct writer w = writer_of(payload->mib, sizeof(payload->mib));

	if (mib->sfn > 1023 || mib->k_ssb > (l_max == 64 ? 15 : 31) || mib->dmrs_type_a_position < 2 ||
		mib->dmrs_type_a_position > 3 || mib->coreset_zero > 15 || mib->search_space_zero > 15)
		return false;
	message.message.u.mib = m;
	payload->sfn = mib->sfn;
	payload->half_frame = mib->half_frame;
	payload->k_ssb_msb = mib->k_ssb >> 4;
	return rrc_encode(&rrc_bcch_bch_message_type, &message, &w);
}
