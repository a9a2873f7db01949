/* PDCCH-Config: CORESETs and search spaces of a UE. */
#include "radio/cell/cell_read.h"
#include "radio/cell/own_read.h"

static struct cell_coreset *coreset_of(struct cell_own *o, unsigned id)
{
	for (unsigned i = 0; i < CELL_CORESETS_MAX; i++)
		if (o->coresets[i].there && o->coresets[i].id == id)
			return &o->coresets[i];
	return NULL;
}

static struct cell_space *space_of(struct cell_own *o, unsigned id)
{
	for (unsigned i = 0; i < CELL_SPACES_MAX; i++)
		if (o->spaces[i].there && o->spaces[i].id == id)
			return &o->spaces[i];
	return NULL;
}

static const char *add_coreset(
	struct cell_own *o, const struct cell *c, const struct rrc_control_resource_set *in)
{
	struct cell_coreset *s = coreset_of(o, in->control_resource_set_id);

	for (unsigned i = 0; i < CELL_CORESETS_MAX && !s; i++)
		s = o->coresets[i].there ? NULL : &o->coresets[i];
	if (!s)
		return "more than two CORESETs";
	s->there = true;
	s->id = in->control_resource_set_id;
	s->tci = in->has_tci_present_in_dci;
	return cell_coreset_read(&s->at, in, c->downlink.bwp_start, c->pci) &&
			       cell_coreset_is_within(&s->at, &c->downlink)
		       ? NULL
		       : "a CORESET that cannot be";
}

/* Spaces for other formats than these are somebody else's, and find no place here. */
static const char *add_space(struct cell_own *o, const struct rrc_search_space *in)
{
	struct cell_space *s = space_of(o, in->search_space_id);
	struct cell_space read;

	if (!cell_space_read(&read, in))
		return "a search space that is not told whole";
	for (unsigned i = 0; i < CELL_SPACES_MAX && !s; i++)
		s = o->spaces[i].there ? NULL : &o->spaces[i];
	if (!s && !read.other)
		return "more than four search spaces";
	if (s)
		*s = read;
	if (s && read.other)
		s->there = false;
	return NULL;
}

/* A space's CORESET is of the UE's own, of SIB1, or CORESET 0. */
static const char *join(struct cell_own *o, const struct cell *c)
{
	for (unsigned i = 0; i < CELL_SPACES_MAX; i++) {
		struct cell_space *s = &o->spaces[i];
		const struct cell_coreset *own = coreset_of(o, s->coreset_id);

		if (!s->there)
			continue;
		s->tci = own && own->tci;
		if (s->coreset_id == 0)
			s->coreset = c->type0.coreset;
		else if (own)
			s->coreset = own->at;
		else if (s->coreset_id == c->common_coreset_id)
			s->coreset = c->common_coreset;
		else
			return "a search space of a CORESET that is not there";
		if (!cell_coreset_is_within(&s->coreset, &c->downlink))
			return "a search space of a CORESET outside its bandwidth part";
		if (!phy_search_space_valid(&s->space, s->coreset.n_symb))
			return "a search space that cannot be";
	}
	return NULL;
}

static void release(struct cell_own *o, const struct rrc_pdcch_config *p)
{
	for (size_t i = 0; p->search_spaces_to_release_list && i < p->search_spaces_to_release_list->count;
		i++) {
		struct cell_space *s = space_of(o, p->search_spaces_to_release_list->items[i]);

		if (s)
			s->there = false;
	}
	for (size_t i = 0;
		p->control_resource_set_to_release_list && i < p->control_resource_set_to_release_list->count;
		i++) {
		struct cell_coreset *s = coreset_of(o, p->control_resource_set_to_release_list->items[i]);

		if (s)
			s->there = false;
	}
}

const char *cell_own_read_pdcch(struct cell_own *o, const struct cell *c, const struct rrc_pdcch_config *p)
{
	const struct rrc_pdcch_config_control_resource_set_to_add_mod_list *coresets =
		p->control_resource_set_to_add_mod_list;
	const struct rrc_pdcch_config_search_spaces_to_add_mod_list *spaces =
		p->search_spaces_to_add_mod_list;
	const char *wrong = NULL;

	release(o, p);
	for (size_t i = 0; coresets && i < coresets->count && !wrong; i++)
		wrong = add_coreset(o, c, &coresets->items[i]);
	for (size_t i = 0; spaces && i < spaces->count && !wrong; i++)
		wrong = add_space(o, &spaces->items[i]);
	return wrong ? wrong : join(o, c);
}
