#include "gnb/du/f1ap_internal.h"

#include <stdlib.h>

struct du_f1ap *du_f1ap_new(const struct du_f1ap_config *config)
{
	struct du_f1ap *f = calloc(1, sizeof(*f));

	if (!f)
		return NULL;
	f->config = *config;
	f->generations = calloc(config->ues_max, sizeof(*f->generations));
	if (!f->generations || config->ues_max >> DU_F1AP_GENERATION_SHIFT ||
		config->cell_count > DU_F1AP_CELLS_MAX ||
		!hash_init(&f->by_c_rnti, env_random_u32(config->env))) {
		free(f->generations);
		free(f);
		return NULL;
	}
	pool_init(&f->ues, sizeof(struct du_f1ap_ue), config->ues_max);
	timers_init(&f->timers, f);
	return f;
}

void du_f1ap_free(struct du_f1ap *f)
{
	if (!f)
		return;
	pool_fini(&f->ues);
	hash_fini(&f->by_c_rnti);
	free(f->generations);
	free(f);
}

bool du_f1ap_is_up(const struct du_f1ap *f)
{
	return f->up;
}

bool du_f1ap_is_active(const struct du_f1ap *f, uint8_t cell)
{
	return f->up && (f->active >> cell & 1);
}

uint32_t du_f1ap_ues(const struct du_f1ap *f)
{
	return f->ues.used;
}

struct du_f1ap_stats du_f1ap_stats(const struct du_f1ap *f)
{
	return f->stats;
}

uint64_t du_f1ap_deadline_ns(const struct du_f1ap *f)
{
	return timers_next_ns(&f->timers);
}

void du_f1ap_run(struct du_f1ap *f)
{
	timers_run(&f->timers, env_now_ns(f->config.env));
}

bool du_f1ap_send(struct du_f1ap *f, enum f1ap_message message, const void *body)
{
	uint8_t octets[DU_F1AP_PDU_MAX];
	struct writer w = writer_of(octets, sizeof(octets));

	if (!f1ap_encode(message, body, &w)) {
		f->stats.refused++;
		return false;
	}
	f->config.send(f->config.f1_arg, writer_bytes(&w));
	return true;
}

struct du_f1ap_ue *du_f1ap_ue_by_c_rnti(const struct du_f1ap *f, uint16_t c_rnti)
{
	return hash_get(&f->by_c_rnti, c_rnti, 0, struct du_f1ap_ue, by_c_rnti);
}

struct du_f1ap_ue *du_f1ap_ue_find(struct du_f1ap *f, uint32_t cu_id, uint32_t id)
{
	struct du_f1ap_ue *ue = pool_at(&f->ues, id & ((1u << DU_F1AP_GENERATION_SHIFT) - 1));

	if (!ue || ue->id != id || (ue->has_cu_id && ue->cu_id != cu_id)) {
		f->stats.unknown_ue++;
		return NULL;
	}
	ue->has_cu_id = true;
	ue->cu_id = cu_id;
	timer_stop(&f->timers, &ue->silence);
	return ue;
}

void du_f1ap_ue_free(struct du_f1ap *f, struct du_f1ap_ue *ue)
{
	timer_stop(&f->timers, &ue->silence);
	hash_remove(&f->by_c_rnti, &ue->by_c_rnti);
	pool_free(&f->ues, ue);
}

void du_f1ap_ue_release(struct du_f1ap *f, struct du_f1ap_ue *ue)
{
	uint16_t c_rnti = ue->c_rnti;

	du_f1ap_ue_free(f, ue);
	f->config.lower.release(f->config.lower.arg, c_rnti);
}

void du_f1ap_lost(struct du_f1ap *f)
{
	f->up = f->removing = false;
	f->active = 0;
	timer_stop(&f->timers, &f->setup);
	for (uint32_t i = 0;; i++) {
		struct du_f1ap_ue *ue = pool_next(&f->ues, &i);

		if (!ue)
			return;
		du_f1ap_ue_release(f, ue);
	}
}

/* 10.6: the pair of identities names nobody. */
void du_f1ap_unknown_ue(struct du_f1ap *f, uint32_t cu_id, uint32_t id)
{
	struct f1ap_cause cause = { .tag = F1AP_CAUSE_TAG_RADIO_NETWORK,
		.u.radio_network = F1AP_CAUSE_RADIO_NETWORK_UNKNOWN_OR_INCONSISTENT_PAIR_OF_UE_F1AP_ID };
	struct f1ap_error_indication m = { .has_gnb_cu_ue_f1ap_id = true,
		.gnb_cu_ue_f1ap_id = cu_id,
		.has_gnb_du_ue_f1ap_id = true,
		.gnb_du_ue_f1ap_id = id,
		.cause = &cause };

	may_fail(du_f1ap_send(f, F1AP_MSG_ERROR_INDICATION, &m));
}
