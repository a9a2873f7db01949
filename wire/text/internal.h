/* Inside wire/text: what the protocols share. */
#pragma once

#include "base/arena.h"
#include "wire/text/text.h"
#include "wire/tlv/tlv.h"

enum {
	TEXT_ARENA_MAX = 4 << 20, /* octets that one message may decode to */
	TEXT_CUT_ROOM = 4,        /* for the end of a text that does not fit */
};

/* Begins a text at w's end, with room kept for its end; text_finish gives it to w. */
void text_start(struct printer *p, struct writer *part, struct writer *w, enum print_form form,
	const struct print_policy *policy);
void text_finish(struct writer *w, const struct writer *part);

/* NAS where it is nested: below another message of the printer. False when it is none. */
bool nas_nested(struct printer *p, const char *name, struct bytes pdu);

/* The transfer of N2 SM information of that type (29.502 6.1.6.3.x n2SmInfoType) and name. */
bool ngap_transfer_nested(struct printer *p, const char *name, const char *type, struct bytes octets);

/* What is wrong with a message, and in which element. */
void tlv_fault_print(struct printer *p, const char *protocol, const struct tlv_fault *fault);
