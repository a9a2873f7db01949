#!/bin/sh
# The check of the kernels built for AArch64 and run under qemu-user, for the sake of its results alone: kern_neon.sh FOLDER.
# FOLDER/levels becomes what each kernel has there, and is empty where the cross compiler or qemu are not installed. A kernel
# that differs from its reference ends it with status 1.
set -e
folder=$1
cc=aarch64-linux-gnu-gcc
mkdir -p "$folder"
: >"$folder/levels"
if ! command -v $cc >/dev/null || ! command -v qemu-aarch64 >/dev/null; then
	echo "NEON: not checked; apt-get install gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user" >&2
	exit 0
fi
$cc -std=gnu11 -O3 -ffp-contract=off -Wall -Wextra -Werror -D_GNU_SOURCE -DKERN_ARM -fno-strict-aliasing -static -I. \
	-o "$folder/kern_check" radio/phy/kern/*.c radio/phy/kern/neon/*.c radio/phy/kern/check/*.c -lm
qemu-aarch64 "$folder/kern_check" --levels >"$folder/levels" || { cat "$folder/levels"; exit 1; }
