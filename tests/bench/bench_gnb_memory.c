/*
 * What a connected UE costs a gNB of memory: one session, empty buffers. The network is a scenario over the
 * model of the physical layer; the gNB's parts are freed one after the other with few UEs and with many, and
 * the difference is the UEs'. A place that a cell keeps for each of its UEs, there or not, is told apart.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "gnb/cuup/room.h"
#include "gnb/du/node_parts.h"
#include "gnb/du/parts.h"
#include "gnb/du/room.h"
#include "tests/scenario/scenario.h"

enum { FEW = 2, MANY = 52, PART_CUCP = 0, PART_CUUP, PART_DU, PARTS };

static size_t in_use(void)
{
	struct mallinfo2 m = mallinfo2();

	return m.uordblks + m.hblkhd;
}

static void line(struct scn_script *lines, const char *format, unsigned ue)
{
	snprintf(lines->lines[lines->count++].text, SCN_LINE_MAX, format, ue);
}

static void write_script(struct scn_script *lines, unsigned ues)
{
	lines->path = "gnb_memory";
	line(lines, "network", 0);
	for (unsigned i = 1; i <= ues; i++)
		line(lines, "subscriber %u", i);
	line(lines, "radio mac 20 mhz", 0);
	line(lines, "gnb 1", 0);
	line(lines, "expect gnb 1 amfs 1 within 10s", 0);
	for (unsigned i = 1; i <= ues; i++) {
		line(lines, "ue %u session auto", i);
		line(lines, "expect ue %u session 1 user-plane within 10s", i);
		line(lines, "ping ue %u within 5s", i);
	}
	line(lines, "wait 2s", 0);
}

/* Octets of each part, with so many UEs connected. */
static void measure(unsigned ues, size_t out[PARTS])
{
	struct scn_script *lines = calloc(1, sizeof(*lines));
	struct scn *s = calloc(1, sizeof(*s));
	struct scn_gnb *g;
	size_t before;

	if (!lines || !s)
		exit(1);
	write_script(lines, ues);
	scn_init(s, lines, &(struct scn_variant){ .seed = 1 }, false);
	if (!scn_play(s)) {
		fprintf(stderr, "%s: %s\n", s->line->text, s->error);
		exit(1);
	}
	g = &s->gnbs[1];
	before = in_use();
	gnb_free(g->gnb);
	out[PART_CUCP] = before - in_use();
	before = in_use();
	cuup_room_free(g->cuup);
	out[PART_CUUP] = before - in_use();
	before = in_use();
	du_room_free(g->du);
	out[PART_DU] = before - in_use();
	g->gnb = NULL;
	g->cuup = NULL;
	g->du = NULL;
	scn_fini(s);
	free(s);
	free(lines);
}

int main(void)
{
	static const char *const names[PARTS] = { "gnb_memory_ue_cucp", "gnb_memory_ue_cuup",
		"gnb_memory_ue_du" };
	const size_t place = sizeof(struct du_cell_ue) + sizeof(struct node_ue) + 2 * sizeof(struct sched_ue);
	size_t few[PARTS], many[PARTS], sum = 0;

	measure(FEW, few);
	measure(MANY, many);
	for (unsigned i = 0; i < PARTS; i++) {
		printf("%s %zu octets\n", names[i], (many[i] - few[i]) / (MANY - FEW));
		sum += many[i] - few[i];
	}
	printf("gnb_memory_ue_place %zu octets\n", place);
	printf("gnb_memory_ue %zu octets\n", sum / (MANY - FEW) + place);
	return 0;
}
