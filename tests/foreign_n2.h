/* A foreign gNB at our core, message by message. */
#pragma once

#include "tests/foreign.h"

#include "tests/call_bed.h"
#include "wire/nas/nas.h"
#include "wire/ngap/ngap.h"

enum { FOREIGN_ANSWERS_MAX = 8 };

extern struct call_bed *foreign_bed;
extern struct arena foreign_arena;
/* What the core said to it last, and on which stream. */
extern struct ngap_pdu answers[FOREIGN_ANSWERS_MAX];
extern size_t answer_count;
extern uint16_t foreign_stream;

int foreign_setup(void **state);
int foreign_teardown(void **state);

/* Starts the core as that of a PLMN with one slice and tracking area 1, and the association with it. */
void foreign_network(const char *plmn, struct snssai slice, uint16_t streams);
void foreign_subscribe(const char *imsi);

void foreign_give(enum msg_kind kind, uint16_t streams, struct bytes data);
void foreign_give_pdu(enum ngap_message type, const void *body);
/* The NAS message, in plain, of a DOWNLINK NAS TRANSPORT. */
struct nas_msg foreign_nas_of(const struct ngap_pdu *pdu);
