#include "radio/phy/slot/slot_parts.h"

const char *phy_slot_error_text(enum phy_slot_error e)
{
	static const char *const texts[PHY_SLOT_ERRORS] = {
		[PHY_SLOT_OK] = "ok",
		[PHY_SLOT_TIME] = "not in this slot",
		[PHY_SLOT_TOO_MANY] = "more than there is room for",
		[PHY_SLOT_CHANNEL] = "against the channel's rules",
		[PHY_SLOT_NUMEROLOGY] = "numerology that is not the carrier's",
		[PHY_SLOT_OUTSIDE] = "outside the carrier",
		[PHY_SLOT_DIRECTION] = "in symbols of the other direction",
		[PHY_SLOT_OVERLAP] = "on resource elements of another",
		[PHY_SLOT_ANTENNA] = "more antenna ports or layers than there are",
		[PHY_SLOT_BLOCK] = "transport block missing or too large",
		[PHY_SLOT_HARQ] = "HARQ process twice, or no soft buffer free",
	};

	return (unsigned)e < PHY_SLOT_ERRORS ? texts[e] : "?";
}

const char *phy_slot_pdu_text(enum phy_slot_pdu p)
{
	static const char *const texts[PHY_SLOT_PDUS] = { "SSB", "PDCCH", "PDSCH", "CSI-RS", "PUSCH", "PUCCH",
		"SRS", "PRACH" };

	return (unsigned)p < PHY_SLOT_PDUS ? texts[p] : "?";
}

unsigned phy_slot_samples(const struct phy_slot_carrier *c, unsigned slot)
{
	const struct phy_ofdm o = { .config = slot_ofdm(c), .symbols = slot_symbols(c) };

	return phy_ofdm_slot_samples(&o, slot);
}

bool slot_refuse(struct phy_slot_refusal *r, enum phy_slot_pdu pdu, unsigned index, enum phy_slot_error e,
	const char *const *why)
{
	*r = (struct phy_slot_refusal){ e, pdu, index, e == PHY_SLOT_CHANNEL ? *why : NULL };
	return e == PHY_SLOT_OK;
}

bool slot_fits(struct phy_slot_refusal *r, enum phy_slot_pdu pdu, size_t n, unsigned most)
{
	return slot_refuse(r, pdu, most, n > most ? PHY_SLOT_TOO_MANY : PHY_SLOT_OK, NULL);
}

bool slot_config_legal(const struct phy_slot_config *c)
{
	return c->antennas >= 1 && c->antennas <= PHY_SLOT_ANTENNAS_MAX && c->layers >= 1 &&
	       c->layers <= PHY_LAYERS_MAX && c->carrier.mu <= 3 && c->carrier.first_crb < 2200 &&
	       c->workers.count <= PHY_WORKERS_MAX && c->tb_bits >= 1;
}

unsigned slot_workers(const struct phy_slot_config *c)
{
	return c->workers.count > 1 ? c->workers.count : 1;
}

bool slot_time_legal(const struct phy_slot_carrier *c, const struct slot_time *t)
{
	return t->numerology == c->mu && t->sfn < SLOT_SFNS && t->slot < SLOT_FRAME_SLOTS << c->mu;
}

bool slot_time_follows(const struct slot_time *a, const struct slot_time *b)
{
	uint64_t slots = (uint64_t)a->sfn * (SLOT_FRAME_SLOTS << a->numerology) + a->slot;
	struct slot_time next = slot_time_of(a->numerology, slots + 1);

	return next.sfn == b->sfn && next.slot == b->slot;
}
