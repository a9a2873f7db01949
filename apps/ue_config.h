/* From network.yaml to a UE's configuration. */
#pragma once

#include "ops/network.h"
#include "ue/ue.h"

/* c->profile is set to profile. The caller wipes c->key. False with a message when the section is not
 * complete. */
bool ue_config_from(const struct network *n, struct ue_profile *profile, struct ue_config *c);
