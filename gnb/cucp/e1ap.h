/*
 * The CU-CP's end of E1AP (37.483): bearer contexts of UEs at one gNB-CU-UP or several, chosen by slice and
 * load. Verbs from whoever has the UEs, events to it; E1AP bytes below. A context has one procedure under way
 * at a time, so an answer has one question.
 */
#pragma once

#include "gnb/cucp/cucp.h"
#include "wire/e1ap/e1ap.h"

enum { CUCP_E1_SESSIONS_MAX = 16, CUCP_E1_DRBS_MAX = 8 /* of a session */ };

struct cucp_e1ap;
struct cucp_e1_context; /* valid until its failed of a setup, its lost, or cucp_e1_context_release() */

/* Where the DU has its end of a DRB. */
struct cucp_e1_attachment {
	uint8_t drb;
	struct cucp_tunnel dl;
};

/* A DRB that is there: its flows as the bearer has them now. */
struct cucp_e1_change {
	const struct cucp_bearer *bearer;
	bool reestablish; /* 38.323 5.1.2, with the order's keys */
	bool recover;     /* 38.323 5.5 */
	bool numbers;     /* are asked for */
};

/* COUNTs of the next SDU each way: of a DRB that another node had before (38.401 8.9.4), or that one is to
 * have. */
struct cucp_e1_numbers {
	uint8_t drb;
	uint32_t dl, ul;
};

/* What is wanted of a PDU session: of a new one all but attach, change and remove; of another what changes.
 */
struct cucp_e1_session {
	uint8_t psi;
	enum e1ap_pdu_session_type type;
	struct snssai snssai;
	enum e1ap_integrity_protection_indication integrity;
	enum e1ap_confidentiality_protection_indication ciphering;
	struct cucp_tunnel n3_ul; /* the UPF's; address_len 0: it stays */
	uint32_t inactivity_s;    /* 0: not watched */
	const struct cucp_bearer *add;
	uint8_t add_count;
	const struct cucp_e1_numbers *numbers; /* of those */
	uint8_t numbers_count;
	const struct cucp_e1_attachment *attach;
	uint8_t attach_count;
	const uint8_t *remove; /* DRBs */
	uint8_t remove_count;
	const struct cucp_e1_change *change;
	uint8_t change_count;
};

enum cucp_e1_status { CUCP_E1_GOES_ON, CUCP_E1_SUSPEND, CUCP_E1_RESUME };

struct cucp_e1_order {
	struct plmn plmn;                 /* of a setup */
	const struct pdcp_security *keys; /* K_UPenc, K_UPint; NULL: they stay */
	uint32_t inactivity_s;            /* of the UE; 0: not watched */
	uint64_t dl_ambr_bps;
	enum cucp_e1_status status;
	const struct cucp_e1_session *add, *modify;
	uint8_t add_count, modify_count;
	const uint8_t *remove; /* PDU sessions */
	uint8_t remove_count;
};

struct cucp_e1_drb_answer {
	uint8_t drb;
	bool ok;
	bool has_ul; /* it is new: where the DU sends uplink */
	struct cucp_tunnel ul;
	bool has_numbers;
	struct e1ap_pdcp_sn_status_information numbers; /* by the sizes of the DRB's sequence numbers */
};

struct cucp_e1_session_answer {
	uint8_t psi;
	bool ok;
	bool has_n3_dl; /* it is new: where the UPF sends downlink */
	struct cucp_tunnel n3_dl;
	bool has_result, integrity, ciphering; /* where it was left to the CU-UP */
	uint8_t drb_count;
	struct cucp_e1_drb_answer drbs[2 * CUCP_E1_DRBS_MAX];
};

struct cucp_e1_upper {
	void *arg;
	/* The context is set up, or changed, as far as this says. */
	void (*answered)(void *arg, void *user, const struct cucp_e1_session_answer *sessions, uint8_t count);
	/* Nothing of the order was done; of a setup, there is no context. */
	void (*failed)(void *arg, void *user, const struct e1ap_cause *cause);
	/* 8.3.6. psi 0: the UE; drb 0: the session, or the UE. */
	void (*activity)(void *arg, void *user, uint8_t psi, uint8_t drb, bool active);
	/* 8.3.7: there is downlink for a UE that is suspended. */
	void (*downlink)(void *arg, void *user, uint8_t psi);
	/* 8.3.8, octets. */
	void (*usage)(void *arg, void *user, uint8_t drb, uint64_t ul, uint64_t dl);
	/* 8.3.3: gone, for want of the other end of its tunnel; drb 0: the session. */
	void (*removed)(void *arg, void *user, uint8_t psi, uint8_t drb);
	/* Without an order from above; the last event of this context. */
	void (*lost)(void *arg, void *user, const struct e1ap_cause *cause);
};

struct cucp_e1ap_config {
	struct env *env;
	const char *name;
	const struct plmn *plmns; /* served */
	size_t plmn_count;
	uint32_t contexts_max, ups_max;
	struct cucp_e1_upper upper;
	void *arg;
	/* It may not call back at once. */
	void (*send)(void *arg, uint32_t up, struct bytes pdu);
	/* The CU-UP that is at interface `old` comes by `up`. True: it is the same one, begun anew, and old
	 * has ended. NULL: always. */
	bool (*again)(void *arg, uint32_t up, uint32_t old);
	/* After cucp_e1_release(): the association may end. NULL: nobody wants to know. */
	void (*released)(void *arg, uint32_t up);
};

struct cucp_e1ap_stats {
	uint64_t faults; /* clause 10 of 37.483 */
	uint64_t unknown_ue, not_comprehended, refused, timeouts;
	uint64_t no_cuup; /* setups for which there was none */
};

/* NULL: no memory. What the configuration names must outlive it. */
MUST_USE struct cucp_e1ap *cucp_e1ap_new(const struct cucp_e1ap_config *config);
void cucp_e1ap_free(struct cucp_e1ap *e);

/* From below; up is the caller's name of the interface, below ups_max. */
void cucp_e1ap_received(struct cucp_e1ap *e, uint32_t up, struct bytes pdu);
void cucp_e1_lost(struct cucp_e1ap *e, uint32_t up);
/* The association is up: the CU-UP begins (8.2.3), and where it does not within CUCP_E1_SETUP_MS, we do. */
void cucp_e1_expect(struct cucp_e1ap *e, uint32_t up);
/* 8.2.4: GNB-CU-CP E1 SETUP. */
void cucp_e1_begin(struct cucp_e1ap *e, uint32_t up);
/* 8.2.1: all contexts of the CU-UP are gone, at both ends. 8.2.7: the interface ends. */
void cucp_e1_reset(struct cucp_e1ap *e, uint32_t up);
void cucp_e1_release(struct cucp_e1ap *e, uint32_t up);

/* 8.3.1; NULL: there is no CU-UP for it, or no room. user is what events name it by. */
MUST_USE struct cucp_e1_context *cucp_e1_context_setup(
	struct cucp_e1ap *e, void *user, const struct cucp_e1_order *order);
/* 8.3.2; false: something is under way. */
MUST_USE bool cucp_e1_context_modify(struct cucp_e1_context *c, const struct cucp_e1_order *order);
/* 8.3.4; no event of it comes any more. */
void cucp_e1_context_release(struct cucp_e1_context *c);

/* The interface of the CU-UP of that gNB-CU-UP ID; ups_max: none is up. */
MUST_USE uint32_t cucp_e1_up_of(const struct cucp_e1ap *e, uint64_t id);
MUST_USE bool cucp_e1_is_up(const struct cucp_e1ap *e, uint32_t up);
MUST_USE uint32_t cucp_e1_contexts(const struct cucp_e1ap *e);
/* The interface its CU-UP is at. */
MUST_USE uint32_t cucp_e1_context_up(const struct cucp_e1_context *c);
MUST_USE struct cucp_e1ap_stats cucp_e1ap_stats(const struct cucp_e1ap *e);
MUST_USE uint64_t cucp_e1ap_deadline_ns(const struct cucp_e1ap *e);
void cucp_e1ap_run(struct cucp_e1ap *e);
