/* The NAS message container of an initial NAS message, 24.501 4.4.6. */
#include "core/amf/internal.h"

const struct nas_msg *amf_nas_complete(
	struct amf *amf, struct amf_ue *ue, const struct amf_nas *nas, struct nas_msg *inner)
{
	const struct nas_msg *clear = nas->msg;
	struct bytes container = BYTES_NONE, plain;
	struct tlv_fault fault;

	if (clear->type == NAS_REGISTRATION_REQUEST && clear->registration_request.has_nas_message_container)
		container = clear->registration_request.nas_message_container;
	else if (clear->type == NAS_SERVICE_REQUEST && clear->service_request.has_nas_message_container)
		container = clear->service_request.nas_message_container;
	else
		return clear;
	if (!nas->is_protected) /* nothing has ciphered it; what is in the clear counts */
		return clear;
	if (!nas_decipher_container(&ue->security, NAS_UPLINK, nas->count, container, &amf->arena, &plain) ||
		!nas_decode(plain, &amf->arena, inner, &fault) || inner->type != clear->type)
		return NULL;
	return inner;
}
