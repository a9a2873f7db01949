#include "gnb/rrc_ops.h"
#include "gnb/xn.h"

#include <stdlib.h>

static void gnb_on_msg(void *self, const struct msg *m)
{
	struct gnb *gnb = self;

	if (m->port == GNB_PORT_N2)
		gnb_n2_on_msg(gnb, m);
	else if (m->port == GNB_PORT_XN || m->port == GNB_PORT_XN_SERVER)
		gnb_xn_on_msg(gnb, m);
	else if (m->port == GNB_PORT_CONTROL)
		gnb_control_on_msg(gnb, m);
	else if (m->kind == MSG_DATA && m->port == GNB_PORT_N3)
		gnb_n3_on_msg(gnb, m);
	else if (m->kind == MSG_DATA && m->port >= GNB_PORT_AIR &&
		 m->port < GNB_PORT_AIR + gnb->config.cell_count)
		gnb_air_on_msg(gnb, m);
	else if (gnb->cu && (m->port == GNB_PORT_F1 || m->port == GNB_PORT_E1))
		gnb_rrc_on_msg(gnb, m);
	arena_reset(&gnb->arena);
}

static uint64_t gnb_next_deadline_ns(void *self)
{
	struct gnb *gnb = self;
	uint64_t next_ns = timers_next_ns(&gnb->timers),
		 cu_ns = gnb->cu ? gnb_cu_deadline_ns(gnb->cu) : NEVER;

	return cu_ns < next_ns ? cu_ns : next_ns;
}

static void gnb_on_deadline(void *self, uint64_t now_ns)
{
	struct gnb *gnb = self;

	timers_run(&gnb->timers, now_ns);
	if (gnb->cu)
		gnb_cu_run(gnb->cu);
	arena_reset(&gnb->arena);
}

struct room gnb_room(struct gnb *gnb)
{
	static const struct room_ops ops = { gnb_on_msg, gnb_next_deadline_ns, gnb_on_deadline };

	return (struct room){ &ops, gnb };
}

static bool config_is_valid(const struct gnb_config *c)
{
	if (c->gnb_id_bits < 22 || c->gnb_id_bits > 32 ||
		(c->gnb_id_bits < 32 && c->gnb_id >> c->gnb_id_bits))
		return false;
	for (uint8_t i = 0; i < c->cell_count && i < GNB_CELLS_MAX; i++)
		if (c->cells[i].id >> (36 - c->gnb_id_bits))
			return false;
	return c->name[0] && c->cell_count > 0 && c->cell_count <= GNB_CELLS_MAX && c->slice_count > 0 &&
	       c->slice_count <= SNSSAI_MAX && c->amf_count > 0 && c->amf_count <= GNB_AMFS_MAX &&
	       (c->n3_address.len > 0 || c->radio == GNB_RADIO_DUS);
}

static void config_complete(struct gnb_config *c)
{
	static const uint8_t order[4] = { 2, 1, 3, 0 };

	if (c->ciphering_count == 0) {
		c->ciphering_count = 4;
		bytes_copy(c->ciphering_order, 4, BYTES(order));
	}
	if (c->integrity_count == 0) {
		c->integrity_count = 3;
		bytes_copy(c->integrity_order, 4, BYTES(order));
	}
	if (!c->reconnect_ms)
		c->reconnect_ms = GNB_RECONNECT_MS;
	if (!c->reconnect_max_ms)
		c->reconnect_max_ms = GNB_RECONNECT_MAX_MS;
	if (!c->air_guard_ms)
		c->air_guard_ms = GNB_AIR_GUARD_MS;
	for (uint8_t i = 0; i < c->amf_count; i++)
		if (!c->amfs[i].port)
			c->amfs[i].port = NGAP_SCTP_PORT;
	for (uint8_t i = 0; i < c->neighbour_count; i++)
		if (!c->neighbours[i].xn.port)
			c->neighbours[i].xn.port = XNAP_SCTP_PORT;
}

static const struct gnb_rrc_user rrc_user = {
	.connection_permitted = gnb_connection_permitted,
	.connection_requested = gnb_initial_ue_message,
	.nas_received = gnb_uplink_nas_transport,
	.security_completed = gnb_procedure_security_complete,
	.bearer_answered = gnb_procedure_bearer_answer,
	.measured = gnb_measured,
	.connection_lost = gnb_ue_lost,
	.arrived = gnb_ue_arrived,
	.reestablishment_requested = gnb_ue_returned,
	.reestablishment_of_another = gnb_ue_came,
	.returned = gnb_ue_is_back,
	.capability_received = gnb_ue_radio_capability_info_indication,
};

static bool gnb_init(struct gnb *gnb)
{
	uint32_t ues_max = gnb->config.ues_max ? gnb->config.ues_max : GNB_UES;
	uint64_t seed;

	gnb_cells_init(gnb);
	timers_init(&gnb->timers, gnb);
	pool_init(&gnb->ues, sizeof(struct gnb_ue), ues_max);
	pool_init(&gnb->sessions, sizeof(struct gnb_session), ues_max * GNB_SESSIONS_PER_UE);
	pool_init(&gnb->flows, sizeof(struct gnb_flow), ues_max * GNB_FLOWS_PER_UE);
	pool_init(&gnb->procedures, sizeof(struct gnb_procedure), GNB_PROCEDURES_MAX);
	pool_init(&gnb->handovers, sizeof(struct gnb_handover), GNB_HANDOVERS_MAX);
	gnb_forwarding_init(gnb);
	arena_init(&gnb->arena, NULL, 0, 4 << 20);
	for (size_t i = 0; i < GNB_AMFS_MAX; i++)
		list_init(&gnb->amfs[i].ues);
	env_random(gnb->env, &seed, sizeof(seed));
	return hash_init(&gnb->ue_by_link, seed) && hash_init(&gnb->session_by_teid, seed) &&
	       hash_init(&gnb->session_by_other, seed) && hash_init(&gnb->session_by_remote, seed) &&
	       hash_init(&gnb->forward_by_teid, seed) && hash_init(&gnb->reception_by_teid, seed) &&
	       hash_init(&gnb->handover_by_c_rnti, seed);
}

struct gnb *gnb_new(const struct gnb_config *config, struct env *env)
{
	struct gnb *gnb = config_is_valid(config) ? calloc(1, sizeof(*gnb)) : NULL;

	if (!gnb)
		return NULL;
	gnb->env = env;
	gnb->rrc = &rrc_user;
	gnb->source_fsm = &gnb_source_fsm;
	gnb->target_fsm = &gnb_target_fsm;
	gnb->config = *config;
	config_complete(&gnb->config);
	gnb->radio = config->radio == GNB_RADIO_DUS ? &gnb_rrc_cucp : &gnb_rrc_sim;
	if (!gnb_init(gnb) || (config->radio == GNB_RADIO_DUS && !(gnb->cu = gnb_cu_new(gnb)))) {
		gnb_free(gnb);
		return NULL;
	}
	gnb_ng_start(gnb);
	gnb_xn_start(gnb);
	return gnb;
}

void gnb_take_config(struct gnb *gnb, const struct gnb_config *c)
{
	config_take_live(&gnb_config_section, &gnb->config, c);
	gnb_slices_take(gnb, c);
	gnb_tacs_take(gnb, c);
	gnb_neighbours_take(gnb, c);
	config_complete(&gnb->config);
	gnb_xn_start(gnb);
	gnb_xn_addresses_request(gnb);
}

void gnb_close(struct gnb *gnb)
{
	gnb_ng_close(gnb);
	gnb_xn_close(gnb);
	if (gnb->cu)
		gnb_cu_close(gnb);
}

void gnb_free(struct gnb *gnb)
{
	if (!gnb)
		return;
	gnb_cu_free(gnb->cu);
	hash_fini(&gnb->ue_by_link);
	hash_fini(&gnb->session_by_teid);
	hash_fini(&gnb->session_by_other);
	hash_fini(&gnb->session_by_remote);
	hash_fini(&gnb->forward_by_teid);
	hash_fini(&gnb->reception_by_teid);
	hash_fini(&gnb->handover_by_c_rnti);
	for (size_t i = 0; i < GNB_WARNINGS_MAX; i++)
		gnb_warning_end(gnb, &gnb->warnings[i]);
	for (uint32_t i = 0;; i++) {
		struct gnb_ue *ue = pool_next(&gnb->ues, &i);

		if (!ue)
			break;
		free(ue->location);
		free(ue->restrictions);
		explicit_bzero(ue->k_gnb, sizeof(ue->k_gnb));
		explicit_bzero(ue->nh, sizeof(ue->nh));
	}
	pool_fini(&gnb->handovers);
	gnb_forwarding_fini(gnb);
	pool_fini(&gnb->procedures);
	pool_fini(&gnb->flows);
	pool_fini(&gnb->sessions);
	pool_fini(&gnb->ues);
	arena_fini(&gnb->arena);
	explicit_bzero(gnb, sizeof(*gnb));
	free(gnb);
}
