/*
 * A cell on the air: CU-CP, CU-UP and DU of a gNB with its stream of samples, and UEs that know nothing but
 * what their radios are tuned to, each through channels of its own. NAS, NGAP and the UPF are stand-ins; F1,
 * E1 and F1-U go as octets.
 */
#pragma once

#include <stdio.h>

#include "base/test_env.h"
#include "gnb/cucp/cucp.h"
#include "gnb/cucp/e1ap.h"
#include "gnb/cuup/node.h"
#include "gnb/du/node.h"
#include "gnb/du/stream.h"
#include "sim/channel/channel.h"
#include "ue/stack/stack.h"

enum {
	AIR_BLOCK = 1920,
	AIR_QUEUE = 1024,
	AIR_MESSAGE_OCTETS = 4096,
	AIR_DU_IP = 0x0a000002,
	AIR_DRB = 1,
	AIR_PSI = 5,
	AIR_QFI = 9,
	AIR_PACKET = 1400,
	AIR_NAS_OCTETS = 40,
	AIR_UES_MAX = 8,
	AIR_AHEAD_MAX = 32768,
};

/* A UE, its way through the air, and what came of it. */
struct air_ue {
	struct air *air;
	struct ue_stack *stack;
	struct channel *down, *up;
	struct phy_cf block[AIR_BLOCK];
	uint32_t chance;
	float gain;                         /* of what it sends */
	struct phy_cf ahead[AIR_AHEAD_MAX]; /* what it has sent ahead */
	size_t ahead_at;
	struct s_tmsi identity;
	unsigned camped, connected, ended, nas, bearers, paged;
	uint64_t got; /* octets of packets */
	uint64_t camped_ns, connected_ns, bearer_ns;
	enum ue_rrc_cause ending;
};

/* What the gNB has of one, in the order of their connections. */
struct air_context {
	struct air *air;
	struct cucp_ue *ue;
	struct cucp_e1_context *context;
	uint8_t k_gnb[KDF_KEY_LEN];
	struct cucp_tunnel ul; /* of F1-U, at the CU-UP */
	uint32_t n3_dl;
	uint8_t number; /* of the UE, as its NAS PDU says */
	unsigned secured, capabilities, bearers, nas, lost, returned;
	uint64_t got;
};

enum air_end { AIR_F1_DU, AIR_F1_CP, AIR_E1_UP, AIR_E1_CP, AIR_F1U_DU, AIR_F1U_UP };

/* Inside the gNB messages arrive after the slot they were sent in. */
struct air_message {
	enum air_end to;
	size_t len;
	uint8_t octets[AIR_MESSAGE_OCTETS];
};

/* What a stranger adds to both ways. */
typedef void air_jam_fn(void *arg, struct phy_cf *down, struct phy_cf *up, size_t n);

struct air {
	struct test_env env;
	struct sdu_pool pool;
	struct burst *engine;
	struct du_node *node;
	struct du_stream *gnb;
	struct cucp *cucp;
	struct cucp_e1ap *e1ap;
	struct cuup_node *up_node;
	struct air_context contexts[2 * AIR_UES_MAX];
	unsigned context_n;
	struct air_ue ues[AIR_UES_MAX];
	unsigned ue_n;
	struct phy_cf down[AIR_BLOCK], up[AIR_BLOCK];
	struct served_cell_config cell;
	enum nea_alg ea;
	double rate_hz;
	uint64_t samples;
	size_t ahead;
	FILE *capture;   /* of F1AP and PCCH; NULL: nobody wants it */
	bool dark;       /* nothing passes, either way */
	air_jam_fn *jam; /* NULL: nobody does */
	void *jam_arg;
	struct air_message queue[AIR_QUEUE];
	unsigned queue_n;
};

struct air_way {
	enum channel_profile profile;
	double snr_db, cfo_hz;
	unsigned seed;
	FILE *capture;   /* NULL: none; with one nothing is ciphered */
	const char *tdd; /* a pattern of 30 kHz in band 78; NULL: 15 kHz in band 3 */
	enum served_cell_space space;
	size_t ahead;    /* samples that UEs send before their time */
	uint16_t drx_ms; /* a cycle of DRX with 10 ms on; 0: none */
	bool sounding;
	uint16_t alignment_ms; /* timeAlignmentTimer; 0: infinity */
};

/* What packets are, at both ends, or begin with. */
extern const uint8_t air_packet[AIR_PACKET];
/* The cell's only tracking area. */
extern const struct tai air_area;

void air_begin(struct air *a, uint8_t bandwidth_mhz, unsigned ues, const struct air_way *way);
void air_end(struct air *a);
/* The gNB ends and begins anew at the sample at hand: frame 0, and nobody is known. */
void air_restart(struct air *a, uint16_t pci);
void air_run(struct air *a, unsigned ms);
void air_run_us(struct air *a, unsigned us);
/* All that camp and are idle ask for a connection. */
void air_establish(struct air *a);
/* Until each UE has its DRB, or the time is over: whether they have. */
bool air_connect(struct air *a, unsigned ms);
/* The context of a UE, its last; NULL: it has none. */
struct air_context *air_context_of(struct air *a, unsigned ue);
void air_report(const struct air *a);

/* So many octets of air_packet from the UPF. */
void air_down(struct air_context *x, size_t len);

/* Among the files of the bed: air_bed.c, then air_up.c. */
void air_put(struct air *a, enum air_end to, struct bytes octets);
struct cucp_bearer air_bearer(const struct air_context *x);
void air_up_is_there(struct air_context *x);
void air_up_begin(struct air *a);
void air_up_end(struct air *a);
void air_up_run(struct air *a);
void air_up_received(struct air *a, enum air_end to, struct bytes octets);
void air_up_context(struct air_context *x);
void air_up_attach(struct air_context *x, const struct cucp_tunnel *dl);
void air_up_suspend(struct air_context *x);
void air_up_rekey(struct air_context *x);
void air_up_release(struct air_context *x);
