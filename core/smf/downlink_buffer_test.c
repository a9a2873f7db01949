/* Downlink data that waits in the SMF, for a UPF that keeps none (23.501 5.8.3.1). */
#include "core/smf/smf_bed.h"

#include "core/smf/held.h"

enum { UPF_N3 = 0x0a030001, LEN = 60 };

/* A packet for the UE, which its TTL tells from others. */
static void packet_comes_for(struct bed *b, uint32_t to, uint8_t n)
{
	uint8_t p[LEN] = { 0x45, 0, 0, LEN, [8] = n, [9] = 17, [12] = 8, 8, 8, 8 };

	v4_octets(to, p + 16);
	bed_n4u(b, UPF_N3, b->sessions[0].smf_teid, BYTES(p));
	bed_run(b);
}

static void packet_comes(struct bed *b, uint8_t n)
{
	packet_comes_for(b, b->sessions[0].ue_ip, n);
}

static struct smf_session *established(struct bed *b, uint64_t features)
{
	b->smf->config.upfs[0].smf_buffers = true;
	b->smf->upfs[0].features |= features;
	bed_establish(b);
	b->n4u_count = 0;
	return smf_session_by_seid(b->smf, b->sessions[0].cp_seid);
}

static struct smf_session *idle(struct bed *b)
{
	struct smf_session *s = established(b, PFCP_UP_BUCP);

	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_FORW);
	assert_true(b->sessions[0].dl_to_smf);
	b->transfer_count = 0;
	b->transfer_how = N1_N2_CAUSE_ATTEMPTING_TO_REACH_UE;
	return s;
}

static void comes(struct bed *b)
{
	bed_update_cnx(b, UP_CNX_ACTIVATING);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x79));
	assert_true(b->sessions[0].forwards);
	assert_false(b->sessions[0].dl_to_smf);
}

/* The first packet has the UE paged; all go to it, in order, when the UPF knows its gNB. */
static void waits(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = idle(b);

	packet_comes(b, 1);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(bed_last_transfer(b)->n2_type, N2_SM_PDU_RES_SETUP_REQ);
	assert_int_equal(s->up, UP_PAGING);
	packet_comes(b, 2);
	packet_comes_for(b, b->sessions[0].ue_ip + 1, 3); /* another's */
	assert_int_equal(bed_stat(b, SMF_STAT_N4U_REFUSED), 1);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(b->n4u_count, 0);
	comes(b);
	assert_int_equal(b->n4u_count, 2);
	assert_int_equal(b->n4u_teid, b->sessions[0].control_teid);
	assert_int_equal(b->n4u.data[8], 2);
	packet_comes(b, 4); /* it was on its way: back at once */
	assert_int_equal(b->n4u_count, 3);
	assert_int_equal(b->n4u.data[8], 4);
	assert_int_equal(bed_stat(b, SMF_STAT_HELD), 2);
	assert_int_equal(bed_stat(b, SMF_STAT_HELD_DROPPED) + b->smf->held_count, 0);
}

/* A new session's wait likewise, and nobody is paged. */
static void waits_for_the_first_tunnel(void **state)
{
	struct bed *b = *state;

	b->smf->config.upfs[0].smf_buffers = true;
	b->smf->upfs[0].features |= PFCP_UP_BUCP;
	bed_create(b, "internet", 1, BED_REQUEST);
	packet_comes(b, 1);
	assert_int_equal(b->transfer_count, 1); /* the accept */
	assert_int_equal(b->n4u_count, 0);
	bed_update_n2(b, N2_SM_PDU_RES_SETUP_RSP, bed_setup_response(b, 0x0a040001, 0x77));
	assert_int_equal(b->n4u_count, 1);
}

/* The oldest of the session goes; what waits goes with the hope of reaching the UE, or with the session. */
static void bounded(void **state)
{
	struct bed *b = *state;
	struct smf_session *s = idle(b);

	for (uint8_t i = 0; i < SMF_HELD_SESSION_MAX + 3; i++)
		packet_comes(b, i);
	assert_int_equal(b->smf->held_count, SMF_HELD_SESSION_MAX);
	assert_int_equal(smf_held_first(s).data[8], 3);
	assert_int_equal(bed_stat(b, SMF_STAT_HELD_DROPPED), 3);
	bed_pass(b, SMF_PAGING_MS); /* nobody answers */
	assert_int_equal(b->smf->held_count, 0);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_DROP);
	packet_comes(b, 1); /* late */
	assert_int_equal(b->smf->held_count, 0);
	bed_pass(b, SMF_PAGING_PAUSE_MS);
	assert_true(b->sessions[0].dl_to_smf);
	b->transfer_count = 0;
	packet_comes(b, 1);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(b->smf->held_count, 1);
	bed_release(b);
	assert_int_equal(b->smf->held_count, 0);
}

/* Of all sessions together; a packet too long for the way back is not kept. */
static void bounded_in_all(void **state)
{
	enum { SESSIONS = SMF_HELD_MAX / SMF_HELD_SESSION_MAX + 1 };
	static struct smf_session sessions[SESSIONS];
	static const uint8_t packet[SMF_N4U_PACKET_MAX + 1];
	struct bed *b = *state;

	for (unsigned i = 0; i < SESSIONS; i++)
		for (unsigned k = 0; k < SMF_HELD_SESSION_MAX; k++)
			smf_held_put(b->smf, &sessions[i], bytes_of(packet, 20));
	assert_int_equal(b->smf->held_count, SMF_HELD_MAX);
	assert_int_equal(smf_held_first(&sessions[0]).len, 0);
	assert_int_equal(smf_held_first(&sessions[1]).len, 20);
	smf_held_put(b->smf, &sessions[0], BYTES(packet));
	assert_int_equal(smf_held_first(&sessions[0]).len, 0);
	for (unsigned i = 0; i < SESSIONS; i++)
		smf_held_drop(b->smf, &sessions[i]);
	assert_int_equal(b->smf->held_count, 0);
}

/* A UPF that cannot send it here keeps it; one that keeps it by choice is left alone. */
static void not_without_bucp(void **state)
{
	struct bed *b = *state;

	established(b, 0);
	bed_update_cnx(b, UP_CNX_DEACTIVATED);
	assert_int_equal(b->sessions[0].action, PFCP_APPLY_BUFF | PFCP_APPLY_NOCP);
	assert_false(b->sessions[0].dl_to_smf);
}

/* After a restart the UPF still sends it here. */
static void restarted(void **state)
{
	struct bed *b = *state;

	idle(b);
	bed_restart(b);
	b->transfer_count = 0;
	packet_comes(b, 1);
	assert_int_equal(b->transfer_count, 1);
	assert_int_equal(b->smf->held_count, 1);
	comes(b);
	assert_int_equal(b->n4u_count, 1);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, bed_setup, bed_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = { TEST(waits), TEST(waits_for_the_first_tunnel), TEST(bounded),
		TEST(bounded_in_all), TEST(not_without_bucp), TEST(restarted) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
