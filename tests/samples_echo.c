/*
 * samples_echo TRANSMIT_PORT RECEIVE_PORT: a stream of samples at the loopback that sends what it receives,
 * confined as a process of the product would be; for tests/zmq_test.py. Ends with its input, and prints its
 * figures then.
 */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "io/sandbox.h"
#include "io/zmq/samples_end.h"

static void input_ended(void *arg, uint32_t events)
{
	loop_stop(arg);
}

static struct addr port_of(const char *text)
{
	return addr_from_v4(0x7f000001, (uint16_t)strtoul(text, NULL, 10));
}

int main(int argc, char **argv)
{
	/* Not killed for what it may not do: a sanitizer looks around at the end. */
	const struct sandbox sandbox = { .may = SANDBOX_ACCEPT | SANDBOX_CONNECT };
	struct samples_config config;
	struct sandbox_result result;
	struct loop *l = loop_new();
	struct loop_watch input = { STDIN_FILENO, EPOLLIN, input_ended, l, 0 };
	struct samples_stats stats;
	struct end e = { .echo = true };

	if (argc != 3 || !l)
		return 2;
	config = (struct samples_config){ port_of(argv[1]), port_of(argv[2]) };
	if (!loop_watch(l, &input) || !end_open(&e, l, &config) || !sandbox_enter(&sandbox, &result)) {
		perror("samples_echo");
		return 1;
	}
	printf("ready\n");
	fflush(stdout);
	if (!loop_run(l))
		return 1;
	stats = end_stats(&e);
	for (size_t i = 0; i < samples_stat_group.count; i++)
		printf("%s %llu\n", samples_stat_group.defs[i].name,
			(unsigned long long)((const uint64_t *)(const void *)&stats)[i]);
	printf("unsendable %llu\n", (unsigned long long)bind_stats(e.bind).unsendable);
	end_close(&e);
	loop_free(l);
	return 0;
}
