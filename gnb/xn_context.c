/* A UE's context as Xn has it: with a handover (38.423 9.2.1.13), or when a neighbour retrieves it. */
#include "crypto/kdf.h"
#include "gnb/xn.h"
#include "radio/uu.h"

/* 33.501 6.9.2.3.2: vertically with an NH that is not in use yet, else horizontally. */
static bool key_for(const struct gnb_ue *ue, uint16_t pci, uint8_t key[GNB_KEY_LEN], uint8_t *ncc)
{
	*ncc = ue->has_nh ? ue->nh_ncc : ue->ncc;
	return kdf_k_ngran_star(ue->has_nh ? ue->nh : ue->k_gnb, pci, UU_SSB_ARFCN, key);
}

bool gnb_xn_context_give(struct gnb *gnb, const struct gnb_ue *ue, const struct gnb_neighbour *to,
	uint8_t to_cell, uint8_t key[GNB_KEY_LEN], uint8_t capability[4][2],
	struct xnap_ue_context_info_ho_request *c)
{
	struct ngap_ue_security_capabilities have = gnb_capabilities(ue, capability);
	struct xnap_pdu_session_resources_to_be_setup_list *list = &c->pdu_session_resources_to_be_setup_list;

	*c = (struct xnap_ue_context_info_ho_request){ .ng_c_ue_reference = ue->amf_ue_ngap_id,
		.cp_tnl_info_source = { XNAP_CP_TRANSPORT_LAYER_INFORMATION_TAG_ENDPOINT_IP_ADDRESS,
			{ { ue->amf->addr.ip, (size_t)ue->amf->addr.len * 8 } } },
		.ue_security_capabilities = { have.nr_encryption_algorithms,
			have.nr_integrity_protection_algorithms, have.eutra_encryption_algorithms,
			have.eutra_integrity_protection_algorithms },
		.ue_ambr = { (int64_t)ue->ambr_dl_bps, (int64_t)ue->ambr_ul_bps },
		.rrc_context = gnb_preparation_information(gnb, ue, gnb_neighbour_nci(to, to_cell)) };
	list->items = arena_array(&gnb->arena, PDU_SESSIONS_MAX, sizeof(*list->items));
	if (!list->items || !c->rrc_context.data ||
		!key_for(ue, to->cells[to_cell].pci, key, &c->security_information.ncc))
		return false;
	c->security_information.key_ng_ran_star = (struct per_bits){ key, GNB_KEY_LEN * 8 };
	for (uint8_t psi = 1; psi <= PDU_SESSIONS_MAX; psi++)
		if (ue->sessions[psi] &&
			!gnb_xn_session_describe(gnb, ue->sessions[psi], &list->items[list->count++]))
			return false;
	return list->count > 0 && gnb_restrictions_give(gnb, ue, c);
}

bool gnb_xn_context_take(struct gnb *gnb, struct gnb_ue *ue, const struct xnap_ue_context_info_ho_request *c)
{
	const struct ngap_ue_security_capabilities have = {
		c->ue_security_capabilities.nr_encyption_algorithms,
		c->ue_security_capabilities.nr_integrity_protection_algorithms,
		c->ue_security_capabilities.e_utra_encyption_algorithms,
		c->ue_security_capabilities.e_utra_integrity_protection_algorithms
	};

	ue->has_amf_ue_ngap_id = true;
	ue->amf_ue_ngap_id = c->ng_c_ue_reference;
	ue->ambr_dl_bps = (uint64_t)c->ue_ambr.dl_ue_ambr;
	ue->ambr_ul_bps = (uint64_t)c->ue_ambr.ul_ue_ambr;
	gnb_capabilities_take(ue, &have);
	ue->ncc = c->security_information.ncc;
	return bytes_copy(ue->k_gnb, GNB_KEY_LEN,
		       bytes_of(c->security_information.key_ng_ran_star.data,
			       c->security_information.key_ng_ran_star.len_bits / 8)) &&
	       gnb_restrictions_take_xn(gnb, ue, c);
}

struct guami gnb_xn_guami(const struct xnap_guami *g)
{
	return (struct guami){ ngap_plmn(g->plmn_id), g->amf_region_id, g->amf_set_id, g->amf_pointer };
}

bool gnb_xn_guami_write(struct gnb *gnb, const struct guami *from, struct xnap_guami *out)
{
	*out = (struct xnap_guami){ ngap_plmn_of(&from->plmn, &gnb->arena), from->amf_region_id,
		from->amf_set_id, from->amf_pointer };
	return out->plmn_id.data;
}

struct gnb_amf *gnb_xn_amf(struct gnb *gnb, const struct guami *guami)
{
	for (uint8_t i = 0; i < gnb->config.amf_count; i++)
		for (uint8_t k = 0; gnb->amfs[i].state == NG_READY && k < gnb->amfs[i].guami_count; k++)
			if (guami_equal(&gnb->amfs[i].guamis[k], guami))
				return &gnb->amfs[i];
	return NULL;
}
