/* Inside the UE's radio by samples: rrc_air.c, the verbs, and rrc_air_event.c, what comes up. */
#pragma once

#include "ue/air.h"
#include "ue/rrc_ops.h"
#include "ue/phy/slots.h"
#include "ue/stack/stack.h"

struct ue_air {
	struct ue_host *host;
	struct env env; /* the host's with the time of the samples */
	struct ue_stack *stack;
	struct ue_slots slots; /* of a model, in place of samples: rrc_air_slots.c */
	bool by_slots;
	void *l1_arg;
	void (*l1_wake)(void *arg);
	double rate_hz;
	uint64_t samples;
	size_t ahead; /* samples that are given before their time */
	struct phy_cf *block;
	size_t block_samples;
	struct ue_cell cell; /* where it camps */
	bool camped;
	bool silence_said;
	uint64_t silence_said_ns;
	/* What the NAS has asked for; RRC begins with it between two blocks, once there is a cell. */
	bool pending;
	bool leaving; /* the NAS has left the connection, and hears nothing of it any more */
	bool parting; /* with words that it is yet to be made for: a UE that is switched off while idle */
	uint64_t leave_ns;
	struct ue_rrc_request request;
	uint8_t nas[NAS_MAX_OCTETS];
	uint64_t down_octets, up_octets;
};

/* The only UE of the host; NULL: it is not made yet, or gone. */
static inline struct ue *ue_air_ue(const struct ue_air *a)
{
	uint32_t i = 0;

	return pool_next(&a->host->ues, &i);
}

/* Between two blocks or slots: what the NAS has asked for begins, what it has left ends. */
void ue_air_turn(struct ue_air *a);
void ue_air_paged_as(struct ue_air *a);

/* rrc_air_event.c */
void ue_air_events(struct ue_air *a, struct ue_stack_config *c);
