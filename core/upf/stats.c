/* What the UPF counts. N3 is TS 28.552 5.4.1. */
#include <stdio.h>

#include "base/text.h"
#include "core/upf/internal.h"

#define DROPPED "dropped_"

static const struct stat_def stat_defs[UPF_STAT_COUNT] = {
	[UPF_STAT_ASSOCIATIONS] = { "associations", "associations set up by SMFs" },
	[UPF_STAT_ESTABLISHMENTS] = { "sm_n4_session_estab_req", "session establishments asked for",
		"SM.N4SessionEstabReq 5.4" },
	[UPF_STAT_ESTABLISHED] = { "sessions_established", "sessions established" },
	[UPF_STAT_MODIFIED] = { "sessions_modified", "session modifications accepted" },
	[UPF_STAT_DELETED] = { "sessions_deleted", "sessions deleted, also with their association" },
	[UPF_STAT_REJECTED] = { "session_requests_rejected", "session requests refused with a cause" },
	[UPF_STAT_REPORTS] = { "sm_n4_session_report", "session reports sent", "SM.N4SessionReport 5.4" },
	[UPF_STAT_REPORTS_TAKEN] = { "sm_n4_session_report_succ", "session reports that the SMF took",
		"SM.N4SessionReportSucc 5.4" },
	[UPF_STAT_REPORTS_LOST] = { "session_reports_lost", "session reports not answered or not sent" },
	[UPF_STAT_UL_PACKETS] = { "uplink_packets", "packets forwarded from UEs" },
	[UPF_STAT_UL_OCTETS] = { "uplink_bytes", "octets of them, tunnel headers not counted", NULL,
		STAT_COUNTER, "bytes" },
	[UPF_STAT_DL_PACKETS] = { "downlink_packets", "packets forwarded to UEs" },
	[UPF_STAT_DL_OCTETS] = { "downlink_bytes", "octets of them, tunnel headers not counted", NULL,
		STAT_COUNTER, "bytes" },
	[UPF_STAT_FORWARDED] = { "forwarded_packets", "packets from a gNB to another one, for a handover" },
	[UPF_STAT_END_MARKERS] = { "forwarded_end_markers", "GTP-U end markers likewise" },
	[UPF_STAT_HAIRPIN] = { "hairpin_packets", "packets from UE to UE" },
	[UPF_STAT_MALFORMED] = { "dropped_malformed", "GTP-U or IP not well-formed, or not IPv4" },
	[UPF_STAT_FOREIGN] = { "dropped_foreign",
		"on N3 from no gNB that is configured, or known by a tunnel" },
	[UPF_STAT_CONTAINER] = { "dropped_container",
		"uplink without an uplink PDU session container of a QFI of the session" },
	[UPF_STAT_UNKNOWN_TEID] = { "dropped_unknown_teid", "for a tunnel there is not" },
	[UPF_STAT_LINK_LOCAL] = { "dropped_link_local",
		"of the UE's own link (IPv6 link-local, DHCP), for which the SMF has no rule" },
	[UPF_STAT_SPOOFED] = { "dropped_spoofed", "with a source address that is not the UE's" },
	[UPF_STAT_PROTECTED] = { "dropped_protected", "for the network's own or no unicast address" },
	[UPF_STAT_NO_SESSION] = { "dropped_no_session", "for a UE address without a session" },
	[UPF_STAT_NO_PDR] = { "dropped_no_pdr", "that no PDR matches" },
	[UPF_STAT_GATED] = { "dropped_gated", "at a closed gate" },
	[UPF_STAT_RATE] = { "dropped_rate", "above a maximum bit rate, without room to wait" },
	[UPF_STAT_SHAPED] = { "shaped_packets", "packets that had to wait for a maximum bit rate" },
	[UPF_STAT_QUOTA] = { "dropped_quota", "after a volume quota" },
	[UPF_STAT_DISCARDED] = { "dropped_by_rule", "by a FAR that drops" },
	[UPF_STAT_BUFFERED] = { "buffered", "downlink packets that waited for a tunnel" },
	[UPF_STAT_NOT_BUFFERED] = { "dropped_not_buffered",
		"for a UE without a tunnel, which may not wait, or too long" },
	[UPF_STAT_BUFFER_FULL] = { "dropped_buffer_full", "the oldest that waited, for newer ones" },
	[UPF_STAT_BUFFER_STALE] = { "dropped_buffer_stale",
		"that waited too long, whose session has gone, or that the SMF wants dropped" },
	[UPF_STAT_NO_TUNNEL] = { "dropped_too_long", "too long for a tunnel header" },
	[UPF_STAT_CONGESTION] = { "dropped_congestion",
		"marked as having met congestion on N3, of senders that do not understand it" },
	[UPF_STAT_ECHOES] = { "echo_requests", "GTP-U echo requests answered" },
	[UPF_STAT_ERROR_INDICATIONS_IN] = { "error_indications_in", "GTP-U error indications received" },
	[UPF_STAT_ERROR_INDICATIONS_OUT] = { "error_indications_out", "GTP-U error indications sent" },
	[UPF_STAT_SIGNALLING] = { "gtpu_other", "other GTP-U messages" },
	[UPF_STAT_FLOODED] = { "flooded_frames",
		"copies of Ethernet frames to all of a LAN, or to an address not seen yet" },
	[UPF_STAT_MACS] = { "mac_addresses_learnt", "MAC addresses seen first, or at another place" },
	[UPF_STAT_MACS_OUT] = { "dropped_mac_limit", "of one MAC address too many behind a UE" },
	[UPF_STAT_LAN] = { "dropped_lan",
		"Ethernet frames for where they come from, or from no single address" },
	[UPF_STAT_HANDED_OVER] = { "handed_over", "packets handed to the worker of their session" },
	[UPF_STAT_HANDOVER_FULL] = { "dropped_handover", "packets without room on the way there" },
	[UPF_STAT_NOTES_CROWDED] = { "notes_crowded", "notes for the control plane without room" },
};
const struct stat_group upf_stat_group = { "upf", stat_defs, UPF_STAT_DROPS };

static const struct stat_def drop_defs[] = {
	{ "dropped_packets", "packets dropped, by reason" },
};
const struct stat_group upf_drop_group = { "upf", drop_defs, ARRAY_LEN(drop_defs), "reason" };

static const struct stat_def gauge_defs[UPF_GAUGE_COUNT] = {
	[UPF_GAUGE_SESSIONS_MAX] = { "sessions_max", "sessions for which there is room", NULL, STAT_GAUGE },
	[UPF_GAUGE_SMFS] = { "smfs_associated", "SMFs that are associated", NULL, STAT_GAUGE },
	[UPF_GAUGE_MEMORY] = { "session_memory_bytes", "memory of all sessions and their rules", NULL,
		STAT_GAUGE, "bytes" },
};
const struct stat_group upf_gauge_group = { "upf", gauge_defs, UPF_GAUGE_COUNT };

static const struct stat_def row_defs[UPF_ROW_STAT_COUNT] = {
	[UPF_ROW_SESSIONS] = { "session_nbr", "sessions", "UPF.SessionNbr 5.4", STAT_GAUGE },
	[UPF_ROW_FLOWS] = { "qos_flows", "QoS flows of the sessions, as far as N4 names them",
		"UPF.QosFlows 5.4", STAT_GAUGE },
	[UPF_ROW_UL_PACKETS] = { "gtp_in_data_pkt_n3_upf",
		"packets of UEs that came on N3 and were forwarded", "GTP.InDataPktN3UPF 5.4.1.1" },
	[UPF_ROW_DL_PACKETS] = { "gtp_out_data_pkt_n3_upf", "packets for UEs that were sent on N3",
		"GTP.OutDataPktN3UPF 5.4.1.2" },
	[UPF_ROW_UL_OCTETS] = { "n3_in_bytes", "volume of the packets of UEs", NULL, STAT_COUNTER, "bytes" },
	[UPF_ROW_DL_OCTETS] = { "n3_out_bytes", "volume of the packets for UEs", NULL, STAT_COUNTER,
		"bytes" },
};
const struct stat_group upf_row_group = { "upf", row_defs, UPF_ROW_STAT_COUNT, "snssai, dnn" };

static const struct stat_def qfi_defs[UPF_DIRECTIONS] = {
	[UPF_UPLINK] = { "gtp_in_data_volume_qos_level_n3_upf_bytes", "volume of the packets of UEs, by QFI",
		"GTP.InDataVolumeQoSLevelN3UPF 5.4.1", STAT_COUNTER, "bytes" },
	[UPF_DOWNLINK] = { "gtp_out_data_volume_qos_level_n3_upf_bytes",
		"volume of the packets for UEs, by QFI; 0: without one",
		"GTP.OutDataVolumeQoSLevelN3UPF 5.4.1", STAT_COUNTER, "bytes" },
};
const struct stat_group upf_qfi_group = { "upf", qfi_defs, UPF_DIRECTIONS, "qfi" };

static const struct stat_def cause_defs[] = {
	{ "sm_n4_session_estab_fail", "session establishments refused, by PFCP cause",
		"SM.N4SessionEstabFail 5.4" },
};
const struct stat_group upf_cause_group = { "upf", cause_defs, ARRAY_LEN(cause_defs), "cause, text" };

/* Of what is of no data network and slice of the configuration. */
enum { ROW_OTHER = UPF_DNNS_MAX * SNSSAI_MAX };

static void row_label(const void *arg, size_t row, struct writer *w)
{
	const struct upf_config *c = arg;
	bool known = row < (size_t)c->dnn_count * c->slice_count;
	char text[SNSSAI_STR_SIZE];

	stat_label(w, "snssai", known ? snssai_str(&c->slices[row % c->slice_count], text) : "other");
	stat_label(w, "dnn", known ? c->dnns[row / c->slice_count] : "other");
}

static void drop_label(const void *arg, size_t row, struct writer *w)
{
	stat_label(w, "reason", stat_defs[UPF_STAT_DROPS + row].name + sizeof(DROPPED) - 1);
}

static void qfi_label(const void *arg, size_t row, struct writer *w)
{
	char text[8];

	snprintf(text, sizeof(text), "%zu", row);
	stat_label(w, "qfi", text);
}

static void cause_label(const void *arg, size_t row, struct writer *w)
{
	stat_cause_label(w, row, pfcp_cause_name((uint8_t)row));
}

uint8_t upf_row(const struct upf_config *c, const char *dnn, const struct snssai *snssai)
{
	uint8_t d = 0, s = 0;

	while (d < c->dnn_count && !(dnn && dnn_equal(c->dnns[d], dnn)))
		d++;
	while (s < c->slice_count && !(snssai && snssai_equal(&c->slices[s], snssai)))
		s++;
	return d < c->dnn_count && s < c->slice_count ? (uint8_t)(d * SNSSAI_MAX + s) : (uint8_t)ROW_OTHER;
}

/* Rows stay where they are when data networks or slices come; shown are those that there are, and the
 * others'. */
static size_t show_rows(struct upf *upf)
{
	struct upf_figures *f = &upf->figures;
	size_t rows = 0;

	for (size_t d = 0; d < upf->config.dnn_count; d++)
		for (size_t s = 0; s < upf->config.slice_count; s++, rows++)
			for (size_t k = 0; k < UPF_ROW_STAT_COUNT; k++)
				f->shown[rows][k] = f->by_row[d * SNSSAI_MAX + s][k];
	for (size_t k = 0; k < UPF_ROW_STAT_COUNT; k++)
		f->shown[rows][k] = f->by_row[ROW_OTHER][k];
	return rows + 1;
}

/* What the workers count by row and QFI, together. */
static void sum_traffic(struct upf *upf)
{
	struct upf_figures *f = &upf->figures;

	for (size_t row = 0; row < UPF_ROWS_MAX; row++)
		for (size_t k = UPF_ROW_UL_PACKETS; k < UPF_ROW_STAT_COUNT; k++) {
			f->by_row[row][k] = 0;
			for (uint8_t i = 0; i < upf->data.worker_count; i++)
				f->by_row[row][k] += UPF_READ(upf->data.workers[i]->by_row[row][k]);
		}
	for (size_t qfi = 0; qfi < UPF_QFIS; qfi++)
		for (size_t k = 0; k < UPF_DIRECTIONS; k++) {
			f->by_qfi[qfi][k] = 0;
			for (uint8_t i = 0; i < upf->data.worker_count; i++)
				f->by_qfi[qfi][k] += UPF_READ(upf->data.workers[i]->by_qfi[qfi][k]);
		}
}

void upf_stats(struct upf *upf, struct stats *out)
{
	static const struct stat_group all = { "upf", stat_defs, UPF_STAT_COUNT };
	struct upf_figures *f = &upf->figures;

	for (int i = 0; i < UPF_STAT_COUNT; i++) {
		upf->sum[i] = upf->stat[i];
		for (uint8_t k = 0; k < upf->data.worker_count; k++)
			upf->sum[i] += UPF_READ(upf->data.workers[k]->stat[i]);
	}
	sum_traffic(upf);
	for (size_t row = 0; row < UPF_ROWS_MAX; row++) {
		upf->sum[UPF_STAT_UL_PACKETS] += f->by_row[row][UPF_ROW_UL_PACKETS];
		upf->sum[UPF_STAT_UL_OCTETS] += f->by_row[row][UPF_ROW_UL_OCTETS];
		upf->sum[UPF_STAT_DL_PACKETS] += f->by_row[row][UPF_ROW_DL_PACKETS];
		upf->sum[UPF_STAT_DL_OCTETS] += f->by_row[row][UPF_ROW_DL_OCTETS];
	}
	*out = (struct stats){ .group = &all, .values = upf->sum };
}

struct upf_numbers upf_numbers(const struct upf *upf)
{
	struct upf_numbers n = { .sessions = upf->sessions.used, .sessions_max = upf->config.sessions_max };

	for (int i = 0; i < UPF_SMFS_MAX; i++)
		n.smfs_associated += upf->smfs[i].associated;
	n.session_octets = upf->rules_octets + (uint64_t)upf->sessions.used * upf->sessions.record_size +
			   (uint64_t)upf->meters.used * upf->meters.record_size +
			   (uint64_t)upf->urrs.used * upf->urrs.record_size +
			   (upf->data.by_teid.slots->mask + upf->data.by_ue_ip.slots->mask +
				   upf->data.by_tunnel.slots->mask + upf->data.n3_peers.slots->mask + 4) *
				   sizeof(struct upf_bucket);
	return n;
}

void upf_figures(struct upf *upf, struct stats_list *l)
{
	struct upf_figures *f = &upf->figures;
	struct upf_numbers n = upf_numbers(upf);
	size_t rows;
	struct stats s;

	upf_stats(upf, &s);
	rows = show_rows(upf);
	stats_add(l, (struct stats){ .group = &upf_stat_group, .values = s.values });
	f->gauge[UPF_GAUGE_SESSIONS_MAX] = n.sessions_max;
	f->gauge[UPF_GAUGE_SMFS] = n.smfs_associated;
	f->gauge[UPF_GAUGE_MEMORY] = n.session_octets;
	stats_add(l, (struct stats){ .group = &upf_gauge_group, .values = f->gauge });
	stats_add(l, (struct stats){ .group = &upf_drop_group,
			     .values = s.values + UPF_STAT_DROPS,
			     .rows = UPF_STAT_COUNT - UPF_STAT_DROPS,
			     .shown = UPF_STAT_COUNT - UPF_STAT_DROPS,
			     .labels = drop_label });
	stats_add(l, (struct stats){ .group = &upf_row_group,
			     .values = f->shown[0],
			     .rows = rows,
			     .shown = rows - 1,
			     .labels = row_label,
			     .arg = &upf->config });
	stats_add(l, (struct stats){ .group = &upf_qfi_group,
			     .values = f->by_qfi[0],
			     .rows = UPF_QFIS,
			     .labels = qfi_label });
	stats_add(l, (struct stats){ .group = &upf_cause_group,
			     .values = f->by_cause,
			     .rows = ARRAY_LEN(f->by_cause),
			     .labels = cause_label });
	pfcp_stats(upf->pfcp, &s);
	stats_add(l, s);
}
