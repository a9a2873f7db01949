/* What is on its way along the line: in the order of time, with what befalls it. */
#include "tests/rrc_line_internal.h"

enum {
	DELAY_MS = 4,
	LATE_MS = 45,
	RLC_FAILURE_MS = 150, /* maxRetxThreshold polls without an answer */
};

const struct plmn line_plmn = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };
const struct ncgi line_cgi = { { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } }, LINE_NCI };
const struct s_tmsi line_identity = { 0x155, 0x2a, 0xc0ffee01 };
const uint8_t line_k_gnb[KDF_KEY_LEN] = { 4, 5, 6 };

struct bytes line_nas(enum line_nas which)
{
	static const uint8_t octets[NAS_COUNT][4] = { { 0x7e, 0, 0x64, 0x5f }, { 0x7e, 0, 0x64, 0x60 },
		{ 0x7e, 0, 0x64, 0x61 }, { 0x7e, 0, 0x64, 0x62 }, { 0x7e, 0, 0x64, 0x63 },
		{ 0x7e, 0, 0x64, 0x64 } };

	return BYTES(octets[which]);
}

/* In the order of time; what is lost still has its time, when its sender learns of it. */
void line_put(struct line *l, enum line_kind kind, uint16_t c_rnti, uint8_t srb, struct bytes octets)
{
	struct line_message *m = calloc(1, sizeof(*m) + octets.len), **at = &l->first;
	bool of_air = kind < LINE_F1_UP ||
		      (kind <= LINE_F1_DOWN && l->fault >= LINE_LATE && l->fault != LINE_DAMAGED);
	bool hit = of_air && ++l->sent == l->fault_at;

	assert_non_null(m);
	l->on_srb[srb]++;
	if (l->tap)
		l->tap(l, kind, srb, octets);
	*m = (struct line_message){ .kind = kind, .c_rnti = c_rnti, .srb = srb, .len = octets.len };
	m->due_ns = l->env.now_ns + DELAY_MS * (uint64_t)NS_PER_MS;
	assert_true(bytes_copy(m->octets, octets.len, octets));
	if (hit) {
		l->fault_kind = kind;
		l->breaks = l->fault == LINE_BROKEN;
		m->lost = l->fault == LINE_LOST;
		m->due_ns += l->fault == LINE_LATE ? LATE_MS * (uint64_t)NS_PER_MS
			     : m->lost             ? RLC_FAILURE_MS * (uint64_t)NS_PER_MS
						   : 0;
		if (l->fault == LINE_DAMAGED && octets.len > 2)
			m->octets[octets.len / 2] ^= 0x55;
	}
	if (kind == LINE_SILENT)
		m->due_ns += RLC_FAILURE_MS * (uint64_t)NS_PER_MS;
	while (*at && (*at)->due_ns <= m->due_ns)
		at = &(*at)->next;
	m->next = *at;
	*at = m;
}
