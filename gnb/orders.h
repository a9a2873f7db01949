/* What AMFs and operators have the gNB do beside its UEs' calls. */
#pragma once

#include "base/timers.h"
#include "wire/id.h"

struct gnb;
struct gnb_amf;
struct gnb_ue;

/* Whether an operator traces all UEs of a cell. */
struct gnb_cell_trace {
	bool on;
	uint8_t reference[6]; /* Trace Reference, 32.422 5.6 */
	struct addr collector;
};

/* A public warning that is broadcast, warning.c. */
struct gnb_warning {
	struct timer timer; /* until it is broadcast again */
	uint16_t id, serial;
	uint16_t cells; /* bit n: in that cell; 0: there is none */
	uint16_t sent;
	uint32_t left, period_s;
	uint8_t dcs;
	size_t len;
	uint8_t *contents; /* owned */
};

/* location_reporting.c: the UE is in another cell */
void gnb_location_changed(struct gnb *gnb, struct gnb_ue *ue);

/* trace.c: tells the AMF of a UE with a context, where its cell is traced. */
void gnb_cell_traffic_trace(struct gnb *gnb, struct gnb_ue *ue);

/* warning.c */
void gnb_warning_end(struct gnb *gnb, struct gnb_warning *w);
void gnb_pws_restart_indication(struct gnb *gnb, struct gnb_amf *amf);

/* xn_configuration_update.c: neighbours hear of the AMF's regions. */
void gnb_xn_amf_added(struct gnb *gnb, const struct gnb_amf *amf);

/* ran_configuration_transfer.c: asks neighbours without a known Xn address for it. */
void gnb_xn_addresses_request(struct gnb *gnb);
