/* NGAP, F1AP, E1AP, XnAP and RRC by the printer of wire/per, and NAS inside them. */
#include "wire/e1ap/e1ap.h"
#include "wire/f1ap/f1ap.h"
#include "wire/ngap/ngap.h"
#include "wire/rrc/rrc.h"
#include "wire/text/internal.h"
#include "wire/xnap/xnap.h"

static bool inside(struct printer *p, const char *name, const char *type, struct bytes octets)
{
	bool nas = type && (!strcmp(type, "NAS-PDU") || !strcmp(type, "DedicatedNAS-Message"));

	return nas && nas_nested(p, name, octets);
}

static const char *const ngap_line[] = { "AMF-UE-NGAP-ID", "RAN-UE-NGAP-ID", "Cause", "pDUSessionID",
	"RANNodeName", "AMFName", "GlobalRANNodeID", "FiveG-S-TMSI", "gTP-TEID", "transportLayerAddress",
	"ResetType", "RRCEstablishmentCause", "UEPagingIdentity", "CriticalityDiagnostics", NULL };
/* Keys; an RRC container of a handover may hold KgNB* (38.331 11.2.2). */
static const char *const ngap_secret[] = { "SecurityKey", "RRCContainer",
	"SourceToTarget-TransparentContainer", NULL };
static const struct print_policy ngap_policy = { ngap_line, ngap_secret, inside };

static const char *const f1ap_line[] = { "gNB-CU-UE-F1AP-ID", "gNB-DU-UE-F1AP-ID", "TransactionID", "Cause",
	"SRBID", "DRBID", "gNB-DU-ID", "gNB-DU-Name", "gNB-CU-Name", "gTP-TEID", "transportLayerAddress",
	"CriticalityDiagnostics", NULL };
static const char *const f1ap_secret[] = { "HandoverPreparationInformation", "SecurityKey", NULL };
static const struct print_policy f1ap_policy = { f1ap_line, f1ap_secret, NULL };

static const char *const e1ap_line[] = { "gNB-CU-CP-UE-E1AP-ID", "gNB-CU-UP-UE-E1AP-ID", "TransactionID",
	"Cause", "PDU-Session-ID", "DRB-ID", "gNB-CU-UP-ID", "GNB-CU-UP-Name", "GNB-CU-CP-Name", "gTP-TEID",
	"transportLayerAddress", "CriticalityDiagnostics", NULL };
static const char *const e1ap_secret[] = { "EncryptionKey", "IntegrityProtectionKey", NULL };
static const struct print_policy e1ap_policy = { e1ap_line, e1ap_secret, NULL };

static const char *const xnap_line[] = { "NG-RANnodeUEXnAPID", "Cause", "pduSessionId", "GlobalNG-RANNode-ID",
	"gtp-teid", "tnl-address", "CriticalityDiagnostics", NULL };
/* The key of the target, also within the RRC container (38.331 11.2.2). */
static const char *const xnap_secret[] = { "key-NG-RAN-Star", "rrc-Context", NULL };
static const struct print_policy xnap_policy = { xnap_line, xnap_secret, NULL };

static const char *const rrc_line[] = { "rrc-TransactionIdentifier", "establishmentCause", "ue-Identity",
	"c1", "reestablishmentCause", "resumeCause", "cipheringAlgorithm", "integrityProtAlgorithm", NULL };
static const char *const rrc_secret[] = { "key-gNodeB-Star", "Key-gNodeB-Star",
	"HandoverPreparationInformation", NULL };
static const struct print_policy rrc_policy = { rrc_line, rrc_secret, inside };

static void per_malformed(struct printer *p, const char *protocol, const struct per_diag *d)
{
	static const char *const faults[] = { "refused", "notified", "rejected",
		"falsely constructed message", "transfer syntax error", "too large" };
	const char *missing = d->count && d->ies[0].error == PER_MISSING ? "missing" : "not understood";

	if (d->unknown_procedure)
		print_begin(p, "%s malformed: unknown procedure %u", protocol, d->procedure_code);
	else if (d->where && d->has_where_ie)
		print_begin(p, "%s malformed: %s in %s, IE %u, at bit %zu", protocol, faults[d->fault],
			d->where, d->where_ie, d->offset_bits);
	else if (d->where)
		print_begin(p, "%s malformed: %s in %s at bit %zu", protocol, faults[d->fault], d->where,
			d->offset_bits);
	else if (d->count)
		print_begin(p, "%s malformed: IE %u is %s", protocol, d->ies[0].id, missing);
	else
		print_begin(p, "%s malformed: %s", protocol, faults[d->fault]);
	print_end(p);
}

/* One function a protocol, which differ in their types only. */
#define PER_TEXT(protocol, title)                                                                            \
	bool protocol##_text(enum print_form form, struct bytes pdu, struct writer *w)                       \
	{                                                                                                    \
		struct arena arena;                                                                          \
		struct protocol##_pdu msg = { 0 };                                                           \
		struct per_diag diag = { 0 };                                                                \
		struct printer p;                                                                            \
		struct writer part;                                                                          \
		bool ok;                                                                                     \
                                                                                                             \
		arena_init(&arena, NULL, 0, TEXT_ARENA_MAX);                                                 \
		text_start(&p, &part, w, form, &protocol##_policy);                                          \
		ok = protocol##_decode(pdu, &arena, &msg, &diag);                                            \
		if (!ok)                                                                                     \
			per_malformed(&p, title, &diag);                                                     \
		if (ok || (form == PRINT_FULL && msg.message))                                               \
			protocol##_print(&msg, &p);                                                          \
		text_finish(w, &part);                                                                       \
		arena_wipe(&arena);                                                                          \
		arena_fini(&arena);                                                                          \
		return ok;                                                                                   \
	}

PER_TEXT(ngap, "NGAP")
PER_TEXT(f1ap, "F1AP")
PER_TEXT(e1ap, "E1AP")
PER_TEXT(xnap, "XnAP")

bool rrc_text(const struct per_type *type, enum print_form form, struct bytes message, struct writer *w)
{
	struct arena arena;
	struct per_diag diag = { 0 };
	struct printer p;
	struct writer part;
	void *value;
	bool ok;

	arena_init(&arena, NULL, 0, TEXT_ARENA_MAX);
	text_start(&p, &part, w, form, &rrc_policy);
	value = arena_alloc(&arena, per_size(type));
	ok = value && rrc_decode(type, message, &arena, value, &diag);
	if (ok)
		rrc_print(type, value, &p);
	else
		per_malformed(&p, "RRC", &diag);
	text_finish(w, &part);
	arena_wipe(&arena);
	arena_fini(&arena);
	return ok;
}

/* 29.502 6.1.6.3.9: what N2 SM information of that name is. */
static const struct per_type *transfer_of(const char *type)
{
	static const struct {
		const char *name;
		const struct per_type *type;
	} all[] = {
		{ "PDU_RES_SETUP_REQ", &ngap_pdu_session_resource_setup_request_transfer_type },
		{ "PDU_RES_SETUP_RSP", &ngap_pdu_session_resource_setup_response_transfer_type },
		{ "PDU_RES_SETUP_FAIL", &ngap_pdu_session_resource_setup_unsuccessful_transfer_type },
		{ "PDU_RES_REL_CMD", &ngap_pdu_session_resource_release_command_transfer_type },
		{ "PDU_RES_REL_RSP", &ngap_pdu_session_resource_release_response_transfer_type },
		{ "PDU_RES_MOD_REQ", &ngap_pdu_session_resource_modify_request_transfer_type },
		{ "PDU_RES_MOD_RSP", &ngap_pdu_session_resource_modify_response_transfer_type },
		{ "PDU_RES_MOD_FAIL", &ngap_pdu_session_resource_modify_unsuccessful_transfer_type },
		{ "PDU_RES_NTY", &ngap_pdu_session_resource_notify_transfer_type },
		{ "PDU_RES_NTY_REL", &ngap_pdu_session_resource_notify_released_transfer_type },
		{ "PATH_SWITCH_REQ", &ngap_path_switch_request_transfer_type },
		{ "PATH_SWITCH_REQ_ACK", &ngap_path_switch_request_acknowledge_transfer_type },
	};

	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (!strcmp(all[i].name, type))
			return all[i].type;
	return NULL;
}

bool ngap_transfer_nested(struct printer *p, const char *name, const char *type_name, struct bytes octets)
{
	const struct per_type *type = transfer_of(type_name);
	struct printer before;
	struct arena arena;
	struct per_diag diag;
	void *value;
	bool ok;

	if (!type)
		return false;
	arena_init(&arena, NULL, 0, TEXT_ARENA_MAX);
	value = arena_alloc(&arena, per_size(type));
	ok = value && ngap_value_decode(type, octets, &arena, value, &diag);
	if (ok) {
		before = print_inside(p, name, &ngap_policy);
		per_print(type, PER_ALIGNED, value, p);
		print_outside(p, &before);
	}
	arena_wipe(&arena);
	arena_fini(&arena);
	return ok;
}
