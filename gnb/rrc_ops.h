/*
 * What stands below the verbs of rrc.h, chosen when the gNB is made: rrc_sim.c, the simulated link of
 * radio/uu.h with thousands of UEs, or rrc_cucp.c, the CU-CP of DUs that have a radio. Each does
 * what rrc.h says of the function of that name.
 */
#pragma once

#include "gnb/internal.h"

struct gnb_rrc_ops {
	bool (*accept)(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_radio *at);
	void (*reject)(struct gnb *gnb, const struct gnb_radio *at, uint8_t wait_s);
	void (*page)(struct gnb *gnb, uint8_t cell, const struct s_tmsi *s_tmsi);
	void (*warn)(struct gnb *gnb, uint8_t cell, const struct gnb_rrc_warning *warning);
	void (*warn_end)(struct gnb *gnb, uint8_t cell, uint16_t id, uint16_t serial);
	bool (*send_nas)(struct gnb *gnb, struct gnb_ue *ue, struct bytes nas);
	bool (*activate_security)(struct gnb *gnb, struct gnb_ue *ue);
	bool (*enquire_capability)(struct gnb *gnb, struct gnb_ue *ue);
	void (*capability_known)(struct gnb *gnb, struct gnb_ue *ue, struct bytes containers);
	bool (*set_bearer)(struct gnb *gnb, struct gnb_session *s, struct bytes nas);
	bool (*release_bearer)(struct gnb *gnb, struct gnb_ue *ue, uint8_t drb, struct bytes nas);
	void (*session_ended)(struct gnb *gnb, struct gnb_session *s);
	struct gnb_ue *(*find)(struct gnb *gnb, const struct addr *peer, const uint32_t *index);
	bool (*hand_over)(struct gnb *gnb, struct gnb_ue *ue, struct bytes reconfiguration);
	bool (*reestablish)(struct gnb *gnb, struct gnb_ue *ue, const struct gnb_radio *at);
	void (*end)(struct gnb *gnb, struct gnb_ue *ue, enum gnb_rrc_end how);
	enum gnb_verdict (*data_take)(struct gnb *gnb, struct gnb_packet *p, struct gnb_rrc_data *out);
	enum gnb_verdict (*data_put)(struct gnb *gnb, const struct gnb_rrc_data *d, struct gnb_packet *p);
	void (*on_msg)(struct gnb *gnb, const struct msg *m);
};

extern const struct gnb_rrc_ops gnb_rrc_sim, gnb_rrc_cucp;
