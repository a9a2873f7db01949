/*
 * The simulated Uu link between a UE and its gNB: one PDU of a radio bearer a datagram, or a message of a
 * virtual link of the simulator. It stands where RLC, MAC and the physical layer will stand, and the radio
 * is perfect. What RRC would send is a PDU of a signalling bearer (radio/uu_rrc.h), a user packet one of a
 * data bearer, behind an octet where SDAP's header will stand. No key is ever sent. A UE is named by its
 * peer address and an index of 32 bits that it chose itself: the lower UU_UE_BITS stay the same, the others
 * change with each connection, so that late PDUs of an earlier one are recognised.
 */
#pragma once

#include "base/cursor.h"

/* 38.331: SRB0 is the common channel, before a connection; SRB1 to 3 and DRBs belong to one. */
enum uu_bearer {
	UU_SRB0 = 0,
	UU_SRB1 = 1,
	UU_SRB2 = 2,
	UU_SRB3 = 3,
	UU_LINK = 4,       /* the link's own control, enum uu_link */
	UU_DRB_BASE = 0x20 /* and the number of the data radio bearer */
};

/* Link control: what both ends see of a real radio by listening to it. */
enum uu_link {
	UU_LINK_KEEPALIVE = 1, /* up, and echoed */
	UU_LINK_LOST = 2,      /* the sender does not have the connection (any more) */
};

enum {
	UU_UE_BITS = 20,
	UU_HEADER_LEN = 5,      /* bearer, UE index */
	UU_DATA_HEADER_LEN = 6, /* and the octet with the QFI, 37.324 6.2.2 */
	UU_QFI_MAX = 63,
	UU_DRB_MAX = 32, /* 38.331 maxDRB is 29 */
	UU_PCI_MAX = 1007,
	UU_SSB_ARFCN =
		632628, /* where the synchronisation signals of all its cells are: 3489.42 MHz, band n78 */
};

/* pdu is a view into the datagram; it is never empty. */
struct uu_pdu {
	uint32_t ue;
	uint8_t bearer; /* enum uu_bearer */
	struct bytes pdu;
};

/* The lasting part of a UE index. */
static inline uint32_t uu_ue_of(uint32_t ue)
{
	return ue & ((1u << UU_UE_BITS) - 1);
}

static inline bool uu_is_drb(uint8_t bearer)
{
	return bearer > UU_DRB_BASE && bearer <= UU_DRB_BASE + UU_DRB_MAX;
}

/* False on anything that is not a PDU of a bearer, or one of link control that is not of enum uu_link. */
MUST_USE bool uu_decode(struct bytes datagram, struct uu_pdu *out);

/* False when w is full or a value is outside its range. */
MUST_USE bool uu_encode(const struct uu_pdu *p, struct writer *w);

/* A PDU of link control. */
MUST_USE bool uu_link_encode(uint32_t ue, enum uu_link what, struct writer *w);

/* Downlink, beside the QFI, as in SDAP's header (37.324 6.2.2.2): the UE derives a rule. */
enum { UU_RQI = 0x40 };

/* Writes the header of a user packet at p, which has room for UU_DATA_HEADER_LEN octets. */
static inline void uu_data_header_write(uint8_t *p, uint32_t ue, uint8_t drb, uint8_t qfi)
{
	struct writer w = writer_of(p, UU_DATA_HEADER_LEN);

	writer_u8(&w, (uint8_t)(UU_DRB_BASE + drb));
	writer_u32(&w, ue);
	writer_u8(&w, qfi);
}

/* True, with bearer and UE index, when the datagram has a header at all. */
static inline bool uu_peek(struct bytes datagram, uint8_t *bearer, uint32_t *ue)
{
	struct cursor c = cursor_of(datagram);

	*bearer = cursor_u8(&c);
	*ue = cursor_u32(&c);
	return !c.failed;
}

/* The short way for user packets; false on other PDUs and malformed ones. The QFI may have UU_RQI. */
MUST_USE static inline bool uu_data_read(struct bytes datagram, uint32_t *ue, uint8_t *drb, uint8_t *qfi)
{
	struct cursor c = cursor_of(datagram);
	uint8_t bearer = cursor_u8(&c);

	*ue = cursor_u32(&c);
	*qfi = cursor_u8(&c);
	*drb = (uint8_t)(bearer - UU_DRB_BASE);
	return !c.failed && uu_is_drb(bearer) && (*qfi & ~UU_RQI) <= UU_QFI_MAX && cursor_left(&c) > 0;
}
