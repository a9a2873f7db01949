/* NAS messages out, through security (24.501 4.4). */
#include "ue/internal.h"

struct bytes ue_nas_encoded(struct ue *ue, const struct nas_msg *msg)
{
	struct ue_host *host = ue->host;
	struct writer w = writer_of(host->plain, sizeof(host->plain));

	if (nas_encode(msg, &w))
		return arena_bytes(&host->arena, writer_bytes(&w));
	log_error(host->env->log, "NAS message 0x%02x cannot be encoded; please report this", msg->type);
	return BYTES_NONE;
}

bool ue_nas_send_as(struct ue *ue, enum nas_security_header_type type, const struct nas_msg *msg)
{
	struct ue_host *host = ue->host;
	struct writer w = writer_of(host->pdu, sizeof(host->pdu));
	struct bytes plain = ue_nas_encoded(ue, msg);

	if (plain.len == 0)
		return false;
	if (host->tap)
		host->tap(host->tap_arg, ue, true, plain);
	/* 33.501 6.8.1.2.2: the message that asks for the connection, or SECURITY MODE COMPLETE. */
	if (!ue->radio.connected || type == NAS_INTEGRITY_CIPHERED_NEW_CONTEXT)
		ue->kgnb_ul_count = ue->security.count[NAS_UPLINK];
	if (type == NAS_PLAIN)
		writer_put(&w, plain);
	else if (!nas_protect(&ue->security, NAS_UPLINK, type, plain, &w))
		return false;
	return !w.failed && ue_connection_send(ue, writer_bytes(&w));
}

bool ue_nas_send(struct ue *ue, const struct nas_msg *msg)
{
	if (ue->secured)
		return ue_nas_send_as(ue, NAS_INTEGRITY_CIPHERED, msg);
	/* 4.4.5: an initial message is not ciphered. */
	if (!ue->radio.connected && ue->security.active)
		return ue_nas_send_as(ue, NAS_INTEGRITY, msg);
	return ue_nas_send_as(ue, NAS_PLAIN, msg);
}

void ue_nas_status(struct ue *ue, uint8_t cause)
{
	struct nas_msg m = { .type = NAS_GMM_STATUS, .gmm_status.cause = cause };

	if (ue->radio.connected)
		ue_nas_send(ue, &m);
}
