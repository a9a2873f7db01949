/* What the home network sends to a UE under K_AUSF, and its acknowledgement: the one layout of the SOR
 * transparent container (TS 24.501 9.11.3.51) and the UE parameters update transparent container
 * (9.11.3.53A).
 */
#include "wire/nas/nas.h"

bool nas_home_container_encode(const struct nas_home_container *h, struct writer *w)
{
	writer_u8(w, h->header);
	writer_put(w, BYTES(h->mac));
	if (!(h->header & NAS_HOME_ACKNOWLEDGEMENT)) {
		writer_u16(w, h->counter);
		writer_put(w, h->list);
	}
	return !w->failed;
}

bool nas_home_container_decode(struct bytes in, struct nas_home_container *out)
{
	struct cursor c = cursor_of(in);

	*out = (struct nas_home_container){ .header = cursor_u8(&c) };
	cursor_copy(&c, out->mac, sizeof(out->mac));
	if (!(out->header & NAS_HOME_ACKNOWLEDGEMENT)) {
		out->counter = cursor_u16(&c);
		out->list = cursor_rest(&c);
	}
	return !c.failed;
}
