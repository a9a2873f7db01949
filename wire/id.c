#include "wire/id.h"

#include <stdio.h>
#include <strings.h>

#include "base/text.h"

static bool is_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

static uint8_t digit(char c)
{
	return (uint8_t)(c - '0');
}

bool plmn_from_digits(const char *mcc, const char *mnc, struct plmn *out)
{
	size_t mnc_len = strlen(mnc);

	if (strlen(mcc) != 3 || mnc_len < 2 || mnc_len > 3 || !is_digits(mcc, 3) || !is_digits(mnc, mnc_len))
		return false;
	for (size_t i = 0; i < 3; i++) {
		out->mcc[i] = digit(mcc[i]);
		out->mnc[i] = i < mnc_len ? digit(mnc[i]) : PLMN_NO_DIGIT;
	}
	return true;
}

static uint8_t nibbles(uint8_t high, uint8_t low)
{
	return (uint8_t)(high << 4 | low);
}

void plmn_to_nas(const struct plmn *p, uint8_t out[PLMN_OCTETS])
{
	out[0] = nibbles(p->mcc[1], p->mcc[0]);
	out[1] = nibbles(p->mnc[2], p->mcc[2]);
	out[2] = nibbles(p->mnc[1], p->mnc[0]);
}

struct plmn plmn_from_nas(const uint8_t o[PLMN_OCTETS])
{
	return (struct plmn){ { o[0] & 15, o[0] >> 4, o[1] & 15 }, { o[2] & 15, o[2] >> 4, o[1] >> 4 } };
}

void plmn_to_ap(const struct plmn *p, uint8_t out[PLMN_OCTETS])
{
	bool two = p->mnc[2] == PLMN_NO_DIGIT;

	out[0] = nibbles(p->mcc[1], p->mcc[0]);
	out[1] = nibbles(two ? PLMN_NO_DIGIT : p->mnc[0], p->mcc[2]);
	out[2] = two ? nibbles(p->mnc[1], p->mnc[0]) : nibbles(p->mnc[2], p->mnc[1]);
}

struct plmn plmn_from_ap(const uint8_t o[PLMN_OCTETS])
{
	struct plmn p = { { o[0] & 15, o[0] >> 4, o[1] & 15 }, { o[1] >> 4, o[2] & 15, o[2] >> 4 } };

	if (p.mnc[0] == PLMN_NO_DIGIT) {
		p.mnc[0] = p.mnc[1];
		p.mnc[1] = p.mnc[2];
		p.mnc[2] = PLMN_NO_DIGIT;
	}
	return p;
}

bool plmn_parse(const char *text, struct plmn *out)
{
	char mcc[4];

	if (strlen(text) < 5)
		return false;
	str_copy(mcc, sizeof(mcc), text);
	return plmn_from_digits(mcc, text + 3, out);
}

/* A nibble as a digit; a malformed one shows as '?'. */
static char digit_char(uint8_t nibble)
{
	return nibble <= 9 ? (char)('0' + nibble) : '?';
}

void plmn_digits(const struct plmn *p, char mcc[4], char mnc[4])
{
	for (size_t i = 0; i < 3; i++) {
		mcc[i] = digit_char(p->mcc[i]);
		mnc[i] = digit_char(p->mnc[i]);
	}
	if (p->mnc[2] == PLMN_NO_DIGIT)
		mnc[2] = '\0';
	mcc[3] = mnc[3] = '\0';
}

const char *plmn_str(const struct plmn *p, char buf[PLMN_STR_SIZE])
{
	char mcc[4], mnc[4];

	plmn_digits(p, mcc, mnc);
	snprintf(buf, PLMN_STR_SIZE, "%s%s", mcc, mnc);
	return buf;
}

bool snssai_parse(const char *text, struct snssai *out)
{
	const char *dash = strchr(text, '-');
	size_t sst_len = dash ? (size_t)(dash - text) : strlen(text), len;
	uint8_t sd[3];
	uint64_t sst;

	if (!text_uint(bytes_of(text, sst_len), 255, &sst))
		return false;
	*out = (struct snssai){ (uint8_t)sst, SNSSAI_NO_SD };
	if (!dash)
		return true;
	if (!text_unhex(bytes_of_str(dash + 1), sd, sizeof(sd), &len) || len != sizeof(sd))
		return false;
	out->sd = (uint32_t)sd[0] << 16 | (uint32_t)sd[1] << 8 | sd[2];
	return true;
}

const char *snssai_str(const struct snssai *s, char buf[SNSSAI_STR_SIZE])
{
	if (s->sd == SNSSAI_NO_SD)
		snprintf(buf, SNSSAI_STR_SIZE, "%u", s->sst);
	else
		snprintf(buf, SNSSAI_STR_SIZE, "%u-%06x", s->sst, (unsigned)s->sd & SNSSAI_NO_SD);
	return buf;
}

bool supi_parse(const char *digits, struct supi *out)
{
	size_t len = strlen(digits);

	if (len < 5 || len > 15 || !is_digits(digits, len))
		return false;
	*out = (struct supi){ 0 };
	str_copy(out->imsi, sizeof(out->imsi), digits);
	return true;
}

enum { IMEI_DIGITS = 14 }; /* of TAC and SNR, 23.003 6.2.1 */

bool supi_of_imei(const char *imei, struct supi *out)
{
	size_t len = strlen(imei);

	if ((len != IMEI_DIGITS + 1 && len != IMEI_DIGITS + 2) || !is_digits(imei, len))
		return false;
	*out = (struct supi){ .imsi = { SUPI_IMEI } };
	str_copy(out->imsi + 1, IMEI_DIGITS + 1, imei);
	return true;
}

bool supi_restore(const char *kept, struct supi *out)
{
	if (kept[0] != SUPI_IMEI)
		return supi_parse(kept, out);
	if (strlen(kept) != 1 + IMEI_DIGITS || !is_digits(kept + 1, IMEI_DIGITS))
		return false;
	*out = (struct supi){ 0 };
	str_copy(out->imsi, sizeof(out->imsi), kept);
	return true;
}

/* Every second digit counts twice, by its digits' sum (23.003 B.2). */
static char check_digit(const char *digits)
{
	unsigned sum = 0;

	for (size_t i = 0; i < IMEI_DIGITS; i++) {
		unsigned d = digit(digits[i]) * (i % 2 ? 2u : 1u);

		sum += d / 10 + d % 10;
	}
	return (char)('0' + (10 - sum % 10) % 10);
}

const char *supi_str(const struct supi *s, char buf[SUPI_STR_SIZE])
{
	if (supi_is_imei(s))
		snprintf(buf, SUPI_STR_SIZE, "imei-%s%c", s->imsi + 1, check_digit(s->imsi + 1));
	else
		snprintf(buf, SUPI_STR_SIZE, "imsi-%s", s->imsi);
	return buf;
}

bool supi_from_str(const char *text, struct supi *out)
{
	if (strncmp(text, "imei-", 5) != 0)
		return !strncmp(text, "imsi-", 5) && supi_parse(text + 5, out);
	return strlen(text) == 5 + IMEI_DIGITS + 1 && supi_of_imei(text + 5, out) &&
	       check_digit(text + 5) == text[5 + IMEI_DIGITS];
}

const char *supi_plain(const struct supi *s, char buf[SUPI_STR_SIZE])
{
	const char *text = supi_str(s, buf);

	return supi_is_imei(s) ? text : text + 5;
}

bool supi_of_plain(const char *text, struct supi *out)
{
	if (!strncmp(text, "imei-", 5))
		return supi_from_str(text, out) ||
		       (strlen(text) == 5 + IMEI_DIGITS + 2 && supi_of_imei(text + 5, out));
	return supi_parse(strncmp(text, "imsi-", 5) ? text : text + 5, out);
}

enum { KEY_OF_IMEI = 1 }; /* in the place of an IMSI's length, which is 5 at least */

uint64_t supi_key(const struct supi *s)
{
	bool imei = supi_is_imei(s);
	uint64_t v = 0;
	size_t len = 0;

	for (const char *digits = s->imsi + imei; len < 15u - imei && digits[len]; len++)
		v = v * 10 + digit(digits[len]);
	return v << 4 | (imei ? (size_t)KEY_OF_IMEI : len);
}

bool supi_of_key(uint64_t key, struct supi *out)
{
	bool imei = (key & 15) == KEY_OF_IMEI;
	size_t len = imei ? 1 + IMEI_DIGITS : key & 15;
	uint64_t v = key >> 4;

	*out = (struct supi){ 0 };
	if (len < 5)
		return false;
	for (size_t i = len; i > imei; v /= 10)
		out->imsi[--i] = (char)('0' + v % 10);
	if (imei)
		out->imsi[0] = SUPI_IMEI;
	return v == 0;
}

static const char gpsi_msisdn[] = "msisdn-";

uint64_t msisdn_key(const char *digits)
{
	struct supi as_many; /* an IMSI has as many digits */

	return supi_parse(digits, &as_many) ? supi_key(&as_many) : 0;
}

const char *msisdn_str(uint64_t key, char buf[MSISDN_SIZE])
{
	struct supi as_many = { "" };

	str_copy(buf, MSISDN_SIZE, key && supi_of_key(key, &as_many) ? as_many.imsi : "");
	return buf;
}

uint64_t msisdn_of_gpsi(const char *gpsi)
{
	size_t len = sizeof(gpsi_msisdn) - 1;

	return strncmp(gpsi, gpsi_msisdn, len) ? 0 : msisdn_key(gpsi + len);
}

const char *gpsi_str(uint64_t msisdn, char buf[GPSI_STR_SIZE])
{
	char digits[MSISDN_SIZE];

	snprintf(buf, GPSI_STR_SIZE, "%s%s", gpsi_msisdn, msisdn_str(msisdn, digits));
	return msisdn ? buf : NULL;
}

const char *serving_network_name(const struct plmn *p, char buf[SNN_STR_SIZE])
{
	char mcc[4], mnc[4];

	plmn_digits(p, mcc, mnc);
	snprintf(buf, SNN_STR_SIZE, "5G:mnc%s%s.mcc%s.3gppnetwork.org", mnc[2] ? "" : "0", mnc, mcc);
	return buf;
}

/* The length of the network identifier, 23.003 9.1.1: all before the operator identifier, if there is one. */
static size_t dnn_network_len(const char *dnn)
{
	static const char form[] = ".mnc###.mcc###.gprs";
	size_t len = strlen(dnn), oi = sizeof(form) - 1;

	if (len <= oi)
		return len;
	for (size_t i = 0; i < oi; i++) {
		char c = dnn[len - oi + i];

		if (form[i] == '#' ? !is_digits(&c, 1) : (c | (c >= 'A' && c <= 'Z' ? 0x20 : 0)) != form[i])
			return len;
	}
	return len - oi;
}

bool dnn_equal(const char *a, const char *b)
{
	size_t a_len = dnn_network_len(a), b_len = dnn_network_len(b);

	return a_len == b_len && strncasecmp(a, b, a_len) == 0 &&
	       (!a[a_len] || !b[b_len] || strcasecmp(a + a_len, b + b_len) == 0);
}

bool dnn_is_of(const char *dnn, const struct plmn *plmn)
{
	const char *oi = dnn + dnn_network_len(dnn);
	char mcc[4], mnc[4], ours[24];

	plmn_digits(plmn, mcc, mnc);
	snprintf(ours, sizeof(ours), ".mnc%s%s.mcc%s.gprs", mnc[2] ? "" : "0", mnc, mcc);
	return !*oi || strcasecmp(oi, ours) == 0;
}

bool dnn_to_labels(const char *text, uint8_t *out, size_t cap, size_t *len)
{
	size_t n = strlen(text), label = 0;

	if (n == 0 || n + 1 > cap || n + 1 > DNN_STR_SIZE - 1)
		return false;
	for (size_t i = 0; i <= n; i++) {
		if (i < n && text[i] != '.') {
			out[i + 1] = (uint8_t)text[i];
			continue;
		}
		if (i == label || i - label > 63)
			return false;
		out[label] = (uint8_t)(i - label);
		label = i + 1;
	}
	*len = n + 1;
	return true;
}

bool dnn_from_labels(struct bytes labels, char text[DNN_STR_SIZE])
{
	size_t at = 0;

	if (labels.len < 2 || labels.len > DNN_STR_SIZE - 1)
		return false;
	while (at < labels.len) {
		size_t label = labels.data[at];

		if (label == 0 || label > 63 || at + 1 + label > labels.len)
			return false;
		for (size_t i = 1; i <= label; i++) {
			uint8_t c = labels.data[at + i];

			if (c <= ' ' || c >= 0x7f || c == '.')
				return false;
			text[at + i - 1] = (char)c;
		}
		at += 1 + label;
		text[at - 1] = '.';
	}
	text[labels.len - 1] = '\0';
	return true;
}
