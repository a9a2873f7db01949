/* Registration, 24.501 5.5.1, as its files share it: registration.c, registration_nas.c, registration_area.c,
 * and identification.c. */
#pragma once

#include "base/fsm.h"
#include "core/amf/procedure.h"

struct amf;
struct amf_ue;

/* registration_nas.c: what counts of a REGISTRATION REQUEST, the ACCEPT, the REJECT. */
/* Initial, mobility, periodic, and for emergencies; not what else there is. */
bool amf_registration_is_supported(uint8_t registration_type);
/* Takes the request over; of one that came in the clear only the cleartext IEs (24.501 4.4.6). */
void amf_registration_take(const struct amf *amf, struct amf_registration *p,
	const struct nas_registration_request *m, bool is_protected);
/* False: it cannot be kept, and nothing was sent. */
bool amf_registration_accept_send(struct amf *amf, struct amf_ue *ue);
/* Ends the registration with REGISTRATION REJECT. The UE context may be gone afterwards: always FSM_GONE. */
enum fsm_outcome amf_registration_reject(struct amf *amf, struct amf_ue *ue, uint8_t cause);
/* Likewise, with the 5GMM cause of another function's refusal. */
enum fsm_outcome amf_registration_refused(struct amf *amf, struct amf_ue *ue, enum sbi_cause cause);
/* Refuses it for load (#22), and the UE is what it was; FSM_GONE likewise. */
enum fsm_outcome amf_registration_put_off(struct amf *amf, struct amf_ue *ue);
/* T3346 of one that is put off: within the minute, not all at once (24.501 5.3.9). */
uint8_t amf_t3346(struct amf *amf);

/* identification.c; the first: SUPI or SUCI as text (23.003 28.7.3); false for other identities. */
bool amf_identity_text(const struct nas_mobile_identity *identity, char out[SUPI_OR_SUCI_SIZE]);
fsm_action amf_identification_start, amf_identification_response;

/* registration_area.c: that of a UE where it is now; how many */
uint8_t amf_registration_area(const struct amf *amf, const struct amf_ue *ue, struct tai out[AMF_TACS_MAX]);

/* registration.c */
fsm_action amf_registration_request, amf_registration_restart, amf_registration_subscribe,
	amf_registration_answer, amf_registration_accept, amf_registration_complete, amf_registration_abandon;
void amf_registration_expired(struct amf *amf, struct amf_procedure *p);
void amf_registration_ended(struct amf *amf, struct amf_procedure *p);
