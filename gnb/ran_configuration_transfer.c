/*
 * RAN configuration transfer, 38.413 8.8: gNBs tell one another, by way of an AMF, where their Xn is.
 *
 *   gNB                 AMF                 neighbour
 *    |-- UPLINK ... ---->|-- DOWNLINK ... -->|    SON Information Request: Xn TNL Configuration Info
 *    |<- DOWNLINK ... ---|<- UPLINK ... -----|    SON Information Reply, with its Xn addresses
 *    |==== SCTP, XN SETUP REQUEST ==========>|    if it is ours to open (xn_setup.c)
 *
 * A gNB answers where its own Xn has an address, and asks for neighbours that are configured without one. RIM
 * information (8.16.2) is of radio measurements, which the simulated radio has not: it is taken note of.
 */
#include "gnb/xn.h"

static bool node_of(struct gnb *gnb, uint8_t id[4], const struct plmn *plmn, uint32_t gnb_id, uint8_t bits,
	struct ngap_global_ran_node_id *out)
{
	struct writer w = writer_of(id, 4);

	writer_u32(&w, gnb_id << (32 - bits));
	*out = (struct ngap_global_ran_node_id){ .tag = NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID };
	out->u.global_gnb_id.plmn_identity = ngap_plmn_of(plmn, &gnb->arena);
	out->u.global_gnb_id.gnb_id =
		(struct ngap_gnb_id){ NGAP_GNB_ID_TAG_GNB_ID, { .gnb_id = { id, bits } } };
	return out->u.global_gnb_id.plmn_identity.data;
}

/* By an AMF that serves us; which one does not matter to what is relayed. */
static bool transfer_send(struct gnb *gnb, const struct ngap_target_ran_node_id_son *to,
	const struct ngap_son_information *what)
{
	const struct gnb_config *c = &gnb->config;
	struct ngap_son_configuration_transfer son = { .target_ran_node_id_son = *to,
		.son_information = *what };
	const struct ngap_uplink_ran_configuration_transfer m = { .son_configuration_transfer_ul = &son };
	uint8_t id[4];

	if (!node_of(gnb, id, &c->plmn, c->gnb_id, c->gnb_id_bits,
		    &son.source_ran_node_id.global_ran_node_id) ||
		!ngap_tai_of(&gnb->places[0].tai, &gnb->arena, &son.source_ran_node_id.selected_tai))
		return false;
	for (uint8_t i = 0; i < c->amf_count; i++)
		if (gnb_n2_is_open(&gnb->amfs[i]))
			return gnb_n2_send(
				gnb, &gnb->amfs[i], 0, NGAP_MSG_UPLINK_RAN_CONFIGURATION_TRANSFER, &m);
	return false;
}

static void request(struct gnb *gnb, const struct gnb_neighbour *n)
{
	struct ngap_target_ran_node_id_son to = { 0 };
	const struct ngap_son_information what = { .tag = NGAP_SON_INFORMATION_TAG_SON_INFORMATION_REQUEST,
		.u.son_information_request = NGAP_SON_INFORMATION_REQUEST_XN_TNL_CONFIGURATION_INFO };
	struct tai tai = { n->plmn, n->cells[0].tac };
	uint8_t id[4];

	if (n->cell_count > 0 &&
		node_of(gnb, id, &n->plmn, n->gnb_id, n->gnb_id_bits, &to.global_ran_node_id) &&
		ngap_tai_of(&tai, &gnb->arena, &to.selected_tai) && transfer_send(gnb, &to, &what))
		log_info(gnb->env->log, "%s is asked where its Xn is", n->name);
}

/* Those that have no Xn address, when an AMF serves us. */
void gnb_xn_addresses_request(struct gnb *gnb)
{
	for (uint8_t i = 0; gnb->config.xn_address.len > 0 && i < gnb->config.neighbour_count; i++)
		if (gnb->config.neighbours[i].xn.len == 0)
			request(gnb, &gnb->config.neighbours[i]);
}

static void reply(struct gnb *gnb, const struct ngap_son_configuration_transfer *asked)
{
	struct per_bits address = { gnb->config.xn_address.ip, gnb->config.xn_address.len * 8u };
	struct ngap_xn_tnl_configuration_info info = { .xn_transport_layer_addresses = { 1, &address } };
	struct ngap_son_information what = { .tag = NGAP_SON_INFORMATION_TAG_SON_INFORMATION_REPLY,
		.u.son_information_reply.xn_tnl_configuration_info = &info };
	const struct ngap_target_ran_node_id_son to = { asked->source_ran_node_id.global_ran_node_id,
		asked->source_ran_node_id.selected_tai, NULL };

	if (address.len_bits == 0) /* there is no Xn here: nothing to tell */
		return;
	transfer_send(gnb, &to, &what);
}

static struct gnb_neighbour *neighbour_of(struct gnb *gnb, const struct ngap_global_ran_node_id *id)
{
	const struct ngap_global_gnb_id *g = &id->u.global_gnb_id;
	struct plmn plmn;

	if (id->tag != NGAP_GLOBAL_RAN_NODE_ID_TAG_GLOBAL_GNB_ID || g->gnb_id.tag != NGAP_GNB_ID_TAG_GNB_ID)
		return NULL;
	plmn = ngap_plmn(g->plmn_identity);
	for (uint8_t i = 0; i < gnb->config.neighbour_count; i++) {
		struct gnb_neighbour *n = &gnb->config.neighbours[i];

		if (plmn_equal(&plmn, &n->plmn) && g->gnb_id.u.gnb_id.len_bits == n->gnb_id_bits &&
			per_bits_uint(g->gnb_id.u.gnb_id, n->gnb_id_bits) == n->gnb_id)
			return n;
	}
	return NULL;
}

/* What is configured is not changed by what somebody says. 38.414 5.1: 32 bits IPv4, 128 IPv6, 160 both. */
static void address_take(struct gnb *gnb, const struct ngap_global_ran_node_id *from,
	const struct ngap_xn_tnl_configuration_info *info)
{
	struct gnb_neighbour *n = neighbour_of(gnb, from);
	struct per_bits a = info->xn_transport_layer_addresses.items[0];

	if (!n || n->xn.len > 0 || (a.len_bits != 32 && a.len_bits != 128 && a.len_bits != 160)) {
		gnb->stat[GNB_STAT_NGAP_UNEXPECTED]++;
		return;
	}
	n->xn = addr_from_bytes(bytes_of(a.data, a.len_bits == 128 ? 16 : 4), XNAP_SCTP_PORT);
	log_info(gnb->env->log, "%s has told where its Xn is", n->name);
	gnb_xn_start(gnb);
}

void gnb_n2_downlink_ran_configuration_transfer(
	struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	const struct ngap_son_configuration_transfer *son =
		pdu->u.downlink_ran_configuration_transfer->son_configuration_transfer_dl;

	if (!son)
		return; /* of an eNB */
	if (son->son_information.tag == NGAP_SON_INFORMATION_TAG_SON_INFORMATION_REQUEST)
		reply(gnb, son);
	else if (son->son_information.tag == NGAP_SON_INFORMATION_TAG_SON_INFORMATION_REPLY &&
		 son->son_information.u.son_information_reply.xn_tnl_configuration_info)
		address_take(gnb, &son->source_ran_node_id.global_ran_node_id,
			son->son_information.u.son_information_reply.xn_tnl_configuration_info);
}

void gnb_n2_downlink_rim_information_transfer(
	struct gnb *gnb, struct gnb_amf *amf, const struct ngap_pdu *pdu)
{
	log_info(gnb->env->log, "AMF %s brings RIM information of another gNB", amf->name);
}
