/* PDCP status reports (38.323 5.4, 6.2.3.1). */
#include "radio/pdcp/entity.h"

enum { TYPE_STATUS_REPORT = 0, REPORT_HEADER = 5 };

/* The bit of the SDU behind FMC by n, counted from 1 (6.3.10). */
static void bitmap_set(uint8_t *bitmap, uint32_t n)
{
	bitmap[(n - 1) / 8] |= (uint8_t)(0x80 >> (n - 1) % 8);
}

void pdcp_status_send(struct pdcp *p)
{
	uint64_t bits = p->rx.waiting.last ? p->rx.waiting.last->tag - p->rx.deliv : 0;
	size_t octets = (size_t)(bits + 7) / 8;
	struct sdu *report;
	struct writer w;
	uint8_t *at;

	if (octets > SDU_LEN_MAX - REPORT_HEADER)
		octets = SDU_LEN_MAX - REPORT_HEADER;
	report = sdu_new(p->pool, REPORT_HEADER + octets);
	at = report ? sdu_append(report, REPORT_HEADER + octets) : NULL;
	if (!at) {
		p->stats.tx_refused++;
		return;
	}
	w = writer_of(at, REPORT_HEADER);
	writer_u8(&w, TYPE_STATUS_REPORT << 4);
	writer_u32(&w, p->rx.deliv);
	for (const struct sdu *s = p->rx.waiting.first; s && s->tag - p->rx.deliv <= octets * 8; s = s->next)
		bitmap_set(at + REPORT_HEADER, (uint32_t)(s->tag - p->rx.deliv));
	report->tag = PDCP_CONTROL_TAG;
	report->expires_ns = PDCP_NEVER;
	p->n.submit(p->n.arg, report);
}

static bool peer_has(uint32_t fmc, struct bytes bitmap, uint64_t count)
{
	uint64_t n = count - fmc;

	if (count < fmc)
		return true;
	return n > 0 && (n - 1) / 8 < bitmap.len && bitmap.data[(n - 1) / 8] & 0x80 >> (n - 1) % 8;
}

/* 5.4.2: what the peer has is not kept, and need not be sent. FMC beyond what was sent means nothing. */
void pdcp_control_receive(struct pdcp *p, struct bytes pdu)
{
	struct cursor c = cursor_of(pdu);
	uint8_t type = cursor_u8(&c) >> 4 & 7;
	uint32_t fmc = cursor_u32(&c);
	struct bytes bitmap = cursor_rest(&c);
	struct sdu *next;

	if (c.failed || type != TYPE_STATUS_REPORT || p->config.bearer == PDCP_SRB || fmc > p->tx.next) {
		p->stats.rx_invalid++;
		return;
	}
	for (struct sdu *s = p->tx.kept.first; s; s = next) {
		uint64_t tag = s->tag;

		next = s->next;
		if (!peer_has(fmc, bitmap, tag))
			continue;
		pdcp_kept_drop(p, s);
		p->n.discard(p->n.arg, tag);
	}
}
