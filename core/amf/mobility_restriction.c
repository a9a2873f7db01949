/*
 * Mobility restrictions, 23.501 5.3.4.1: what the subscription has of areas and radio access, as the AMF
 * enforces it, as the UE gets it (24.501 9.11.3.49) and as gNBs do (38.413 9.3.1.85).
 *
 *   forbidden area, RAT, core network     REGISTRATION REJECT, and no handover to there
 *   service area                          the UE is registered; SERVICE REJECT, and no sessions (#28)
 */
#include "core/amf/emergency.h"
#include "core/amf/mobility.h"

static bool has(const struct amf_tacs *tacs, uint32_t tac)
{
	for (uint8_t i = 0; i < tacs->count; i++)
		if (tacs->items[i] == tac)
			return true;
	return false;
}

static bool add(struct amf_tacs *tacs, uint32_t tac)
{
	if (has(tacs, tac))
		return true;
	if (tacs->count == AMF_AREAS_MAX)
		return false;
	tacs->items[tacs->count++] = tac;
	return true;
}

/* As subscribed, before their number is restricted. */
static bool is_of_service_area(const struct amf_mobility *m, uint32_t tac)
{
	if (m->restriction == RESTRICTION_TYPE_ALLOWED_AREAS)
		return has(&m->areas, tac);
	return m->restriction != RESTRICTION_TYPE_NOT_ALLOWED_AREAS || !has(&m->areas, tac);
}

bool amf_mobility_allows(const struct amf_ue *ue, uint32_t tac)
{
	const struct amf_mobility *m = amf_mobility_of(ue);

	return is_of_service_area(m, tac) && (!m->has_areas_max || has(&m->used, tac));
}

bool amf_mobility_forbids(const struct amf_ue *ue, uint32_t tac)
{
	return has(&amf_mobility_of(ue)->forbidden, tac);
}

/* 24.501 5.5.1.2.5, annex A. */
uint8_t amf_mobility_refusal(const struct amf *amf, const struct amf_ue *ue, uint32_t tac)
{
	const struct amf_mobility *m = amf_mobility_of(ue);
	uint8_t cause = amf->config.cause_forbidden_area;

	if (m->nr_restricted || m->core_restricted)
		return NAS_5GMM_N1_MODE_NOT_ALLOWED;
	if (has(&m->forbidden, tac))
		return cause ? cause : NAS_5GMM_NO_SUITABLE_CELLS_IN_TRACKING_AREA;
	return 0;
}

/* 23.501 5.3.4.1.2: areas not yet visited are added until there are as many as there may be. */
bool amf_mobility_use_area(struct amf *amf, struct amf_ue *ue, uint32_t tac, bool initial)
{
	struct amf_mobility *m = ue->mobility;

	if (!m || !m->has_areas_max)
		return true;
	if (initial)
		m->used.count = 0;
	if (m->used.count < m->areas_max && is_of_service_area(m, tac) && !add(&m->used, tac))
		return false;
	amf_ue_dirty(amf, ue);
	return true;
}

static bool take_areas(struct amf_tacs *out, const struct area_list *areas)
{
	out->count = 0;
	for (uint32_t i = 0; i < areas->count; i++)
		for (uint32_t k = 0; k < areas->items[i].tacs.count; k++)
			if (!add(out, areas->items[i].tacs.items[k]))
				return false; /* a part of them would restrict otherwise */
	return true;
}

static bool is_restricting(const struct access_and_mobility_subscription_data *d)
{
	return d->rat_restrictions.count > 0 || d->core_network_type_restrictions.count > 0 ||
	       d->forbidden_areas.count > 0 || d->service_area_restriction || d->has_subs_reg_timer ||
	       d->has_active_time || d->mico_allowed;
}

static void take_access(struct amf_mobility *m, const struct access_and_mobility_subscription_data *d)
{
	m->mico_allowed = d->mico_allowed;
	m->subscribed_t3512_s = d->has_subs_reg_timer ? d->subs_reg_timer : 0;
	m->subscribed_active_s = d->has_active_time ? d->active_time : 0;
	m->nr_restricted = m->core_restricted = false;
	for (uint32_t i = 0; i < d->rat_restrictions.count; i++)
		m->nr_restricted |= d->rat_restrictions.items[i] == RAT_TYPE_NR;
	for (uint32_t i = 0; i < d->core_network_type_restrictions.count; i++)
		m->core_restricted |= d->core_network_type_restrictions.items[i] == CORE_NETWORK_TYPE_FIVE_GC;
}

bool amf_mobility_take(struct amf_ue *ue, const struct access_and_mobility_subscription_data *d)
{
	static const struct service_area_restriction none;
	const struct service_area_restriction *areas =
		d->service_area_restriction ? d->service_area_restriction : &none;
	struct amf_mobility *m = ue->mobility;

	if (!m && !is_restricting(d))
		return true;
	m = amf_mobility_make(ue);
	if (!m)
		return false;
	take_access(m, d);
	m->restriction = (uint8_t)areas->restriction_type;
	m->has_areas_max = areas->has_max_num_of_t_as;
	m->areas_max =
		(uint8_t)(areas->max_num_of_t_as < AMF_AREAS_MAX ? areas->max_num_of_t_as : AMF_AREAS_MAX);
	if (!m->has_areas_max)
		m->used.count = 0;
	return take_areas(&m->areas, &areas->areas) && take_areas(&m->forbidden, &d->forbidden_areas);
}

/* One list, of what is allowed or of what is not: where nothing is allowed, of all that there is. */
static const struct amf_tacs *service_areas(
	const struct amf *amf, const struct amf_ue *ue, struct amf_tacs *all, bool *not_allowed)
{
	const struct amf_mobility *m = amf_mobility_of(ue);
	const struct amf_tacs *tacs = m->has_areas_max ? &m->used : &m->areas;

	*not_allowed = m->restriction == RESTRICTION_TYPE_NOT_ALLOWED_AREAS && !m->has_areas_max;
	if (tacs->count > 0 || *not_allowed)
		return tacs;
	all->count = 0;
	*not_allowed = m->has_areas_max || m->restriction == RESTRICTION_TYPE_ALLOWED_AREAS;
	for (uint8_t i = 0; *not_allowed && i < amf->config.tac_count; i++)
		all->items[all->count++] = amf->config.tacs[i];
	return all;
}

bool amf_mobility_service_areas(struct amf *amf, const struct amf_ue *ue, struct nas_tai_list *out)
{
	struct amf_tacs all;
	bool not_allowed;
	const struct amf_tacs *tacs = service_areas(amf, ue, &all, &not_allowed);
	struct nas_tai_partial *list = arena_alloc(&amf->arena, sizeof(*list));
	struct tai *tais = arena_array(&amf->arena, AMF_AREAS_MAX, sizeof(*tais));

	if (tacs->count == 0 || !list || !tais)
		return false;
	for (uint8_t i = 0; i < tacs->count; i++)
		tais[i] = (struct tai){ amf->config.guami.plmn, tacs->items[i] };
	*list = (struct nas_tai_partial){ NAS_TAI_LIST_ONE_PLMN, not_allowed, tacs->count, tais };
	*out = (struct nas_tai_list){ 1, list };
	return true;
}

/* Octets of TACs, 38.413 9.3.3.10; NULL: no room. */
static struct bytes *tacs_of(struct amf *amf, const struct amf_tacs *tacs)
{
	struct bytes *out = arena_array(&amf->arena, AMF_AREAS_MAX, sizeof(*out));
	uint8_t *octets = arena_alloc(&amf->arena, 3 * AMF_AREAS_MAX);

	for (uint8_t i = 0; out && octets && i < tacs->count; i++) {
		struct writer w = writer_of(octets + 3 * i, 3);

		writer_uint(&w, tacs->items[i], 3);
		out[i] = writer_bytes(&w);
	}
	return octets ? out : NULL;
}

static bool forbidden_of(
	struct amf *amf, const struct amf_tacs *tacs, struct ngap_mobility_restriction_list *out)
{
	struct ngap_forbidden_area_information_item *item;

	if (tacs->count == 0)
		return true;
	out->forbidden_area_information = arena_alloc(&amf->arena, sizeof(*out->forbidden_area_information));
	item = arena_alloc(&amf->arena, sizeof(*item));
	if (!out->forbidden_area_information || !item)
		return false;
	*item = (struct ngap_forbidden_area_information_item){ out->serving_plmn,
		{ tacs->count, tacs_of(amf, tacs) } };
	*out->forbidden_area_information = (struct ngap_forbidden_area_information){ 1, item };
	return item->forbidden_tacs.items != NULL;
}

static bool areas_of(struct amf *amf, const struct amf_ue *ue, struct ngap_mobility_restriction_list *out)
{
	struct amf_tacs all;
	bool not_allowed;
	const struct amf_tacs *tacs = service_areas(amf, ue, &all, &not_allowed);
	struct ngap_service_area_information_item *item;
	struct ngap_allowed_tacs *allowed;
	struct ngap_not_allowed_tacs *others;

	if (tacs->count == 0)
		return true;
	out->service_area_information = arena_alloc(&amf->arena, sizeof(*out->service_area_information));
	item = arena_alloc(&amf->arena, sizeof(*item));
	allowed = arena_alloc(&amf->arena, sizeof(*allowed));
	others = arena_alloc(&amf->arena, sizeof(*others));
	if (!out->service_area_information || !item || !allowed || !others)
		return false;
	*allowed = (struct ngap_allowed_tacs){ tacs->count, tacs_of(amf, tacs) };
	*others = (struct ngap_not_allowed_tacs){ tacs->count, allowed->items };
	*item = (struct ngap_service_area_information_item){ out->serving_plmn, not_allowed ? NULL : allowed,
		not_allowed ? others : NULL };
	*out->service_area_information = (struct ngap_service_area_information){ 1, item };
	return allowed->items != NULL;
}

struct ngap_mobility_restriction_list *amf_ie_mobility_restrictions(struct amf *amf, const struct amf_ue *ue)
{
	const struct amf_mobility *m = amf_mobility_of(ue);
	struct ngap_mobility_restriction_list *out;

	if (!m->restriction && !m->has_areas_max && m->forbidden.count == 0)
		return NULL;
	out = arena_alloc(&amf->arena, sizeof(*out));
	if (!out)
		return NULL;
	*out = (struct ngap_mobility_restriction_list){ .serving_plmn = ngap_plmn_of(
								&amf->config.guami.plmn, &amf->arena) };
	if (amf_emergency_has(ue)) /* 23.501 5.16.4.3: it is restricted nowhere */
		return out->serving_plmn.len > 0 ? out : NULL;
	return out->serving_plmn.len > 0 && forbidden_of(amf, &m->forbidden, out) && areas_of(amf, ue, out)
		       ? out
		       : NULL;
}
