/* Identities of TS 23.003 as values, shared by every protocol. */
#pragma once

#include "base/bytes.h"

/* PLMN ID, 23.003 2.2: a digit an octet. Its coding is each protocol's own: see plmn_to_nas, plmn_to_ap. */
struct plmn {
	uint8_t mcc[3], mnc[3]; /* mnc[2] is PLMN_NO_DIGIT when the MNC has two digits */
};

#define PLMN_NO_DIGIT 0xfu /* the filler of both codings */

/*
 * IMSI digits, terminated; 23.003 2.2. Empty: none. A UE that has proved no SUPI, which only emergency
 * services take (23.501 5.16.4.1), goes by its equipment instead: SUPI_IMEI and the 14 digits of type
 * allocation code and serial number (6.2.1). No IMSI looks like that.
 */
struct supi {
	char imsi[16];
};

#define SUPI_IMEI 'E'

/* S-NSSAI, 23.003 28.4. sd is SNSSAI_NO_SD when there is none. */
struct snssai {
	uint8_t sst;
	uint32_t sd;
};

#define SNSSAI_NO_SD 0xffffffu

/* TAI, 23.003 19.4.2.3; tac has 24 bits. */
struct tai {
	struct plmn plmn;
	uint32_t tac;
};

/* NR Cell Global Identity; nci has 36 bits. */
struct ncgi {
	struct plmn plmn;
	uint64_t nci;
};

/* GUAMI, 23.003 2.10.1: AMF Region ID 8 bits, Set ID 10 bits, Pointer 6 bits. */
struct guami {
	struct plmn plmn;
	uint8_t amf_region_id;
	uint16_t amf_set_id;
	uint8_t amf_pointer;
};

/* 5G-GUTI */
struct guti {
	struct guami guami;
	uint32_t tmsi;
};

/* 5G-S-TMSI, 23.003 2.11: AMF Set ID 10 bits, Pointer 6 bits. */
struct s_tmsi {
	uint16_t amf_set_id;
	uint8_t amf_pointer;
	uint32_t tmsi;
};

enum {
	SNSSAI_MAX = 8,        /* most S-NSSAIs in an NSSAI, 24.501 9.11.3.37 */
	DNN_STR_SIZE = 101,    /* 23.003 9.1: at most 100 octets */
	PDU_SESSIONS_MAX = 15, /* PDU session identities 1 to 15, 24.007 11.2.3.1b */
};

static inline bool plmn_equal(const struct plmn *a, const struct plmn *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static inline bool snssai_equal(const struct snssai *a, const struct snssai *b)
{
	return a->sst == b->sst && a->sd == b->sd;
}

/* The same ones in the same order. */
static inline bool snssais_equal(
	const struct snssai *a, uint8_t a_count, const struct snssai *b, uint8_t b_count)
{
	bool equal = a_count == b_count;

	for (uint8_t i = 0; equal && i < a_count; i++)
		equal = snssai_equal(&a[i], &b[i]);
	return equal;
}

static inline bool tai_equal(const struct tai *a, const struct tai *b)
{
	return a->tac == b->tac && plmn_equal(&a->plmn, &b->plmn);
}

static inline bool guami_equal(const struct guami *a, const struct guami *b)
{
	return plmn_equal(&a->plmn, &b->plmn) && a->amf_region_id == b->amf_region_id &&
	       a->amf_set_id == b->amf_set_id && a->amf_pointer == b->amf_pointer;
}

/* "00101" or "001001": MCC then MNC of 2 or 3 digits. False on anything else. */
bool plmn_parse(const char *text, struct plmn *out);

enum { PLMN_STR_SIZE = 7 };
const char *plmn_str(const struct plmn *p, char buf[PLMN_STR_SIZE]);

/* The coding of NAS, 24.501 9.11.3.4 and 9.11.3.8: MCC2 MCC1 | MNC3 MCC3 | MNC2 MNC1. Nibbles that are no
 * digits are kept: they equal no PLMN of a configuration. */
enum { PLMN_OCTETS = 3 };
void plmn_to_nas(const struct plmn *p, uint8_t out[PLMN_OCTETS]);
struct plmn plmn_from_nas(const uint8_t octets[PLMN_OCTETS]);

/* The coding of NGAP (38.413 9.3.3.5), F1AP, E1AP and XnAP: MCC2 MCC1 | MNC1 MCC3 | MNC3 MNC2, where an MNC
 * of two digits has the filler in the place of its first. */
void plmn_to_ap(const struct plmn *p, uint8_t out[PLMN_OCTETS]);
struct plmn plmn_from_ap(const uint8_t octets[PLMN_OCTETS]);

/* MCC and MNC as terminated digits. */
void plmn_digits(const struct plmn *p, char mcc[4], char mnc[4]);
MUST_USE bool plmn_from_digits(const char *mcc, const char *mnc, struct plmn *out);

/* "1" or "1-010203": SST, and SD as six hexadecimal digits. */
MUST_USE bool snssai_parse(const char *text, struct snssai *out);

enum { SNSSAI_STR_SIZE = 11 };
const char *snssai_str(const struct snssai *s, char buf[SNSSAI_STR_SIZE]);

/* 5 to 15 digits. */
MUST_USE bool supi_parse(const char *digits, struct supi *out);
/* What imsi[] may hold, as records have it. */
MUST_USE bool supi_restore(const char *kept, struct supi *out);
/* Of an IMEI or IMEISV: 15 or 16 digits. */
MUST_USE bool supi_of_imei(const char *imei, struct supi *out);

static inline bool supi_is_imei(const struct supi *s)
{
	return s->imsi[0] == SUPI_IMEI;
}

/* "imsi-...", or "imei-..." with its check digit (23.003 annex B); false: it is neither. */
enum { SUPI_STR_SIZE = 21 };
const char *supi_str(const struct supi *s, char buf[SUPI_STR_SIZE]);
MUST_USE bool supi_from_str(const char *text, struct supi *out);

/* As operators read and write it: an IMSI's digits, or "imei-...". Written it may also be "imsi-...", or an
 * IMEISV. */
const char *supi_plain(const struct supi *s, char buf[SUPI_STR_SIZE]);
MUST_USE bool supi_of_plain(const char *text, struct supi *out);

/* A number that names the SUPI exactly: a key for base/hash.h. */
uint64_t supi_key(const struct supi *s);
/* The SUPI of such a number; false: it is none. */
MUST_USE bool supi_of_key(uint64_t key, struct supi *out);

/* An MSISDN (23.003 3.3), 5 to 15 digits, the country's first: as a number that names it exactly; 0: it is
 * none. */
enum { MSISDN_SIZE = 16, GPSI_STR_SIZE = 7 + MSISDN_SIZE };
uint64_t msisdn_key(const char *digits);
const char *msisdn_str(uint64_t key, char buf[MSISDN_SIZE]);
/* Of a GPSI of the form "msisdn-..." (29.571 5.3.2); 0: of another form. */
uint64_t msisdn_of_gpsi(const char *gpsi);
/* NULL: there is none. */
const char *gpsi_str(uint64_t msisdn, char buf[GPSI_STR_SIZE]);

/* "SNN" of 24.501 9.12.1: "5G:mnc001.mcc001.3gppnetwork.org". */
enum { SNN_STR_SIZE = 34 };
const char *serving_network_name(const struct plmn *p, char buf[SNN_STR_SIZE]);

/* Whether two DNNs are one (23.003 9.1): names of domains, without case; the operator identifier
 * (".mnc001.mcc001.gprs", 9.1.2) counts only where both have it. */
bool dnn_equal(const char *a, const char *b);

/* False when the DNN has the operator identifier of another PLMN. */
bool dnn_is_of(const char *dnn, const struct plmn *plmn);

/* DNN between text ("a.b") and labels (23.003 9.1: length-prefixed). False when it does not fit or is
 * malformed. */
MUST_USE bool dnn_to_labels(const char *text, uint8_t *out, size_t cap, size_t *len);
MUST_USE bool dnn_from_labels(struct bytes labels, char text[DNN_STR_SIZE]);
