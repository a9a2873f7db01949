/* Paging at the DU (38.473 8.7.1): the PCCH message is made here. */
#include "gnb/du/f1ap_internal.h"
#include "wire/rrc/rrc.h"

enum { PCCH_OCTETS_MAX = 64, DRX_SHORTEST = 32 };

static bool record_make(const struct f1ap_paging_identity *in, struct rrc_paging_record *out)
{
	const struct f1ap_cnue_paging_identity *cn = &in->u.cnue_paging_identity;

	if (in->tag == F1AP_PAGING_IDENTITY_TAG_CNUE_PAGING_IDENTITY &&
		cn->tag == F1AP_CNUE_PAGING_IDENTITY_TAG_FIVE_G_S_TMSI) {
		out->ue_identity.tag = RRC_PAGING_UE_IDENTITY_TAG_NG_5_G_S_TMSI;
		out->ue_identity.u.ng_5_g_s_tmsi = cn->u.five_g_s_tmsi;
		return true;
	}
	if (in->tag != F1AP_PAGING_IDENTITY_TAG_RANUE_PAGING_IDENTITY)
		return false;
	out->ue_identity.tag = RRC_PAGING_UE_IDENTITY_TAG_FULL_I_RNTI;
	out->ue_identity.u.full_i_rnti = in->u.ranue_paging_identity.irnti;
	return true;
}

/* False: not one that we can page. */
static bool pcch_make(const struct f1ap_paging *m, struct writer *w)
{
	struct rrc_paging_record record = { .has_access_type = m->has_paging_origin };
	struct rrc_paging_record_list list = { 1, &record };
	struct rrc_pcch_message pcch = { .message.tag = RRC_PCCH_MESSAGE_TYPE_TAG_C1 };

	pcch.message.u.c1.tag = RRC_PCCH_MESSAGE_TYPE_C1_TAG_PAGING;
	pcch.message.u.c1.u.paging.paging_record_list = &list;
	return record_make(&m->paging_identity, &record) && rrc_encode(&rrc_pcch_message_type, &pcch, w);
}

void du_f1ap_paging(struct du_f1ap *f, const struct f1ap_paging *m)
{
	uint8_t octets[PCCH_OCTETS_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	uint16_t drx = m->has_paging_drx ? (uint16_t)(DRX_SHORTEST << m->paging_drx) : 0;

	if (m->ue_identity_index_value.tag != F1AP_UE_IDENTITY_INDEX_VALUE_TAG_INDEX_LENGTH10 ||
		m->no_paging_cell_list || (m->has_paging_drx && m->paging_drx >= F1AP_PAGING_DRX_N) ||
		!pcch_make(m, &w)) {
		f->stats.refused++;
		return;
	}
	for (size_t i = 0; i < m->paging_cell_list.count; i++) {
		const struct f1ap_nr_cgi *cgi = &m->paging_cell_list.items[i].u.paging_cell_item.nr_cgi;
		struct ncgi cell;

		if (m->paging_cell_list.items[i].tag != F1AP_PAGING_CELL_ITEM_IES_TAG_PAGING_CELL_ITEM)
			continue;
		cell = (struct ncgi){ plmn_from_ap(cgi->plmn_identity.data), cgi->nr_cell_identity };
		f->config.lower.page(f->config.lower.arg, &cell, m->ue_identity_index_value.u.index_length10,
			drx, writer_bytes(&w));
	}
}
