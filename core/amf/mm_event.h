/* The 5GMM states of the AMF and what happens in them; dispatch.c has the table. */
#pragma once

#include "base/fsm.h"

struct amf;
struct amf_ue;

/* 5GMM states of the AMF, 24.501 5.1.3.4, with the steps of the registration in between. */
enum mm_state {
	MM_DEREGISTERED,
	MM_REGISTRATION_BEGUN, /* a REGISTRATION REQUEST is being judged */
	MM_IDENTIFYING,        /* T3570 runs, IDENTITY RESPONSE awaited */
	MM_GETTING_VECTOR,     /* the AUSF is asked */
	MM_CHALLENGED,         /* T3560 runs, AUTHENTICATION RESPONSE awaited */
	MM_CONFIRMING,         /* the AUSF confirms */
	MM_SECURING,           /* T3560 runs, SECURITY MODE COMPLETE awaited */
	MM_SUBSCRIBING,        /* UDM, NSSF and PCF are asked */
	MM_ACCEPTED,           /* T3550 runs, REGISTRATION COMPLETE awaited */
	MM_REGISTERED,
	MM_DEREGISTERING, /* T3522 runs, DEREGISTRATION ACCEPT awaited */
	MM_STATE_COUNT
};

enum amf_mm_event {
	MM_EV_REGISTRATION_REQUEST,
	MM_EV_RESTART,      /* another request replaces the one under way */
	MM_EV_IDENTIFY,     /* the identity given leads nowhere */
	MM_EV_AUTHENTICATE, /* the identity is good, the security context is not */
	MM_EV_SECURED,      /* there is a security context in use */
	MM_EV_UNPROVED,     /* nothing is proved, and emergency services are given all the same */
	MM_EV_IDENTITY_RESPONSE,
	MM_EV_VECTOR,
	MM_EV_AUTHENTICATION_RESPONSE,
	MM_EV_AUTHENTICATION_FAILURE,
	MM_EV_EAP_REQUEST, /* of the AUSF, another one */
	MM_EV_CONFIRMED,
	MM_EV_SECURITY_MODE_COMPLETE,
	MM_EV_SECURITY_MODE_REJECT,
	MM_EV_ANSWER, /* of the UDM, NSSF or PCF */
	MM_EV_SUBSCRIBED,
	MM_EV_REGISTRATION_COMPLETE,
	MM_EV_CONFIGURATION_UPDATE_COMPLETE,
	MM_EV_SERVICE_REQUEST,
	MM_EV_DEREGISTRATION_REQUEST,
	MM_EV_DEREGISTRATION_ACCEPT,
	MM_EV_WITHDRAWN,   /* the network de-registers the UE */
	MM_EV_MOVED,       /* another AMF serves the UE now */
	MM_EV_UNREACHABLE, /* the implicit de-registration timer expired */
	MM_EV_CONNECTION_LOST,
	MM_EV_RESTORED, /* read from the store */
	MM_EV_COUNT
};

/* mm_event.c */
enum fsm_outcome amf_mm_event(struct amf *amf, struct amf_ue *ue, enum amf_mm_event event, const void *arg);
const char *amf_mm_state_name(const struct amf *amf, uint8_t state);
