# Becomes the command given, in a session and process group of its own; the pid stays.
# setsid(1) is in util-linux and busybox; where there is none, perl knows the call.
if command -v setsid >/dev/null 2>&1; then
  exec setsid "$@"
fi
exec perl -e 'use POSIX; POSIX::setsid() > 0 or die "setsid: $!"; exec {$ARGV[0]} @ARGV or exit 127' -- "$@"
