/* RRC over samples: the UE's only file that knows ue/stack. */
#include <math.h>
#include <stdlib.h>

#include "ue/air.h"
#include "ue/rrc_ops.h"
#include "ue/stack/stack.h"

enum {
	BLOCKS_A_SECOND = 1000,
	LAST_WORDS_MS = 150, /* of the air: what the NAS has said leaves before the connection does */
};

struct ue_air {
	struct ue_host *host;
	struct env env; /* the host's with the time of the samples */
	struct ue_stack *stack;
	double rate_hz;
	uint64_t assoc; /* of the samples */
	uint64_t samples;
	struct phy_cf *block;
	size_t block_samples;
	struct ue_cell cell; /* where it camps */
	bool camped;
	bool silence_said;
	uint64_t silence_said_ns;
	/* What the NAS has asked for; RRC begins with it between two blocks, once there is a cell. */
	bool pending;
	bool leaving; /* the NAS has left the connection, and hears nothing of it any more */
	uint64_t leave_ns;
	struct ue_rrc_request request;
	uint8_t nas[NAS_MAX_OCTETS];
	uint64_t down_octets, up_octets;
};

static struct ue *ue_of(struct ue_host *host)
{
	uint32_t i = 0;

	return pool_next(&host->ues, &i);
}

static struct env *host_env(struct env *env)
{
	return container_of(env, struct ue_air, env)->host->env;
}

static uint64_t now_ns(struct env *env)
{
	const struct ue_air *a = container_of(env, struct ue_air, env);

	return (uint64_t)((double)a->samples * 1e9 / a->rate_hz);
}

static uint64_t utc_ms(struct env *env)
{
	return env_utc_ms(host_env(env));
}

static void random_octets(struct env *env, void *buf, size_t len)
{
	env_random(host_env(env), buf, len);
}

/* --- verbs */

/* 24.501 table 4.5.2.2 has the category, table 4.5.6.1 the cause. */
static struct ue_rrc_establishment establishment_of(const struct ue *ue, const struct ue_rrc_request *r)
{
	struct ue_rrc_establishment e = {
		.access_category = 3, .access_identities = 1, .cause = RRC_ESTABLISHMENT_CAUSE_MO_SIGNALLING
	};

	if (r->emergency) {
		e.access_category = 2;
		e.cause = RRC_ESTABLISHMENT_CAUSE_EMERGENCY;
	} else if (r->paged) {
		e.access_category = 0;
		e.cause = RRC_ESTABLISHMENT_CAUSE_MT_ACCESS;
	} else if (r->user_data) {
		e.access_category = 7;
		e.cause = RRC_ESTABLISHMENT_CAUSE_MO_DATA;
	}
	e.s_tmsi = r->has_s_tmsi ? &r->s_tmsi : NULL;
	e.registered = ue->has_guti ? &ue->guti.guami : NULL;
	e.nssai = ue->allowed;
	e.nssai_count = ue->allowed_count;
	e.nas = r->nas;
	return e;
}

static void establish(struct ue_air *a)
{
	struct ue *ue = ue_of(a->host);
	struct ue_rrc_establishment e;

	if (!a->pending || a->leaving || !a->camped || !ue ||
		ue_rrc_state(ue_stack_rrc(a->stack)) != UE_RRC_IDLE)
		return;
	e = establishment_of(ue, &a->request);
	a->pending = false;
	if (ue_rrc_establish(ue_stack_rrc(a->stack), &e) == UE_RRC_BEGUN)
		return;
	ue->radio.connected = false;
	a->host->rrc->connection_ended(ue, true);
}

static bool connect(struct ue *ue, const struct ue_rrc_request *r)
{
	struct ue_air *a = ue->host->air_radio;

	if (!bytes_copy(a->nas, sizeof(a->nas), r->nas))
		return false;
	a->request = *r;
	a->request.nas = bytes_of(a->nas, r->nas.len);
	a->pending = ue->radio.connected = true;
	return true;
}

/* What the NAS adds before RRC has begun takes the place of what it said before. */
static bool send_nas(struct ue *ue, struct bytes nas)
{
	struct ue_air *a = ue->host->air_radio;

	if (!a->pending)
		return ue_rrc_nas_send(ue_stack_rrc(a->stack), nas);
	if (!bytes_copy(a->nas, sizeof(a->nas), nas))
		return false;
	a->request.nas = bytes_of(a->nas, nas.len);
	return true;
}

static void leave(struct ue *ue, bool tell)
{
	struct ue_air *a = ue->host->air_radio;

	a->leaving = a->leaving || (!a->pending && ue->radio.connected);
	a->leave_ns = now_ns(&a->env) + LAST_WORDS_MS * (uint64_t)NS_PER_MS;
	a->pending = ue->radio.connected = false;
}

static void leave_due(struct ue_air *a)
{
	if (!a->leaving || now_ns(&a->env) < a->leave_ns)
		return;
	a->leaving = false;
	ue_rrc_abort(ue_stack_rrc(a->stack));
}

/* Packets come by on_packet(). */
static bool data_take(struct ue_host *host, struct ue_packet *p, struct ue_rrc_data *out)
{
	return false;
}

static bool data_put(const struct ue_rrc_data *d, struct ue_packet *p)
{
	struct ue_host *host = d->ue->host;

	if (ue_stack_send(host->air_radio->stack, d->psi, d->qfi, bytes_of(p->data, p->len)))
		host->air_radio->up_octets += p->len;
	else
		host->stat[UE_STAT_PACKETS_DROPPED]++;
	return false;
}

static void take_samples(struct ue_air *a, struct bytes octets)
{
	const struct phy_cf *in = (const void *)octets.data;
	const struct ue *ue = ue_of(a->host);
	struct s_tmsi id;

	if (ue && ue->has_guti)
		id = (struct s_tmsi){ ue->guti.guami.amf_set_id, ue->guti.guami.amf_pointer, ue->guti.tmsi };
	ue_stack_paged_as(a->stack, ue && ue->has_guti ? &id : NULL);
	for (size_t left = octets.len / sizeof(*in), n; left > 0; left -= n, in += n) {
		n = left < a->block_samples ? left : a->block_samples;
		leave_due(a);
		establish(a);
		a->samples += n;
		ue_stack_run(a->stack, in, a->block, n);
		may_fail(outbox_put(a->host->env->outbox,
			&(struct msg){ .kind = MSG_DATA,
				.port = UE_PORT_SAMPLES,
				.assoc = a->assoc,
				.data = bytes_of(a->block, n * sizeof(*a->block)) })); /* counted there */
	}
}

static void on_msg(struct ue_host *host, const struct msg *m)
{
	if (m->port != UE_PORT_SAMPLES)
		return;
	if (m->kind == MSG_UP)
		host->air_radio->assoc = m->assoc;
	else if (m->kind == MSG_DATA)
		take_samples(host->air_radio, m->data);
}

const struct ue_rrc_ops ue_rrc_air = { connect, send_nas, leave, data_take, data_put, on_msg };

/* --- events */

static bool k_gnb(void *arg, uint8_t k_amf[KDF_KEY_LEN], uint8_t key[KDF_KEY_LEN])
{
	struct ue_air *a = arg;
	struct ue *ue = ue_of(a->host);

	return ue && a->host->rrc->k_gnb(ue, k_amf, key);
}

static bool is_unproved(void *arg)
{
	struct ue_air *a = arg;
	const struct ue *ue = ue_of(a->host);

	return ue && a->host->rrc->is_unproved(ue);
}

static void connected(void *arg)
{
}

/* The NAS begins again by itself (24.501 5.3.1.2). */
static bool fell_back(void *arg, struct ue_rrc_establishment *e)
{
	return false;
}

static void nas_received(void *arg, struct bytes nas)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_of(a->host);

	if (ue && !a->leaving)
		a->host->rrc->nas_received(ue, nas);
}

static void bearer_set(void *arg, uint8_t psi, uint8_t drb)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_of(a->host);

	if (ue && !a->leaving)
		may_fail(a->host->rrc->bearer_set(ue, psi, drb)); /* RRC has no word for that */
}

static void bearer_released(void *arg, uint8_t drb)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_of(a->host);

	if (ue && !a->leaving)
		a->host->rrc->bearer_released(ue, drb);
}

static void paged(void *arg, const struct s_tmsi *s_tmsi, bool non_3gpp)
{
	struct ue_air *a = arg;
	const struct ue *ue = ue_of(a->host);

	if (ue && !non_3gpp)
		a->host->rrc->paged(a->host, &ue->radio.gnb, s_tmsi);
}

static void connection_ended(void *arg, const struct ue_rrc_ending *e)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_of(a->host);

	if (!ue)
		return;
	if (a->leaving) {
		a->leaving = false;
		return;
	}
	ue->radio.connected = false;
	if (e->wait_s > 0)
		ue->radio.barred_until_ns = env_now_ns(a->host->env) + e->wait_s * NS_PER_S;
	a->host->rrc->connection_ended(ue, e->cause != UE_RRC_RELEASED);
}

static void barring_alleviated(void *arg, uint8_t access_category)
{
}

static uint32_t random32(void *arg)
{
	struct ue_air *a = arg;

	return env_random_u32(a->host->env);
}

static void on_packet(void *arg, uint8_t psi, uint8_t qfi, struct bytes packet)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_of(a->host);

	a->down_octets += packet.len;
	if (ue)
		a->host->rrc->packet(ue, psi, packet);
}

/* 24.501 6.2.5.1.4.3 */
static void on_reflective_qos(void *arg, uint8_t psi, uint8_t qfi, struct bytes packet)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_of(a->host);

	if (ue)
		a->host->rrc->reflective_qos(ue, psi, qfi, packet);
}

static void nothing_found(struct ue_air *a)
{
	uint64_t at_ns = env_now_ns(a->host->env);

	if (a->silence_said && at_ns - a->silence_said_ns < (uint64_t)UE_SILENCE_AGAIN_MS * NS_PER_MS)
		return;
	a->silence_said = true;
	a->silence_said_ns = at_ns;
	log_warn(
		a->host->env->log, "no cell is found: is the gNB on the air, and arfcn that of its carrier?");
}

static void on_camped(void *arg, const struct ue_stack_cell *cell)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_of(a->host);

	if (!cell && a->camped && ue)
		ue_say(ue, UE_EVENT_CELL, 0, 0, "cell lost: another is searched for");
	if (!cell && !a->camped)
		nothing_found(a);
	a->camped = cell != NULL;
	if (!cell || !ue)
		return;
	a->cell = (struct ue_cell){ .pci = cell->found->found.pci, .nci = cell->nci, .tai = cell->tai };
	ue_say(ue, UE_EVENT_CELL, 0, 0, "cell found: PCI %u, SNR %.1f dB, carrier offset %ld Hz, TAC %u",
		cell->found->found.pci, (double)cell->found->snr_db, lround(cell->found->cfo_hz),
		cell->tai.tac);
	a->host->rrc->cell_entered(ue);
}

const struct ue_cell *ue_air_cell(const struct ue_host *host)
{
	return host->air_radio->camped ? &host->air_radio->cell : NULL;
}

bool ue_host_set_air(struct ue_host *host, const struct ue_air_config *c)
{
	static const struct env_ops ops = { now_ns, utc_ms, random_octets };
	struct ue_air *a = calloc(1, sizeof(*a));
	struct ue_stack_config stack = { .env = a ? &a->env : NULL,
		.upper = { a, k_gnb, is_unproved, connected, fell_back, nas_received, bearer_set,
			bearer_released, paged, connection_ended, barring_alleviated },
		.stream = { c->rate_hz, c->downlink_hz },
		.band = c->band,
		.plmn = c->plmn,
		.arg = a,
		.random = random32,
		.packet = on_packet,
		.reflective_qos = on_reflective_qos,
		.camped = on_camped };

	if (!a)
		return false;
	a->host = host;
	a->env = *host->env;
	a->env.ops = &ops;
	a->env.recording = NULL; /* the host's hears it */
	a->rate_hz = c->rate_hz;
	a->block_samples = (size_t)(c->rate_hz / BLOCKS_A_SECOND);
	a->block = calloc(a->block_samples, sizeof(*a->block));
	a->stack = a->block ? ue_stack_new(&stack) : NULL;
	host->air_radio = a;
	host->radio = &ue_rrc_air;
	return a->stack != NULL;
}

void ue_air_free(struct ue_air *a)
{
	if (!a)
		return;
	ue_stack_free(a->stack);
	free(a->block);
	explicit_bzero(a, sizeof(*a));
	free(a);
}

struct ue_air_state ue_host_air_state(const struct ue_host *host)
{
	const struct ue_air *a = host->air_radio;
	struct ue_stack_state s;

	if (!a)
		return (struct ue_air_state){ .camped = false };
	s = ue_stack_state(a->stack);
	return (struct ue_air_state){ .camped = s.camped,
		.pci = s.pci,
		.snr_db = s.radio.snr_db,
		.cfo_hz = s.radio.cfo_hz,
		.advance_tc = s.radio.advance_tc,
		.dl_blocks = s.stat[UE_PHY_STAT_DL_BLOCKS],
		.dl_errors = s.stat[UE_PHY_STAT_DL_ERRORS],
		.ul_blocks = s.stat[UE_PHY_STAT_UL_BLOCKS],
		.ul_repeated = s.stat[UE_PHY_STAT_UL_REPEATED],
		.down_octets = a->down_octets,
		.up_octets = a->up_octets };
}
