/*
 * The coding of the shared channels, DL-SCH (38.212 7.2) and UL-SCH without UCI (6.2): a transport block to
 * the bits of a codeword and back, with HARQ.
 */
#pragma once

#include "radio/phy/codes/ldpc_decode.h"
#include "radio/phy/codes/ratematch.h"

/* One transmission of a transport block. */
struct phy_sch {
	uint32_t a;          /* bits of the transport block: TBS of 38.214 5.1.3.2 */
	uint32_t g;          /* bits of the codeword: a multiple of q_m * layers */
	uint32_t lbrm_bits;  /* TBS_LBRM of 5.4.2.1, or 0 for the whole buffer */
	uint16_t rate_x2048; /* the target code rate of the MCS, times 2048 */
	uint8_t q_m;         /* bits a symbol */
	uint8_t layers;
	uint8_t rv; /* 0 to 3 */
};

/* What encoding works in; one a thread. NULL when memory is out. */
struct phy_sch_encoder *phy_sch_encoder_new(void);
void phy_sch_encoder_free(struct phy_sch_encoder *e);

/* tb: a bits packed. out: g bits packed, zeros behind in the last octet. False for what *s cannot be. */
bool phy_sch_encode(struct phy_sch_encoder *e, const struct kern *k, const struct phy_sch *s,
	const uint8_t *tb, uint8_t *out);

/* What decoding works in; one a thread. NULL when memory is out. */
struct phy_sch_decoder *phy_sch_decoder_new(void);
void phy_sch_decoder_free(struct phy_sch_decoder *d);

/*
 * The soft buffer of one HARQ process: what the transmissions of a block sum up to, and which of its code
 * blocks came out already. max_a: bits of the largest transport block it must take. NULL when memory is out.
 */
struct phy_harq *phy_harq_new(uint32_t max_a);
void phy_harq_free(struct phy_harq *h);

/* A new transport block begins: what was summed up is forgotten. */
void phy_harq_reset(struct phy_harq *h);

struct phy_sch_result {
	bool ok;             /* the transport block's CRC agrees */
	uint16_t blocks;     /* code blocks of it */
	uint16_t blocks_ok;  /* of them, by their CRC */
	uint32_t iterations; /* of the decoder over all blocks, this time */
};

/*
 * Adds the g LLRs of a transmission (about 4 a nat, positive for a zero) to the soft buffer and decodes with
 * at most `iterations` for a code block (1 to 65535; LDPC_ITERATIONS if there is time). tb gets a bits
 * packed: the transport block if result->ok. False, with nothing done, for what *s cannot be, or what is not
 * the block that h holds since its reset (another a or base graph).
 */
bool phy_sch_decode(struct phy_sch_decoder *d, const struct kern *k, const struct phy_sch *s,
	unsigned iterations, const int8_t *llr, struct phy_harq *h, uint8_t *tb,
	struct phy_sch_result *result);

/*
 * The same in steps, by which decoders share the code blocks of one transport block: begin, which is false as
 * phy_sch_decode() is; each part, by any decoder and at any time before the end; the end. What comes out does
 * not depend on the number of parts.
 */
struct phy_sch_part {
	unsigned index, of;
};

bool phy_sch_begin(const struct phy_sch *s, struct phy_harq *h);
void phy_sch_decode_part(struct phy_sch_decoder *d, const struct kern *k, const struct phy_sch *s,
	unsigned iterations, const int8_t *llr, struct phy_harq *h, const struct phy_sch_part *part);
void phy_sch_end(const struct kern *k, const struct phy_sch *s, struct phy_harq *h, uint8_t *tb,
	struct phy_sch_result *result);
