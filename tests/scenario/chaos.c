/* Whatever may happen to a network, in an order that only the seed knows. */
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
	"handover ue U to gnb G",
	"handover ue U to gnb G",
	"handover ue U to gnb G",
	"handover ue U to gnb G n2",
	"handover ue U to gnb G n2",
	"ue U re-establishes at gnb G",
	"drop next 20 air-up ReconfigurationComplete",
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

/* With handovers and what meets them in most places. */
static const char *const moves[] = {
	"handover ue U to gnb 1",
	"handover ue U to gnb 2",
	"handover ue U to gnb 1 n2",
	"handover ue U to gnb 2 n2",
	"handover ue U to gnb 1",
	"handover ue U to gnb 2",
	"handover ue U to gnb 1 n2",
	"handover ue U to gnb 2 n2",
	"handover ue U to gnb 1",
	"handover ue U to gnb 2",
	"handover ue U to gnb 1 n2",
	"handover ue U to gnb 2 n2",
	"handover ue U to gnb 1",
	"handover ue U to gnb 2",
	"handover ue U to gnb 1 n2",
	"handover ue U to gnb 2 n2",
	"handover ue U to gnb 1",
	"handover ue U to gnb 2",
	"handover ue U to gnb 1 n2",
	"handover ue U to gnb 2 n2",
	"ue U re-establishes at gnb 1",
	"ue U re-establishes at gnb 2",
	"ue U re-establishes at gnb 1",
	"ue U re-establishes at gnb 2",
	"ue U registers",
	"ue U registers",
	"ue U establishes",
	"ue U releases P",
	"ue U deregisters",
	"operator releases session P of subscriber U",
	"drop next 20 air-up ReconfigurationComplete",
	"drop next air",
	"drop next ngap",
	"drop next xnap",
	"drop next 2 pfcp",
	"break n2 of gnb G",
	"kill core at commit 2 after",
	"start core",
	"start core",
	"start core",
	"start core",
	"kill upf",
	"start upf",
	"start upf",
	"start upf",
	"kill gnb G",
	"start gnb 1",
	"start gnb 2",
	"start gnb 1",
	"start gnb 2",
	"ping ue U within 500ms",
	"wait 5ms",
	"wait 10ms",
	"wait 20ms",
	"wait 100ms",
	"wait 1s",
	"wait 1s",
	"wait 2s",
	"wait 2s",
	"wait 10s",
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
	s->command(s, words, scn_words(text, words));
	if (s->verbose && s->error[0])
		printf("%12.6f > not: %s\n", (double)sim_now_ns(s->sim) / 1e9, s->error);
	s->error[0] = '\0';
}

bool scn_chaos(struct scn *s, const struct scn_args *a)
{
	uint64_t random = s->variant.seed * 1000003;
	bool moving = scn_option(a, "handover") != NULL;
	const char *const *list = moving ? moves : happenings;
	size_t count = moving ? ARRAY_LEN(moves) : ARRAY_LEN(happenings);

	for (uint64_t i = 0; i < a->n[0]; i++) {
		char line[SCN_LINE_MAX];

		str_copy(line, sizeof(line), list[sim_random(&random) % count]);
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
