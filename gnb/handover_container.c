/*
 * RRC messages between the gNBs of a handover (38.331 11.2.2), as far as a simulated radio has what belongs
 * in them: HandoverPreparationInformation with the source's bearers, algorithms and the key to
 * re-establishment; HandoverCommand with the target's RRCReconfiguration, which the UE gets as it is.
 */
#include "gnb/handover.h"
#include "radio/uu.h"
#include "radio/uu_security.h"
#include "wire/rrc/rrc.h"

enum { OCTETS_MAX = 8192 };

static const enum rrc_handover_preparation_information_critical_extensions_c1_tag is_preparation =
	RRC_HANDOVER_PREPARATION_INFORMATION_CRITICAL_EXTENSIONS_C1_TAG_HANDOVER_PREPARATION_INFORMATION;

static struct bytes encoded(struct gnb *gnb, const struct per_type *type, const void *value)
{
	uint8_t octets[OCTETS_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	return rrc_encode(type, value, &w) ? arena_bytes(&gnb->arena, writer_bytes(&w)) : BYTES_NONE;
}

/* 38.331 RadioBearerConfig: a DRB a session, of 18 bit sequence numbers. */
struct bearers {
	struct rrc_radio_bearer_config config;
	struct rrc_drb_to_add_mod_list list;
	struct rrc_drb_to_add_mod drbs[PDU_SESSIONS_MAX];
	struct rrc_drb_to_add_mod_cn_association associations[PDU_SESSIONS_MAX];
	struct rrc_sdap_config_mapped_qos_flows_to_add mapped[PDU_SESSIONS_MAX];
	uint8_t flows[PDU_SESSIONS_MAX][GNB_QFI_MAX + 1];
	struct rrc_pdcp_config_drb drb;
	struct rrc_pdcp_config pdcp;
	struct rrc_security_algorithm_config algorithms;
	struct rrc_security_config security;
};

static void bearer_fill(struct bearers *b, size_t i, const struct gnb_session *s)
{
	struct rrc_sdap_config_mapped_qos_flows_to_add *mapped = &b->mapped[i];

	mapped->items = b->flows[i];
	for (uint8_t qfi = 0; qfi <= GNB_QFI_MAX; qfi++)
		if (s->flows >> qfi & 1)
			b->flows[i][mapped->count++] = qfi;
	b->associations[i] = (struct rrc_drb_to_add_mod_cn_association){
		.tag = RRC_DRB_TO_ADD_MOD_CN_ASSOCIATION_TAG_SDAP_CONFIG,
		.u.sdap_config = { .pdu_session = s->psi,
			.default_drb = true,
			.mapped_qos_flows_to_add = mapped },
	};
	b->drbs[i] = (struct rrc_drb_to_add_mod){
		.cn_association = &b->associations[i], .drb_identity = s->drb, .pdcp_config = &b->pdcp
	};
}

static void bearers_fill(struct bearers *b, const struct gnb_ue *ue)
{
	*b = (struct bearers){ .list.items = b->drbs };
	b->drb = (struct rrc_pdcp_config_drb){
		.has_discard_timer = true,
		.discard_timer = RRC_PDCP_CONFIG_DRB_DISCARD_TIMER_INFINITY,
		.has_pdcp_sn_size_ul = true,
		.pdcp_sn_size_ul = RRC_PDCP_CONFIG_DRB_PDCP_SN_SIZE_UL_LEN18BITS,
		.has_pdcp_sn_size_dl = true,
		.pdcp_sn_size_dl = RRC_PDCP_CONFIG_DRB_PDCP_SN_SIZE_DL_LEN18BITS,
		.header_compression.tag = RRC_PDCP_CONFIG_DRB_HEADER_COMPRESSION_TAG_NOT_USED,
	};
	b->pdcp.drb = &b->drb;
	b->algorithms = (struct rrc_security_algorithm_config){ (enum rrc_ciphering_algorithm)ue->ea, true,
		(enum rrc_integrity_prot_algorithm)ue->ia };
	b->security =
		(struct rrc_security_config){ &b->algorithms, true, RRC_SECURITY_CONFIG_KEY_TO_USE_MASTER };
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi])
			bearer_fill(b, b->list.count++, ue->sessions[psi]);
	b->config.drb_to_add_mod_list = b->list.count ? &b->list : NULL;
	b->config.security_config = &b->security;
}

/* The cell group of one cell; sync: NULL without reconfiguration with sync. */
static struct bytes cell_group(struct gnb *gnb, struct rrc_reconfiguration_with_sync *sync)
{
	struct rrc_sp_cell_config sp_cell = { .reconfiguration_with_sync = sync };
	struct rrc_cell_group_config group = { .sp_cell_config = &sp_cell };

	return encoded(gnb, &rrc_cell_group_config_type, &group);
}

static struct bytes reconfiguration(
	struct gnb *gnb, const struct gnb_ue *ue, struct rrc_rrc_reconfiguration_v1530_ies *more)
{
	struct bearers b;
	struct rrc_rrc_reconfiguration m = {
		.critical_extensions.tag = RRC_RRC_RECONFIGURATION_CRITICAL_EXTENSIONS_TAG_RRC_RECONFIGURATION
	};

	bearers_fill(&b, ue);
	m.critical_extensions.u.rrc_reconfiguration.radio_bearer_config = &b.config;
	m.critical_extensions.u.rrc_reconfiguration.non_critical_extension = more;
	return encoded(gnb, &rrc_rrc_reconfiguration_type, &m);
}

struct bytes gnb_preparation_information(struct gnb *gnb, const struct gnb_ue *ue, uint64_t target_cell)
{
	struct rrc_rrc_reconfiguration_v1530_ies more = { .has_master_cell_group = true };
	struct rrc_reestablishment_info reestablishment = { .source_phys_cell_id =
								    gnb->config.cells[ue->radio.cell].pci };
	struct rrc_as_context context = { .reestablishment_info = &reestablishment };
	struct rrc_as_config config = { 0 };
	struct rrc_handover_preparation_information m = {
		.critical_extensions.tag = RRC_HANDOVER_PREPARATION_INFORMATION_CRITICAL_EXTENSIONS_TAG_C1,
	};
	struct rrc_handover_preparation_information_critical_extensions_c1 *c1 = &m.critical_extensions.u.c1;

	more.master_cell_group = cell_group(gnb, NULL);
	config.rrc_reconfiguration = reconfiguration(gnb, ue, &more);
	if (!more.master_cell_group.data || !config.rrc_reconfiguration.data ||
		!uu_short_mac_i(ue->k_gnb, ue->ia, reestablishment.source_phys_cell_id, ue->c_rnti,
			target_cell, &reestablishment.target_cell_short_mac_i))
		return BYTES_NONE;
	c1->tag = is_preparation;
	c1->u.handover_preparation_information.source_config = &config;
	c1->u.handover_preparation_information.as_context = &context;
	return encoded(gnb, &rrc_handover_preparation_information_type, &m);
}

static bool preparation_read(
	struct gnb *gnb, struct bytes octets, struct rrc_handover_preparation_information *m)
{
	struct per_diag diag;

	return rrc_decode(&rrc_handover_preparation_information_type, octets, &gnb->arena, m, &diag) &&
	       m->critical_extensions.tag ==
		       RRC_HANDOVER_PREPARATION_INFORMATION_CRITICAL_EXTENSIONS_TAG_C1 &&
	       m->critical_extensions.u.c1.tag == is_preparation;
}

/* What the source has of the radio is not needed here: the UE gets a full configuration. */
bool gnb_preparation_information_read(struct gnb *gnb, struct bytes octets)
{
	struct rrc_handover_preparation_information m;

	return preparation_read(gnb, octets, &m);
}

bool gnb_preparation_algorithms_read(struct gnb *gnb, struct bytes octets, uint8_t *ea, uint8_t *ia)
{
	struct rrc_handover_preparation_information m;
	struct rrc_rrc_reconfiguration r;
	const struct rrc_as_config *config;
	const struct rrc_radio_bearer_config *bearers;
	const struct rrc_security_algorithm_config *a;
	struct per_diag diag;

	if (!preparation_read(gnb, octets, &m))
		return false;
	config = m.critical_extensions.u.c1.u.handover_preparation_information.source_config;
	if (!config ||
		!rrc_decode(
			&rrc_rrc_reconfiguration_type, config->rrc_reconfiguration, &gnb->arena, &r, &diag) ||
		r.critical_extensions.tag !=
			RRC_RRC_RECONFIGURATION_CRITICAL_EXTENSIONS_TAG_RRC_RECONFIGURATION)
		return false;
	bearers = r.critical_extensions.u.rrc_reconfiguration.radio_bearer_config;
	a = bearers && bearers->security_config ? bearers->security_config->security_algorithm_config : NULL;
	if (!a || !a->has_integrity_prot_algorithm)
		return false;
	*ea = (uint8_t)a->ciphering_algorithm;
	*ia = (uint8_t)a->integrity_prot_algorithm;
	return true;
}

struct bytes gnb_handover_command(struct gnb *gnb, const struct gnb_ue *ue, bool key_set_changed)
{
	struct rrc_serving_cell_config_common common = { .has_phys_cell_id = true,
		.phys_cell_id = gnb->config.cells[ue->radio.cell].pci };
	struct rrc_reconfiguration_with_sync sync = { .sp_cell_config_common = &common,
		.new_ue_identity = ue->c_rnti,
		.t304 = RRC_RECONFIGURATION_WITH_SYNC_T304_MS1000 };
	struct rrc_master_key_update key = { .key_set_change_indicator = key_set_changed,
		.next_hop_chaining_count = ue->ncc };
	struct rrc_rrc_reconfiguration_v1530_ies more = {
		.has_master_cell_group = true, .has_full_config = true, .master_key_update = &key
	};
	struct rrc_handover_command m = { .critical_extensions.tag =
						  RRC_HANDOVER_COMMAND_CRITICAL_EXTENSIONS_TAG_C1 };
	struct rrc_handover_command_critical_extensions_c1 *c1 = &m.critical_extensions.u.c1;

	more.master_cell_group = cell_group(gnb, &sync);
	c1->tag = RRC_HANDOVER_COMMAND_CRITICAL_EXTENSIONS_C1_TAG_HANDOVER_COMMAND;
	c1->u.handover_command.handover_command_message = reconfiguration(gnb, ue, &more);
	if (!more.master_cell_group.data || !c1->u.handover_command.handover_command_message.data)
		return BYTES_NONE;
	return encoded(gnb, &rrc_handover_command_type, &m);
}

bool gnb_handover_command_read(struct gnb *gnb, struct bytes octets, struct bytes *out)
{
	struct rrc_handover_command m;
	struct rrc_rrc_reconfiguration inner;
	struct per_diag diag;

	if (!rrc_decode(&rrc_handover_command_type, octets, &gnb->arena, &m, &diag) ||
		m.critical_extensions.tag != RRC_HANDOVER_COMMAND_CRITICAL_EXTENSIONS_TAG_C1 ||
		m.critical_extensions.u.c1.tag !=
			RRC_HANDOVER_COMMAND_CRITICAL_EXTENSIONS_C1_TAG_HANDOVER_COMMAND)
		return false;
	*out = m.critical_extensions.u.c1.u.handover_command.handover_command_message;
	return rrc_decode(&rrc_rrc_reconfiguration_type, *out, &gnb->arena, &inner, &diag);
}
