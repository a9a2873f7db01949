/* Frames in the LAN of Ethernet sessions: UEs by their number, "host" on N6, "all" for the broadcast. */
#include "base/cursor.h"
#include "base/text.h"
#include "tests/scenario/scenario.h"

enum {
	FRAME_LEN = 64,
	FRAME_MS = 300,
	HOST = 0,
	ALL = SCN_UES_MAX + 1,
	EXPERIMENT = SCN_ETHERTYPE,
	C_TAG = 0x8100
};

static bool end_of(const char *word, uint64_t *n)
{
	*n = HOST;
	if (!strcmp(word, "host"))
		return true;
	*n = ALL;
	return !strcmp(word, "all") || (scn_number(word, n) && *n >= 1 && *n <= SCN_UES_MAX);
}

static uint64_t mac_of(uint64_t end)
{
	return end == ALL ? UINT64_C(0xffffffffffff) : UINT64_C(0x020000000000) | end;
}

static void frame_make(uint8_t f[FRAME_LEN], uint64_t from, uint64_t to, uint16_t vid, uint32_t number)
{
	struct writer w = writer_of(f, FRAME_LEN);

	memset(f, 0, FRAME_LEN);
	writer_uint(&w, mac_of(to), 6);
	writer_uint(&w, mac_of(from), 6);
	if (vid) {
		writer_u16(&w, C_TAG);
		writer_u16(&w, vid);
	}
	writer_u16(&w, EXPERIMENT);
	writer_u32(&w, number);
}

/* Who got that frame: bit n: UE n, bit 0: the host. */
static uint64_t frame_reached(const struct scn *s, uint32_t number)
{
	uint64_t reached = s->host_frame == number;

	for (size_t i = 1; i < SCN_UES_MAX; i++)
		reached |= (uint64_t)(s->ues[i].frame == number) << i;
	return reached;
}

static bool frame_send(struct scn *s, uint64_t from, uint64_t to, uint16_t vid, uint64_t *reached)
{
	uint8_t f[FRAME_LEN] = { 0 };
	struct msg m = { .kind = MSG_DATA, .data = bytes_of(f, sizeof(f)) };
	uint32_t number = ++s->frames;

	frame_make(f, from, to, vid, number);
	if (from == HOST && s->upf) {
		m.port = UPF_PORT_LAN;
		sim_deliver(s->upf_node, &m);
	} else if (from != HOST && s->ues[from].ue) {
		m.port = UE_PORT_LINK;
		m.assoc = ue_index(s->ues[from].ue);
		sim_deliver(s->ue_node, &m);
	}
	if (!scn_run(s, NULL, NULL, FRAME_MS))
		return false;
	*reached = frame_reached(s, number);
	return true;
}

/* "2,3,host", or "none" */
static bool ends_of(const char *list, uint64_t *ends)
{
	char word[16];

	*ends = 0;
	while (*list) {
		size_t len = strcspn(list, ",");
		uint64_t n;

		if (len >= sizeof(word))
			return false;
		str_copy(word, len + 1, list);
		list += len + (list[len] == ',');
		if (!strcmp(word, "none"))
			continue;
		if (!end_of(word, &n) || n == ALL)
			return false;
		*ends |= UINT64_C(1) << n;
	}
	return true;
}

static bool frame(struct scn *s, const struct scn_args *a, const char *list, uint16_t vid, uint64_t ms)
{
	uint64_t from, to, wanted, reached = 0;

	if (!end_of(a->s[0], &from) || from == ALL || !end_of(a->s[1], &to) || !ends_of(list, &wanted))
		return scn_fail(s, "ends are numbers of UEs, host, and all or none");
	for (uint64_t i = 0; i <= ms / FRAME_MS; i++) {
		/* Who is looked for speaks too, or it would never be found again once it was forgotten. */
		if (i > 0 && to != ALL && !frame_send(s, to, from, vid, &reached))
			return false;
		if (!frame_send(s, from, to, vid, &reached))
			return false;
		if (reached == wanted)
			return true;
	}
	return scn_fail(s, "it reached %llx (bit n: UE n, bit 0: the host)", (unsigned long long)reached);
}

bool scn_frame(struct scn *s, const struct scn_args *a)
{
	return frame(s, a, a->s[2], 0, 0);
}

bool scn_frame_again(struct scn *s, const struct scn_args *a)
{
	return frame(s, a, a->s[2], 0, a->n[0]);
}

bool scn_frame_vlan(struct scn *s, const struct scn_args *a)
{
	return frame(s, a, a->s[2], (uint16_t)a->n[0], 0);
}
