/* The files over the CU-CP and the CU-UP: rrc_cucp.c, the verbs; then what they share. */
#pragma once

#include "gnb/cucp/cucp.h"
#include "gnb/cuup/cuup.h"
#include "gnb/rrc_ops.h"

enum { GNB_DUS_MAX = GNB_CELLS_MAX };

/* A session's DRB at the CU-UP. */
struct gnb_bearer {
	struct cuup_session *up;
	struct addr du; /* its end of F1-U; len 0: not known yet */
	uint64_t flows; /* as the CU-UP has them */
};

struct gnb_cu {
	struct gnb *gnb;
	struct cucp *cucp;
	struct cuup *cuup;
	struct sdu_pool pool;
	struct burst *engine;
	struct timer pdcp;
	uint32_t bearers;
	uint64_t dus[GNB_DUS_MAX]; /* associations; 0: none */
	struct gnb_ue *accepted;   /* of the connection that is being asked for */
};

/* NULL: it is not on the air. */
static inline struct cucp_ue *gnb_cu_connection(const struct gnb_ue *ue)
{
	return ue->radio.on_air ? ue->radio.connection : NULL;
}

/* rrc_cucp_event.c */
struct cucp_upper gnb_cu_events(struct gnb *gnb);

/* rrc_cucp_bearer.c */
struct cuup_upper gnb_cu_data(struct gnb *gnb);
bool gnb_cu_set_bearer(struct gnb *gnb, struct gnb_session *s, struct bytes nas);
void gnb_cu_session_ended(struct gnb *gnb, struct gnb_session *s);
enum gnb_verdict gnb_cu_data_put(struct gnb *gnb, const struct gnb_rrc_data *d, struct gnb_packet *p);

/* rrc_f1.c */
void gnb_cu_f1ap_send(void *arg, uint32_t du, struct bytes pdu);
void gnb_cu_on_msg(struct gnb *gnb, const struct msg *m);
