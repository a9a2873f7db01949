/* MAC PDUs of a UE (38.321 5.3.3, 5.13), and what it says of itself. */
#include "gnb/du/mac/mac.h"
#include "radio/mac/pdu.h"

static void take_bsr(struct du_ue *u, const struct mac_bsr *b)
{
	/* A report is of the moment when it was made: groups that it does not name have nothing, unless it
	 * was cut. */
	for (uint8_t i = 0; i < MAC_LCGS; i++) {
		if (b->known >> i & 1)
			u->reported[i] = b->octets[i];
		else if (!b->truncated)
			u->reported[i] = 0;
		else if (b->lcgs >> i & 1 && u->reported[i] == 0)
			u->reported[i] = 1;
	}
	u->wants_grant |= b->truncated;
}

/* True: it means something to us. */
static bool element(struct du_ue *u, const struct mac_subpdu *s)
{
	struct mac_bsr b;
	uint16_t c_rnti;

	switch (s->lcid) {
	case MAC_UL_SHORT_BSR:
	case MAC_UL_SHORT_TRUNCATED_BSR:
	case MAC_UL_LONG_BSR:
	case MAC_UL_LONG_TRUNCATED_BSR:
		if (!mac_bsr_read(s->lcid, s->data, &b))
			return false;
		take_bsr(u, &b);
		return true;
	case MAC_UL_SINGLE_ENTRY_PHR:
		u->has_phr = mac_phr_read(s->data, &u->phr);
		return u->has_phr;
	case MAC_UL_C_RNTI:
		if (!mac_c_rnti_read(s->data, &c_rnti) || !u->upper.c_rnti)
			return false;
		u->upper.c_rnti(u->upper.arg, c_rnti);
		return true;
	default:
		return false;
	}
}

static void sdu(struct du_ue *u, const struct mac_subpdu *s, uint64_t now_ns)
{
	bool ccch = s->lcid == MAC_CCCH || s->lcid > MAC_LCID_LAST;
	struct du_channel *c = ccch ? NULL : &u->channels[s->lcid];

	if (ccch && u->upper.ccch) {
		u->upper.ccch(u->upper.arg, s->data);
	} else if (c && c->rlc) {
		if (c->lcg < MAC_LCGS)
			u->reported[c->lcg] -= s->data.len < u->reported[c->lcg] ? (uint32_t)s->data.len
										 : u->reported[c->lcg];
		rlc_receive(c->rlc, s->data, now_ns);
	} else {
		u->stats.ul_unconfigured++;
	}
}

void du_uplink_receive(struct du_ue *u, struct bytes pdu, uint64_t now_ns)
{
	struct cursor c = cursor_of(pdu);
	struct mac_subpdu s;
	enum mac_read read;

	u->stats.ul_pdus++;
	u->stats.ul_octets += pdu.len;
	u->wants_grant = false;
	while ((read = mac_read(&c, MAC_UL_SCH, &s)) == MAC_SUBPDU) {
		if (s.lcid == MAC_PADDING)
			continue;
		if (mac_is_sdu(MAC_UL_SCH, s.lcid)) {
			u->stats.ul_sdus++;
			sdu(u, &s, now_ns);
		} else {
			u->stats.ul_elements++;
			u->stats.ul_unconfigured += !element(u, &s);
		}
	}
	u->stats.ul_unknown += read != MAC_END;
}

uint32_t du_uplink_wanted(const struct du_ue *u)
{
	uint64_t wanted = 0;

	for (uint8_t i = 0; i < MAC_LCGS; i++)
		wanted += u->reported[i];
	return wanted < UINT32_MAX ? (uint32_t)wanted : UINT32_MAX;
}
