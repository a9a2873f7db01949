/*
 * scenario_runner [-v] [--mac] [--seed N] [--seeds COUNT] [--crowd UES] FILE.scn...: plays each script twice
 * (the digests must agree), once with the core's functions apart (sbi_wire), and again for each step of the
 * sweeps it asks for; all that for each seed. With --crowd its crowd has so many UEs, and it is played once;
 * with --mac the radio is `radio mac`, whatever the script says. The last line reads `N passed, N failed`; a
 * run is one test.
 */
#include "tests/scenario/scenario.h"

#include <stdlib.h>

enum { FAILURES_SHOWN = 3, LOG_SHOWN = 60 };

struct outcome {
	bool passed, pairs;
	uint64_t digest, wire_errors;
	uint32_t lost, commits, meanwhile; /* how often what can be swept came */
};

static struct totals {
	uint32_t passed, failed;
} totals;

static void report(const struct scn *s, const struct scn_variant *v)
{
	size_t first = s->log_next > LOG_SHOWN ? s->log_next - LOG_SHOWN : 0;

	printf("%s:%u: %s\n    %s\n", s->script->path, s->line ? s->line->number : 0, s->error,
		s->line ? s->line->text : "");
	printf("    seed %llu, virtual time %.6f s", (unsigned long long)s->variant.seed,
		s->sim ? (double)sim_now_ns(s->sim) / 1e9 : 0.0);
	if (v->lose_nth)
		printf(", messages %u and %u lost (%s)", v->lose_nth, v->lose_too, s->lost);
	if (v->kill_nth)
		printf(", killed %s turn %u", v->kill_after ? "after" : "before", v->kill_nth);
	if (v->meanwhile_nth)
		printf(", meanwhile at message %u", v->meanwhile_nth);
	printf("\n");
	for (size_t i = first; i < s->log_next; i++)
		printf("    %s\n", s->log[i % SCN_LOG_LINES]);
}

static uint64_t wire_errors(struct core *core)
{
	struct stats_list l = { 0 };

	core_figures(core, &l);
	for (size_t i = 0; i < l.count; i++)
		for (size_t k = 0; l.items[i].group == &sbi_stat_group && k < sbi_stat_group.count; k++)
			if (!strcmp(sbi_stat_group.defs[k].name, "wire_errors"))
				return stats_sum(&l.items[i], k);
	return 0;
}

static struct outcome play(const struct scn_script *script, const struct scn_variant *v, bool verbose)
{
	static uint32_t shown;
	struct scn *s = calloc(1, sizeof(*s));
	struct outcome out = { .passed = false };

	if (!s)
		exit(1);
	scn_init(s, script, v, verbose);
	out.passed = scn_play(s);
	if (s->sim) {
		out.digest = sim_digest(s->sim);
		out.meanwhile = s->meanwhile ? s->messages : 0;
		out.pairs = s->sweep_losses;
		scn_sweep_end(s);
		out.lost = s->sweep_loss || s->sweep_blocks ? s->messages : 0;
		out.commits = s->commits;
	}
	if (s->core)
		out.wire_errors = wire_errors(s->core);
	if (!out.passed && shown++ < FAILURES_SHOWN)
		report(s, v);
	else if (!out.passed)
		printf("%s:%u: %s (--lose %u --lose-too %u %s --kill-%s %u --meanwhile %u)\n", script->path,
			s->line ? s->line->number : 0, s->error, v->lose_nth, v->lose_too, s->lost,
			v->kill_after ? "after" : "before", v->kill_nth, v->meanwhile_nth);
	scn_fini(s);
	free(s);
	return out;
}

static void count(bool passed)
{
	if (passed)
		totals.passed++;
	else
		totals.failed++;
}

static void run_sweeps(
	const struct scn_script *script, const struct scn_variant *base, const struct outcome *first)
{
	for (uint32_t n = 1; n <= first->lost; n++) {
		struct scn_variant v = *base;

		v.lose_nth = n;

		count(play(script, &v, false).passed);
		for (v.lose_too = n + 1; first->pairs && v.lose_too <= first->lost + n; v.lose_too++)
			count(play(script, &v, false).passed);
	}
	for (uint32_t n = 1; n <= first->meanwhile; n++) {
		struct scn_variant v = *base;

		v.meanwhile_nth = n;
		count(play(script, &v, false).passed);
	}
	for (uint32_t n = 1; n <= first->commits; n++)
		for (int after = 0; after < 2; after++) {
			struct scn_variant v = *base;

			v.kill_nth = n;
			v.kill_after = after;

			count(play(script, &v, false).passed);
		}
}

/* The same script with the core's functions apart: not one event may differ. */
static void run_wire(
	const struct scn_script *script, const struct scn_variant *v, const struct outcome *first)
{
	struct scn_variant wire = *v;
	struct outcome out;

	wire.sbi_wire = true;
	out = play(script, &wire, false);
	if (out.digest != first->digest || out.wire_errors > 0)
		printf("%s: over HTTP messages the run differs; %llu messages have no such form\n",
			script->path, (unsigned long long)out.wire_errors);
	count(out.passed && out.digest == first->digest && out.wire_errors == 0);
}

static void run_seed(const struct scn_script *script, const struct scn_variant *v, bool verbose)
{
	struct outcome first = play(script, v, verbose), second;

	count(first.passed);
	if (!first.passed || verbose || v->crowd_size) /* so many UEs, once is enough */
		return;
	second = play(script, v, false);
	if (second.digest != first.digest)
		printf("%s: two runs of one seed differ\n", script->path);
	count(second.passed && second.digest == first.digest);
	run_wire(script, v, &first);
	if (!v->lose_nth && !v->kill_nth && !v->meanwhile_nth)
		run_sweeps(script, v, &first);
}

static void run(const char *path, const struct scn_variant *v, uint64_t seeds, bool verbose)
{
	static struct scn_script script;
	struct scn_variant seeded = *v;
	struct totals before = totals;
	char error[200];

	if (!scn_script_read(path, &script, error)) {
		printf("%s\n", error);
		totals.failed++;
		return;
	}
	for (seeded.seed = v->seed ? v->seed : 1; seeds > 0; seeds--, seeded.seed++)
		run_seed(&script, &seeded, verbose);
	printf("%-6s %s: %u runs, %u failed\n", totals.failed == before.failed ? "ok" : "FAILED", path,
		totals.passed + totals.failed - before.passed - before.failed, totals.failed - before.failed);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct scn_variant v = { 0 };
	bool verbose = false;
	uint64_t seeds = 1;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "-v"))
			verbose = true;
		else if (!strcmp(argv[i], "--mac"))
			v.mac = true;
		else if (!strcmp(argv[i], "--seed") && i + 1 < argc)
			v.seed = strtoull(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--seeds") && i + 1 < argc)
			seeds = strtoull(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--crowd") && i + 1 < argc)
			v.crowd_size = (uint32_t)strtoul(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--lose") && i + 1 < argc)
			v.lose_nth = (uint32_t)strtoul(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--lose-too") && i + 1 < argc)
			v.lose_too = (uint32_t)strtoul(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--meanwhile") && i + 1 < argc)
			v.meanwhile_nth = (uint32_t)strtoul(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--kill-before") && i + 1 < argc)
			v.kill_nth = (uint32_t)strtoul(argv[++i], NULL, 0);
		else if (!strcmp(argv[i], "--kill-after") && i + 1 < argc)
			v.kill_after = (v.kill_nth = (uint32_t)strtoul(argv[++i], NULL, 0)) != 0;
		else
			run(argv[i], &v, seeds, verbose);
	}
	printf("%u passed, %u failed\n", totals.passed, totals.failed);
	return totals.failed != 0;
}
