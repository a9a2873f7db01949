/*
 * UCI on PUSCH (38.212 6.2.7, 6.3.2.4; 38.213 9.3): how many resource elements HARQ-ACK and the two parts of
 * CSI take, and which. HARQ-ACK of one or two bits punctures what is there, everything else is matched
 * around. One RE here stands for all layers of it.
 */
#pragma once

#include "radio/phy/channels/re_plan.h"
#include "radio/phy/codes/sch.h"
#include "radio/phy/codes/uci.h"

enum phy_pusch_uci_part { PHY_PUSCH_ACK, PHY_PUSCH_CSI_1, PHY_PUSCH_CSI_2, PHY_PUSCH_UCI_PARTS };

enum phy_uci_alpha { PHY_ALPHA_0_5, PHY_ALPHA_0_65, PHY_ALPHA_0_8, PHY_ALPHA_1 }; /* scaling of UCI-OnPUSCH */

struct phy_pusch_uci_config {
	uint16_t bits[PHY_PUSCH_UCI_PARTS]; /* 0 for none; part 2 of CSI only behind part 1 */
	uint8_t beta[PHY_PUSCH_UCI_PARTS];  /* indexes of 38.213 Tables 9.3-1 and -2 */
	enum phy_uci_alpha alpha;
	bool no_data; /* no UL-SCH; with CSI only */
};

enum { PHY_PUSCH_RE_MAX = PHY_SYMBOLS_MAX * PHY_PRB_MAX * PHY_SC_PER_PRB };

/* What an RE for data carries, in the order of symbols and subcarriers. */
struct phy_pusch_uci {
	bool used;
	struct phy_uci code[PHY_PUSCH_UCI_PARTS]; /* e is 0 for none */
	uint32_t data_re;                         /* left for UL-SCH */
	uint8_t re[PHY_PUSCH_RE_MAX]; /* enum phy_pusch_uci_part, or PHY_PUSCH_UCI_PARTS for data; and the
					 next */
};

/* In re[]: HARQ-ACK of one or two bits punctures it. */
enum { PHY_PUSCH_UCI_PUNCTURED = 0x80 };

/* What the layout follows from. */
struct phy_pusch_uci_place {
	const struct phy_re_plan *plan;
	const struct phy_sch *sch; /* a, rate, q_m and layers */
	uint16_t dmrs_symbols;
	uint8_t s, end;     /* symbols of the PUSCH: the first, and behind the last */
	uint8_t hop_symbol; /* 14 without hopping within the slot */
};

/* False for what cannot be: bits, indexes, or coded bits that the codes do not have. */
bool phy_pusch_uci_init(struct phy_pusch_uci *u, const struct phy_pusch_uci_config *c,
	const struct phy_pusch_uci_place *place);

/*
 * The codeword of g bits, one an octet: each part's bits (placeholders among them) and the data's, in their
 * places. part[i] has code[i].e bits, data as many as data_re take.
 */
void phy_pusch_uci_join(const struct phy_pusch_uci *u, uint32_t re, unsigned bits_a_re,
	const uint8_t *const part[PHY_PUSCH_UCI_PARTS], const uint8_t *data, uint8_t *out);

/* The way back, on LLRs: what is punctured says nothing about the data. data may be llr. */
void phy_pusch_uci_split(const struct phy_pusch_uci *u, uint32_t re, unsigned bits_a_re, const int8_t *llr,
	int8_t *const part[PHY_PUSCH_UCI_PARTS], int8_t *data);
