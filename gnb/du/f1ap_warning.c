/*
 * Public warnings at the DU: Write-Replace Warning and PWS Cancel (38.473 8.5.1, 8.5.2). The CU has made the
 * SIBs; when they go out is the MAC's business.
 */
#include "gnb/du/f1ap_internal.h"
#include "wire/rrc/rrc.h"

enum { SEGMENTS_MAX = 64 };

/* Identity and serial number of the warning that a SIB is of; false: it is none of the three. */
static bool sib_read(int64_t type, struct bytes sib, struct arena *arena, uint16_t *id, uint16_t *serial)
{
	union {
		struct rrc_sib6 sib6;
		struct rrc_sib7 sib7;
		struct rrc_sib8 sib8;
	} u;
	struct per_diag diag;

	if (type == 6 && rrc_decode(&rrc_sib6_type, sib, arena, &u.sib6, &diag)) {
		*id = u.sib6.message_identifier;
		*serial = u.sib6.serial_number;
	} else if (type == 7 && rrc_decode(&rrc_sib7_type, sib, arena, &u.sib7, &diag)) {
		*id = u.sib7.message_identifier;
		*serial = u.sib7.serial_number;
	} else if (type == 8 && rrc_decode(&rrc_sib8_type, sib, arena, &u.sib8, &diag)) {
		*id = u.sib8.message_identifier;
		*serial = u.sib8.serial_number;
	} else {
		return false;
	}
	return true;
}

static bool warning_read(const struct f1ap_write_replace_warning_request *m, struct arena *arena,
	struct bytes sibs[SEGMENTS_MAX], struct du_f1ap_warning *out)
{
	const struct f1ap_pws_system_information *in = &m->pws_system_information;
	const struct f1ap_additional_sib_message_list *more =
		in->ie_extensions ? in->ie_extensions->additional_sib_message_list : NULL;

	*out = (struct du_f1ap_warning){ .sib = (uint8_t)in->sib_type,
		.sibs = sibs,
		.n = 1,
		.period_s = (uint32_t)m->repetition_period,
		.times = m->numberof_broadcast_request };
	sibs[0] = in->si_bmessage;
	for (size_t i = 0; more && i < more->count && out->n < SEGMENTS_MAX; i++)
		sibs[out->n++] = more->items[i].additional_sib;
	for (size_t i = 0; i < out->n; i++)
		if (!sib_read(in->sib_type, sibs[i], arena, &out->id, &out->serial))
			return false;
	return true;
}

static struct ncgi cgi_of(const struct f1ap_nr_cgi *in)
{
	return (struct ncgi){ plmn_from_ap(in->plmn_identity.data), in->nr_cell_identity };
}

static struct f1ap_nr_cgi cgi_put(const struct ncgi *cgi, uint8_t plmn[PLMN_OCTETS])
{
	plmn_to_ap(&cgi->plmn, plmn);
	return (struct f1ap_nr_cgi){ bytes_of(plmn, PLMN_OCTETS), cgi->nci };
}

static bool is_named(const struct f1ap_cells_to_be_broadcast_list *list, const struct ncgi *cgi)
{
	bool named = !list; /* all cells (8.5.1.2) */

	for (size_t i = 0; list && i < list->count; i++) {
		const struct f1ap_cells_to_be_broadcast_list_item_ies *ie = &list->items[i];
		struct ncgi other;

		if (ie->tag != F1AP_CELLS_TO_BE_BROADCAST_LIST_ITEM_IES_TAG_CELLS_TO_BE_BROADCAST_ITEM)
			continue;
		other = cgi_of(&ie->u.cells_to_be_broadcast_item.nr_cgi);
		named = named || (other.nci == cgi->nci && plmn_equal(&other.plmn, &cgi->plmn));
	}
	return named;
}

void du_f1ap_write_replace(struct du_f1ap *f, const struct f1ap_write_replace_warning_request *m)
{
	struct f1ap_cells_broadcast_completed_list_item_ies items[DU_F1AP_CELLS_MAX];
	struct f1ap_cells_broadcast_completed_list list = { 0, items };
	struct f1ap_write_replace_warning_response answer = { .transaction_id = m->transaction_id };
	uint8_t plmns[DU_F1AP_CELLS_MAX][PLMN_OCTETS];
	struct bytes sibs[SEGMENTS_MAX];
	struct du_f1ap_warning w;
	struct arena arena;
	bool ok;

	arena_init(&arena, NULL, 0, DU_F1AP_ARENA_LIMIT);
	ok = warning_read(m, &arena, sibs, &w);
	f->stats.refused += !ok;
	for (uint8_t i = 0; ok && i < f->config.cell_count; i++) {
		const struct ncgi *cgi = &f->config.cells[i].cgi;

		if (!is_named(m->cells_to_be_broadcast_list, cgi) ||
			!f->config.lower.warn(f->config.lower.arg, cgi, &w))
			continue;
		items[list.count].tag =
			F1AP_CELLS_BROADCAST_COMPLETED_LIST_ITEM_IES_TAG_CELLS_BROADCAST_COMPLETED_ITEM;
		items[list.count].u.cells_broadcast_completed_item.nr_cgi = cgi_put(cgi, plmns[i]);
		list.count++;
	}
	arena_fini(&arena);
	answer.cells_broadcast_completed_list = list.count ? &list : NULL;
	may_fail(du_f1ap_send(f, F1AP_MSG_WRITE_REPLACE_WARNING_RESPONSE, &answer));
}

static bool is_cancelled(const struct f1ap_broadcast_to_be_cancelled_list *list, const struct ncgi *cgi)
{
	bool named = !list; /* all cells (8.5.2.2) */

	for (size_t i = 0; list && i < list->count; i++) {
		const struct f1ap_broadcast_to_be_cancelled_list_item_ies *ie = &list->items[i];
		struct ncgi other;

		if (ie->tag !=
			F1AP_BROADCAST_TO_BE_CANCELLED_LIST_ITEM_IES_TAG_BROADCAST_TO_BE_CANCELLED_ITEM)
			continue;
		other = cgi_of(&ie->u.broadcast_to_be_cancelled_item.nr_cgi);
		named = named || (other.nci == cgi->nci && plmn_equal(&other.plmn, &cgi->plmn));
	}
	return named;
}

void du_f1ap_pws_cancel(struct du_f1ap *f, const struct f1ap_pws_cancel_request *m)
{
	struct f1ap_cells_broadcast_cancelled_list_item_ies items[DU_F1AP_CELLS_MAX];
	struct f1ap_cells_broadcast_cancelled_list list = { 0, items };
	struct f1ap_pws_cancel_response answer = { .transaction_id = m->transaction_id };
	const struct f1ap_notification_information *which = m->notification_information;
	uint8_t plmns[DU_F1AP_CELLS_MAX][PLMN_OCTETS];

	for (uint8_t i = 0; i < f->config.cell_count; i++) {
		const struct ncgi *cgi = &f->config.cells[i].cgi;
		uint16_t sent = 0;

		if (!is_cancelled(m->broadcast_to_be_cancelled_list, cgi) ||
			(!which && !m->has_cancel_all_warning_messages_indicator) ||
			!f->config.lower.warn_end(f->config.lower.arg, cgi,
				m->has_cancel_all_warning_messages_indicator,
				which ? which->message_identifier : 0, which ? which->serial_number : 0,
				&sent))
			continue;
		items[list.count].tag =
			F1AP_CELLS_BROADCAST_CANCELLED_LIST_ITEM_IES_TAG_CELLS_BROADCAST_CANCELLED_ITEM;
		items[list.count].u.cells_broadcast_cancelled_item =
			(struct f1ap_cells_broadcast_cancelled_item){ cgi_put(cgi, plmns[i]), sent };
		list.count++;
	}
	answer.cells_broadcast_cancelled_list = list.count ? &list : NULL;
	may_fail(du_f1ap_send(f, F1AP_MSG_PWS_CANCEL_RESPONSE, &answer));
}
