/* DL DATA DELIVERY STATUS (38.425 5.4.2): what the DU tells of downlink. */
#include "gnb/du/f1u_internal.h"

enum { SN_HALF = NR_UP_SN_COUNT / 2 };

/* Those at the front that are done: the last of them is the highest delivered in sequence. */
void du_f1u_advance(struct du_f1u_bearer *b)
{
	for (; b->first < b->next && b->pdus[b->first % DU_F1U_PDUS_MAX].done; b->first++) {
		const struct du_f1u_pdu *p = &b->pdus[b->first % DU_F1U_PDUS_MAX];

		b->delivered = (struct nr_up_sn){ true, p->sn };
		b->octets -= p->len;
		b->unreported += p->len;
		b->changed = true;
	}
	if (b->unreported >= b->f->config.buffer_octets / 4 ||
		(b->wanted.there && b->delivered.there && b->wanted.sn == b->delivered.sn))
		du_f1u_report(b, false);
}

void du_f1u_delivered(struct du_f1u_bearer *b, uint64_t tag)
{
	if (tag < b->first || tag >= b->next)
		return;
	b->pdus[tag % DU_F1U_PDUS_MAX].done = true;
	du_f1u_advance(b);
}

/* What RLC has begun with: all but those at the end that wait there. */
static struct nr_up_sn transmitted(struct du_f1u_bearer *b)
{
	const struct du_f1u_lower *lower = &b->f->config.lower;
	uint64_t waiting = lower->waiting(lower->arg, b->user), tag = b->next;

	while (tag > b->first && waiting > 0) {
		const struct du_f1u_pdu *p = &b->pdus[--tag % DU_F1U_PDUS_MAX];

		waiting -= p->len < waiting ? p->len : waiting;
	}
	if (tag == b->first)
		return b->delivered;
	for (uint64_t i = b->first; !b->am && i < tag; i++) /* nobody will say more of it */
		b->pdus[i % DU_F1U_PDUS_MAX].done = true;
	return (struct nr_up_sn){ true, b->pdus[(tag - 1) % DU_F1U_PDUS_MAX].sn };
}

/* UM has no word of delivery: what was sent is done. */
static void settle_um(struct du_f1u_bearer *b)
{
	for (; b->first < b->next && b->pdus[b->first % DU_F1U_PDUS_MAX].done; b->first++) {
		b->octets -= b->pdus[b->first % DU_F1U_PDUS_MAX].len;
		b->delivered = (struct nr_up_sn){ true, b->pdus[b->first % DU_F1U_PDUS_MAX].sn };
	}
}

/* Runs of PDUs that are done behind one that is not; the first of them. */
static struct nr_up_list out_of_sequence(const struct du_f1u_bearer *b)
{
	struct nr_up_list list = { .count = 0 };
	bool runs = false;

	for (uint64_t tag = b->first; tag < b->next; tag++) {
		const struct du_f1u_pdu *p = &b->pdus[tag % DU_F1U_PDUS_MAX];

		if (p->done && runs)
			list.ranges[list.count - 1].end = p->sn;
		else if (p->done && list.count == NR_UP_LIST_MAX)
			break;
		else if (p->done)
			list.ranges[list.count++] = (struct nr_up_range){ p->sn, p->sn };
		runs = p->done;
	}
	return list;
}

void du_f1u_report(struct du_f1u_bearer *b, bool final)
{
	struct du_f1u *f = b->f;
	uint8_t octets[NR_UP_OCTETS_MAX];
	struct writer w = writer_of(octets, sizeof(octets));
	struct nr_up_pdu frame = { .type = NR_UP_DL_DATA_DELIVERY_STATUS,
		.status = { .final_frame = final,
			.desired_buffer_octets = b->outage ? 0 : f->config.buffer_octets,
			.has_cause = b->outage,
			.cause = NR_UP_CAUSE_RADIO_LINK_OUTAGE,
			.lost = b->lost,
			.transmitted = transmitted(b),
			.delivered = b->am ? b->delivered : (struct nr_up_sn){ .there = false } } };

	if (!b->am)
		settle_um(b);
	else if (b->ranges_wanted)
		frame.status.out_of_sequence = out_of_sequence(b);
	frame.status.has_out_of_sequence = b->am && b->ranges_wanted;
	b->ranges_wanted = false;
	if (b->wanted.there && b->delivered.there && b->wanted.sn == b->delivered.sn)
		b->wanted.there = false;
	b->lost.count = 0;
	b->unreported = 0;
	b->changed = b->first < b->next;
	b->reported_ns = env_now_ns(f->config.env);
	f->stats.reports++;
	if (nr_up_encode(&frame, &w))
		du_f1u_put(b, writer_bytes(&w), BYTES_NONE);
}

void du_f1u_outage(struct du_f1u_bearer *b, bool lost)
{
	b->outage = lost;
	du_f1u_report(b, false);
}

/* 5.4.2.1: what is missing between what came and what comes; one that comes late was reported already. */
void du_f1u_sequence(struct du_f1u_bearer *b, uint32_t sn)
{
	uint32_t gap = (sn - b->expected) & (NR_UP_SN_COUNT - 1);

	if (b->began && gap >= SN_HALF)
		return;
	if (b->began && gap > 0) {
		b->f->stats.lost += gap;
		b->changed = true;
		if (b->lost.count == NR_UP_LIST_MAX)
			du_f1u_report(b, false);
		b->lost.ranges[b->lost.count++] =
			(struct nr_up_range){ b->expected, (sn - 1) & (NR_UP_SN_COUNT - 1) };
	}
	b->began = true;
	b->expected = (sn + 1) & (NR_UP_SN_COUNT - 1);
}
