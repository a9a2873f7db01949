/*
 * What stands below the verbs of rrc.h, by the host: rrc_sim.c, the simulated link of radio/uu.h, or
 * rrc_air.c, RRC and all below it over samples. Each does what rrc.h says of the function of that name.
 */
#pragma once

#include "ue/internal.h"

struct ue_rrc_ops {
	bool (*connect)(struct ue *ue, const struct ue_rrc_request *r);
	bool (*send_nas)(struct ue *ue, struct bytes nas);
	void (*leave)(struct ue *ue, bool tell);
	bool (*data_take)(struct ue_host *host, struct ue_packet *p, struct ue_rrc_data *out);
	bool (*data_put)(const struct ue_rrc_data *d, struct ue_packet *p);
	void (*on_msg)(struct ue_host *host, const struct msg *m);
};

extern const struct ue_rrc_ops ue_rrc_sim, ue_rrc_air;
