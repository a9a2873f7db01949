/* What RRC and the cell have to say to the NAS, by samples. */
#include "ue/rrc_air.h"

#include <math.h>

static bool k_gnb(void *arg, uint8_t k_amf[KDF_KEY_LEN], uint8_t key[KDF_KEY_LEN])
{
	struct ue_air *a = arg;
	struct ue *ue = ue_air_ue(a);

	return ue && a->host->rrc->k_gnb(ue, k_amf, key);
}

static bool is_unproved(void *arg)
{
	struct ue_air *a = arg;
	const struct ue *ue = ue_air_ue(a);

	return ue && a->host->rrc->is_unproved(ue);
}

/* The NAS has gone, and its last word went with RRCSetupComplete. */
static void connected(void *arg)
{
	struct ue_air *a = arg;

	a->parting = false;
}

/* The NAS begins again by itself (24.501 5.3.1.2). */
static bool fell_back(void *arg, struct ue_rrc_establishment *e)
{
	return false;
}

static void nas_received(void *arg, struct bytes nas)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_air_ue(a);

	if (ue && !a->leaving)
		a->host->rrc->nas_received(ue, nas);
}

static void bearer_set(void *arg, const struct ue_rrc_drb *drb)
{
	struct ue_air *a = arg;
	const struct ue_bearer b = { drb->psi, drb->drb, drb->pdcp.integrity, !drb->pdcp.ciphering_disabled };
	struct ue *ue = ue_air_ue(a);

	if (ue && !a->leaving)
		may_fail(a->host->rrc->bearer_set(ue, &b)); /* RRC has no word for that */
}

static void bearer_released(void *arg, uint8_t drb)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_air_ue(a);

	if (ue && !a->leaving)
		a->host->rrc->bearer_released(ue, drb);
}

static void paged(void *arg, const struct s_tmsi *s_tmsi, bool non_3gpp)
{
	struct ue_air *a = arg;
	const struct ue *ue = ue_air_ue(a);

	if (ue && !non_3gpp)
		a->host->rrc->paged(a->host, &ue->radio.gnb, s_tmsi);
}

static void connection_ended(void *arg, const struct ue_rrc_ending *e)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_air_ue(a);

	if (!ue)
		return;
	if (a->leaving) {
		a->pending = a->parting; /* once more, as long as there is time */
		a->leaving = a->parting;
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
	struct ue *ue = ue_air_ue(a);

	a->down_octets += packet.len;
	if (ue)
		a->host->rrc->packet(ue, psi, packet);
}

/* 24.501 6.2.5.1.4.3 */
static void on_reflective_qos(void *arg, uint8_t psi, uint8_t qfi, struct bytes packet)
{
	struct ue_air *a = arg;
	struct ue *ue = ue_air_ue(a);

	if (ue)
		a->host->rrc->reflective_qos(ue, psi, qfi, packet);
}

static void warned(void *arg, const struct ue_rrc_public_warning *w)
{
	struct ue_air *a = arg;

	a->host->rrc->warned(a->host, &(struct ue_rrc_warning){ w->id, w->serial, w->dcs, w->contents });
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
	struct ue *ue = ue_air_ue(a);

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

void ue_air_events(struct ue_air *a, struct ue_stack_config *c)
{
	c->upper = (struct ue_rrc_upper){ a, k_gnb, is_unproved, connected, fell_back, nas_received,
		bearer_set, bearer_released, paged, connection_ended, barring_alleviated, warned };
	c->random = random32;
	c->packet = on_packet;
	c->reflective_qos = on_reflective_qos;
	c->camped = on_camped;
}
