/*
 * The model of the physical layer (sim/l1) beside the physical layer itself, over samples through white
 * noise: the same network, the same UE, the same load. What comes through, how much of it needs another
 * transmission, and how long a registration takes are the same within what is said here.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cursor.h"
#include "base/test.h"
#include "tests/scenario/scenario.h"
#include "ue/air.h"

/* Long enough that it does not matter by how much the first block is lost that ends link adaptation's way up.
 */
enum { SERVER = 0x08080808, PACKET = 1400, PACKETS_MS = 2, LOAD_MS = 1200 };

/* SNRs at which QPSK, 16QAM and 64QAM are what link adaptation comes to. */
static const double snrs_db[] = { 3, 9, 17 };

#define PACKETS_BOUND 0.20 /* of what comes through in the same time, relative: see sim/l1/README.md */
#define ERRORS_BOUND  0.05 /* of the share of transmissions that are not decoded */

/* Of one way. */
struct way {
	double packets, errors;
};

struct measured {
	struct way down, up;
};

/* An IP packet of the UE, or to it. */
static void packet_write(uint8_t packet[PACKET], uint32_t from, uint32_t to)
{
	struct writer w = writer_of(packet, PACKET);

	writer_u32(&w, 0x45000000 | PACKET);
	writer_u32(&w, 0);
	writer_u32(&w, 64u << 24 | 17u << 16);
	writer_u32(&w, from);
	writer_u32(&w, to);
}

/* More than the radio takes: 22 Mb/s each way. */
static void load(struct scn *s)
{
	uint8_t down[PACKET] = { 0 }, up[PACKET] = { 0 };
	const struct msg to_ue = { .kind = MSG_DATA, .port = UPF_PORT_N6, .data = BYTES(down) },
			 from_ue = { .kind = MSG_DATA, .port = UE_PORT_TUN, .data = BYTES(up) };
	struct ue_session_info info;

	assert_true(ue_session_info(s->ues[1].ue, 1, &info));
	packet_write(down, SERVER, info.ipv4);
	packet_write(up, info.ipv4, SERVER);
	for (unsigned ms = 0; ms < LOAD_MS; ms++) {
		for (unsigned i = 0; i < PACKETS_MS; i++) {
			sim_deliver(s->upf_node, &to_ue);
			sim_deliver(s->ues[1].node, &from_ue);
		}
		(void)scn_run(s, NULL, NULL, 1);
	}
}

static struct way way_of(const char *name, double packets, uint64_t blocks, uint64_t repeated)
{
	unsigned long long transmissions = blocks + repeated;
	struct way w = { packets, (double)repeated / (double)(blocks + repeated) };

	print_message("    %-4s %4.0f packets, %4.1f %% of %llu transmissions not decoded\n", name, w.packets,
		100 * w.errors, transmissions);
	return w;
}

static struct measured measure(const char *radio, double snr_db)
{
	static const char *const script[] = { "network", "subscriber 1", NULL, NULL, "gnb 1",
		"expect gnb 1 amfs 1 within 10s", "ue 1 session auto",
		"expect ue 1 session 1 user-plane within 5s" };
	struct scn_script *lines = calloc(1, sizeof(*lines));
	struct scn *s = calloc(1, sizeof(*s));
	struct measured out;
	struct ue_air_state state;

	assert_true(lines && s);
	lines->path = radio;
	lines->count = ARRAY_LEN(script);
	for (size_t i = 0; i < ARRAY_LEN(script); i++)
		if (script[i])
			str_copy(lines->lines[i].text, SCN_LINE_MAX, script[i]);
	snprintf(lines->lines[2].text, SCN_LINE_MAX, "radio %s 5 mhz", radio);
	snprintf(lines->lines[3].text, SCN_LINE_MAX, "radio through snr_db=%.0f", snr_db);
	scn_init(s, lines, &(struct scn_variant){ .seed = 1 }, false);
	if (!scn_play(s))
		fail_msg("%s at %.0f dB: %s", radio, snr_db, s->error);
	load(s);
	state = ue_host_air_state(s->ues[1].host);
	print_message("%s, %.0f dB\n", radio, snr_db);
	out.down = way_of("down", s->ues[1].packets, state.dl_blocks, state.dl_errors);
	out.up = way_of("up", s->n6_packets, state.ul_blocks, state.ul_repeated);
	scn_fini(s);
	free(s);
	free(lines);
	return out;
}

static void agree(const struct way *samples, const struct way *model)
{
	assert_true(samples->packets > 0);
	assert_true(fabs(model->packets / samples->packets - 1) < PACKETS_BOUND);
	assert_true(fabs(model->errors - samples->errors) < ERRORS_BOUND);
}

static void test_agree(void **state)
{
	for (size_t i = 0; i < ARRAY_LEN(snrs_db); i++) {
		struct measured samples = measure("samples", snrs_db[i]), model = measure("mac", snrs_db[i]);

		agree(&samples.down, &model.down);
		agree(&samples.up, &model.up);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_agree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
