/* The commands of a script. */
#include "tests/scenario/scenario.h"

#include "sim/air.h"
#include "wire/ngap/ngap.h"

enum { PING_MS = 5000 };

static struct scn_ue *ue_at_number(struct scn *s, uint64_t n)
{
	if (n >= 1 && n <= SCN_UES_MAX && s->ues[n].ue)
		return &s->ues[n];
	scn_fail(s, "there is no UE %u", (unsigned)n);
	return NULL;
}

static struct scn_gnb *gnb_at_number(struct scn *s, uint64_t n)
{
	if (n >= 1 && n <= SCN_GNBS_MAX && s->gnbs[n].node)
		return &s->gnbs[n];
	scn_fail(s, "there is no gNB %u", (unsigned)n);
	return NULL;
}

static bool seed(struct scn *s, const struct scn_args *a)
{
	if (s->sim)
		return scn_fail(s, "the seed comes before `network`");
	s->variant.seed += a->n[0];
	return true;
}

static bool link_quality(struct scn *s, const struct scn_args *a)
{
	struct sim_link link = { (uint32_t)a->n[0] * 1000, (uint32_t)a->n[1] * 1000, (uint32_t)a->n[2] };

	if (!s->sim)
		return scn_fail(s, "the network comes first");
	sim_set_link(s->sim, &link);
	return true;
}

static bool air_by_slots(struct scn *s, const struct scn_args *a)
{
	struct sim_air_config c = { .delay_slots = (uint32_t)a->n[1], .per_slot = (uint32_t)a->n[2] };

	return sim_set_air(s->sim, (uint8_t)a->n[0], &c) ||
	       scn_fail(
		       s, "numerology 0 to %d, delay and capacity of a slot at least 1", SLOT_NUMEROLOGY_MAX);
}

static bool radio_by_samples(struct scn *s, const struct scn_args *a)
{
	s->samples_mhz = (uint8_t)a->n[0];
	s->mac = s->mac || s->variant.mac;
	return s->sim || scn_fail(s, "the network comes first");
}

static bool radio_by_mac(struct scn *s, const struct scn_args *a)
{
	s->mac = true;
	return radio_by_samples(s, a);
}

static bool radio_by_mac_tdd(struct scn *s, const struct scn_args *a)
{
	s->tdd = true;
	return radio_by_mac(s, a);
}

static bool core_takes(struct scn *s, const struct scn_args *a)
{
	if (!s->core_node)
		return scn_fail(s, "the network comes first");
	sim_set_service(s->core_node, (uint32_t)a->n[0]);
	return true;
}

/* What the user or the operator did is on its way. */
static bool done(struct scn *s, struct sim_node *n, bool possible)
{
	sim_settle(n);
	return possible || scn_fail(s, "not possible in the present state");
}

static bool ue_registers(struct scn *s, const struct scn_args *a)
{
	struct scn_ue *u = ue_at_number(s, a->n[0]);

	return u && done(s, u->node, ue_register(u->ue));
}

static bool ue_deregisters(struct scn *s, const struct scn_args *a)
{
	struct scn_ue *u = ue_at_number(s, a->n[0]);

	return u && done(s, u->node, ue_deregister(u->ue, false));
}

static bool ue_switches_off(struct scn *s, const struct scn_args *a)
{
	struct scn_ue *u = ue_at_number(s, a->n[0]);

	return u && done(s, u->node, ue_deregister(u->ue, true));
}

static bool ue_establishes(struct scn *s, const struct scn_args *a)
{
	struct scn_ue *u = ue_at_number(s, a->n[0]);
	const char *dnn = scn_option(a, "dnn"), *slice = scn_option(a, "slice"),
		   *type = scn_option(a, "type");
	struct snssai snssai;

	if (!u || !scn_options_known(s, a, "dnn slice type") || (slice && !snssai_parse(slice, &snssai)))
		return scn_fail(s, "no slice");
	return done(s, u->node,
		ue_session_establish_type(u->ue, dnn, slice ? &snssai : NULL,
			type ? scn_session_type(type) : u->profile.session_type) != 0);
}

static bool ue_releases(struct scn *s, const struct scn_args *a)
{
	struct scn_ue *u = ue_at_number(s, a->n[0]);

	return u && done(s, u->node, ue_session_release(u->ue, (uint8_t)a->n[1]));
}

static bool ue_vanishes(struct scn *s, const struct scn_args *a)
{
	struct scn_ue *u = ue_at_number(s, a->n[0]);

	if (!u)
		return false;
	if (u->host && s->mac)
		scn_mac_silent(s, u, true);
	else if (u->host)
		sim_set_silent(u->node, true);
	ue_free(u->ue);
	*u = (struct scn_ue){ .host = u->host, .l1 = u->l1 };
	return true;
}

static bool operator_removes(struct scn *s, const struct scn_args *a)
{
	struct supi supi = scn_supi(s, a->n[0]);

	s->withdrawn = supi;
	return done(s, s->core_node, s->core && core_subscriber_remove(s->core, &supi));
}

static bool operator_removes_again(struct scn *s, const struct scn_args *a)
{
	struct supi supi = scn_supi(s, a->n[0]);

	if (s->core)
		may_fail(core_subscriber_remove(s->core, &supi)); /* a killed core may have kept it, or not */
	sim_settle(s->core_node);
	return true;
}

static bool deregister(struct scn *s, uint64_t subscriber, bool again)
{
	struct supi supi = scn_supi(s, subscriber);

	return done(s, s->core_node, s->core && core_deregister(s->core, &supi, again));
}

static bool operator_deregisters(struct scn *s, const struct scn_args *a)
{
	return deregister(s, a->n[0], false);
}

static bool operator_reregisters(struct scn *s, const struct scn_args *a)
{
	return deregister(s, a->n[0], true);
}

static bool operator_authenticates(struct scn *s, const struct scn_args *a)
{
	struct supi supi = scn_supi(s, a->n[0]);

	return done(s, s->core_node, s->core && core_reauthenticate(s->core, &supi));
}

static bool operator_releases(struct scn *s, const struct scn_args *a)
{
	struct supi supi = scn_supi(s, a->n[1]);

	return done(s, s->core_node,
		s->core && core_session_release(
				   s->core, &supi, (uint8_t)a->n[0], NAS_5GSM_REGULAR_DEACTIVATION));
}

static bool operator_relocates(struct scn *s, const struct scn_args *a)
{
	struct supi supi = scn_supi(s, a->n[1]);

	return done(s, s->core_node,
		s->core && core_session_relocate(s->core, &supi, (uint8_t)a->n[0]) == SMF_RELOCATED);
}

/* again: a core that was killed may have kept it, or not, or is not there. */
static bool drain(struct scn *s, bool drained, bool again)
{
	return done(s, s->core_node,
		(s->core && smf_upf_drain(core_smf(s->core), bytes_of_str(SCN_UPF_NAME), drained)) || again);
}

static bool operator_drains(struct scn *s, const struct scn_args *a)
{
	return drain(s, true, false);
}

static bool operator_drains_again(struct scn *s, const struct scn_args *a)
{
	return drain(s, true, true);
}

static bool operator_undrains(struct scn *s, const struct scn_args *a)
{
	return drain(s, false, false);
}

static bool drop_count(struct scn *s, const struct scn_args *a)
{
	return scn_drop_add(s, a->n[0], a->s[0], a->rest_count ? a->rest[0] : "");
}

static bool drop_next(struct scn *s, const struct scn_args *a)
{
	return scn_drop_add(s, 1, a->s[0], a->rest_count ? a->rest[0] : "");
}

static bool drop_all(struct scn *s, const struct scn_args *a)
{
	return scn_drop_add(s, UINT32_MAX, a->s[0], a->rest_count ? a->rest[0] : "");
}

static bool drop_none(struct scn *s, const struct scn_args *a)
{
	memset(s->drops, 0, sizeof(s->drops));
	return true;
}

static bool kill_core_keep(struct scn *s, const struct scn_args *a)
{
	if (!s->core)
		return scn_fail(s, "the core is dead");
	scn_core_kill(s, true);
	return true;
}

static bool kill_core_lose(struct scn *s, const struct scn_args *a)
{
	if (!s->core)
		return scn_fail(s, "the core is dead");
	scn_core_kill(s, false);
	return true;
}

static bool kill_core_at(struct scn *s, const struct scn_args *a)
{
	if (strcmp(a->s[0], "before") != 0 && strcmp(a->s[0], "after") != 0)
		return scn_fail(s, "before or after");
	sim_kill_at_commit(s->core_node, (uint32_t)a->n[0], !strcmp(a->s[0], "after"));
	return true;
}

static bool start_core(struct scn *s, const struct scn_args *a)
{
	return scn_options_known(s, a, "counts-lost") &&
	       scn_core_start(s, scn_option(a, "counts-lost") != NULL);
}

static bool kill_upf(struct scn *s, const struct scn_args *a)
{
	if (!s->upf)
		return scn_fail(s, "the UPF is dead");
	scn_upf_kill(s);
	return true;
}

/* As by SIGUSR2. */
static bool upf_leaves(struct scn *s, const struct scn_args *a)
{
	if (s->upf)
		upf_leave(s->upf);
	return done(s, s->upf_node, s->upf != NULL);
}

static bool start_upf(struct scn *s, const struct scn_args *a)
{
	return scn_upf_start(s);
}

static bool kill_gnb(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = gnb_at_number(s, a->n[0]);

	if (!g || !g->gnb)
		return scn_fail(s, "the gNB is dead");
	scn_gnb_kill(s, g);
	return true;
}

static bool start_gnb(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = gnb_at_number(s, a->n[0]);

	if (!g || !scn_options_known(s, a, "amf") ||
		(scn_option(a, "amf") && !scn_gnb_amfs(s, a, &g->config)))
		return false;
	return scn_gnb_start(s, g);
}

static bool break_n2(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = gnb_at_number(s, a->n[0]);

	if (g)
		sim_break(g->node, GNB_PORT_N2);
	return g != NULL;
}

/* NG RESET of the whole interface, from an NG-RAN node that forgot (38.413 8.7.4.2.1). */
static bool gnb_resets(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = gnb_at_number(s, a->n[0]);
	struct ngap_ng_reset m = { .reset_type.tag = NGAP_RESET_TYPE_TAG_NG_INTERFACE };
	uint8_t buffer[64];
	struct writer w = writer_of(buffer, sizeof(buffer));

	m.cause = (struct ngap_cause){ NGAP_CAUSE_TAG_MISC, { .misc = NGAP_CAUSE_MISC_UNSPECIFIED } };
	if (!g || !ngap_encode(NGAP_MSG_NG_RESET, &m, &w))
		return scn_fail(s, "NG RESET does not encode");
	if (!outbox_send(sim_node_env(g->node)->outbox, GNB_PORT_N2, g->assoc, 0, writer_bytes(&w)))
		return scn_fail(s, "NG RESET cannot be sent");
	sim_settle(g->node);
	return true;
}

static bool wait_for(struct scn *s, const struct scn_args *a)
{
	return scn_run(s, NULL, NULL, a->n[0]);
}

static bool ping_kind(
	struct scn *s, uint64_t ue, uint64_t session, enum scn_ping_kind kind, uint64_t ms, bool wanted)
{
	bool answered;

	if (!ue_at_number(s, ue) || !scn_ping(s, ue, session, kind, ms, &answered))
		return false;
	return answered == wanted ||
	       scn_fail(s, answered ? "the ping was answered" : "no answer to the ping");
}

static bool ping_of(struct scn *s, uint64_t ue, uint64_t session, uint64_t ms, bool wanted)
{
	return ping_kind(s, ue, session, PING_V4, ms, wanted);
}

static bool ping6(struct scn *s, const struct scn_args *a)
{
	return ping_kind(s, a->n[0], a->n_count > 1 ? a->n[1] : 1, PING_V6, PING_MS, true);
}

static bool ping6_within(struct scn *s, const struct scn_args *a)
{
	return ping_kind(s, a->n[0], 1, PING_V6, a->n[1], true);
}

static bool ping6_other(struct scn *s, const struct scn_args *a)
{
	return ping_kind(s, a->n[0], 1, PING_V6_OTHER, PING_MS, true);
}

static bool ping(struct scn *s, const struct scn_args *a)
{
	return ping_of(s, a->n[0], a->n_count > 1 ? a->n[1] : 1, PING_MS, true);
}

static bool ping_within(struct scn *s, const struct scn_args *a)
{
	return ping_of(s, a->n[0], 1, a->n[1], true);
}

static bool ping_session_within(struct scn *s, const struct scn_args *a)
{
	return ping_of(s, a->n[0], a->n[1], a->n[2], true);
}

static bool ping_fails(struct scn *s, const struct scn_args *a)
{
	return ping_of(s, a->n[0], 1, PING_MS, false);
}

static bool reach_kind(
	struct scn *s, uint64_t ue, enum scn_ping_kind kind, uint64_t ms, bool again, bool wanted)
{
	bool arrived;

	if (!ue_at_number(s, ue) || !scn_reach(s, ue, kind, ms, again, &arrived))
		return false;
	return arrived == wanted || scn_fail(s, arrived ? "the packet arrived" : "the packet did not arrive");
}

static bool reach_of(struct scn *s, uint64_t ue, uint64_t ms, bool again, bool wanted)
{
	return reach_kind(s, ue, PING_V4, ms, again, wanted);
}

static bool ping_behind(struct scn *s, const struct scn_args *a)
{
	return ping_kind(s, a->n[0], 1, PING_BEHIND, a->n_count > 1 ? a->n[1] : PING_MS, true);
}

static bool ping6_behind(struct scn *s, const struct scn_args *a)
{
	return ping_kind(s, a->n[0], 1, PING_V6_BEHIND, a->n_count > 1 ? a->n[1] : PING_MS, true);
}

static bool ping_behind_fails(struct scn *s, const struct scn_args *a)
{
	return ping_kind(s, a->n[0], 1, PING_BEHIND, PING_MS, false);
}

static bool reach_behind(struct scn *s, const struct scn_args *a)
{
	return reach_kind(s, a->n[0], PING_BEHIND, a->n[1], true, true);
}

static bool reach6(struct scn *s, const struct scn_args *a)
{
	return reach_kind(s, a->n[0], PING_V6, a->n[1], true, true);
}

static bool reach(struct scn *s, const struct scn_args *a)
{
	return reach_of(s, a->n[0], a->n[1], false, true);
}

static bool reach_again(struct scn *s, const struct scn_args *a)
{
	return reach_of(s, a->n[0], a->n[1], true, true);
}

static bool reach_fails(struct scn *s, const struct scn_args *a)
{
	return reach_of(s, a->n[0], a->n[1], false, false);
}

static bool handover(struct scn *s, const struct scn_args *a)
{
	const char *way = scn_option(a, "n2") ? "n2" : scn_option(a, "xn") ? "xn" : NULL;
	bool again = scn_option(a, "try") != NULL;

	if (!scn_options_known(s, a, "n2 xn try"))
		return false;
	if (scn_handover(s, a->n[0], a->n[1], way, true))
		return true;
	if (again) {
		s->error[0] = 0;
		s->meanwhile_begun = false;
	}
	return again;
}

static bool handover_is_refused(struct scn *s, const struct scn_args *a)
{
	return scn_handover(s, a->n[0], a->n[1], a->s_count ? a->s[0] : NULL, false);
}

static bool sweep_loss(struct scn *s, const struct scn_args *a)
{
	s->sweep_loss = true;
	return true;
}

static bool sweep_losses(struct scn *s, const struct scn_args *a)
{
	s->sweep_loss = s->sweep_losses = true;
	return true;
}

static bool sweep_kill_node(struct scn *s, struct sim_node *n)
{
	s->sweep_kill = n;
	s->commits_before = (uint32_t)sim_commits(n);
	if (s->variant.kill_nth)
		sim_kill_at_commit(n, s->variant.kill_nth, s->variant.kill_after);
	return true;
}

static bool sweep_kill_core(struct scn *s, const struct scn_args *a)
{
	return sweep_kill_node(s, s->core_node);
}

static bool sweep_kill_upf(struct scn *s, const struct scn_args *a)
{
	return sweep_kill_node(s, s->upf_node);
}

static bool sweep_kill_gnb(struct scn *s, const struct scn_args *a)
{
	struct scn_gnb *g = gnb_at_number(s, a->n[0]);

	return g && sweep_kill_node(s, g->node);
}

static bool sweep_ends(struct scn *s, const struct scn_args *a)
{
	scn_sweep_end(s);
	return scn_meanwhile_has_begun(s);
}

static const struct {
	const char *pattern;
	bool (*run)(struct scn *s, const struct scn_args *a);
	bool early; /* before `network` too */
} commands[] = {
	{ "seed #", seed, true },
	{ "network *", scn_network, true },
	{ "link delay # jitter # loss #", link_quality },
	{ "core takes # us a message", core_takes },
	{ "air numerology # delay # slots # a slot", air_by_slots },
	{ "radio samples # mhz", radio_by_samples },
	{ "radio mac # mhz", radio_by_mac },
	{ "radio mac # mhz tdd", radio_by_mac_tdd },
	{ "radio through *", scn_medium },
	{ "subscriber # *", scn_subscriber },
	{ "gnb moves tunnels of ue #", scn_tunnels_move },
	{ "gnb # resets", gnb_resets },
	{ "gnb # resets xn to gnb #", scn_xn_reset },
	{ "gnb # removes xn to gnb #", scn_xn_remove },
	{ "gnb # takes its configuration", scn_gnb_config },
	{ "gnb # *", scn_gnb },
	{ "ue # registers", ue_registers },
	{ "ue # deregisters", ue_deregisters },
	{ "ue # deregisters switch-off", ue_switches_off },
	{ "ue # establishes *", ue_establishes },
	{ "ue # releases #", ue_releases },
	{ "ue # asks for flow *", scn_ue_asks_flow },
	{ "ue # gives up flow #", scn_ue_drops_flow },
	{ "ue # vanishes", ue_vanishes },
	{ "ue # leaves coverage", scn_leaves_coverage },
	{ "ue # enters coverage", scn_enters_coverage },
	{ "ue # moves to gnb #", scn_ue_moves },
	{ "ue # re-establishes at gnb #", scn_ue_reestablishes },
	{ "ue # registers for emergency", scn_ue_registers_emergency },
	{ "ue # calls for emergency", scn_ue_calls_emergency },
	{ "ue # calls for emergency until served within @", scn_ue_calls_until },
	{ "ue # *", scn_ue },
	{ "crowd # gnbs # *", scn_crowd },
	{ "memory is noted", scn_memory_note },
	{ "crowd starts", scn_crowd_starts },
	{ "crowd lives @ *", scn_crowd_lives },
	{ "crowd leaves", scn_crowd_leaves },
	{ "chaos # ues # *", scn_chaos },
	{ "operator changes subscriber # *", scn_subscription_changes },
	{ "operator removes subscriber #", operator_removes },
	{ "operator removes subscriber # again", operator_removes_again },
	{ "operator deregisters subscriber #", operator_deregisters },
	{ "operator registers subscriber # again", operator_reregisters },
	{ "operator locates subscriber # *", scn_locate },
	{ "operator traces subscriber #", scn_ran_trace },
	{ "operator traces subscriber # no more", scn_ran_trace_ends },
	{ "operator warns # # *", scn_warn },
	{ "operator cancels warning # #", scn_warning_cancel },
	{ "operator sets capacity #", scn_capacity },
	{ "operator closes core", scn_core_close },
	{ "operator traces cell of gnb #", scn_cell_trace },
	{ "operator authenticates subscriber # again", operator_authenticates },
	{ "operator updates subscriber # *", scn_update },
	{ "operator steers subscriber # *", scn_steer },
	{ "operator releases session # of subscriber #", operator_releases },
	{ "operator relocates session # of subscriber #", operator_relocates },
	{ "operator drains upf", operator_drains },
	{ "operator drains upf again", operator_drains_again },
	{ "operator undrains upf", operator_undrains },
	{ "application asks for subscriber # again *", scn_application_add_again },
	{ "application asks for subscriber # *", scn_application_add },
	{ "application changes again *", scn_application_change_again },
	{ "application changes *", scn_application_change },
	{ "application ends again", scn_application_end_again },
	{ "application ends", scn_application_end },
	{ "operator adds flow to subscriber # again *", scn_flow_add_again },
	{ "operator adds flow to subscriber # *", scn_flow_add },
	{ "operator deletes flow of subscriber # again *", scn_flow_delete_again },
	{ "operator deletes flow of subscriber # *", scn_flow_delete },
	{ "drop next # $ *", drop_count },
	{ "drop next $ *", drop_next },
	{ "drop all $ *", drop_all },
	{ "drop nothing", drop_none },
	{ "kill core keep", kill_core_keep },
	{ "kill core lose", kill_core_lose },
	{ "kill core at commit # $", kill_core_at },
	{ "start core *", start_core },
	{ "kill upf", kill_upf },
	{ "start upf", start_upf },
	{ "upf leaves", upf_leaves },
	{ "kill gnb #", kill_gnb },
	{ "start gnb # *", start_gnb },
	{ "kill cuup of gnb #", scn_cuup_dies },
	{ "start cuup of gnb #", scn_cuup_starts },
	{ "break n2 of gnb #", break_n2 },
	{ "break f1 of gnb #", scn_break_f1 },
	{ "wait @", wait_for },
	{ "send # packets to ue #", scn_flood },
	{ "ping ue #", ping },
	{ "ping ue # session #", ping },
	{ "ping ue # within @", ping_within },
	{ "ping ue # session # within @", ping_session_within },
	{ "ping ue # fails", ping_fails },
	{ "ping behind ue #", ping_behind },
	{ "ping behind ue # within @", ping_behind },
	{ "ping behind ue # fails", ping_behind_fails },
	{ "reach behind ue # again within @", reach_behind },
	{ "ping6 behind ue #", ping6_behind },
	{ "ping6 behind ue # within @", ping6_behind },
	{ "ping6 ue #", ping6 },
	{ "ping6 ue # session #", ping6 },
	{ "ping6 ue # within @", ping6_within },
	{ "ping6 ue # from another identifier", ping6_other },
	{ "reach6 ue # again within @", reach6 },
	{ "reach ue # within @", reach },
	{ "reach ue # within @ fails", reach_fails },
	{ "reach ue # again within @", reach_again },
	{ "frame $ to $ reaches $", scn_frame },
	{ "payload ue # within @", scn_payload },
	{ "payload to ue # within @", scn_payload_down },
	{ "payload to ue # from another is lost", scn_payload_foreign },
	{ "frame $ to $ vlan # reaches $", scn_frame_vlan },
	{ "frame $ to $ reaches $ within @", scn_frame_again },
	{ "handover ue # to gnb # fails", handover_is_refused },
	{ "handover ue # to gnb # by $ fails", handover_is_refused },
	{ "handover ue # to gnb # *", handover },
	{ "meanwhile *", scn_meanwhile },
	{ "sweep loss", sweep_loss },
	{ "sweep losses", sweep_losses },
	{ "sweep blocks", scn_sweep_blocks },
	{ "sweep kill core", sweep_kill_core },
	{ "sweep kill upf", sweep_kill_upf },
	{ "sweep kill gnb #", sweep_kill_gnb },
	{ "sweep ends", sweep_ends },
};

bool scn_command(struct scn *s, char **words, size_t count)
{
	struct scn_args a;

	if (!strcmp(words[0], "expect"))
		return s->sim ? scn_expect(s, words + 1, count - 1) : scn_fail(s, "the network comes first");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		if (!scn_match(commands[i].pattern, words, count, &a))
			continue;
		if (!s->sim && !commands[i].early)
			return scn_fail(s, "the network comes first");
		return commands[i].run(s, &a);
	}
	return scn_fail(s, "unknown command");
}
