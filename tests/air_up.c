/* The CU-UP of the bed, and what the CU-CP orders of it: a context of one session with AIR_DRB for each UE.
 */
#include "radio/rrc/security.h"
#include "tests/air_bed.h"
#include "wire/gtpu/gtpu.h"

enum { CUUP_IP = 0x0a000001, UPF_IP = 0x0a000003, UPF_TEID = 0x1000, CONTEXTS_MAX = 16 };

static const struct plmn home = { { 0, 0, 1 }, { 0, 1, PLMN_NO_DIGIT } };

static struct cucp_tunnel upf_of(const struct air_context *x)
{
	return (struct cucp_tunnel){ { 10, 0, 0, 3 }, 4, UPF_TEID + (uint32_t)(x - x->air->contexts) };
}

static struct pdcp_security keys_of(const struct air_context *x)
{
	struct pdcp_security keys;

	assert_true(rrc_drb_security(x->k_gnb, x->air->ea, NIA2, &keys));
	return keys;
}

void air_up_context(struct air_context *x)
{
	struct cucp_bearer b = air_bearer(x);
	struct pdcp_security keys = keys_of(x);
	struct cucp_e1_session s = { .psi = AIR_PSI,
		.snssai = b.snssai,
		.integrity = E1AP_INTEGRITY_PROTECTION_INDICATION_NOT_NEEDED,
		.ciphering = E1AP_CONFIDENTIALITY_PROTECTION_INDICATION_REQUIRED,
		.n3_ul = upf_of(x),
		.add = &b,
		.add_count = 1 };
	struct cucp_e1_order o = { .plmn = home, .keys = &keys, .add = &s, .add_count = 1 };

	x->context = cucp_e1_context_setup(x->air->e1ap, x, &o);
	assert_non_null(x->context);
}

void air_up_attach(struct air_context *x, const struct cucp_tunnel *dl)
{
	struct cucp_e1_attachment a = { AIR_DRB, *dl };
	struct cucp_e1_session s = { .psi = AIR_PSI, .attach = &a, .attach_count = 1 };

	assert_true(cucp_e1_context_modify(
		x->context, &(struct cucp_e1_order){ .modify = &s, .modify_count = 1 }));
}

void air_up_suspend(struct air_context *x)
{
	assert_true(cucp_e1_context_modify(x->context, &(struct cucp_e1_order){ .status = CUCP_E1_SUSPEND }));
}

void air_up_rekey(struct air_context *x)
{
	struct cucp_bearer b = air_bearer(x);
	struct pdcp_security keys = keys_of(x);
	struct cucp_e1_change change = { .bearer = &b, .reestablish = true };
	struct cucp_e1_session s = { .psi = AIR_PSI, .change = &change, .change_count = 1 };

	assert_true(cucp_e1_context_modify(x->context,
		&(struct cucp_e1_order){
			.keys = &keys, .status = CUCP_E1_RESUME, .modify = &s, .modify_count = 1 }));
}

void air_up_release(struct air_context *x)
{
	if (x->context)
		cucp_e1_context_release(x->context);
	x->context = NULL;
}

static void answered(void *arg, void *user, const struct cucp_e1_session_answer *sessions, uint8_t count)
{
	struct air_context *x = user;

	for (uint8_t i = 0; i < count; i++) {
		assert_true(sessions[i].ok && sessions[i].drb_count == 1 && sessions[i].drbs[0].ok);
		if (!sessions[i].has_n3_dl)
			continue;
		x->n3_dl = sessions[i].n3_dl.teid;
		x->ul = sessions[i].drbs[0].ul;
		air_up_is_there(x);
	}
}

static void failed(void *arg, void *user, const struct e1ap_cause *cause)
{
	fail_msg("the CU-UP refuses");
}

static void activity(void *arg, void *user, uint8_t psi, uint8_t drb, bool active)
{
}

static void downlink(void *arg, void *user, uint8_t psi)
{
}

static void usage(void *arg, void *user, uint8_t drb, uint64_t ul, uint64_t dl)
{
}

static void removed(void *arg, void *user, uint8_t psi, uint8_t drb)
{
}

static void lost(void *arg, void *user, const struct e1ap_cause *cause)
{
	((struct air_context *)user)->context = NULL;
}

void air_down(struct air_context *x, size_t len)
{
	struct addr from = addr_from_v4(UPF_IP, GTPU_UDP_PORT);
	struct gtpu_header h = { .type = GTPU_G_PDU,
		.teid = x->n3_dl,
		.has_pdu_session = true,
		.pdu_session = { .pdu_type = GTPU_PDU_DL, .qfi = AIR_QFI } };
	uint8_t octets[GTPU_HEADER_MAX + AIR_PACKET];
	size_t size = gtpu_header_encode(&h, len, octets);

	assert_true(size > 0 && bytes_copy(octets + size, sizeof(octets) - size, bytes_of(air_packet, len)));
	cuup_node_n3_received(x->air->up_node, &from, bytes_of(octets, size + len));
}

static void n3_send(void *arg, const struct addr *to, struct bytes datagram)
{
	struct air *a = arg;
	struct gtpu_header h = { .teid = 0 };
	struct bytes packet = BYTES_NONE;

	assert_true(addr_v4(to) == UPF_IP && gtpu_header_decode(datagram, &h, &packet) == GTPU_OK);
	assert_true(h.pdu_session.qfi == AIR_QFI && packet.len <= AIR_PACKET &&
		    bytes_equal(packet, bytes_of(air_packet, packet.len)));
	assert_true(h.teid - UPF_TEID < a->context_n);
	a->contexts[h.teid - UPF_TEID].got += packet.len;
}

static void f1u_send(void *arg, const struct addr *to, struct bytes datagram)
{
	air_put(arg, AIR_F1U_DU, datagram);
}

static void cp_send(void *arg, uint32_t up, struct bytes pdu)
{
	air_put(arg, AIR_E1_UP, pdu);
}

static void up_send(void *arg, struct bytes pdu)
{
	air_put(arg, AIR_E1_CP, pdu);
}

void air_up_begin(struct air *a)
{
	const struct cucp_e1ap_config cp = { .env = &a->env.env,
		.name = "cu",
		.plmns = &home,
		.plmn_count = 1,
		.contexts_max = CONTEXTS_MAX,
		.ups_max = 1,
		.upper = { a, answered, failed, activity, downlink, usage, removed, lost },
		.arg = a,
		.send = cp_send };
	const struct cuup_node_config up = { .env = &a->env.env,
		.id = 1,
		.name = "up",
		.plmns = &home,
		.plmn_count = 1,
		.contexts_max = CONTEXTS_MAX,
		.n3 = addr_from_v4(CUUP_IP, 0),
		.f1u = addr_from_v4(CUUP_IP, 0),
		.arg = a,
		.e1ap_send = up_send,
		.n3_send = n3_send,
		.f1u_send = f1u_send };

	a->e1ap = cucp_e1ap_new(&cp);
	a->up_node = cuup_node_new(&up);
	assert_true(a->e1ap && a->up_node);
	cuup_node_begin(a->up_node);
}

void air_up_received(struct air *a, enum air_end to, struct bytes octets)
{
	struct addr du = addr_from_v4(AIR_DU_IP, GTPU_UDP_PORT), up = addr_from_v4(CUUP_IP, GTPU_UDP_PORT);

	if (to == AIR_E1_UP)
		cuup_node_e1ap_received(a->up_node, octets);
	else if (to == AIR_E1_CP)
		cucp_e1ap_received(a->e1ap, 0, octets);
	else if (to == AIR_F1U_UP)
		cuup_node_f1u_received(a->up_node, &du, octets);
	else
		du_node_f1u_received(a->node, &up, octets);
}

void air_up_run(struct air *a)
{
	cucp_e1ap_run(a->e1ap);
	cuup_node_run(a->up_node);
}

void air_up_end(struct air *a)
{
	cucp_e1ap_free(a->e1ap);
	cuup_node_free(a->up_node);
}
