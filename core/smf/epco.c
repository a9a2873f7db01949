/*
 * Extended protocol configuration options, 24.501 6.4.1 and 24.008 10.5.6.3: what of those that the UE asks
 * for is known is answered once, whatever else is ignored.
 */
#include "core/smf/epco.h"
#include "core/smf/internal.h"

/* RFC 1661 5, RFC 1877: how phones also ask for DNS servers. */
enum { IPCP_CONFIGURE_REQUEST = 1, IPCP_CONFIGURE_NAK = 3, IPCP_PRIMARY_DNS = 129, IPCP_SECONDARY_DNS = 131 };
enum { IPCP_HEADER_LEN = 4, IPCP_DNS_LEN = 6 };
enum { HEADERS_IPV4 = 28, HEADERS_IPV6 = 48 };

/* Bits of smf_session.pco_asked. */
enum {
	ASKED_DNS_IPV4 = 1 << 0,
	ASKED_DNS_IPV6 = 1 << 1,
	ASKED_P_CSCF_IPV4 = 1 << 2,
	ASKED_P_CSCF_IPV6 = 1 << 3,
	ASKED_IPV4_MTU = 1 << 4,
	ASKED_ETHERNET_MTU = 1 << 5,
	ASKED_UNSTRUCTURED_MTU = 1 << 6,
	ASKED_NON_IP_MTU = 1 << 7,
	ASKED_PRIMARY_DNS = 1 << 8, /* by IPCP */
	ASKED_SECONDARY_DNS = 1 << 9,
	ASKED_MSISDN = 1 << 10,
};

static const struct {
	uint16_t id, bit;
} requests[] = {
	{ NAS_PCO_DNS_IPV4, ASKED_DNS_IPV4 },
	{ NAS_PCO_DNS_IPV6, ASKED_DNS_IPV6 },
	{ NAS_PCO_P_CSCF_IPV4, ASKED_P_CSCF_IPV4 },
	{ NAS_PCO_P_CSCF_IPV6, ASKED_P_CSCF_IPV6 },
	{ NAS_PCO_IPV4_LINK_MTU, ASKED_IPV4_MTU },
	{ NAS_PCO_ETHERNET_MTU, ASKED_ETHERNET_MTU },
	{ NAS_PCO_UNSTRUCTURED_MTU, ASKED_UNSTRUCTURED_MTU },
	{ NAS_PCO_NON_IP_LINK_MTU, ASKED_NON_IP_MTU },
	{ NAS_PCO_MSISDN, ASKED_MSISDN },
};

/* Each of the types of session that it is of, bit n: type n of NAS. */
static const struct {
	uint16_t id, bit, types;
} mtus[] = {
	{ NAS_PCO_IPV4_LINK_MTU, ASKED_IPV4_MTU, 1 << NAS_PDU_IPV4 | 1 << NAS_PDU_IPV4V6 },
	{ NAS_PCO_ETHERNET_MTU, ASKED_ETHERNET_MTU, 1 << NAS_PDU_ETHERNET },
	{ NAS_PCO_UNSTRUCTURED_MTU, ASKED_UNSTRUCTURED_MTU, 1 << NAS_PDU_UNSTRUCTURED },
	{ NAS_PCO_NON_IP_LINK_MTU, ASKED_NON_IP_MTU, 1 << NAS_PDU_UNSTRUCTURED },
};

static void ipcp_take(struct smf_session *s, const struct nas_pco_item *item)
{
	struct cursor c = cursor_of(item ? item->value : BYTES_NONE);
	uint8_t code = cursor_u8(&c);

	s->ipcp_id = cursor_u8(&c);
	cursor_u16(&c);
	while (code == IPCP_CONFIGURE_REQUEST && cursor_left(&c) >= 2) {
		uint8_t type = cursor_u8(&c), len = cursor_u8(&c);

		if (len < 2 || cursor_bytes(&c, len - 2u).len != len - 2u)
			return;
		s->pco_asked |= type == IPCP_PRIMARY_DNS ? ASKED_PRIMARY_DNS : 0;
		s->pco_asked |= type == IPCP_SECONDARY_DNS ? ASKED_SECONDARY_DNS : 0;
	}
}

void smf_epco_take(struct smf_session *s, const struct nas_pco *epco)
{
	for (size_t i = 0; i < ARRAY_LEN(requests); i++)
		if (nas_pco_find(epco, requests[i].id))
			s->pco_asked |= requests[i].bit;
	s->dhcp_asked = nas_pco_find(epco, NAS_PCO_IP_ALLOCATION_VIA_DHCPV4) != NULL;
	ipcp_take(s, nas_pco_find(epco, NAS_PCO_IPCP));
}

/* What has been written behind from. */
static void put(struct smf_epco *out, uint16_t id, size_t from)
{
	out->items[out->count++] =
		(struct nas_pco_item){ id, bytes_of(out->octets + from, out->w.len - from) };
}

/* The Configure-Nak with the servers there are. */
static void put_ipcp(const struct smf_session *s, struct smf_epco *out)
{
	bool primary = s->pco_asked & ASKED_PRIMARY_DNS && s->dnn->dns_count > 0;
	bool secondary = s->pco_asked & ASKED_SECONDARY_DNS && s->dnn->dns_count > 1;
	size_t from = out->w.len;

	if (!primary && !secondary)
		return;
	writer_u8(&out->w, IPCP_CONFIGURE_NAK);
	writer_u8(&out->w, s->ipcp_id);
	writer_u16(&out->w, (uint16_t)(IPCP_HEADER_LEN + IPCP_DNS_LEN * (primary + secondary)));
	for (int i = 0; i < 2; i++) {
		if (!(i == 0 ? primary : secondary))
			continue;
		writer_u8(&out->w, i == 0 ? IPCP_PRIMARY_DNS : IPCP_SECONDARY_DNS);
		writer_u8(&out->w, IPCP_DNS_LEN);
		writer_u32(&out->w, s->dnn->dns[i]);
	}
	put(out, NAS_PCO_IPCP, from);
}

static void put_dns(const struct smf_session *s, struct smf_epco *out)
{
	for (uint8_t i = 0; s->pco_asked & ASKED_DNS_IPV4 && i < s->dnn->dns_count; i++) {
		writer_u32(&out->w, s->dnn->dns[i]);
		put(out, NAS_PCO_DNS_IPV4, out->w.len - 4);
	}
	for (uint8_t i = 0;
		s->pco_asked & ASKED_DNS_IPV6 && smf_session_families(s) & SMF_V6 && i < s->dnn->dns6_count;
		i++) {
		writer_u64(&out->w, s->dnn->dns6[i].high);
		writer_u64(&out->w, s->dnn->dns6[i].low);
		put(out, NAS_PCO_DNS_IPV6, out->w.len - 16);
	}
}

/* A container for each address of a family that was asked for. */
static void put_p_cscfs(const struct smf_session *s, struct smf_epco *out)
{
	for (uint8_t i = 0; i < s->dnn->p_cscf_count; i++) {
		const struct addr *a = &s->dnn->p_cscfs[i];

		if (!(s->pco_asked & (a->len == 4 ? ASKED_P_CSCF_IPV4 : ASKED_P_CSCF_IPV6)))
			continue;
		writer_put(&out->w, bytes_of(a->ip, a->len));
		put(out, a->len == 4 ? NAS_PCO_P_CSCF_IPV4 : NAS_PCO_P_CSCF_IPV6, out->w.len - a->len);
	}
}

/* The digits alone, two an octet, as the nature of a number is known (23.003 3.3: international). */
static void put_msisdn(const struct smf_session *s, struct smf_epco *out)
{
	char digits[MSISDN_SIZE];
	uint8_t octets[MSISDN_SIZE / 2];
	size_t from = out->w.len;

	if (!(s->pco_asked & ASKED_MSISDN) || !s->msisdn)
		return;
	writer_put(&out->w, nas_bcd(msisdn_str(s->msisdn, digits), octets, sizeof(octets)));
	put(out, NAS_PCO_MSISDN, from);
}

/* Of what an unstructured session carries: on N6 it is in UDP and IP (23.501 5.6.10.4). */
static uint16_t mtu_of(const struct smf_session *s)
{
	return (uint16_t)(s->dnn->mtu - (s->type != NAS_PDU_UNSTRUCTURED    ? 0
						: s->dnn->far_end.len == 16 ? HEADERS_IPV6
									    : HEADERS_IPV4));
}

struct nas_pco smf_epco_answer(const struct smf_session *s, struct smf_epco *out)
{
	out->count = 0;
	out->w = writer_of(out->octets, sizeof(out->octets));
	put_ipcp(s, out);
	put_dns(s, out);
	for (size_t i = 0; i < ARRAY_LEN(mtus); i++) {
		if (!(s->pco_asked & mtus[i].bit) || !(mtus[i].types >> s->type & 1))
			continue;
		writer_u16(&out->w, mtu_of(s));
		put(out, mtus[i].id, out->w.len - 2);
	}
	put_p_cscfs(s, out);
	put_msisdn(s, out);
	return (struct nas_pco){ out->count, out->items };
}
