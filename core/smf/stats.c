/* What the SMF counts. Sessions are TS 28.552 5.3.1. */
#include <stdio.h>

#include "base/text.h"
#include "core/smf/internal.h"
#include "wire/pfcp/pfcp.h"

static const struct stat_def stat_defs[SMF_STAT_COUNT] = {
	[SMF_STAT_ESTABLISHED] = { "established", "PDU sessions that UPF and gNB took" },
	[SMF_STAT_REJECTS] = { "rejects", "PDU sessions refused or given up on the way" },
	[SMF_STAT_RELEASES] = { "releases", "PDU sessions that ended" },
	[SMF_STAT_ACTIVATIONS] = { "activations", "user planes brought back" },
	[SMF_STAT_DEACTIVATIONS] = { "deactivations", "user planes taken away" },
	[SMF_STAT_HANDOVERS] = { "handovers", "sessions that went to another gNB by N2 handover" },
	[SMF_STAT_HANDOVERS_FAILED] = { "handovers_failed", "handovers refused, cancelled or given up" },
	[SMF_STAT_PATH_SWITCHES] = { "path_switches", "sessions that went to another gNB by path switch" },
	[SMF_STAT_TUNNELS_MOVED] = { "tunnels_moved", "sessions of which the gNB indicated another tunnel" },
	[SMF_STAT_PATH_SWITCHES_FAILED] = { "path_switches_failed", "path switches refused or given up" },
	[SMF_STAT_DOWNLINK_DATA] = { "downlink_data", "reports of downlink data for idle UEs" },
	[SMF_STAT_UNREACHED] = { "unreached", "idle UEs with downlink data that were not reached" },
	[SMF_STAT_HELD] = { "held", "downlink packets that waited here for an idle UE" },
	[SMF_STAT_HELD_DROPPED] = { "held_dropped",
		"downlink packets that waited here, or were to, and were dropped" },
	[SMF_STAT_UNPROTECTED] = { "unprotected",
		"user planes set up without a protection that was preferred" },
	[SMF_STAT_POLICY_DIFFERS] = { "policy_differs",
		"path switches of gNBs that had another user plane security policy than the session" },
	[SMF_STAT_N1_REFUSED] = { "n1_refused", "5GSM messages malformed or not fitting the state" },
	[SMF_STAT_N2_REFUSED] = { "n2_refused", "N2 session information malformed or not fitting the state" },
	[SMF_STAT_N4_FAILURES] = { "n4_failures", "requests a UPF refused or did not answer" },
	[SMF_STAT_N4_ESTABLISHMENTS] = { "sm_n4_session_estab_req",
		"PFCP session establishments asked of UPFs", "SM.N4SessionEstabReq 5.3" },
	[SMF_STAT_N4_REPORTS] = { "sm_n4_session_report", "session reports of UPFs",
		"SM.N4SessionReport 5.3" },
	[SMF_STAT_N4_REPORTS_TAKEN] = { "sm_n4_session_report_succ", "session reports accepted",
		"SM.N4SessionReportSucc 5.3" },
	[SMF_STAT_UPF_RESTARTS] = { "upf_restarts", "UPFs seen to have restarted" },
	[SMF_STAT_PATHS_LOST] = { "paths_failed", "GTP-U peers that UPFs have reported as not reached" },
	[SMF_STAT_UPFS_LOST] = { "upfs_lost", "UPFs that did not answer heart-beats" },
	[SMF_STAT_RESTORED] = { "restored", "sessions established again at a UPF" },
	[SMF_STAT_ADDRESSES_OUT] = { "addresses_out", "sessions for which there was no address" },
	[SMF_STAT_SOLICITATIONS] = { "router_solicitations", "of UEs with IPv6" },
	[SMF_STAT_ADVERTISEMENTS] = { "router_advertisements", "sent to UEs with IPv6" },
	[SMF_STAT_DELEGATION_REQUESTS] = { "delegation_requests",
		"DHCPv6 messages of UEs that want a prefix for networks behind them" },
	[SMF_STAT_DHCP_REQUESTS] = { "dhcp_requests", "of UEs that have their IPv4 address by DHCP" },
	[SMF_STAT_N4U_REFUSED] = { "n4u_refused",
		"packets by GTP-U malformed, of no session, too many or nothing that is answered" },
	[SMF_STAT_RELOCATIONS] = { "relocations",
		"sessions of SSC modes 2 and 3 whose UE was to ask for others" },
	[SMF_STAT_T3592_EXPIRED] = { "t3592_expired", "releases the UE never completed" },
	[SMF_STAT_MODIFICATIONS] = { "modifications", "session modifications sent to UE or gNB" },
	[SMF_STAT_MODIFICATIONS_REJECTED] = { "modifications_rejected", "that the UE refused" },
	[SMF_STAT_MODIFICATION_REQUESTS] = { "modification_requests", "of sessions, by UEs" },
	[SMF_STAT_MODIFICATIONS_REFUSED] = { "modification_requests_refused", "of those" },
	[SMF_STAT_MODIFICATION_COLLISIONS] = { "modification_collisions",
		"requests of UEs beside another modification, which are ignored" },
	[SMF_STAT_T3591_EXPIRED] = { "t3591_expired", "modifications the UE never completed" },
	[SMF_STAT_FLOWS] = { "flows", "dedicated QoS flows begun" },
	[SMF_STAT_FLOWS_FAILED] = { "flows_failed", "that UPF, gNB or UE did not take, or lost" },
	[SMF_STAT_FLOWS_REFUSED] = { "flows_refused", "for which the session had no room" },
	[SMF_STAT_FLOWS_PRE_EMPTED] = { "flows_pre_empted",
		"rules that gave way to more important ones (ARP)" },
	[SMF_STAT_GUARANTEES_REFUSED] = { "guarantees_refused",
		"rules for which the data network has not enough to guarantee" },
	[SMF_STAT_SECONDARY_UPLINK] = { "secondary_rat_uplink_octets",
		"uplink octets over secondary RATs, as gNBs report them" },
	[SMF_STAT_SECONDARY_DOWNLINK] = { "secondary_rat_downlink_octets", "downlink octets likewise" },
	[SMF_STAT_EXHAUSTED] = { "exhausted", "sessions for which there was no room" },
};
const struct stat_group smf_stat_group = { "smf", stat_defs, SMF_STAT_COUNT };

static const struct stat_def gauge_defs[SMF_GAUGE_COUNT] = {
	[SMF_GAUGE_ACTIVE] = { "sessions_active", "PDU sessions with a user plane", NULL, STAT_GAUGE },
	[SMF_GAUGE_UPFS] = { "upfs", "configured UPFs", NULL, STAT_GAUGE },
	[SMF_GAUGE_UPFS_ASSOCIATED] = { "upfs_associated", "UPFs that are associated", NULL, STAT_GAUGE },
	[SMF_GAUGE_UPFS_DRAINED] = { "upfs_drained", "UPFs that get no new sessions (freehold drain)", NULL,
		STAT_GAUGE },
	[SMF_GAUGE_PATHS_LOST] = { "paths_lost", "GTP-U peers that UPFs do not reach now, as they report",
		NULL, STAT_GAUGE },
	[SMF_GAUGE_ADDRESSES] = { "addresses_in_use", "UE addresses in use", NULL, STAT_GAUGE },
	[SMF_GAUGE_ADDRESSES_MAX] = { "addresses", "UE addresses that the pools have", NULL, STAT_GAUGE },
	[SMF_GAUGE_PREFIXES] = { "prefixes_in_use", "IPv6 prefixes of UEs in use", NULL, STAT_GAUGE },
	[SMF_GAUGE_PREFIXES_MAX] = { "prefixes", "IPv6 prefixes that the pools have", NULL, STAT_GAUGE },
};
const struct stat_group smf_gauge_group = { "smf", gauge_defs, SMF_GAUGE_COUNT };

static const struct stat_def dnn_defs[SMF_DNN_STAT_COUNT] = {
	[SMF_DNN_SESSIONS] = { "sm_session_nbr", "PDU sessions, those in the making too",
		"SM.SessionNbrMean 5.3.1.2", STAT_GAUGE },
	[SMF_DNN_CREATION_REQ] = { "sm_pdu_session_creation_req", "PDU sessions asked for",
		"SM.PduSessionCreationReq 5.3.1.3" },
	[SMF_DNN_CREATION_SUCC] = { "sm_pdu_session_creation_succ", "PDU sessions that UPF and gNB took",
		"SM.PduSessionCreationSucc 5.3.1.4" },
};
const struct stat_group smf_dnn_group = { "smf", dnn_defs, SMF_DNN_STAT_COUNT, "snssai, dnn" };

static const struct stat_def cause_defs[SMF_CAUSE_STAT_COUNT] = {
	[SMF_CAUSE_CREATION_FAIL] = { "sm_pdu_session_creation_fail",
		"PDU sessions refused or given up on the way, by 5GSM cause",
		"SM.PduSessionCreationFail 5.3.1.5" },
};
const struct stat_group smf_cause_group = { "smf", cause_defs, SMF_CAUSE_STAT_COUNT, "cause, text" };

static const struct stat_def n4_cause_defs[SMF_N4_CAUSE_STAT_COUNT] = {
	[SMF_N4_CAUSE_ESTAB_FAIL] = { "sm_n4_session_estab_fail",
		"PFCP session establishments refused, by PFCP cause; 0: not answered",
		"SM.N4SessionEstabFail 5.3" },
};
const struct stat_group smf_n4_cause_group = { "smf", n4_cause_defs, SMF_N4_CAUSE_STAT_COUNT, "cause, text" };

static const struct stat_def time_defs[SMF_TIME_COUNT] = {
	[SMF_TIME_CREATION] = { "pdu_session_creation_seconds",
		"from the request of a PDU session until UPF and gNB have it", NULL, STAT_COUNTER, "seconds",
		6 },
};
const struct stat_group smf_time_group = { "smf", time_defs, SMF_TIME_COUNT, NULL, &histogram_procedure_us };

static void dnn_label(const void *arg, size_t row, struct writer *w)
{
	const struct smf *smf = arg;
	const struct smf_dnn *d = row < smf->config.dnn_count ? &smf->config.dnns[row] : NULL;
	char text[SNSSAI_STR_SIZE];

	stat_label(w, "snssai", d ? snssai_str(&d->snssai, text) : "other");
	stat_label(w, "dnn", d ? d->dnn : "other");
}

static void cause_label(const void *arg, size_t row, struct writer *w)
{
	stat_cause_label(w, row, nas_5gsm_cause_name((uint8_t)row));
}

static void n4_cause_label(const void *arg, size_t row, struct writer *w)
{
	stat_cause_label(w, row, row == 0 ? "no answer" : pfcp_cause_name((uint8_t)row));
}

/* The row of a data network in a slice: the last one is that of all that are not configured. */
static size_t dnn_row(const struct smf *smf, const struct smf_dnn *d)
{
	return d ? (size_t)(d - smf->config.dnns) : smf->config.dnn_count;
}

void smf_count_asked(struct smf *smf, const struct smf_dnn *d)
{
	smf->figures.by_dnn[dnn_row(smf, d)][SMF_DNN_CREATION_REQ]++;
}

void smf_count_created(struct smf *smf, const struct smf_session *s)
{
	uint32_t now_us = (uint32_t)(env_now_ns(smf->nf.env) / 1000);

	smf->stat[SMF_STAT_ESTABLISHED]++;
	smf->figures.by_dnn[dnn_row(smf, s->dnn)][SMF_DNN_CREATION_SUCC]++;
	if (s->asked_us) /* else the process has begun since */
		histogram_add(
			&smf->figures.times[SMF_TIME_CREATION], smf_time_group.bounds, now_us - s->asked_us);
}

void smf_count_failed(struct smf *smf, uint8_t gsm_cause)
{
	smf->stat[SMF_STAT_REJECTS]++;
	smf->figures.by_cause[gsm_cause][SMF_CAUSE_CREATION_FAIL]++;
}

void smf_count_n4_failed(struct smf *smf, uint8_t pfcp_cause)
{
	uint8_t row = pfcp_cause ? stat_cause_row(pfcp_cause, pfcp_cause_name(pfcp_cause)) : 0;

	smf->figures.by_n4_cause[row][SMF_N4_CAUSE_ESTAB_FAIL]++;
}

void smf_count_session(struct smf *smf, const struct smf_session *s, bool begins)
{
	smf->figures.by_dnn[dnn_row(smf, s->dnn)][SMF_DNN_SESSIONS] += begins ? 1 : UINT64_MAX;
}

uint64_t smf_count_of_dnn(const struct smf *smf, const struct smf_dnn *d)
{
	return smf->figures.by_dnn[dnn_row(smf, d)][SMF_DNN_SESSIONS];
}

uint64_t smf_sessions_of(const struct smf *smf, enum smf_of of, struct bytes name)
{
	char text[SNSSAI_STR_SIZE];
	uint64_t n = 0;

	for (uint8_t i = 0; of <= SMF_OF_SLICE && i < smf->config.dnn_count; i++) {
		const struct smf_dnn *d = &smf->config.dnns[i];
		const char *is = of == SMF_OF_DNN ? d->dnn : snssai_str(&d->snssai, text);

		n += bytes_equal(name, bytes_of_str(is)) ? smf_count_of_dnn(smf, d) : 0;
	}
	for (uint8_t i = 0; of == SMF_OF_UPF && i < smf->config.upf_count; i++)
		n += bytes_equal(name, bytes_of_str(smf->config.upfs[i].name)) ? smf->upfs[i].sessions : 0;
	return n;
}

uint64_t smf_sessions_of_pool(
	const struct smf *smf, const struct prefix *pool, const struct prefix *stays, uint8_t count)
{
	uint64_t n = 0;

	for (uint8_t i = 0; i < smf->pool_count; i++) {
		const struct address_pool *p = &smf->pools[i];

		if (p->gone || !prefix_equal(&p->prefix, pool))
			continue;
		n += p->used;
		for (uint8_t k = 0; k < count; k++)
			n -= smf_address_pool_used_in(p, &stays[k]);
	}
	return n;
}

struct smf_numbers smf_numbers(const struct smf *smf)
{
	struct smf_numbers n = {
		.sessions = smf->sessions.used - smf->gone,
		.active = smf->active,
	};

	for (uint8_t i = 0; i < smf->config.upf_count; i++) {
		n.upfs += !smf->upfs[i].withdrawn;
		n.upfs_associated += smf->upfs[i].associated;
		n.upfs_drained += smf->upfs[i].drained;
		n.paths_lost += smf->upfs[i].lost_count;
	}
	for (uint8_t i = 0; i < smf->pool_count; i++)
		*(smf_address_pool_family(&smf->pools[i]) == SMF_V4 ? &n.addresses : &n.prefixes) +=
			smf->pools[i].used;
	return n;
}

bool smf_upf_state(const struct smf *smf, uint8_t i, char name[SMF_UPF_NAME_SIZE], bool *associated)
{
	struct addr host;
	char text[ADDR_STR_SIZE];

	if (i >= smf->config.upf_count)
		return false;
	host = smf->upfs[i].config->address;
	host.port = 0;
	str_copy(name, SMF_UPF_NAME_SIZE,
		smf->upfs[i].config->name[0] ? smf->upfs[i].config->name : addr_str(&host, text));
	*associated = smf->upfs[i].associated || smf->upfs[i].withdrawn; /* nobody misses it */
	return true;
}

bool smf_pool_use(const struct smf *smf, uint8_t i, struct smf_pool_use *out)
{
	if (i >= smf->pool_count)
		return false;
	*out = (struct smf_pool_use){ smf->pools[i].prefix, smf->pools[i].gone ? 0 : smf->pools[i].used,
		smf->pools[i].size };
	return true;
}

static void take_gauges(struct smf *smf)
{
	struct smf_numbers n = smf_numbers(smf);
	uint64_t *gauge = smf->figures.gauge;

	gauge[SMF_GAUGE_ACTIVE] = n.active;
	gauge[SMF_GAUGE_UPFS] = n.upfs;
	gauge[SMF_GAUGE_UPFS_ASSOCIATED] = n.upfs_associated;
	gauge[SMF_GAUGE_UPFS_DRAINED] = n.upfs_drained;
	gauge[SMF_GAUGE_PATHS_LOST] = n.paths_lost;
	gauge[SMF_GAUGE_ADDRESSES] = n.addresses;
	gauge[SMF_GAUGE_PREFIXES] = n.prefixes;
	gauge[SMF_GAUGE_ADDRESSES_MAX] = gauge[SMF_GAUGE_PREFIXES_MAX] = 0;
	for (uint8_t i = 0; i < smf->pool_count; i++)
		gauge[smf_address_pool_family(&smf->pools[i]) == SMF_V4 ? SMF_GAUGE_ADDRESSES_MAX
									: SMF_GAUGE_PREFIXES_MAX] +=
			smf->pools[i].gone ? 0 : smf->pools[i].size;
}

void smf_stats(const struct smf *smf, struct stats *out)
{
	*out = (struct stats){ .group = &smf_stat_group, .values = smf->stat };
}

void smf_figures(struct smf *smf, struct stats_list *l)
{
	const struct smf_figures *f = &smf->figures;
	struct stats s;

	smf_stats(smf, &s);
	stats_add(l, s);
	take_gauges(smf);
	stats_add(l, (struct stats){ .group = &smf_gauge_group, .values = f->gauge });
	stats_add(l, (struct stats){ .group = &smf_dnn_group,
			     .values = f->by_dnn[0],
			     .rows = smf->config.dnn_count + 1u,
			     .shown = smf->config.dnn_count,
			     .labels = dnn_label,
			     .arg = smf });
	stats_add(l, (struct stats){ .group = &smf_cause_group,
			     .values = f->by_cause[0],
			     .rows = ARRAY_LEN(f->by_cause),
			     .labels = cause_label });
	stats_add(l, (struct stats){ .group = &smf_n4_cause_group,
			     .values = f->by_n4_cause[0],
			     .rows = ARRAY_LEN(f->by_n4_cause),
			     .labels = n4_cause_label });
	stats_add(l, (struct stats){ .group = &smf_time_group, .values = f->times[0].words });
	pfcp_stats(smf->pfcp, &s);
	stats_add(l, s);
}
