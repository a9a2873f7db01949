/* Radio bearers of an RRCSetup or RRCReconfiguration (38.331 5.3.5.6). */
#include "radio/rrc/bearer.h"
#include "ue/rrc/internal.h"

enum { SRB2 = 2 };

/* 6.3.2: the algorithms and the key are those there are; others come with sync. */
static bool security_check(const struct ue_rrc_connection *c, const struct rrc_security_config *s)
{
	const struct rrc_security_algorithm_config *a = s ? s->security_algorithm_config : NULL;

	if (!s)
		return true;
	return (!s->has_key_to_use || s->key_to_use == RRC_SECURITY_CONFIG_KEY_TO_USE_MASTER) &&
	       (!a || (c->as.active && a->ciphering_algorithm == (enum rrc_ciphering_algorithm)c->as.ea &&
			      (!a->has_integrity_prot_algorithm ||
				      a->integrity_prot_algorithm ==
					      (enum rrc_integrity_prot_algorithm)c->as.ia)));
}

static struct pdcp_config srb_config(const struct rrc_srb_to_add_mod *in, bool *ok)
{
	struct pdcp_config config = rrc_srb_pdcp(in->srb_identity, 0);

	*ok = !in->pdcp_config || rrc_pdcp_read(in->pdcp_config, &config);
	return config;
}

static bool srbs_check(const struct ue_rrc_connection *c, const struct rrc_srb_to_add_mod_list *list)
{
	bool ok = true;

	for (size_t i = 0; ok && list && i < list->count; i++) {
		const struct rrc_srb_to_add_mod *s = &list->items[i];

		ok = !s->has_srb_identity_v1700 && s->srb_identity <= RRC_SRB_MAX &&
		     (s->srb_identity != SRB2 || c->as.active);
		if (ok)
			(void)srb_config(s, &ok);
	}
	return ok;
}

/* SDAP-Config and PDCP-Config over what the DRB has; *out is complete. */
static bool drb_read(const struct ue_rrc_connection *c, const struct rrc_drb_to_add_mod *in, bool full,
	struct ue_rrc_drb *out)
{
	const struct rrc_sdap_config *sdap = NULL;
	bool is_new = full || !c->drbs[in->drb_identity].there;

	*out = is_new ? (struct ue_rrc_drb){ .there = true,
		.drb = in->drb_identity,
		.pdcp = { .bearer = PDCP_AM_DRB, .discard_ms = PDCP_INFINITY } }
		      : c->drbs[in->drb_identity];
	out->pdcp.rb_id = in->drb_identity;
	if (in->cn_association) {
		if (in->cn_association->tag != RRC_DRB_TO_ADD_MOD_CN_ASSOCIATION_TAG_SDAP_CONFIG)
			return false;
		sdap = &in->cn_association->u.sdap_config;
	}
	if (is_new && (!sdap || !in->pdcp_config)) /* conditions DRBSetup and PDCP */
		return false;
	if (sdap) {
		out->psi = sdap->pdu_session;
		out->is_default = sdap->default_drb;
		out->pdcp.tx_sdap = sdap->sdap_header_ul == RRC_SDAP_CONFIG_SDAP_HEADER_UL_PRESENT;
		out->pdcp.rx_sdap = sdap->sdap_header_dl == RRC_SDAP_CONFIG_SDAP_HEADER_DL_PRESENT;
		for (size_t i = 0;
			sdap->mapped_qos_flows_to_release && i < sdap->mapped_qos_flows_to_release->count;
			i++)
			out->flows &= ~(UINT64_C(1) << (sdap->mapped_qos_flows_to_release->items[i] & 63));
		for (size_t i = 0; sdap->mapped_qos_flows_to_add && i < sdap->mapped_qos_flows_to_add->count;
			i++)
			out->flows |= UINT64_C(1) << (sdap->mapped_qos_flows_to_add->items[i] & 63);
	}
	return !in->pdcp_config || rrc_pdcp_read(in->pdcp_config, &out->pdcp);
}

/* The RLC entity says of which kind a DRB is (38.323 5.2.1); RRC has configured it before (5.3.5.3). */
static void drb_mode(const struct ue_rrc_connection *c, struct ue_rrc_drb *drb)
{
	for (size_t i = 1; i <= UE_MAC_LCID_MAX; i++)
		if (c->group.bearers[i].there && !c->group.bearers[i].srb &&
			c->group.bearers[i].rb_id == drb->drb)
			drb->pdcp.bearer = c->group.bearers[i].rlc.mode == RLC_AM ? PDCP_AM_DRB : PDCP_UM_DRB;
}

static bool drbs_check(
	const struct ue_rrc_connection *c, const struct rrc_drb_to_add_mod_list *list, bool full)
{
	struct ue_rrc_drb drb;

	if (list && !c->as.active)
		return false;
	for (size_t i = 0; list && i < list->count; i++)
		if (list->items[i].has_daps_config_r16 || !drb_read(c, &list->items[i], full, &drb))
			return false;
	return true;
}

bool ue_rrc_radio_bearers_check(
	const struct ue_rrc_connection *c, const struct rrc_radio_bearer_config *in, bool full)
{
	return security_check(c, in->security_config) && srbs_check(c, in->srb_to_add_mod_list) &&
	       drbs_check(c, in->drb_to_add_mod_list, full) && !in->mrb_to_add_mod_list_r17 &&
	       !in->srb4_to_add_mod_r17;
}

static bool srb_apply(struct ue_rrc_connection *c, const struct rrc_srb_to_add_mod *in)
{
	struct rrc_srb *s = &c->srb[in->srb_identity];
	uint64_t now_ns = env_now_ns(c->config.env);
	struct pdcp_security keys;
	struct pdcp_config config;
	bool ok;

	config = srb_config(in, &ok);
	if (s->pdcp && !in->has_reestablish_pdcp && !in->pdcp_config)
		return true;
	ok = ok && (!c->as.active || rrc_srb_security(c->as.chain.k_gnb, c->as.ea, c->as.ia, &keys));
	if (ok && s->pdcp && in->has_reestablish_pdcp) {
		ok = !c->as.active || pdcp_reestablish(s->pdcp, &keys, PDCP_ALL_SECURITY, now_ns);
	} else if (ok && !s->pdcp) {
		ok = rrc_srb_configure(s, in->srb_identity, &c->home, &config) &&
		     (!c->as.active || pdcp_secure(s->pdcp, &keys, PDCP_ALL_SECURITY));
	}
	explicit_bzero(&keys, sizeof(keys));
	return ok; /* t-Reordering of one there is: it stays, which loses nothing */
}

static bool drb_apply(struct ue_rrc_connection *c, const struct rrc_drb_to_add_mod *in)
{
	enum ue_rrc_drb_change change = !c->drbs[in->drb_identity].there ? UE_RRC_DRB_NEW
					: in->has_reestablish_pdcp       ? UE_RRC_DRB_REESTABLISHED
					: in->has_recover_pdcp           ? UE_RRC_DRB_RECOVERED
									 : UE_RRC_DRB_MODIFIED;
	struct pdcp_security keys;
	struct ue_rrc_drb drb;
	bool ok = drb_read(c, in, false, &drb) &&
		  rrc_drb_security(c->as.chain.k_gnb, c->as.ea, c->as.ia, &keys);

	if (!ok)
		return false;
	drb_mode(c, &drb);
	ok = c->config.lower.drb_set(c->config.lower.arg, &drb, change, &keys);
	explicit_bzero(&keys, sizeof(keys));
	if (!ok)
		return false;
	c->drbs[drb.drb] = drb;
	c->config.upper.bearer_set(c->config.upper.arg, &drb);
	return true;
}

void ue_rrc_drb_drop(struct ue_rrc_connection *c, uint8_t drb)
{
	if (!c->drbs[drb].there)
		return;
	c->drbs[drb] = (struct ue_rrc_drb){ .there = false };
	c->config.lower.drb_released(c->config.lower.arg, drb);
	c->config.upper.bearer_released(c->config.upper.arg, drb);
}

bool ue_rrc_radio_bearers_apply(struct ue_rrc_connection *c, const struct rrc_radio_bearer_config *in)
{
	const struct rrc_srb_to_add_mod_list *srbs = in->srb_to_add_mod_list;
	const struct rrc_drb_to_add_mod_list *drbs = in->drb_to_add_mod_list;
	const struct rrc_drb_to_release_list *gone = in->drb_to_release_list;

	for (size_t i = 0; srbs && i < srbs->count; i++)
		if (!srb_apply(c, &srbs->items[i]))
			return false;
	for (size_t i = 0; gone && i < gone->count; i++)
		ue_rrc_drb_drop(c, gone->items[i]);
	for (size_t i = 0; drbs && i < drbs->count; i++)
		if (!drb_apply(c, &drbs->items[i]))
			return false;
	return true;
}
