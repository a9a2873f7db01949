/* RRC over samples: the UE's only file that knows ue/stack. */
#include <stdlib.h>

#include "ue/rrc_air.h"

enum {
	BLOCKS_A_SECOND = 1000,
	LAST_WORDS_MS = 150, /* of the air: what the NAS has said leaves before the connection does */
	PARTING_MS = 5000,   /* 24.501 5.5.2.2.1: so long a UE that is switched off tries to say so */
};

static struct env *host_env(struct env *env)
{
	return container_of(env, struct ue_air, env)->host->env;
}

static uint64_t now_ns(struct env *env)
{
	const struct ue_air *a = container_of(env, struct ue_air, env);

	return a->by_slots ? env_now_ns(a->host->env) : (uint64_t)((double)a->samples * 1e9 / a->rate_hz);
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

/* By slots: the NAS calls in between two of them, of which some may have been left out. */
static void called(struct ue_air *a)
{
	if (!a->by_slots)
		return;
	ue_stack_now(a->stack, env_now_ns(a->host->env));
	a->l1_wake(a->l1_arg);
}

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
	struct ue *ue = ue_air_ue(a);
	struct ue_rrc_establishment e;

	if (!a->pending || (a->leaving && !a->parting) || !a->camped || !ue ||
		ue_rrc_state(ue_stack_rrc(a->stack)) != UE_RRC_IDLE)
		return;
	e = establishment_of(ue, &a->request);
	a->pending = false;
	if (ue_rrc_establish(ue_stack_rrc(a->stack), &e) == UE_RRC_BEGUN || a->leaving)
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
	a->parting = false;
	called(a);
	return true;
}

/* What the NAS adds before RRC has begun takes the place of what it said before. */
static bool send_nas(struct ue *ue, struct bytes nas)
{
	struct ue_air *a = ue->host->air_radio;

	called(a);
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

	a->parting = a->pending && !tell;
	a->leaving = a->leaving || a->parting || (!a->pending && ue->radio.connected);
	a->leave_ns = now_ns(&a->env) + (tell ? LAST_WORDS_MS : PARTING_MS) * (uint64_t)NS_PER_MS;
	a->pending = a->parting;
	ue->radio.connected = false;
	called(a);
}

static void leave_due(struct ue_air *a)
{
	if (!a->leaving || now_ns(&a->env) < a->leave_ns)
		return;
	a->leaving = false;
	if (a->parting)
		a->parting = a->pending = false; /* nobody has heard it */
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

	called(host->air_radio);
	if (ue_stack_send(host->air_radio->stack, d->psi, d->qfi, bytes_of(p->data, p->len)))
		host->air_radio->up_octets += p->len;
	else
		host->stat[UE_STAT_PACKETS_DROPPED]++;
	return false;
}

static void give_samples(struct ue_air *a, size_t n)
{
	may_fail(outbox_put(a->host->env->outbox,
		&(struct msg){ .kind = MSG_DATA,
			.port = UE_PORT_SAMPLES,
			.data = bytes_of(a->block, n * sizeof(*a->block)) })); /* counted there */
}

/* Both ways begin anew: what is ahead of the first uplink is silence. */
static void begin_ahead(struct ue_air *a)
{
	for (size_t left = a->ahead, n; left > 0; left -= n) {
		n = left < a->block_samples ? left : a->block_samples;
		for (size_t i = 0; i < n; i++)
			a->block[i] = (struct phy_cf){ 0, 0 };
		give_samples(a, n);
	}
}

void ue_air_turn(struct ue_air *a)
{
	leave_due(a);
	establish(a);
}

void ue_air_paged_as(struct ue_air *a)
{
	const struct ue *ue = ue_air_ue(a);
	struct s_tmsi id;

	if (ue && ue->has_guti)
		id = (struct s_tmsi){ ue->guti.guami.amf_set_id, ue->guti.guami.amf_pointer, ue->guti.tmsi };
	ue_stack_paged_as(a->stack, ue && ue->has_guti ? &id : NULL);
}

static void take_samples(struct ue_air *a, struct bytes octets)
{
	const struct phy_cf *in = (const void *)octets.data;

	ue_air_paged_as(a);
	for (size_t left = octets.len / sizeof(*in), n; left > 0; left -= n, in += n) {
		n = left < a->block_samples ? left : a->block_samples;
		ue_air_turn(a);
		a->samples += n;
		ue_stack_run(a->stack, in, a->block, n);
		give_samples(a, n);
	}
}

static void on_msg(struct ue_host *host, const struct msg *m)
{
	if (m->port != UE_PORT_SAMPLES)
		return;
	if (m->kind == MSG_UP)
		begin_ahead(host->air_radio);
	if (m->kind == MSG_DATA)
		take_samples(host->air_radio, m->data);
}

const struct ue_rrc_ops ue_rrc_air = { connect, send_nas, leave, data_take, data_put, on_msg };

const struct ue_cell *ue_air_cell(const struct ue_host *host)
{
	return host->air_radio->camped ? &host->air_radio->cell : NULL;
}

bool ue_host_set_air(struct ue_host *host, const struct ue_air_config *c)
{
	static const struct env_ops ops = { now_ns, utc_ms, random_octets };
	struct ue_air *a = calloc(1, sizeof(*a));
	struct ue_stack_config stack = { .env = a ? &a->env : NULL,
		.stream = { c->rate_hz, c->downlink_hz, c->ahead },
		.band = c->band,
		.plmn = c->plmn,
		.arg = a };

	if (!a)
		return false;
	ue_air_events(a, &stack);
	a->host = host;
	a->env = *host->env;
	a->env.ops = &ops;
	a->env.recording = NULL; /* the host's hears it */
	a->by_slots = c->l1.self != NULL;
	a->l1_arg = c->l1_arg;
	a->l1_wake = c->l1_wake;
	a->rate_hz = c->rate_hz;
	a->ahead = c->ahead;
	a->block_samples = (size_t)(c->rate_hz / BLOCKS_A_SECOND);
	host->air_radio = a;
	host->radio = &ue_rrc_air;
	if (a->by_slots) {
		ue_slots_init(&a->slots, &c->l1, &(struct ue_stream_upper){ .arg = NULL });
		stack.radio = ue_slots_radio(&a->slots);
	} else {
		a->block = calloc(a->block_samples, sizeof(*a->block));
	}
	a->stack = a->by_slots || a->block ? ue_stack_new(&stack) : NULL;
	if (a->stack && a->by_slots)
		a->slots.upper = ue_stack_upper(a->stack);
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
