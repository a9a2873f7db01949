/* Ciphering and integrity protection (38.323 5.8, 5.9), and the octets of a data PDU (6.2.2). */
#include "crypto/equal.h"
#include "radio/pdcp/entity.h"

static uint8_t bearer_of(const struct pdcp *p)
{
	return (uint8_t)(p->config.rb_id - 1);
}

static uint8_t rx_direction(const struct pdcp *p)
{
	return !p->config.tx_direction;
}

static void header_write(const struct pdcp *p, uint8_t *at, uint32_t count)
{
	uint8_t dc = p->config.bearer == PDCP_SRB ? 0 : 0x80; /* 6.2.2.1: SRBs have no D/C bit */
	struct writer w = writer_of(at, PDCP_HEADER_MAX);

	if (p->config.tx_sn_bits == 12)
		writer_u16(&w, (uint16_t)(dc << 8 | (count & 0xfff)));
	else
		writer_u24(&w, (uint32_t)dc << 16 | (count & 0x3ffff));
}

/* Octets of a PDU behind the first `plain`. */
static struct burst_job job_of(
	const struct pdcp_pdu *x, const struct pdcp_protection *protection, uint8_t direction, size_t plain)
{
	return (struct burst_job){ &protection->keys, x->count, bearer_of(x->p), direction,
		x->s->data + plain, x->s->len - (uint32_t)plain, { 0 } };
}

/* MACs of all in the burst; zeros where there is no integrity protection (6.3.4). */
static void append_macs(struct pdcp_pdu *pdus, size_t n)
{
	struct burst_job jobs[BURST_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (pdus[i].p->tx.protection.integrity)
			jobs[count++] = job_of(
				&pdus[i], &pdus[i].p->tx.protection, pdus[i].p->config.tx_direction, 0);
	if (count > 0)
		burst_mac(pdus[0].p->engine, jobs, count);
	count = 0;
	for (size_t i = 0; i < n; i++) {
		static const uint8_t none[PDCP_MAC_I];
		const uint8_t *mac = pdus[i].p->tx.protection.integrity ? jobs[count++].mac : none;
		uint8_t *at = pdcp_has_mac(pdus[i].p) ? sdu_append(pdus[i].s, PDCP_MAC_I) : NULL;

		if (at)
			may_fail(bytes_copy(at, PDCP_MAC_I, bytes_of(mac, PDCP_MAC_I)));
	}
}

void pdcp_protect(struct pdcp_pdu *pdus, size_t n)
{
	struct burst_job jobs[BURST_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		uint8_t *at = sdu_push(pdus[i].s, pdcp_header_size(pdus[i].p->config.tx_sn_bits));

		if (at)
			header_write(pdus[i].p, at, pdus[i].count);
	}
	append_macs(pdus, n);
	/* 5.8: all behind the header but SDAP's, MAC-I included. */
	for (size_t i = 0; i < n; i++) {
		const struct pdcp *p = pdus[i].p;

		if (p->tx.protection.ciphering)
			jobs[count++] = job_of(&pdus[i], &p->tx.protection, p->config.tx_direction,
				pdcp_header_size(p->config.tx_sn_bits) + p->config.tx_sdap);
	}
	if (count > 0)
		burst_crypt(pdus[0].p->engine, jobs, count);
}

static size_t mac_size(const struct pdcp *p)
{
	return pdcp_has_mac(p) ? PDCP_MAC_I : 0;
}

static void decipher(struct pdcp_pdu *pdus, size_t n)
{
	struct burst_job jobs[BURST_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n; i++) {
		const struct pdcp *p = pdus[i].p;
		size_t plain = pdcp_header_size(p->config.rx_sn_bits) + p->config.rx_sdap;

		if (pdus[i].good && p->rx.protection.ciphering && pdus[i].s->len > plain)
			jobs[count++] = job_of(&pdus[i], &p->rx.protection, rx_direction(p), plain);
	}
	if (count > 0)
		burst_crypt(pdus[0].p->engine, jobs, count);
}

static bool is_verified(const struct pdcp_pdu *x)
{
	return x->good && pdcp_has_mac(x->p) && x->p->rx.protection.integrity;
}

/* MAC-I is off the PDUs, and behind them. */
static void verify(struct pdcp_pdu *pdus, size_t n)
{
	struct burst_job jobs[BURST_MAX];
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (is_verified(&pdus[i]))
			jobs[count++] =
				job_of(&pdus[i], &pdus[i].p->rx.protection, rx_direction(pdus[i].p), 0);
	if (count > 0)
		burst_mac(pdus[0].p->engine, jobs, count);
	count = 0;
	for (size_t i = 0; i < n; i++) {
		struct pdcp *p = pdus[i].p;

		if (!is_verified(&pdus[i]))
			continue;
		pdus[i].good = crypto_equal(
			BYTES(jobs[count].mac), bytes_of(pdus[i].s->data + pdus[i].s->len, PDCP_MAC_I));
		count++;
		if (pdus[i].good)
			continue;
		p->stats.rx_integrity_failures++;
		if (p->n.integrity_failure)
			p->n.integrity_failure(p->n.arg);
	}
}

void pdcp_check(struct pdcp_pdu *pdus, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct pdcp *p = pdus[i].p;

		pdus[i].good = pdus[i].s->len > pdcp_header_size(p->config.rx_sn_bits) + mac_size(p);
		p->stats.rx_invalid += !pdus[i].good;
	}
	decipher(pdus, n);
	for (size_t i = 0; i < n; i++)
		if (pdus[i].good)
			pdus[i].s->len -= (uint32_t)mac_size(pdus[i].p);
	verify(pdus, n);
	for (size_t i = 0; i < n; i++) {
		size_t header = pdcp_header_size(pdus[i].p->config.rx_sn_bits);

		if (!pdus[i].good)
			continue;
		pdus[i].good = sdu_pull(pdus[i].s, header);
	}
}

/* Header and MAC-I still stand around the SDU, and its tag is the COUNT. */
bool pdcp_verify(const struct pdcp *p, const struct pdcp_security *s, const struct sdu *sdu)
{
	size_t header = pdcp_header_size(p->config.rx_sn_bits);

	return header <= (size_t)(sdu->data - sdu->octets) && sdu_room(sdu) >= sdu->len + PDCP_MAC_I &&
	       nia_verify(s->ia, s->k_int, (uint32_t)sdu->tag, bearer_of(p), rx_direction(p),
		       bytes_of(sdu->data - header, header + sdu->len), sdu->data + sdu->len);
}
