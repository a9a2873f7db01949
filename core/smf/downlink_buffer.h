/* Downlink data for an idle UE: a part of internal.h. */
#pragma once

#include "core/smf/internal.h"
#include "wire/gtpu/gtpu.h"

/* How the UE is to be paged for a packet of a flow; dscp: -1 where it is not known (23.501 5.4.3.2). */
struct sm_downlink smf_downlink_of(const struct smf *smf, const struct smf_flow *f, int dscp);
/* There is some. */
void smf_downlink_data(struct smf *smf, struct smf_session *s, const struct sm_downlink *d);
/* A packet that a UPF has sent here. False: it is none for the UE, or none that waits here. */
bool smf_downlink_receive(
	struct smf *smf, struct smf_session *s, const struct gtpu_header *h, struct bytes packet);
/* The UPF has been told what to do: where that is to forward, what waits goes. */
void smf_downlink_told(struct smf *smf, struct smf_session *s);
