/*
 * A UE that comes back by random access may have released its resources for requests and reports (38.321 5.2,
 * 5.4.4; 38.331 5.3.12), which it does not say: they are configured again (38.473 8.3.5). Whoever names
 * another UE's C-RNTI makes that happen too, so it happens once in a while at most.
 */
#include "gnb/du/node_parts.h"

enum { AGAIN_MS = 1000, CELL_GROUP_OCTETS = 1024 };

void node_returned(void *arg, uint16_t place)
{
	struct du_node *n = arg;

	if (n->ues[place].there)
		n->ues[place].returned = true;
}

void node_required(void *arg, uint16_t c_rnti, bool confirmed)
{
	struct du_node *n = arg;
	struct node_ue *u = node_ue_of(n, c_rnti);

	if (!u || !u->required)
		return;
	u->required = false;
	u->returned = u->returned || !confirmed;
	if (confirmed)
		du_ue_reconfigured(n->du, node_place(u));
}

static bool is_due(const struct node_ue *u)
{
	return u->returned && !u->required && u->release_ns == 0;
}

void node_return_run(struct node_ue *u)
{
	struct du_node *n = u->node;
	const struct served_cell *cell = du_cell(n->du);
	struct mac_drx_config drx;
	uint8_t octets[CELL_GROUP_OCTETS];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!is_due(u) || n->now_ns < u->require_ns)
		return;
	drx = served_cell_drx(cell, node_place(u));
	u->require_ns = n->now_ns + AGAIN_MS * UINT64_C(1000000);
	u->required = cell_group_write(&w, &cell->cell, du_ue_own(n->du, node_place(u)),
			      &(struct cell_group_change){ .drx = &drx,
				      .measurement_object = u->measurement_object,
				      .alignment_ms = cell->config.alignment_ms }) &&
		      du_f1ap_modification_require(n->f1ap, u->c_rnti,
			      F1AP_CAUSE_RADIO_NETWORK_ACTION_DESIRABLE_FOR_RADIO_REASONS, writer_bytes(&w));
	u->returned = !u->required;
	if (u->required)
		du_ue_changing(n->du, node_place(u));
}

uint64_t node_return_deadline_ns(const struct node_ue *u)
{
	return is_due(u) ? u->require_ns : UINT64_MAX;
}
