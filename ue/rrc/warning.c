/* Public warnings of system information (38.331 5.2.2.4.7 to 5.2.2.4.9): segments are put together until a
 * warning is whole. */
#include <stdlib.h>

#include "ue/rrc/internal.h"

enum { SEGMENTS_MAX = 64, SEGMENT_MAX = 372 /* 5.2.1: an SI message has no more octets */ };

/* A warning of which there are segments. */
struct ue_rrc_assembly {
	uint8_t sib;
	uint16_t id, serial;
	uint8_t dcs;
	uint64_t have; /* bit n: segment n */
	uint8_t count; /* 0: the last has not come */
	struct {
		uint16_t len;
		uint8_t octets[SEGMENT_MAX];
	} segment[SEGMENTS_MAX];
};

/* SIB7 and SIB8 have the same members. */
struct segment {
	uint8_t sib;
	uint16_t id, serial;
	uint8_t number;
	bool last;
	struct bytes octets, dcs; /* dcs: none but in the first */
};

void ue_rrc_warnings_drop(struct ue_rrc_connection *c)
{
	for (size_t i = 0; i < UE_RRC_ASSEMBLIES; i++) {
		free(c->assemblies[i]);
		c->assemblies[i] = NULL;
	}
}

/* Its place; UE_RRC_ASSEMBLIES: there is none. */
static size_t place_of(const struct ue_rrc_connection *c, const struct segment *s)
{
	size_t i = 0;

	while (i < UE_RRC_ASSEMBLIES &&
		!(c->assemblies[i] && c->assemblies[i]->sib == s->sib && c->assemblies[i]->id == s->id &&
			c->assemblies[i]->serial == s->serial))
		i++;
	return i;
}

/* Of this warning, in the first place; a new one takes that of the one not heard of for longest. NULL: no
 * memory. */
static struct ue_rrc_assembly *assembly_of(struct ue_rrc_connection *c, const struct segment *s)
{
	size_t at = place_of(c, s);
	struct ue_rrc_assembly *a = at < UE_RRC_ASSEMBLIES ? c->assemblies[at] : calloc(1, sizeof(*a));

	if (!a)
		return NULL;
	if (at == UE_RRC_ASSEMBLIES) {
		a->sib = s->sib;
		a->id = s->id;
		a->serial = s->serial;
		at--;
		free(c->assemblies[at]);
	}
	for (; at > 0; at--)
		c->assemblies[at] = c->assemblies[at - 1];
	c->assemblies[0] = a;
	return a;
}

static bool is_whole(const struct ue_rrc_assembly *a)
{
	uint64_t all = a->count < 64 ? (UINT64_C(1) << a->count) - 1 : UINT64_MAX;

	return a->count > 0 && (a->have & all) == all;
}

static void deliver(struct ue_rrc_connection *c, const struct ue_rrc_assembly *a)
{
	static const size_t most = (size_t)SEGMENTS_MAX * SEGMENT_MAX;
	uint8_t *octets = malloc(most);
	struct writer w = writer_of(octets, octets ? most : 0);

	for (uint8_t i = 0; i < a->count; i++)
		writer_put(&w, bytes_of(a->segment[i].octets, a->segment[i].len));
	if (octets && !w.failed)
		c->config.upper.warned(c->config.upper.arg,
			&(struct ue_rrc_public_warning){ a->id, a->serial, a->dcs, writer_bytes(&w) });
	free(octets);
}

/* A warning that was whole is put together anew if it goes on. */
static void segment_received(struct ue_rrc_connection *c, const struct segment *s)
{
	struct ue_rrc_assembly *a = s->number < SEGMENTS_MAX ? assembly_of(c, s) : NULL;

	if (!a || !bytes_copy(a->segment[s->number].octets, SEGMENT_MAX, s->octets)) {
		c->stats.not_comprehended++;
		return;
	}
	a->segment[s->number].len = (uint16_t)s->octets.len;
	a->have |= UINT64_C(1) << s->number;
	if (s->dcs.len == 1)
		a->dcs = s->dcs.data[0];
	if (s->last)
		a->count = s->number + 1;
	if (!is_whole(a))
		return;
	deliver(c, a);
	a->have = 0;
}

/* It comes in each window as long as it is broadcast: once is enough. */
static void primary_received(struct ue_rrc_connection *c, const struct rrc_sib6 *sib)
{
	uint32_t primary = (uint32_t)sib->message_identifier << 16 | sib->serial_number;

	if (c->primary_heard && c->primary == primary)
		return;
	c->primary_heard = true;
	c->primary = primary;
	c->config.upper.warned(
		c->config.upper.arg, &(struct ue_rrc_public_warning){
					     .id = sib->message_identifier, .serial = sib->serial_number });
}

void ue_rrc_system_information(struct ue_rrc_connection *c, const struct rrc_system_information *m)
{
	const struct rrc_system_information_ies_sib_type_and_info *list =
		&m->critical_extensions.u.system_information.sib_type_and_info;

	if (m->critical_extensions.tag != RRC_SYSTEM_INFORMATION_CRITICAL_EXTENSIONS_TAG_SYSTEM_INFORMATION) {
		c->stats.not_comprehended++;
		return;
	}
	for (size_t i = 0; i < list->count; i++) {
		const struct rrc_sib7 *sib7 = &list->items[i].u.sib7;
		const struct rrc_sib8 *sib8 = &list->items[i].u.sib8;

		if (list->items[i].tag == RRC_SYSTEM_INFORMATION_IES_SIB_TYPE_AND_INFO_ITEM_TAG_SIB6)
			primary_received(c, &list->items[i].u.sib6);
		else if (list->items[i].tag == RRC_SYSTEM_INFORMATION_IES_SIB_TYPE_AND_INFO_ITEM_TAG_SIB7)
			segment_received(
				c, &(struct segment){ 7, sib7->message_identifier, sib7->serial_number,
					   sib7->warning_message_segment_number,
					   sib7->warning_message_segment_type ==
						   RRC_SIB7_WARNING_MESSAGE_SEGMENT_TYPE_LAST_SEGMENT,
					   sib7->warning_message_segment,
					   sib7->has_data_coding_scheme ? sib7->data_coding_scheme
									: BYTES_NONE });
		else if (list->items[i].tag == RRC_SYSTEM_INFORMATION_IES_SIB_TYPE_AND_INFO_ITEM_TAG_SIB8)
			segment_received(
				c, &(struct segment){ 8, sib8->message_identifier, sib8->serial_number,
					   sib8->warning_message_segment_number,
					   sib8->warning_message_segment_type ==
						   RRC_SIB8_WARNING_MESSAGE_SEGMENT_TYPE_LAST_SEGMENT,
					   sib8->warning_message_segment,
					   sib8->has_data_coding_scheme ? sib8->data_coding_scheme
									: BYTES_NONE });
	}
}
