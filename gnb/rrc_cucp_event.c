/* What the CU-CP has to say of its UEs. */
#include "gnb/rrc_cucp.h"

_Static_assert((int)RRC_ESTABLISHMENT_CAUSE_MCS_PRIORITY_ACCESS ==
		       (int)NGAP_RRC_ESTABLISHMENT_CAUSE_MCS_PRIORITY_ACCESS,
	"38.413 9.3.1.111 has the causes of 38.331");

/* False: the DU serves a cell that is not in the configuration. */
static bool cell_of(const struct gnb *gnb, const struct cucp_cell *cell, uint8_t *out)
{
	for (uint8_t i = 0; i < gnb->config.cell_count; i++) {
		if (gnb->places[i].ncgi.nci != cell->cgi.nci)
			continue;
		*out = i;
		return true;
	}
	return false;
}

/* It is where the configuration has it: the AMF knows its tracking area from NG Setup. */
static bool cell_offered(void *arg, const struct cucp_cell *cell)
{
	struct gnb *gnb = arg;
	uint8_t place;

	if (cell_of(gnb, cell, &place) && gnb->places[place].tai.tac == cell->tac)
		return true;
	gnb->stat[GNB_STAT_F1_CELLS_REFUSED]++;
	return false;
}

static bool setup_requested(
	void *arg, const struct cucp_cell *cell, enum rrc_establishment_cause cause, uint8_t *wait_s)
{
	struct gnb *gnb = arg;
	uint8_t place;

	return cell_of(gnb, cell, &place) && gnb->rrc->connection_permitted(gnb, wait_s);
}

static bool connection_requested(void *arg, struct cucp_ue *ue, const struct cucp_connection *c, void **user)
{
	struct gnb *gnb = arg;
	struct gnb_rrc_request r = { .at.connection = ue,
		.cause = (enum ngap_rrc_establishment_cause)c->cause,
		.has_s_tmsi = c->has_s_tmsi,
		.s_tmsi = c->s_tmsi,
		.nas = c->nas };

	if (!cell_of(gnb, c->cell, &r.at.cell))
		return false;
	gnb->cu->accepted = NULL;
	gnb->rrc->connection_requested(gnb, &r);
	*user = gnb->cu->accepted;
	return gnb->cu->accepted != NULL;
}

static void nas_received(void *arg, void *user, struct bytes nas)
{
	struct gnb *gnb = arg;
	struct gnb_ue *ue = user;

	ue->heard_ns = env_now_ns(gnb->env);
	gnb->rrc->nas_received(gnb, ue, nas);
}

/* A UE that refuses the keys of the network cannot be served (38.331 5.3.4.2, 38.413 8.3.1.3). */
static void security_completed(void *arg, void *user, bool completed)
{
	struct gnb *gnb = arg;
	struct gnb_ue *ue = user;

	ue->heard_ns = env_now_ns(gnb->env);
	if (completed)
		gnb->rrc->security_completed(gnb, ue);
	else
		gnb_ue_release_request(
			gnb, ue, NGAP_CAUSE_RADIO_NETWORK_FAILURE_IN_RADIO_INTERFACE_PROCEDURE);
}

static void capability(void *arg, void *user, struct bytes containers)
{
	struct gnb *gnb = arg;

	gnb->rrc->capability_received(gnb, user, containers);
}

static void bearer_answered(void *arg, void *user, uint8_t drb, const struct cucp_tunnel *dl)
{
	struct gnb *gnb = arg;
	struct gnb_ue *ue = user;

	ue->heard_ns = env_now_ns(gnb->env);
	gnb_cu_bearer_answered(gnb, ue, drb, dl);
}

static void bearer_released(void *arg, void *user, uint8_t drb)
{
}

static bool reestablishment_requested(
	void *arg, void *user, const struct cucp_cell *cell, uint8_t k_gnb[KDF_KEY_LEN], uint8_t *ncc)
{
	struct gnb *gnb = arg;
	struct gnb_ue *ue = user;
	uint8_t place;

	if (!cell_of(gnb, cell, &place) || cell->ssb_arfcn == 0 ||
		!gnb->rrc->returned(gnb, ue, place, cell->ssb_arfcn)) {
		gnb->stat[GNB_STAT_REESTABLISHMENT_REFUSED]++;
		return false;
	}
	*ncc = ue->ncc;
	if (ue->up) { /* what comes by the new keys waits until the CU-UP has them */
		ue->up->suspend = true;
		gnb_cu_settle(gnb, ue);
	}
	return bytes_copy(k_gnb, KDF_KEY_LEN, BYTES(ue->k_gnb));
}

static void reestablished(void *arg, void *user)
{
}

/* Its DRBs have new keys, and what it had not got of them is sent again. */
static void restored(void *arg, void *user)
{
	struct gnb_ue *ue = user;

	if (!ue->up)
		return;
	ue->up->rekey = true;
	ue->up->suspend = false;
	gnb_cu_settle(arg, ue);
}

static void measured(void *arg, void *user, const struct cucp_serving_cell *cell)
{
	struct gnb *gnb = arg;

	if (cell->has_rsrp)
		gnb->rrc->measured(gnb, user, cell->rsrp_dbm);
}

static void connection_lost(void *arg, void *user, const struct f1ap_cause *cause)
{
	struct gnb *gnb = arg;
	struct gnb_ue *ue = user;

	ue->radio.on_air = ue->radio.linked = false;
	ue->radio.connection = NULL;
	gnb->rrc->connection_lost(gnb, ue);
}

struct cucp_upper gnb_cu_events(struct gnb *gnb)
{
	return (struct cucp_upper){ gnb, setup_requested, connection_requested, nas_received,
		security_completed, capability, bearer_answered, bearer_released, reestablishment_requested,
		reestablished, restored, measured, connection_lost, cell_offered };
}
