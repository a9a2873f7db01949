/* What every text begins and ends with, and what is wrong with messages of type-length-value elements. */
#include "wire/text/internal.h"

void text_start(struct printer *p, struct writer *part, struct writer *w, enum print_form form,
	const struct print_policy *policy)
{
	size_t room = w->cap - w->len;

	*part = writer_of(w->data + w->len, room > TEXT_CUT_ROOM ? room - TEXT_CUT_ROOM : 0);
	printer_init(p, part, form, policy);
}

void text_finish(struct writer *w, const struct writer *part)
{
	w->len += part->len;
	if (part->failed)
		writer_put(w, bytes_of_str("..."));
}

void tlv_fault_print(struct printer *p, const char *protocol, const struct tlv_fault *fault)
{
	static const char *const kinds[] = {
		[TLV_OK] = "nothing",
		[TLV_TOO_SHORT] = "too short",
		[TLV_BAD_HEADER] = "wrong header",
		[TLV_BAD_VERSION] = "wrong version",
		[TLV_BAD_MESSAGE_LENGTH] = "wrong message length",
		[TLV_UNKNOWN_MESSAGE] = "unknown message type",
		[TLV_MISSING_MANDATORY] = "mandatory element missing",
		[TLV_BAD_MANDATORY] = "mandatory element wrong",
		[TLV_BAD_LENGTH] = "mandatory element of wrong length",
		[TLV_BAD_CONDITIONAL] = "conditional element wrong",
		[TLV_NOT_COMPREHENDED] = "element must be comprehended and is not",
		[TLV_NO_MEMORY] = "too large",
	};

	print_begin(p, "%s malformed: %s%s%s", protocol, kinds[fault->kind], fault->ie_name ? ": " : "",
		fault->ie_name ? fault->ie_name : "");
	print_end(p);
}
