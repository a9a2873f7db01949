#!/bin/sh
# usage: usrsctp.sh ARCHIVE OBJECT. One object of libusrsctp.a whose memory comes from io/sctp/reserve.c, and of whose names only
# usrsctp_* are seen.
set -e
ld -r --whole-archive "$1" -o "$2.all"
objcopy --redefine-sym malloc=sctp_reserve_malloc --redefine-sym calloc=sctp_reserve_calloc \
	--redefine-sym free=sctp_reserve_free --wildcard --keep-global-symbol='usrsctp_*' "$2.all" "$2"
rm -f "$2.all"
