/* The tables of gNBs, UEs and the air between them, and what they share with those of the core: a part of
 * network.c. */
#pragma once

#include "ops/network.h"

extern const struct config_section network_gnb_section, network_cuup_section, network_du_section,
	network_ue_section, network_radio_section, network_medium_section;

bool network_read_transport(const char *text, const struct config_field *f, void *out);

/* The keys of struct network_metrics in s. */
#define METRICS_KEYS(s)                                                                                      \
	{ CONFIG_ADDR("metrics_address", s, metrics.address, NULL,                                           \
		"where figures are served to scrapers, by HTTP without access control; none: nowhere") },    \
	{                                                                                                    \
		CONFIG_UINT("metrics_port", s, metrics.port, 1, 65535, "9478", "its TCP port")               \
	}

#define NETNS_HELP "network namespace that `freehold up` runs it in"
