#include "wire/f1ap/f1ap.h"

#include "base/cursor.h"

/* Of those that we send, by UE CONTEXT and RRC procedures. */
static bool is_of_ue(uint8_t procedure)
{
	switch (procedure) {
	case F1AP_PROC_UE_CONTEXT_SETUP:
	case F1AP_PROC_UE_CONTEXT_RELEASE:
	case F1AP_PROC_UE_CONTEXT_MODIFICATION:
	case F1AP_PROC_UE_CONTEXT_MODIFICATION_REQUIRED:
	case F1AP_PROC_UE_CONTEXT_RELEASE_REQUEST:
	case F1AP_PROC_INITIAL_UL_RRC_MESSAGE_TRANSFER:
	case F1AP_PROC_DL_RRC_MESSAGE_TRANSFER:
	case F1AP_PROC_UL_RRC_MESSAGE_TRANSFER:
		return true;
	default:
		return false;
	}
}

/* The second octet of an F1AP-PDU is its procedure code (9.4.3, aligned PER). */
uint16_t f1ap_stream(struct bytes pdu, uint16_t out_streams)
{
	struct cursor c = cursor_of(pdu);

	cursor_skip(&c, 1);
	return out_streams > 1 && is_of_ue(cursor_u8(&c)) ? 1 : 0;
}
