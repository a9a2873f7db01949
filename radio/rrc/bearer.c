#include "radio/rrc/bearer.h"

#include "wire/rrc/number.h"

#define RLC_NUMBER(path, v, ok) rrc_number_at(&rrc_rlc_config_type, path, v, ok)
#define RLC_VALUE(path, n, ok)  rrc_value_at(&rrc_rlc_config_type, path, n, ok)

/* Polls: RRC's infinity is no such poll. */
static uint32_t poll(const char *path, unsigned v, bool *ok)
{
	uint32_t n = RLC_NUMBER(path, v, ok);

	return n == RRC_INFINITY ? RLC_POLL_INFINITE : n;
}

static bool am_read(const struct rrc_rlc_config_am *am, struct rlc_config *ue)
{
	const struct rrc_ul_am_rlc *ul = &am->ul_am_rlc;
	const struct rrc_dl_am_rlc *dl = &am->dl_am_rlc;
	bool ok = true;

	ue->mode = RLC_AM;
	if (ul->has_sn_field_length)
		ue->tx_sn_bits = (uint8_t)RLC_NUMBER("am/ul-AM-RLC/sn-FieldLength", ul->sn_field_length, &ok);
	if (dl->has_sn_field_length)
		ue->rx_sn_bits = (uint8_t)RLC_NUMBER("am/dl-AM-RLC/sn-FieldLength", dl->sn_field_length, &ok);
	ue->t_poll_retransmit_ms = RLC_NUMBER("am/ul-AM-RLC/t-PollRetransmit", ul->t_poll_retransmit, &ok);
	ue->poll_pdu = poll("am/ul-AM-RLC/pollPDU", ul->poll_pdu, &ok);
	ue->poll_byte = poll("am/ul-AM-RLC/pollByte", ul->poll_byte, &ok);
	ue->max_retx_threshold =
		(uint8_t)RLC_NUMBER("am/ul-AM-RLC/maxRetxThreshold", ul->max_retx_threshold, &ok);
	ue->t_reassembly_ms = RLC_NUMBER("am/dl-AM-RLC/t-Reassembly", dl->t_reassembly, &ok);
	ue->t_status_prohibit_ms = RLC_NUMBER("am/dl-AM-RLC/t-StatusProhibit", dl->t_status_prohibit, &ok);
	return ok;
}

/* UM of one direction or two; NULL: not that one. */
static bool um_read(const struct rrc_ul_um_rlc *ul, const struct rrc_dl_um_rlc *dl, struct rlc_config *ue)
{
	bool ok = true;

	ue->mode = RLC_UM;
	if (!ul)
		ue->tx_sn_bits = 0;
	else if (ul->has_sn_field_length)
		ue->tx_sn_bits = (uint8_t)RLC_NUMBER(
			"um-Bi-Directional/ul-UM-RLC/sn-FieldLength", ul->sn_field_length, &ok);
	if (!dl) {
		ue->rx_sn_bits = 0;
		return ok;
	}
	if (dl->has_sn_field_length)
		ue->rx_sn_bits = (uint8_t)RLC_NUMBER(
			"um-Bi-Directional/dl-UM-RLC/sn-FieldLength", dl->sn_field_length, &ok);
	ue->t_reassembly_ms = RLC_NUMBER("um-Bi-Directional/dl-UM-RLC/t-Reassembly", dl->t_reassembly, &ok);
	return ok;
}

bool rrc_rlc_read(const struct rrc_rlc_config *in, struct rlc_config *ue)
{
	switch (in->tag) {
	case RRC_RLC_CONFIG_TAG_AM:
		return am_read(&in->u.am, ue);
	case RRC_RLC_CONFIG_TAG_UM_BI_DIRECTIONAL:
		return um_read(&in->u.um_bi_directional.ul_um_rlc, &in->u.um_bi_directional.dl_um_rlc, ue);
	case RRC_RLC_CONFIG_TAG_UM_UNI_DIRECTIONAL_UL:
		return um_read(&in->u.um_uni_directional_ul.ul_um_rlc, NULL, ue);
	case RRC_RLC_CONFIG_TAG_UM_UNI_DIRECTIONAL_DL:
		return um_read(NULL, &in->u.um_uni_directional_dl.dl_um_rlc, ue);
	default:
		return false;
	}
}

static bool am_make(const struct rlc_config *ue, struct rrc_rlc_config_am *am)
{
	struct rrc_ul_am_rlc *ul = &am->ul_am_rlc;
	struct rrc_dl_am_rlc *dl = &am->dl_am_rlc;
	bool ok = true;

	ul->has_sn_field_length = dl->has_sn_field_length = true;
	ul->sn_field_length = RLC_VALUE("am/ul-AM-RLC/sn-FieldLength", ue->tx_sn_bits, &ok);
	dl->sn_field_length = RLC_VALUE("am/dl-AM-RLC/sn-FieldLength", ue->rx_sn_bits, &ok);
	ul->t_poll_retransmit = RLC_VALUE("am/ul-AM-RLC/t-PollRetransmit", ue->t_poll_retransmit_ms, &ok);
	ul->poll_pdu = RLC_VALUE(
		"am/ul-AM-RLC/pollPDU", ue->poll_pdu == RLC_POLL_INFINITE ? RRC_INFINITY : ue->poll_pdu, &ok);
	ul->poll_byte = RLC_VALUE("am/ul-AM-RLC/pollByte",
		ue->poll_byte == RLC_POLL_INFINITE ? RRC_INFINITY : ue->poll_byte, &ok);
	ul->max_retx_threshold = RLC_VALUE("am/ul-AM-RLC/maxRetxThreshold", ue->max_retx_threshold, &ok);
	dl->t_reassembly = RLC_VALUE("am/dl-AM-RLC/t-Reassembly", ue->t_reassembly_ms, &ok);
	dl->t_status_prohibit = RLC_VALUE("am/dl-AM-RLC/t-StatusProhibit", ue->t_status_prohibit_ms, &ok);
	return ok;
}

static bool um_make(const struct rlc_config *ue, struct rrc_ul_um_rlc *ul, struct rrc_dl_um_rlc *dl)
{
	bool ok = true;

	if (ul) {
		ul->has_sn_field_length = true;
		ul->sn_field_length =
			RLC_VALUE("um-Bi-Directional/ul-UM-RLC/sn-FieldLength", ue->tx_sn_bits, &ok);
	}
	if (dl) {
		dl->has_sn_field_length = true;
		dl->sn_field_length =
			RLC_VALUE("um-Bi-Directional/dl-UM-RLC/sn-FieldLength", ue->rx_sn_bits, &ok);
		dl->t_reassembly =
			RLC_VALUE("um-Bi-Directional/dl-UM-RLC/t-Reassembly", ue->t_reassembly_ms, &ok);
	}
	return ok;
}

bool rrc_rlc_make(const struct rlc_config *ue, struct rrc_rlc_config *out)
{
	*out = (struct rrc_rlc_config){ .tag = RRC_RLC_CONFIG_TAG_NONE };
	if (ue->mode == RLC_AM) {
		out->tag = RRC_RLC_CONFIG_TAG_AM;
		return am_make(ue, &out->u.am);
	}
	if (ue->mode != RLC_UM || (!ue->tx_sn_bits && !ue->rx_sn_bits))
		return false;
	if (!ue->rx_sn_bits) {
		out->tag = RRC_RLC_CONFIG_TAG_UM_UNI_DIRECTIONAL_UL;
		return um_make(ue, &out->u.um_uni_directional_ul.ul_um_rlc, NULL);
	}
	if (!ue->tx_sn_bits) {
		out->tag = RRC_RLC_CONFIG_TAG_UM_UNI_DIRECTIONAL_DL;
		return um_make(ue, NULL, &out->u.um_uni_directional_dl.dl_um_rlc);
	}
	out->tag = RRC_RLC_CONFIG_TAG_UM_BI_DIRECTIONAL;
	return um_make(ue, &out->u.um_bi_directional.ul_um_rlc, &out->u.um_bi_directional.dl_um_rlc);
}

#define PDCP_NUMBER(path, v, ok) rrc_number_at(&rrc_pdcp_config_type, path, v, ok)
#define PDCP_VALUE(path, n, ok)  rrc_value_at(&rrc_pdcp_config_type, path, n, ok)

static bool drb_read(const struct rrc_pdcp_config_drb *drb, struct pdcp_config *ue)
{
	bool ok = drb->header_compression.tag == RRC_PDCP_CONFIG_DRB_HEADER_COMPRESSION_TAG_NOT_USED;

	if (drb->has_discard_timer)
		ue->discard_ms = PDCP_NUMBER("drb/discardTimer", drb->discard_timer, &ok);
	if (drb->has_pdcp_sn_size_ul)
		ue->tx_sn_bits = (uint8_t)PDCP_NUMBER("drb/pdcp-SN-SizeUL", drb->pdcp_sn_size_ul, &ok);
	if (drb->has_pdcp_sn_size_dl)
		ue->rx_sn_bits = (uint8_t)PDCP_NUMBER("drb/pdcp-SN-SizeDL", drb->pdcp_sn_size_dl, &ok);
	ue->integrity = drb->has_integrity_protection;
	ue->status_report_required = drb->has_status_report_required;
	ue->out_of_order_delivery = drb->has_out_of_order_delivery;
	return ok;
}

bool rrc_pdcp_read(const struct rrc_pdcp_config *in, struct pdcp_config *ue)
{
	bool ok = !in->more_than_one_rlc && !in->ethernet_header_compression_r16 &&
		  !in->uplink_data_compression_r17 && (in->drb != NULL) == (ue->bearer != PDCP_SRB);

	/* Need S: without it, it never expires. */
	ue->reordering_ms =
		in->has_t_reordering ? PDCP_NUMBER("t-Reordering", in->t_reordering, &ok) : PDCP_INFINITY;
	ue->ciphering_disabled = in->has_ciphering_disabled; /* Need R */
	return ok && (!in->drb || drb_read(in->drb, ue));
}

bool rrc_pdcp_make(const struct pdcp_config *ue, struct rrc_pdcp_config_drb *drb, struct rrc_pdcp_config *out)
{
	bool ok = true;

	*out = (struct rrc_pdcp_config){ .has_t_reordering = ue->reordering_ms != PDCP_INFINITY,
		.has_ciphering_disabled = ue->ciphering_disabled };
	if (out->has_t_reordering)
		out->t_reordering = PDCP_VALUE("t-Reordering", ue->reordering_ms, &ok);
	if (ue->bearer == PDCP_SRB)
		return ok;
	out->drb = drb;
	*drb = (struct rrc_pdcp_config_drb){ .has_discard_timer = true,
		.discard_timer = PDCP_VALUE("drb/discardTimer", ue->discard_ms, &ok),
		.has_pdcp_sn_size_ul = true,
		.pdcp_sn_size_ul = PDCP_VALUE("drb/pdcp-SN-SizeUL", ue->tx_sn_bits, &ok),
		.has_pdcp_sn_size_dl = true,
		.pdcp_sn_size_dl = PDCP_VALUE("drb/pdcp-SN-SizeDL", ue->rx_sn_bits, &ok),
		.header_compression.tag = RRC_PDCP_CONFIG_DRB_HEADER_COMPRESSION_TAG_NOT_USED,
		.has_integrity_protection = ue->integrity,
		.has_status_report_required = ue->status_report_required,
		.has_out_of_order_delivery = ue->out_of_order_delivery };
	return ok;
}

struct rlc_config rrc_srb_rlc(void)
{
	return (struct rlc_config){ .mode = RLC_AM,
		.tx_sn_bits = 12,
		.rx_sn_bits = 12,
		.t_poll_retransmit_ms = 45,
		.poll_pdu = RLC_POLL_INFINITE,
		.poll_byte = RLC_POLL_INFINITE,
		.max_retx_threshold = 8,
		.t_reassembly_ms = 35 };
}

struct pdcp_config rrc_srb_pdcp(uint8_t srb, uint8_t tx_direction)
{
	return (struct pdcp_config){ .bearer = PDCP_SRB,
		.rb_id = srb,
		.tx_direction = tx_direction,
		.tx_sn_bits = 12,
		.rx_sn_bits = 12,
		.discard_ms = PDCP_INFINITY,
		.reordering_ms = PDCP_INFINITY };
}

struct rlc_config rrc_rlc_mirror(const struct rlc_config *ue)
{
	struct rlc_config gnb = *ue;

	gnb.tx_sn_bits = ue->rx_sn_bits;
	gnb.rx_sn_bits = ue->tx_sn_bits;
	return gnb;
}

struct pdcp_config rrc_pdcp_mirror(const struct pdcp_config *ue)
{
	struct pdcp_config gnb = *ue;

	gnb.tx_direction = !ue->tx_direction;
	gnb.tx_sn_bits = ue->rx_sn_bits;
	gnb.rx_sn_bits = ue->tx_sn_bits;
	gnb.tx_sdap = ue->rx_sdap;
	gnb.rx_sdap = ue->tx_sdap;
	return gnb;
}
