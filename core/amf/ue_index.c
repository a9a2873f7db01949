/* UE contexts: their pool, and their indexes by SUPI and 5G-TMSI. */
#include <stdio.h>

#include "core/amf/internal.h"

struct amf_ue *amf_ue_new(struct amf *amf)
{
	return pool_alloc(&amf->ues);
}

const char *amf_ue_str(const struct amf *amf, const struct amf_ue *ue, char buf[48])
{
	if (ue->supi.imsi[0])
		supi_str(&ue->supi, buf);
	else
		snprintf(buf, 48, "UE %u (not identified)", pool_index(&amf->ues, ue));
	return buf;
}

void amf_ue_dirty(struct amf *amf, struct amf_ue *ue)
{
	if (ue->registered || ue->stored)
		mark_set(&amf->to_store, &ue->mark);
}

void amf_ue_set_registered(struct amf *amf, struct amf_ue *ue, bool registered)
{
	if (ue->registered != registered)
		amf->registered += registered ? 1 : -1u;
	if (registered && !ue->registered_s)
		ue->registered_s = env_utc_ms(amf->nf.env) / MS_PER_S;
	ue->registered = registered;
	amf_count_registered(amf, ue);
}

static void ue_forget_tmsi(struct amf *amf, struct hash_node *node, uint32_t *tmsi)
{
	if (*tmsi)
		hash_remove(&amf->ue_by_tmsi, node);
	*tmsi = 0;
}

struct amf_ue *amf_ue_by_supi(struct amf *amf, const struct supi *supi)
{
	return hash_get(&amf->ue_by_supi, supi_key(supi), 0, struct amf_ue, by_supi);
}

const char *amf_gnb_of(struct amf *amf, const struct supi *supi)
{
	const struct amf_ue *ue = amf_ue_by_supi(amf, supi);

	return ue && ue->serving ? ue->serving->gnb->name : NULL;
}

static void index_supi(struct amf *amf, struct amf_ue *ue)
{
	hash_insert(&amf->ue_by_supi, &ue->by_supi, supi_key(&ue->supi), 0);
	amf->unproved += supi_is_imei(&ue->supi);
}

static void forget_supi(struct amf *amf, struct amf_ue *ue)
{
	if (!ue->supi.imsi[0] || amf_ue_by_supi(amf, &ue->supi) != ue)
		return;
	hash_remove(&amf->ue_by_supi, &ue->by_supi);
	amf->unproved -= supi_is_imei(&ue->supi);
}

/* Indexes the UE under its SUPI; another context of it must be gone by then. */
void amf_ue_set_supi(struct amf *amf, struct amf_ue *ue, const struct supi *supi)
{
	uint8_t key[8];

	forget_supi(amf, ue);
	if (ue->stored && supi_key(&ue->supi) != supi_key(supi))
		/* A refusal dooms the turn by itself. */
		may_fail(store_del(amf->nf.env->store, STORE_AMF_UE, nf_supi_store_key(&ue->supi, key)));
	ue->supi = *supi;
	if (ue->serving)
		amf_whose_is(amf, ue->serving, supi);
	index_supi(amf, ue);
}

static struct amf_ue *ue_by_tmsi(struct amf *amf, uint32_t tmsi)
{
	struct hash_node *n = hash_find(&amf->ue_by_tmsi, tmsi, 0);

	if (n)
		return container_of(n, struct amf_ue, by_tmsi);
	n = hash_find(&amf->ue_by_tmsi, tmsi, 1);
	return n ? container_of(n, struct amf_ue, by_old_tmsi) : NULL;
}

bool amf_ue_has_tmsi(struct amf *amf, uint32_t tmsi)
{
	return ue_by_tmsi(amf, tmsi) != NULL;
}

uint32_t amf_tmsi_of_ours(const struct amf *amf, const struct nas_mobile_identity *identity)
{
	const struct guami *us = &amf->config.guami;

	if (identity->type == NAS_IDENTITY_5G_GUTI && guami_equal(&identity->guti.guami, us))
		return identity->guti.tmsi;
	if (identity->type == NAS_IDENTITY_5G_S_TMSI && identity->s_tmsi.amf_set_id == us->amf_set_id &&
		identity->s_tmsi.amf_pointer == us->amf_pointer)
		return identity->s_tmsi.tmsi;
	return 0;
}

struct amf_ue *amf_ue_by_guti(struct amf *amf, const struct nas_mobile_identity *identity)
{
	uint32_t tmsi = amf_tmsi_of_ours(amf, identity);

	return tmsi ? ue_by_tmsi(amf, tmsi) : NULL;
}

void amf_ue_index(struct amf *amf, struct amf_ue *ue)
{
	index_supi(amf, ue);
	if (ue->tmsi)
		hash_insert(&amf->ue_by_tmsi, &ue->by_tmsi, ue->tmsi, 0);
	if (ue->old_tmsi)
		hash_insert(&amf->ue_by_tmsi, &ue->by_old_tmsi, ue->old_tmsi, 1);
}

/* A fresh 5G-TMSI; the present one is honoured until the UE acknowledges (24.501 5.5.1.2.4). */
bool amf_ue_allocate_tmsi(struct amf *amf, struct amf_ue *ue)
{
	uint32_t tmsi = env_random_u32(amf->nf.env);

	for (int tries = 0; tmsi == 0 || ue_by_tmsi(amf, tmsi); tries++) {
		if (tries == 16)
			return false;
		tmsi = env_random_u32(amf->nf.env);
	}
	if (ue->tmsi && !ue->old_tmsi) {
		hash_remove(&amf->ue_by_tmsi, &ue->by_tmsi);
		ue->old_tmsi = ue->tmsi;
		hash_insert(&amf->ue_by_tmsi, &ue->by_old_tmsi, ue->old_tmsi, 1);
	} else {
		ue_forget_tmsi(amf, &ue->by_tmsi, &ue->tmsi);
	}
	ue->tmsi = tmsi;
	hash_insert(&amf->ue_by_tmsi, &ue->by_tmsi, tmsi, 0);
	amf_ue_dirty(amf, ue);
	return true;
}

void amf_ue_tmsi_acknowledged(struct amf *amf, struct amf_ue *ue)
{
	if (ue->old_tmsi)
		amf_ue_dirty(amf, ue);
	ue_forget_tmsi(amf, &ue->by_old_tmsi, &ue->old_tmsi);
}

void amf_ue_forget(struct amf *amf, struct amf_ue *ue)
{
	amf_ue_set_registered(amf, ue, false);
	forget_supi(amf, ue);
	ue_forget_tmsi(amf, &ue->by_tmsi, &ue->tmsi);
	ue_forget_tmsi(amf, &ue->by_old_tmsi, &ue->old_tmsi);
	if (!ue->stored) {
		mark_clear(&ue->mark);
		amf_mobility_free(ue);
		pool_free(&amf->ues, ue);
		return;
	}
	nas_security_clear(&ue->security);
	amf_mobility_free(ue);
	ue->gone = true;
	amf->gone++;
	mark_set(&amf->to_store, &ue->mark);
}

struct amf_ue *amf_ue_of_callback(struct amf *amf, const char *callback)
{
	struct sbi_callback c;
	struct amf_ue *ue = NULL;

	if (sbi_callback_open(amf->nf.self, SBI_CALLBACK_DEREG_NOTIFY, callback, &c))
		ue = hash_get(&amf->ue_by_supi, c.context, 0, struct amf_ue, by_supi);
	return ue && ue->callback == c.generation ? ue : NULL;
}
