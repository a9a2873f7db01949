/*
 * RRC over F1 and E1: the CU-CP of this gNB, whose DUs are at GNB_PORT_F1 and whose CU-UPs, which have N3 and
 * F1-U, at GNB_PORT_E1. Each PDU session has one DRB.
 */
#include "gnb/rrc_cucp.h"

#include <stdlib.h>

enum {
	UES_MAX = 1024,    /* of the radio, where the configuration has more */
	SDUS_SMALL = 8192, /* of SRBs */
	SDUS_LARGE = 64,
};

static bool accept(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_radio *at)
{
	ue->radio = *at;
	ue->radio.on_air = ue->radio.linked = true;
	gnb->cu->accepted = ue;
	return true;
}

static void reject(struct gnb *gnb, const struct gnb_radio *at, uint8_t wait_s)
{
	gnb->cu->accepted = NULL;
	cucp_release(at->connection, wait_s, false);
}

static void end(struct gnb *gnb, struct gnb_ue *ue, enum gnb_rrc_end how)
{
	if (!ue->radio.linked)
		return;
	if (gnb->cu->accepted == ue)
		gnb->cu->accepted = NULL;
	cucp_release(ue->radio.connection, 0, how == GNB_RRC_FORGOTTEN);
	ue->radio.on_air = ue->radio.linked = false;
	ue->radio.connection = NULL;
}

/* All cells of a tracking area are paged by one order: with its first. */
static void page(struct gnb *gnb, uint8_t cell, const struct s_tmsi *s_tmsi)
{
	for (uint8_t i = 0; i < cell; i++)
		if (tai_equal(&gnb->places[i].tai, &gnb->places[cell].tai))
			return;
	cucp_page(gnb->cu->cucp, s_tmsi, &gnb->places[cell].tai);
}

/* The DU repeats it; what it does not take is counted. */
static void warn(struct gnb *gnb, uint8_t cell, const struct gnb_rrc_warning *warning)
{
	const struct cucp_warning w = { .id = warning->id,
		.serial = warning->serial,
		.primary = warning->contents.len == 0,
		.type = warning->type,
		.dcs = warning->dcs,
		.contents = warning->contents,
		.period_s = warning->period_s,
		.times = warning->times };

	if (!warning->again)
		may_fail(cucp_warn(gnb->cu->cucp, &gnb->places[cell].ncgi, &w));
}

static void warn_end(struct gnb *gnb, uint8_t cell, uint16_t id, uint16_t serial)
{
	cucp_warn_end(gnb->cu->cucp, &gnb->places[cell].ncgi, id, serial);
}

static bool send_nas(struct gnb *gnb, struct gnb_ue *ue, struct bytes nas)
{
	struct cucp_ue *at = gnb_cu_connection(ue);

	return at && cucp_nas_send(at, nas);
}

static bool activate_security(struct gnb *gnb, struct gnb_ue *ue)
{
	struct cucp_ue *at = gnb_cu_connection(ue);

	return at && cucp_security_activate(at, ue->k_gnb, (enum nea_alg)ue->ea, (enum nia_alg)ue->ia);
}

static bool enquire_capability(struct gnb *gnb, struct gnb_ue *ue)
{
	struct cucp_ue *at = gnb_cu_connection(ue);

	return at && cucp_capability_enquire(at);
}

static void capability_known(struct gnb *gnb, struct gnb_ue *ue, struct bytes containers)
{
	struct cucp_ue *at = gnb_cu_connection(ue);

	if (at)
		cucp_capability_known(at, containers);
}

static bool release_bearer(struct gnb *gnb, struct gnb_ue *ue, uint8_t drb, struct bytes nas)
{
	struct cucp_ue *at = gnb_cu_connection(ue);

	return at && cucp_bearer_release(at, drb, nas);
}

/* Operators name UEs by their place on the simulated link; here they have none. */
static struct gnb_ue *find(struct gnb *gnb, const struct addr *peer, const uint32_t *index)
{
	return NULL;
}

/* Handover between cells of the air is not there yet. */
static bool hand_over(struct gnb *gnb, struct gnb_ue *ue, struct bytes reconfiguration)
{
	return false;
}

/* The CU-CP asks by `returned`. */
static bool reestablish(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_radio *at)
{
	return false;
}

/* Packets do not pass here: they are the CU-UP's. */
static enum gnb_verdict data_take(struct gnb *gnb, struct gnb_packet *p, struct gnb_rrc_data *out)
{
	return GNB_DROP;
}

static enum gnb_verdict data_put(struct gnb *gnb, const struct gnb_rrc_data *d, struct gnb_packet *p)
{
	return GNB_DROP;
}

struct gnb_cu *gnb_cu_new(struct gnb *gnb)
{
	struct gnb_cu *cu = calloc(1, sizeof(*cu));
	uint32_t ues_max =
		gnb->config.ues_max && gnb->config.ues_max < UES_MAX ? gnb->config.ues_max : UES_MAX;

	if (!cu)
		return NULL;
	cu->gnb = gnb;
	sdu_pool_init(&cu->pool, SDUS_SMALL, SDUS_LARGE);
	cu->engine = burst_new(false);
	cu->e1ap = cucp_e1ap_new(&(struct cucp_e1ap_config){ .env = gnb->env,
		.name = gnb->config.name,
		.plmns = &gnb->config.plmn,
		.plmn_count = 1,
		.contexts_max = ues_max,
		.ups_max = GNB_CUUPS_MAX,
		.upper = gnb_cu_e1_events(gnb),
		.arg = gnb,
		.send = gnb_cu_e1ap_send,
		.again = gnb_cu_e1_again,
		.released = gnb_cu_e1_released });
	cu->cucp = cucp_new(&(struct cucp_config){ .env = gnb->env,
		.pool = &cu->pool,
		.engine = cu->engine,
		.upper = gnb_cu_events(gnb),
		.f1_arg = gnb,
		.f1ap_send = gnb_cu_f1ap_send,
		.f1_again = gnb_cu_f1_again,
		.f1_removed = gnb_cu_f1_removed,
		.name = gnb->config.name,
		.plmns = &gnb->config.plmn,
		.plmn_count = 1,
		.ues_max = ues_max,
		.dus_max = GNB_DUS_MAX,
		.report_interval_ms = gnb->config.measurement_interval_ms });
	if (cu->engine && cu->e1ap && cu->cucp)
		return cu;
	gnb_cu_free(cu);
	return NULL;
}

void gnb_cu_free(struct gnb_cu *cu)
{
	if (!cu)
		return;
	gnb_cu_sessions_free(cu);
	cucp_free(cu->cucp);
	cucp_e1ap_free(cu->e1ap);
	burst_free(cu->engine);
	sdu_pool_fini(&cu->pool);
	free(cu);
}

void gnb_set_rrc_tap(struct gnb *gnb, gnb_rrc_tap_fn *fn, void *arg)
{
	if (gnb->cu)
		cucp_set_rrc_tap(gnb->cu->cucp, fn, arg);
}

uint64_t gnb_cu_deadline_ns(const struct gnb_cu *cu)
{
	uint64_t f1_ns = cucp_deadline_ns(cu->cucp), e1_ns = cucp_e1ap_deadline_ns(cu->e1ap);

	return f1_ns < e1_ns ? f1_ns : e1_ns;
}

void gnb_cu_run(struct gnb_cu *cu)
{
	cucp_run(cu->cucp);
	cucp_e1ap_run(cu->e1ap);
}

const struct gnb_rrc_ops gnb_rrc_cucp = { accept, reject, page, warn, warn_end, send_nas, activate_security,
	enquire_capability, capability_known, gnb_cu_set_bearer, release_bearer, gnb_cu_session_ended, find,
	hand_over, reestablish, end, data_take, data_put, gnb_cu_on_msg };
