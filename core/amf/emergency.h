/* Emergency services, 23.501 5.16.4: who gets them, as the operator allows it (amf_config's emergency). */
#pragma once

#include "core/amf/internal.h"

/* Whether the network has them for whom it knows. */
bool amf_emergency_is_served(const struct amf *amf);
/* A registration for emergency services alone. */
bool amf_emergency_is_asked(const struct amf_registration *p);
/* 0, or the 5GMM cause to refuse the registration under way with: it is for them alone, and the operator does
 * not allow it; or for something else, on the strength of a context that proves nothing. */
uint8_t amf_emergency_refusal(const struct amf *amf, const struct amf_ue *ue);
/*
 * 33.501 10.2.2.2: the registration under way goes on without an authentication (MM_EV_UNPROVED). The UE then
 * goes by its equipment (supi_is_imei()), with null algorithms, as long as it is registered.
 */
bool amf_emergency_needs_no_proof(const struct amf *amf, const struct amf_ue *ue);
/* The identity is a PEI, and that is enough: it is what the UE is known by. */
bool amf_emergency_takes_pei(
	const struct amf *amf, struct amf_ue *ue, const struct nas_mobile_identity *identity);
/* Who it is, from the IMEISV of its SECURITY MODE COMPLETE (NULL: none) or what it has said before. */
bool amf_emergency_equipment(
	const struct amf_ue *ue, const struct nas_mobile_identity *imeisv, struct supi *out);
/* The registration under way is for them alone: asked for, or since the last initial one (24.501 5.5.1.3.4).
 */
bool amf_emergency_is_only(const struct amf_ue *ue);
/* It is registered for them alone, or has a session of them. */
bool amf_emergency_has(const struct amf_ue *ue);
struct snssai amf_emergency_slice(const struct amf *amf);
/* What the UE may have of slices and bit rates, in the subscription's place. */
void amf_emergency_allow(const struct amf *amf, struct amf_ue *ue);
/* The emergency number list of an accept (24.008 10.5.3.13), in octets. */
enum { AMF_EMERGENCY_LIST_MAX = AMF_EMERGENCY_NUMBERS_MAX * (2 + AMF_EMERGENCY_DIGITS_MAX / 2) };
struct bytes amf_emergency_numbers(const struct amf *amf, uint8_t octets[AMF_EMERGENCY_LIST_MAX]);
/* emergency_session.c: the request for a session of them; what cannot be is given back. */
void amf_emergency_session(struct amf *amf, struct amf_ue *ue, const struct nas_ul_nas_transport *m);
