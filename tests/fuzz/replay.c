/* Runs a fuzz target over the files of a directory, in order of their names; none is a success. */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { INPUT_MAX = 1 << 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int main(int argc, char **argv)
{
	static uint8_t data[INPUT_MAX];
	struct dirent **names = NULL;
	int count = argc > 1 ? scandir(argv[1], &names, NULL, alphasort) : 0, passed = 0;

	LLVMFuzzerTestOneInput(data, 0);
	for (int i = 0; i < count; i++) {
		char path[4096];
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s", argv[1], names[i]->d_name);
		f = names[i]->d_name[0] == '.' ? NULL : fopen(path, "rb");
		if (f) {
			size_t size = fread(data, 1, sizeof(data), f);

			printf("%s\n", names[i]->d_name);
			fflush(stdout);
			LLVMFuzzerTestOneInput(data, size);
			passed++;
			fclose(f);
		}
		free(names[i]);
	}
	free(names);
	printf("%d passed, 0 failed\n", passed + 1);
	return 0;
}
