/* PFCP and GTP-U. */
#include "wire/gtpu/gtpu.h"
#include "wire/pfcp/pfcp.h"
#include "wire/text/internal.h"

static const char *const pfcp_line[] = { "seid", "sequence", "cause", "node_id", "cp_f_seid", "up_f_seid",
	"recovery_time_stamp", "pdr_id", "far_id", "teid", "ue_ip_address", "apply_action",
	"outer_header_creation", "report_type", "offending_ie", "failed_rule_id", "urr_id", "qer_id", NULL };
/* Who a user of L2TP is, with the password (29.244 8.2.197). */
static const char *const pfcp_secret[] = { "l2tp_user_authentication", "l2tp_session_information", NULL };
static const struct print_policy pfcp_policy = { pfcp_line, pfcp_secret, NULL };
static const struct print_policy gtpu_policy = { NULL, NULL, NULL };

bool pfcp_text(enum print_form form, struct bytes pdu, struct writer *w)
{
	struct printer p;
	struct writer part;
	struct arena arena;
	struct pfcp_msg msg;
	struct tlv_fault fault = { 0 };
	bool ok;

	arena_init(&arena, NULL, 0, TEXT_ARENA_MAX);
	text_start(&p, &part, w, form, &pfcp_policy);
	ok = pfcp_decode(pdu, &arena, &msg, &fault);
	if (ok)
		pfcp_print(&msg, &p);
	else
		tlv_fault_print(&p, "PFCP", &fault);
	text_finish(w, &part);
	arena_fini(&arena);
	return ok;
}

bool gtpu_text(enum print_form form, struct bytes packet, struct writer *w)
{
	struct printer p;
	struct writer part;
	struct arena arena;
	struct gtpu_msg msg;
	struct tlv_fault fault = { 0 };
	bool ok;

	arena_init(&arena, NULL, 0, TEXT_ARENA_MAX);
	text_start(&p, &part, w, form, &gtpu_policy);
	ok = gtpu_decode(packet, &arena, &msg, &fault);
	if (ok)
		gtpu_print(&msg, &p);
	else
		tlv_fault_print(&p, "GTP-U", &fault);
	text_finish(w, &part);
	arena_fini(&arena);
	return ok;
}
