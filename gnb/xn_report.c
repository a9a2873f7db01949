/*
 * What neighbours report of mobility, and what they ask of load (38.423 8.4.7 to 8.4.10).
 *
 *   neighbour                              gNB
 *    |-- FAILURE INDICATION --------------->|    8.4.7: a UE of ours has re-established, or set up, its
 * connection there
 *    |-- HANDOVER REPORT ------------------>|    8.4.8: too early, to the wrong cell
 *    |-- RESOURCE STATUS REQUEST ---------->|    8.4.10
 *    |<- RESOURCE STATUS FAILURE -----------|    the simulated radio has nothing that could be measured
 *    |-- MOBILITY CHANGE REQUEST ---------->|    8.4.9
 *    |<- MOBILITY CHANGE FAILURE -----------|    nor thresholds that could be changed
 *    |-- CELL ACTIVATION REQUEST ---------->|    8.4.3
 *    |<- CELL ACTIVATION FAILURE -----------|    nor cells that sleep
 */
#include "gnb/xn.h"

void gnb_xn_failure_indication(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	gnb->stat[GNB_STAT_FAILURES_INDICATED]++;
	log_info(gnb->env->log, "%s: a UE has come there after a failure here",
		gnb_xn_neighbour(gnb, xn)->name);
}

void gnb_xn_handover_report(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	static const char *const types[XNAP_HANDOVER_REPORT_TYPE_N] = { "too early", "to the wrong cell",
		"forth and back between systems" };
	const struct xnap_handover_report *m = pdu->u.handover_report;
	bool known = !m->no_handover_report_type && m->handover_report_type < XNAP_HANDOVER_REPORT_TYPE_N;

	gnb->stat[GNB_STAT_HANDOVERS_REPORTED]++;
	log_info(gnb->env->log, "%s: a handover was %s", gnb_xn_neighbour(gnb, xn)->name,
		known ? types[m->handover_report_type] : "not as it should be");
}

/* 8.4.10.3, 8.4.10.4 */
void gnb_xn_resource_status_request(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_resource_status_request *m = pdu->u.resource_status_request;
	struct xnap_resource_status_failure answer = { .ngran_node1_measurement_id =
							       m->ngran_node1_measurement_id,
		.ngran_node2_measurement_id =
			m->has_ngran_node2_measurement_id ? m->ngran_node2_measurement_id : 1,
		.cause = xnap_cause_radio(
			XNAP_CAUSE_RADIO_NETWORK_LAYER_MEASUREMENT_NOT_SUPPORTED_FOR_THE_OBJECT) };

	if (m->registration_request != XNAP_REGISTRATION_REQUEST_START)
		answer.cause =
			xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_UNKNOWN_NG_RAN_NODE2_MEASUREMENT_ID);
	else if (m->has_report_characteristics && m->report_characteristics == 0)
		answer.cause = xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_REPORT_CHARACTERISTICS_EMPTY);
	gnb_xn_send(gnb, xn, 0, XNAP_MSG_RESOURCE_STATUS_FAILURE, &answer);
}

void gnb_xn_mobility_change_request(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_mobility_change_request *m = pdu->u.mobility_change_request;
	const struct xnap_mobility_change_failure answer = { .ng_ran_node1_cell_id = m->ng_ran_node1_cell_id,
		.ng_ran_node2_cell_id = m->ng_ran_node2_cell_id,
		.cause = xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_VALUE_OUT_OF_ALLOWED_RANGE) };

	gnb_xn_send(gnb, xn, 0, XNAP_MSG_MOBILITY_CHANGE_FAILURE, &answer);
}

void gnb_xn_cell_activation_request(struct gnb *gnb, struct gnb_xn *xn, const struct xnap_pdu *pdu)
{
	const struct xnap_cell_activation_request *m = pdu->u.cell_activation_request;
	const struct xnap_cell_activation_failure answer = { .activation_id_for_cell_activation =
								     m->activation_id_for_cell_activation,
		.cause = xnap_cause_radio(XNAP_CAUSE_RADIO_NETWORK_LAYER_CELL_NOT_AVAILABLE),
		.has_interface_instance_indication = m->has_interface_instance_indication,
		.interface_instance_indication = m->interface_instance_indication };

	gnb_xn_send(gnb, xn, 0, XNAP_MSG_CELL_ACTIVATION_FAILURE, &answer);
}
