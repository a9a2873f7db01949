#include "io/pcapng.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/cursor.h"

/* draft-ietf-opsawg-pcapng: block types and option codes */
enum {
	PCAPNG_SECTION = 0x0a0d0d0a,
	PCAPNG_INTERFACE = 1,
	PCAPNG_ENHANCED_PACKET = 6,
	PCAPNG_MAGIC = 0x1a2b3c4d,
	PCAPNG_OPT_END = 0,
	PCAPNG_OPT_COMMENT = 1,
	PCAPNG_SHB_USERAPPL = 4,
	PCAPNG_IF_NAME = 2,
	PCAPNG_IF_TSRESOL = 9,
	PCAPNG_TSRESOL_NS = 9, /* 10^-9 s */
	PCAPNG_TEXT_MAX = 1024,
	PCAPNG_BLOCK_MAX = 2 * PCAPNG_TEXT_MAX + 128, /* without the packet */
};

/* Wireshark's exported PDUs: tags, big-endian, before the PDU. */
enum {
	EXPORTED_PDU_END = 0,
	EXPORTED_PDU_DISSECTOR = 12, /* EXP_PDU_TAG_DISSECTOR_NAME */
	EXPORTED_PDU_HEADER_MAX = 80,
};

/* All numbers are in network order: the section's magic shows it. */
static size_t pcapng_padding(size_t len)
{
	return (4 - len % 4) % 4;
}

static void pcapng_pad(struct writer *w, size_t len)
{
	for (size_t i = 0; i < pcapng_padding(len); i++)
		writer_u8(w, 0);
}

static void pcapng_option(struct writer *w, uint16_t code, struct bytes value)
{
	writer_u16(w, code);
	writer_u16(w, (uint16_t)value.len);
	writer_put(w, value);
	pcapng_pad(w, value.len);
}

static void pcapng_text_option(struct writer *w, uint16_t code, const char *text)
{
	if (text)
		pcapng_option(w, code, bytes_of(text, strnlen(text, PCAPNG_TEXT_MAX)));
}

bool pcapng_flush(struct pcapng *p)
{
	size_t at = 0;

	while (at < p->used && !p->failed) {
		ssize_t n = write(p->fd, p->buf + at, p->used - at);

		if (n > 0)
			at += (size_t)n;
		else if (n == 0 || errno != EINTR)
			p->failed = true;
	}
	p->used = 0;
	return !p->failed;
}

static void pcapng_append(struct pcapng *p, struct bytes b)
{
	while (b.len > 0 && !p->failed) {
		size_t room = sizeof(p->buf) - p->used;
		size_t n = b.len < room ? b.len : room;

		bytes_copy(p->buf + p->used, room, bytes_of(b.data, n));
		p->used += n;
		b = bytes_of(b.data + n, b.len - n);
		if (p->used == sizeof(p->buf))
			may_fail(pcapng_flush(p)); /* p remembers; the end reports it */
	}
}

/* A block: the head of its body, two pieces of packet with padding, then options. */
static bool pcapng_block(struct pcapng *p, uint32_t type, struct bytes head, struct bytes first,
	struct bytes second, struct bytes options)
{
	size_t packet = first.len + second.len;
	uint32_t total = (uint32_t)(12 + head.len + packet + pcapng_padding(packet) + options.len);
	uint8_t edge[8];
	static const uint8_t zeros[4];
	struct writer w = writer_of(edge, sizeof(edge));

	writer_u32(&w, type);
	writer_u32(&w, total);
	pcapng_append(p, writer_bytes(&w));
	pcapng_append(p, head);
	pcapng_append(p, first);
	pcapng_append(p, second);
	pcapng_append(p, bytes_of(zeros, pcapng_padding(packet)));
	pcapng_append(p, options);
	pcapng_append(p, bytes_of(edge + 4, 4));
	return !p->failed;
}

bool pcapng_open(struct pcapng *p, const char *path, const char *application)
{
	uint8_t body[PCAPNG_BLOCK_MAX];
	struct writer w = writer_of(body, sizeof(body));

	p->interfaces = 0;
	p->used = 0;
	p->packets = 0;
	p->fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	p->failed = p->fd < 0;
	if (p->failed)
		return false;
	writer_u32(&w, PCAPNG_MAGIC);
	writer_u16(&w, 1); /* version 1.0 */
	writer_u16(&w, 0);
	writer_u64(&w, UINT64_MAX); /* length of the section: not given */
	pcapng_text_option(&w, PCAPNG_SHB_USERAPPL, application);
	pcapng_option(&w, PCAPNG_OPT_END, BYTES_NONE);
	return pcapng_block(p, PCAPNG_SECTION, writer_bytes(&w), BYTES_NONE, BYTES_NONE, BYTES_NONE);
}

int pcapng_interface(struct pcapng *p, uint16_t link_type, const char *name)
{
	static const uint8_t resolution[1] = { PCAPNG_TSRESOL_NS };
	uint8_t body[PCAPNG_BLOCK_MAX];
	struct writer w = writer_of(body, sizeof(body));

	writer_u16(&w, link_type);
	writer_u16(&w, 0);
	writer_u32(&w, 0); /* no limit of length */
	pcapng_text_option(&w, PCAPNG_IF_NAME, name);
	pcapng_option(&w, PCAPNG_IF_TSRESOL, BYTES(resolution));
	pcapng_option(&w, PCAPNG_OPT_END, BYTES_NONE);
	if (!pcapng_block(p, PCAPNG_INTERFACE, writer_bytes(&w), BYTES_NONE, BYTES_NONE, BYTES_NONE))
		return -1;
	return (int)p->interfaces++;
}

static bool pcapng_enhanced(struct pcapng *p, int interface, uint64_t utc_ns, struct bytes first,
	struct bytes second, const char *comment)
{
	uint8_t head_buf[20], option_buf[PCAPNG_BLOCK_MAX];
	struct writer head = writer_of(head_buf, sizeof(head_buf));
	struct writer options = writer_of(option_buf, sizeof(option_buf));
	size_t len = first.len + second.len;

	if (interface < 0 || (uint32_t)interface >= p->interfaces || len > PCAPNG_PACKET_MAX)
		return false;
	writer_u32(&head, (uint32_t)interface);
	writer_u64(&head, utc_ns);
	writer_u32(&head, (uint32_t)len);
	writer_u32(&head, (uint32_t)len);
	if (comment) {
		pcapng_text_option(&options, PCAPNG_OPT_COMMENT, comment);
		pcapng_option(&options, PCAPNG_OPT_END, BYTES_NONE);
	}
	p->packets++;
	return pcapng_block(
		p, PCAPNG_ENHANCED_PACKET, writer_bytes(&head), first, second, writer_bytes(&options));
}

bool pcapng_packet(struct pcapng *p, int interface, uint64_t utc_ns, struct bytes packet, const char *comment)
{
	return pcapng_enhanced(p, interface, utc_ns, packet, BYTES_NONE, comment);
}

bool pcapng_pdu(struct pcapng *p, int interface, uint64_t utc_ns, const char *dissector, struct bytes pdu,
	const char *comment)
{
	uint8_t tags[EXPORTED_PDU_HEADER_MAX];
	struct writer w = writer_of(tags, sizeof(tags));
	size_t len = strlen(dissector);

	/* Tag lengths are multiples of four, the name filled up with zeros. */
	writer_u16(&w, EXPORTED_PDU_DISSECTOR);
	writer_u16(&w, (uint16_t)(len + pcapng_padding(len)));
	writer_put(&w, bytes_of(dissector, len));
	pcapng_pad(&w, len);
	writer_u16(&w, EXPORTED_PDU_END);
	writer_u16(&w, 0);
	return !w.failed && pcapng_enhanced(p, interface, utc_ns, writer_bytes(&w), pdu, comment);
}

bool pcapng_close(struct pcapng *p)
{
	bool ok = p->fd >= 0 && pcapng_flush(p);

	if (p->fd >= 0)
		ok = close(p->fd) == 0 && ok;
	p->fd = -1;
	return ok;
}
