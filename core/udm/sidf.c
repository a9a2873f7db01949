/* SIDF, 33.501 6.12.5: from SUCI to SUPI. */
#include "base/text.h"
#include "core/udm/internal.h"

#define LOG_ROOM "udm"

/* Splits text at '-' into exactly `count` fields, the last one taking the rest. */
static bool split(char *text, char **fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		fields[i] = text;
		if (i + 1 == count)
			return true;
		text = strchr(text, '-');
		if (!text)
			return false;
		*text++ = '\0';
	}
	return false;
}

static int sidf_key_find(const struct udm *udm, uint8_t id, enum suci_scheme scheme)
{
	for (uint8_t i = 0; i < udm->config.hn_key_count; i++)
		if (udm->config.hn_keys[i].id == id && udm->config.hn_keys[i].scheme == scheme)
			return i;
	return -1;
}

/* An identity's parts, as they stand in its text. */
struct identity {
	struct plmn plmn;
	char mcc[4], mnc[4];
	uint64_t scheme, key_id;
	char output[SUPI_OR_SUCI_SIZE];
};

/* "suci-<type>-<mcc>-<mnc>-<routing indicator>-<scheme>-<key id>-<output>", 23.003 28.7.3 */
static bool read_suci(const char *suci, struct identity *out)
{
	enum { SUCI, TYPE, MCC, MNC, ROUTING_INDICATOR, SCHEME, KEY_ID, OUTPUT, FIELDS };
	char text[SUPI_OR_SUCI_SIZE];
	char *f[FIELDS];

	str_copy(text, sizeof(text), suci);
	if (!split(text, f, FIELDS) || strcmp(f[SUCI], "suci") != 0 || strcmp(f[TYPE], "0") != 0 ||
		!plmn_from_digits(f[MCC], f[MNC], &out->plmn) ||
		!text_uint(bytes_of_str(f[SCHEME]), 15, &out->scheme) ||
		!text_uint(bytes_of_str(f[KEY_ID]), 255, &out->key_id))
		return false;
	str_copy(out->mcc, sizeof(out->mcc), f[MCC]);
	str_copy(out->mnc, sizeof(out->mnc), f[MNC]);
	str_copy(out->output, sizeof(out->output), f[OUTPUT]);
	return true;
}

/* The MSIN digits of a scheme output given as hex; for the null scheme the digits stand as they are. */
static enum sbi_cause sidf_msin(
	const struct udm *udm, const struct identity *from, char digits[SUCI_MSIN_DIGITS_MAX + 1])
{
	uint8_t octets[SUPI_OR_SUCI_SIZE / 2], plain[SUCI_PLAIN_MAX];
	struct writer w = writer_of(plain, sizeof(plain));
	size_t len;
	int key;

	if (from->scheme == SUCI_NULL) {
		if (strlen(from->output) > SUCI_MSIN_DIGITS_MAX)
			return SBI_INVALID_SCHEME_OUTPUT;
		str_copy(digits, SUCI_MSIN_DIGITS_MAX + 1, from->output);
		return SBI_OK;
	}
	key = sidf_key_find(udm, (uint8_t)from->key_id, (enum suci_scheme)from->scheme);
	if (key < 0)
		return SBI_INVALID_HN_PUBLIC_KEY_IDENTIFIER;
	if (!text_unhex(bytes_of_str(from->output), octets, sizeof(octets), &len) ||
		!suci_deconceal(
			(enum suci_scheme)from->scheme, udm->hn_keys[key], bytes_of(octets, len), &w) ||
		!suci_msin_decode(writer_bytes(&w), digits))
		return SBI_INVALID_SCHEME_OUTPUT;
	return SBI_OK;
}

static enum sbi_cause sidf_deconceal(const struct udm *udm, const struct identity *from, struct supi *out)
{
	char digits[SUCI_MSIN_DIGITS_MAX + 1], imsi[3 + 3 + SUCI_MSIN_DIGITS_MAX + 1];
	struct writer w = writer_of(imsi, sizeof(imsi));
	enum sbi_cause cause = sidf_msin(udm, from, digits);

	if (cause != SBI_OK)
		return cause;
	text_put(&w, "%s%s%s", from->mcc, from->mnc, digits);
	return !w.failed && supi_parse(imsi, out) ? SBI_OK : SBI_INVALID_SCHEME_OUTPUT;
}

enum sbi_cause sidf_supi(const struct udm *udm, const char *supi_or_suci, struct supi *out)
{
	struct identity from;

	if (!strncmp(supi_or_suci, "imsi-", 5))
		return supi_parse(supi_or_suci + 5, out) ? SBI_OK : SBI_USER_NOT_FOUND;
	if (strncmp(supi_or_suci, "suci-", 5) != 0)
		return SBI_USER_NOT_FOUND;
	if (!read_suci(supi_or_suci, &from))
		return SBI_INVALID_SCHEME_OUTPUT;
	if (!plmn_equal(&from.plmn, &udm->config.plmn))
		return SBI_USER_NOT_FOUND;
	if (from.scheme == SUCI_NULL && !udm->config.null_scheme) {
		log_warn(udm->nf.env->log, "a SUCI in the clear is refused (see core.null_scheme)");
		return SBI_INVALID_SCHEME_OUTPUT;
	}
	return sidf_deconceal(udm, &from, out);
}

bool udm_reveal(const struct udm *udm, const char *supi_or_suci, struct supi *out)
{
	struct identity from;

	if (!strncmp(supi_or_suci, "imsi-", 5))
		return supi_parse(supi_or_suci + 5, out);
	return read_suci(supi_or_suci, &from) && sidf_deconceal(udm, &from, out) == SBI_OK;
}
