#include "radio/rrc/srb.h"

#include "radio/rrc/bearer.h"

static void submit(void *arg, struct sdu *pdu)
{
	struct rrc_srb *s = arg;

	s->home->submit(s->home->arg, s->id, pdu);
}

/* An SRB has no discardTimer. */
static void discard(void *arg, uint64_t tag)
{
}

static void deliver(void *arg, struct sdu *sdu)
{
	struct rrc_srb *s = arg;

	if (s->home->plain)
		s->home->plain(s->home->arg, false, sdu_bytes(sdu));
	sdu_queue_put(&s->received, sdu);
}

static void integrity_failure(void *arg)
{
	struct rrc_srb *s = arg;

	s->integrity_failed = true;
}

bool rrc_srb_configure(
	struct rrc_srb *s, uint8_t id, const struct rrc_srb_home *home, const struct pdcp_config *config)
{
	struct pdcp_neighbours n = { s, submit, discard, deliver, integrity_failure };
	struct pdcp_config bounded = *config;

	*s = (struct rrc_srb){ .home = home, .id = id };
	bounded.waiting_max = RRC_SRB_WAITING_MAX;
	s->pdcp = pdcp_new(&bounded, &n, home->pool, home->engine);
	return s->pdcp != NULL;
}

bool rrc_srb_begin(struct rrc_srb *s, uint8_t id, const struct rrc_srb_home *home)
{
	struct pdcp_config config = rrc_srb_pdcp(id, home->tx_direction);

	return rrc_srb_configure(s, id, home, &config);
}

bool rrc_srb_begin_again(struct rrc_srb *s)
{
	const struct rrc_srb_home *home = s->home;
	uint8_t id = s->id;

	rrc_srb_end(s);
	return rrc_srb_begin(s, id, home);
}

void rrc_srb_end(struct rrc_srb *s)
{
	if (!s->pdcp)
		return;
	pdcp_free(s->pdcp);
	sdu_queue_clear(&s->received, s->home->pool);
	*s = (struct rrc_srb){ .pdcp = NULL };
}

bool rrc_srb_send(struct rrc_srb *s, const struct per_type *type, const void *message, uint64_t now_ns)
{
	uint8_t octets[SDU_LEN_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct sdu *sdu;

	if (!s->pdcp || s->suspended || !rrc_encode(type, message, &w))
		return false;
	if (s->home->plain)
		s->home->plain(s->home->arg, true, writer_bytes(&w));
	sdu = sdu_of(s->home->pool, writer_bytes(&w));
	return sdu && pdcp_send(s->pdcp, sdu, now_ns);
}

void rrc_srb_receive(struct rrc_srb *s, struct sdu *pdu, uint64_t now_ns)
{
	if (s->suspended)
		sdu_free(s->home->pool, pdu);
	else
		pdcp_receive(s->pdcp, pdu, now_ns);
}
