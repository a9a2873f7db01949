/*
 * NG-RAN node Configuration Update, 38.423 8.4.2: what a neighbour's cells are now, and ours; and the AMF
 * regions that we have got to know since Xn Setup.
 *
 *   gNB                                            neighbour
 *    |-- NG-RAN NODE CONFIGURATION UPDATE ---------->|    AMF Region Information To Add, cells modified
 *    |<- ... ACKNOWLEDGE, ... FAILURE ---------------|
 *    |<- NG-RAN NODE CONFIGURATION UPDATE -----------|    cells added, modified, deleted
 *    |-- ... ACKNOWLEDGE, ... FAILURE -------------->|    more cells than there is room for: none is taken
 */
#include "gnb/xn.h"
#include "radio/uu.h"

/* The place among the neighbour's cells; the count: it is none of them. */
static uint8_t cell_find(const struct gnb_neighbour *n, uint64_t nci)
{
	uint8_t k = 0;

	while (k < n->cell_count && gnb_neighbour_nci(n, k) != nci)
		k++;
	return k;
}

static void cell_take(struct gnb_neighbour *n, uint8_t k, const struct xnap_served_cell_information_nr *c)
{
	n->cells[k] = (struct gnb_cell){ .id = (uint16_t)(c->cell_id.nr_ci &
							  ((UINT64_C(1) << (36 - n->gnb_id_bits)) - 1)),
		.tac = ngap_tac(c->tac),
		.pci = (uint16_t)c->nr_pci };
}

/* A cell of the neighbour that can be: of its gNB ID, and of a PCI of 38.211. */
static bool is_cell(const struct gnb_neighbour *n, const struct xnap_served_cell_information_nr *c)
{
	return c->cell_id.nr_ci >> (36 - n->gnb_id_bits) == n->gnb_id && c->nr_pci >= 0 &&
	       c->nr_pci <= UU_PCI_MAX;
}

/* 9.2.2.11: what the neighbour says of its cells is better known than what is configured. */
void gnb_xn_cells_take(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_served_cells_nr *list)
{
	struct gnb_neighbour *n = &gnb->config.neighbours[xn - gnb->xns];

	for (size_t i = 0; list && i < list->count; i++) {
		const struct xnap_served_cell_information_nr *c = &list->items[i].served_cell_info_nr;
		uint8_t k = cell_find(n, c->cell_id.nr_ci);

		if (k < n->cell_count && is_cell(n, c))
			cell_take(n, k, c);
	}
}

static void delete(struct gnb_neighbour *n, const struct xnap_served_cells_to_update_nr *u)
{
	for (size_t i = 0; u->served_cells_to_delete_nr && i < u->served_cells_to_delete_nr->count; i++) {
		uint8_t k = cell_find(n, u->served_cells_to_delete_nr->items[i].nr_ci);

		if (k == n->cell_count)
			continue;
		n->cell_count--;
		for (; k < n->cell_count; k++)
			n->cells[k] = n->cells[k + 1];
	}
}

static void modify(struct gnb_neighbour *n, const struct xnap_served_cells_to_update_nr *u)
{
	for (size_t i = 0; u->served_cells_to_modify_nr && i < u->served_cells_to_modify_nr->count; i++) {
		const struct xnap_served_cells_to_modify_nr_item *item =
			&u->served_cells_to_modify_nr->items[i];
		uint8_t k = cell_find(n, item->old_nr_cgi.nr_ci);

		if (k < n->cell_count && is_cell(n, &item->served_cell_info_nr))
			cell_take(n, k, &item->served_cell_info_nr);
	}
}

static bool add(struct gnb_neighbour *n, const struct xnap_served_cells_to_update_nr *u)
{
	for (size_t i = 0; u->served_cells_to_add_nr && i < u->served_cells_to_add_nr->count; i++) {
		const struct xnap_served_cell_information_nr *c =
			&u->served_cells_to_add_nr->items[i].served_cell_info_nr;
		uint8_t k = cell_find(n, c->cell_id.nr_ci);

		if (!is_cell(n, c) || k == GNB_CELLS_MAX)
			return false;
		cell_take(n, k, c);
		n->cell_count += k == n->cell_count;
	}
	return true;
}

/* All or nothing. */
static bool cells_update(struct gnb_neighbour *n, const struct xnap_served_cells_to_update_nr *u)
{
	struct gnb_neighbour changed = *n;

	delete (&changed, u);
	modify(&changed, u);
	if (!add(&changed, u) || changed.cell_count == 0)
		return false;
	*n = changed;
	return true;
}

void gnb_xn_configuration_update(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_ngran_node_configuration_update *m = pdu->u.ngran_node_configuration_update;
	const struct xnap_configuration_update_initiating_node_choice *choice =
		&m->configuration_update_initiating_node_choice;
	struct gnb_neighbour *n = &gnb->config.neighbours[xn - gnb->xns];
	struct xnap_ngran_node_configuration_update_acknowledge ack = {
		.responding_node_type_config_update_ack.tag =
			XNAP_RESPONDING_NODE_TYPE_CONFIG_UPDATE_ACK_TAG_GNB
	};
	const struct xnap_ngran_node_configuration_update_failure failure = {
		.cause = xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_UNSPECIFIED)
	};

	/* It is configured as a gNB. */
	if ((!m->no_configuration_update_initiating_node_choice &&
		    choice->tag != XNAP_CONFIGURATION_UPDATE_INITIATING_NODE_CHOICE_TAG_GNB) ||
		(!m->no_configuration_update_initiating_node_choice &&
			choice->u.gnb.served_cells_to_update_nr &&
			!cells_update(n, choice->u.gnb.served_cells_to_update_nr))) {
		gnb->stat[GNB_STAT_XNAP_REFUSED]++;
		log_warn(gnb->env->log, "%s: its configuration update is refused", n->name);
		gnb_xn_send(gnb, xn, 0, XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_FAILURE, &failure);
		return;
	}
	log_info(gnb->env->log, "%s has another configuration: %u cells", n->name, n->cell_count);
	gnb_xn_send(gnb, xn, 0, XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE_ACKNOWLEDGE, &ack);
}

void gnb_xn_configuration_update_acknowledge(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
}

void gnb_xn_configuration_update_failure(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_ngran_node_configuration_update_failure *m =
		pdu->u.ngran_node_configuration_update_failure;
	char text[XNAP_CAUSE_TEXT_SIZE];

	log_warn(gnb->env->log, "%s does not take our configuration: %s", gnb_xn_neighbour(gnb, xn)->name,
		gnb_xn_cause_text(m->no_cause ? NULL : &m->cause, text));
}

static void tell_all(struct gnb *gnb, const struct xnap_ngran_node_configuration_update *m)
{
	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++)
		if (gnb->xns[i].state == XN_READY)
			gnb_xn_send(gnb, &gnb->xns[i], 0, XNAP_MSG_NGRAN_NODE_CONFIGURATION_UPDATE, m);
}

void gnb_xn_cells_changed(struct gnb *gnb)
{
	struct xnap_served_cells_to_modify_nr_item items[GNB_CELLS_MAX] = { 0 };
	struct xnap_served_cells_to_modify_nr cells = { 0, items };
	struct xnap_served_cells_to_update_nr update = { .served_cells_to_modify_nr = &cells };
	struct xnap_ngran_node_configuration_update m = {
		.configuration_update_initiating_node_choice.tag =
			XNAP_CONFIGURATION_UPDATE_INITIATING_NODE_CHOICE_TAG_GNB
	};
	const struct gnb_xn_own *own = gnb_xn_own(gnb);

	for (size_t i = 0; own && i < own->cell_list.count; i++)
		items[cells.count++] = (struct xnap_served_cells_to_modify_nr_item){
			.old_nr_cgi = own->cells[i].served_cell_info_nr.cell_id,
			.served_cell_info_nr = own->cells[i].served_cell_info_nr
		};
	m.configuration_update_initiating_node_choice.u.gnb.served_cells_to_update_nr = &update;
	if (cells.count > 0)
		tell_all(gnb, &m);
}

void gnb_xn_amf_added(struct gnb *gnb, const struct gnb_amf *amf)
{
	struct xnap_global_amf_region_information items[GNB_GUAMIS_MAX];
	struct xnap_amf_region_information regions = { 0, items };
	const struct xnap_ngran_node_configuration_update m = {
		.configuration_update_initiating_node_choice.tag =
			XNAP_CONFIGURATION_UPDATE_INITIATING_NODE_CHOICE_TAG_GNB,
		.amf_region_information_to_add = &regions
	};

	for (uint8_t k = 0; k < amf->guami_count; k++)
		items[regions.count++] = (struct xnap_global_amf_region_information){
			ngap_plmn_of(&amf->guamis[k].plmn, &gnb->arena), amf->guamis[k].amf_region_id
		};
	if (regions.count > 0)
		tell_all(gnb, &m);
}
