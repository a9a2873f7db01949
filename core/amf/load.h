/*
 * How loaded the AMF is, and whom it takes: load.c. Measured by how long messages waited before the AMF saw
 * them, and by the share of the time that the process works.
 */
#pragma once

#include "base/timers.h"
#include "core/amf/amf.h"

struct amf_connection;
struct amf_gnb;

struct amf_load {
	struct timer tick; /* set while there is overload */
	/* of the tick under way */
	uint64_t since_ns;
	uint32_t waited_us; /* by the message that waited least; UINT32_MAX: there was none */
	uint16_t busy_permille;
	uint32_t refused;
	/* since the process is busy, or its backlog was last looked at */
	uint64_t busy_ns;
	uint32_t handled; /* messages, without those of refused UEs */
	/* How many registrations and service requests may be under way. */
	uint32_t window;
	/* since the gNBs were last told, of those that came after */
	uint64_t told_ns;
	uint32_t asked, turned_away;
	uint32_t under_way; /* then */
	uint8_t ticks;
	uint8_t calm;    /* ticks without overload and without a refusal */
	uint8_t passed;  /* percent of new connections that the gNBs are to let through */
	bool announced;  /* OVERLOAD START is in force */
	uint32_t now_us; /* how long the message at hand waited */
};

void amf_load_init(struct amf_load *load);
/* A message on N2. */
void amf_load_note(struct amf *amf, const struct msg *m);
/* Whether a first NAS message on c that asks for a registration or service is served now (24.501 5.3.9). */
bool amf_load_admits(struct amf *amf, const struct amf_connection *c);
/* Whether an INITIAL UE MESSAGE is so old that its UE is about to give up: nothing is done for it. */
bool amf_load_is_hopeless(struct amf *amf, uint8_t establishment_cause);
/* What a gNB that has just been set up has to know. */
void amf_load_tell(struct amf *amf, struct amf_gnb *gnb);
