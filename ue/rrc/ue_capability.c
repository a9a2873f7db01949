/* UE capability transfer (38.331 5.6.1): what this test UE is. Its bands one at a time, one carrier, one
 * layer. */
#include "ue/rrc/internal.h"

static const enum rrc_ue_capability_information_critical_extensions_tag is_information =
	RRC_UE_CAPABILITY_INFORMATION_CRITICAL_EXTENSIONS_TAG_UE_CAPABILITY_INFORMATION;

enum { CAPABILITY_OCTETS_MAX = 2048, SETS = 2 /* a carrier of 15 kHz, or one of 30 kHz */ };

/* The same for all bands. */
struct feature_sets {
	struct rrc_feature_sets all;
	struct rrc_feature_sets_feature_sets_downlink dl_list;
	struct rrc_feature_sets_feature_sets_uplink ul_list;
	struct rrc_feature_sets_feature_sets_downlink_per_cc dl_carriers;
	struct rrc_feature_sets_feature_sets_uplink_per_cc ul_carriers;
	struct rrc_feature_set_downlink dl[SETS];
	struct rrc_feature_set_uplink ul[SETS];
	struct rrc_feature_set_downlink_per_cc dl_carrier[SETS];
	struct rrc_feature_set_uplink_per_cc ul_carrier[SETS];
	uint16_t id[SETS]; /* of sets and of carriers, from 1 */
};

struct capability {
	struct rrc_ue_nr_capability whole;
	struct rrc_phy_parameters_fr1 fr1;
	struct rrc_phy_parameters_frx_diff frx;
	struct rrc_rlc_parameters rlc;
	struct rrc_band_nr bands[UE_RRC_BANDS_MAX];
	struct rrc_band_combination_list combinations;
	struct rrc_band_combination combination[UE_RRC_BANDS_MAX];
	struct rrc_band_parameters parameters[UE_RRC_BANDS_MAX];
	struct feature_sets features;
	struct rrc_ue_nr_capability_feature_set_combinations set_combinations;
	struct rrc_feature_set_combination set_combination;
	struct rrc_feature_sets_per_band per_band;
	struct rrc_feature_set set[SETS];
};

static void features_fill(struct feature_sets *f, bool qam256)
{
	static const enum rrc_subcarrier_spacing scs[SETS] = { RRC_SUBCARRIER_SPACING_KHZ15,
		RRC_SUBCARRIER_SPACING_KHZ30 };
	static const enum rrc_supported_bandwidth_fr1 width[SETS] = { RRC_SUPPORTED_BANDWIDTH_FR1_MHZ20,
		RRC_SUPPORTED_BANDWIDTH_FR1_MHZ40 };
	enum rrc_modulation_order order = qam256 ? RRC_MODULATION_ORDER_QAM256 : RRC_MODULATION_ORDER_QAM64;

	for (uint16_t i = 0; i < SETS; i++) {
		struct rrc_supported_bandwidth bandwidth = { .tag = RRC_SUPPORTED_BANDWIDTH_TAG_FR1,
			.u.fr1 = width[i] };

		f->id[i] = i + 1;
		f->dl_carrier[i] = (struct rrc_feature_set_downlink_per_cc){ scs[i], bandwidth,
			.has_supported_modulation_order_dl = true, .supported_modulation_order_dl = order };
		f->ul_carrier[i] = (struct rrc_feature_set_uplink_per_cc){ scs[i], bandwidth,
			.has_supported_modulation_order_ul = true, .supported_modulation_order_ul = order };
		f->dl[i].feature_set_list_per_downlink_cc.count = 1;
		f->dl[i].feature_set_list_per_downlink_cc.items = &f->id[i];
		f->ul[i].feature_set_list_per_uplink_cc.count = 1;
		f->ul[i].feature_set_list_per_uplink_cc.items = &f->id[i];
	}
	f->dl_list = (struct rrc_feature_sets_feature_sets_downlink){ SETS, f->dl };
	f->ul_list = (struct rrc_feature_sets_feature_sets_uplink){ SETS, f->ul };
	f->dl_carriers = (struct rrc_feature_sets_feature_sets_downlink_per_cc){ SETS, f->dl_carrier };
	f->ul_carriers = (struct rrc_feature_sets_feature_sets_uplink_per_cc){ SETS, f->ul_carrier };
	f->all = (struct rrc_feature_sets){ .feature_sets_downlink = &f->dl_list,
		.feature_sets_downlink_per_cc = &f->dl_carriers,
		.feature_sets_uplink = &f->ul_list,
		.feature_sets_uplink_per_cc = &f->ul_carriers };
}

/* 5.6.1.4: with a filter only its bands. */
static bool is_asked(const struct rrc_freq_band_list *filter, uint16_t band)
{
	bool asked = !filter;

	for (size_t i = 0; filter && i < filter->count; i++)
		asked = asked || (filter->items[i].tag == RRC_FREQ_BAND_INFORMATION_TAG_BAND_INFORMATION_NR &&
					 filter->items[i].u.band_information_nr.band_nr == band);
	return asked;
}

/* All bands are listed; combinations and the sets they refer to only as asked (5.6.1.4). */
static void bands_fill(
	struct capability *k, const struct ue_rrc_config *config, struct rrc_freq_band_list *filter)
{
	struct rrc_rf_parameters *rf = &k->whole.rf_parameters;

	rf->supported_band_list_nr.items = k->bands;
	rf->supported_band_list_nr.count = config->band_count;
	rf->applied_freq_band_list_filter = filter;
	k->combinations.items = k->combination;
	for (uint8_t i = 0; i < config->band_count; i++) {
		size_t n = k->combinations.count;

		k->bands[i] = (struct rrc_band_nr){ .band_nr = config->bands[i],
			.has_pusch_256_qam = config->qam256,
			.pusch_256_qam = RRC_BAND_NR_PUSCH_256_QAM_SUPPORTED };
		if (!is_asked(filter, config->bands[i]))
			continue;
		k->parameters[n] = (struct rrc_band_parameters){ .tag = RRC_BAND_PARAMETERS_TAG_NR,
			.u.nr = { .band_nr = config->bands[i],
				.has_ca_bandwidth_class_dl_nr = true,
				.ca_bandwidth_class_dl_nr = RRC_CA_BANDWIDTH_CLASS_NR_A,
				.has_ca_bandwidth_class_ul_nr = true,
				.ca_bandwidth_class_ul_nr = RRC_CA_BANDWIDTH_CLASS_NR_A } };
		k->combination[n].band_list = (struct rrc_band_combination_band_list){ 1, &k->parameters[n] };
		k->combinations.count++;
	}
	if (k->combinations.count == 0)
		return;
	rf->supported_band_combination_list = &k->combinations;
	for (uint16_t i = 0; i < SETS; i++)
		k->set[i] = (struct rrc_feature_set){ .tag = RRC_FEATURE_SET_TAG_NR,
			.u.nr = { k->features.id[i], k->features.id[i] } };
	k->per_band = (struct rrc_feature_sets_per_band){ SETS, k->set };
	k->set_combination = (struct rrc_feature_set_combination){ 1, &k->per_band };
	k->set_combinations =
		(struct rrc_ue_nr_capability_feature_set_combinations){ 1, &k->set_combination };
	k->whole.feature_sets = &k->features.all;
	k->whole.feature_set_combinations = &k->set_combinations;
}

static void capability_fill(
	struct capability *k, const struct ue_rrc_config *config, struct rrc_freq_band_list *filter)
{
	features_fill(&k->features, config->qam256);
	bands_fill(k, config, filter);
	k->whole.access_stratum_release = RRC_ACCESS_STRATUM_RELEASE_REL15;
	k->whole.pdcp_parameters.has_short_sn = true;
	k->whole.pdcp_parameters.has_out_of_order_delivery = true;
	k->rlc = (struct rrc_rlc_parameters){
		.has_am_with_short_sn = true, .has_um_with_short_sn = true, .has_um_with_long_sn = true
	};
	k->whole.rlc_parameters = &k->rlc;
	k->fr1.has_pdsch_256_qam_fr1 = config->qam256;
	k->frx.has_supported_dmrs_type_ul = k->frx.has_supported_dmrs_type_dl = true;
	k->frx.supported_dmrs_type_ul = RRC_PHY_PARAMETERS_FRX_DIFF_SUPPORTED_DMRS_TYPE_UL_TYPE1;
	k->frx.supported_dmrs_type_dl = RRC_PHY_PARAMETERS_FRX_DIFF_SUPPORTED_DMRS_TYPE_DL_TYPE1;
	k->whole.phy_parameters.phy_parameters_frx_diff = &k->frx;
	k->whole.phy_parameters.phy_parameters_fr1 = &k->fr1;
}

/* UE-NR-Capability in an arena; no octets: there is no room. */
static struct bytes nr_capability(
	const struct ue_rrc_config *config, struct rrc_freq_band_list *filter, struct arena *arena)
{
	struct capability *k = arena_alloc(arena, sizeof(*k));
	uint8_t *octets = arena_alloc(arena, CAPABILITY_OCTETS_MAX);
	struct writer w = writer_of(octets, CAPABILITY_OCTETS_MAX);

	if (!k || !octets)
		return BYTES_NONE;
	capability_fill(k, config, filter);
	return rrc_encode(&rrc_ue_nr_capability_type, &k->whole, &w) ? writer_bytes(&w) : BYTES_NONE;
}

/* A filter that is not comprehended is none (10.3). */
static struct rrc_freq_band_list *filter_read(
	const struct rrc_ue_capability_rat_request *r, struct arena *arena)
{
	struct rrc_ue_capability_request_filter_nr *filter = arena_alloc(arena, sizeof(*filter));
	struct per_diag diag;

	if (!r->has_capability_request_filter || !filter ||
		!rrc_decode(&rrc_ue_capability_request_filter_nr_type, r->capability_request_filter, arena,
			filter, &diag))
		return NULL;
	return filter->frequency_band_list_filter;
}

void ue_rrc_capability_enquiry(
	struct ue_rrc_connection *c, const struct rrc_ue_capability_enquiry *m, struct arena *arena)
{
	const struct rrc_ue_capability_enquiry_ies *ies = &m->critical_extensions.u.ue_capability_enquiry;
	struct rrc_ue_capability_rat_container nr = { .rat_type = RRC_RAT_TYPE_NR };
	struct rrc_ue_capability_rat_container_list list = { 0, &nr };
	struct rrc_ul_dcch_message_type_c1 answer = {
		.tag = RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_UE_CAPABILITY_INFORMATION,
		.u.ue_capability_information = { .rrc_transaction_identifier = m->rrc_transaction_identifier,
			.critical_extensions = { .tag = is_information,
				.u.ue_capability_information.ue_capability_rat_container_list = &list } }
	};

	if (m->critical_extensions.tag !=
		RRC_UE_CAPABILITY_ENQUIRY_CRITICAL_EXTENSIONS_TAG_UE_CAPABILITY_ENQUIRY) {
		c->stats.not_comprehended++;
		return;
	}
	for (size_t i = 0; i < ies->ue_capability_rat_request_list.count && list.count == 0; i++) {
		const struct rrc_ue_capability_rat_request *r = &ies->ue_capability_rat_request_list.items[i];

		if (r->rat_type != RRC_RAT_TYPE_NR) /* 5.6.1.3: a RAT that the UE has not is left out */
			continue;
		nr.ue_capability_rat_container = nr_capability(&c->config, filter_read(r, arena), arena);
		list.count = nr.ue_capability_rat_container.len > 0;
	}
	may_fail(ue_rrc_send_on(c, 1, &answer));
}
