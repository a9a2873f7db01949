#include "radio/sdap/sdap.h"

/* 6.2.2: downlink RDI, RQI, QFI; uplink D/C, R, QFI. */
enum { RDI = 0x80, RQI = 0x40, DATA = 0x80, QFI = 0x3f };

void sdap_init(struct sdap *s, bool is_ue, const struct sdap_neighbours *n, struct sdu_pool *pool)
{
	*s = (struct sdap){ .is_ue = is_ue, .n = *n, .pool = pool };
}

static bool has_drb(const struct sdap *s, uint8_t drb)
{
	return drb < SDAP_DRBS && s->drbs[drb].there;
}

bool sdap_drb_set(struct sdap *s, uint8_t drb, bool tx_header, bool rx_header, bool is_default)
{
	if (drb == SDAP_NO_DRB || drb >= SDAP_DRBS)
		return false;
	s->drbs[drb] = (struct sdap_drb){ true, tx_header, rx_header };
	if (is_default)
		s->default_drb = drb;
	else if (s->default_drb == drb)
		s->default_drb = SDAP_NO_DRB;
	return true;
}

void sdap_drb_release(struct sdap *s, uint8_t drb)
{
	if (!has_drb(s, drb))
		return;
	for (uint8_t qfi = 0; qfi < SDAP_QFIS; qfi++)
		if (s->drb_of[qfi] == drb)
			s->drb_of[qfi] = SDAP_NO_DRB;
	if (s->default_drb == drb)
		s->default_drb = SDAP_NO_DRB;
	s->drbs[drb] = (struct sdap_drb){ 0 };
}

/* 5.3.1, 5.3.2: where the flow has gone until now, if the other end can read it there. */
static void end_marker(struct sdap *s, uint8_t qfi, uint8_t drb)
{
	uint8_t old = s->drb_of[qfi] ? s->drb_of[qfi] : s->default_drb;
	struct sdu *pdu;

	if (!s->is_ue || old == drb || !has_drb(s, old) || !s->drbs[old].tx_header)
		return;
	pdu = sdu_of(s->pool, bytes_of(&qfi, 1)); /* D/C 0, R 0 */
	if (!pdu)
		return;
	s->stats.end_markers++;
	s->n.submit(s->n.arg, old, pdu);
}

bool sdap_map(struct sdap *s, uint8_t qfi, uint8_t drb)
{
	if (qfi >= SDAP_QFIS || (drb != SDAP_NO_DRB && !has_drb(s, drb)))
		return false;
	if (drb != SDAP_NO_DRB)
		end_marker(s, qfi, drb);
	s->drb_of[qfi] = drb;
	return true;
}

void sdap_send(struct sdap *s, uint8_t qfi, struct sdu *sdu, bool reflective_mapping, bool reflective_qos)
{
	uint8_t drb = qfi < SDAP_QFIS && s->drb_of[qfi] ? s->drb_of[qfi] : s->default_drb, *header = NULL;
	bool ok = qfi < SDAP_QFIS && has_drb(s, drb) && sdu->len > 0;

	if (ok && s->drbs[drb].tx_header) {
		header = sdu_push(sdu, 1);
		ok = header != NULL;
	}
	if (!ok) {
		s->stats.unmapped++;
		sdu_free(s->pool, sdu);
		return;
	}
	if (header)
		*header = (uint8_t)(qfi |
				    (s->is_ue ? DATA
					      : (reflective_mapping ? RDI : 0) | (reflective_qos ? RQI : 0)));
	s->stats.tx++;
	s->n.submit(s->n.arg, drb, sdu);
}

/* Of a DRB without headers: the one flow that has it. */
static uint8_t only_flow(const struct sdap *s, uint8_t drb)
{
	uint8_t found = 0;

	for (uint8_t qfi = 0; qfi < SDAP_QFIS; qfi++) {
		if (s->drb_of[qfi] != drb)
			continue;
		if (found)
			return 0;
		found = qfi;
	}
	return found;
}

/* 5.3.2 */
static void reflect(struct sdap *s, uint8_t qfi, uint8_t drb)
{
	if (s->drb_of[qfi] != drb)
		may_fail(sdap_map(s, qfi, drb)); /* both are there */
}

static void drop(struct sdap *s, struct sdu *pdu)
{
	s->stats.rx_invalid++;
	sdu_free(s->pool, pdu);
}

/* The gNB's end: an end marker is a header and nothing else. */
static void control_receive(struct sdap *s, uint8_t drb, uint8_t qfi, struct sdu *pdu)
{
	if (pdu->len > 0) {
		drop(s, pdu);
		return;
	}
	s->stats.end_markers++;
	sdu_free(s->pool, pdu);
	if (s->n.flow_ended)
		s->n.flow_ended(s->n.arg, qfi, drb);
}

void sdap_receive(struct sdap *s, uint8_t drb, struct sdu *pdu)
{
	uint8_t header, qfi;

	if (!has_drb(s, drb) || pdu->len == 0) {
		drop(s, pdu);
		return;
	}
	if (!s->drbs[drb].rx_header) {
		s->stats.rx++;
		s->n.deliver(s->n.arg, only_flow(s, drb), pdu);
		return;
	}
	header = pdu->data[0];
	qfi = header & QFI;
	may_fail(sdu_pull(pdu, 1)); /* there is one */
	if (!s->is_ue && !(header & DATA)) {
		control_receive(s, drb, qfi, pdu);
		return;
	}
	if (pdu->len == 0) {
		drop(s, pdu);
		return;
	}
	if (s->is_ue && header & RDI)
		reflect(s, qfi, drb);
	if (s->is_ue && header & RQI && s->n.reflective_qos)
		s->n.reflective_qos(s->n.arg, qfi, sdu_bytes(pdu));
	s->stats.rx++;
	s->n.deliver(s->n.arg, qfi, pdu);
}
