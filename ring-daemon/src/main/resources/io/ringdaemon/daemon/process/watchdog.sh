# Ends the process group $1 in time, whatever becomes of the program that holds its lease (killed, frozen, out of memory).
# Reads lines "until T K": TERM is sent at T and KILL at K, in hundredths of a second of /proc/uptime, unless a later line
# comes first; where there is no /proc, "left T K" tells them from now on. The end of the input means: the program is gone,
# TERM now. Once TERM was sent nothing takes it back. Ends when the group is empty, at the latest a second after KILL.
group=$1 now=0 term='' kill='' told=''
trap '' INT TERM HUP QUIT USR1 USR2

signal() {
  kill -s "$1" -- "-$group" 2>/dev/null
}

clock() { # reckoned from the ticks where nobody tells
  if read -r up rest 2>/dev/null </proc/uptime; then
    now=${up%.*}${up#*.}
  elif [ "$1" = tick ]; then
    now=$((now + 10))
  fi
}

{
  while sleep 0.1 && echo tick; do :; done 2>/dev/null &
  cat
  echo gone
  wait
} | while read -r word first second; do
  clock "$word"
  case $word in
    until) [ -n "$told" ] || { term=$first kill=$second; } ;;
    left) [ -n "$told" ] || { term=$((now + first)) kill=$((now + second)); } ;;
    gone) [ -n "$kill" ] || kill=$((now + 50)); term=$now ;;
  esac
  [ -n "$kill" ] || continue
  signal 0 || exit 0
  if [ "$now" -ge $((kill + 100)) ]; then
    exit 0 # what KILL left is dead, and nobody takes notice of it
  elif [ "$now" -ge "$kill" ]; then
    signal KILL
  elif [ "$now" -ge "$term" ] && [ -z "$told" ]; then
    told=1
    signal TERM
  fi
done
