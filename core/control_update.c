/*
 * What operators have a UE told by its home network, at the control port: the command, the IMSI, then a line
 * for each word.
 *
 *   update    slices=SLICE,... routing=DIGITS register    UE parameters update, 23.502 4.20
 *   steer     plmns=PLMN[:ACCESS+...],...; or no-change   steering of roaming, 23.122 annex C
 *
 * Or again; or cancel; or nothing, which shows what is pending.
 */
#include "base/text.h"
#include "core/internal.h"

/* Takes an item, up to the separator, from the front of text. False: it is empty or too long, or nothing
 * follows the separator. */
static bool item_next(struct bytes *text, char separator, char *out, size_t size)
{
	size_t len = 0;

	while (len < text->len && text->data[len] != (uint8_t)separator)
		len++;
	if (len == 0 || len >= size || len + 1 == text->len)
		return false;
	str_copy(out, len + 1, (const char *)text->data);
	len += len < text->len;
	*text = bytes_of(text->data + len, text->len - len);
	return true;
}

static bool slices_read(struct bytes text, struct udm_parameters *p)
{
	char slice[SNSSAI_STR_SIZE];

	do {
		if (p->default_nssai_count == SNSSAI_MAX || !item_next(&text, ',', slice, sizeof(slice)) ||
			!snssai_parse(slice, &p->default_nssai[p->default_nssai_count++]))
			return false;
	} while (text.len > 0);
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

static const char *parameters_read(struct bytes word, struct udm_order *o)
{
	struct udm_parameters *p = &o->parameters;
	struct bytes value;

	if (core_control_value(word, "slices=", &value))
		return slices_read(value, p) ? NULL : "slices: expected up to 8 slices, as in 1,2-000001";
	if (core_control_value(word, "routing=", &value))
		return routing_read(value, p) ? NULL : "routing: expected one to four digits";
	p->re_register = bytes_equal(word, bytes_of_str("register"));
	return p->re_register ? NULL : "expected slices=, routing=, register, again or cancel";
}

static const char *parameters_lack(const struct udm_order *o)
{
	return o->parameters.default_nssai_count > 0 || o->parameters.routing_indicator[0]
		       ? NULL
		       : "expected slices=, routing= or both";
}

static void parameters_show(const struct udm_order *o, struct writer *w)
{
	const struct udm_parameters *p = &o->parameters;
	char slice[SNSSAI_STR_SIZE];

	for (uint8_t i = 0; i < p->default_nssai_count; i++)
		text_put(w, "%s%s", i ? "," : " slices=", snssai_str(&p->default_nssai[i], slice));
	if (p->routing_indicator[0])
		text_put(w, " routing=%s", p->routing_indicator);
	if (p->re_register)
		text_put(w, " register");
}

static const struct {
	const char *name;
	uint16_t access;
} accesses[] = {
	{ "nr", NAS_ACCESS_NR },
	{ "eutra", NAS_ACCESS_EUTRA },
	{ "utra", NAS_ACCESS_UTRA },
	{ "gsm", NAS_ACCESS_GSM },
};

static uint16_t access_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(accesses); i++)
		if (!strcmp(name, accesses[i].name))
			return accesses[i].access;
	return 0;
}

/* 00101, or 00101:nr+eutra */
static bool plmn_read(const char *text, struct nas_steering_plmn *out)
{
	struct bytes rest = bytes_of_str(text);
	char plmn[PLMN_STR_SIZE], name[8];

	*out = (struct nas_steering_plmn){ .access = 0 };
	if (!item_next(&rest, ':', plmn, sizeof(plmn)) || !plmn_parse(plmn, &out->plmn))
		return false;
	if (!strchr(text, ':'))
		out->access = NAS_ACCESS_NR;
	while (rest.len > 0) {
		uint16_t access = item_next(&rest, '+', name, sizeof(name)) ? access_of(name) : 0;

		if (!access)
			return false;
		out->access |= access;
	}
	return out->access != 0;
}

static bool plmns_read(struct bytes text, struct nas_steering *s)
{
	char item[40];

	do {
		if (s->count == NAS_STEERING_MAX || !item_next(&text, ',', item, sizeof(item)) ||
			!plmn_read(item, &s->plmns[s->count++]))
			return false;
	} while (text.len > 0);
	return true;
}

static const char *steering_read(struct bytes word, struct udm_order *o)
{
	struct bytes value;

	if (core_control_value(word, "plmns=", &value))
		return plmns_read(value, &o->steering) ? NULL
						       : "plmns: expected up to 16, as in "
							 "00101:nr+eutra,00102 (nr, eutra, utra, gsm)";
	return bytes_equal(word, bytes_of_str("no-change")) ? NULL
							    : "expected plmns=, no-change, again or cancel";
}

static const char *steering_lack(const struct udm_order *o)
{
	return NULL; /* without a list the UE keeps the one it has */
}

static void steering_show(const struct udm_order *o, struct writer *w)
{
	char plmn[PLMN_STR_SIZE];

	if (o->steering.count == 0)
		text_put(w, " no-change");
	for (uint8_t i = 0; i < o->steering.count; i++) {
		const struct nas_steering_plmn *p = &o->steering.plmns[i];
		const char *before = ":";

		text_put(w, "%s%s", i ? "," : " plmns=", plmn_str(&p->plmn, plmn));
		for (size_t a = 0; a < ARRAY_LEN(accesses); a++)
			if (p->access & accesses[a].access) {
				text_put(w, "%s%s", before, accesses[a].name);
				before = "+";
			}
	}
}

static const struct {
	const char *(*read)(struct bytes word, struct udm_order *o);
	const char *(*lack)(const struct udm_order *o);
	void (*show)(const struct udm_order *o, struct writer *w);
} kinds[UDM_UPDATE_KINDS] = {
	[UDM_PARAMETERS] = { parameters_read, parameters_lack, parameters_show },
	[UDM_STEERING] = { steering_read, steering_lack, steering_show },
};

/* What a request is about. */
struct subject {
	struct core *core;
	const struct msg *m;
	struct supi supi;
	enum udm_update_kind kind;
};

static void order(const struct subject *s, const struct udm_order *o, struct writer *w)
{
	if (!core_control_expect_commit(s->core, s->m->assoc, w))
		return;
	if (core_update(s->core, &s->supi, s->kind, o)) {
		text_put(w, "ok\n");
		return;
	}
	s->core->client_count--;
	text_put(w, "error\ntoo many UEs are to be told, or the store refuses the change\n");
}

static void show(const struct subject *s, const struct udm_order *o, struct writer *w)
{
	text_put(w, o ? "ok\npending" : "ok\nnothing is pending");
	if (o)
		kinds[s->kind].show(o, w);
	text_put(w, "\n");
}

/* What only concerns what is pending. */
static bool pending_do(const struct subject *s, struct bytes word, struct writer *w)
{
	const struct udm_order *pending = udm_update_pending(s->core->udm, &s->supi, s->kind);
	bool cancel = bytes_equal(word, bytes_of_str("cancel")),
	     again = bytes_equal(word, bytes_of_str("again"));

	if (word.len > 0 && !cancel && !again)
		return false;
	if (word.len == 0)
		show(s, pending, w);
	else if (!pending)
		text_put(w, "error\nnothing is pending for imsi-%s\n", s->supi.imsi);
	else if (again)
		order(s, pending, w);
	else if (core_control_expect_commit(s->core, s->m->assoc, w))
		text_put(w, udm_update_cancel(s->core->udm, &s->supi, s->kind)
				    ? "ok\n"
				    : "error\nthe store refuses the change\n");
	return true;
}

static void tell(struct subject *s, struct cursor *in, struct writer *w)
{
	struct udm_order o = { 0 };
	const char *refusal = NULL;
	struct bytes word;
	uint64_t sqn;

	if (!core_control_supi(in, &s->supi, w))
		return;
	if (!core_subscriber_get(s->core, &s->supi, s->core->old, &sqn)) {
		text_put(w, "error\nthere is no subscriber %s\n", s->supi.imsi);
		return;
	}
	word = core_control_line(in);
	if (pending_do(s, word, w))
		return;
	for (; !refusal && word.len > 0; word = core_control_line(in))
		refusal = kinds[s->kind].read(word, &o);
	if (!refusal)
		refusal = kinds[s->kind].lack(&o);
	if (refusal)
		text_put(w, "error\n%s\n", refusal);
	else
		order(s, &o, w);
}

static void update(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	tell(&(struct subject){ .core = core, .m = m, .kind = UDM_PARAMETERS }, in, w);
}

static void steer(struct core *core, const struct msg *m, struct cursor *in, struct writer *w)
{
	tell(&(struct subject){ .core = core, .m = m, .kind = UDM_STEERING }, in, w);
}

const struct core_command core_update_commands[CORE_UPDATE_COMMANDS] = { { "update", update },
	{ "steer", steer } };
