/* Authentication and the security mode that follows it, 24.501 5.4.1 and 5.4.2. */
#pragma once

#include "core/amf/internal.h"

enum { AMF_ABBA_LEN = 2 };
extern const uint8_t amf_abba[AMF_ABBA_LEN];

/* authentication.c */
fsm_action amf_authentication_start, amf_authentication_vector, amf_authentication_again,
	amf_authentication_response, amf_authentication_failure, amf_authentication_confirmed;
/* An answer of eap-session: EAP goes on with another request to the UE. */
bool amf_authentication_goes_on(const struct sbi_answer *a);

/* security_mode.c. eap_success: what ends EAP, to be sent along; or none. */
enum fsm_outcome amf_security_mode_start(struct amf *amf, struct amf_ue *ue, const struct supi *supi,
	uint8_t ngksi, const uint8_t k_amf[KDF_KEY_LEN], struct bytes eap_success);
/* Without authentication, of emergency services: null algorithms, 33.501 10.2.2.2. */
fsm_action amf_security_mode_unproved;
fsm_action amf_security_mode_complete, amf_security_mode_reject;
