/* NAS, and NAS messages in NAS messages: containers, 5GSM in transport. */
#include "wire/nas/nas.h"
#include "wire/text/internal.h"

static bool inside_nas(struct printer *p, const char *name, const char *type, struct bytes octets)
{
	bool container = !strcmp(name, "payload_container") || !strcmp(name, "nas_message_container");

	return container && nas_nested(p, name, octets);
}

static const char *const nas_line[] = { "registration_type", "ngksi", "mobile_identity", "guti", "s_tmsi",
	"imeisv", "cause", "service_type", "identity_type", "deregistration_type", "registration_result",
	"pdu_session_id", "pti", "s_nssai", "allowed_nssai", "requested_nssai", "dnn", "pdu_session_type",
	"pdu_address", "request_type", "selected_algorithms", "tai_list", "pdu_session_status",
	"uplink_data_status", "reactivation_result", "access_type", "backoff_timer", NULL };
/* EAP messages carry AT_RES (RFC 9048); a relay key is one (33.503). */
static const char *const nas_secret[] = { "res_star", "eap_message", "relay_key_response_parameters", NULL };
static const struct print_policy nas_policy = { nas_line, nas_secret, inside_nas };

static bool nas_plain(struct printer *p, struct bytes plain, struct tlv_fault *fault)
{
	struct arena arena;
	struct nas_msg msg;
	bool ok;

	arena_init(&arena, NULL, 0, TEXT_ARENA_MAX);
	ok = nas_decode(plain, &arena, &msg, fault);
	if (ok)
		nas_print(&msg, p);
	arena_wipe(&arena);
	arena_fini(&arena);
	return ok;
}

/* A message with its security header, as far as it is in plain. */
static bool nas_protected(struct printer *p, const struct nas_security_header *h, struct tlv_fault *fault)
{
	static const char *const types[] = { "plain", "integrity protected", "ciphered",
		"integrity protected, new context", "ciphered, new context" };
	bool ciphered = h->type == NAS_INTEGRITY_CIPHERED || h->type == NAS_INTEGRITY_CIPHERED_NEW_CONTEXT;
	bool ok = true;

	print_begin(p, "NAS %s, sqn %u", types[h->type], h->sqn);
	if (!nas_nested(p, "message", h->inner)) {
		ok = ciphered;
		if (!ciphered)
			nas_plain(p, h->inner, fault);
	}
	print_end(p);
	return ok;
}

static bool nas_any(struct printer *p, struct bytes pdu, struct tlv_fault *fault)
{
	struct nas_security_header h;

	if (!nas_security_header_decode(pdu, &h, fault))
		return false;
	return h.type == NAS_PLAIN ? nas_plain(p, pdu, fault) : nas_protected(p, &h, fault);
}

bool nas_nested(struct printer *p, const char *name, struct bytes pdu)
{
	struct printer before;
	struct writer *w = p->w;
	size_t start = w->len;
	struct tlv_fault fault = { 0 };
	bool ok;

	if (p->depth >= PRINT_DEPTH_MAX) /* security headers inside one another without end */
		return false;
	before = print_inside(p, name, &nas_policy);
	ok = nas_any(p, pdu, &fault);
	print_outside(p, &before);
	if (!ok) { /* as if nothing had been tried */
		w->len = start;
		*p = before;
	}
	return ok;
}

bool nas_text(enum print_form form, struct bytes pdu, struct writer *w)
{
	struct printer p;
	struct writer part;
	struct tlv_fault fault = { 0 };
	bool ok;

	text_start(&p, &part, w, form, &nas_policy);
	ok = nas_any(&p, pdu, &fault);
	if (!ok)
		tlv_fault_print(&p, "NAS", &fault);
	text_finish(w, &part);
	return ok;
}
