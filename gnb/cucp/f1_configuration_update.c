/* gNB-DU Configuration Update at the CU-CP (38.473 8.2.4): cells come, change and go. */
#include "gnb/cucp/internal.h"

/* A DU as it is to be; was: the place that a cell has now. */
struct update {
	const struct cucp *c;
	uint32_t du;
	struct cucp_du next;
	uint8_t was[CUCP_CELLS_MAX];
	enum f1ap_cause_radio_network cause; /* why it cannot be */
};

enum { NEW = CUCP_CELLS_MAX };

static void cell_remove(struct update *u, uint8_t at)
{
	u->next.cell_count--;
	for (uint8_t i = at; i < u->next.cell_count; i++) {
		u->next.cells[i] = u->next.cells[i + 1];
		u->was[i] = u->was[i + 1];
	}
}

static bool cell_add(struct update *u, const struct cucp_cell *cell, uint8_t was)
{
	u->cause = F1AP_CAUSE_RADIO_NETWORK_GNB_CU_CELL_CAPACITY_EXCEEDED;
	if (cucp_cell_find(&u->next, &cell->cgi) < u->next.cell_count ||
		!cucp_cell_is_offered(u->c, u->du, cell))
		return true; /* it is there, or is none of ours: nothing of it is activated */
	if (u->next.cell_count == CUCP_CELLS_MAX)
		return false;
	u->was[u->next.cell_count] = was;
	u->next.cells[u->next.cell_count++] = *cell;
	return true;
}

static bool cell_read(struct update *u, const struct f1ap_served_cell_information *in, struct cucp_cell *out)
{
	u->cause = F1AP_CAUSE_RADIO_NETWORK_PLMN_NOT_SERVED_BY_THE_GNB_CU;
	return cucp_cell_read(u->c, in, out);
}

static void cells_delete(struct update *u, const struct f1ap_served_cells_to_delete_list *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		struct ncgi cgi = cucp_cgi_of(&list->items[i].u.served_cells_to_delete_item.old_nr_cgi);
		uint8_t at = cucp_cell_find(&u->next, &cgi);

		if (list->items[i].tag ==
				F1AP_SERVED_CELLS_TO_DELETE_ITEM_IES_TAG_SERVED_CELLS_TO_DELETE_ITEM &&
			at < u->next.cell_count)
			cell_remove(u, at);
	}
}

/* One that was none of ours may have become one, and the other way round; of another identity it is another.
 */
static bool cells_modify(struct update *u, const struct f1ap_served_cells_to_modify_list *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		const struct f1ap_served_cells_to_modify_item *item =
			&list->items[i].u.served_cells_to_modify_item;
		struct cucp_cell cell;
		struct ncgi cgi;
		uint8_t at, was = NEW;

		if (list->items[i].tag !=
			F1AP_SERVED_CELLS_TO_MODIFY_ITEM_IES_TAG_SERVED_CELLS_TO_MODIFY_ITEM)
			continue;
		cgi = cucp_cgi_of(&item->old_nr_cgi);
		at = cucp_cell_find(&u->next, &cgi);
		if (!cell_read(u, &item->served_cell_information, &cell))
			return false;
		if (at < u->next.cell_count) {
			was = cell.cgi.nci == cgi.nci && plmn_equal(&cell.cgi.plmn, &cgi.plmn) ? u->was[at]
											       : NEW;
			cell_remove(u, at);
		}
		if (!cell_add(u, &cell, was))
			return false;
	}
	return true;
}

static bool cells_add(struct update *u, const struct f1ap_served_cells_to_add_list *list)
{
	for (size_t i = 0; list && i < list->count; i++) {
		struct cucp_cell cell;

		if (list->items[i].tag != F1AP_SERVED_CELLS_TO_ADD_ITEM_IES_TAG_SERVED_CELLS_TO_ADD_ITEM)
			continue;
		if (!cell_read(
			    u, &list->items[i].u.served_cells_to_add_item.served_cell_information, &cell) ||
			!cell_add(u, &cell, NEW))
			return false;
	}
	return true;
}

static uint8_t place_of(const struct update *u, uint8_t was)
{
	uint8_t i = 0;

	while (i < u->next.cell_count && u->was[i] != was)
		i++;
	return i;
}

/* UEs of cells that have gone are lost. */
static void ues_follow(struct cucp *c, const struct update *u)
{
	const struct f1ap_cause gone = cucp_cause(F1AP_CAUSE_RADIO_NETWORK_CELL_NOT_AVAILABLE);

	for (uint32_t i = 0;; i++) {
		struct cucp_ue *ue = pool_next(&c->ues, &i);
		uint8_t at;

		if (!ue)
			return;
		if (ue->du != u->du || ue->procedure == CUCP_RELEASE)
			continue;
		at = place_of(u, ue->cell);
		if (at < u->next.cell_count)
			ue->cell = at;
		else
			cucp_lose(ue, &gone);
	}
}

void cucp_du_configuration_update(
	struct cucp *c, uint32_t du, const struct f1ap_gnb_du_configuration_update *m)
{
	struct f1ap_gnb_du_configuration_update_acknowledge ack = { .transaction_id = m->transaction_id };
	struct f1ap_gnb_du_configuration_update_failure failure = { .transaction_id = m->transaction_id,
		.has_time_to_wait = true,
		.time_to_wait = F1AP_TIME_TO_WAIT_V10S };
	struct update u = { .c = c, .du = du, .next = c->dus[du] };
	struct cucp_activation a = { 0 };

	for (uint8_t i = 0; i < u.next.cell_count; i++)
		u.was[i] = i;
	cells_delete(&u, m->served_cells_to_delete_list);
	if (!cells_modify(&u, m->served_cells_to_modify_list) ||
		!cells_add(&u, m->served_cells_to_add_list)) {
		c->stats.refused++;
		failure.cause = cucp_cause(u.cause);
		may_fail(cucp_f1ap_send(c, du, F1AP_MSG_GNB_DU_CONFIGURATION_UPDATE_FAILURE, &failure));
		return;
	}
	ues_follow(c, &u);
	c->dus[du] = u.next;
	for (uint8_t i = 0; i < u.next.cell_count; i++)
		if (u.was[i] == NEW)
			cucp_activation_add(&a, &u.next.cells[i]);
	ack.cells_to_be_activated_list = a.list.count ? &a.list : NULL;
	may_fail(cucp_f1ap_send(c, du, F1AP_MSG_GNB_DU_CONFIGURATION_UPDATE_ACKNOWLEDGE, &ack));
}
