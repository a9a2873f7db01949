/*
 * UE parameters update at the control port (23.502 4.20): the command, the IMSI, then a line for each word.
 *
 *   update    slices=SLICE,... routing=DIGITS register; or again; or cancel; or nothing, which shows what is
 * pending
 */
#include "base/text.h"
#include "core/internal.h"

static bool slices_read(struct bytes text, struct udm_parameters *p)
{
	size_t from = 0;

	for (size_t i = 0; i <= text.len; i++) {
		char slice[SNSSAI_STR_SIZE];

		if (i < text.len && text.data[i] != ',')
			continue;
		if (p->default_nssai_count == SNSSAI_MAX || i - from >= sizeof(slice))
			return false;
		str_copy(slice, i - from + 1, (const char *)text.data + from);
		if (!snssai_parse(slice, &p->default_nssai[p->default_nssai_count++]))
			return false;
		from = i + 1;
	}
	return true;
}

static bool routing_read(struct bytes text, struct udm_parameters *p)
{
	uint64_t number;

	if (text.len >= sizeof(p->routing_indicator) || !text_uint(text, 9999, &number))
		return false;
	str_copy(p->routing_indicator, text.len + 1, (const char *)text.data);
	return true;
}

static const char *word_read(struct bytes word, struct udm_parameters *p)
{
	struct bytes value;

	if (core_control_value(word, "slices=", &value))
		return slices_read(value, p) ? NULL : "slices: expected up to 8 slices, as in 1,2-000001";
	if (core_control_value(word, "routing=", &value))
		return routing_read(value, p) ? NULL : "routing: expected one to four digits";
	p->re_register = bytes_equal(word, bytes_of_str("register"));
	return p->re_register ? NULL : "expected slices=, routing=, register, again or cancel";
}

static void order(struct core *core, const struct msg *m, const struct supi *supi,
	const struct udm_parameters *p, struct writer *w)
{
	if (!core_control_expect_commit(core, m->assoc, w))
		return;
	if (core_parameters_update(core, supi, p)) {
		text_put(w, "ok\n");
		return;
	}
	core->client_count--;
	text_put(w, "error\ntoo many UEs are to be told, or the store refuses the change\n");
}

static void show(const struct udm_parameters *p, struct writer *w)
{
	char slice[SNSSAI_STR_SIZE];

	text_put(w, "ok\n");
	if (!p) {
		text_put(w, "nothing is pending\n");
		return;
	}
	text_put(w, "pending");
	for (uint8_t i = 0; i < p->default_nssai_count; i++)
		text_put(w, "%s%s", i ? "," : " slices=", snssai_str(&p->default_nssai[i], slice));
	if (p->routing_indicator[0])
		text_put(w, " routing=%s", p->routing_indicator);
	text_put(w, "%s\n", p->re_register ? " register" : "");
}

/* What only concerns what is pending. */
static bool pending_do(
	struct core *core, const struct msg *m, const struct supi *supi, struct bytes word, struct writer *w)
{
	const struct udm_parameters *pending = udm_update_pending(core->udm, supi);
	bool cancel = bytes_equal(word, bytes_of_str("cancel")),
	     again = bytes_equal(word, bytes_of_str("again"));

	if (word.len > 0 && !cancel && !again)
		return false;
	if (word.len == 0)
		show(pending, w);
	else if (!pending)
		text_put(w, "error\nnothing is pending for imsi-%s\n", supi->imsi);
	else if (again)
		order(core, m, supi, pending, w);
	else if (core_control_expect_commit(core, m->assoc, w))
		text_put(w, udm_update_cancel(core->udm, supi) ? "ok\n"
							       : "error\nthe store refuses the change\n");
	return true;
}

static void update(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	struct udm_parameters p = { 0 };
	const char *refusal = NULL;
	struct bytes word;
	struct supi supi;
	uint64_t sqn;

	if (!core_control_supi(in, &supi, w))
		return;
	if (!core_subscriber_get(core, &supi, core->old, &sqn)) {
		text_put(w, "error\nthere is no subscriber %s\n", supi.imsi);
		return;
	}
	word = core_control_line(in);
	if (pending_do(core, m, &supi, word, w))
		return;
	for (; !refusal && word.len > 0; word = core_control_line(in))
		refusal = word_read(word, &p);
	if (!refusal && p.default_nssai_count == 0 && !p.routing_indicator[0])
		refusal = "expected slices=, routing= or both";
	if (refusal)
		text_put(w, "error\n%s\n", refusal);
	else
		order(core, m, &supi, &p, w);
}

const struct core_command core_update_commands[CORE_UPDATE_COMMANDS] = { { "update", update } };
