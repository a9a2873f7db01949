/* Procedures of a UE: what runs beside what, and their records. Read procedure.h first. */
#include "core/amf/internal.h"

#include <stdlib.h>

/*
 * Rows: the procedure that begins; columns: the one that runs.
 *   Registration: another request begins over again, with its common procedures (24.501 5.5.1.2.8 d and e,
 *   5.4.1.3.7 e, 5.4.2.7 c, 5.4.3.6 c); a de-registration by the network goes on (5.5.2.3.5 d).
 *   De-registration by the network ends all else (5.5.1.3.8 f); it runs once. A configuration update gives
 * way to both (5.4.4.6 d, f). Service request: one that comes again replaces the first (5.6.1.8 c); it needs
 * a UE that is registered, so it does not begin beside what may end that. Common procedures run within a
 * specific one, one of them at a time. A security mode command waits for the end of a handover or path
 * switch, which give the gNB another key, and for that of a key change (33.501 6.9.5.1). Handovers and path
 * switches wait for nobody: they go on with the keys before, and the new ones follow, or come with the
 * handover (rekeying.c). A handover that is
 * required again replaces the first, and a UE that has gone to another gNB ends it. Paging is of idle
 * UEs: the request that answers ends it. A de-registration by the operator waits for whatever brings the UE,
 * an authentication of a registered UE likewise, and what the home network sends, which also waits for other
 * keys (33.501 6.15.2.2: those of the last authentication count) and takes the place of one before of its
 * kind. Tunnels of a gNB that is being left change no more. Transfers keep their order, and stand back for
 * whatever changes keys, slices or the gNB's context of the UE (29.518 5.2.2.3.1.2).
 */
#define HOME_UPDATE                                                                                          \
	[AMF_PAGING] = AMF_WAITS, [AMF_CONTEXT_SETUP] = AMF_WAITS, [AMF_REGISTRATION] = AMF_WAITS,           \
	[AMF_DEREGISTRATION] = AMF_REFUSES, [AMF_SERVICE_REQUEST] = AMF_WAITS,                               \
	[AMF_AUTHENTICATION] = AMF_WAITS, [AMF_SECURITY_MODE] = AMF_WAITS, [AMF_HANDOVER] = AMF_WAITS,       \
	[AMF_PATH_SWITCH] = AMF_WAITS

static const uint8_t conflicts[AMF_PROCEDURE_KINDS][AMF_PROCEDURE_KINDS] = {
	[AMF_REGISTRATION] = {
		[AMF_REGISTRATION] = AMF_ABORTS,
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_SERVICE_REQUEST] = AMF_ABORTS,
		[AMF_IDENTIFICATION] = AMF_ABORTS,
		[AMF_AUTHENTICATION] = AMF_ABORTS,
		[AMF_SECURITY_MODE] = AMF_ABORTS,
		[AMF_CONFIGURATION_UPDATE] = AMF_ABORTS,
		[AMF_PAGING] = AMF_ABORTS,
		[AMF_REAUTHENTICATION] = AMF_ABORTS,
		[AMF_N1N2_TRANSFER] = AMF_BESIDE,
	},
	[AMF_DEREGISTRATION] = {
		[AMF_REGISTRATION] = AMF_ABORTS,
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_SERVICE_REQUEST] = AMF_ABORTS,
		[AMF_IDENTIFICATION] = AMF_ABORTS,
		[AMF_AUTHENTICATION] = AMF_ABORTS,
		[AMF_SECURITY_MODE] = AMF_ABORTS,
		[AMF_CONFIGURATION_UPDATE] = AMF_ABORTS,
		[AMF_CONTEXT_SETUP] = AMF_ABORTS,
		[AMF_HANDOVER] = AMF_ABORTS,
		[AMF_PATH_SWITCH] = AMF_ABORTS,
		[AMF_PAGING] = AMF_ABORTS,
		[AMF_DEREGISTRATION_WAIT] = AMF_ABORTS,
		[AMF_REAUTHENTICATION] = AMF_ABORTS,
		[AMF_REKEYING] = AMF_ABORTS,
		[AMF_MODIFY_INDICATION] = AMF_ABORTS,
		[AMF_PARAMETERS_UPDATE] = AMF_ABORTS,
		[AMF_STEERING_OF_ROAMING] = AMF_ABORTS,
		[AMF_N1N2_TRANSFER] = AMF_ABORTS,
	},
	[AMF_SERVICE_REQUEST] = {
		[AMF_REGISTRATION] = AMF_REFUSES,
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_SERVICE_REQUEST] = AMF_ABORTS,
		[AMF_IDENTIFICATION] = AMF_REFUSES,
		[AMF_AUTHENTICATION] = AMF_REFUSES,
		[AMF_SECURITY_MODE] = AMF_REFUSES,
		[AMF_PAGING] = AMF_ABORTS,
		[AMF_N1N2_TRANSFER] = AMF_BESIDE,
	},
	[AMF_IDENTIFICATION] = {
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_IDENTIFICATION] = AMF_ABORTS,
		[AMF_AUTHENTICATION] = AMF_ABORTS,
		[AMF_SECURITY_MODE] = AMF_ABORTS,
	},
	[AMF_AUTHENTICATION] = {
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_IDENTIFICATION] = AMF_ABORTS,
		[AMF_AUTHENTICATION] = AMF_ABORTS,
		[AMF_SECURITY_MODE] = AMF_ABORTS,
	},
	[AMF_SECURITY_MODE] = {
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_IDENTIFICATION] = AMF_ABORTS,
		[AMF_AUTHENTICATION] = AMF_ABORTS,
		[AMF_SECURITY_MODE] = AMF_ABORTS,
		[AMF_HANDOVER] = AMF_WAITS,
		[AMF_PATH_SWITCH] = AMF_WAITS,
		[AMF_REKEYING] = AMF_WAITS,
	},
	[AMF_CONFIGURATION_UPDATE] = {
		[AMF_CONFIGURATION_UPDATE] = AMF_ABORTS,
		[AMF_DEREGISTRATION] = AMF_REFUSES,
	},
	[AMF_CONTEXT_SETUP] = { [AMF_CONTEXT_SETUP] = AMF_ABORTS },
	[AMF_HANDOVER] = {
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_CONTEXT_SETUP] = AMF_REFUSES,
		[AMF_HANDOVER] = AMF_ABORTS,
		[AMF_MODIFY_INDICATION] = AMF_ABORTS,
		[AMF_PATH_SWITCH] = AMF_REFUSES,
	},
	[AMF_PATH_SWITCH] = {
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_MODIFY_INDICATION] = AMF_ABORTS,
		[AMF_HANDOVER] = AMF_ABORTS,
		[AMF_PATH_SWITCH] = AMF_ABORTS,
	},
	[AMF_PAGING] = { [AMF_PAGING] = AMF_REFUSES },
	[AMF_REAUTHENTICATION] = {
		[AMF_PAGING] = AMF_WAITS,
		[AMF_CONTEXT_SETUP] = AMF_WAITS,
		[AMF_REGISTRATION] = AMF_WAITS,
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_SERVICE_REQUEST] = AMF_WAITS,
		[AMF_HANDOVER] = AMF_WAITS,
		[AMF_PATH_SWITCH] = AMF_WAITS,
		[AMF_REAUTHENTICATION] = AMF_REFUSES,
		[AMF_REKEYING] = AMF_REFUSES,
	},
	[AMF_PARAMETERS_UPDATE] = { HOME_UPDATE, [AMF_PARAMETERS_UPDATE] = AMF_ABORTS },
	[AMF_STEERING_OF_ROAMING] = { HOME_UPDATE, [AMF_STEERING_OF_ROAMING] = AMF_ABORTS },
	[AMF_REKEYING] = { [AMF_REKEYING] = AMF_ABORTS,
		[AMF_HANDOVER] = AMF_WAITS,
		[AMF_PATH_SWITCH] = AMF_WAITS },
	[AMF_DEREGISTRATION_WAIT] = {
		[AMF_PAGING] = AMF_WAITS,
		[AMF_CONTEXT_SETUP] = AMF_WAITS,
		[AMF_REGISTRATION] = AMF_WAITS,
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_SERVICE_REQUEST] = AMF_WAITS,
		[AMF_IDENTIFICATION] = AMF_WAITS,
		[AMF_AUTHENTICATION] = AMF_WAITS,
		[AMF_SECURITY_MODE] = AMF_WAITS,
		[AMF_HANDOVER] = AMF_WAITS,
		[AMF_PATH_SWITCH] = AMF_WAITS,
		[AMF_DEREGISTRATION_WAIT] = AMF_ABORTS,
	},
	[AMF_MODIFY_INDICATION] = {
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_CONTEXT_SETUP] = AMF_REFUSES,
		[AMF_HANDOVER] = AMF_REFUSES,
		[AMF_PATH_SWITCH] = AMF_REFUSES,
		[AMF_MODIFY_INDICATION] = AMF_REFUSES,
	},
	[AMF_N1N2_TRANSFER] = {
		[AMF_PAGING] = AMF_WAITS,
		[AMF_CONTEXT_SETUP] = AMF_WAITS,
		[AMF_REGISTRATION] = AMF_WAITS,
		[AMF_DEREGISTRATION] = AMF_REFUSES,
		[AMF_SERVICE_REQUEST] = AMF_WAITS,
		[AMF_IDENTIFICATION] = AMF_WAITS,
		[AMF_AUTHENTICATION] = AMF_WAITS,
		[AMF_SECURITY_MODE] = AMF_WAITS,
		[AMF_HANDOVER] = AMF_WAITS,
		[AMF_PATH_SWITCH] = AMF_WAITS,
		[AMF_REKEYING] = AMF_WAITS,
		[AMF_N1N2_TRANSFER] = AMF_WAITS,
	},
};

enum amf_conflict amf_procedure_conflict(const struct amf_ue *ue, enum amf_procedure_kind kind)
{
	uint8_t worst = AMF_BESIDE;

	for (const struct amf_procedure *p = ue->procedures; p; p = p->next)
		if (conflicts[kind][p->kind] > worst)
			worst = conflicts[kind][p->kind];
	return worst;
}

static void procedure_timer(void *owner, struct timer *t)
{
	struct amf *amf = owner;
	struct amf_procedure *p = container_of(t, struct amf_procedure, timer);

	amf->dispatch->procedure[p->kind].expired(amf, p);
	arena_wipe(&amf->arena);
}

struct amf_procedure *amf_procedure_begin(struct amf *amf, struct amf_ue *ue, enum amf_procedure_kind kind)
{
	struct amf_procedure *p, **at;

	if (amf_procedure_conflict(ue, kind) == AMF_REFUSES)
		return NULL;
	p = pool_alloc(&amf->procedures[kind]);
	if (!p) {
		amf->stat[AMF_STAT_EXHAUSTED]++;
		return NULL;
	}
	for (struct amf_procedure *old = ue->procedures, *next; old; old = next) {
		next = old->next;
		if (conflicts[kind][old->kind] == AMF_ABORTS)
			amf_procedure_end(amf, old);
	}
	p->ue = ue;
	p->kind = (uint8_t)kind;
	p->generation = ++amf->generation;
	for (at = &ue->procedures; *at; at = &(*at)->next)
		;
	*at = p;
	return p;
}

static void wake(struct amf *amf, struct amf_ue *ue, enum amf_procedure_kind ended)
{
	for (struct amf_procedure *p = ue->procedures; p; p = p->next)
		if (conflicts[p->kind][ended] == AMF_WAITS)
			amf_procedure_wait(amf, p, 0);
}

void amf_procedure_end(struct amf *amf, struct amf_procedure *p)
{
	struct amf_procedure **at;
	enum amf_procedure_kind kind;
	struct amf_ue *ue;

	if (!p)
		return;
	ue = p->ue;
	kind = p->kind;
	for (at = &ue->procedures; *at != p; at = &(*at)->next)
		;
	*at = p->next;
	timer_stop(&amf->nf.timers, &p->timer);
	if (amf->dispatch->procedure[kind].ended)
		amf->dispatch->procedure[kind].ended(amf, p);
	if (p->resend)
		explicit_bzero(p->resend, p->resend_len);
	free(p->resend);
	pool_free(&amf->procedures[kind], p);
	wake(amf, ue, kind);
}

void amf_procedure_end_connected(struct amf *amf, struct amf_ue *ue)
{
	for (struct amf_procedure *p = ue->procedures, *next; p; p = next) {
		next = p->next;
		if (p->kind != AMF_N1N2_TRANSFER && p->kind != AMF_DEREGISTRATION_WAIT &&
			p->kind != AMF_REAUTHENTICATION && p->kind != AMF_PARAMETERS_UPDATE &&
			p->kind != AMF_STEERING_OF_ROAMING)
			amf_procedure_end(amf, p);
	}
}

void amf_procedure_end_all(struct amf *amf, struct amf_ue *ue)
{
	while (ue->procedures)
		amf_procedure_end(amf, ue->procedures);
}

struct amf_procedure *amf_procedure_find(const struct amf_ue *ue, enum amf_procedure_kind kind)
{
	struct amf_procedure *p = ue->procedures;

	while (p && p->kind != kind)
		p = p->next;
	return p;
}

uint32_t amf_procedure_count(const struct amf_ue *ue, enum amf_procedure_kind kind)
{
	uint32_t count = 0;

	for (const struct amf_procedure *p = ue->procedures; p; p = p->next)
		count += p->kind == kind;
	return count;
}

/* Of its own kind only older ones count; of others all: one that began later goes first all the same. */
bool amf_procedure_waits(const struct amf_procedure *p)
{
	bool older = true;

	for (const struct amf_procedure *q = p->ue->procedures; q; q = q->next) {
		if (q == p)
			older = false;
		else if ((older || q->kind != p->kind) && conflicts[p->kind][q->kind] == AMF_WAITS)
			return true;
	}
	return false;
}

void amf_procedure_wait(struct amf *amf, struct amf_procedure *p, uint32_t timer_ms)
{
	timer_set(&amf->nf.timers, &p->timer, env_now_ns(amf->nf.env) + (uint64_t)timer_ms * NS_PER_MS,
		procedure_timer);
}

struct sbi_token amf_procedure_token(struct amf *amf, const struct amf_procedure *p)
{
	return (struct sbi_token){ pool_index(&amf->ues, p->ue), p->generation, 0, amf_ue_whose(p->ue) };
}

struct amf_procedure *amf_procedure_of_token(struct amf *amf, const struct sbi_token *t)
{
	const struct amf_ue *ue = pool_at(&amf->ues, (uint32_t)t->context);
	struct amf_procedure *p = ue ? ue->procedures : NULL;

	while (p && p->generation != t->generation)
		p = p->next;
	return p;
}
