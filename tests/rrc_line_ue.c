/* The UE's surroundings: the NAS above its RRC, and what lies below. */
#include "tests/rrc_line_internal.h"

static const uint8_t k_amf[KDF_KEY_LEN] = { 1, 2, 3 };

static bool ue_k_gnb(void *arg, uint8_t amf[KDF_KEY_LEN], uint8_t gnb[KDF_KEY_LEN])
{
	struct line *l = arg;

	assert_true(bytes_copy(amf, KDF_KEY_LEN, BYTES(k_amf)) &&
		    bytes_copy(gnb, KDF_KEY_LEN, BYTES(line_k_gnb)));
	gnb[0] ^= l->ue.keyless;
	return true;
}

static bool ue_is_unproved(void *arg)
{
	return ((struct line *)arg)->ue.unproved;
}

static void ue_connected(void *arg)
{
	((struct line *)arg)->ue.connected++;
}

void line_establishment(struct ue_rrc_establishment *e)
{
	*e = (struct ue_rrc_establishment){ .access_category = 3,
		.access_identities = 1,
		.cause = RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING,
		.s_tmsi = &line_identity,
		.nas = line_nas(NAS_REQUEST) };
}

static bool ue_fell_back(void *arg, struct ue_rrc_establishment *e)
{
	line_establishment(e);
	return ((struct line *)arg)->ue.falls_back;
}

static void ue_nas(void *arg, struct bytes nas)
{
	struct line *l = arg;

	l->ue.nas_count++;
	l->ue.nas_len = nas.len;
	assert_true(bytes_copy(l->ue.nas, sizeof(l->ue.nas), nas) || l->foreign);
}

static void ue_bearer_set(void *arg, const struct ue_rrc_drb *drb)
{
	assert_true(((struct line *)arg)->foreign || (drb->psi == LINE_PSI && drb->drb == LINE_DRB));
}

static void ue_bearer_released(void *arg, uint8_t drb)
{
	assert_true(((struct line *)arg)->foreign || drb == LINE_DRB);
}

static void ue_paged(void *arg, const struct s_tmsi *s_tmsi, bool non_3gpp)
{
	struct line *l = arg;

	l->ue.paged += s_tmsi->tmsi == line_identity.tmsi && s_tmsi->amf_set_id == line_identity.amf_set_id &&
		       s_tmsi->amf_pointer == line_identity.amf_pointer;
}

static void ue_ended(void *arg, const struct ue_rrc_ending *e)
{
	struct line *l = arg;

	l->ue.ended++;
	l->ue.last_ending = *e;
	l->ue.c_rnti = 0;
}

static void ue_alleviated(void *arg, uint8_t category)
{
	((struct line *)arg)->ue.alleviated++;
}

static void ue_warned(void *arg, const struct ue_rrc_public_warning *w)
{
	struct line *l = arg;

	l->ue.warned++;
	l->ue.warning = *w;
	assert_true(bytes_copy(l->ue.warning_text, sizeof(l->ue.warning_text), w->contents));
}

/* Preamble and message 3: the DU gives a C-RNTI. */
static void ue_random_access(void *arg, struct bytes ccch_sdu)
{
	struct line *l = arg;

	assert_int_equal(ccch_sdu.len, 6);
	l->ue.c_rnti = l->du.next_c_rnti++;
	line_put(l, LINE_CCCH_UP, l->ue.c_rnti, 0, ccch_sdu);
}

static void ue_srb_send(void *arg, uint8_t srb, struct sdu *pdu)
{
	struct line *l = arg;

	line_put(l, LINE_SRB_UP, l->ue.c_rnti, srb, sdu_bytes(pdu));
	sdu_free(&l->pool, pdu);
}

static bool ue_cell_group_set(void *arg, const struct ue_cell_group *group,
	const struct ue_cell_group_change *change, const struct rrc_cell_group_config *config)
{
	struct line *l = arg;

	l->ue.group = *group;
	return true;
}

static bool ue_drb_set(void *arg, const struct ue_rrc_drb *drb, enum ue_rrc_drb_change change,
	const struct pdcp_security *keys)
{
	struct line *l = arg;

	l->ue.drb = *drb;
	l->ue.drb_keys = *keys;
	l->ue.has_drb = true;
	return true;
}

static void ue_drb_released(void *arg, uint8_t drb)
{
	struct line *l = arg;

	l->ue.has_drb = l->ue.drb_suspended = false;
}

static void ue_reset(void *arg)
{
	((struct line *)arg)->ue.resets++;
}

static void ue_suspended(void *arg)
{
	((struct line *)arg)->ue.drb_suspended = true;
}

static void ue_drb_resumed(void *arg, uint8_t drb)
{
	struct line *l = arg;

	l->ue.drb_suspended = false;
	l->ue.resumed++;
}

static void ue_drb_counts(void *arg, uint8_t drb, uint32_t *uplink, uint32_t *downlink)
{
	struct line *l = arg;

	*uplink = l->ue.drb_uplink;
	*downlink = l->ue.drb_downlink;
}

static void ue_all_released(void *arg)
{
	struct line *l = arg;

	l->ue.has_drb = l->ue.drb_suspended = false;
	l->ue.c_rnti = 0;
}

static void ue_cell_select(void *arg)
{
	struct line *l = arg;

	if (l->ue.camps) /* by the clock, as a search takes its time */
		line_put(l, LINE_SEARCHED, 0, 0, BYTES_NONE);
}

const struct ue_rrc_upper line_ue_upper = { NULL, ue_k_gnb, ue_is_unproved, ue_connected, ue_fell_back,
	ue_nas, ue_bearer_set, ue_bearer_released, ue_paged, ue_ended, ue_alleviated, ue_warned };

const struct ue_rrc_lower line_ue_lower = { NULL, ue_random_access, ue_srb_send, ue_cell_group_set,
	ue_drb_set, ue_drb_released, ue_reset, ue_suspended, ue_drb_resumed, ue_drb_counts, ue_all_released,
	ue_cell_select };
