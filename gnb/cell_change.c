/*
 * Handover between two cells of the gNB, 38.300 9.2.3.1: no core signalling; the AMF reads the cell in the
 * next message of the UE, or in a location report. Within one cell it changes the key on the
 * fly, 33.501 6.9.4.4.
 *
 *   UE              gNB                         what comes for the UE from the command on is held
 *    |<- command ----|    a key of its own for the new cell, 33.501 6.9.2.3.2
 *    |-- complete -->|    in the new cell; what it had before is forgotten
 *    |-- RRCReestablishmentRequest -->|    or it comes back to the old one, with the old key
 */
#include "gnb/handover.h"
#include "radio/uu.h"

static bool key_derive(struct gnb_ue *ue, uint16_t pci)
{
	bool vertical = ue->has_nh;

	ue->has_nh = false;
	return vertical ? gnb_key_next(ue, ue->nh, pci, UU_SSB_ARFCN, ue->nh_ncc)
			: gnb_key_next(ue, ue->k_gnb, pci, UU_SSB_ARFCN, ue->ncc);
}

static void put_back(struct gnb *gnb, struct gnb_handover *h)
{
	struct gnb_ue *ue = h->ue;

	gnb_handover_unexpect(gnb, h);
	ue->c_rnti = h->before.c_rnti;
	ue->ncc = h->before.ncc;
	ue->has_nh = h->before.has_nh; /* the NH itself stays */
	bytes_copy(ue->k_gnb, sizeof(ue->k_gnb), BYTES(h->before.k_gnb));
}

static void keep(struct gnb_handover *h)
{
	const struct gnb_ue *ue = h->ue;

	h->before.c_rnti = ue->c_rnti;
	h->before.ncc = ue->ncc;
	h->before.has_nh = ue->has_nh;
	bytes_copy(h->before.k_gnb, sizeof(h->before.k_gnb), BYTES(ue->k_gnb));
}

/* Prepares the new cell, which is this gNB's, and sends the UE there. */
static bool prepare(struct gnb *gnb, struct gnb_handover *h)
{
	struct gnb_ue *ue = h->ue;
	struct gnb_command command = { .count = 0 };
	uint8_t cell = ue->radio.cell;

	ue->radio.cell = h->to_cell;
	gnb_handover_expect(gnb, h);
	if (key_derive(ue, gnb->config.cells[h->to_cell].pci))
		command.container = gnb_handover_command(gnb, ue, h->key_changed != NULL);
	ue->radio.cell = cell; /* until it is there */
	if (!command.container.data) {
		put_back(gnb, h);
		return false;
	}
	gnb_source_event(gnb, h, SOURCE_EV_COMMAND, &command);
	return true;
}

static bool begin(struct gnb *gnb, struct gnb_handover *h)
{
	keep(h);
	return prepare(gnb, h);
}

bool gnb_key_change(struct gnb *gnb, struct gnb_ue *ue, struct bytes k_gnb,
	void (*changed)(struct gnb *gnb, struct gnb_ue *ue, bool done))
{
	struct gnb_handover *h;

	if (!ue->context || ue->releasing || ue->handover || !list_empty(&ue->procedures) ||
		!ue->radio.on_air)
		return false;
	h = gnb_handover_new(gnb, ue, &gnb_by_cell, false);
	if (!h)
		return false;
	h->to = &gnb->own;
	h->to_cell = ue->radio.cell;
	h->key_changed = changed;
	keep(h);
	ue->has_nh = false;
	ue->ncc = 0; /* 33.501 6.9.2.1.1: the chain begins with it */
	if (bytes_copy(ue->k_gnb, sizeof(ue->k_gnb), k_gnb) && prepare(gnb, h))
		return true;
	put_back(gnb, h);
	gnb_handover_free(gnb, h);
	return false;
}

static bool cancel(struct gnb *gnb, struct gnb_handover *h, const struct ngap_cause *cause)
{
	put_back(gnb, h);
	if (h->key_changed)
		h->key_changed(gnb, h->ue, false);
	return false;
}

static void hold(struct gnb *gnb, struct gnb_handover *h)
{
	gnb_hold_begin(gnb, h->ue);
}

const struct handover_way gnb_by_cell = {
	.name = "another cell of ours",
	.triggered = NGAP_CAUSE_RADIO_NETWORK_INTERACTION_WITH_OTHER_PROCEDURE,
	.prep_expiry = NGAP_CAUSE_RADIO_NETWORK_UNSPECIFIED,
	.overall_expiry = NGAP_CAUSE_RADIO_NETWORK_RADIO_CONNECTION_WITH_UE_LOST,
	.require = begin,
	.cancel = cancel,
	.status_transfer = hold,
};

void gnb_cell_changed(struct gnb *gnb, struct gnb_handover *h)
{
	struct gnb_ue *ue = h->ue;
	void (*key_changed)(struct gnb *gnb, struct gnb_ue *ue, bool done) = h->key_changed;

	gnb_handover_free(gnb, h);
	gnb_drbs_key_is_new(ue);
	ue->heard_ns = ue->active_ns = env_now_ns(gnb->env);
	gnb_ue_watch(gnb, ue);
	gnb_hold_end(gnb, ue);
	if (key_changed) {
		key_changed(gnb, ue, true);
		return;
	}
	ue->since_ns = ue->heard_ns;
	gnb->stat[GNB_STAT_CELL_CHANGES]++;
	log_info(gnb->env->log, "RAN UE %u is in cell %u", ue->ran_ue_ngap_id,
		gnb->config.cells[ue->radio.cell].id);
	gnb_location_changed(gnb, ue);
	gnb_cell_traffic_trace(gnb, ue);
}
