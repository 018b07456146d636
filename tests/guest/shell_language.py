# SPDX-License-Identifier: MIT
"""The shell's language against the host's dash: each piece of SCRIPTS between lines of --- runs in the
guest's shell and in dash, with the same files (tests/tools/against_host.py says how they are compared)."""
from against_host import TIMEOUT, compare  # noqa: F401 (TIMEOUT is run-tests')

REDIRECTION = r"""
echo one > a; echo two >> a; cat < a
---
echo x > a > b; ls -l a b | wc -l; cat b
---
nonsense-program 2> err; echo $?; test -s err && echo said; rm err
---
{ echo out; echo err >&2; } > a 2>&1; cat a
---
{ echo out; echo err >&2; } 2>&1 > a | cat; echo -; cat a
---
cat < nowhere; echo $?; echo after
---
echo x > dir; echo $?
---
echo x >&- ; echo $?; echo back
---
cat 3< text <&3 | head -n 1
---
exec 3> a; echo three >&3; exec 3>&-; cat a; echo x >&3; echo $?
---
exec > a; echo hidden; exec >&2; cat a
---
cat << END
a $((1 + 2)) $(echo sub) `echo back` \$x "q" 'r' \\ \n
  $HOME-${nothing:-default}
END
echo after
---
cat << 'END'
a $((1 + 2)) $(echo sub) \$x
END
---
cat <<- END
	tabs
		go
	END
---
cat << A; cat << B
one
A
two
B
---
x=7; cat << END | tr 7 8
value $x
END
---
f() { cat; }; f << END
in function
END
---
while read a b; do echo "<$a|$b>"; done << END
1 2 3
x
  y   z  
END
---
echo a b >| a; cat a
---
set -C; echo x > new; echo y > new; echo $?; cat new; echo z >| new; cat new
---
: > empty2; ls -l empty2 | cut -c 1-10
---
> created; test -f created && echo yes
---
echo to3 3>&1 >&3
---
(echo a; echo b >&2) 2> /dev/null
---
for i in 1 2; do echo $i; done > a; cat a
---
if true; then echo yes; fi > a; cat a
---
cat <> text | head -n 1
---
echo $(< text) x
---
n=out; echo hi > "$n.txt"; cat out.txt
---
cat nowhere 2>/dev/null || echo failed
---
echo 2>&1 x; echo 12>a; cat a; echo 1 2>a 3
"""

GLOBS = r"""
echo *
---
echo *.sh dir/* dir/*/*
---
echo .[!.]* .h*
---
echo nothing* '*' "*" \*
---
echo [a-e]* [!a-z]*
---
echo "dir"/* 'd'ir/o*
---
x='*'; echo $x "$x"
---
x='d*r'; echo $x/o?e
---
for f in spaced*; do echo "<$f>"; done
---
echo dir/sub/*/f* */sub
---
set -f; echo *; set +f; echo te*
---
echo ?ext ????
---
touch '[x]' 'a*b' 'a\b'; printf '%s ' \[x] a\** "a*"b 'a\'*
---
cd dir; echo * ../te*
---
echo dir/ di*/ text/ te*/
---
x=text; echo ${x}* "$x"*
---
case abc in a*) echo star;; esac; case 'a*' in 'a*') echo quoted;; esac; case abc in 'a*') echo no;; *) echo right;; esac
---
case x in [a-w]) echo 1;; [!a-w]) echo 2;; esac
---
p='a?c'; case abc in $p) echo pattern;; esac; case abc in "$p") echo no;; *) echo quoted;; esac
---
case a/b in *b) echo slash;; esac; case .x in *) echo dot;; esac
---
echo dang* lin*
---
IFS=:; x=a:b:*c; echo $x
---
echo */one
---
echo [[:upper:]]* [[:digit:]]*
"""

EXPANSION = r"""
x=hello; echo ${x} "$x" '$x' ${x}s ${#x} $xs.
---
echo ${y:-default} ${y-default} ${y:=assigned} $y ${y:+alternative} ${z+never}.
---
y=; echo "${y:-d}" "${y-d}" "${y:+a}" "${y+a}"
---
echo "${y:-a b}" ${y:-a   b} "${y:-'q'}" ${y:-'a   b'} ${y:-"c   d"}
---
(echo ${x:?message}; echo no); echo $?
---
(echo ${x?}; echo no); echo $?
---
x=a.b.c; echo ${x#*.} ${x##*.} ${x%.*} ${x%%.*} ${x#b} ${x%"c"}
---
x=/usr/lib/libc.a; echo ${x##*/} ${x%/*} ${x#/} ${x%.a}
---
x='a*b'; echo "${x#a\*}" "${x#'a*'}" "${x%"*b"}"
---
echo $(echo a   b) "$(echo a   b)" `echo c` "`echo "d  e"`"
---
echo $(echo $(echo nested) `echo \`echo deeper\``)
---
x=$(printf 'a\nb\n\n\n'); echo "$x" $x
---
echo $(case x in x) echo inner;; esac) $( (echo sub) )
---
echo "$(echo "quoted ) paren")" $(echo ')')
---
echo $((1 + 2 * 3)) $((10 / 3)) $((10 % 3)) $((-5 / 2)) $((2 - 3))
---
x=5; echo $((x + 1)) $(($x * 2)) $((x += 3)) $x $((x = 2, 1))
---
x=5; echo $((x += 3)) $x $((x <<= 2)) $x $((x |= 1)) $x
---
echo $((1 < 2)) $((2 <= 1)) $((1 == 1)) $((1 != 1)) $((3 > 2 && 0)) $((0 || 2)) $((!5)) $((~0))
---
echo $((0x1f)) $((010)) $((1 ? 2 : 3)) $((0 ? 2 : 3)) $((6 & 3)) $((6 | 3)) $((6 ^ 3)) $((1 << 4)) $((-16 >> 2))
---
echo $(( (1 + 2) * (3 + 4) )) $((1+1))$((2+2)) "$((3))"
---
echo $((0 && 1 / 0)) $((1 || 1 / 0)); echo $((1 / 0)); echo no
---
echo $((9223372036854775807 + 1)) $((-9223372036854775807 - 1))
---
unset u; echo $((u + 1)) $((u))
---
set -- a 'b c' d; for i in $@; do echo "<$i>"; done; for i in "$@"; do echo "[$i]"; done
---
set -- a 'b c' d; for i in $*; do echo "<$i>"; done; for i in "$*"; do echo "[$i]"; done
---
set -- a 'b c' d; echo $# $1 "$2" ${3} ${4-none}; shift; echo $# $1; shift 2; echo $#
---
set -- 1 2 3 4 5 6 7 8 9 10 11; echo $10 ${10} ${11} $#
---
set --; for i in "$@"; do echo "<$i>"; done; echo $#; printf '<%s>' "$@" x"$@"y; echo
---
set -- x; printf '<%s>' a"$@"b; echo; set -- x y z; printf '<%s>' a"$@"b; echo
---
set -- a b; IFS=:; echo "$*" $*; IFS=; echo "$*"; unset IFS; echo "$*"
---
IFS=:; x=a::b:; set -- $x; echo $#; printf '<%s>' "$@"; echo
---
IFS=' :'; x=' a : b  c:d '; set -- $x; echo $#; printf '<%s>' "$@"; echo
---
x='  lead trail  '; echo $x; echo "$x"; set -- $x; echo $#
---
x='a b'; y=$x; echo "$y"; z=$x$x; echo "$z"
---
HOME=/home/me; echo ~ ~/x "~" x~; y=~/z; echo $y
---
printf '%s ' a\ b 'c d'"e f" g\
h "i\
j" 'k\l' "m\n" "\$x \"q\" \\ \`"
---
echo "a
b"
---
echo '' "" a'' "" | wc -c
---
printf '<%s>' "" '' $nothing "$nothing" a$nothing; echo
---
x=1 y=2; echo $x $y; x=3 sh -c 'echo $x'; echo $x
---
x=a; x=b env | grep '^x='; echo $x; export x; env | grep '^x='
---
echo ${x:-$(echo sub)} ${x:-`echo back`} ${x:-$((1 + 1))} ${x:-${y:-deep}}
---
x=abc; echo ${#x} ${#} ${#nothing}; set -- a bb; echo ${#1} ${#2} $#
---
false; x=$(true); echo $?; x=$(false); echo $?; x=$(exit 7) y=2; echo $?
---
echo $(exit 3); echo $?; $(exit 4); echo $?
---
set -u; echo ${x-safe}; echo $x; echo never
---
echo $0 | grep -c sh; echo ${0##*.}
---
echo $? $# "$-" | cut -c 1-3
---
echo a#b #c
---
echo $'x' "$" $ a$
---
x="a'b"; echo "$x" '$x'\''y'
---
x='\n'; printf '%s\n' "$x" $x
---
echo "${x:+"q"}" "${y:-"a b"}"
---
readonly r=1; r=2; echo never
---
readonly r=1; (unset r; echo no); echo $r
"""

COMPOUND = r"""
if true; then echo a; else echo b; fi; if false; then echo a; elif true; then echo c; else echo b; fi
---
if false; then echo a; fi; echo $?
---
i=0; while test $i -lt 3; do echo $i; i=$((i + 1)); done; until test $i -eq 0; do i=$((i - 1)); done; echo $i
---
for i in 1 2 3 4 5; do if test $i = 2; then continue; fi; if test $i = 4; then break; fi; echo $i; done
---
for i in 1 2; do for j in a b c; do test $j = b && continue 2; echo $i$j; done; done
---
for i in 1 2; do for j in a b c; do test $j = b && break 2; echo $i$j; done; done; echo $i
---
for i in; do echo never; done; echo $?
---
set -- p q; for i do echo $i; done; for i
do echo $i; done
---
case abc in (a*) echo one;; b*) echo two;; esac
---
case x in a|x|y) echo many;; *) echo none;; esac; case z in a) ;; esac; echo $?
---
case "a b" in "a b") echo spaces;; esac; case $nothing in '') echo empty;; esac
---
case x in
    a) echo a ;;

    x) echo x
       echo y ;;
    *) echo other
esac
---
f() { echo "f $# $1"; return 3; echo never; }; f a b; echo $?; f; echo $#
---
f() { x=inner; local y=loc; echo $x $y; }; x=outer y=glob; f; echo $x $y
---
f() { if test $1 -gt 0; then echo $1; f $(($1 - 1)); fi; }; f 4
---
f() (x=sub; echo $x); x=main; f; echo $x
---
f() { echo one; }; f() { echo two; }; f; unset -f f; f; echo $?
---
f()
{
    cat
}
echo piped | f
---
f() { return; }; false; f; echo $?
---
g() { f; echo g; }; f() { return 5; }; g; echo $?
---
{ echo a; echo b; }; (echo c; exit 4); echo $?; (cd dir; basename "$(pwd)"); pwd | grep -c 'dir$'
---
(x=1; echo $x); echo ${x-unset}
---
true && echo a || echo b; false && echo a || echo b; true || echo c; false || false || echo d
---
! true; echo $?; ! false; echo $?; ! true | false; echo $?
---
echo a | cat | cat -n; echo b | tr b c | tr c d
---
echo x | read y; echo ${y-unset}; echo a | { read y; echo "got $y"; }
---
seq 5 | while read n; do echo "n$n"; done | tail -n 2
---
yes | head -n 2; false | true; echo $?; true | false; echo $?
---
seq 1 2000 | sort -n | tail -n 1; cat text | wc -l
---
echo a &
wait; echo b
---
(exit 6) & wait $!; echo $?
---
true & wait; echo $?; { sleep 0; echo bg; } & wait
---
a() { echo function; }; a | cat; echo $(a)
---
if echo x | grep -q x; then echo found; fi; while false; do :; done; echo $?
---
set -e; true; false || echo handled; if false; then :; fi; ! true; echo still; false; echo never
---
set -e; f() { false; echo in; }; f || echo or; (false); echo never
---
set -e; x=$(false); echo never
---
set -x; echo a 2> /dev/null; set +x; echo b
---
eval 'x=1; echo $x'; eval echo '$x' "'a  b'"; eval; echo $?; eval false; echo $?
---
echo 'echo dotted $1; return 3; echo never' > d; . ./d; echo $?
---
. ./nowhere; echo never
---
trap 'echo bye' EXIT; echo hello
---
trap 'echo bye $?' EXIT; exit 3
---
trap 'echo bye' EXIT; (echo sub); trap - EXIT; echo none
---
exec echo replaced; echo never
---
x=1; (x=2; (x=3; echo $x); echo $x); echo $x
---
sh -c 'echo $0 $1 $#' zero one two; sh -c 'exit 9'; echo $?
---
./script.sh one two; echo $?; sh script.sh three
---
printf '#!/bin/cat\ncontent\n' > s; chmod +x s; ./s; printf 'echo plain $1\n' > t; chmod +x t; ./t arg
---
nonsense-program; echo $?; ./text; echo $?; ./dir; echo $?; ./nowhere/x; echo $?
---
set -- -a -b val -c; while getopts ab:c o; do echo "$o ${OPTARG:-none}"; done; echo $OPTIND
---
set -- -ab val rest; while getopts :ab:x o; do echo "$o ${OPTARG:-none}"; done; shift $((OPTIND - 1)); echo $*
---
set -- -z -b; while getopts :ab: o; do echo "$o ${OPTARG-none}"; done
---
printf 'a b c\nx\\\ny z\n' | { read x y; echo "$x-$y"; read x; echo "$x"; read x; echo $?; }
---
printf 'a\\ b c\n' | { read x y; echo "$x-$y"; }; printf 'a\\ b c\n' | { read -r x y; echo "$x-$y"; }
---
printf '  a  b  \n' | { read x; echo "<$x>"; }; printf 'a:b:c:\n' | { IFS=: read x y; echo "<$x><$y>"; }
---
printf 'a:\n' | { IFS=: read x; echo "<$x>"; }; printf 'a:b\n' | { IFS=: read x y z; echo "<$x><$y><$z>"; }
---
printf 'no newline' | { read x; echo $? "$x"; }
---
cd dir; basename "$(pwd)"; cd ..; cd dirlink; basename "$(pwd)"; cd - > /dev/null; cd nowhere; echo $?
---
cd dir/sub; cd ../..; ls dir; cd dirlink/..; test -f text && echo top
---
umask 027; umask; umask -S; touch new; stat -c %a new; umask g+w; umask
---
command -v echo; command -v nonsense; echo $?; command echo x; type if | head -n 1
---
f() { echo f; }; command -v f
---
export A=1 B; B=2; sh -c 'echo $A $B'; unset A; sh -c 'echo ${A-none}'
---
x='a b'; set -- $x; echo $#; set -- "$x"; echo $#; set a b c; echo $2; set -- ; echo $#
---
echo a; echo b;
echo c
# comment
   # another
echo d # trailing
---
echo if then else fi done; echo { } ! ; echo for in
---
if true
then
    echo multi

    echo line
fi
---
while true; do
    break
done; echo out
---
echo a &&
echo b ||
echo c |
cat
---
: ${x:=5}; echo $x; : $((x += 1)); echo $x
---
test -n "$PATH" && echo path; echo ${PATH:+set}
---
exit 300; echo never
---
false; exit
---
f() { exit 4; }; f; echo never
---
shift 5; echo never
---
if; then echo x; fi
---
echo 'unfinished
---
for 1x in a; do :; done
---
case x in esac; echo $?
---
fi
---
echo a; ) ; echo b
---
(echo a
---
echo a | | echo b
---
while :; do echo once; break; done | cat
---
n=0; while test $n -lt 300; do n=$((n + 1)); done; echo $n
---
x=$(seq 1 500); echo ${#x}; set -- $x; echo $# ${500}
---
echo -n no newline; echo; echo -n
---
kill -l > /dev/null; echo $?; sleep 100 & kill $!; wait $! 2> /dev/null; echo $?
---
sh -c 'kill -9 $$'; echo $?
---
[ -f text ] && [ ! -f nowhere ] && echo both
---
a=1; b=2; while [ $a -lt 4 ]; do a=$((a + b)); done; echo $a
"""


def scripts(text):
    return [piece.strip("\n") for piece in text.split("\n---\n")]


def test_redirection():
    compare(scripts(REDIRECTION))


def test_globs():
    compare(scripts(GLOBS))


def test_expansion():
    compare(scripts(EXPANSION))


def test_compound():
    compare(scripts(COMPOUND))
