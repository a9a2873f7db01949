/* The demo's network: five hosts, each a network namespace, and the configuration that fits them. */
#pragma once

#include "base/bytes.h"

enum demo_host { DEMO_CORE, DEMO_UPF, DEMO_GNB, DEMO_UE, DEMO_DN, DEMO_SWITCH, DEMO_HOSTS };

#define DEMO_CORE_ADDRESS    "10.100.0.1"
#define DEMO_UPF_ADDRESS     "10.100.0.2"
#define DEMO_GNB_ADDRESS     "10.100.0.3"
#define DEMO_GNB_AIR_ADDRESS "10.102.0.1"
#define DEMO_UE_AIR_ADDRESS  "10.102.0.2"
#define DEMO_N6_ADDRESS      "10.101.0.1"
#define DEMO_DN_ADDRESS      "10.101.0.2"
#define DEMO_N6_ADDRESS6     "fd00:101::1"
#define DEMO_DN_ADDRESS6     "fd00:101::2"
#define DEMO_IMSI            "001010000000001"
#define DEMO_MSISDN          "491720400305" /* its phone asks for it */
#define DEMO_CORE_LINK       "core0"
#define DEMO_UPF_LINK        "upf0"

struct demo_network {
	int host[DEMO_HOSTS]; /* namespaces, -1: none */
	int outside;          /* the namespace it started in */
};

/*
 * Makes the namespaces and links; without root in a user namespace of its own. False with what is needed
 * on stderr.
 */
bool demo_network_make(struct demo_network *n);
void demo_network_remove(struct demo_network *n);

/* Writes dir/network.yaml with fresh keys, for a radio by samples or by messages, and the line for `freehold
 * subscriber add` into line. */
bool demo_network_configure(const char *dir, bool samples, char *line, size_t cap);
