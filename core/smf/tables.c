/* What operators see of PDU sessions and UPFs (base/table.h). */
#include <inttypes.h>
#include <stdio.h>

#include "base/text.h"
#include "core/smf/internal.h"

static const struct table_column session_columns[] = {
	{ "imsi", TABLE_TEXT, "SUPI, or imei-... of a UE without" },
	{ "id", TABLE_NUMBER, "PDU session identity" },
	{ "dnn", TABLE_TEXT, "data network" },
	{ "slice", TABLE_TEXT, "S-NSSAI" },
	{ "state", TABLE_TEXT, "established, or the step under way" },
	{ "user_plane", TABLE_TEXT, "active, inactive (the UE is idle), or the step between" },
	{ "ipv4", TABLE_TEXT, "address of the UE" },
	{ "ipv6_prefix", TABLE_TEXT, "of 64 bits" },
	{ "macs", TABLE_TEXT, "Ethernet: addresses seen behind the UE, the first of them" },
	{ "upf", TABLE_TEXT, "N4 address" },
	{ "gnb", TABLE_TEXT, "N3 address of the tunnel's other end" },
	{ "five_qi", TABLE_NUMBER, "of the default QoS flow" },
	{ "arp", TABLE_NUMBER, "priority level of it" },
	{ "flows", TABLE_NUMBER, "QoS flows" },
	{ "ambr_uplink_bps", TABLE_NUMBER, "session AMBR" },
	{ "ambr_downlink_bps", TABLE_NUMBER, "" },
	{ "uplink_octets", TABLE_NUMBER, "reported by the UPF, so far" },
	{ "downlink_octets", TABLE_NUMBER, "" },
	{ "secondary_uplink_octets", TABLE_NUMBER, "of a secondary RAT, reported by gNBs" },
	{ "secondary_downlink_octets", TABLE_NUMBER, "" },
	{ "since", TABLE_TIME, "of the accept" },
};
const struct table smf_session_table = { "sessions", "PDU sessions", session_columns,
	ARRAY_LEN(session_columns) };

static const struct table_column flow_columns[] = {
	{ "imsi", TABLE_TEXT, "SUPI, or imei-... of a UE without" },
	{ "id", TABLE_NUMBER, "PDU session identity" },
	{ "dnn", TABLE_TEXT, "data network" },
	{ "rule", TABLE_TEXT, "PCC rule; none: the default one" },
	{ "qfi", TABLE_NUMBER, "QoS flow that it is in" },
	{ "five_qi", TABLE_NUMBER, "" },
	{ "arp", TABLE_NUMBER, "priority level, 1 the highest" },
	{ "pre_empts", TABLE_TEXT, "may take the place of others" },
	{ "pre_emptable", TABLE_TEXT, "may have to give way" },
	{ "gbr_uplink_bps", TABLE_NUMBER, "guaranteed; 0: nothing" },
	{ "gbr_downlink_bps", TABLE_NUMBER, "" },
	{ "mbr_uplink_bps", TABLE_NUMBER, "at most; 0: as the session" },
	{ "mbr_downlink_bps", TABLE_NUMBER, "" },
	{ "gate", TABLE_TEXT, "open, closed, uplink or downlink" },
	{ "at", TABLE_TEXT, "who has it: upf,gnb,ue" },
	{ "uplink_octets", TABLE_NUMBER, "as its UPF last said, once a minute; the default rule: none" },
	{ "downlink_octets", TABLE_NUMBER, "" },
};
const struct table smf_flow_table = { "flows", "PCC rules and QoS flows of PDU sessions", flow_columns,
	ARRAY_LEN(flow_columns) };

static const struct table_column upf_columns[] = {
	{ "name", TABLE_TEXT, "" },
	{ "address", TABLE_TEXT, "N4" },
	{ "state", TABLE_TEXT, "associated, leaving (it is to end, and gets no more sessions), or away" },
	{ "drained", TABLE_TEXT, "yes: it gets no new sessions (freehold drain)" },
	{ "sessions", TABLE_NUMBER, "" },
	{ "restoring", TABLE_NUMBER, "sessions that are being established again" },
	{ "dnns", TABLE_NUMBER, "data networks it serves; 0: all" },
	{ "not_reached", TABLE_TEXT, "GTP-U peers, of gNBs mostly, as it reports (29.244 7.4.5)" },
	{ "since", TABLE_TIME, "of the association" },
};
const struct table smf_upf_table = { "upfs", "UPFs of the SMF", upf_columns, ARRAY_LEN(upf_columns) };

static void put_host(const struct addr *a, struct table_row *r)
{
	struct addr host = *a;
	char text[ADDR_STR_SIZE];

	host.port = 0;
	table_text(r, addr_str(&host, text));
}

static void put_addresses(const struct smf_session *s, struct table_row *r)
{
	struct prefix prefix = { { s->ue.ipv6_prefix, 0 }, 64 };
	char text[PREFIX_STR_SIZE];
	struct addr v4 = addr_from_v4(s->ue.ipv4, 0);

	if (s->ue.ipv4)
		put_host(&v4, r);
	else
		table_none(r);
	if (s->ue.ipv6_prefix)
		table_text(r, prefix_str(&prefix, text));
	else
		table_none(r);
}

enum { MACS_SHOWN = 4, MAC_STR_SIZE = 18 };

/* "02:00:00:00:00:01,02:00:00:00:00:02+3" */
static void put_macs(const struct smf_session *s, struct table_row *r)
{
	char text[MACS_SHOWN * MAC_STR_SIZE + 8];
	struct writer w = writer_of((uint8_t *)text, sizeof(text) - 1);

	for (uint8_t i = 0; s->ethernet && i < s->ethernet->mac_count && i < MACS_SHOWN; i++) {
		uint64_t m = s->ethernet->macs[i];

		text_put(&w, "%s%02x:%02x:%02x:%02x:%02x:%02x", i ? "," : "", (unsigned)(m >> 40) & 255,
			(unsigned)(m >> 32) & 255, (unsigned)(m >> 24) & 255, (unsigned)(m >> 16) & 255,
			(unsigned)(m >> 8) & 255, (unsigned)m & 255);
	}
	if (s->ethernet && s->ethernet->mac_count > MACS_SHOWN)
		text_put(&w, "+%u", s->ethernet->mac_count - MACS_SHOWN);
	text[w.len] = '\0';
	if (w.len)
		table_text(r, text);
	else
		table_none(r);
}

static void put_path(const struct smf *smf, const struct smf_session *s, struct table_row *r)
{
	struct addr gnb = addr_from_v4(ip_v4(s->downlink.ip), 0);

	if (s->upf != SMF_UPF_NONE)
		put_host(&smf->upfs[s->upf].config->address, r);
	else
		table_none(r); /* it is in the making */
	if (s->downlink.teid)
		put_host(&gnb, r);
	else
		table_none(r);
}

static void put_qos(const struct smf_session *s, struct table_row *r)
{
	const struct smf_flow *f = smf_flow_get(&s->flows, 0);

	table_number(r, f->five_qi);
	table_number(r, f->arp.priority_level);
	table_number(r, (uint64_t)__builtin_popcountll(smf_flows_marked(&s->flows, 0)));
	table_number(r, s->ambr.uplink_bps);
	table_number(r, s->ambr.downlink_bps);
}

static void put_session(const struct smf *smf, const struct smf_session *s, struct writer *w)
{
	struct table_row r = table_row_begin(&smf_session_table, w);
	char slice[SNSSAI_STR_SIZE], supi[SUPI_STR_SIZE];

	table_text(&r, supi_plain(&s->supi, supi));
	table_number(&r, s->pdu_session_id);
	table_text(&r, s->dnn->dnn);
	table_text(&r, snssai_str(&s->snssai, slice));
	table_text(&r, smf->life->state_names[s->state]);
	table_text(&r, smf->user_plane->state_names[s->up]);
	put_addresses(s, &r);
	put_macs(s, &r);
	put_path(smf, s, &r);
	put_qos(s, &r);
	table_number(&r, s->uplink_octets);
	table_number(&r, s->downlink_octets);
	table_number(&r, s->secondary ? s->secondary->uplink_octets : 0);
	table_number(&r, s->secondary ? s->secondary->downlink_octets : 0);
	table_time(&r, s->accepted_s);
	table_row_end(&r);
}

bool smf_session_row(const struct smf *smf, uint32_t *at, struct writer *w)
{
	const struct smf_session *s = pool_next(&smf->sessions, at);

	while (s && s->gone) {
		++*at;
		s = pool_next(&smf->sessions, at);
	}
	if (!s)
		return false;
	put_session(smf, s, w);
	++*at;
	return true;
}

static const char *gate_name(uint8_t gate)
{
	bool down = gate & PFCP_GATE_DL_CLOSED, up = gate & PFCP_GATE_UL_CLOSED;

	return down && up ? "closed" : down ? "uplink" : up ? "downlink" : "open";
}

static void put_flow(const struct smf_session *s, const struct smf_flow *f, struct writer *w)
{
	static const struct smf_match all = { .gate = PFCP_GATE_OPEN };
	const struct smf_match *m = f->match ? f->match : &all;
	struct table_row r = table_row_begin(&smf_flow_table, w);
	char at[16], supi[SUPI_STR_SIZE];

	table_text(&r, supi_plain(&s->supi, supi));
	table_number(&r, s->pdu_session_id);
	table_text(&r, s->dnn->dnn);
	if (f->match)
		table_text(&r, m->pcc_rule_id);
	else
		table_none(&r);
	table_number(&r, f->qfi);
	table_number(&r, f->five_qi);
	table_number(&r, f->arp.priority_level);
	table_text(&r, f->arp.may_preempt ? "yes" : "no");
	table_text(&r, f->arp.preemptable ? "yes" : "no");
	table_number(&r, m->gbr.uplink_bps);
	table_number(&r, m->gbr.downlink_bps);
	table_number(&r, m->mbr.uplink_bps);
	table_number(&r, m->mbr.downlink_bps);
	table_text(&r, gate_name(m->gate));
	snprintf(at, sizeof(at), "%s%s%s", f->at & FLOW_AT_UPF ? ",upf" : "",
		f->at & FLOW_AT_GNB ? ",gnb" : "", f->at & FLOW_AT_UE ? ",ue" : "");
	table_text(&r, at[0] ? at + 1 : "nobody");
	if (f->match) {
		table_number(&r, m->uplink_octets);
		table_number(&r, m->downlink_octets);
	} else {
		table_none(&r);
		table_none(&r);
	}
	table_row_end(&r);
}

/* The place is that of the session, and of the rule among its own. */
bool smf_flow_row(const struct smf *smf, uint64_t *at, struct writer *w)
{
	uint32_t index = (uint32_t)(*at / SMF_FLOWS_MAX);
	uint8_t i = (uint8_t)(*at % SMF_FLOWS_MAX);
	const struct smf_session *s;

	for (uint32_t was = index; (s = pool_next(&smf->sessions, &index)) != NULL; index++) {
		i = index == was ? i : 0;
		if (s->gone || i >= s->flows.count)
			continue;
		put_flow(s, smf_flow_get(&s->flows, i), w);
		*at = (uint64_t)index * SMF_FLOWS_MAX + i + 1;
		return true;
	}
	return false;
}

/* "10.1.0.2,10.1.0.3" */
static void put_lost(const struct smf_upf *u, struct table_row *r)
{
	char text[SMF_PATHS_LOST_MAX * (ADDR_STR_SIZE + 1)], address[ADDR_STR_SIZE];
	struct writer w = writer_of((uint8_t *)text, sizeof(text) - 1);

	for (uint8_t i = 0; i < u->lost_count; i++) {
		struct addr at = ip_to_addr(u->lost[i], 0);

		text_put(&w, "%s%s", i ? "," : "", addr_str(&at, address));
	}
	text[w.len] = '\0';
	if (w.len)
		table_text(r, text);
	else
		table_none(r);
}

bool smf_upf_row(const struct smf *smf, uint32_t *at, struct writer *w)
{
	struct table_row r = table_row_begin(&smf_upf_table, w);
	const struct smf_upf *u;

	while (*at < smf->config.upf_count && smf->upfs[*at].withdrawn && smf->upfs[*at].sessions == 0)
		++*at;
	if (*at >= smf->config.upf_count)
		return false;
	u = &smf->upfs[(*at)++];
	table_text(&r, u->config->name);
	put_host(&u->config->address, &r);
	table_text(&r, u->leaving ? "leaving" : u->associated ? "associated" : "away");
	table_text(&r, u->drained ? "yes" : "no");
	table_number(&r, u->sessions);
	table_number(&r, u->restoring);
	table_number(&r, u->config->dnn_count);
	put_lost(u, &r);
	table_time(&r, u->associated ? u->associated_s : 0);
	table_row_end(&r);
	return true;
}
