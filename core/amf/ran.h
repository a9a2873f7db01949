/* What gNBs are asked, and say, beside the calls of their UEs: the files of these procedures. */
#pragma once

#include "core/amf/internal.h"

/* ue_radio_capability_check.c: asks the gNB, where it is not known and wanted. */
void amf_ue_radio_capability_check(struct amf *amf, struct amf_connection *c);
/* ue_order.c */
void amf_order_forget(struct amf *amf, struct amf_ue *ue);
void amf_order_restore(struct amf *amf);
/* ue_order_delivery.c: the gNB of the connection has the UE's context, and is told what operators want of it.
 */
void amf_order_carry_out(struct amf *amf, struct amf_connection *c);

/* ng_setup.c: the PLMN with the slices that the gNB is told. False: the arena is full. */
struct ngap_slice_support_item;
struct ngap_plmn_support_item;
MUST_USE bool amf_plmn_support(struct amf *amf, const struct nssai *told,
	struct ngap_slice_support_item slices[SNSSAI_MAX], struct ngap_plmn_support_item *out);
/* amf_configuration_update.c */
void amf_configuration_update_gnb(struct amf *amf, struct amf_gnb *gnb);
void amf_configuration_changed(struct amf *amf);
/* warning.c: a gNB that is set up, or has none any more, gets those of its area */
void amf_warning_tell(struct amf *amf, struct amf_gnb *gnb);
void amf_warning_restore(struct amf *amf);
