/* Cells: those of neighbours, and where a UE has been (38.413 9.3.1.95, 9.3.1.97). */
#include "gnb/handover.h"

enum { HISTORY_TIME_MAX_S = 4095 };

uint64_t gnb_neighbour_nci(const struct gnb_neighbour *n, uint8_t cell)
{
	return (uint64_t)n->gnb_id << (36 - n->gnb_id_bits) | n->cells[cell].id;
}

/* Without memory the PLMN is empty, and nothing can be encoded. */
struct ngap_last_visited_ngran_cell_information gnb_visited(struct gnb *gnb, const struct gnb_ue *ue)
{
	uint64_t s = (env_now_ns(gnb->env) - ue->since_ns) / NS_PER_S;
	struct ngap_last_visited_ngran_cell_information at = {
		.cell_type.cell_size = NGAP_CELL_SIZE_MEDIUM,
		.time_ue_stayed_in_cell = (uint16_t)(s < HISTORY_TIME_MAX_S ? s : HISTORY_TIME_MAX_S),
	};

	at.global_cell_id.tag = NGAP_NGRAN_CGI_TAG_NR_CGI;
	at.global_cell_id.u.nr_cgi = (struct ngap_nr_cgi){ ngap_plmn_of(&gnb->config.plmn, &gnb->arena),
		gnb->places[ue->radio.cell].ncgi.nci };
	return at;
}

struct bytes gnb_visited_cell(struct gnb *gnb, const struct gnb_ue *ue)
{
	struct ngap_last_visited_ngran_cell_information at = gnb_visited(gnb, ue);

	return ngap_value_bytes(&ngap_last_visited_ngran_cell_information_type, &at, &gnb->arena);
}
