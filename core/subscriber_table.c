/* The subscribers as a table, in the order of their IMSIs; a search is by digits, wherever in the IMSI. */
#include "base/text.h"
#include "core/internal.h"
#include "crypto/aka_function.h"

enum {
	KEYS_LOOKED_AT = 64, /* for a row: a search that finds little goes on in the next page */
	NAMES_MAX = 300,     /* octets of the DNNs' names */
};

static const struct table_column columns[] = {
	{ "imsi", TABLE_TEXT, "" },
	{ "algorithm", TABLE_TEXT, "of its USIM" },
	{ "authentication", TABLE_TEXT, "5g-aka or eap-aka-prime" },
	{ "ambr_uplink_bps", TABLE_NUMBER, "of the UE; 0: the record does not read" },
	{ "ambr_downlink_bps", TABLE_NUMBER, "" },
	{ "slices", TABLE_NUMBER, "" },
	{ "dnns", TABLE_TEXT, "the first of its data networks, with their slices" },
	{ "ipv4", TABLE_TEXT, "the first static address" },
	{ "profile", TABLE_TEXT, "whose settings it follows" },
	{ "msisdn", TABLE_TEXT, "its telephone number" },
};
const struct table core_subscriber_table = { "subscribers", "who may use the network", columns,
	ARRAY_LEN(columns) };

struct looking {
	struct bytes part;
	uint64_t *at;
	struct writer *w;
	unsigned looked;
	bool found;
};

static bool has_part(const struct supi *supi, struct bytes part)
{
	return part.len == 0 || memmem(supi->imsi, strlen(supi->imsi), part.data, part.len);
}

static void put_dnns(struct table_row *r, const struct subscriber *s)
{
	char names[NAMES_MAX + DNN_STR_SIZE + SNSSAI_STR_SIZE + 8];
	struct writer w = writer_of(names, sizeof(names) - 1);

	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; d < s->slices[i].dnn_count && w.len < NAMES_MAX; d++) {
			struct snssai snssai = subscriber_snssai(&s->slices[i]);
			char text[SNSSAI_STR_SIZE];

			text_put(&w, "%s%s@%s", w.len ? " " : "", s->slices[i].dnns[d].dnn,
				snssai_str(&snssai, text));
		}
	names[w.len] = '\0';
	table_text(r, names);
}

static void put_address(struct table_row *r, const struct subscriber *s)
{
	char text[ADDR_STR_SIZE];

	for (uint8_t i = 0; i < s->slice_count; i++)
		for (uint8_t d = 0; d < s->slices[i].dnn_count; d++) {
			struct addr a = addr_from_v4(s->slices[i].dnns[d].static_ipv4, 0);

			if (s->slices[i].dnns[d].static_ipv4) {
				table_text(r, addr_str(&a, text));
				return;
			}
		}
	table_none(r);
}

static bool put_one(void *arg, const struct supi *supi, const struct subscriber *s)
{
	static const struct subscriber unreadable;
	struct looking *l = arg;
	struct table_row r = table_row_begin(&core_subscriber_table, l->w);
	char msisdn[MSISDN_SIZE];

	table_text(&r, supi->imsi);
	table_text(&r, s ? aka_alg_name(s->algorithm) : "does not read: add it again");
	table_text(&r, s ? subscriber_authentication_names[s->authentication] : "");
	s = s ? s : &unreadable;
	table_number(&r, s->ambr_uplink_bps);
	table_number(&r, s->ambr_downlink_bps);
	table_number(&r, s->slice_count);
	put_dnns(&r, s);
	put_address(&r, s);
	if (s->profile[0])
		table_text(&r, s->profile);
	else
		table_none(&r);
	if (s->msisdn)
		table_text(&r, msisdn_str(s->msisdn, msisdn));
	else
		table_none(&r);
	table_row_end(&r);
	l->found = true;
	return false;
}

/* By its key alone: records are read of those that are wanted. */
static enum udr_wish wanted(void *arg, const struct supi *supi)
{
	struct looking *l = arg;

	*l->at = supi_key(supi);
	if (has_part(supi, l->part))
		return UDR_TAKE;
	return ++l->looked < KEYS_LOOKED_AT ? UDR_PASS : UDR_STOP;
}

bool core_subscriber_row(struct core *core, struct bytes part, uint64_t *at, struct writer *w)
{
	struct looking l = { .part = part, .at = at, .w = w };
	struct supi after;

	if (*at != 0 && !supi_of_key(*at, &after))
		return false;
	return udr_subscriber_each(core->udr, *at ? &after : NULL, wanted, put_one, &l) &&
	       (l.found || l.looked == KEYS_LOOKED_AT);
}
