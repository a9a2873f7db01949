/* Inside the line of e1_line.h: its stand-ins. */
#pragma once

#include "tests/e1_line.h"

#define E1_DU_IP       0x0a010009u
#define E1_UPF_IP      0x0a000009u
#define E1_CUUP_N3_IP  0x0a000001u
#define E1_CUUP_F1U_IP 0x0a010001u

extern const struct cucp_e1_upper e1_line_upper;
extern const struct du_f1u_lower e1_line_rlc;

struct e1_message {
	struct e1_message *next;
	uint64_t due_ns;
	enum e1_kind kind;
	unsigned node;
	bool lost;
	size_t len;
	uint8_t octets[];
};

/* e1_line_link.c */
void e1_line_put(struct e1_line *l, enum e1_kind kind, unsigned node, struct bytes octets);

/* e1_line_ue.c: a DRB at DU and UE. ul: the CU-UP's end. */
void e1_line_drb_begin(struct e1_line *l, uint8_t drb, const struct cucp_tunnel *ul);
void e1_line_drb_end(struct e1_line *l, uint8_t drb);
void e1_line_air_run(struct e1_line *l);
uint64_t e1_line_air_due_ns(const struct e1_line *l);
/* e1_line_cp.c */
void e1_line_upf_received(struct e1_line *l, struct bytes datagram);
