/* The AMF alone: gNB and UE by octets on one side, scripted AUSF, UDM, NSSF, PCF, NRF and SMF on a real bus.
 */
#pragma once

#include "base/test_env.h"

#include "base/commit.h"

#include "core/amf/internal.h"
#include "proto/test_nas.h"

enum { BED_SENT_MAX = 256, BED_UPDATES_MAX = 64, BED_ASSOC = 7, BED_RAN_ID = 1 };

/* How a function answers an operation. */
struct bed_script {
	enum sbi_cause cause;
	bool mute; /* does not answer; the request is kept in held */
	uint64_t held;
	uint32_t requests; /* seen */
};

struct amf_bed {
	struct test_env t;
	struct turn turn;
	struct sbi_bus *bus;
	struct sbi_nf *smf; /* who calls the AMF */
	struct amf_config config;
	struct amf *amf;
	struct arena arena;
	struct bed_script script[SBI_OP_COUNT];
	struct snssai allowed; /* what the NSSF allows; sst 0: nothing */
	uint8_t kseaf[32];
	struct access_and_mobility_subscription_data am; /* what the UDM has of the UE */
	const struct nas_registration_request
		*asks;             /* that its REGISTRATION REQUEST has too; NULL: nothing */
	uint32_t gnb_tac;          /* of the next NG Setup; 0: 1 */
	bool res_star_fails;       /* at the AUSF */
	struct bytes eap, eap_end; /* its EAP request, and the end of EAP; none: 5G-AKA */
	bool eap_goes_on;          /* with the same request once more */
	/* what the AUSF was asked last */
	bool has_resync;
	struct resynchronization_info resync;
	struct acknowledge_info sdm_ack; /* what the UDM was told last of what the UE was to be told */
	/* the SMF's transfers */
	uint32_t transfers_answered;
	enum sbi_cause transfer_cause; /* of the last */
	/* UpdateSMContext: what the SMF got last, and answers */
	enum n2_sm_info_type updated_type, update_type;
	bool moves;           /* it answers those of handovers and path switches as 29.502 has it instead */
	uint16_t smf_refuses; /* and these sessions not */
	struct sm_context_update_data updates[BED_UPDATES_MAX]; /* without what they point to */
	uint8_t update_ids[BED_UPDATES_MAX];                    /* their sessions */
	uint32_t update_count;
	/* N2 */
	struct bytes sent[BED_SENT_MAX];
	uint64_t sent_to[BED_SENT_MAX]; /* their associations */
	size_t sent_count, read;
	struct bytes gnb_name;       /* in its NG SETUP REQUEST; none: without */
	struct test_nas nas;         /* the UE */
	const struct nas_msg *clear; /* its REGISTRATION REQUEST; NULL: amf_bed_request() */
	const char *host;            /* of the gNB; NULL: 10.0.0.3 */
	uint64_t assoc;              /* of the gNB of UEs that begin; 0: BED_ASSOC */
	uint32_t waited_us;          /* of each message on N2 */
	uint16_t busy_permille;
	uint8_t cause; /* RRC establishment cause and 1; 0: mo-Signalling */
	bool retains;  /* UE Retention Information in NG SETUP REQUEST */
	uint64_t amf_id;
	uint32_t ran_id;
	uint32_t tmsi; /* of the last accept */
	uint8_t ngksi;
	uint8_t header; /* security header type of what the UE heard last */
};

extern const uint8_t amf_bed_res_star[16]; /* what the USIM would answer */

int amf_bed_setup(void **state);
int amf_bed_teardown(void **state);
/* Another AMF on the same store. */
void amf_bed_restart(struct amf_bed *b);
/* The same, and the store may be older than what was sent. */
void amf_bed_restart_older(struct amf_bed *b);

void amf_bed_settle(struct amf_bed *b);
void amf_bed_pass(struct amf_bed *b, uint32_t ms);
void amf_bed_deliver(struct amf_bed *b, uint64_t assoc, enum msg_kind kind, struct bytes data);
void amf_bed_give(struct amf_bed *b, uint64_t assoc, enum ngap_message type, const void *body);
void amf_bed_ng_setup(struct amf_bed *b, uint64_t assoc, uint32_t gnb_id);
/* The next NGAP message sent; false: none. */
bool amf_bed_next(struct amf_bed *b, struct ngap_pdu *pdu);
bool amf_bed_sent(struct amf_bed *b, enum ngap_message type, struct ngap_pdu *pdu);
/* The next NAS message to the UE, in plain. */
bool amf_bed_hears(struct amf_bed *b, struct nas_msg *m);
void amf_bed_expect(struct amf_bed *b, enum nas_msg_type type, struct nas_msg *m);
void amf_bed_silent(struct amf_bed *b);

void amf_bed_begin(struct amf_bed *b, struct bytes nas);
void amf_bed_say(struct amf_bed *b, struct bytes nas);
void amf_bed_say_protected(struct amf_bed *b, const struct nas_msg *m);
struct nas_msg amf_bed_request(void);
/* Registration as far as the message named: it is the last the UE heard. */
void amf_bed_challenge(struct amf_bed *b);
void amf_bed_answer_challenge(struct amf_bed *b);
void amf_bed_secure(struct amf_bed *b);
void amf_bed_complete_security(struct amf_bed *b);
void amf_bed_accept(struct amf_bed *b);
void amf_bed_register(struct amf_bed *b);
/* By its GUTI, on a connection of its own; the gNB has the context once it answers. */
void amf_bed_again(struct amf_bed *b, uint8_t registration_type, uint32_t tmsi);
void amf_bed_service(struct amf_bed *b);
void amf_bed_context_is_set_up(struct amf_bed *b);
void amf_bed_released(struct amf_bed *b);
struct amf_ue *amf_bed_ue(struct amf_bed *b);
/* A session as the SMF has it, without its establishment. */
void amf_bed_session(struct amf_bed *b, uint8_t pdu_session_id);
void amf_bed_transfer(struct amf_bed *b, enum ngap_ie_type n2, uint8_t pdu_session_id);
