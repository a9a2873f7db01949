/* DRX-Config (38.331 6.3.2), for both ends. */
#pragma once

#include "radio/mac/drx.h"
#include "wire/rrc/rrc.h"

/* False: a value that is none. */
MUST_USE bool rrc_drx_read(struct mac_drx_config *out, const struct rrc_drx_config *in);
/* out and short_drx point to one another. False: RRC has no such values. */
MUST_USE bool rrc_drx_make(const struct mac_drx_config *in, struct rrc_drx_config *out,
	struct rrc_drx_config_short_drx *short_drx);
