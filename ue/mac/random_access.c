#include "ue/mac/random_access.h"

#include "ue/mac/entity.h"

int ue_ra_delta_long_db(unsigned format)
{
	static const int8_t delta[] = { 0, -3, -6, 0 };

	return format < ARRAY_LEN(delta) ? delta[format] : 0;
}

int ue_ra_delta_short_db(char group, unsigned number, unsigned mu)
{
	static const int8_t a[] = { 0, 8, 5, 3 }, b[] = { 0, 8, 5, 3, 0 }, c[] = { 11, 0, 5 };
	const int8_t *delta = group == 'A' ? a : group == 'B' ? b : c;
	size_t count = group == 'A' ? ARRAY_LEN(a) : group == 'B' ? ARRAY_LEN(b) : ARRAY_LEN(c);

	return (number < count ? delta[number] : 0) + 3 * (int)mu;
}

uint16_t ue_ra_rnti(unsigned symbol, unsigned slot, unsigned frequency, bool supplementary)
{
	return (uint16_t)(1 + symbol + 14 * slot + 14 * 80 * frequency + 14 * 80 * 8 * supplementary);
}

void ue_ra_init(struct ue_ra *r, const struct ue_ra_config *config)
{
	*r = (struct ue_ra){ .config = *config, .deadline_ns = UE_MAC_NEVER };
}

/* 5.1.2: of the group that was chosen, each with equal probability. */
static void choose_preamble(struct ue_ra *r, uint32_t random)
{
	const struct ue_ra_config *c = &r->config;

	if (r->contention_free || r->si_request)
		return;
	if (r->group_b)
		r->preamble = (uint8_t)(c->first_preamble + c->group_a + random % c->group_b);
	else
		r->preamble = (uint8_t)(c->first_preamble + random % (c->group_a ? c->group_a : 1));
}

void ue_ra_begin(struct ue_ra *r, const struct ue_ra_start *s, uint64_t now_ns)
{
	const struct ue_ra_config *c = &r->config;
	struct ue_ra_stats stats = r->stats;

	*r = (struct ue_ra){ .config = *c,
		.stats = stats,
		.state = UE_RA_PREAMBLE,
		.contention_free = s->contention_free,
		.si_request = s->si_request,
		.for_grant = s->for_grant,
		.has_c_rnti = s->has_c_rnti,
		.preamble = s->preamble,
		.counter = 1,
		.ramping_counter = 1,
		.not_before_ns = now_ns,
		.deadline_ns = UE_MAC_NEVER };
	bytes_copy(r->identity, sizeof(r->identity), BYTES(s->identity));
	/* A CCCH SDU decides by its size alone. */
	r->group_b = c->group_b > 0 && s->msg3_octets > c->msg3_size_group_a &&
		     (!s->has_c_rnti || s->path_loss_db < c->group_b_path_loss_db);
	choose_preamble(r, s->random);
	r->stats.started++;
}

void ue_ra_stop(struct ue_ra *r)
{
	r->state = UE_RA_IDLE;
	r->deadline_ns = UE_MAC_NEVER;
}

static void done(struct ue_ra *r)
{
	r->state = UE_RA_DONE;
	r->deadline_ns = UE_MAC_NEVER;
	r->stats.done++;
}

int ue_ra_power_dbm(const struct ue_ra *r)
{
	return r->config.received_target_power_dbm + r->config.delta_preamble_db +
	       (r->ramping_counter - 1) * r->config.ramping_step_db;
}

void ue_ra_preamble_sent(struct ue_ra *r, uint64_t window_ns)
{
	if (r->state != UE_RA_PREAMBLE)
		return;
	r->state = UE_RA_RESPONSE;
	r->deadline_ns = window_ns + r->config.response_window_ns;
	r->stats.preambles++;
}

/* After a failure: the next attempt, with more power, behind a backoff (5.1.4, 5.1.5). Beyond
 * preambleTransMax RRC hears of it and decides; requests of system information end. */
static void again(struct ue_ra *r, uint32_t random, uint64_t now_ns)
{
	r->temporary_c_rnti = 0;
	r->deadline_ns = UE_MAC_NEVER;
	r->state = UE_RA_PREAMBLE;
	if (r->counter == r->config.trans_max && !r->problem) {
		r->problem = true;
		r->stats.problems++;
		if (r->si_request) {
			ue_ra_stop(r);
			return;
		}
	}
	if (r->counter < UINT8_MAX) {
		r->counter++;
		r->ramping_counter++;
	}
	r->not_before_ns = now_ns;
	if (!r->contention_free && r->backoff_ms)
		r->not_before_ns += (uint64_t)(random >> 8) % (r->backoff_ms * UINT64_C(1000) + 1) * 1000;
	choose_preamble(r, random);
}

static bool take_response(struct ue_ra *r, const struct mac_rar *rar)
{
	r->stats.responses++;
	r->rar = *rar;
	if (r->si_request) {
		done(r);
		return true;
	}
	r->temporary_c_rnti = rar->temporary_c_rnti;
	if (r->contention_free) {
		done(r); /* its grant and timing advance stand in r->rar */
		return true;
	}
	r->state = UE_RA_MSG3;
	r->deadline_ns = UE_MAC_NEVER;
	return true;
}

bool ue_ra_response(struct ue_ra *r, struct bytes pdu)
{
	static const uint16_t backoffs_ms[16] = { 5, 10, 20, 30, 40, 60, 80, 120, 160, 240, 320, 480, 960,
		1920 };
	struct cursor c = cursor_of(pdu);
	uint8_t backoff = 0;
	bool more = true;
	struct mac_rar rar;

	if (r->state != UE_RA_RESPONSE)
		return false;
	r->backoff_ms = 0;
	for (;;) {
		switch (mac_rar_read(&c, &more, &backoff, &rar, r->config.si_first, r->config.si_count)) {
		case MAC_RAR_BACKOFF:
			r->backoff_ms = backoffs_ms[backoff];
			break;
		case MAC_RAR_RESPONSE:
			if (rar.rapid == r->preamble)
				return take_response(r, &rar);
			break;
		case MAC_RAR_END:
			return false;
		case MAC_RAR_BAD:
			r->stats.bad_responses++;
			return false;
		}
	}
}

void ue_ra_msg3_sent(struct ue_ra *r, uint64_t end_ns)
{
	if (r->state != UE_RA_MSG3 && r->state != UE_RA_CONTENTION)
		return;
	r->state = UE_RA_CONTENTION;
	r->msg3 = true;
	r->deadline_ns = ue_mac_after(end_ns, r->config.contention_ms);
}

void ue_ra_c_rnti_heard(struct ue_ra *r)
{
	if (r->state == UE_RA_CONTENTION && r->has_c_rnti)
		done(r);
}

bool ue_ra_identity_heard(struct ue_ra *r, struct bytes identity, uint32_t random, uint64_t now_ns)
{
	if (r->state != UE_RA_CONTENTION || r->has_c_rnti)
		return false;
	if (bytes_equal(identity, BYTES(r->identity))) {
		done(r);
		return true;
	}
	r->stats.lost_contentions++;
	again(r, random, now_ns);
	return false;
}

void ue_ra_run(struct ue_ra *r, uint32_t random, uint64_t now_ns)
{
	if (r->deadline_ns > now_ns)
		return;
	if (r->state == UE_RA_RESPONSE)
		r->stats.no_response++;
	else
		r->stats.lost_contentions++;
	again(r, random, now_ns);
}
