/* PLMN ID and access technology list, TS 24.501 figure 9.11.3.51.3; the technologies as TS 31.102 4.2.5 has
 * them. */
#include "wire/nas/ie.h"

bool nas_steering_encode(const struct nas_steering *s, struct writer *w)
{
	for (uint8_t i = 0; i < s->count; i++) {
		nas_plmn_write(w, &s->plmns[i].plmn);
		writer_u16(w, s->plmns[i].access);
	}
	return !w->failed;
}

/* With additional parameters the list has a length, and they follow it: not taken (figure 9.11.3.51.2A). */
bool nas_steering_decode(uint8_t header, struct bytes list, struct nas_steering *out)
{
	struct cursor c = cursor_of(list);

	*out = (struct nas_steering){ 0 };
	if (!(header & NAS_SOR_LIST))
		return true;
	if (!(header & NAS_SOR_PLMNS))
		return false; /* a secured packet */
	if (header & NAS_SOR_ADDITIONAL)
		c = cursor_sub(&c, cursor_u8(&c));
	while (!c.failed && cursor_left(&c) > 0) {
		struct nas_steering_plmn p = { .plmn = nas_plmn_read(&c) };

		p.access = cursor_u16(&c);
		if (out->count < NAS_STEERING_MAX)
			out->plmns[out->count++] = p;
	}
	return !c.failed;
}
