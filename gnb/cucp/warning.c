/* Public warnings (38.473 8.5.1, 8.5.2): the SIBs are made here, the DU sends them (38.331 5.2.2.4.7
 * to 5.2.2.4.9). */
#include "gnb/cucp/internal.h"

enum {
	SEGMENT_OCTETS = 280, /* with the rest of the SI message well below 372, which a narrow CORESET 0
				 carries too */
	SEGMENTS_MAX = 64,
	SIB_OCTETS = SEGMENT_OCTETS + 32,
	ETWS_FIRST = 4352, /* 23.041 9.4.1.2.2: message identifiers of ETWS */
	ETWS_LAST = 4359
};

/* What the request points to. */
struct sibs {
	uint8_t octets[SEGMENTS_MAX][SIB_OCTETS];
	struct f1ap_additional_sib_message_list_item more[SEGMENTS_MAX];
	struct f1ap_additional_sib_message_list list;
	struct f1ap_notification_information notification;
	struct f1ap_pws_system_information_ext_ies ext;
};

static bool primary_put(struct writer *w, const struct cucp_warning *in)
{
	uint8_t octets[2];
	struct writer type = writer_of(octets, sizeof(octets));
	struct rrc_sib6 sib = { .message_identifier = in->id, .serial_number = in->serial };

	writer_u16(&type, in->type);
	sib.warning_type = writer_bytes(&type);
	return rrc_encode(&rrc_sib6_type, &sib, w);
}

/* The data coding scheme goes with the first (condition Segment1). */
static bool segment_put(struct writer *w, const struct cucp_warning *in, bool etws, size_t number,
	struct bytes part, bool last)
{
	struct bytes dcs = bytes_of(&in->dcs, 1);
	struct rrc_sib7 secondary = { .message_identifier = in->id,
		.serial_number = in->serial,
		.warning_message_segment_type = last ? RRC_SIB7_WARNING_MESSAGE_SEGMENT_TYPE_LAST_SEGMENT
						     : RRC_SIB7_WARNING_MESSAGE_SEGMENT_TYPE_NOT_LAST_SEGMENT,
		.warning_message_segment_number = (uint8_t)number,
		.warning_message_segment = part,
		.has_data_coding_scheme = number == 0,
		.data_coding_scheme = dcs };
	struct rrc_sib8 commercial = { .message_identifier = in->id,
		.serial_number = in->serial,
		.warning_message_segment_type = last ? RRC_SIB8_WARNING_MESSAGE_SEGMENT_TYPE_LAST_SEGMENT
						     : RRC_SIB8_WARNING_MESSAGE_SEGMENT_TYPE_NOT_LAST_SEGMENT,
		.warning_message_segment_number = (uint8_t)number,
		.warning_message_segment = part,
		.has_data_coding_scheme = number == 0,
		.data_coding_scheme = dcs };

	return etws ? rrc_encode(&rrc_sib7_type, &secondary, w) : rrc_encode(&rrc_sib8_type, &commercial, w);
}

static bool is_etws(const struct cucp_warning *in)
{
	return in->id >= ETWS_FIRST && in->id <= ETWS_LAST;
}

/* False: it does not fit into as many segments as there may be. */
static bool sibs_fill(struct sibs *s, const struct cucp_warning *in, struct f1ap_pws_system_information *out)
{
	size_t count = in->primary ? 1 : (in->contents.len + SEGMENT_OCTETS - 1) / SEGMENT_OCTETS;
	bool ok = count > 0 && count <= SEGMENTS_MAX;

	for (size_t i = 0; ok && i < count; i++) {
		struct writer w = writer_of(s->octets[i], SIB_OCTETS);
		size_t from = i * SEGMENT_OCTETS, left = in->contents.len - (in->primary ? 0 : from);

		ok = in->primary ? primary_put(&w, in)
				 : segment_put(&w, in, is_etws(in), i,
					   bytes_of(in->contents.data + from,
						   left < SEGMENT_OCTETS ? left : SEGMENT_OCTETS),
					   i + 1 == count);
		if (i == 0)
			out->si_bmessage = writer_bytes(&w);
		else
			s->more[s->list.count++].additional_sib = writer_bytes(&w);
	}
	out->sib_type = in->primary ? 6 : is_etws(in) ? 7 : 8;
	s->list.items = s->more;
	s->notification = (struct f1ap_notification_information){ in->id, in->serial };
	s->ext = (struct f1ap_pws_system_information_ext_ies){ &s->notification,
		s->list.count ? &s->list : NULL };
	out->ie_extensions = &s->ext;
	return ok;
}

/* dus_max: no DU has it. */
static uint32_t du_of(const struct cucp *c, const struct ncgi *cgi)
{
	uint32_t du = 0;

	while (du < c->config.dus_max &&
		!(c->dus[du].up && cucp_cell_find(&c->dus[du], cgi) < c->dus[du].cell_count))
		du++;
	return du;
}

bool cucp_warn(struct cucp *c, const struct ncgi *cgi, const struct cucp_warning *in)
{
	uint32_t du = du_of(c, cgi);
	uint8_t plmn[PLMN_OCTETS];
	struct f1ap_cells_to_be_broadcast_list_item_ies item = {
		.tag = F1AP_CELLS_TO_BE_BROADCAST_LIST_ITEM_IES_TAG_CELLS_TO_BE_BROADCAST_ITEM,
		.u.cells_to_be_broadcast_item.nr_cgi = cucp_cgi(cgi, plmn)
	};
	struct f1ap_cells_to_be_broadcast_list cells = { 1, &item };
	struct f1ap_write_replace_warning_request m = { .transaction_id = c->transaction++,
		.repetition_period = in->period_s,
		.numberof_broadcast_request = (uint16_t)(in->times < UINT16_MAX ? in->times : UINT16_MAX),
		.cells_to_be_broadcast_list = &cells };
	struct arena arena;
	struct sibs *s;
	bool ok;

	if (du == c->config.dus_max)
		return false;
	arena_init(&arena, NULL, 0, CUCP_ARENA_LIMIT);
	s = arena_alloc(&arena, sizeof(*s));
	ok = s && sibs_fill(s, in, &m.pws_system_information) &&
	     cucp_f1ap_send(c, du, F1AP_MSG_WRITE_REPLACE_WARNING_REQUEST, &m);
	arena_fini(&arena);
	c->stats.warnings_refused += !ok;
	return ok;
}

void cucp_warn_end(struct cucp *c, const struct ncgi *cgi, uint16_t id, uint16_t serial)
{
	uint32_t du = du_of(c, cgi);
	uint8_t plmn[PLMN_OCTETS];
	struct f1ap_broadcast_to_be_cancelled_list_item_ies item = {
		.tag = F1AP_BROADCAST_TO_BE_CANCELLED_LIST_ITEM_IES_TAG_BROADCAST_TO_BE_CANCELLED_ITEM,
		.u.broadcast_to_be_cancelled_item.nr_cgi = cucp_cgi(cgi, plmn)
	};
	struct f1ap_broadcast_to_be_cancelled_list cells = { 1, &item };
	struct f1ap_notification_information which = { id, serial };
	struct f1ap_pws_cancel_request m = { .transaction_id = c->transaction++,
		.broadcast_to_be_cancelled_list = &cells,
		.notification_information = &which };

	if (du < c->config.dus_max)
		may_fail(cucp_f1ap_send(c, du, F1AP_MSG_PWS_CANCEL_REQUEST, &m));
}

/* A cell that is not in it does not broadcast the warning. */
void cucp_warn_answered(struct cucp *c, const struct f1ap_write_replace_warning_response *m)
{
	c->stats.warnings_refused += !m->cells_broadcast_completed_list;
}
