/*
 * What io costs: prints `name value unit` lines. SCTP is measured between two processes over the
 * loopback of a network namespace of its own, CPU of both ends together, a message each way counted
 * as two; the store with commits of six values of 300 octets, which is about what a registration writes.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/commit.h"
#include "base/room.h"
#include "io/sctp/crc32c.h"
#include "io/netlink.h"
#include "io/sctp/sctp.h"
#include "io/store/lmdb.h"

enum { MESSAGES = 30000, MESSAGE_LEN = 100, SCTP_PORT = 38412, COMMITS = 20000, PUTS = 6, VALUE_LEN = 300 };

struct end {
	struct loop *loop;
	struct io_sctp *sctp;
	struct io_sctp_user user;
	uint64_t assoc;
	unsigned in, out, window, total;
	unsigned owed; /* answers, to be sent at the turn's end as io/bind does */
	bool echo;
	struct loop_hook hook;
};

static const uint8_t message[MESSAGE_LEN];

static void end_send_some(struct end *e)
{
	while (e->out < e->total && e->out - e->in < e->window &&
		io_sctp_send(e->sctp, e->assoc, 0, IO_SCTP_PPID_NGAP, BYTES(message)))
		e->out++;
}

static void end_up(void *arg, uint64_t assoc, const struct io_sctp_up *up)
{
	struct end *e = arg;

	e->assoc = assoc;
}

static void end_down(void *arg, uint64_t assoc, enum io_sctp_down why)
{
	struct end *e = arg;

	if (e->echo)
		loop_stop(e->loop);
}

static void end_data(void *arg, uint64_t assoc, uint16_t stream, uint32_t ppid, struct bytes data)
{
	struct end *e = arg;

	e->in++;
	e->owed += e->echo;
	if (!e->echo && e->in == e->total) {
		io_sctp_shutdown(e->sctp, e->assoc);
		loop_stop(e->loop);
	}
}

static void end_turn_end(void *arg)
{
	struct end *e = arg;

	while (e->owed > 0 && io_sctp_send(e->sctp, e->assoc, 0, IO_SCTP_PPID_NGAP, BYTES(message)))
		e->owed--;
	if (!e->echo && e->assoc)
		end_send_some(e);
}

static void end_open(struct end *e, enum io_sctp_mode mode)
{
	struct io_sctp_config config = { .mode = mode };

	e->loop = loop_new();
	e->sctp = e->loop ? io_sctp_open(e->loop, &config, NULL) : NULL;
	e->user = (struct io_sctp_user){ end_up, end_down, end_data, NULL, e };
	if (!e->sctp) {
		perror("bench_io: SCTP");
		exit(1);
	}
	e->hook = (struct loop_hook){ .turn_end = end_turn_end, .phase = LOOP_COMMIT, .arg = e };
	loop_hook_add(e->loop, &e->hook);
}

static void run_server(enum io_sctp_mode mode, int ready)
{
	struct addr local = addr_from_v4(0x7f000001, SCTP_PORT);
	struct end e = { .echo = true };

	end_open(&e, mode);
	if (!io_sctp_listen(e.sctp, &local, 1, &e.user) || write(ready, "r", 1) != 1)
		exit(1);
	exit(loop_run(e.loop) ? 0 : 1);
}

static double cpu_us(int who)
{
	struct rusage u;

	getrusage(who, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static double wall_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

/* In a process of its own, because libusrsctp opens once. */
static void run_client(enum io_sctp_mode mode, unsigned window, const char *name, pid_t server)
{
	struct addr to = addr_from_v4(0x7f000001, SCTP_PORT);
	struct end e = { .window = window, .total = MESSAGES };
	double start, wall, cpu;

	end_open(&e, mode);
	start = wall_us();
	io_sctp_connect(e.sctp, NULL, &to, &e.user);
	if (!loop_run(e.loop))
		exit(1);
	wall = wall_us() - start;
	for (int i = 0; i < 200; i++)
		if (!loop_turn(e.loop, NS_PER_MS))
			exit(1);
	cpu = cpu_us(RUSAGE_SELF);
	printf("%s_client %.2f us/message\n", name, cpu / (2.0 * MESSAGES));
	printf("%s_wall %.2f us/round-trip\n", name, wall / MESSAGES);
	fflush(stdout);
	exit(0);
}

static void bench_sctp(enum io_sctp_mode mode, unsigned window, const char *name)
{
	int ready[2];
	char octet;
	pid_t server, client;
	double before = cpu_us(RUSAGE_CHILDREN);

	if (pipe(ready) != 0)
		exit(1);
	server = fork();
	if (server == 0)
		run_server(mode, ready[1]);
	close(ready[1]);
	if (read(ready[0], &octet, 1) == 1) {
		client = fork();
		if (client == 0)
			run_client(mode, window, name, server);
		waitpid(client, NULL, 0);
	}
	close(ready[0]);
	waitpid(server, NULL, 0);
	printf("%s_both_ends %.2f us/message\n", name, (cpu_us(RUSAGE_CHILDREN) - before) / (2.0 * MESSAGES));
	fflush(stdout);
}

static void bench_store(enum store_lmdb_durability durability, unsigned commits, const char *name)
{
	char dir[] = "/tmp/freehold-bench-XXXXXX";
	struct store_lmdb_config config = { .dir = mkdtemp(dir), .durability = durability };
	static const char *const files[] = { "mdb", "checkpoint", "state", "lock", "mdb-lock" };
	enum store_lmdb_found found;
	uint8_t value[VALUE_LEN] = { 0 };
	char error[128], path[64];
	struct store *s = config.dir ? store_lmdb_open(&config, &found, error, sizeof(error)) : NULL;
	double cpu, wall;

	if (!s)
		exit(1);
	cpu = cpu_us(RUSAGE_SELF);
	wall = wall_us();
	for (uint32_t i = 0; i < commits; i++) {
		for (uint32_t k = 0; k < PUTS; k++) {
			uint32_t key[2] = { (i * 7919) % 10000, k };

			if (!store_put(s, STORE_AMF_UE, BYTES(key), BYTES(value)))
				exit(1);
		}
		if (store_commit(s, 1) == STORE_LOST)
			exit(1);
	}
	printf("%s_commit_cpu %.2f us\n", name, (cpu_us(RUSAGE_SELF) - cpu) / commits);
	printf("%s_commit_wall %.2f us\n", name, (wall_us() - wall) / commits);
	printf("%s_file %.0f octets/UE\n", name,
		(double)store_lmdb_stats(s).used / (commits < 10000 ? commits : 10000));
	if (!store_lmdb_close(s))
		exit(1);
	for (size_t i = 0; i < ARRAY_LEN(files); i++) {
		snprintf(path, sizeof(path), "%s/store.%s", dir, files[i]);
		unlink(path);
	}
	rmdir(dir);
}

static void bench_crc(void)
{
	static uint8_t data[1500];
	double start = cpu_us(RUSAGE_SELF);
	uint32_t crc = 0;

	for (int i = 0; i < 200000; i++)
		crc = crc32c(crc, BYTES(data));
	printf("crc32c_1500 %.3f us\n", (cpu_us(RUSAGE_SELF) - start) / 200000 + (crc == 1));
}

int main(void)
{
	bench_crc();
	bench_store(STORE_LMDB_PROCESS, COMMITS, "store_process");
	bench_store(STORE_LMDB_POWER, COMMITS / 40, "store_power");
	fflush(stdout);
	if (!netns_unshare()) {
		perror("bench_io: no network namespace, no SCTP");
		return 0;
	}
	bench_sctp(IO_SCTP_RAW, 1, "sctp_raw_1");
	bench_sctp(IO_SCTP_RAW, 32, "sctp_raw_32");
	bench_sctp(IO_SCTP_UDP, 1, "sctp_udp_1");
	bench_sctp(IO_SCTP_UDP, 32, "sctp_udp_32");
	return 0;
}
