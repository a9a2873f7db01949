/* Data networks and UPFs of the configuration, and of another one while sessions have them. */
#pragma once

#include "core/smf/internal.h"

/* data_networks.c: the i-th of the configuration, with its pools. False: it is not usable, or memory is out.
 */
MUST_USE bool smf_data_network_begin(struct smf *smf, uint8_t i);
/* The NRF profile: each slice with its DNNs. */
void smf_profile(struct smf *smf);

/* session_review.c: sessions that the configuration has no place for any more are released */
void smf_session_review(struct smf *smf);

/* upf_configuration.c: UPFs that come and go. False: memory is out, or there are too many. */
MUST_USE bool smf_upfs_take(struct smf *smf, const struct smf_config *config);
/* Of UPFs as the configuration numbers them: as they are numbered here. */
uint16_t smf_upfs_behind(const struct smf *smf, const struct smf_config *config, uint16_t behind);

/* upf.c: the one of the configuration at its place. False: memory is out. */
MUST_USE bool smf_upf_add(struct smf *smf, struct smf_upf *u);
/* upf_release.c: the configuration has it no more. */
void smf_upf_withdraw(struct smf *smf, struct smf_upf *u);
