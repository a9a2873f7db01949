/* What the files of the demo share. */
#pragma once

#include "ops/children.h"
#include "ops/network.h"
#include "demo/demo_network.h"
#include "demo/demo_trace.h"

enum {
	STEP_MS = 15000,
	DOWNLOAD_MS = 120000,
	STOP_MS = 2000,
	UE_LINES_MAX = 4096,
	SIZE_DEFAULT_MB = 100,
	SIZE_SAMPLES_MB = 20
};

enum part { PART_UPF, PART_CORE, PART_GNB, PART_AIR, PART_UE, PARTS };

struct demo {
	struct demo_network network;
	struct demo_trace trace;
	struct child parts[PARTS];
	char dir[NETWORK_PATH_SIZE], subscriber[256];
	char yaml[160], control[160], tap[160], radio[160], schedule[160], logs[PARTS][160];
	int ue_out;
	char ue_text[UE_LINES_MAX];
	size_t ue_len;
	bool samples; /* the radio goes by samples, through a channel */
	bool registered, session;
	double start_ms, size_mb;
	double phase_ms[8];
};

/* demo_watch.c */
double demo_now_ms(void);
void demo_say(const struct demo *d, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Takes what has come from the captures and from the UE, waiting at most timeout_ms for it. */
void demo_pump(struct demo *d, int timeout_ms);

/* demo_traffic.c: false with a message when the traffic does not pass. */
bool demo_ping(struct demo *d);
bool demo_download(struct demo *d);
