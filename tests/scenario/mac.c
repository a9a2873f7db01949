/* The radio by a model of the physical layer: RRC and all below it to the MAC, and nothing of samples. */
#include "base/text.h"
#include "gnb/du/room.h"
#include "sim/l1/l1.h"
#include "sim/medium/medium.h"
#include "tests/scenario/scenario.h"

enum { SNR_DB = 40 /* where the script says nothing */ };

/* --- the air as a room: it has a clock and no port */

static void on_msg(void *self, const struct msg *m)
{
}

static uint64_t next_deadline_ns(void *self)
{
	return l1_air_next_ns(self);
}

static void on_deadline(void *self, uint64_t now_ns)
{
	l1_air_run(self);
}

/* What a slot makes an end send leaves with it. */
static void ran(void *arg, uint32_t ue)
{
	struct scn_gnb *g = arg;

	if (ue == L1_GNB)
		sim_settle(g->du_node);
	else if (g->scn->ues[ue].node) /* one that has vanished has nobody above its radio */
		sim_settle(g->scn->ues[ue].node);
}

bool scn_mac_begin(struct scn *s, struct scn_gnb *g, struct du_room_config *du)
{
	struct l1_air_config c = {
		.seed = s->variant.seed, .ues_max = SCN_UES_MAX + 1, .arg = g, .ran = ran
	};

	g->scn = s;
	g->l1_node = sim_node_add(s->sim, "air", false);
	if (!g->l1_node)
		return scn_fail(s, "too many nodes");
	c.env = sim_node_env(g->l1_node);
	g->l1 = l1_air_new(&c);
	if (!g->l1)
		return scn_fail(s, "no air");
	l1_air_gnb(g->l1, du);
	return true;
}

bool scn_mac_gnb(struct scn *s, struct scn_gnb *g)
{
	static const struct room_ops ops = { on_msg, next_deadline_ns, on_deadline, NULL };

	l1_air_join_gnb(g->l1, g->du);
	sim_node_set_room(g->l1_node, (struct room){ &ops, g->l1 });
	return true;
}

/* The keys of air.ues that a model has: noise and delay. */
static bool way_of(struct scn *s, double rate_hz, struct l1_way *out)
{
	struct medium_config c;
	char text[SCN_MEDIUM_KEYS + 64], error[CONFIG_ERROR_SIZE];
	struct writer w = writer_of(text, sizeof(text));

	*out = (struct l1_way){ .snr_db = SNR_DB };
	if (!s->medium_keys[0])
		return true;
	text_put(&w, "rate_hz: %.0f\nues:\n  - {%s}\n", rate_hz, s->medium_keys);
	if (!config_load(&medium_config_section, "radio through", writer_bytes(&w), &c, sizeof(c), error))
		return scn_fail(s, "%s", error);
	if (c.ues[0].profile != 0 || c.ues[0].doppler_hz != 0 || c.ues[0].cfo_hz != 0)
		return scn_fail(
			s, "radio mac: its curves are of white noise: snr_db and delay_samples alone");
	*out = (struct l1_way){ c.ues[0].snr_db, c.ues[0].delay_samples / rate_hz };
	return true;
}

bool scn_mac_ue(
	struct scn *s, struct scn_ue *u, unsigned number, const struct scn_gnb *g, struct ue_air_config *c)
{
	struct l1_way way;

	if (!way_of(s, c->rate_hz, &way))
		return false;
	u->l1 = g->l1;
	l1_air_ue(u->l1, number, &way, c);
	return true;
}

void scn_mac_join(struct scn *s, struct scn_ue *u, unsigned number)
{
	l1_air_join_ue(u->l1, number, u->host);
}

void scn_mac_silent(struct scn *s, const struct scn_ue *u, bool silent)
{
	l1_air_set_silent(u->l1, (uint32_t)(u - s->ues), silent);
}

bool scn_crowd_radio(struct scn *s, const struct scn_args *a, struct crowd_config *c)
{
	const char *snr = scn_option(a, "snr_db"), *most = scn_option(a, "snr_most_db");
	uint64_t snr_db = SNR_DB, most_db = 0;

	if (!s->mac)
		return scn_fail(s, "a crowd's radio is messages or mac, not samples");
	if ((snr && !scn_number(snr, &snr_db)) || (most && !scn_number(most, &most_db)))
		return scn_fail(s, "snr_db, snr_most_db: a number of dB");
	c->snr_db = (double)snr_db;
	c->snr_most_db = (double)most_db;
	c->cell = (struct served_cell_config){ .band = 0 };
	scn_carrier(s, &c->cell);
	return true;
}

/* Of all cells; the first has the blocks that are lost. */
static uint64_t blocks(const struct scn *s)
{
	uint64_t n = 0;

	for (size_t i = 0; i <= SCN_GNBS_MAX; i++)
		n += s->gnbs[i].l1 ? l1_air_stat(s->gnbs[i].l1, L1_STAT_BLOCKS) : 0;
	return n;
}

bool scn_sweep_blocks(struct scn *s, const struct scn_args *a)
{
	size_t i = 0;

	while (i <= SCN_GNBS_MAX && !s->gnbs[i].l1)
		i++;
	if (i > SCN_GNBS_MAX)
		return scn_fail(s, "there is no `radio mac` with a gNB");
	s->sweep_blocks = true;
	s->blocks_before = blocks(s);
	if (s->variant.lose_nth > 0)
		l1_air_lose(s->gnbs[i].l1, s->variant.lose_nth);
	return true;
}

void scn_mac_sweep_end(struct scn *s)
{
	if (s->sweep_blocks)
		s->messages = (uint32_t)(blocks(s) - s->blocks_before);
}

void scn_mac_fini(struct scn *s)
{
	for (size_t i = 0; i <= SCN_GNBS_MAX; i++)
		l1_air_free(s->gnbs[i].l1);
}
