/* A foreign gNB at our core, message by message. */
#pragma once

#include "tests/foreign.h"

#include "tests/call_bed.h"
#include "wire/nas/nas.h"
#include "wire/ngap/ngap.h"

enum { FOREIGN_ASSOC = 100, FOREIGN_ANSWERS_MAX = 8 };

struct foreign {
	struct call_bed *bed;
	struct arena arena;
	/* what the core sent to the foreign gNB last, and on which stream */
	struct ngap_pdu answers[FOREIGN_ANSWERS_MAX];
	size_t answer_count;
	uint16_t stream;
};

/* For cmocka: the state is a struct foreign. */
int foreign_setup(void **state);
int foreign_teardown(void **state);

/* The network of the recording: its PLMN, and the slices of its gNB. */
void foreign_network(struct foreign *f, const char *plmn, struct snssai slice, uint16_t streams);
void foreign_subscribe(struct foreign *f, const char *imsi);

/* A message, or the association itself, from the gNB. */
void foreign_give(struct foreign *f, enum msg_kind kind, uint16_t streams, struct bytes data);
void foreign_give_pdu(struct foreign *f, enum ngap_message type, const void *body);

struct nas_msg foreign_nas_of(struct foreign *f, const struct ngap_pdu *pdu);
