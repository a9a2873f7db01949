/* Flows of sessions: what operators and UEs ask for, and what must be so. */
#include "base/cursor.h"
#include "base/text.h"
#include "tests/scenario/flows.h"
#include "tests/scenario/scenario.h"

/* The rest of the line, each word a line: blanks in a word are written as underscores behind its '='. */
struct bytes scn_flow_words(const struct scn_args *a, uint8_t out[SCN_FLOW_WORDS_MAX])
{
	struct writer w = writer_of(out, SCN_FLOW_WORDS_MAX);

	for (size_t i = 0; i < a->rest_count; i++) {
		bool filter = strstr(a->rest[i], "filter=") != NULL;

		for (const char *c = a->rest[i]; *c; c++)
			writer_u8(
				&w, (uint8_t)(filter && *c == '_' && strchr(a->rest[i], '=') < c ? ' ' : *c));
		writer_u8(&w, '\n');
	}
	return writer_bytes(&w);
}

static bool flow_change(struct scn *s, const struct scn_args *a, bool add, bool may_be_refused)
{
	struct supi supi = scn_supi(s, a->n[0]);
	uint8_t words[SCN_FLOW_WORDS_MAX];
	bool done;

	if (s->core && !sim_is_alive(s->core_node)) /* at a commit of the operator's doing */
		scn_run(s, NULL, NULL, 1);
	done = s->core && core_flow(s->core, add, &supi, scn_flow_words(a, words));
	sim_settle(s->core_node);
	return done || may_be_refused || scn_fail(s, "not possible in the present state");
}

bool scn_flow_add(struct scn *s, const struct scn_args *a)
{
	return flow_change(s, a, true, false);
}

bool scn_flow_delete(struct scn *s, const struct scn_args *a)
{
	return flow_change(s, a, false, false);
}

/* A core that was killed may have done it, or not. */
bool scn_flow_add_again(struct scn *s, const struct scn_args *a)
{
	return flow_change(s, a, true, true);
}

bool scn_flow_delete_again(struct scn *s, const struct scn_args *a)
{
	return flow_change(s, a, false, true);
}

/* ue # asks for flow *: 5qi=, gbr= (kbit/s), filter= */
bool scn_ue_asks_flow(struct scn *s, const struct scn_args *a)
{
	struct ue *ue = a->n[0] <= SCN_UES_MAX ? s->ues[a->n[0]].ue : NULL;
	const char *filter = scn_option(a, "filter"), *five_qi = scn_option(a, "5qi");
	const char *gbr = scn_option(a, "gbr");
	struct ue_flow_request r = { .operation = NAS_QOS_RULE_CREATE, .has_filter = filter != NULL };
	char text[IP_FILTER_TEXT_MAX];
	uint64_t n = 0;

	if (!ue || !filter || !five_qi || !scn_number(five_qi, &n) ||
		!scn_options_known(s, a, "filter 5qi gbr"))
		return scn_fail(s, "no UE, filter= or 5qi=");
	r.five_qi = (uint8_t)n;
	str_copy(text, sizeof(text), filter);
	for (char *c = text; *c; c++)
		*c = *c == '_' ? ' ' : *c;
	if (ip_filter_read(bytes_of_str(text), &r.filter))
		return scn_fail(s, "no filter");
	if (gbr && scn_number(gbr, &n))
		r.gfbr_uplink_kbps = r.gfbr_downlink_kbps = n;
	if (!ue_session_request_flow(ue, 1, &r))
		return scn_fail(s, "not possible in the present state");
	sim_settle(s->ue_node);
	return true;
}

/* ue # gives up flow #: the rule of a QFI */
bool scn_ue_drops_flow(struct scn *s, const struct scn_args *a)
{
	struct ue *ue = a->n[0] <= SCN_UES_MAX ? s->ues[a->n[0]].ue : NULL;
	struct ue_flow_request r = { .operation = NAS_QOS_RULE_DELETE };
	uint8_t qfi = 0;

	for (uint8_t i = 0; ue && qfi != a->n[1] && ue_session_rule(ue, 1, i, &r.rule, &qfi); i++)
		;
	if (!ue || qfi != a->n[1])
		return scn_fail(s, "the UE has no such flow");
	if (!ue_session_request_flow(ue, 1, &r))
		return scn_fail(s, "not possible in the present state");
	sim_settle(s->ue_node);
	return true;
}

static bool session_of(struct scn *s, const struct scn_args *a, struct ue_session_info *info)
{
	struct ue *ue = a->n[0] <= SCN_UES_MAX ? s->ues[a->n[0]].ue : NULL;
	bool there = ue && ue_session_info(ue, (uint8_t)a->n[1], info);

	if (!there)
		*info = (struct ue_session_info){ 0 };
	snprintf(s->seen, sizeof(s->seen), "session %s, %d flows, %u rules, AMBR %llu/%llu kbit/s",
		there ? "there" : "not there", __builtin_popcountll(info->flows), info->rules,
		(unsigned long long)info->ambr_uplink_kbps, (unsigned long long)info->ambr_downlink_kbps);
	return there;
}

bool scn_has_flows(struct scn *s, const struct scn_args *a)
{
	struct ue_session_info info;

	return session_of(s, a, &info) && __builtin_popcountll(info.flows) == (int)a->n[2];
}

bool scn_flows_counted(struct scn *s, const struct scn_args *a)
{
	struct scn_smf_flows f;
	uint64_t up = 0, down = 0;

	for (uint32_t at = 0; s->core && scn_smf_flows_next(core_smf(s->core), &at, &f);) {
		up += f.uplink_octets;
		down += f.downlink_octets;
	}
	return up == a->n[0] && down == a->n[1];
}

bool scn_has_ambr(struct scn *s, const struct scn_args *a)
{
	struct ue_session_info info;

	return session_of(s, a, &info) && info.ambr_uplink_kbps == a->n[2] &&
	       info.ambr_downlink_kbps == a->n[3];
}

bool scn_ping_flow(struct scn *s, const struct scn_args *a)
{
	struct ue *ue = a->n[0] <= SCN_UES_MAX ? s->ues[a->n[0]].ue : NULL;
	uint8_t qfi = ue ? scn_ping_qfi(ue, (uint8_t)a->n[1]) : 0;

	snprintf(s->seen, sizeof(s->seen), "flow %u", qfi);
	return qfi == a->n[2];
}

/* Everybody has the same flows of every session: SMF and UE, and with the user plane the gNB. */
bool scn_flows_agree(struct scn *s, const struct scn_args *a)
{
	struct scn_smf_flows f;

	snprintf(s->seen, sizeof(s->seen), "no core");
	for (uint32_t at = 0; s->core && scn_smf_flows_next(core_smf(s->core), &at, &f);) {
		uint64_t at_ue = 0, at_gnb = 0;

		for (size_t i = 1; i <= SCN_UES_MAX; i++) {
			struct ue_session_info info;
			struct ue_state state;

			if (!s->ues[i].ue)
				continue;
			ue_state(s->ues[i].ue, &state);
			if (!strcmp(state.supi.imsi, f.supi.imsi) &&
				ue_session_info(s->ues[i].ue, f.psi, &info))
				at_ue = info.flows;
		}
		for (size_t i = 0; i <= SCN_GNBS_MAX; i++)
			if (s->gnbs[i].gnb)
				at_gnb |= scn_gnb_flows(s->gnbs[i].gnb, f.ul_teid);
		snprintf(s->seen, sizeof(s->seen),
			"imsi-%s session %u: flows of SMF %llx%s UPF %llx UE %llx gNB %llx%s", f.supi.imsi,
			f.psi, (unsigned long long)f.wanted, f.busy ? " (busy)" : "",
			(unsigned long long)f.at_upf, (unsigned long long)at_ue, (unsigned long long)at_gnb,
			f.active ? "" : " (idle)");
		if (f.busy || f.wanted != f.at_upf || f.wanted != at_ue || (f.active && f.wanted != at_gnb))
			return false;
	}
	return s->core != NULL;
}
