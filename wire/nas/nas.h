/* 5GS non-access-stratum messages, TS 24.501: octets to structs and back. */
#pragma once

#include "wire/nas/nas_msg.h"

enum nas_epd { NAS_EPD_5GMM = 0x7e, NAS_EPD_5GSM = 0x2e };

/* The most octets of a NAS message (TS 24.501 clause 7.2.2). */
#define NAS_MAX_OCTETS 9000

/*
 * Decodes a plain 5GMM or 5GSM message. Views point into `plain`; lists and DNNs (terminated) are in `arena`.
 * On false, fault has the reason: its cause is a 5GMM or 5GSM cause, and `answer` whether a STATUS message
 * (or the procedure's own reject) is due. out->type, pdu_session_id and pti are set as far as they were read.
 */
MUST_USE bool nas_decode(
	struct bytes plain, struct arena *arena, struct nas_msg *out, struct tlv_fault *fault);

/* Appends the message; false when w is full or a value is outside its range. */
MUST_USE bool nas_encode(const struct nas_msg *msg, struct writer *w);

/* The message for people (base/printer.h). */
void nas_print(const struct nas_msg *msg, struct printer *p);

/* "REGISTRATION REQUEST", or NULL for a type there is not. */
const char *nas_msg_name(enum nas_msg_type type);
const char *nas_5gmm_cause_name(uint8_t cause);
const char *nas_5gsm_cause_name(uint8_t cause);

static inline bool nas_is_5gsm(enum nas_msg_type type)
{
	return type >= NAS_PDU_SESSION_ESTABLISHMENT_REQUEST;
}

/* TS 24.501 clause 9.3. */
enum nas_security_header_type {
	NAS_PLAIN = 0,
	NAS_INTEGRITY = 1,
	NAS_INTEGRITY_CIPHERED = 2,
	NAS_INTEGRITY_NEW_CONTEXT = 3,
	NAS_INTEGRITY_CIPHERED_NEW_CONTEXT = 4,
};

/* A security protected 5GS NAS message (clause 8.2.28), or a plain one: type NAS_PLAIN, all of it in inner.
 */
struct nas_security_header {
	uint8_t type; /* enum nas_security_header_type */
	uint8_t sqn;
	uint32_t mac;
	struct bytes inner;     /* the plain or ciphered message */
	struct bytes protected; /* what the MAC covers: sqn and inner; set by decode only */
};

/* Reads the outer header of any NAS message; fault as for nas_decode. */
MUST_USE bool nas_security_header_decode(
	struct bytes pdu, struct nas_security_header *out, struct tlv_fault *fault);

/* Appends header and inner, for any type but NAS_PLAIN. */
MUST_USE bool nas_security_header_encode(const struct nas_security_header *h, struct writer *w);

/* The MSIN digits of a null-scheme SUCI into text of cap octets (at least 11), terminated. */
MUST_USE bool nas_suci_msin(const struct nas_suci *suci, char *text, size_t cap);

/* BCD octets of digits, as of the MSIN in scheme_output of a null-scheme SUCI; the view is of buf. */
struct bytes nas_bcd(const char *digits, uint8_t *buf, size_t cap);

/* The digits of such octets, of any number; false: there are others, or more than text holds. */
MUST_USE bool nas_bcd_digits(struct bytes bcd, char *text, size_t cap);

#define NAS_TIMER_DEACTIVATED UINT32_MAX

/* GPRS timer and timer 2 (9.11.2.3, 9.11.2.4) and timer 3 (9.11.2.5), to seconds or NAS_TIMER_DEACTIVATED. */
uint32_t nas_timer2_s(uint8_t value);
uint32_t nas_timer3_s(uint8_t value);

/* The smallest timer value not below s seconds; 0xe0 (deactivated) for NAS_TIMER_DEACTIVATED. */
uint8_t nas_timer2_of(uint32_t s);
uint8_t nas_timer3_of(uint32_t s);

/* Bit rates to kbit/s and from it (rounded up to what the coding can express). */
uint64_t nas_bit_rate_kbps(struct nas_bit_rate rate);
struct nas_bit_rate nas_bit_rate_of(uint64_t kbps);

/* The first item with this identifier, or NULL. */
const struct nas_pco_item *nas_pco_find(const struct nas_pco *pco, uint16_t id);

/* network_information.c: names and time of the network (8.2.19). */
enum {
	NAS_NETWORK_NAME_MAX = 120, /* octets of a name; 60 characters in any alphabet */
	NAS_TIME_ZONE_MAX = 79,     /* quarters of an hour, 23.040 9.2.3.11 */
};

/* UTF-8 text to the name sent: by the GSM alphabet where it has all characters, else UCS2 (24.008 10.5.3.5a).
 * False when it is empty, too long, no UTF-8, or of characters outside the basic plane. octets holds its
 * text. */
MUST_USE bool nas_network_name_of(
	const char *text, uint8_t octets[NAS_NETWORK_NAME_MAX], struct nas_network_name *out);

/* As UTF-8, without control characters; nothing when its coding is unknown. */
void nas_network_name_text(const struct nas_network_name *name, struct writer *w);

/* The local time's quarters of an hour before or after universal time, daylight saving included
 * (24.008 10.5.3.8). */
uint8_t nas_time_zone_of(int quarters);
MUST_USE bool nas_time_zone_quarters(uint8_t octet, int *quarters);

struct nas_universal_time {
	unsigned year, month, day, hour, minute, second; /* year without century */
	int quarters;
};

/* 24.008 10.5.3.9; utc_ms since 1970, to 2099. */
void nas_universal_time_of(uint64_t utc_ms, int quarters, uint8_t out[7]);
MUST_USE bool nas_universal_time_read(const uint8_t in[7], struct nas_universal_time *out);

/* home_container.c: SOR transparent container (9.11.3.51) and UE parameters update transparent container
 * (9.11.3.53A). */
struct nas_home_container {
	uint8_t header;
	uint8_t mac[16];  /* of K_AUSF, by the network or by the UE */
	uint16_t counter; /* and list: not of an acknowledgement */
	struct bytes list;
};

MUST_USE bool nas_home_container_encode(const struct nas_home_container *h, struct writer *w);
/* False: it is none. The list is a view. */
MUST_USE bool nas_home_container_decode(struct bytes in, struct nas_home_container *out);

/* steering_of_roaming.c: the PLMN ID and access technology list, the most preferred first. */
enum { NAS_STEERING_MAX = 16 };

struct nas_steering {
	uint8_t count;
	struct nas_steering_plmn {
		struct plmn plmn;
		uint16_t access; /* enum nas_access */
	} plmns[NAS_STEERING_MAX];
};

MUST_USE bool nas_steering_encode(const struct nas_steering *s, struct writer *w);
/* Of the container with that header. False: it is none, or secured for the USIM. */
MUST_USE bool nas_steering_decode(uint8_t header, struct bytes list, struct nas_steering *out);

/* ue_parameters_update.c: the UE parameters update list; what is not taken of it (secured packets, disaster
 * roaming) is counted in others. */
struct nas_ue_parameters {
	uint8_t default_nssai_count;
	struct snssai default_nssai[SNSSAI_MAX];
	char routing_indicator[5]; /* for the ME; empty: none */
	uint8_t others;
};

MUST_USE bool nas_ue_parameters_encode(const struct nas_ue_parameters *p, struct writer *w);
MUST_USE bool nas_ue_parameters_decode(struct bytes list, struct arena *arena, struct nas_ue_parameters *out);

#include "wire/nas/causes.h"
#include "wire/nas/nas_values.h"
