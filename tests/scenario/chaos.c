/* Whatever may happen to a network, in an order that only the seed knows; and what must hold when it is over.
 */
#include "sim/internal.h"
#include "tests/scenario/scenario.h"

/* U is the number of a UE, P of a PDU session, G of a gNB. SCTP loses nothing while its association is up. */
static const char *const happenings[] = {
	"ue U registers",
	"ue U registers",
	"ue U registers",
	"ue U deregisters",
	"ue U deregisters switch-off",
	"ue U establishes",
	"ue U establishes",
	"ue U releases P",
	"operator releases session P of subscriber U",
	"break n2 of gnb G",
	"gnb G resets",
	"kill core keep",
	"kill core at commit 1 before",
	"kill core at commit 2 after",
	"kill core at commit 5 before",
	"start core",
	"start core",
	"start core",
	"start core",
	"kill upf",
	"start upf",
	"start upf",
	"kill gnb G",
	"start gnb G",
	"start gnb G",
	"drop next air",
	"drop next 3 pfcp",
	"drop next 2 air",
	"drop next pfcp",
	"ping ue U within 500ms",
	"ping ue U within 500ms",
	"wait 10ms",
	"wait 30ms",
	"wait 100ms",
	"wait 1s",
	"wait 20s",
	"wait 1min",
};

/* Those that are of no use to a network that heals. */
static const char *const healing[] = { "drop nothing", "start core", "start upf", "start gnb 1",
	"start gnb 2" };

static void try_line(struct scn *s, const char *line)
{
	char text[SCN_LINE_MAX], *words[SCN_WORDS_MAX];

	if (s->verbose)
		printf("%12.6f > %s\n", (double)sim_now_ns(s->sim) / 1e9, line);
	str_copy(text, sizeof(text), line);
	scn_command(s, words, scn_words(text, words));
	s->error[0] = '\0';
}

bool scn_chaos(struct scn *s, const struct scn_args *a)
{
	uint64_t random = s->variant.seed * 1000003;

	for (uint64_t i = 0; i < a->n[0]; i++) {
		char line[SCN_LINE_MAX];

		str_copy(line, sizeof(line), happenings[sim_random(&random) % ARRAY_LEN(happenings)]);
		for (char *p = line; *p; p++) {
			if (*p == 'U')
				*p = (char)('1' + sim_random(&random) % a->n[1]);
			else if (*p == 'P' || *p == 'G')
				*p = (char)('1' + sim_random(&random) % 2);
		}
		try_line(s, line);
	}
	sim_kill_at_commit(s->core_node, 0, false); /* not any more */
	for (size_t i = 0; i < ARRAY_LEN(healing); i++)
		try_line(s, healing[i]);
	return true;
}

struct tally {
	uint32_t registered, connected, sessions;
};

static struct tally ues_tally(const struct scn *s)
{
	struct tally t = { 0, 0, 0 };

	for (size_t i = 1; i <= SCN_UES_MAX; i++) {
		struct ue_session_info info;
		struct ue_state state;

		if (!s->ues[i].ue)
			continue;
		ue_state(s->ues[i].ue, &state);
		t.registered += state.registered;
		t.connected += state.connected;
		for (uint8_t psi = 1; state.registered && psi <= PDU_SESSIONS_MAX; psi++)
			t.sessions += ue_session_info(s->ues[i].ue, psi, &info) && info.active;
	}
	return t;
}

/*
 * Everybody has the same registrations, connections and sessions. The UPF may have more of these: an
 * establishment whose answer never came leaves one until its address is given out again.
 */
bool scn_is_consistent(struct scn *s)
{
	struct tally ues = ues_tally(s);
	struct amf_numbers amf;
	struct smf_numbers smf;
	struct upf_numbers upf;
	uint32_t at_gnbs = 0;

	if (!s->core || !s->upf)
		return false;
	amf = amf_numbers(core_amf(s->core));
	smf = smf_numbers(core_smf(s->core));
	upf = upf_numbers(s->upf);
	for (size_t i = 0; i <= SCN_GNBS_MAX; i++)
		at_gnbs += s->gnbs[i].gnb ? gnb_numbers(s->gnbs[i].gnb).ues : 0;
	snprintf(s->seen, sizeof(s->seen),
		"registered: UEs %u AMF %u; connected: UEs %u gNBs %u AMF %u; sessions: UEs %u AMF %u SMF %u "
		"UPF %u, addresses %u",
		ues.registered, amf.registered, ues.connected, at_gnbs, amf.connections, ues.sessions,
		amf.sessions, smf.sessions, upf.sessions, smf.addresses);
	return ues.registered == amf.registered && amf.ues == amf.registered &&
	       ues.connected == amf.connections && at_gnbs == amf.connections &&
	       ues.sessions == amf.sessions && ues.sessions == smf.sessions && ues.sessions <= upf.sessions &&
	       ues.sessions == smf.addresses;
}
