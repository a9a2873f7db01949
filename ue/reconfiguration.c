#include "ue/reconfiguration.h"

#include "radio/uu.h"
#include "wire/rrc/rrc.h"

static bool bearers_read(const struct rrc_radio_bearer_config *c, struct ue_reconfiguration *out)
{
	const struct rrc_drb_to_add_mod_list *list = c->drb_to_add_mod_list;

	for (size_t i = 0; list && i < list->count; i++) {
		const struct rrc_drb_to_add_mod *d = &list->items[i];
		const struct rrc_sdap_config *sdap;

		if (out->count == PDU_SESSIONS_MAX || !d->cn_association ||
			d->cn_association->tag != RRC_DRB_TO_ADD_MOD_CN_ASSOCIATION_TAG_SDAP_CONFIG)
			return false;
		sdap = &d->cn_association->u.sdap_config;
		if (sdap->pdu_session < 1 || sdap->pdu_session > PDU_SESSIONS_MAX ||
			d->drb_identity > UU_DRB_MAX)
			return false;
		out->bearers[out->count++] =
			(struct ue_bearer){ .psi = sdap->pdu_session, .drb = d->drb_identity };
	}
	return true;
}

static bool security_read(const struct rrc_security_config *s, struct ue_reconfiguration *out)
{
	if (!s || !s->security_algorithm_config ||
		!s->security_algorithm_config->has_integrity_prot_algorithm)
		return false;
	out->ea = (uint8_t)s->security_algorithm_config->ciphering_algorithm;
	out->ia = (uint8_t)s->security_algorithm_config->integrity_prot_algorithm;
	return out->ea <= RRC_CIPHERING_ALGORITHM_NEA3 && out->ia <= RRC_INTEGRITY_PROT_ALGORITHM_NIA3;
}

static bool sync_read(struct bytes octets, struct arena *arena, struct ue_reconfiguration *out)
{
	static const uint32_t t304_ms[RRC_RECONFIGURATION_WITH_SYNC_T304_N] = { 50, 100, 150, 200, 500, 1000,
		2000, 10000 };
	struct rrc_cell_group_config group;
	const struct rrc_reconfiguration_with_sync *sync;
	struct per_diag diag;

	if (!rrc_decode(&rrc_cell_group_config_type, octets, arena, &group, &diag) || !group.sp_cell_config)
		return false;
	sync = group.sp_cell_config->reconfiguration_with_sync;
	if (!sync || !sync->sp_cell_config_common || !sync->sp_cell_config_common->has_phys_cell_id ||
		sync->t304 >= RRC_RECONFIGURATION_WITH_SYNC_T304_N)
		return false;
	out->pci = sync->sp_cell_config_common->phys_cell_id;
	out->c_rnti = sync->new_ue_identity;
	out->t304_ms = t304_ms[sync->t304];
	return true;
}

bool ue_reconfiguration_read(struct bytes rrc, struct arena *arena, struct ue_reconfiguration *out)
{
	struct rrc_rrc_reconfiguration m;
	const struct rrc_rrc_reconfiguration_ies *r = &m.critical_extensions.u.rrc_reconfiguration;
	const struct rrc_rrc_reconfiguration_v1530_ies *more;
	struct per_diag diag;

	*out = (struct ue_reconfiguration){ 0 };
	if (!rrc_decode(&rrc_rrc_reconfiguration_type, rrc, arena, &m, &diag) ||
		m.critical_extensions.tag !=
			RRC_RRC_RECONFIGURATION_CRITICAL_EXTENSIONS_TAG_RRC_RECONFIGURATION)
		return false;
	more = r->non_critical_extension;
	if (!more || !more->has_master_cell_group || !sync_read(more->master_cell_group, arena, out))
		return false;
	/* Only a full configuration: changes of what the source had are not kept track of. */
	if (!more->has_full_config || !r->radio_bearer_config || !bearers_read(r->radio_bearer_config, out) ||
		!security_read(r->radio_bearer_config->security_config, out))
		return false;
	out->has_ncc = more->master_key_update != NULL;
	if (out->has_ncc) {
		out->ncc = more->master_key_update->next_hop_chaining_count;
		out->key_set_changed = more->master_key_update->key_set_change_indicator;
	}
	return true;
}
