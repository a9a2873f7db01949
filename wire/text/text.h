/*
 * Any message as text: raw octets to what they mean, for logs, traces, failed tests and gdb. In a line: the
 * message's name and what matters of it. In full: every value on a line of its own, indented. Messages inside
 * messages (NAS in NGAP, transfers, N1 and N2 in service operations) are shown where they stand, as far as
 * they are in plain. Keys, RES* and passwords are ***. Of what is malformed its place is given; what was
 * understood is shown.
 *
 * All write to w, whose room they never exceed: a text that is cut ends with "...". The text is not
 * terminated, and ends with a newline in full only. False: malformed.
 */
#pragma once

#include "base/printer.h"
#include "wire/sbi/sbi_json.h"

bool ngap_text(enum print_form form, struct bytes pdu, struct writer *w);
bool f1ap_text(enum print_form form, struct bytes pdu, struct writer *w);
bool xnap_text(enum print_form form, struct bytes pdu, struct writer *w);
bool e1ap_text(enum print_form form, struct bytes pdu, struct writer *w);
/* With a security header or without; what is ciphered is shown if it is so with the null algorithm. */
bool nas_text(enum print_form form, struct bytes pdu, struct writer *w);
bool pfcp_text(enum print_form form, struct bytes pdu, struct writer *w);
bool gtpu_text(enum print_form form, struct bytes packet, struct writer *w);

/* type: a message type of wire/rrc/rrc.h, as rrc_ul_dcch_message_type. */
struct per_type;
bool rrc_text(const struct per_type *type, enum print_form form, struct bytes message, struct writer *w);

/* A service operation: as an HTTP request; as its decoded structs. */
bool sbi_text(enum print_form form, const struct sbi_http *request, struct writer *w);
void sbi_request_text(enum print_form form, enum sbi_op_id op, const void *req, struct writer *w);
void sbi_response_text(
	enum print_form form, enum sbi_op_id op, enum sbi_cause cause, const void *rsp, struct writer *w);

/* A protocol by its name: "ngap", "nas", "pfcp", "gtpu", "f1ap", "e1ap", "rrc-dl-dcch" and so on; NULL: no
 * such. */
typedef bool text_fn(enum print_form form, struct bytes octets, struct writer *w);
text_fn *text_named(const char *protocol);
/* The names, separated by blanks. */
const char *text_names(void);
