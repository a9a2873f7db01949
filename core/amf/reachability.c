/*
 * When an idle UE can be reached: T3512 and the timers of the network (24.501 5.3.7), MICO mode
 * (5.3.6; 23.501 5.4.1.3, 5.31.7.4, 5.31.7.5), DRX (23.501 5.4.5) and extended DRX (5.31.7.2).
 *
 *   usual   idle -- T3512 + 3 min: not reachable -- 1 min: de-registered
 *   MICO    idle -- active time: not reachable -- to 4 min after T3512: de-registered
 *   strict  the same, by a T3512 that runs since the registration, also while the UE is connected
 */
#include "core/amf/mobility.h"

enum {
	EDRX_VALUE_MASK = 0x0f,
	EDRX_LONG = 2,        /* the first value with a paging time window: above 10.24 s, 38.304 7.4 */
	DRX_MIN = 1,          /* 24.501 9.11.3.2A: 32 frames, */
	DRX_MAX = 4,          /* to 256 */
	EDRX_FIRST_MS = 2560, /* of a quarter of a hyperframe, 38.304 7.4; each next cycle is twice as long */
	IDENTITY_INDEX_MASK = 0x3ff,
};

/* 24.008 table 10.5.5.32: the values of NR, 5.12 s to 10485.76 s; what NR has not becomes the next shorter.
 */
static const struct edrx {
	uint8_t value;
	uint8_t cycle; /* enum ngap_nr_paging_edrx_cycle */
} edrx_cycles[16] = {
	[0x0] = { 0x0, NGAP_NR_PAGING_EDRX_CYCLE_HFHALF },
	[0x1] = { 0x1, NGAP_NR_PAGING_EDRX_CYCLE_HF1 },
	[0x2] = { 0x2, NGAP_NR_PAGING_EDRX_CYCLE_HF2 },
	[0x3] = { 0x3, NGAP_NR_PAGING_EDRX_CYCLE_HF4 },
	[0x4] = { 0x3, NGAP_NR_PAGING_EDRX_CYCLE_HF4 },
	[0x5] = { 0x5, NGAP_NR_PAGING_EDRX_CYCLE_HF8 },
	[0x6] = { 0x5, NGAP_NR_PAGING_EDRX_CYCLE_HF8 },
	[0x7] = { 0x5, NGAP_NR_PAGING_EDRX_CYCLE_HF8 },
	[0x8] = { 0x5, NGAP_NR_PAGING_EDRX_CYCLE_HF8 },
	[0x9] = { 0x9, NGAP_NR_PAGING_EDRX_CYCLE_HF16 },
	[0xa] = { 0xa, NGAP_NR_PAGING_EDRX_CYCLE_HF32 },
	[0xb] = { 0xb, NGAP_NR_PAGING_EDRX_CYCLE_HF64 },
	[0xc] = { 0xc, NGAP_NR_PAGING_EDRX_CYCLE_HF128 },
	[0xd] = { 0xd, NGAP_NR_PAGING_EDRX_CYCLE_HF256 },
	[0xe] = { 0xe, NGAP_NR_PAGING_EDRX_CYCLE_HF512 },
	[0xf] = { 0xf, NGAP_NR_PAGING_EDRX_CYCLE_HF1024 },
};

uint32_t amf_t3512_s(const struct amf *amf, const struct amf_ue *ue)
{
	uint32_t own = amf_mobility_of(ue)->t3512_s;

	return own ? own : nas_timer3_s(nas_timer3_of(amf->config.t3512_s));
}

uint8_t amf_t3512(const struct amf *amf, const struct amf_ue *ue)
{
	uint32_t s = amf_t3512_s(amf, ue);

	return nas_timer3_of(s ? s : NAS_TIMER_DEACTIVATED);
}

/* As the coding gives it to the UE; 0: it is none. */
static uint32_t coded_s(uint32_t s)
{
	return s == 0 || s == NAS_TIMER_DEACTIVATED
		       ? 0
		       : nas_timer3_s(nas_timer3_of(s < AMF_T3512_MAX_S ? s : (uint32_t)AMF_T3512_MAX_S));
}

/* 23.502 4.2.2.2.2 step 22: the subscription's value first; one that the UE asks for where it is to sleep. */
static uint32_t t3512_of(const struct amf_mobility *m, const struct amf_registration *p, bool mico)
{
	if (m->subscribed_t3512_s)
		return coded_s(m->subscribed_t3512_s);
	return mico && p->has_requested_t3512 ? coded_s(nas_timer3_s(p->requested_t3512)) : 0;
}

static uint32_t active_of(const struct amf_mobility *m, const struct amf_registration *p, bool mico)
{
	if (!mico || !p->has_t3324)
		return 0;
	return coded_s(m->subscribed_active_s ? m->subscribed_active_s : nas_timer3_s(p->t3324));
}

static uint8_t edrx_of(const struct amf_registration *p)
{
	uint8_t value;

	value = edrx_cycles[p->edrx & EDRX_VALUE_MASK].value;
	return (uint8_t)(value < EDRX_LONG ? value : (p->edrx & ~EDRX_VALUE_MASK) | value);
}

bool amf_reachability_agree(struct amf *amf, struct amf_ue *ue, const struct amf_registration *p)
{
	const struct amf_mobility *is = amf_mobility_of(ue);
	bool mico = p->has_mico && is->mico_allowed;
	uint32_t t3512 = t3512_of(is, p, mico);
	struct amf_mobility *m = ue->mobility;

	if (!m && !p->has_edrx && !t3512)
		return true; /* all is the network's */
	m = amf_mobility_make(ue);
	if (!m)
		return false;
	m->mico = !mico ? AMF_MICO_OFF : p->mico & NAS_MICO_SPRTI ? AMF_MICO_STRICT : AMF_MICO_ON;
	m->t3512_s = t3512;
	m->active_s = active_of(m, p, mico);
	m->has_edrx = p->has_edrx;
	m->edrx = edrx_of(p);
	if (m->mico == AMF_MICO_STRICT && !amf_t3512_s(amf, ue))
		m->mico = AMF_MICO_ON; /* there is no timer to be strict about */
	amf_mobility_trim(ue);
	amf_ue_dirty(amf, ue);
	return true;
}

void amf_reachability_accept(const struct amf_ue *ue, uint8_t *edrx, struct nas_registration_accept *a)
{
	const struct amf_mobility *m = amf_mobility_of(ue);

	a->has_mico_indication = m->mico != AMF_MICO_OFF;
	a->mico_indication = m->mico == AMF_MICO_STRICT ? NAS_MICO_SPRTI : 0;
	a->has_t3324 = m->active_s > 0;
	a->t3324 = nas_timer3_of(m->active_s);
	a->has_negotiated_extended_drx_parameters = m->has_edrx;
	*edrx = m->edrx;
	a->negotiated_extended_drx_parameters = bytes_of(edrx, 1);
}

static bool is_strict(const struct amf_ue *ue)
{
	return amf_mobility_of(ue)->mico == AMF_MICO_STRICT;
}

void amf_reachability_begin(struct amf *amf, struct amf_ue *ue)
{
	if (is_strict(ue))
		ue->mobility->due_ns = env_now_ns(amf->nf.env) + amf_t3512_s(amf, ue) * NS_PER_S;
}

/* 5.31.7.5: what expires while the UE is connected begins again; a restarted AMF takes the longest. */
static uint64_t due_ns(struct amf *amf, struct amf_ue *ue)
{
	uint64_t now = env_now_ns(amf->nf.env), period = amf_t3512_s(amf, ue) * NS_PER_S;

	if (!is_strict(ue) || !ue->mobility->due_ns)
		return now + period;
	while (ue->mobility->due_ns <= now)
		ue->mobility->due_ns += period;
	return ue->mobility->due_ns;
}

static void implicit_deregistration_expired(void *owner, struct timer *t)
{
	amf_mm_event(owner, container_of(t, struct amf_ue, reachability), MM_EV_UNREACHABLE, NULL);
}

/* The UE is not to be reached any more, but may still come back. */
static void unreachable(struct amf *amf, struct amf_ue *ue, uint64_t until_ns)
{
	ue->unreachable = true;
	if (amf_t3512_s(amf, ue))
		timer_set(&amf->nf.timers, &ue->reachability, until_ns, implicit_deregistration_expired);
}

static void mobile_reachable_expired(void *owner, struct timer *t)
{
	struct amf *amf = owner;

	unreachable(amf, container_of(t, struct amf_ue, reachability),
		env_now_ns(amf->nf.env) + AMF_IMPLICIT_DEREGISTRATION_S * NS_PER_S);
}

static void mico_begins(struct amf *amf, struct amf_ue *ue, uint64_t slept_ns)
{
	unreachable(amf, ue,
		due_ns(amf, ue) - slept_ns +
			(AMF_MOBILE_REACHABLE_S + AMF_IMPLICIT_DEREGISTRATION_S) * NS_PER_S);
}

static void active_time_expired(void *owner, struct timer *t)
{
	struct amf_ue *ue = container_of(t, struct amf_ue, reachability);

	mico_begins(owner, ue, is_strict(ue) ? 0 : amf_mobility_of(ue)->active_s * NS_PER_S);
}

void amf_reachability_idle(struct amf *amf, struct amf_ue *ue)
{
	const struct amf_mobility *m = amf_mobility_of(ue);
	uint64_t now = env_now_ns(amf->nf.env);
	uint32_t t3512_s = amf_t3512_s(amf, ue);

	if (m->mico && m->active_s)
		timer_set(&amf->nf.timers, &ue->reachability, now + m->active_s * NS_PER_S,
			active_time_expired);
	else if (m->mico)
		mico_begins(amf, ue, 0);
	else if (t3512_s)
		timer_set(&amf->nf.timers, &ue->reachability,
			now + (t3512_s + (uint64_t)AMF_MOBILE_REACHABLE_S) * NS_PER_S,
			mobile_reachable_expired);
}

uint32_t amf_edrx_cycle_ms(const struct amf_ue *ue)
{
	const struct amf_mobility *m = amf_mobility_of(ue);

	return m->has_edrx ? (uint32_t)EDRX_FIRST_MS << edrx_cycles[m->edrx & EDRX_VALUE_MASK].cycle : 0;
}

struct ngap_nr_paging_edrx_information *amf_ie_edrx(struct amf *amf, const struct amf_ue *ue)
{
	uint8_t edrx = amf_mobility_of(ue)->edrx, value = edrx & EDRX_VALUE_MASK;
	struct ngap_nr_paging_edrx_information *out;

	if (!amf_mobility_of(ue)->has_edrx)
		return NULL;
	out = arena_alloc(&amf->arena, sizeof(*out));
	if (!out)
		return NULL;
	/* 38.413 9.3.1.227: windows in units of 1.28 s, from one on, as NAS has them from 0 on. */
	*out = (struct ngap_nr_paging_edrx_information){
		(enum ngap_nr_paging_edrx_cycle)edrx_cycles[value].cycle, value >= EDRX_LONG,
		(enum ngap_nr_paging_time_window)(edrx >> 4)
	};
	return out;
}

bool amf_ie_drx(const struct amf_ue *ue, enum ngap_paging_drx *out)
{
	if (ue->drx < DRX_MIN || ue->drx > DRX_MAX)
		return false;
	*out = (enum ngap_paging_drx)(ue->drx - DRX_MIN);
	return true;
}

/* 23.501 5.3.3.2.5: what the gNB needs to keep the UE in RRC_INACTIVE. */
struct ngap_core_network_assistance_information_for_inactive *amf_ie_assistance(
	struct amf *amf, const struct amf_ue *ue)
{
	struct ngap_core_network_assistance_information_for_inactive *out =
		arena_alloc(&amf->arena, sizeof(*out));
	struct ngap_core_network_assistance_information_for_inactive_ext_ies *ext =
		arena_alloc(&amf->arena, sizeof(*ext));
	struct ngap_tai_list_for_inactive_item *items =
		arena_array(&amf->arena, AMF_TACS_MAX, sizeof(*items));
	struct tai tais[AMF_TACS_MAX];
	uint8_t count = amf_registration_area(amf, ue, tais);

	if (!out || !ext || !items || count == 0)
		return NULL;
	*ext = (struct ngap_core_network_assistance_information_for_inactive_ext_ies){
		.nr_paging_edrx_information = amf_ie_edrx(amf, ue)
	};
	*out = (struct ngap_core_network_assistance_information_for_inactive){
		.ue_identity_index_value = { NGAP_UE_IDENTITY_INDEX_VALUE_TAG_INDEX_LENGTH10,
			{ .index_length10 = ue->tmsi & IDENTITY_INDEX_MASK } }, /* 5G-S-TMSI mod 1024 */
		.periodic_registration_update_timer = amf_t3512(amf, ue),
		.has_mico_mode_indication = amf_mobility_of(ue)->mico != AMF_MICO_OFF,
		.tai_list_for_inactive = { count, items },
		.ie_extensions = ext->nr_paging_edrx_information ? ext : NULL,
	};
	out->has_ue_specific_drx = amf_ie_drx(ue, &out->ue_specific_drx);
	for (uint8_t i = 0; i < count; i++)
		if (!ngap_tai_of(&tais[i], &amf->arena, &items[i].tai))
			return NULL;
	return out;
}
