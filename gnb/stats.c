/* What the gNB counts: TS 28.552 5.1.1, as far as there is something to count. */
#include <stdio.h>

#include "gnb/internal.h"

static const struct stat_def stat_defs[GNB_STAT_COUNT] = {
	[GNB_STAT_NGAP_RECEIVED] = { "ngap_received", "NGAP messages received" },
	[GNB_STAT_NGAP_REFUSED] = { "ngap_refused", "NGAP messages refused by 38.413 clause 10" },
	[GNB_STAT_NGAP_UNEXPECTED] = { "ngap_unexpected", "NGAP messages without a handler or a context" },
	[GNB_STAT_NG_SETUPS] = { "ng_setups", "NG Setups accepted" },
	[GNB_STAT_NG_SETUP_FAILURES] = { "ng_setup_failures", "NG Setups refused" },
	[GNB_STAT_AIR_REFUSED] = { "air_refused", "malformed or unexpected messages of UEs" },
	[GNB_STAT_CONNECTIONS] = { "connections", "initial messages of UEs" },
	[GNB_STAT_REJECTED] = { "rejected", "UEs turned away for want of an AMF or of room" },
	[GNB_STAT_OVERLOAD_REJECTED] = { "overload_rejected",
		"UEs told to wait because their AMF is overloaded" },
	[GNB_STAT_CONTEXTS] = { "contexts", "initial contexts set up" },
	[GNB_STAT_CONTEXT_FAILURES] = { "context_failures", "initial contexts not set up" },
	[GNB_STAT_SESSIONS] = { "sessions", "PDU session resources set up" },
	[GNB_STAT_SESSION_FAILURES] = { "session_failures", "PDU session resources not set up" },
	[GNB_STAT_RELEASES] = { "releases", "UE contexts released" },
	[GNB_STAT_UES_LOST] = { "ues_lost", "UEs without a sign of life" },
	[GNB_STAT_PAGINGS] = { "pagings", "PAGING messages" },
	[GNB_STAT_UPLINK_PACKETS] = { "uplink_packets", "user packets to N3" },
	[GNB_STAT_UPLINK_OCTETS] = { "uplink_bytes", "octets of user packets to N3", NULL, STAT_COUNTER,
		"bytes" },
	[GNB_STAT_UPLINK_DROPPED] = { "uplink_dropped", "user packets of UEs without a bearer for them" },
	[GNB_STAT_DOWNLINK_PACKETS] = { "downlink_packets", "user packets to the air" },
	[GNB_STAT_DOWNLINK_OCTETS] = { "downlink_bytes", "octets of user packets to the air", NULL,
		STAT_COUNTER, "bytes" },
	[GNB_STAT_DOWNLINK_DROPPED] = { "downlink_dropped", "G-PDUs that no UE could be given" },
	[GNB_STAT_N3_MALFORMED] = { "n3_malformed", "datagrams on N3 that are not GTP-U" },
	[GNB_STAT_N3_FOREIGN] = { "n3_foreign", "G-PDUs not from the UPF of their tunnel" },
	[GNB_STAT_N3_UNKNOWN_TEID] = { "n3_unknown_teid", "G-PDUs for no tunnel" },
	[GNB_STAT_N3_ERROR_INDICATIONS] = { "n3_error_indications", "Error Indications received" },
	[GNB_STAT_N3_END_MARKERS] = { "n3_end_markers", "End Markers received" },
	[GNB_STAT_FLOWS_REFUSED] = { "flows_refused",
		"QoS flows for which there was no guaranteed rate left" },
	[GNB_STAT_FLOWS_PRE_EMPTED] = { "flows_pre_empted",
		"QoS flows that gave way to more important ones" },
	[GNB_STAT_EXHAUSTED] = { "exhausted", "requests refused for want of room" },
	[GNB_STAT_FORWARDED] = { "forwarded", "user packets forwarded to the target of a handover" },
	[GNB_STAT_FORWARDED_IN] = { "forwarded_in", "user packets forwarded by the source of a handover" },
	[GNB_STAT_HELD] = { "held", "user packets held until their UE arrived, or until an End Marker" },
	[GNB_STAT_END_MARKERS_MISSING] = { "end_markers_missing",
		"new paths that waited in vain for the End Marker of the old" },
	[GNB_STAT_XNAP_RECEIVED] = { "xnap_received", "XnAP messages received" },
	[GNB_STAT_XNAP_REFUSED] = { "xnap_refused", "XnAP messages refused by 38.423 clause 10" },
	[GNB_STAT_XNAP_UNEXPECTED] = { "xnap_unexpected", "XnAP messages without a handler or a context" },
	[GNB_STAT_XN_SETUPS] = { "xn_setups", "Xn Setups done" },
	[GNB_STAT_XN_SETUP_FAILURES] = { "xn_setup_failures", "Xn Setups refused, by either end" },
	[GNB_STAT_PATH_SWITCH_REQ] = { "path_switch_req", "path switches asked for" },
	[GNB_STAT_PATH_SWITCH_FAILURES] = { "path_switch_failures",
		"path switches refused, or not answered" },
	[GNB_STAT_HO_PREP_REQ] = { "mm_ho_prep_inter_req", "handovers that the gNB asked to prepare",
		"MM.HoPrepInterReq 5.1.1.6.1.1" },
	[GNB_STAT_HO_PREP_SUCC] = { "mm_ho_prep_inter_succ", "of them, prepared",
		"MM.HoPrepInterSucc 5.1.1.6.1.2" },
	[GNB_STAT_HO_ALLOC_REQ] = { "mm_ho_res_allo_inter_req", "handovers to the gNB that it was to prepare",
		"MM.HoResAlloInterReq 5.1.1.6.1.4" },
	[GNB_STAT_HO_ALLOC_SUCC] = { "mm_ho_res_allo_inter_succ", "of them, prepared",
		"MM.HoResAlloInterSucc 5.1.1.6.1.5" },
	[GNB_STAT_HO_EXE_REQ] = { "mm_ho_exe_inter_req", "UEs sent to another gNB",
		"MM.HoExeInterReq 5.1.1.6.1.7" },
	[GNB_STAT_HO_EXE_SUCC] = { "mm_ho_exe_inter_succ", "of them, arrived",
		"MM.HoExeInterSucc 5.1.1.6.1.8" },
	[GNB_STAT_HO_CANCELLED] = { "handovers_cancelled", "handovers given up by the gNB that began them" },
	[GNB_STAT_REESTABLISHED] = { "rrc_reestab_succ", "RRC connections re-established" },
	[GNB_STAT_REESTABLISHMENT_REFUSED] = { "rrc_reestab_refused",
		"RRC re-establishments refused, for want of a context or of the right key" },
	[GNB_STAT_TUNNELS_MOVED] = { "tunnels_moved",
		"tunnels of sessions that the gNB exchanged for others" },
	[GNB_STAT_CELL_CHANGES] = { "cell_changes", "UEs that went to another cell of the gNB" },
	[GNB_STAT_CONTEXTS_GIVEN] = { "contexts_given",
		"contexts of UEs that came to neighbours by themselves" },
	[GNB_STAT_CONTEXTS_RETRIEVED] = { "contexts_retrieved",
		"contexts of UEs that came from neighbours by themselves" },
	[GNB_STAT_CONTEXTS_NOT_GIVEN] = { "contexts_not_given",
		"UE contexts that neighbours asked for in vain" },
	[GNB_STAT_FAILURES_INDICATED] = { "failures_indicated",
		"UEs that came to neighbours after a failure here" },
	[GNB_STAT_HANDOVERS_REPORTED] = { "handovers_reported",
		"handovers that neighbours report as not right" },
	[GNB_STAT_TRACES] = { "traces", "traces of UEs started by an AMF" },
	[GNB_STAT_WARNINGS] = { "warnings", "broadcasts of public warnings" },
	[GNB_STAT_REROUTED] = { "rerouted", "UEs sent to another AMF by the first one" },
	[GNB_STAT_RRC_ATT] = { "rrc_conn_estab_att", "RRC connections that UEs asked for",
		"RRC.ConnEstabAtt 5.1.1.15.1" },
	[GNB_STAT_RRC_SUCC] = { "rrc_conn_estab_succ", "RRC connections set up",
		"RRC.ConnEstabSucc 5.1.1.15.2" },
	[GNB_STAT_UECNTX_ATT] = { "uecntx_conn_estab_att", "INITIAL UE MESSAGEs sent to AMFs",
		"UECNTX.ConnEstabAtt 5.1.1.16.1" },
	[GNB_STAT_UECNTX_SUCC] = { "uecntx_conn_estab_succ", "first answers of AMFs to them",
		"UECNTX.ConnEstabSucc 5.1.1.16.2" },
	[GNB_STAT_REL_REQ] = { "uecntx_rel_req", "UE contexts that the gNB asked to release",
		"UECNTX.RelReq 5.1.3.5.1" },
	[GNB_STAT_REL_CMD] = { "uecntx_rel_cmd", "UE contexts that AMFs released",
		"UECNTX.RelCmd 5.1.3.5.2" },
	[GNB_STAT_F1_REFUSED] = { "f1_refused",
		"associations on F1 and E1 that were closed: there are as many as there may be" },
	[GNB_STAT_F1_CELLS_REFUSED] = { "f1_cells_refused",
		"cells that DUs offered and that are not the gNB's, or of another tracking area" },
	[GNB_STAT_MEASUREMENT_REPORTS] = { "measurement_reports",
		"reports of UEs on how they hear their cell" },
};
const struct stat_group gnb_stat_group = { "gnb", stat_defs, GNB_STAT_COUNT };

static const struct stat_def gauge_defs[GNB_GAUGE_COUNT] = {
	[GNB_GAUGE_UES] = { "rrc_conn", "UEs with a connection", "RRC.ConnMean 5.1.1.4.1", STAT_GAUGE },
	[GNB_GAUGE_CONTEXTS] = { "ue_contexts", "UEs whose context is set up", NULL, STAT_GAUGE },
	[GNB_GAUGE_SESSIONS] = { "pdu_sessions", "PDU sessions with resources", NULL, STAT_GAUGE },
	[GNB_GAUGE_NEIGHBOURS] = { "neighbours_ready", "gNBs that the gNB is set up with by Xn", NULL,
		STAT_GAUGE },
	[GNB_GAUGE_AMFS] = { "amfs_ready", "AMFs that the gNB is set up with", NULL, STAT_GAUGE },
};
const struct stat_group gnb_gauge_group = { "gnb", gauge_defs, GNB_GAUGE_COUNT };

static const struct stat_def slice_defs[GNB_SLICE_STAT_COUNT] = {
	[GNB_SLICE_SETUP_REQ] = { "sm_pdu_session_setup_req", "PDU sessions that AMFs asked to set up",
		"SM.PDUSessionSetupReq 5.1.1.5.1" },
	[GNB_SLICE_SETUP_SUCC] = { "sm_pdu_session_setup_succ", "PDU sessions set up",
		"SM.PDUSessionSetupSucc 5.1.1.5.2" },
};
const struct stat_group gnb_slice_group = { "gnb", slice_defs, GNB_SLICE_STAT_COUNT, "snssai" };

static const struct stat_def cause_defs[GNB_CAUSE_STAT_COUNT] = {
	[GNB_CAUSE_SETUP] = { "sm_pdu_session_setup_fail",
		"PDU sessions not set up, by cause of the radio network (38.413 9.3.1.2)",
		"SM.PDUSessionSetupFail 5.1.1.5.3" },
	[GNB_CAUSE_HO_PREP] = { "mm_ho_prep_inter_fail", "handovers that could not be prepared, by cause",
		"MM.HoPrepInterFail 5.1.1.6.1.3" },
	[GNB_CAUSE_HO_ALLOC] = { "mm_ho_res_allo_inter_fail",
		"handovers to the gNB that it could not prepare, by cause",
		"MM.HoResAlloInterFail 5.1.1.6.1.6" },
};
const struct stat_group gnb_cause_group = { "gnb", cause_defs, ARRAY_LEN(cause_defs), "cause, text" };

static void slice_label(const void *arg, size_t row, struct writer *w)
{
	const struct gnb_config *c = arg;
	char text[SNSSAI_STR_SIZE];

	stat_label(w, "snssai", row < c->slice_count ? snssai_str(&c->slices[row], text) : "other");
}

static void cause_label(const void *arg, size_t row, struct writer *w)
{
	struct ngap_cause cause = ngap_cause_radio((enum ngap_cause_radio_network)row);
	char text[NGAP_CAUSE_TEXT_SIZE];

	stat_cause_label(w, row, ngap_cause_text(&cause, text));
}

uint8_t gnb_slice_row(const struct gnb *gnb, const struct ngap_s_nssai *s)
{
	struct snssai snssai = ngap_snssai(s);
	uint8_t row = 0;

	while (row < gnb->config.slice_count && !snssai_equal(&gnb->config.slices[row], &snssai))
		row++;
	return row;
}

void gnb_count_setup(struct gnb *gnb, uint8_t row)
{
	gnb->figures.by_slice[row][GNB_SLICE_SETUP_REQ]++;
}

void gnb_count_set_up(struct gnb *gnb, const struct gnb_item *item)
{
	if (item->state == ITEM_DONE) {
		gnb->stat[GNB_STAT_SESSIONS]++;
		gnb->figures.by_slice[item->slice_row][GNB_SLICE_SETUP_SUCC]++;
		return;
	}
	gnb->stat[GNB_STAT_SESSION_FAILURES]++;
	gnb->figures.by_cause[item->cause][GNB_CAUSE_SETUP]++;
}

struct gnb_numbers gnb_numbers(const struct gnb *gnb)
{
	struct gnb_numbers n = { 0, gnb_xn_ready(gnb), gnb->ues.used, gnb->contexts, gnb->sessions.used };

	for (uint8_t i = 0; i < gnb->config.amf_count; i++)
		n.amfs_ready += gnb->amfs[i].state == NG_READY;
	return n;
}

void gnb_stats(const struct gnb *gnb, struct stats *out)
{
	*out = (struct stats){
		.group = &gnb_stat_group, .values = gnb->stat, .label = "gnb", .name = gnb->config.name
	};
}

void gnb_figures(struct gnb *gnb, struct stats_list *l)
{
	struct gnb_numbers n = gnb_numbers(gnb);
	struct gnb_figures *f = &gnb->figures;
	struct stats s;

	gnb_stats(gnb, &s);
	stats_add(l, s);
	f->gauge[GNB_GAUGE_UES] = n.ues;
	f->gauge[GNB_GAUGE_CONTEXTS] = n.contexts;
	f->gauge[GNB_GAUGE_SESSIONS] = n.sessions;
	f->gauge[GNB_GAUGE_AMFS] = n.amfs_ready;
	f->gauge[GNB_GAUGE_NEIGHBOURS] = n.neighbours_ready;
	s.group = &gnb_gauge_group;
	s.values = f->gauge;
	stats_add(l, s);
	s.arg = &gnb->config;
	s.group = &gnb_slice_group;
	s.values = f->by_slice[0];
	s.rows = gnb->config.slice_count + 1u;
	s.shown = gnb->config.slice_count;
	s.labels = slice_label;
	stats_add(l, s);
	s.group = &gnb_cause_group;
	s.values = f->by_cause[0];
	s.rows = ARRAY_LEN(f->by_cause);
	s.shown = 0;
	s.labels = cause_label;
	stats_add(l, s);
	if (!gnb->cu)
		return;
	gnb_measurement_figures(gnb, l, s);
	gnb_cu_figures(gnb, l);
}
