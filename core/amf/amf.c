#include <stdio.h>
#include <stdlib.h>

#include "core/amf/authentication.h"
#include "core/amf/handover.h"
#include "core/amf/home_update.h"
#include "core/amf/ran.h"
#include "core/amf/paging.h"
#include "core/amf/security_context.h"

/* What the UDM's reason means to the UE here (29.503 table 6.2.6.3.3-1); MM_EV_COUNT: nothing that is served.
 */
static enum amf_mm_event deregistration_event(enum deregistration_reason reason)
{
	switch (reason) {
	case DEREG_SUBSCRIPTION_WITHDRAWN: /* 23.502 4.2.2.3.3 */
		return MM_EV_WITHDRAWN;
	case DEREG_UE_INITIAL_REGISTRATION: /* 23.502 4.2.2.2.2 step 14d */
	case DEREG_UE_REGISTRATION_AREA_CHANGE:
	case DEREG_FIVE_GS_TO_EPS_MOBILITY:
	case DEREG_FIVE_GS_TO_EPS_MOBILITY_UE_INITIAL_REGISTRATION:
		return MM_EV_MOVED;
	default:
		return MM_EV_COUNT;
	}
}

static void amf_deregistration_notify(struct amf *amf, const struct sbi_request *r)
{
	const struct nudm_deregistration_notify_req *req = r->body;
	enum amf_mm_event event = deregistration_event(req->data.dereg_reason);
	struct amf_ue *ue;

	if (event == MM_EV_COUNT) {
		sbi_answer(amf->nf.bus, r->id, SBI_MANDATORY_IE_INCORRECT, NULL);
		return;
	}
	ue = amf_ue_of_callback(amf, req->callback);
	if (ue)
		amf_mm_event(amf, ue, event, NULL);
	sbi_answer(amf->nf.bus, r->id, ue ? SBI_OK : SBI_CONTEXT_NOT_FOUND, NULL);
}

static void amf_on_request(void *self, const struct sbi_request *r)
{
	struct amf *amf = self;

	switch (r->op) {
	case SBI_AMF_N1N2_MESSAGE_TRANSFER:
		amf_n1n2_message_transfer(amf, r);
		break;
	case SBI_AMF_SM_CONTEXT_STATUS_NOTIFY:
		amf_session_status_notify(amf, r);
		break;
	case SBI_AMF_DEREGISTRATION_NOTIFY:
		amf_deregistration_notify(amf, r);
		break;
	case SBI_AMF_SDM_NOTIFY:
		amf_sdm_notify(amf, r);
		break;
	default:
		sbi_answer(amf->nf.bus, r->id, SBI_INVALID_MSG_FORMAT, NULL);
	}
	arena_wipe(&amf->arena); /* keys went through it */
}

/* Its time-out was reported: nobody waits for what was created. */
static void amf_on_late_answer(struct amf *amf, const struct sbi_answer *a)
{
	if (a->op == SBI_SMF_CREATE_SM_CONTEXT)
		amf_session_release_late(amf, a);
	else if (a->op == SBI_PCF_AM_POLICY_CREATE)
		amf_policy_delete(amf, a->from,
			((const struct npcf_am_policy_create_rsp *)a->body)->policy_id, a->token.whose);
}

/* An answer for a procedure that is still the one that asked. */
static void amf_on_procedure_answer(struct amf *amf, const struct sbi_answer *a)
{
	const struct amf_procedure *p = amf_procedure_of_token(amf, &a->token);
	enum amf_mm_event event = MM_EV_ANSWER;

	if (!p) {
		if (a->cause == SBI_OK)
			amf_on_late_answer(amf, a);
		return;
	}
	if (a->op == SBI_AUSF_AUTHENTICATE)
		event = MM_EV_VECTOR;
	else if (a->op == SBI_AUSF_5G_AKA_CONFIRM)
		event = MM_EV_CONFIRMED;
	else if (a->op == SBI_AUSF_EAP_SESSION)
		event = amf_authentication_goes_on(a) ? MM_EV_EAP_REQUEST : MM_EV_CONFIRMED;
	amf_mm_event(amf, p->ue, event, a);
}

static void amf_on_answer(void *self, const struct sbi_answer *a)
{
	struct amf *amf = self;

	if (nf_on_answer(&amf->nf, a))
		return;
	if (a->late) {
		amf_on_late_answer(amf, a);
		return;
	}
	if (amf_moving_on_answer(amf, a)) {
		arena_wipe(&amf->arena);
		return;
	}
	switch (a->op) {
	case SBI_SMF_CREATE_SM_CONTEXT:
	case SBI_SMF_UPDATE_SM_CONTEXT:
	case SBI_UDM_GET_SMF_SELECT_DATA:
	case SBI_NRF_NF_DISCOVER:
		amf_session_on_answer(amf, a);
		break;
	case SBI_SMF_RELEASE_SM_CONTEXT:
	case SBI_UDM_AMF_PURGE:
	case SBI_UDM_SOR_ACK:
	case SBI_UDM_UPU_ACK:
	case SBI_PCF_AM_POLICY_DELETE:
		break; /* the UE is gone; nothing to do if it failed */
	default:
		amf_on_procedure_answer(amf, a);
	}
	arena_wipe(&amf->arena); /* keys went through it */
}

static const size_t procedure_sizes[AMF_PROCEDURE_KINDS] = {
	[AMF_REGISTRATION] = sizeof(struct amf_registration),
	[AMF_DEREGISTRATION] = sizeof(struct amf_deregistration),
	[AMF_SERVICE_REQUEST] = sizeof(struct amf_service_request),
	[AMF_IDENTIFICATION] = sizeof(struct amf_identification),
	[AMF_AUTHENTICATION] = sizeof(struct amf_authentication),
	[AMF_SECURITY_MODE] = sizeof(struct amf_security_mode),
	[AMF_CONTEXT_SETUP] = sizeof(struct amf_context_setup),
	[AMF_CONFIGURATION_UPDATE] = sizeof(struct amf_configuration_update),
	[AMF_HANDOVER] = sizeof(struct amf_handover),
	[AMF_PATH_SWITCH] = sizeof(struct amf_path_switch),
	[AMF_MODIFY_INDICATION] = sizeof(struct amf_modify_indication),
	[AMF_PAGING] = sizeof(struct amf_paging),
	[AMF_DEREGISTRATION_WAIT] = sizeof(struct amf_deregistration_wait),
	[AMF_REAUTHENTICATION] = sizeof(struct amf_reauthentication),
	[AMF_PARAMETERS_UPDATE] = sizeof(struct amf_home_update),
	[AMF_STEERING_OF_ROAMING] = sizeof(struct amf_home_update),
	[AMF_REKEYING] = sizeof(struct amf_rekeying),
	[AMF_N1N2_TRANSFER] = sizeof(struct amf_n1n2_transfer),
};

static bool amf_init(struct amf *amf)
{
	uint32_t ues_max = amf->config.ues_max ? amf->config.ues_max : AMF_UES;
	uint64_t seed;

	pool_init(&amf->gnbs, sizeof(struct amf_gnb), 2 * AMF_GNBS_MAX);
	pool_init(&amf->connections, sizeof(struct amf_connection), ues_max * AMF_CONNECTIONS_PER_UE);
	pool_init(&amf->ues, sizeof(struct amf_ue), ues_max);
	for (size_t i = 0; i < AMF_PROCEDURE_KINDS; i++)
		pool_init(&amf->procedures[i], procedure_sizes[i], AMF_PROCEDURES_MAX);
	pool_init(&amf->sessions, sizeof(struct amf_session), ues_max * AMF_SESSIONS_PER_UE);
	pool_init(
		&amf->gone_connections, sizeof(struct amf_gone_connection), ues_max * AMF_CONNECTIONS_PER_UE);
	marks_init(&amf->to_store);
	amf_load_init(&amf->load);
	marks_init(&amf->to_delete);
	arena_init(&amf->arena, NULL, 0, 4 << 20);
	env_random(amf->nf.env, &seed, sizeof(seed));
	return hash_init(&amf->gnb_by_assoc, seed) && hash_init(&amf->gnb_by_node, seed) &&
	       hash_init(&amf->connection_by_ran_id, seed) && hash_init(&amf->connection_by_amf_id, seed) &&
	       hash_init(&amf->ue_by_supi, seed) && hash_init(&amf->ue_by_tmsi, seed) &&
	       words_init(&amf->dnns, seed);
}

/* What the NRF tells of it (29.510 6.1.6.2.11). */
static void amf_describe(struct amf *amf)
{
	const struct guami *guami = &amf->config.guami;

	snprintf(amf->set_id, sizeof(amf->set_id), "%03x", guami->amf_set_id & 0x3ff);
	amf->info = (struct amf_info){ .amf_set_id = amf->set_id,
		.amf_region_id = { guami->amf_region_id },
		.guami_list = { 1, guami } };
	amf->nf.profile.nf_instance_name = amf->config.name;
	amf->nf.profile.amf_info = &amf->info;
}

struct amf *amf_new(const struct amf_config *config, bool counts_lost, struct env *env, struct sbi_bus *bus)
{
	static const struct sbi_nf_ops ops = { amf_on_request, amf_on_answer };
	struct amf *amf = calloc(1, sizeof(*amf));

	if (!amf)
		return NULL;
	amf->config = *config;
	amf->dispatch = &amf_dispatch;
	nf_init(&amf->nf, NF_AMF, config->number ? config->name : NULL, &config->guami.plmn, env, bus, &ops);
	amf_describe(amf);
	if (!amf_init(amf)) {
		amf_free(amf);
		return NULL;
	}
	if (counts_lost)
		amf_security_context_drop_all(amf);
	amf_ue_restore_all(amf, counts_lost);
	amf_order_restore(amf);
	amf_warning_restore(amf);
	return amf;
}

/* What records hold beyond their pools. */
static void amf_free_held(struct amf *amf)
{
	for (size_t i = 0; i < AMF_WARNINGS_MAX; i++)
		free(amf->warnings[i]);
	for (uint32_t i = 0;; i++) {
		struct amf_gnb *gnb = pool_next(&amf->gnbs, &i);

		if (!gnb)
			break;
		free(gnb->tais);
	}
	for (uint32_t i = 0;; i++) {
		struct amf_session *s = pool_next(&amf->sessions, &i);

		if (!s)
			break;
		free(s->held);
	}
	/* The bus may be gone: nobody is answered any more. */
	for (uint32_t i = 0;; i++) {
		struct amf_n1n2_transfer *t = pool_next(&amf->procedures[AMF_N1N2_TRANSFER], &i);

		if (!t)
			break;
		t->request = 0;
		t->failure[0] = '\0';
	}
	for (uint32_t i = 0;; i++) {
		struct amf_ue *ue = pool_next(&amf->ues, &i);

		if (!ue)
			break;
		amf_procedure_end_all(amf, ue);
		amf_mobility_free(ue);
	}
}

void amf_free(struct amf *amf)
{
	if (!amf)
		return;
	amf_free_held(amf);
	hash_fini(&amf->gnb_by_assoc);
	hash_fini(&amf->gnb_by_node);
	hash_fini(&amf->connection_by_ran_id);
	hash_fini(&amf->connection_by_amf_id);
	hash_fini(&amf->ue_by_supi);
	hash_fini(&amf->ue_by_tmsi);
	pool_fini(&amf->gnbs);
	pool_fini(&amf->connections);
	pool_fini(&amf->gone_connections);
	pool_fini(&amf->ues);
	for (size_t i = 0; i < AMF_PROCEDURE_KINDS; i++)
		pool_fini(&amf->procedures[i]);
	pool_fini(&amf->sessions);
	words_fini(&amf->dnns);
	arena_fini(&amf->arena);
	explicit_bzero(amf, sizeof(*amf));
	free(amf);
}

struct nf *amf_nf(struct amf *amf)
{
	return &amf->nf;
}

void amf_store(struct amf *amf)
{
	marks_put(&amf->to_store, amf->nf.env, amf_ue_put, amf);
	marks_put(&amf->to_delete, amf->nf.env, amf_connection_delete_put, amf);
}

void amf_on_committed(struct amf *amf, uint64_t epoch)
{
	marks_committed(&amf->to_store, epoch, amf_ue_kept, amf);
	marks_committed(&amf->to_delete, epoch, amf_connection_deleted, amf);
}

uint64_t amf_store_next_ns(const struct amf *amf)
{
	uint64_t ues = marks_next_ns(&amf->to_store, amf->nf.env->turn),
		 connections = marks_next_ns(&amf->to_delete, amf->nf.env->turn);

	return ues < connections ? ues : connections;
}

void amf_set_tap(struct amf *amf, const struct amf_tap *tap)
{
	amf->tap = *tap;
}

static bool names_differ(const struct amf_config *a, const struct amf_config *b)
{
	return strcmp(a->full_name, b->full_name) != 0 || strcmp(a->short_name, b->short_name) != 0 ||
	       a->time_zone.known != b->time_zone.known || a->time_zone.quarters != b->time_zone.quarters ||
	       a->daylight_saving_h != b->daylight_saving_h;
}

static bool take_tacs(struct amf_config *to, const struct amf_config *from)
{
	bool same = to->tac_count == from->tac_count;

	for (uint8_t i = 0; same && i < to->tac_count; i++)
		same = to->tacs[i] == from->tacs[i];
	for (to->tac_count = 0; to->tac_count < from->tac_count; to->tac_count++)
		to->tacs[to->tac_count] = from->tacs[to->tac_count];
	return !same;
}

void amf_take_config(struct amf *amf, const struct amf_config *c)
{
	bool names = names_differ(&amf->config, c), areas = take_tacs(&amf->config, c);

	config_take_live(&amf_config_section, &amf->config, c);
	amf_slices_take(amf, c);
	amf_configuration_changed(amf);
	amf_configuration_review(amf, names, areas);
}
