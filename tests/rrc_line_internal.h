/* Inside the line of rrc_line.h: its stand-ins. */
#pragma once

#include "tests/rrc_line.h"

#define LINE_NCI UINT64_C(0x123456789)

extern const struct plmn line_plmn;
extern const struct ncgi line_cgi;
extern const struct s_tmsi line_identity;
extern const uint8_t line_k_gnb[KDF_KEY_LEN];

extern const struct ue_rrc_upper line_ue_upper;
extern const struct ue_rrc_lower line_ue_lower;
extern const struct cucp_upper line_gnb_upper;
extern const struct du_f1ap_lower line_du_lower;

struct line_message {
	struct line_message *next;
	uint64_t due_ns, order;
	enum line_kind kind;
	uint16_t c_rnti;
	uint8_t srb;
	bool lost;
	size_t len;
	uint8_t octets[];
};

/* A message on its way. */
void line_put(struct line *l, enum line_kind kind, uint16_t c_rnti, uint8_t srb, struct bytes octets);
void line_establishment(struct ue_rrc_establishment *e);
/* A small CellGroupConfig: the logical channels of a mask, anew or established again. */
void line_cell_group_write(uint32_t lcids, bool again, struct writer *w);
