/* The gNB with an AMF and UEs of the test's own hand. */
#pragma once

#include "base/test_env.h"
#include "gnb/gnb.h"
#include "radio/uu.h"
#include "radio/uu_rrc.h"
#include "wire/gtpu/gtpu.h"
#include "wire/ngap/ngap_id.h"

enum { ASSOC = 7, AMF_UE_ID = 1000, UL_TEID = 0x1234, BED_UE_INDEX = 5 };
#define BED_MASKED_IMEISV UINT64_C(0x352099001761ffff)

struct bed {
	struct test_env t;
	struct gnb_config config;
	struct gnb *gnb;
	struct arena arena;
	struct addr amf, ue, upf;
	uint32_t ran_ue_ngap_id;
};

int bed_setup(void **state);
/* The second cell is in another tracking area. */
int bed_setup_two_cells(void **state, uint16_t pci0, uint16_t pci1);

/* The context of the UE that the core knows; NULL: there is none. */
struct gnb_ue *bed_ue(struct bed *b);
int bed_teardown(void **state);
/* ms go by. */
void bed_pass(struct bed *b, uint32_t ms);
void bed_deliver(struct bed *b, const struct msg *m);
/* A GTP-U message to that tunnel; a G-PDU's packet has that octet after its version. */
void bed_upf_sends(struct bed *b, uint8_t type, uint32_t teid, uint8_t octet);
/* The next message for a port; NULL: none. Earlier ones for other ports are passed over. */
const struct msg *bed_next(struct bed *b, uint16_t port);
/* Drops what was sent, and what was decoded. */
void bed_forget(struct bed *b);
void bed_amf_sends(struct bed *b, enum ngap_message type, const void *body);
/* The next message on N2, or on the air, of that type; else the test fails. */
struct ngap_pdu bed_amf_gets(struct bed *b, enum ngap_message type);
/* By the UE with index 5, over the air. */
void bed_ue_sends(struct bed *b, struct uu_rrc_msg m);
void bed_ue_sends_pdu(struct bed *b, struct uu_pdu p);
void bed_ue_leaves(struct bed *b);
struct uu_rrc_msg bed_ue_gets(struct bed *b, enum uu_rrc_type type);
/* That the connection is gone. */
void bed_ue_loses(struct bed *b);
uint64_t bed_stat(struct bed *b, enum gnb_stat s);
/* Up to NG SETUP REQUEST; to NG SETUP RESPONSE; to a UE with NAS both ways. */
struct ngap_ng_setup_request bed_associate(struct bed *b);
void bed_setup_response(struct bed *b, bool retained);
void bed_ready(struct bed *b);
void bed_connected(struct bed *b);
/* INITIAL CONTEXT SETUP REQUEST, with octets of the key, and the UE's algorithms. */
void bed_ask_context(struct bed *b, uint8_t key, uint16_t ea, uint16_t ia);
/* PDU Session Resource Setup Request Transfer with one flow. */
struct bytes bed_setup_transfer(struct bed *b, int64_t qfi, uint32_t teid);
/* PDU SESSION RESOURCE SETUP REQUEST; the answer of the UE to one of them. */
void bed_ask_sessions(struct bed *b, const uint8_t *psis, size_t count);
void bed_bearer_answer(struct bed *b, uint8_t drb, bool accepted);
