/*
 * Paging, 38.413 8.5.1.
 *
 *   AMF                     gNB                  UE
 *    |-- PAGING ------------->|-- Paging -------->|    38.331 5.3.2, in the cells of the tracking areas named
 */
#include "gnb/internal.h"

static bool is_named(const struct ngap_tai_list_for_paging *list, const struct tai *tai)
{
	for (size_t i = 0; i < list->count; i++) {
		struct tai named = ngap_tai(&list->items[i].tai);

		if (tai_equal(&named, tai))
			return true;
	}
	return false;
}

void gnb_n2_paging(struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_paging *m = pdu->u.paging;
	const struct ngap_five_g_s_tmsi *id = &m->ue_paging_identity.u.five_g_s_tmsi;
	struct s_tmsi s_tmsi = { .amf_set_id = id->amf_set_id, .amf_pointer = id->amf_pointer };
	struct cursor c;

	gnb->stat[GNB_STAT_PAGINGS]++;
	if (m->no_ue_paging_identity || m->no_tai_list_for_paging ||
		m->ue_paging_identity.tag != NGAP_UE_PAGING_IDENTITY_TAG_FIVE_G_S_TMSI)
		return;
	c = cursor_of(id->five_g_tmsi);
	s_tmsi.tmsi = cursor_u32(&c);
	for (uint8_t i = 0; i < gnb->config.cell_count; i++)
		if (is_named(&m->tai_list_for_paging, &gnb->places[i].tai))
			gnb_rrc_page(gnb, i, &s_tmsi);
}
