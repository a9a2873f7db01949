/* From network.yaml to a gNB's configuration. */
#pragma once

#include "gnb/gnb.h"
#include "ops/network.h"

void gnb_config_from(const struct network *n, struct gnb_config *c);
