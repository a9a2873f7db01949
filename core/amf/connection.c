/* UE-associated logical NG-connections: initial context setup and UE context release (38.413 8.3). */
#include "core/amf/internal.h"

static void connection_guard(void *owner, struct timer *t)
{
	struct amf *amf = owner;
	struct amf_connection *c = container_of(t, struct amf_connection, guard);

	if (!c->ue) { /* the gNB did not confirm the release: it must not keep what we forget */
		amf_ng_reset_send(amf, c);
		amf_connection_free(amf, c);
	} else if (c->ue->state != MM_REGISTERED) {
		log_info(amf->nf.env->log, "%s: RAN UE %u never registered; released", c->gnb->name,
			c->ran_ue_ngap_id);
		amf_connection_release(amf, c, ngap_cause_of_nas(NGAP_CAUSE_NAS_UNSPECIFIED));
	}
}

struct amf_connection *amf_connection_new(struct amf *amf, struct amf_gnb *gnb, uint32_t ran_ue_ngap_id)
{
	struct amf_connection *c;

	c = gnb->connection_count < AMF_CONNECTIONS_PER_GNB_MAX ? pool_alloc(&amf->connections) : NULL;
	if (!c)
		return NULL;
	timer_set(&amf->nf.timers, &c->guard, env_now_ns(amf->nf.env) + AMF_UNKNOWN_UE_S * NS_PER_S,
		connection_guard);
	c->gnb = gnb;
	c->ran_ue_ngap_id = ran_ue_ngap_id;
	c->amf_ue_ngap_id = (uint64_t)(++amf->generation & 0xfffff) << 20 | pool_index(&amf->connections, c);
	/* 38.412 7: UE-associated signalling on streams of its own, the same one for all of a UE. */
	c->stream = gnb->streams > 1 ? (uint16_t)(1 + gnb->next_stream++ % (gnb->streams - 1)) : 0;
	hash_insert(&amf->connection_by_ran_id, &c->by_ran_id, gnb->assoc, ran_ue_ngap_id);
	list_append(&gnb->connections, &c->link);
	gnb->connection_count++;
	return c;
}

void amf_connection_free(struct amf *amf, struct amf_connection *c)
{
	timer_stop(&amf->nf.timers, &c->guard);
	hash_remove(&amf->connection_by_ran_id, &c->by_ran_id);
	list_remove(&c->link);
	c->gnb->connection_count--;
	pool_free(&amf->connections, c);
}

/* Parts UE and connection. */
static void connection_detach(struct amf *amf, struct amf_connection *c)
{
	struct amf_ue *ue = c->ue;

	if (!ue)
		return;
	c->ue = NULL;
	ue->connection = NULL;
	amf_ue_became_idle(amf, ue);
}

void amf_connection_attach(struct amf *amf, struct amf_connection *c, struct amf_ue *ue)
{
	c->ue = ue;
	ue->connection = c;
	ue->tai = c->location.tai;
}

void amf_connection_lost(struct amf *amf, struct amf_connection *c)
{
	connection_detach(amf, c);
	amf_connection_free(amf, c);
}

void amf_connection_release(struct amf *amf, struct amf_connection *c, struct ngap_cause cause)
{
	struct ngap_ue_context_release_command m = {
		.ue_ngap_ids = {
			.tag = NGAP_UE_NGAP_IDS_TAG_UE_NGAP_ID_PAIR,
			.u.ue_ngap_id_pair = { c->amf_ue_ngap_id, c->ran_ue_ngap_id },
		},
		.cause = cause,
	};

	amf_n2_send_ue(amf, c, NGAP_MSG_UE_CONTEXT_RELEASE_COMMAND, &m);
	connection_detach(amf, c);
	timer_set(&amf->nf.timers, &c->guard, env_now_ns(amf->nf.env) + AMF_RELEASE_GUARD_S * NS_PER_S,
		connection_guard);
}

/* 8.3.2 */
void amf_ue_context_release_request(
	struct amf *amf, struct amf_connection *c, const struct ngap_ue_context_release_request *m)
{
	struct ngap_cause unspecified =
		ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_NGRAN_GENERATED_REASON);

	amf_connection_release(amf, c, m->no_cause ? unspecified : m->cause);
}

/* 8.3.3 */
void amf_ue_context_release_complete(struct amf *amf, struct amf_connection *c)
{
	/* Nobody asked for it: the gNB has lost the context, so the UE is idle all the same. */
	if (c->ue)
		amf->stat[AMF_STAT_NGAP_UNEXPECTED]++;
	amf_connection_lost(amf, c);
}

/* 38.413 9.3.1.86: the algorithms 1 to 7 of 24.501 9.11.3.54 from bit 1 of a 16-bit string on. */
static struct per_bits capability_bits(uint8_t octet, struct arena *arena)
{
	uint8_t *bits = arena_alloc(arena, 2);

	if (!bits)
		return (struct per_bits){ NULL, 0 };
	bits[0] = (uint8_t)(octet << 1); /* algorithm 0 (null) has no bit there */
	return (struct per_bits){ bits, 16 };
}

static struct ngap_ue_security_capabilities security_capabilities(
	const struct nas_ue_security_capability *c, struct arena *arena)
{
	return (struct ngap_ue_security_capabilities){
		capability_bits(c->octets[NAS_CAP_EA], arena),
		capability_bits(c->octets[NAS_CAP_IA], arena),
		capability_bits(c->len > NAS_CAP_EEA ? c->octets[NAS_CAP_EEA] : 0, arena),
		capability_bits(c->len > NAS_CAP_EIA ? c->octets[NAS_CAP_EIA] : 0, arena),
	};
}

/* 8.3.1: gives the gNB the UE's context, with a NAS message for the UE. */
bool amf_initial_context_setup(struct amf *amf, struct amf_ue *ue, struct bytes nas)
{
	struct amf_connection *c = ue->connection;
	struct ngap_allowed_nssai_item slices[SNSSAI_MAX] = { 0 };
	uint8_t k_gnb[KDF_KEY_LEN];
	struct ngap_initial_context_setup_request m = {
		.amf_ue_ngap_id = c->amf_ue_ngap_id,
		.ran_ue_ngap_id = c->ran_ue_ngap_id,
		.guami = ngap_guami_of(&amf->config.guami),
		.allowed_nssai = { ue->allowed_nssai.count, slices },
		.ue_security_capabilities = security_capabilities(&ue->capability, &amf->arena),
		.security_key = { k_gnb, 256 },
		.has_nas_pdu = nas.len > 0,
		.nas_pdu = nas,
	};
	bool sent;

	for (uint8_t i = 0; i < ue->allowed_nssai.count; i++)
		if (!ngap_s_nssai_of(&ue->allowed_nssai.items[i], &amf->arena, &slices[i].s_nssai))
			return false;
	if (!kdf_k_gnb(ue->security.k_amf, ue->kgnb_ul_count, KDF_ACCESS_3GPP, k_gnb))
		return false;
	sent = amf_n2_send_ue(amf, c, NGAP_MSG_INITIAL_CONTEXT_SETUP_REQUEST, &m);
	explicit_bzero(k_gnb, sizeof(k_gnb));
	return sent;
}

void amf_initial_context_setup_response(
	struct amf *amf, struct amf_connection *c, const struct ngap_initial_context_setup_response *m)
{
	c->context_setup = true;
	amf_connection_activate(amf, c);
}

void amf_connection_activate(struct amf *amf, struct amf_connection *c)
{
	uint16_t sessions = c->pending_sessions;

	c->pending_sessions = 0;
	if (sessions && c->ue)
		amf_session_activate(amf, c->ue, sessions);
}

void amf_initial_context_setup_failure(
	struct amf *amf, struct amf_connection *c, const struct ngap_initial_context_setup_failure *m)
{
	log_warn(amf->nf.env->log, "%s: initial context setup failed for RAN UE %u, cause group %d value %d",
		c->gnb->name, c->ran_ue_ngap_id, m->cause.tag, (int)m->cause.u.radio_network);
	amf_connection_release(
		amf, c, ngap_cause_radio(NGAP_CAUSE_RADIO_NETWORK_RELEASE_DUE_TO_5GC_GENERATED_REASON));
}
