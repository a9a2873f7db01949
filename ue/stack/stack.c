#include "ue/stack/stack.h"

#include <math.h>
#include <stdlib.h>

#include "ue/phy/power.h"
#include "ue/stack/parts.h"

/* --- from the MAC and the physical layer */

static uint32_t on_random(void *arg)
{
	struct ue_stack *s = arg;

	return s->config.random(s->config.arg);
}

static void hear(struct ue_stack *s, struct bytes octets, uint64_t tag)
{
	struct sdu *sdu = sdu_of(&s->memory.sdus, octets);

	if (!sdu)
		return;
	sdu->tag = tag;
	sdu_queue_put(&s->heard, sdu);
}

static void on_ccch(void *arg, struct bytes octets)
{
	hear(arg, octets, 0);
}

static void on_pcch(void *arg, struct bytes octets)
{
	hear(arg, octets, STACK_PCCH);
}

static void on_short_messages(void *arg, uint8_t bits)
{
	struct ue_stack *s = arg;

	s->short_messages |= bits;
}

static void on_bcch(void *arg, struct bytes octets)
{
	hear(arg, octets, STACK_BCCH);
}

static void on_problem(void *arg)
{
	struct ue_stack *s = arg;

	s->problem = true;
}

static void on_advance(void *arg, uint32_t tc)
{
	struct ue_stack *s = arg;

	s->radio.advance(s->radio.self, tc);
}

static void on_uplink_released(void *arg)
{
	struct ue_stack *s = arg;

	cell_parts_release_uplink(&s->parts);
}

static struct ue_phy *on_found(void *arg, const struct ue_found *f)
{
	struct ue_stack *s = arg;
	const struct ue_phy_upper upper = { s, on_random, on_ccch, on_pcch, on_short_messages, on_bcch,
		on_problem, on_uplink_released, on_advance };

	stack_leave(s);
	s->found = *f;
	cell_parts_init(&s->parts, &s->found.cell);
	s->phy = ue_phy_new(&s->found.cell, &s->radio.l1, &upper, UE_STREAM_BLOCK_OCTETS);
	if (!s->phy)
		return NULL;
	ue_phy_paged_as(s->phy, s->ue_id);
	stack_bearers_attach(s);
	s->wants_cell = s->in_sync = true;
	s->heard_ns = s->now_ns;
	stack_warnings_wanted(s);
	return s->phy;
}

static void on_not_found(void *arg, const struct ue_found *best)
{
	struct ue_stack *s = arg;

	s->config.camped(s->config.arg, NULL);
}

static void on_slot(void *arg, uint64_t now_ns)
{
	struct ue_stack *s = arg;

	s->now_ns = now_ns;
	if (s->wants_cell && s->phy) {
		s->wants_cell = false;
		may_fail(stack_tell_cell(s)); /* RRC looks for another then */
	}
	for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++)
		if (s->bearers[lcid].rlc)
			rlc_run(s->bearers[lcid].rlc, now_ns);
	for (uint8_t i = 1; i <= UE_RRC_DRBS_MAX; i++)
		if (s->drbs[i].pdcp)
			pdcp_run(s->drbs[i].pdcp, now_ns);
	ue_rrc_run(s->rrc);
	if (stack_is_out_of_service(s))
		stack_search(s);
}

static void tell_data(struct ue_stack *s)
{
	uint64_t sdus =
		s->phy ? ue_phy_downlink(s->phy)->stats.sdus + ue_mac_stats(ue_phy_mac(s->phy)).sdus : 0;

	if (sdus != s->sdus)
		ue_rrc_data_seen(s->rrc);
	s->sdus = sdus;
}

/* With Msg4, whatever is in it, the contention is won. */
static void on_received(void *arg)
{
	struct ue_stack *s = arg;
	uint16_t c_rnti = s->phy ? ue_phy_c_rnti(s->phy) : 0;
	struct sdu *sdu;

	if (c_rnti != 0 && c_rnti != s->c_rnti)
		ue_rrc_contention_resolved(s->rrc, c_rnti);
	s->c_rnti = c_rnti;
	tell_data(s);
	while ((sdu = sdu_queue_take(&s->heard)) != NULL) {
		if (sdu->tag != 0 && sdu->tag < STACK_BCCH) {
			ue_rrc_srb_received(s->rrc, (uint8_t)sdu->tag, sdu);
			continue;
		}
		if (sdu->tag == 0)
			ue_rrc_ccch_received(s->rrc, sdu_bytes(sdu));
		else if (sdu->tag == STACK_PCCH)
			ue_rrc_pcch_received(s->rrc, sdu_bytes(sdu));
		else
			stack_bcch_received(s, sdu_bytes(sdu));
		sdu_free(&s->memory.sdus, sdu);
	}
	stack_short_messages(s);
	if (s->problem) {
		s->problem = false;
		ue_rrc_radio_problem(s->rrc);
	}
}

static void on_sync(void *arg, const struct ue_stream_block *heard)
{
	struct ue_stack *s = arg;
	double mw = pow(10, UE_POWER_HEARD_DBM / 10.0);

	s->in_sync = heard != NULL;
	if (!heard) {
		ue_rrc_out_of_sync(s->rrc);
		return;
	}
	s->heard_ns = s->now_ns;
	ue_rrc_in_sync(s->rrc);
	ue_rrc_measured(s->rrc,
		&(struct ue_rrc_block){ heard->power * mw, heard->noise * mw, s->found.cell.ssb_index });
}

struct ue_stream_upper ue_stack_upper(struct ue_stack *s)
{
	return (struct ue_stream_upper){ s, stack_cell_is_suitable, on_found, on_not_found, on_slot,
		on_received, on_sync };
}

void ue_stack_now(struct ue_stack *s, uint64_t now_ns)
{
	s->now_ns = now_ns;
}

struct ue_stack *ue_stack_new(const struct ue_stack_config *c)
{
	struct ue_stack *s = calloc(1, sizeof(*s));
	const struct ue_stream_upper upper = ue_stack_upper(s);
	struct ue_rrc_config rrc = {
		.env = c->env, .upper = c->upper, .bands = { c->band }, .band_count = 1, .qam256 = true
	};

	if (!s)
		return NULL;
	s->config = *c;
	s->ue_id = UE_PHY_NOT_PAGED;
	rlc_memory_init(&s->memory, STACK_SDUS_SMALL, STACK_SDUS_LARGE, STACK_HOLES);
	s->engine = burst_new(false);
	s->stream = c->radio.self ? NULL : ue_stream_new(&c->stream, &upper);
	s->radio = s->stream ? ue_stream_radio(s->stream) : c->radio;
	rrc.pool = &s->memory.sdus;
	rrc.engine = s->engine;
	rrc.lower = stack_lower(s);
	s->rrc = s->engine && s->radio.self ? ue_rrc_new(&rrc) : NULL;
	if (s->rrc)
		return s;
	ue_stack_free(s);
	return NULL;
}

void ue_stack_free(struct ue_stack *s)
{
	if (!s)
		return;
	for (uint8_t i = 0; i <= UE_RRC_DRBS_MAX; i++)
		stack_drb_end(s, i);
	for (uint8_t lcid = 0; lcid <= UE_MAC_LCID_MAX; lcid++)
		stack_bearer_end(s, lcid);
	stack_leave(s);
	sdu_queue_clear(&s->heard, &s->memory.sdus);
	ue_rrc_free(s->rrc);
	ue_stream_free(s->stream);
	burst_free(s->engine);
	rlc_memory_fini(&s->memory);
	free(s);
}

void ue_stack_paged_as(struct ue_stack *s, const struct s_tmsi *s_tmsi)
{
	s->ue_id = s_tmsi ? (uint16_t)(s_tmsi->tmsi % 1024) : UE_PHY_NOT_PAGED; /* 38.304 7.1 */
	if (s->phy)
		ue_phy_paged_as(s->phy, s->ue_id);
}

struct ue_rrc_connection *ue_stack_rrc(struct ue_stack *s)
{
	return s->rrc;
}

void ue_stack_run(struct ue_stack *s, const struct phy_cf *in, struct phy_cf *out, size_t n)
{
	ue_stream_run(s->stream, in, out, n);
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

uint64_t ue_stack_deadline_ns(const struct ue_stack *s)
{
	uint64_t next_ns = earlier(ue_rrc_deadline_ns(s->rrc), ue_rrc_block_wanted_ns(s->rrc));

	if (s->wants_cell || s->problem || s->heard.first || (s->phy && !ue_phy_is_quiet(s->phy, s->now_ns)))
		return 0;
	for (uint8_t lcid = 1; lcid <= UE_MAC_LCID_MAX; lcid++)
		if (s->bearers[lcid].rlc)
			next_ns = earlier(next_ns, rlc_deadline_ns(s->bearers[lcid].rlc));
	for (uint8_t i = 1; i <= UE_RRC_DRBS_MAX; i++)
		if (s->drbs[i].pdcp)
			next_ns = earlier(next_ns, pdcp_deadline_ns(s->drbs[i].pdcp));
	return next_ns;
}

bool ue_stack_send(struct ue_stack *s, uint8_t psi, uint8_t qfi, struct bytes packet)
{
	struct stack_session *p = psi < STACK_SESSIONS ? &s->sessions[psi] : NULL;
	struct sdu *sdu = p && p->there ? sdu_of(&s->memory.sdus, packet) : NULL;

	if (!sdu)
		return false;
	sdap_send(&p->sdap, qfi, sdu, false, false);
	return true;
}

struct ue_stack_state ue_stack_state(const struct ue_stack *s)
{
	struct ue_stack_state out = { .camped = s->phy != NULL, .radio = s->radio.state(s->radio.self) };

	if (!s->phy)
		return out;
	out.pci = s->found.found.pci;
	for (enum ue_phy_stat i = 0; i < UE_PHY_STATS; i++)
		out.stat[i] = ue_phy_stat(s->phy, i);
	return out;
}
