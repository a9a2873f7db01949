/*
 * Rates of a session in virtual time: session AMBR over the non-GBR flows, MFBR of a GBR flow beside it
 * (23.501 5.7.1.8, 5.7.2.5), each within 2% of every second, and the GBR flow has its GFBR however much the
 * others send.
 */
#include "base/test.h"

#include "core/upf/upf_bed.h"

enum { LEN = 1400, PORT_GBR = 5000, PORT_OTHER = 80, WARM_S = 1, SECONDS = 2, QFI_GBR = 10, QFI_OTHER = 9 };

static struct bed bed;
static struct bed_session_ids ids;
static uint64_t passed[2][WARM_S + SECONDS]; /* octets by second; the GBR flow's, the others' */
static uint64_t start_ns;

static void filter(struct pfcp_pdi *pdi, struct pfcp_sdf_filter *f)
{
	*f = (struct pfcp_sdf_filter){ .has_flow_description = true,
		.flow_description = bytes_of_str("permit out 17 from any 5000 to assigned") };
	pdi->sdf_filter = f;
	pdi->sdf_filter_count = 1;
}

static void begin(uint64_t ambr_kbps, uint64_t gbr_kbps)
{
	static const uint32_t gbr_qer = 3;
	static uint8_t qfi = QFI_GBR;
	struct bed_session s;
	struct pfcp_session_establishment_request *r = &s.m.session_establishment_request;
	struct pfcp_create_pdr pdr[4];
	struct pfcp_create_qer qer[3];
	struct pfcp_sdf_filter filters[2];
	struct upf_config c;

	bed_config(&c);
	bed_init(&bed, &c);
	assert_true(bed_associate(&bed));
	bed_session_fill(&s, BED_UE, BED_GNB_TEID, 0x77);
	s.qer[0].mbr = (struct pfcp_bit_rate){ ambr_kbps, ambr_kbps };
	for (int i = 0; i < 2; i++) {
		qer[i] = s.qer[i];
		pdr[i] = s.pdr[i];
		pdr[i].pdi.local_f_teid.has_choose_id = true;
		pdr[2 + i] = pdr[i];
		pdr[2 + i].pdr_id = (uint16_t)(3 + i);
		pdr[2 + i].precedence = 10;
		pdr[2 + i].qer_id = (uint32_t *)&gbr_qer;
		pdr[2 + i].qer_id_count = 1;
		filter(&pdr[2 + i].pdi, &filters[i]);
	}
	pdr[2].pdi.qfi = &qfi;
	pdr[2].pdi.qfi_count = 1;
	qer[2] = (struct pfcp_create_qer){ .qer_id = 3,
		.has_qfi = true,
		.qfi = QFI_GBR,
		.has_gbr = true,
		.gbr = { gbr_kbps, gbr_kbps },
		.has_mbr = true,
		.mbr = { gbr_kbps, gbr_kbps } };
	r->create_pdr = pdr;
	r->create_pdr_count = 4;
	r->create_qer = qer;
	r->create_qer_count = 3;
	assert_int_equal(bed_establish(&bed, &s, &ids), PFCP_CAUSE_ACCEPTED);
	memset(passed, 0, sizeof(passed));
	start_ns = bed.t.now_ns;
}

static void count(const struct upf_packet *p)
{
	uint64_t second = (bed.t.now_ns - start_ns) / NS_PER_S;
	/* either end's port is the remote one's */
	bool gbr =
		p->len > 24 && (gtpu_be16(p->data + 20) == PORT_GBR || gtpu_be16(p->data + 22) == PORT_GBR);

	if (p->verdict != UPF_DROP && second < WARM_S + SECONDS)
		passed[!gbr][second] += p->len;
}

/* The four packets that are sent again and again, made once. */
static uint8_t made[2][2][LEN];

static void make_packets(void)
{
	for (unsigned gbr = 0; gbr < 2; gbr++) {
		uint16_t port = gbr ? PORT_GBR : PORT_OTHER;

		(void)bed_udp(made[0][gbr], BED_DN, BED_UE, port, 1000, LEN);
		(void)bed_udp(made[1][gbr], BED_UE, BED_DN, 1000, port, LEN);
	}
}

static void send(bool up, bool gbr)
{
	static uint8_t inner[2048], outer[2048];
	struct bytes data = bytes_of(inner, LEN);
	struct upf_packet p = { .peer = ip_from_v4(BED_GNB) };

	memcpy(inner, made[up][gbr], LEN);

	if (up)
		data = bed_gpdu(outer, ids.teid, gbr ? QFI_GBR : QFI_OTHER, data);
	p.data = data.data;
	p.len = p.linear = (uint32_t)data.len;
	bed_burst(&bed, 0, up, &p, 1);
	count(&p);
}

static void give_due(void)
{
	struct upf_packet packets[UPF_BURST_MAX];

	for (size_t n; (n = bed_due(&bed, 0, packets, UPF_BURST_MAX)) > 0;)
		for (size_t i = 0; i < n; i++)
			count(&packets[i]);
}

/* Both send so much, at even distances. */
static void run(bool up, uint64_t gbr_kbps, uint64_t other_kbps)
{
	const uint64_t step[2] = { UINT64_C(8000000) * LEN / gbr_kbps, UINT64_C(8000000) * LEN / other_kbps };
	uint64_t at[2] = { start_ns, start_ns };

	while (bed.t.now_ns < start_ns + (WARM_S + SECONDS) * NS_PER_S) {
		uint64_t due = upf_worker_next_ns(upf_worker_at(bed.upf, 0));
		int who = at[0] <= at[1] ? 0 : 1;

		if (due < at[who]) {
			bed.t.now_ns = due > bed.t.now_ns ? due : bed.t.now_ns;
			give_due();
			continue;
		}
		bed.t.now_ns = at[who];
		send(up, who == 0);
		at[who] += step[who];
	}
}

static void within(const char *what, uint64_t kbps, const uint64_t *octets, unsigned low_permille)
{
	for (int i = WARM_S; i < WARM_S + SECONDS; i++) {
		print_message(
			"%s of %lu kbit/s: %.2f%%\n", what, kbps, (double)octets[i] * 0.8 / (double)kbps);
		assert_in_range(octets[i], kbps * 125 * low_permille / 1000, kbps * 125 * 1020 / 1000);
	}
}

static void rates(void **state)
{
	static const struct {
		uint64_t ambr, gbr;
	} kbps[] = { { 10000, 1000 }, { 100000, 10000 }, { 1000000, 100000 }, { 100000, 1000000 } };

	for (size_t i = 0; i < ARRAY_LEN(kbps); i++) {
		for (int up = 0; up < 2; up++) {
			uint64_t ambr = kbps[i].ambr, gbr = kbps[i].gbr;

			begin(ambr, gbr);
			run(up, gbr * 2, ambr * 3); /* both above theirs */
			within("AMBR", ambr, passed[1], 980);
			within("MFBR", gbr, passed[0], 980);
			bed_fini(&bed);
			begin(ambr, gbr);
			run(up, gbr, ambr * 3); /* the others alone */
			within("AMBR", ambr, passed[1], 980);
			within("GFBR", gbr, passed[0], 995);
			assert_true(bed_stat(&bed, UPF_STAT_RATE) > 0);
			bed_fini(&bed);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(rates) };

	make_packets();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
