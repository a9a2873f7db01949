/* --sib1 HEX|@FILE of the commands of the air. */
#pragma once

#include "ops/options.h"
#include "radio/phy/search/sib1.h"

/* Takes it; *sib1 is within octets, or empty where it is not there. False with a message on stderr. */
bool sib1_option(struct options *args, uint8_t octets[PHY_SIB1_OCTETS_MAX], struct bytes *sib1);
