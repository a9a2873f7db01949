/*
 * Random access of four steps (TS 38.321 5.1), contention-based or with a preamble of one's own. A state
 * machine without clock or chance of its own: whoever runs it says what time it is, draws numbers, sends the
 * preamble at the next PRACH occasion, and gives it what comes.
 *
 *   start -> PREAMBLE -> (sent) RESPONSE -> (RAR) MSG3 -> (sent) CONTENTION -> DONE
 *               ^  backoff        |no RAR in the window      |timer, or another's identity
 *               +-----------------+--------------------------+        PROBLEM after preambleTransMax, and on
 */
#pragma once

#include "radio/mac/rar.h"

/* RACH-ConfigCommon and RACH-ConfigGeneric of 38.331 6.3.2, and what the initial BWP makes of them. */
struct ue_ra_config {
	int16_t received_target_power_dbm; /* preambleReceivedTargetPower */
	int8_t delta_preamble_db;          /* ue_ra_delta_preamble_db() */
	uint8_t ramping_step_db;           /* powerRampingStep */
	uint8_t trans_max;                 /* preambleTransMax */
	uint32_t response_window_ns;       /* ra-ResponseWindow, slots made time */
	uint32_t contention_ms;            /* ra-ContentionResolutionTimer */
	/* The preambles of the SSB that was selected (38.213 8.1): group A, then group B if it is configured.
	 */
	uint8_t first_preamble, group_a, group_b;
	uint16_t msg3_size_group_a;   /* ra-Msg3SizeGroupA, octets */
	int16_t group_b_path_loss_db; /* below it group B may be taken: P_CMAX - target power - delta - offset
					 (5.1.2) */
	uint8_t si_first, si_count;   /* preambles for requests of system information */
};

enum ue_ra_state {
	UE_RA_IDLE,
	UE_RA_PREAMBLE,   /* to be sent at the next occasion, not before `not_before_ns` */
	UE_RA_RESPONSE,   /* PDCCH with RA-RNTI is watched */
	UE_RA_MSG3,       /* the grant of the response is to be used */
	UE_RA_CONTENTION, /* PDCCH with Temporary C-RNTI, or C-RNTI, is watched */
	UE_RA_DONE,
};

struct ue_ra_stats {
	uint64_t started, done, preambles, responses, no_response, lost_contentions, problems, bad_responses;
};

struct ue_ra {
	struct ue_ra_config config;
	enum ue_ra_state state;
	bool contention_free, si_request;
	bool for_grant;      /* in place of a scheduling request (5.4.4), so that a grant ends it */
	bool has_c_rnti;     /* its control element goes into Msg3, else a CCCH SDU does */
	uint8_t identity[6]; /* the first octets of that SDU */
	bool group_b, msg3;  /* Msg3 was built: it is kept, and the group with it */
	bool problem;        /* told to RRC */
	uint8_t preamble, counter, ramping_counter;
	uint32_t backoff_ms; /* PREAMBLE_BACKOFF */
	uint64_t not_before_ns, deadline_ns;
	uint16_t temporary_c_rnti;
	struct mac_rar rar; /* of UE_RA_MSG3: timing advance and grant */
	struct ue_ra_stats stats;
};

/* Table 7.3-1 and -2. format: 0 to 3 as they are called, "A1" and so on by ue_ra_delta_short_db. */
MUST_USE int ue_ra_delta_long_db(unsigned format);
/* group 'A', 'B' or 'C' and its number, at the subcarrier spacing of mu. */
MUST_USE int ue_ra_delta_short_db(char group, unsigned number, unsigned mu);

/* 5.1.3: RA-RNTI of an occasion: its first symbol, first slot of the frame (of the numerology of the
 * preamble, 15 kHz for long ones), frequency index; on the supplementary uplink or not. */
MUST_USE uint16_t ue_ra_rnti(unsigned symbol, unsigned slot, unsigned frequency, bool supplementary);

struct ue_ra_start {
	bool contention_free;
	uint8_t preamble; /* of a contention-free one, or of a request of system information */
	bool si_request;
	bool for_grant;
	bool has_c_rnti; /* else the CCCH SDU's first six octets */
	uint8_t identity[6];
	uint16_t msg3_octets; /* what Msg3 would be, subheaders and control elements included */
	int16_t path_loss_db;
	uint32_t random; /* any 32 bits */
};

void ue_ra_init(struct ue_ra *r, const struct ue_ra_config *config);

/* Replaces one that is under way. */
void ue_ra_begin(struct ue_ra *r, const struct ue_ra_start *s, uint64_t now_ns);
void ue_ra_stop(struct ue_ra *r);

/* PREAMBLE_RECEIVED_TARGET_POWER of the preamble that is to be sent. */
MUST_USE int ue_ra_power_dbm(const struct ue_ra *r);

/* UE_RA_PREAMBLE: it is sent; the window opens with the first PDCCH occasion behind it. */
void ue_ra_preamble_sent(struct ue_ra *r, uint64_t window_ns);

/* UE_RA_RESPONSE: a transport block for the RA-RNTI was decoded. True: it has our preamble. */
bool ue_ra_response(struct ue_ra *r, struct bytes pdu);

/* UE_RA_MSG3 or UE_RA_CONTENTION: Msg3, or its retransmission, ends at that time. */
void ue_ra_msg3_sent(struct ue_ra *r, uint64_t end_ns);

/* UE_RA_CONTENTION with a C-RNTI: PDCCH for it gives a grant for a new transmission. */
void ue_ra_c_rnti_heard(struct ue_ra *r);

/* UE_RA_CONTENTION without: the MAC PDU for the Temporary C-RNTI has this identity (or none: empty). True: it
 * is ours, and the Temporary C-RNTI is the C-RNTI from here on; otherwise the PDU counts for nothing. */
bool ue_ra_identity_heard(struct ue_ra *r, struct bytes identity, uint32_t random, uint64_t now_ns);

/* Timers; random: any 32 bits, for backoff and the next preamble. */
void ue_ra_run(struct ue_ra *r, uint32_t random, uint64_t now_ns);
