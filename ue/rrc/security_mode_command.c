/* Initial AS security activation (38.331 5.3.4). */
#include "ue/rrc/internal.h"

static bool complete_send(struct ue_rrc_connection *c, uint8_t transaction)
{
	struct rrc_ul_dcch_message_type_c1 m = {
		.tag = RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_SECURITY_MODE_COMPLETE,
		.u.security_mode_complete = { .rrc_transaction_identifier = transaction,
			.critical_extensions.tag =
				RRC_SECURITY_MODE_COMPLETE_CRITICAL_EXTENSIONS_TAG_SECURITY_MODE_COMPLETE }
	};

	return ue_rrc_send_on(c, 1, &m);
}

static void failure_send(struct ue_rrc_connection *c, uint8_t transaction)
{
	struct rrc_ul_dcch_message_type_c1 m = { .tag = RRC_UL_DCCH_MESSAGE_TYPE_C1_TAG_SECURITY_MODE_FAILURE,
		.u.security_mode_failure = { .rrc_transaction_identifier = transaction,
			.critical_extensions.tag =
				RRC_SECURITY_MODE_FAILURE_CRITICAL_EXTENSIONS_TAG_SECURITY_MODE_FAILURE } };

	may_fail(ue_rrc_send_on(c, 1, &m)); /* the network's timer sees to it */
}

/* The keys, and that the command itself is protected by them. */
static bool keys_make(struct ue_rrc_connection *c, const struct rrc_security_algorithm_config *algorithms,
	const struct sdu *sdu, struct pdcp_security *keys)
{
	struct ue_rrc_as *as = &c->as;

	/* 6.3.2, integrityProtAlgorithm: mandatory in this message. */
	if (!algorithms->has_integrity_prot_algorithm ||
		(unsigned)algorithms->ciphering_algorithm >= NEA_ALG_COUNT ||
		(unsigned)algorithms->integrity_prot_algorithm >= NIA_ALG_COUNT)
		return false;
	as->ea = (enum nea_alg)algorithms->ciphering_algorithm;
	as->ia = (enum nia_alg)algorithms->integrity_prot_algorithm;
	if (as->ia == NIA0 && !c->config.upper.is_unproved(c->config.upper.arg))
		return false;
	as->chain = (struct rrc_key_chain){ .ncc = 0 };
	return c->config.upper.k_gnb(c->config.upper.arg, as->chain.k_amf, as->chain.k_gnb) &&
	       bytes_copy(as->chain.nh, sizeof(as->chain.nh), BYTES(as->chain.k_gnb)) &&
	       rrc_srb_security(as->chain.k_gnb, as->ea, as->ia, keys) &&
	       pdcp_verify(c->srb[1].pdcp, keys, sdu);
}

/* 5.3.4.3: the answer is protected and not ciphered; after it everything is both. */
void ue_rrc_security_mode_command(
	struct ue_rrc_connection *c, const struct rrc_security_mode_command *m, const struct sdu *sdu)
{
	const struct rrc_security_algorithm_config *algorithms =
		&m->critical_extensions.u.security_mode_command.security_config_smc.security_algorithm_config;
	struct pdcp_security keys;

	if (m->critical_extensions.tag !=
		RRC_SECURITY_MODE_COMMAND_CRITICAL_EXTENSIONS_TAG_SECURITY_MODE_COMMAND) {
		c->stats.not_comprehended++;
		return;
	}
	if (c->as.active) { /* 5.3.4.1: it is initial */
		c->stats.out_of_state++;
		return;
	}
	if (!keys_make(c, algorithms, sdu, &keys) ||
		!pdcp_secure(c->srb[1].pdcp, &keys, PDCP_TX_INTEGRITY | PDCP_RX_INTEGRITY)) {
		c->stats.integrity_failures++;
		explicit_bzero(&c->as, sizeof(c->as));
		failure_send(c, m->rrc_transaction_identifier);
	} else {
		c->as.active = true;
		may_fail(complete_send(c, m->rrc_transaction_identifier));
		if (!pdcp_secure(c->srb[1].pdcp, &keys, PDCP_ALL_SECURITY))
			ue_rrc_fail(c, UE_RRC_FAILURE);
	}
	explicit_bzero(&keys, sizeof(keys));
}
