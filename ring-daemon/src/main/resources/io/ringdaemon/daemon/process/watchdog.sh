# Ends the process group $1 in time, whatever becomes of the program that holds its lease (killed, frozen, out of memory).
# Reads lines "until T K": TERM is sent at T and KILL at K, in hundredths of a second of /proc/uptime, unless a later line
# comes first; where there is no /proc, "left T K" tells them from now on. The end of the input means: the program is gone,
# TERM now. Before either it makes the file $2; once sent nothing takes it back. Ends when the group is empty, at the latest a
# second after it has sent KILL: on a busy host that may be long after K.
group=$1 mark=$2 now=0 term='' kill='' told='' killed='' alone=''
trap '' INT TERM HUP QUIT USR1 USR2

signal() {
  kill -s "$1" -- "-$group" 2>/dev/null
}

finish() {
  [ -z "$alone" ] || { rm -f "$mark" && rmdir "${mark%/*}"; } 2>/dev/null
  exit 0
}

# Time comes with the ticks, in line with the rest: a reader that was kept waiting doesn't take an old deadline for the latest.
{
  while sleep 0.1; do
    read -r up rest </proc/uptime || up=''
    echo "tick ${up%.*}${up#*.}" || exit
  done 2>/dev/null &
  cat
  echo gone
  wait
} | while read -r word first second; do
  case $word in
    tick) now=${first:-$((now + 10))} ;;
    until) [ -n "$told" ] || { term=$first kill=$second; } ;;
    left) [ -n "$told" ] || { term=$((now + first)) kill=$((now + second)); } ;;
    gone) alone=1 term=0 ;;
  esac
  [ "$now" -gt 0 ] || continue
  [ -z "$alone" ] || kill=${kill:-$((now + 50))}
  [ -n "$kill" ] || continue
  signal 0 || finish
  if [ "$now" -ge "$term" ] && [ -z "$told" ]; then
    { true >"$mark"; } 2>/dev/null # not ":", whose failure would end this script
  fi
  if [ "$now" -ge "$kill" ]; then
    [ "$now" -lt "$((${killed:-$now} + 100))" ] || finish # what is left is dead, and nobody takes notice of it
    told=1 killed=${killed:-$now}
    signal KILL
  elif [ "$now" -ge "$term" ] && [ -z "$told" ]; then
    told=1
    signal TERM
  fi
done
