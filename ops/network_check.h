/* The parts of network_check(): handing round what parts share, and refusing what does not fit. */
#pragma once

#include "ops/network.h"

/* False, with what is wrong at `where`. */
bool network_doubt(struct config_doubt *doubt, const void *where, const char *what);

/* A name for what has none: `what` and its number. */
void network_name(char *name, size_t size, const char *what, unsigned number);

/* No two of count texts `size` apart are the same. */
bool network_distinct(
	struct config_doubt *doubt, const char *first, uint8_t count, size_t size, const char *what);

/* network_check_dnns.c: data networks. */
bool network_check_dnns(struct network *n, struct config_doubt *doubt);

/* network_check_ran.c: gNBs with their cells, and UEs. */
bool network_check_gnbs(struct network *n, struct config_doubt *doubt);
bool network_check_ues(struct network *n, struct config_doubt *doubt);
/* NULL: there is none. */
struct network_gnb *network_gnb_named(struct network *n, const char *name);
/* id 0: its first. */
struct network_cell *network_cell_of(struct network_gnb *g, uint16_t id);

/* network_air.c: after the gNBs, before the UEs. */
bool network_check_air(struct network *n, struct config_doubt *doubt);

/* network_check_split.c: after the gNBs: CU-UPs and DUs, and what they leave of gNBs. */
bool network_check_split(struct network *n, struct config_doubt *doubt);
