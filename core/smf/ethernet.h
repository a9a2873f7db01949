/* Ethernet addresses behind UEs. For the SMF's files. */
#pragma once

#include "core/smf/internal.h"

/* ethernet.c: what the UPF reports of addresses behind the UE. */
void smf_ethernet_take(struct smf *smf, struct smf_session *s, const struct pfcp_usage_report *report);

/* One more; false: it was there, or is lost without memory, or above the limit. */
bool smf_ethernet_add(struct smf_session *s, uint64_t mac);
