/*
 * The files over the CU-CP: rrc_cucp.c, the verbs; rrc_cucp_event.c, what UEs do; rrc_cucp_bearer.c, DRBs at
 * DU, UE and CU-UP; rrc_cucp_drb.c, what they are to be; rrc_e1_order.c and rrc_e1_event.c, bearer contexts
 * at CU-UPs; rrc_f1.c, the associations; rrc_cucp_stats.c, figures. This is what they share.
 */
#pragma once

#include "gnb/cucp/cucp.h"
#include "gnb/cucp/e1ap.h"
#include "gnb/rrc_ops.h"

enum { GNB_DUS_MAX = GNB_CELLS_MAX, GNB_CUUPS_MAX = 4 };

/* A session as the CU-UP has it, or is to have it. */
struct gnb_up_session {
	uint64_t flows;
	struct cucp_tunnel upf, du; /* du.address_len 0: not known yet */
};

/* A session's DRB. */
struct gnb_bearer {
	bool there;   /* at the CU-UP */
	bool asking;  /* something of it is in the order under way */
	bool refused; /* by the CU-UP; not told above yet */
	struct gnb_up_session has, asked;
	struct pdcp_config pdcp;   /* as it began */
	struct cucp_tunnel ul, du; /* the ends of F1-U */
	bool due;                  /* the CU-CP is to have it as soon as the CU-UP has */
	bool ordered;              /* the CU-CP is asked */
	bool accepted;             /* by the UE; told above as soon as the CU-UP knows the DU's end */
	struct sdu *nas;           /* that goes with it; NULL: none */
};

/* A UE's bearer context at a CU-UP; there while a session of it has a bearer. */
struct gnb_up {
	struct gnb_ue *ue;
	struct cucp_e1_context *context;
	uint8_t bearers;
	bool set_up, busy;       /* busy: an order is under way */
	bool lost;               /* and the UE with it: the AMF is asked to release it */
	bool suspend, suspended; /* as it is to be, and is */
	bool rekey;
	uint32_t gone; /* bit n: PDU session n, which the CU-UP may still have */
	uint32_t inactivity_s;
};

/* rrc_cucp_stats.c: of cucp_stat_group. */
enum gnb_cu_figure {
	GNB_CU_DUS,
	GNB_CU_CUUPS,
	GNB_CU_UES,
	GNB_CU_BEARER_CONTEXTS,
	GNB_CU_F1AP_FAULTS,
	GNB_CU_F1AP_UNKNOWN_UE,
	GNB_CU_NOT_COMPREHENDED,
	GNB_CU_INTEGRITY_FAILURES,
	GNB_CU_REJECTED,
	GNB_CU_REFUSED,
	GNB_CU_TIMEOUTS,
	GNB_CU_REESTABLISHMENTS,
	GNB_CU_FALLBACKS,
	GNB_CU_WARNINGS_REFUSED,
	GNB_CU_REQUIRED,
	GNB_CU_REQUIRED_REFUSED,
	GNB_CU_E1AP_FAULTS,
	GNB_CU_E1AP_UNKNOWN_UE,
	GNB_CU_E1AP_NOT_COMPREHENDED,
	GNB_CU_E1AP_REFUSED,
	GNB_CU_E1AP_TIMEOUTS,
	GNB_CU_NO_CUUP,
	GNB_CU_FIGURES
};

/* An association of a DU or CU-UP. */
struct gnb_cu_peer {
	uint64_t assoc; /* 0: none */
	uint16_t streams;
	struct addr addr;
};

struct gnb_cu {
	struct gnb *gnb;
	struct cucp *cucp;
	struct cucp_e1ap *e1ap;
	struct sdu_pool pool;
	struct burst *engine;
	struct gnb_cu_peer dus[GNB_DUS_MAX], cuups[GNB_CUUPS_MAX];
	struct gnb_ue *accepted; /* of the connection that is being asked for */
	uint64_t shown[GNB_CU_FIGURES];
};

/* NULL: it is not on the air. */
static inline struct cucp_ue *gnb_cu_connection(const struct gnb_ue *ue)
{
	return ue->radio.on_air ? ue->radio.connection : NULL;
}

/* rrc_cucp_event.c */
struct cucp_upper gnb_cu_events(struct gnb *gnb);

/* rrc_cucp_drb.c */
/* Of one that is new. */
struct pdcp_config gnb_cu_pdcp(const struct gnb_session *s);
bool gnb_cu_tunnel_equal(const struct cucp_tunnel *a, const struct cucp_tunnel *b);
struct gnb_up_session gnb_cu_wanted(const struct gnb_session *s);
void gnb_cu_describe(const struct gnb_session *s, struct cucp_bearer *b);

/* rrc_cucp_bearer.c */
bool gnb_cu_set_bearer(struct gnb *gnb, struct gnb_session *s, struct bytes nas);
void gnb_cu_session_ended(struct gnb *gnb, struct gnb_session *s);
void gnb_cu_sessions_free(struct gnb_cu *cu);
/* The CU-CP's answer; dl NULL: no. */
void gnb_cu_bearer_answered(struct gnb *gnb, struct gnb_ue *ue, uint8_t drb, const struct cucp_tunnel *dl);
/* Something has changed: what can go on of a UE's bearers does. */
void gnb_cu_settle(struct gnb *gnb, struct gnb_ue *ue);

/* rrc_e1_event.c */
struct cucp_e1_upper gnb_cu_e1_events(struct gnb *gnb);

/* rrc_e1_order.c */
/* In what the UE's bearers differ from what the CU-UP has, once nothing is under way there. False: it cannot
 * be sent. */
bool gnb_cu_order(struct gnb *gnb, struct gnb_ue *ue);
/* The order is over, for those that it asked for and that were not answered. */
void gnb_cu_order_over(struct gnb_ue *ue, bool refused);

/* rrc_f1.c */
void gnb_cu_f1ap_send(void *arg, uint32_t du, struct bytes pdu);
bool gnb_cu_f1_again(void *arg, uint32_t du, uint32_t old);
void gnb_cu_f1_removed(void *arg, uint32_t du);
void gnb_cu_e1ap_send(void *arg, uint32_t up, struct bytes pdu);
bool gnb_cu_e1_again(void *arg, uint32_t up, uint32_t old);
void gnb_cu_e1_released(void *arg, uint32_t up);
void gnb_cu_on_msg(struct gnb *gnb, const struct msg *m);
