/* Whom messages of N1 and N2 concern, and their way to struct amf_tap. */
#pragma once

#include "core/amf/amf.h"
#include "wire/ngap/ngap.h"

struct amf_connection;
struct amf_gnb;
struct amf_ue;

/* That of the connection; without one that of the SUPI. */
uint64_t amf_ue_whose(const struct amf_ue *ue);
/* Who is on the connection is to be seen yet; the N2 message at hand is the first of it. */
void amf_whose_begin(struct amf *amf, struct amf_connection *c);
/* Who it was until now; and from now on. */
void amf_whose_known(struct amf *amf, struct amf_connection *c, const struct supi *supi);
void amf_whose_is(struct amf *amf, struct amf_connection *c, const struct supi *supi);
void amf_seen_n2(struct amf *amf, bool in, uint64_t whose, const struct amf_gnb *gnb, struct bytes pdu);
void amf_seen_n1(struct amf *amf, bool uplink, uint64_t whose, struct bytes pdu, struct bytes plain);
/* The N2 message at hand, if there is one, is done with. */
void amf_seen_all(struct amf *amf);

/* n2_send.c: amf_n2_send(), of a message that concerns somebody. */
bool amf_n2_send_whose(struct amf *amf, struct amf_gnb *gnb, uint16_t stream, uint64_t whose,
	enum ngap_message type, const void *body);
