# Becomes the command given (from $4 on) once a watchdog over its process group is there.
# $1 a named pipe, $2 the watchdog's script, $3 session.sh
pipe=$1 watchdog=$2 session=$3
shift 3
# Opened for both first, so that it doesn't wait for a writer: if that is dead already, the watchdog reads the end.
exec 3<>"$pipe" 4<"$pipe" 3>&-
# In a subshell of its own, so that the command doesn't find a child it never had.
(sh -c "$session" session sh -c "$watchdog" watchdog "$$" <&4 4<&- >/dev/null &)
rm -f "$pipe"
exec "$@" 4<&-
