/* QoS flows that there is no room for, or that lose theirs (admission.c). */
#pragma once

#include "gnb/internal.h"

/* session.c: flows that were refused, by QFI (bit n), as a list; how many. */
size_t gnb_refused_list(uint64_t refused, struct ngap_qos_flow_with_cause_item items[GNB_QFI_MAX + 1]);

/* admission.c: whether what a flow is to be guaranteed can be; others may give way, of which their AMFs are
 * told. */
bool gnb_flow_admit(struct gnb *gnb, const struct gnb_session *s, uint8_t qfi,
	const struct ngap_qos_flow_level_qos_parameters *q);
/* PDU SESSION RESOURCE NOTIFY (38.413 8.2.4): a flow is released, or its GFBR is met no more, or again. */
enum gnb_notice { GNB_FLOW_RELEASED, GNB_FLOW_NOT_FULFILLED, GNB_FLOW_FULFILLED };
void gnb_flow_notify(struct gnb *gnb, struct gnb_session *s, uint8_t qfi, enum gnb_notice notice);
