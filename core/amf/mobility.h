/*
 * What the subscription restricts (23.501 5.3.4.1) and how a UE may be reached (5.4.1.3, 5.4.5, 5.31.7), of
 * UEs for which that is not the network's default: few, so it is an allocation of its own, struct amf_ue's
 * mobility.
 */
#pragma once

#include "base/record.h"
#include "core/amf/internal.h"
#include "wire/ngap/ngap.h"

enum amf_mobility_limit {
	AMF_AREAS_MAX = 16, /* tracking areas of a service area, 23.501 5.3.4.1.2; and of forbidden ones */
	AMF_T3512_MAX_S = 1116000, /* the longest that its coding has, 24.501 9.11.2.5 */
};

/* MICO mode, 24.501 5.3.6 */
enum amf_mico { AMF_MICO_OFF, AMF_MICO_ON, AMF_MICO_STRICT /* with the strictly periodic timer */ };

struct amf_tacs {
	uint8_t count;
	uint32_t items[AMF_AREAS_MAX];
};

/* All but due_ns is persistent, ue_record.c. */
struct amf_mobility {
	/* of the subscription, 29.503 6.1.6.2.4 */
	bool mico_allowed, nr_restricted, core_restricted;
	uint8_t restriction; /* enum restriction_type; absent: all areas are allowed */
	bool has_areas_max;
	uint8_t areas_max; /* tracking areas that it may use of those that are allowed */
	uint32_t subscribed_t3512_s, subscribed_active_s; /* 0: none */
	struct amf_tacs areas, forbidden;
	struct amf_tacs used; /* of areas_max, since the initial registration */
	uint8_t ladns; /* local area data networks that it may have, bits by place in the configuration */
	bool areas_changed; /* the UE has not acknowledged those above */
	/* agreed with the UE at its last registration */
	uint8_t mico; /* enum amf_mico */
	bool has_edrx;
	uint8_t edrx;               /* octet 3 of 24.008 10.5.5.32 */
	uint32_t t3512_s, active_s; /* 0: the network's; none (T3324) */
	uint64_t due_ns;            /* AMF_MICO_STRICT: when T3512 expires next */
};

extern const struct amf_mobility amf_mobility_none;
extern const struct record_def amf_mobility_def;

/* That of the UE, never NULL. */
static inline const struct amf_mobility *amf_mobility_of(const struct amf_ue *ue)
{
	return ue->mobility ? ue->mobility : &amf_mobility_none;
}

/* For changes; NULL: memory is refused. */
struct amf_mobility *amf_mobility_make(struct amf_ue *ue);
/* Gives it back where it says nothing. */
void amf_mobility_trim(struct amf_ue *ue);

/* mobility_restriction.c */
/* Whether a tracking area is one where the UE may be served (service area restrictions). */
bool amf_mobility_allows(const struct amf_ue *ue, uint32_t tac);
bool amf_mobility_forbids(const struct amf_ue *ue, uint32_t tac);
/* The 5GMM cause for a registration in it; 0: it is permitted. */
uint8_t amf_mobility_refusal(const struct amf *amf, const struct amf_ue *ue, uint32_t tac);
/* The UE registers in a tracking area, which counts where their number is restricted. initial: none counts so
 * far.
 */
bool amf_mobility_use_area(struct amf *amf, struct amf_ue *ue, uint32_t tac, bool initial);
/* Takes what the subscription has; false: memory is refused. */
bool amf_mobility_take(struct amf_ue *ue, const struct access_and_mobility_subscription_data *data);
/* The service area list of NAS (9.11.3.49), views of amf->arena; false: there is none, or no room. */
bool amf_mobility_service_areas(struct amf *amf, const struct amf_ue *ue, struct nas_tai_list *out);
/* 38.413 9.3.1.85; NULL: nothing is restricted, or there is no room. */
struct ngap_mobility_restriction_list *amf_ie_mobility_restrictions(struct amf *amf, const struct amf_ue *ue);

/* reachability.c */
/* T3512 of the UE; 0: deactivated. */
uint32_t amf_t3512_s(const struct amf *amf, const struct amf_ue *ue);
/* The same as NAS and NGAP have it, 24.501 9.11.2.5. */
uint8_t amf_t3512(const struct amf *amf, const struct amf_ue *ue);
/* What the UE asks for at a registration is agreed on; false: memory is refused. */
bool amf_reachability_agree(struct amf *amf, struct amf_ue *ue, const struct amf_registration *p);
/* ... and goes into its accept. */
void amf_reachability_accept(const struct amf_ue *ue, uint8_t *edrx, struct nas_registration_accept *a);
/* The registration is complete: a strictly periodic timer starts. */
void amf_reachability_begin(struct amf *amf, struct amf_ue *ue);
/* The UE has become idle. */
void amf_reachability_idle(struct amf *amf, struct amf_ue *ue);
/* False: the cell's. */
bool amf_ie_drx(const struct amf_ue *ue, enum ngap_paging_drx *out);
/* 0: none is agreed on. */
uint32_t amf_edrx_cycle_ms(const struct amf_ue *ue);
/* NULL: it does not use it. */
struct ngap_nr_paging_edrx_information *amf_ie_edrx(struct amf *amf, const struct amf_ue *ue);
/* 38.413 9.3.1.15; NULL: no room. */
struct ngap_core_network_assistance_information_for_inactive *amf_ie_assistance(
	struct amf *amf, const struct amf_ue *ue);
