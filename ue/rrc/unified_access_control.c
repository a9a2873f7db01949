/* Unified Access Control (38.331 5.3.14), and T302 of a rejection or release (5.3.15). */
#include "ue/rrc/internal.h"
#include "wire/rrc/number.h"

enum {
	EMERGENCY_IS_2 = 2, /* 24.501 table 4.5.2.2: category 2 is emergency, 0 answers a page */
	MT_IS_0 = 0,
	IDENTITY_1_BIT = 6,
	IDENTITY_11 = 11,
	T390_LEAST_PERCENT = 70,
	T390_SPREAD_PERCENT = 60,
	CHANCE = 10000 /* a draw has so many outcomes */
};

static uint32_t draw(struct ue_rrc_connection *c)
{
	return env_random_u32(c->config.env) % CHANCE;
}

static void set_read(struct ue_rrc_camped *cell, const struct rrc_uac_barring_info_set_list *sets,
	size_t category, size_t index)
{
	const struct per_type *type = &rrc_uac_barring_info_set_type;
	const struct rrc_uac_barring_info_set *set;
	struct ue_rrc_barring *b;
	bool ok = true;

	/* An index beyond the list, 0 in a list of all categories: no barring (6.3.2). */
	if (category >= UE_RRC_CATEGORIES || index < 1 || index > sets->count)
		return;
	set = &sets->items[index - 1];
	b = &cell->barring[category];
	b->factor_percent = (uint8_t)rrc_number_at(type, "uac-BarringFactor", set->uac_barring_factor, &ok);
	b->time_s = (uint16_t)(rrc_number_at(type, "uac-BarringTime", set->uac_barring_time, &ok) / MS_PER_S);
	b->identities = set->uac_barring_for_access_identity;
	b->there = ok;
}

static void categories_read(struct ue_rrc_camped *cell, const struct rrc_uac_barring_info_set_list *sets,
	const struct rrc_uac_barring_per_cat_list *list)
{
	for (size_t i = 0; list && i < list->count; i++)
		set_read(cell, sets, list->items[i].access_category,
			list->items[i].uac_barring_info_set_index);
}

/* 5.3.14.2: the entry of the selected PLMN stands for all, else what is common. */
void ue_rrc_barring_read(struct ue_rrc_camped *cell, const struct rrc_sib1_uac_barring_info *info)
{
	const struct rrc_uac_barring_per_plmn_list *plmns = info ? info->uac_barring_per_plmn_list : NULL;
	const struct rrc_uac_barring_per_plmn_uac_ac_barring_list_type *own = NULL;
	bool found = false;

	for (size_t i = 0; plmns && i < plmns->count; i++) {
		if (plmns->items[i].plmn_identity_index != cell->plmn)
			continue;
		found = true;
		own = plmns->items[i].uac_ac_barring_list_type;
	}
	if (info && !found)
		categories_read(cell, &info->uac_barring_info_set_list, info->uac_barring_for_common);
	if (!own)
		return;
	if (own->tag == RRC_UAC_BARRING_PER_PLMN_UAC_AC_BARRING_LIST_TYPE_TAG_UAC_IMPLICIT_AC_BARRING_LIST) {
		for (size_t i = 0; i < own->u.uac_implicit_ac_barring_list.count; i++)
			set_read(cell, &info->uac_barring_info_set_list, i + 1,
				own->u.uac_implicit_ac_barring_list.items[i]);
	} else if (own->tag ==
		   RRC_UAC_BARRING_PER_PLMN_UAC_AC_BARRING_LIST_TYPE_TAG_UAC_EXPLICIT_AC_BARRING_LIST) {
		categories_read(cell, &info->uac_barring_info_set_list, &own->u.uac_explicit_ac_barring_list);
	}
}

/* Of 5.3.14.5: an identity whose bit is 0 is not barred. */
static bool identity_allowed(const struct ue_rrc_barring *b, uint16_t identities)
{
	for (int bit = IDENTITY_1_BIT; bit >= 0; bit--) {
		int number = IDENTITY_1_BIT - bit;
		int identity = number < 2 ? number + 1 : number - 2 + IDENTITY_11;

		if (identities >> identity & 1 && !(b->identities >> bit & 1))
			return true;
	}
	return false;
}

static void t390_expired(void *owner, struct timer *t);

/* One timer for all categories: it runs until the first of them may try again. */
static void t390_watch(struct ue_rrc_connection *c)
{
	uint64_t first_ns = NEVER;

	for (size_t i = 0; i < UE_RRC_CATEGORIES; i++)
		if (c->barred_until_ns[i] && c->barred_until_ns[i] < first_ns)
			first_ns = c->barred_until_ns[i];
	if (first_ns == NEVER)
		ue_rrc_timer_stop(c, T390);
	else
		timer_set(&c->timers, &c->timer[T390], first_ns, t390_expired);
}

/* 5.3.14.4: what T302 still bars is not told. */
static void alleviate(struct ue_rrc_connection *c, uint8_t category)
{
	c->barred_until_ns[category] = 0;
	if (!timer_is_set(&c->timer[T302]) || category == EMERGENCY_IS_2)
		c->config.upper.barring_alleviated(c->config.upper.arg, category);
}

static void t390_expired(void *owner, struct timer *t)
{
	struct ue_rrc_connection *c = owner;
	uint64_t now_ns = env_now_ns(c->config.env);

	for (uint8_t i = 0; i < UE_RRC_CATEGORIES; i++)
		if (c->barred_until_ns[i] && c->barred_until_ns[i] <= now_ns)
			alleviate(c, i);
	t390_watch(c);
}

static void t302_expired(void *owner, struct timer *t)
{
	struct ue_rrc_connection *c = owner;

	for (uint8_t i = 1; i < UE_RRC_CATEGORIES; i++)
		if (i != EMERGENCY_IS_2 && !c->barred_until_ns[i])
			c->config.upper.barring_alleviated(c->config.upper.arg, i);
}

void ue_rrc_t302_start(struct ue_rrc_connection *c, uint8_t wait_s)
{
	if (wait_s > 0)
		ue_rrc_timer_start(c, T302, (uint64_t)wait_s * MS_PER_S, t302_expired);
}

void ue_rrc_barring_stop(struct ue_rrc_connection *c, bool t302_too)
{
	bool t302 = t302_too && timer_is_set(&c->timer[T302]);

	if (t302)
		ue_rrc_timer_stop(c, T302);
	for (uint8_t i = 0; i < UE_RRC_CATEGORIES; i++)
		if (c->barred_until_ns[i])
			alleviate(c, i);
	if (t302)
		t302_expired(c, NULL);
	t390_watch(c);
}

bool ue_rrc_access_allowed(struct ue_rrc_connection *c, uint8_t category, uint16_t identities)
{
	const struct ue_rrc_barring *b = &c->cell.barring[category];
	uint64_t t390_ms;

	if (c->barred_until_ns[category] ||
		(timer_is_set(&c->timer[T302]) && category != EMERGENCY_IS_2 && category != MT_IS_0))
		return false;
	if (category == MT_IS_0 || !b->there || identity_allowed(b, identities) ||
		draw(c) < b->factor_percent * (CHANCE / 100u))
		return true;
	t390_ms = (uint64_t)b->time_s * MS_PER_S *
		  (T390_LEAST_PERCENT * (CHANCE / 100u) + T390_SPREAD_PERCENT * draw(c) / 100) / CHANCE;
	c->barred_until_ns[category] = env_now_ns(c->config.env) + t390_ms * NS_PER_MS;
	t390_watch(c);
	return false;
}
