/* A UE with a gNB and a network of the test's own hand: radio PDUs, NAS messages, time. */
#pragma once

#include "base/test_env.h"
#include "proto/test_nas.h"
#include "radio/uu.h"
#include "radio/uu_rrc.h"
#include "ue/ue.h"

enum { BED_NGKSI = 1, BED_TMSI = 0xdecade, BED_EVENTS = UE_EVENT_COUNT };

struct bed {
	struct test_env t;
	struct ue_profile profile;
	struct ue_config config;
	struct ue_host *host;
	struct ue *ue;
	struct arena arena;
	struct addr gnb;
	uint32_t index;      /* the UE's, of its last PDU */
	struct test_nas nas; /* the network */
	struct usim twin;    /* what the home network computes with */
	uint64_t sqn;
	uint8_t k_ausf[KDF_KEY_LEN];
	uint32_t events[BED_EVENTS];
	struct ue_event_info last;
	uint8_t header; /* security header type of the last NAS message received */
};

int bed_setup(void **state);
int bed_teardown(void **state);
void bed_pass(struct bed *b, uint32_t ms);
void bed_deliver(struct bed *b, struct bytes datagram);
void bed_forget(struct bed *b);

/* The UE's next PDU; false: none. Then the same as one of RRC, and as a NAS message, which there must be. */
bool bed_next(struct bed *b, struct uu_pdu *out);
struct uu_rrc_msg bed_rrc(struct bed *b, enum uu_rrc_type type);
struct nas_msg bed_nas(struct bed *b, enum nas_msg_type type);
/* The next must be the UE's leaving. */
void bed_left(struct bed *b);

void bed_send_link(struct bed *b, enum uu_link what);
void bed_send_rrc(struct bed *b, struct uu_rrc_msg m);
void bed_send_octets(struct bed *b, struct bytes nas);
void bed_send_plain(struct bed *b, struct nas_msg m);
void bed_send(struct bed *b, struct nas_msg m); /* integrity protected and ciphered */

/* The registration by its steps, each with the UE's answer received; the challenge with this SQN and ngKSI.
 */
struct nas_msg bed_challenge(uint8_t ngksi, struct bed *b);
void bed_secure(struct bed *b);
/* Of a UE that is secured already: with the next ngKSI. */
void bed_secure_again(struct bed *b);
void bed_accept(struct bed *b);
void bed_register(struct bed *b);
bool bed_is(const struct bed *b, const char *mm_state);

/* A 5GSM message by DL NAS TRANSPORT, and the next one of the UE. */
void bed_send_sm(struct bed *b, struct nas_msg m);
struct nas_msg bed_sm(struct bed *b, enum nas_msg_type type);
/* An acceptable answer to that request; its parts belong to the bed. */
struct nas_msg bed_session_accept(struct bed *b, const struct nas_msg *request);
/* Session 1, with the bearer of that number. */
void bed_session(struct bed *b, uint8_t drb);

uint64_t bed_stat(struct bed *b, const char *name);
