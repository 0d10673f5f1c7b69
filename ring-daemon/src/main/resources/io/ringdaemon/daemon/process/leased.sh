# Becomes the command given (from $5 on) once a watchdog over its process group is there.
# $1 a named pipe, $2 the file the watchdog makes before it ends the group, $3 its script, $4 session.sh
pipe=$1 mark=$2 watchdog=$3 session=$4
shift 4
# Opened for both first, so that it doesn't wait for a writer: if that is dead already, the watchdog reads the end.
exec 3<>"$pipe" 4<"$pipe" 3>&-
# In a subshell of its own, so that the command doesn't find a child it never had.
(sh -c "$session" session sh -c "$watchdog" watchdog "$$" "$mark" <&4 4<&- >/dev/null &)
rm -f "$pipe"
exec "$@" 4<&-
