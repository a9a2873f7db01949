/* Paging, 23.502 4.2.3.3: paging.c; and what waits for the UE: n1n2_transfer.c. */
#pragma once

#include "core/amf/procedure.h"

/* An idle UE that can be reached: registered, and heard within its periodic timer (24.501 5.3.7). */
bool amf_paging_is_possible(const struct amf_ue *ue);
/* Begins to page the UE, unless it is being paged. False: there is no room. */
bool amf_paging_begin(struct amf *amf, struct amf_ue *ue, uint8_t arp_priority_level);
struct n1_n2_message_transfer_req_data;
/* As an ARP priority level: the most urgent of what the SMF and the configuration say; 0: none. */
uint8_t amf_paging_priority(const struct amf_config *c, const struct n1_n2_message_transfer_req_data *wanted);
/* For how long a UE is paged at most. */
uint32_t amf_paging_ms(const struct amf *amf, const struct amf_ue *ue);
void amf_paging_ended(struct amf *amf, struct amf_procedure *p);
void amf_paging_expired(struct amf *amf, struct amf_procedure *p);

/* Namf_Communication_N1N2MessageTransfer */
void amf_n1n2_message_transfer(struct amf *amf, const struct sbi_request *r);
/* What an SMF answered waits as well; false: there is no room. */
bool amf_n1n2_hold(struct amf *amf, struct amf_ue *ue, uint8_t pdu_session_id, struct bytes n1,
	enum n2_sm_info_type type, struct bytes n2);
void amf_n1n2_transfer_expired(struct amf *amf, struct amf_procedure *p);
void amf_n1n2_transfer_ended(struct amf *amf, struct amf_procedure *p);
/* The sessions for which something waits; bits by identity. */
uint16_t amf_n1n2_waiting_sessions(const struct amf_ue *ue);
/* The sessions whose user plane an SMF wants, and the UE is to get without asking; bits by identity. */
uint16_t amf_n1n2_transfer_sessions(const struct amf_ue *ue);
