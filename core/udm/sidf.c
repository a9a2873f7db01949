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

/* The MSIN digits of a scheme output given as hex; for the null scheme the digits stand as they are. */
static enum sbi_cause sidf_msin(struct udm *udm, uint64_t scheme, uint64_t key_id, const char *output,
	char digits[SUCI_MSIN_DIGITS_MAX + 1])
{
	uint8_t octets[SUPI_OR_SUCI_SIZE / 2], plain[SUCI_PLAIN_MAX];
	struct writer w = writer_of(plain, sizeof(plain));
	size_t len;
	int key;

	if (scheme == SUCI_NULL) {
		if (!udm->config.null_scheme)
			log_warn(udm->nf.env->log, "a SUCI in the clear is refused (see core.null_scheme)");
		if (!udm->config.null_scheme || strlen(output) > SUCI_MSIN_DIGITS_MAX)
			return SBI_INVALID_SCHEME_OUTPUT;
		str_copy(digits, SUCI_MSIN_DIGITS_MAX + 1, output);
		return SBI_OK;
	}
	key = sidf_key_find(udm, (uint8_t)key_id, (enum suci_scheme)scheme);
	if (key < 0)
		return SBI_INVALID_HN_PUBLIC_KEY_IDENTIFIER;
	if (!text_unhex(bytes_of_str(output), octets, sizeof(octets), &len) ||
		!suci_deconceal((enum suci_scheme)scheme, udm->hn_keys[key], bytes_of(octets, len), &w) ||
		!suci_msin_decode(writer_bytes(&w), digits))
		return SBI_INVALID_SCHEME_OUTPUT;
	return SBI_OK;
}

/* "suci-<type>-<mcc>-<mnc>-<routing indicator>-<scheme>-<key id>-<output>", 23.003 28.7.3 */
static enum sbi_cause sidf_deconceal(struct udm *udm, char *text, struct supi *out)
{
	enum { TYPE, MCC, MNC, ROUTING_INDICATOR, SCHEME, KEY_ID, OUTPUT, FIELDS };
	char digits[SUCI_MSIN_DIGITS_MAX + 1], imsi[3 + 3 + SUCI_MSIN_DIGITS_MAX + 1];
	struct writer w = writer_of(imsi, sizeof(imsi));
	char *f[FIELDS];
	uint64_t scheme, key_id;
	struct plmn plmn;
	enum sbi_cause cause;

	if (!split(text, f, FIELDS) || strcmp(f[TYPE], "0") != 0 ||
		!plmn_from_digits(f[MCC], f[MNC], &plmn) ||
		!text_uint(bytes_of_str(f[SCHEME]), 15, &scheme) ||
		!text_uint(bytes_of_str(f[KEY_ID]), 255, &key_id))
		return SBI_INVALID_SCHEME_OUTPUT;
	if (!plmn_equal(&plmn, &udm->config.plmn))
		return SBI_USER_NOT_FOUND;
	cause = sidf_msin(udm, scheme, key_id, f[OUTPUT], digits);
	if (cause != SBI_OK)
		return cause;
	text_put(&w, "%s%s%s", f[MCC], f[MNC], digits);
	return !w.failed && supi_parse(imsi, out) ? SBI_OK : SBI_INVALID_SCHEME_OUTPUT;
}

enum sbi_cause sidf_supi(struct udm *udm, const char *supi_or_suci, struct supi *out)
{
	char text[SUPI_OR_SUCI_SIZE];

	str_copy(text, sizeof(text), supi_or_suci);
	if (!strncmp(text, "imsi-", 5))
		return supi_parse(text + 5, out) ? SBI_OK : SBI_USER_NOT_FOUND;
	if (!strncmp(text, "suci-", 5))
		return sidf_deconceal(udm, text + 5, out);
	return SBI_USER_NOT_FOUND;
}
