#include "core/upf/internal.h"

static const struct stat_def stat_defs[UPF_STAT_COUNT] = {
	[UPF_STAT_ASSOCIATIONS] = { "associations", "associations set up by SMFs" },
	[UPF_STAT_ESTABLISHED] = { "sessions_established", "sessions established" },
	[UPF_STAT_MODIFIED] = { "sessions_modified", "session modifications accepted" },
	[UPF_STAT_DELETED] = { "sessions_deleted", "sessions deleted, also with their association" },
	[UPF_STAT_REJECTED] = { "session_requests_rejected", "session requests refused with a cause" },
	[UPF_STAT_REPORTS] = { "session_reports", "session reports sent" },
	[UPF_STAT_REPORTS_LOST] = { "session_reports_lost", "session reports not answered or not sent" },
	[UPF_STAT_UL_PACKETS] = { "uplink_packets", "packets forwarded from UEs" },
	[UPF_STAT_UL_OCTETS] = { "uplink_octets", "octets of them, tunnel headers not counted" },
	[UPF_STAT_DL_PACKETS] = { "downlink_packets", "packets forwarded to UEs" },
	[UPF_STAT_DL_OCTETS] = { "downlink_octets", "octets of them, tunnel headers not counted" },
	[UPF_STAT_HAIRPIN] = { "hairpin_packets", "packets from UE to UE" },
	[UPF_STAT_MALFORMED] = { "dropped_malformed", "GTP-U or IP not well-formed, or not IPv4" },
	[UPF_STAT_FOREIGN] = { "dropped_foreign",
		"on N3 from no configured gNB, or not from the tunnel's other end" },
	[UPF_STAT_CONTAINER] = { "dropped_container",
		"uplink without an uplink PDU session container of a QFI of the session" },
	[UPF_STAT_UNKNOWN_TEID] = { "dropped_unknown_teid", "for a tunnel there is not" },
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
		"for a UE without a tunnel, without room to wait, or too long" },
	[UPF_STAT_NO_TUNNEL] = { "dropped_too_long", "too long for a tunnel header" },
	[UPF_STAT_ECHOES] = { "echo_requests", "GTP-U echo requests answered" },
	[UPF_STAT_ERROR_INDICATIONS_IN] = { "error_indications_in", "GTP-U error indications received" },
	[UPF_STAT_ERROR_INDICATIONS_OUT] = { "error_indications_out", "GTP-U error indications sent" },
	[UPF_STAT_SIGNALLING] = { "gtpu_other", "other GTP-U messages" },
	[UPF_STAT_HANDED_OVER] = { "handed_over", "packets handed to the worker of their session" },
	[UPF_STAT_HANDOVER_FULL] = { "dropped_handover", "packets without room on the way there" },
	[UPF_STAT_NOTES_CROWDED] = { "notes_crowded", "notes for the control plane without room" },
};
const struct stat_group upf_stat_group = { "upf", stat_defs, UPF_STAT_COUNT };

void upf_stats(struct upf *upf, struct stats *out)
{
	for (int i = 0; i < UPF_STAT_COUNT; i++) {
		upf->sum[i] = upf->stat[i];
		for (uint8_t k = 0; k < upf->data.worker_count; k++)
			upf->sum[i] += UPF_READ(upf->data.workers[k]->stat[i]);
	}
	*out = (struct stats){ &upf_stat_group, upf->sum };
}

void upf_figures(struct upf *upf, struct stats_list *l)
{
	struct stats s;

	upf_stats(upf, &s);
	stats_add(l, s);
	pfcp_stats(upf->pfcp, &s);
	stats_add(l, s);
}
