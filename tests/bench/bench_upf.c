/*
 * What a packet costs the UPF: CPU microseconds of its process, kernel included, with 10,000 sessions of 4
 * PDRs (a dedicated flow each way before the default one) and 3 QERs, of which each PDR has two; and how many
 * PFCP session establishments it takes in a second of CPU, without the kernel. Prints `name value unit`
 * lines. The UPF is in a network namespace of its own; the gNB is a process in another one behind a veth
 * pair, the data network a process that sends into the TUN. Uplink packets end in the kernel's routing behind
 * the TUN. `single`: every packet of another session; `run`: bursts of one flow. bare_* are the same system
 * calls with no UPF between them; upf2_* is a UPF of two workers, and upf_workers_* how much dearer it is
 * than one of one worker (1.0: not at all). Each is measured several times, and the least is printed.
 */
#include <linux/if_tun.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/upf/upf_bed.h"
#include "io/env.h"
#include "io/netlink.h"
#include "plane/upf.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103
#endif
#ifndef UDP_GRO
#define UDP_GRO 104
#endif

enum {
	SESSIONS = 10000,
	SECONDS = 1,
	REPEATS = 3,
	LOADS = 8,
	WORKERS = 2,
	BATCH = 64,
	/* Of a chunk: as many as the queues of the kernel hold. */
	CHUNK_BATCHES = 6,
	CHUNK_RUNS = 64,
	DRAIN_US = 2000,
	RUN_OCTETS = 62000,
	HEADER = 16,
	UDP_HEADERS = 28,
	SINK_RCVBUF = 4096
};

struct bench {
	struct loop *loop;
	struct io_env env;
	struct io_log log;
	struct outbox outbox;
	struct bind *bind;
	struct upf *upf;
	struct plane_upf *plane;
	int gnb_netns;
	uint32_t teid[SESSIONS];
	double establishing_us; /* CPU of the establishments */
};

static struct bench bench;

#define NONE   1e9
#define FILTER "permit out 17 from 192.0.2.7/32 5060 to assigned"

static void die(const char *what)
{
	perror(what);
	exit(1);
}

static double less(double a, double b)
{
	return a > 0 && a < b ? a : b;
}

static double thread_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NS_PER_S + (uint64_t)t.tv_nsec;
}

static struct sockaddr_in to_address(uint32_t ip, uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(ip)
	};
}

static int open_udp(uint32_t local, uint16_t port)
{
	struct sockaddr_in sa = to_address(local, port);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), size = SINK_RCVBUF, yes = 1;

	if (fd < 0 || bind(fd, (struct sockaddr *)&sa, sizeof(sa)) != 0)
		die("bench_upf: socket");
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
	setsockopt(fd, IPPROTO_UDP, UDP_GRO, &yes, sizeof(yes));
	return fd;
}

/* The load, in a process of its own, for SECONDS. */
struct load {
	bool uplink, run;
	size_t len; /* of the inner packet */
};

/* The packet of each session, made before the load begins. */
static uint8_t made[SESSIONS][1400 + HEADER];

static struct iovec load_packet(const struct load *l, uint32_t session, struct sockaddr_in *to)
{
	*to = l->uplink ? to_address(BED_UPF_N3, GTPU_UDP_PORT) : to_address(BED_UE + session, 1000);
	return (struct iovec){ made[session], l->uplink ? l->len + HEADER : l->len - UDP_HEADERS };
}

static void load_make(const struct load *l)
{
	uint8_t inner[1400];

	for (uint32_t i = 0; l->uplink && i < SESSIONS; i++)
		bed_gpdu(made[i], bench.teid[i], 9, bed_udp(inner, BED_UE + i, BED_DN, 1000, 53, l->len));
}

static void generate_run(int fd, const struct load *l, uint32_t session)
{
	struct sockaddr_in to;
	struct iovec packet = load_packet(l, session, &to);
	size_t count = RUN_OCTETS / packet.iov_len < BATCH ? RUN_OCTETS / packet.iov_len : BATCH;
	char control[CMSG_SPACE(sizeof(uint16_t))];
	struct iovec iov[BATCH];
	struct msghdr m = { .msg_name = &to,
		.msg_namelen = sizeof(to),
		.msg_iov = iov,
		.msg_iovlen = count,
		.msg_control = control,
		.msg_controllen = sizeof(control) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	for (size_t i = 0; i < count; i++)
		iov[i] = packet;
	*c = (struct cmsghdr){ CMSG_LEN(sizeof(uint16_t)), IPPROTO_UDP, UDP_SEGMENT };
	*(uint16_t *)CMSG_DATA(c) = (uint16_t)packet.iov_len;
	sendmsg(fd, &m, 0);
}

static void generate_singles(int fd, const struct load *l, uint32_t session)
{
	struct sockaddr_in to[BATCH];
	struct mmsghdr m[BATCH] = { 0 };
	struct iovec iov[BATCH];

	for (uint32_t i = 0; i < BATCH; i++) {
		iov[i] = load_packet(l, (session + i * 7919) % SESSIONS, &to[i]);
		m[i].msg_hdr = (struct msghdr){
			.msg_name = &to[i], .msg_namelen = sizeof(to[i]), .msg_iov = &iov[i], .msg_iovlen = 1
		};
	}
	sendmmsg(fd, m, BATCH, 0);
}

/* The load on one processor, the UPF with all its threads on another: it has as much to do as it can, and
 * what its threads cost does not depend on who shares a processor with the load. */
static void pin(int cpu)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	sched_setaffinity(0, sizeof(set), &set); /* where there is one processor only, they share it */
}

static pid_t generate(const struct load *l)
{
	uint32_t session = 1;
	pid_t pid = fork();
	uint64_t end;
	int fd;

	if (pid != 0)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pin(0);
	if (l->uplink && !netns_enter(bench.gnb_netns))
		die("bench_upf: namespace");
	load_make(l);
	fd = l->uplink ? open_udp(BED_GNB, 0) : open_udp(BED_POOL + 1, 0);
	end = now_ns() + SECONDS * NS_PER_S;
	while (now_ns() < end) {
		kill(getppid(), SIGSTOP);
		for (int i = 0; i < (l->run ? CHUNK_RUNS : CHUNK_BATCHES); i++) {
			session = (session * 1664525 + 1013904223) & INT32_MAX;
			if (l->run)
				generate_run(fd, l, session % SESSIONS);
			else
				generate_singles(fd, l, session % SESSIONS);
		}
		kill(getppid(), SIGCONT);
		usleep(DRAIN_US);
	}
	_exit(0);
}

/* The UPF, or the bare calls, until the load has ended and everything is read. */
static void report(const char *kind, const struct load *l, double us, uint64_t packets)
{
	printf("%s_%s_%zu_%s %.3f us/packet\n", kind, l->uplink ? "uplink" : "downlink", l->len,
		l->run ? "run" : "single", packets ? us / (double)packets : -1.0);
	fflush(stdout);
}

static uint64_t forwarded(const struct load *l)
{
	struct stats s;

	upf_stats(bench.upf, &s);
	return s.values[l->uplink ? UPF_STAT_UL_PACKETS : UPF_STAT_DL_PACKETS];
}

static uint64_t handed_over(void)
{
	struct stats s;

	upf_stats(bench.upf, &s);
	return s.values[UPF_STAT_HANDED_OVER];
}

static double measure_upf(const struct load *l)
{
	uint64_t before = forwarded(l), calls, packets;
	pid_t pid = generate(l);
	uint64_t handed = handed_over();
	double cpu = cpu_us();
	struct plane_upf_stats s0 = plane_upf_stats(bench.plane), s;

	while (waitpid(pid, NULL, WNOHANG) == 0)
		if (!loop_turn(bench.loop, 10 * NS_PER_MS))
			die("bench_upf: epoll");
	cpu = cpu_us() - cpu;
	s = plane_upf_stats(bench.plane);
	calls = l->uplink ? s.n6_writes - s0.n6_writes : s.n6_reads - s0.n6_reads;
	packets = forwarded(l) - before;
	fprintf(stderr, "  %llu packets, %llu handed over, in %llu TUN calls; failed %llu %llu\n",
		(unsigned long long)packets, (unsigned long long)(handed_over() - handed),
		(unsigned long long)calls, (unsigned long long)s.n3_failed, (unsigned long long)s.n6_failed);
	for (int i = 0; i < 20; i++)
		if (!loop_turn(bench.loop, NS_PER_MS))
			die("bench_upf: epoll");
	return packets ? cpu / (double)packets : 0;
}

static uint64_t bare_uplink(int udp, int tun)
{
	static uint8_t buf[BATCH][2048];
	static const struct virtio_net_hdr none;
	struct mmsghdr m[BATCH] = { 0 };
	struct iovec iov[BATCH];
	int n;

	for (int i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec){ buf[i], sizeof(buf[i]) };
		m[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i], .msg_iovlen = 1 };
	}
	n = recvmmsg(udp, m, BATCH, MSG_DONTWAIT, NULL);
	for (int i = 0; i < n; i++) {
		struct iovec out[2] = { { (void *)&none, sizeof(none) },
			{ buf[i] + HEADER, m[i].msg_len - HEADER } };

		if (writev(tun, out, 2) < 0)
			break;
	}
	return n > 0 ? (uint64_t)n : 0;
}

static uint64_t bare_downlink(int udp, int tun)
{
	static uint8_t buf[BATCH][2048];
	struct sockaddr_in to = to_address(BED_GNB, GTPU_UDP_PORT);
	struct mmsghdr m[BATCH] = { 0 };
	struct iovec iov[BATCH];
	ssize_t len;
	int n;

	for (n = 0; n < BATCH; n++) {
		len = read(tun, buf[n] + HEADER - sizeof(struct virtio_net_hdr), sizeof(buf[n]) - HEADER);
		if (len <= 0)
			break;
		iov[n] = (struct iovec){ buf[n], (size_t)len - sizeof(struct virtio_net_hdr) + HEADER };
		m[n].msg_hdr = (struct msghdr){
			.msg_name = &to, .msg_namelen = sizeof(to), .msg_iov = &iov[n], .msg_iovlen = 1
		};
	}
	if (n)
		sendmmsg(udp, m, (unsigned)n, MSG_DONTWAIT);
	return (uint64_t)n;
}

static void measure_bare(const struct load *l, int udp, int tun)
{
	uint64_t packets = 0, n;
	double cpu = cpu_us();
	pid_t pid = generate(l);

	while (waitpid(pid, NULL, WNOHANG) == 0) {
		n = l->uplink ? bare_uplink(udp, tun) : bare_downlink(udp, tun);
		packets += n;
		if (n == 0)
			usleep(100);
	}
	report("bare", l, cpu_us() - cpu, packets);
}

static void set_up_networks(void)
{
	struct addr gnb = addr_from_v4(BED_GNB, 0), n3 = addr_from_v4(BED_UPF_N3, 0);
	int here;

	if (!netns_unshare() || (here = netns_current()) < 0 || (bench.gnb_netns = netns_create(NULL)) < 0)
		die("bench_upf: it needs CAP_SYS_ADMIN for network namespaces");
	if (!netlink_veth_create("n3", "gnb") || !netlink_link_to_netns("gnb", bench.gnb_netns) ||
		!netlink_addr_add("n3", &n3, 24) || !netlink_link_up("n3") || !netns_enter(bench.gnb_netns) ||
		!netlink_addr_add("gnb", &gnb, 24) || !netlink_link_up("gnb"))
		die("bench_upf: veth");
	open_udp(BED_GNB, GTPU_UDP_PORT); /* the gNB: it takes what fits and reads nothing */
	if (!netns_enter(here))
		die("bench_upf: namespace");
}

static void set_up_tun(const char *name)
{
	struct addr gateway = addr_from_v4(BED_POOL + 1, 0);

	if (!netlink_link_mtu(name, 1400) || !netlink_link_up(name) || !netlink_addr_add(name, &gateway, 16))
		die("bench_upf: TUN");
}

static void give(struct pfcp_msg *m, uint32_t sequence, struct pfcp_msg *response, struct arena *arena)
{
	static uint8_t buf[4096];
	struct writer w = writer_of(buf, sizeof(buf));
	struct room room = upf_room(bench.upf);
	struct msg msg = { .kind = MSG_DATA, .port = UPF_PORT_N4, .peer = addr_from_v4(BED_SMF, 8805) };
	struct tlv_fault fault;
	double from;

	m->sequence = sequence;
	if (!pfcp_encode(m, &w))
		die("bench_upf: PFCP");
	msg.data = writer_bytes(&w);
	from = thread_us();
	room.ops->on_msg(room.self, &msg);
	bench.establishing_us += m->type == PFCP_SESSION_ESTABLISHMENT_REQUEST ? thread_us() - from : 0;
	arena_reset(arena);
	if (!bench.outbox.head || !pfcp_decode(bench.outbox.head->msg.data, arena, response, &fault))
		die("bench_upf: no PFCP response");
	outbox_reset(&bench.outbox);
}

/* The usual session with a dedicated flow: its packets are looked for first. */
struct bench_session {
	struct bed_session usual;
	struct pfcp_create_pdr pdr[4];
	struct pfcp_create_qer qer[3];
	uint32_t qer_ids[2];
};

static void session_fill(struct bench_session *s, uint32_t i)
{
	static const struct pfcp_sdf_filter filter = { .has_flow_description = true,
		.flow_description = { (const uint8_t *)FILTER, sizeof(FILTER) - 1 } };
	struct pfcp_session_establishment_request *r = &s->usual.m.session_establishment_request;

	bed_session_fill(&s->usual, BED_UE + i, BED_GNB_TEID + i, i + 1);
	s->qer_ids[0] = 1;
	s->qer_ids[1] = 3;
	for (int k = 0; k < 4; k++) {
		struct pfcp_create_pdr *p = &s->pdr[k];

		*p = s->usual.pdr[k % 2];
		p->pdi.local_f_teid.has_choose_id = p->pdi.local_f_teid.choose;
		p->pdi.local_f_teid.choose_id = 1;
		if (k < 2)
			continue;
		p->pdr_id = (uint16_t)(k + 1);
		p->precedence = 10;
		p->qer_id = s->qer_ids;
		p->pdi.sdf_filter = (struct pfcp_sdf_filter *)&filter;
		p->pdi.sdf_filter_count = 1;
	}
	for (int k = 0; k < 3; k++)
		s->qer[k] = s->usual.qer[k % 2];
	s->qer[2] = (struct pfcp_create_qer){
		.qer_id = 3, .has_mbr = true, .mbr = { 10000, 10000 }, .has_qfi = true, .qfi = 10
	};
	r->create_pdr = s->pdr;
	r->create_pdr_count = 4;
	r->create_qer = s->qer;
	r->create_qer_count = 3;
}

static void set_up_sessions(void)
{
	struct pfcp_msg setup = { .type = PFCP_ASSOCIATION_SETUP_REQUEST }, response;
	struct arena arena;

	arena_init(&arena, NULL, 0, 1 << 20);
	give(&setup, 1, &response, &arena);
	for (uint32_t i = 0; i < SESSIONS; i++) {
		struct bench_session s;

		session_fill(&s, i);
		give(&s.usual.m, i + 2, &response, &arena);
		bench.teid[i] = response.session_establishment_response.created_pdr[0].local_f_teid.teid;
	}
	arena_fini(&arena);
}

static void set_up_upf(uint8_t workers)
{
	struct upf_config config;
	struct plane_upf_config data = {
		.n3_address = addr_from_v4(BED_UPF_N3, 0), .tun = "upf", .mtu = 1400, .workers = workers
	};
	char offload[32];

	bed_config(&config);
	config.workers = workers;
	bench.loop = loop_new();
	io_log_init(&bench.log, bench.loop, LOG_WARN, STDERR_FILENO);
	outbox_init(&bench.outbox, 1 << 20);
	io_env_init(&bench.env, bench.loop, NULL, &bench.log.log, &bench.outbox);
	bench.bind = bind_new(bench.loop, &bench.env.env);
	bench.upf = upf_new(&config, &bench.env.env);
	set_up_sessions();
	bench.plane = plane_upf_new(&data, bench.upf, bench.loop, bench.bind, &bench.log.log);
	if (!bench.plane)
		die("bench_upf: N3 and N6");
	set_up_tun("upf");
	fprintf(stderr, "%u workers, offload: %s\n", workers, plane_upf_offload(bench.plane, offload));
	for (int i = 0; i < 20; i++) /* its threads start */
		if (!loop_turn(bench.loop, NS_PER_MS))
			die("bench_upf: epoll");
}

static void tear_down_upf(void)
{
	plane_upf_free(bench.plane);
	upf_free(bench.upf);
	bind_free(bench.bind);
	outbox_fini(&bench.outbox);
	io_env_fini(&bench.env);
	loop_free(bench.loop);
}

/* The rules alone, without the kernel: bursts of packets of different sessions. */
static double measure_rules(bool uplink)
{
	static uint8_t buf[SESSIONS][128];
	static struct upf_packet in[SESSIONS], packets[BATCH];
	enum { ROUNDS = 40 };
	struct upf_worker *w = upf_worker_at(bench.upf, 0);
	uint64_t now = now_ns();
	double cpu;

	for (uint32_t i = 0; i < SESSIONS; i++) {
		uint32_t session = (uint32_t)((uint64_t)i * 7919 % SESSIONS);
		uint8_t inner[64];
		struct bytes p = uplink ? bed_gpdu(buf[i], bench.teid[session], 9,
						  bed_udp(inner, BED_UE + session, BED_DN, 1000, 53, 64))
					: bed_udp(buf[i], BED_DN, BED_UE + session, 53, 1000, 64);

		in[i] = (struct upf_packet){ .data = p.data,
			.len = (uint32_t)p.len,
			.linear = (uint32_t)p.len,
			.peer = ip_from_v4(BED_GNB) };
	}
	cpu = cpu_us();
	for (int round = 0; round < ROUNDS; round++) {
		for (uint32_t i = 0; i + BATCH <= SESSIONS; i += BATCH) {
			bytes_copy(packets, sizeof(packets), bytes_of(&in[i], sizeof(packets)));
			upf_worker_begin(w, now);
			if (uplink)
				upf_worker_n3(w, packets, BATCH);
			else
				upf_worker_n6(w, packets, BATCH);
			upf_worker_end(w);
		}
	}
	return (cpu_us() - cpu) / ROUNDS / SESSIONS;
}

static void measure_all_bare(void)
{
	struct udp *udp = udp_open(&(struct addr){ { 10, 1, 0, 1 }, 4, GTPU_UDP_PORT }, NULL);
	struct tun tun;

	if (!udp || !tun_open(&tun, &(struct tun_config){ .name = "bare", .vnet_hdr = true }))
		die("bench_upf: bare");
	set_up_tun("bare");
	for (int i = 0; i < 4; i++)
		measure_bare(&(struct load){ i < 2, false, i % 2 ? 1400 : 64 }, udp_fd(udp), tun.fd);
	tun_close(&tun);
	udp_free(udp);
}

static struct load load_of(int i)
{
	return (struct load){ i % 4 < 2, i >= 4, i % 2 ? 1400 : 64 };
}

/* The rules are measured while the worker's thread has nothing to do. */
static void measure_all(double best[WORKERS][LOADS], double rules[2], double *establishing)
{
	for (int w = 0; w < WORKERS; w++) {
		bench.establishing_us = 0;
		set_up_upf((uint8_t)(w + 1));
		*establishing = less(bench.establishing_us / SESSIONS, *establishing);
		for (int i = 0; i < 2 * REPEATS && w == 0; i++)
			rules[i % 2] = less(measure_rules(i % 2 == 0), rules[i % 2]);
		for (int i = 0; i < LOADS; i++) {
			struct load l = load_of(i);

			best[w][i] = less(measure_upf(&l), best[w][i]);
		}
		if (w == 0 && best[1][0] == NONE)
			printf("upf_memory %.0f octets/session\n",
				(double)upf_numbers(bench.upf).session_octets / SESSIONS);
		tear_down_upf();
	}
}

int main(void)
{
	double best[WORKERS][LOADS], rules[2] = { NONE, NONE }, establishing = NONE;

	for (int i = 0; i < WORKERS * LOADS; i++)
		best[i / LOADS][i % LOADS] = NONE;
	pin(1);
	set_up_networks();
	bench.teid[0] = 1;
	measure_all_bare();
	for (int i = 0; i < REPEATS; i++)
		measure_all(best, rules, &establishing);
	printf("upf_establishments %.0f /s\n", 1e6 / establishing);
	printf("upf_rules_uplink %.3f us/packet\nupf_rules_downlink %.3f us/packet\n", rules[0], rules[1]);
	for (int i = 0; i < LOADS; i++) {
		struct load l = load_of(i);
		char ratio[16];

		report("upf", &l, best[0][i], 1);
		report("upf2", &l, best[1][i], 1);
		snprintf(ratio, sizeof(ratio), "%.3f ratio\n", best[1][i] / best[0][i]);
		printf("upf_workers_%s_%zu_%s %s", l.uplink ? "uplink" : "downlink", l.len,
			l.run ? "run" : "single", ratio);
	}
	return 0;
}
