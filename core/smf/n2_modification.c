/* N2 information of PDU SESSION RESOURCE MODIFY (38.413 8.2.3, 9.3.4.3, 9.3.4.4). */
#include "core/smf/modification.h"

bool smf_flow_gnb_due(const struct smf_flow *f)
{
	if (f->leaving)
		return f->at & (FLOW_AT_GNB | FLOW_GNB_ASKED);
	return !(f->at & FLOW_AT_GNB) || f->at & (FLOW_GNB_ASKED | FLOW_GNB_OLD);
}

struct bytes smf_n2_sm_modify_request(struct smf *smf, const struct smf_session *s)
{
	struct ngap_qos_flow_add_or_modify_request_item added[SMF_FLOWS_MAX];
	struct ngap_qos_flow_level_qos_parameters qos[SMF_FLOWS_MAX];
	struct ngap_gbr_qos_information gbr[SMF_FLOWS_MAX];
	struct ngap_qos_flow_with_cause_item gone[SMF_FLOWS_MAX];
	struct ngap_qos_flow_add_or_modify_request_list adds = { 0, added };
	struct ngap_qos_flow_list_with_cause goes = { 0, gone };
	struct ngap_pdu_session_aggregate_maximum_bit_rate ambr = {
		.pdu_session_aggregate_maximum_bit_rate_dl = (int64_t)s->ambr.downlink_bps,
		.pdu_session_aggregate_maximum_bit_rate_ul = (int64_t)s->ambr.uplink_bps,
	};
	struct ngap_pdu_session_resource_modify_request_transfer t = {
		.pdu_session_aggregate_maximum_bit_rate = s->ambr_gnb_old ? &ambr : NULL
	};
	struct writer w = writer_of(smf->n2_buffer, sizeof(smf->n2_buffer));
	uint64_t done = 0;

	for (uint8_t i = 0; i < s->flows.count; i++) {
		const struct smf_flow *f = smf_flow_get(&s->flows, i);
		size_t n = adds.count;

		if (!smf_flow_gnb_due(f) || done >> f->qfi & 1)
			continue;
		done |= UINT64_C(1) << f->qfi;
		if (f->leaving && !smf_flows_is_shared(&s->flows, f)) {
			gone[goes.count++] = (struct ngap_qos_flow_with_cause_item){ f->qfi,
				{ NGAP_CAUSE_TAG_NAS, { .nas = NGAP_CAUSE_NAS_NORMAL_RELEASE } } };
			continue;
		}
		qos[n] = (struct ngap_qos_flow_level_qos_parameters){ .has_reflective_qos_attribute = false };
		smf_n2_sm_flow(&s->flows, f, &qos[n], &gbr[n]);
		added[adds.count++] =
			(struct ngap_qos_flow_add_or_modify_request_item){ .qos_flow_identifier = f->qfi,
				.qos_flow_level_qos_parameters = &qos[n] };
	}
	if (adds.count == 0 && goes.count == 0 && !s->ambr_gnb_old)
		return BYTES_NONE;
	t.qos_flow_add_or_modify_request_list = adds.count ? &adds : NULL;
	t.qos_flow_to_release_list = goes.count ? &goes : NULL;
	return ngap_value_encode(&ngap_pdu_session_resource_modify_request_transfer_type, &t, &w)
		       ? writer_bytes(&w)
		       : BYTES_NONE;
}

bool smf_n2_sm_modify_response(struct smf *smf, struct bytes transfer, uint64_t *accepted, uint64_t *failed)
{
	struct ngap_pdu_session_resource_modify_response_transfer t = { 0 };
	struct per_diag diag = { 0 };

	*accepted = *failed = 0;
	if (!ngap_value_decode(&ngap_pdu_session_resource_modify_response_transfer_type, transfer,
		    &smf->arena, &t, &diag))
		return false;
	for (size_t i = 0;
		t.qos_flow_add_or_modify_response_list && i < t.qos_flow_add_or_modify_response_list->count;
		i++)
		*accepted |= UINT64_C(1)
			     << (t.qos_flow_add_or_modify_response_list->items[i].qos_flow_identifier & 63);
	for (size_t i = 0;
		t.qos_flow_failed_to_add_or_modify_list && i < t.qos_flow_failed_to_add_or_modify_list->count;
		i++)
		*failed |= UINT64_C(1)
			   << (t.qos_flow_failed_to_add_or_modify_list->items[i].qos_flow_identifier & 63);
	*accepted &= ~*failed;
	return true;
}

bool smf_n2_sm_notify(struct smf *smf, struct bytes transfer, struct n2_notice *out)
{
	struct ngap_pdu_session_resource_notify_transfer t = { 0 };
	struct per_diag diag = { 0 };

	*out = (struct n2_notice){ 0 };
	if (!ngap_value_decode(
		    &ngap_pdu_session_resource_notify_transfer_type, transfer, &smf->arena, &t, &diag))
		return false;
	for (size_t i = 0; t.qos_flow_released_list && i < t.qos_flow_released_list->count; i++)
		out->released |= UINT64_C(1) << (t.qos_flow_released_list->items[i].qos_flow_identifier & 63);
	for (size_t i = 0; t.qos_flow_notify_list && i < t.qos_flow_notify_list->count; i++) {
		const struct ngap_qos_flow_notify_item *item = &t.qos_flow_notify_list->items[i];
		uint64_t bit = UINT64_C(1) << (item->qos_flow_identifier & 63);

		if (item->notification_cause == NGAP_NOTIFICATION_CAUSE_FULFILLED)
			out->fulfilled |= bit;
		else
			out->not_fulfilled |= bit;
	}
	return true;
}
