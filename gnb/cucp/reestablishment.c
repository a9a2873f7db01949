/* RRC connection re-establishment at the gNB (38.331 5.3.7, 38.401 8.7): at the DU where the UE was. */
#include "gnb/cucp/internal.h"
#include "radio/uu_security.h"

/* The one that was in a cell of this DU with that PCI and C-RNTI, and has the key. */
static struct cucp_ue *find(struct cucp_ue *here, const struct rrc_reestab_ue_identity *id)
{
	struct cucp *c = here->c;
	const struct cucp_du *du = &c->dus[here->du];

	for (uint8_t i = 0; i < du->cell_count; i++) {
		struct cucp_ue *ue;
		uint16_t mac;

		if (du->cells[i].pci != id->phys_cell_id)
			continue;
		ue = hash_get(&c->by_c_rnti, du->cells[i].cgi.nci, id->c_rnti, struct cucp_ue, by_c_rnti);
		if (ue && ue != here && ue->du == here->du && ue->known && ue->secured && ue->has_context &&
			ue->procedure != CUCP_RELEASE &&
			uu_short_mac_i(ue->k_gnb, (uint8_t)ue->ia, id->phys_cell_id, id->c_rnti,
				cucp_cell_at(here)->cgi.nci, &mac) &&
			mac == id->short_mac_i)
			return ue;
	}
	return NULL;
}

/* What was under way begins again once the UE is back. */
static void turn_back(struct cucp_ue *ue)
{
	for (uint8_t i = 1; i <= CUCP_DRBS_MAX; i++) {
		struct cucp_bearer_slot *s = ue->bearers[i];

		if (!s)
			continue;
		if (s->state == CUCP_BEARER_AT_DU || s->state == CUCP_BEARER_AT_UE)
			s->state = CUCP_BEARER_WANTED;
		else if (s->state == CUCP_BEARER_RELEASING)
			s->state = CUCP_BEARER_UNWANTED;
	}
	ue->capability_wanted = ue->capability_wanted || ue->procedure == CUCP_CAPABILITY;
	ue->confirm = false;
	cucp_required_drop(ue); /* it was of the context that the DU has no longer */
}

/* The connection goes on under the names that the DU has given the new one. */
static void take_over(struct cucp_ue *ue, struct cucp_ue *here)
{
	struct cucp *c = ue->c;
	uint64_t nci = cucp_cell_at(here)->cgi.nci;

	ue->old_du_id = ue->du_id;
	ue->has_old_du_id = true;
	ue->du_id = here->du_id;
	ue->cell = here->cell;
	ue->c_rnti = here->c_rnti;
	cucp_ue_free(here);
	if (ue->hashed)
		hash_remove(&c->by_c_rnti, &ue->by_c_rnti);
	hash_insert(&c->by_c_rnti, &ue->by_c_rnti, nci, ue->c_rnti);
	ue->hashed = true;
}

/* Protected by the new key and not ciphered; the answer will be both. */
static bool answer(struct cucp_ue *ue, uint8_t ncc)
{
	struct rrc_dl_dcch_message_type_c1 m = { .tag = RRC_DL_DCCH_MESSAGE_TYPE_C1_TAG_RRC_REESTABLISHMENT };
	struct rrc_rrc_reestablishment *r = &m.u.rrc_reestablishment;
	struct pdcp_security keys;
	bool ok;

	ue->transaction = (ue->transaction + 1) & 3;
	r->rrc_transaction_identifier = ue->transaction;
	r->critical_extensions.tag = RRC_RRC_REESTABLISHMENT_CRITICAL_EXTENSIONS_TAG_RRC_REESTABLISHMENT;
	r->critical_extensions.u.rrc_reestablishment.next_hop_chaining_count = ncc;
	ok = rrc_srb_security(ue->k_gnb, ue->ea, ue->ia, &keys) && rrc_srb_begin_again(&ue->srb[1]) &&
	     pdcp_secure(ue->srb[1].pdcp, &keys, PDCP_TX_INTEGRITY | PDCP_RX_INTEGRITY | PDCP_RX_CIPHERING) &&
	     cucp_send_on(ue, 1, &m) && pdcp_secure(ue->srb[1].pdcp, &keys, PDCP_ALL_SECURITY);
	explicit_bzero(&keys, sizeof(keys));
	return ok;
}

void cucp_reestablishment_request(
	struct cucp_ue *here, const struct rrc_rrc_reestablishment_request *m, struct bytes cell_group)
{
	struct cucp *c = here->c;
	const struct cucp_upper *upper = &c->config.upper;
	struct cucp_ue *ue = find(here, &m->rrc_reestablishment_request.ue_identity);
	struct f1ap_cause cause = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_UNSPECIFIED);
	uint8_t k_gnb[KDF_KEY_LEN] = { 0 }, ncc = 0;

	if (!ue || cell_group.len == 0 ||
		!upper->reestablishment_requested(upper->arg, ue->user, cucp_cell_at(here), k_gnb, &ncc)) {
		c->stats.fallbacks++; /* 5.3.7.2: a new connection instead */
		here->cause = RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING;
		if (cell_group.len > 0)
			cucp_setup_send(here, cell_group);
		else
			cucp_lose(here, &cause);
		return;
	}
	c->stats.reestablishments++;
	turn_back(ue);
	take_over(ue, here);
	may_fail(bytes_copy(ue->k_gnb, sizeof(ue->k_gnb), BYTES(k_gnb)));
	explicit_bzero(k_gnb, sizeof(k_gnb));
	if (ue->srb[2].pdcp)
		ue->srb[2].suspended = true;
	if (answer(ue, ncc))
		cucp_guard(ue, CUCP_REESTABLISHMENT, CUCP_RRC_MS);
	else
		cucp_lose(ue, &cause);
}

void cucp_reestablishment_complete(struct cucp_ue *ue, const struct rrc_rrc_reestablishment_complete *m)
{
	const struct cucp_upper *upper = &ue->c->config.upper;

	if (ue->procedure != CUCP_REESTABLISHMENT || m->rrc_transaction_identifier != ue->transaction) {
		ue->c->stats.not_comprehended++;
		return;
	}
	ue->restore = true;
	ue->measures = false; /* at the UE (38.331 5.5.7) */
	upper->reestablished(upper->arg, ue->user);
	if (ue->procedure == CUCP_REESTABLISHMENT)
		cucp_done(ue);
}
