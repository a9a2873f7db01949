/* What the medium costs (sim/medium): CPU-seconds a second of air at 23.04 Ms/s, with one UE, both ways. */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/test_env.h"
#include "io/zmq/samples.h"
#include "sim/channel/channel.h"
#include "sim/medium/medium.h"

enum { SLOT = 23040, SLOTS = 500 };

static double cpu_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void say(const struct room *room, enum msg_kind kind, uint16_t port, struct bytes data)
{
	struct msg m = { .kind = kind, .port = port, .data = data };

	room->ops->on_msg(room->self, &m);
}

static double measure(const struct medium_ue_config *ue)
{
	static struct test_env env;
	static float slot[2 * SLOT];
	struct medium_config c;
	struct config_doubt doubt;
	struct medium *m;
	struct room room;
	double start = 0;

	for (size_t i = 0; i < ARRAY_LEN(slot); i++)
		slot[i] = i % 7 < 3 ? 0.7f : -0.7f;
	config_defaults(&medium_config_section, &c, sizeof(c));
	c.ue_count = 1;
	c.ues[0] = *ue;
	c.realtime = false;
	if (!medium_config_complete(&c, &doubt))
		abort();
	test_env_init(&env, 1, false);
	m = medium_new(&c, &env.env);
	if (!m)
		abort();
	room = medium_room(m);
	say(&room, MSG_UP, MEDIUM_PORT_GNB, BYTES_NONE);
	say(&room, MSG_UP, MEDIUM_PORT_UE, BYTES_NONE);
	for (unsigned i = 0; i < 2 * SLOTS; i++) {
		if (i <= SLOTS) /* then memory has come to rest */
			start = cpu_s();
		say(&room, MSG_DATA, MEDIUM_PORT_GNB, BYTES(slot));
		say(&room, MSG_DATA, MEDIUM_PORT_UE, BYTES(slot));
		test_env_forget(&env);
	}
	start = cpu_s() - start;
	medium_free(m);
	test_env_fini(&env);
	return start * 1000 / SLOTS;
}

int main(void)
{
	const struct medium_ue_config awgn = { .snr_db = 20 };
	const struct medium_ue_config fading = {
		.snr_db = 20, .profile = CHANNEL_TDL_C, .delay_spread_ns = 300, .doppler_hz = 5
	};

	samples_keep_memory();
	printf("air_awgn_cpu %.3f s/s\n", measure(&awgn));
	printf("air_tdl_c_cpu %.3f s/s\n", measure(&fading));
	return 0;
}
