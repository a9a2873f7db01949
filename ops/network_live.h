/* What of slices, data networks and UPFs is taken while the processes run. Inside ops/. */
#pragma once

#include "ops/network.h"

/* For tables (live_if): the whole network, or a UPF, as it is and as it is wanted. */
bool network_slices_change(const void *is, const void *wanted);
bool network_dnns_change(const void *is, const void *wanted);
bool network_upfs_change(const void *is, const void *wanted);
bool network_mtu_changes(const void *is, const void *wanted); /* of a data network */
bool network_tac_changes(const void *is, const void *wanted); /* of a cell */
bool network_pcc_rules_change(const void *is, const void *wanted);

/* After config_take_live(): what network_check() hands round of them goes to the parts of `is`. */
void network_hand_round(struct network *is, const struct network *wanted);
