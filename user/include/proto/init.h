/* SPDX-License-Identifier: MIT
 *
 * What programs ask of init, the process server, through HANDLE_INIT (badge = process id). Label =
 * operation; an answer's label is 0, or a positive errno. Init never calls anyone on a program's
 * behalf: whoever starts a process has made its space at a pager first. */
#ifndef OCTAVO_PROTO_INIT_H
#define OCTAVO_PROTO_INIT_H

#include <stdint.h>

enum init_operation {
    /* a2 entry pc, a3 sp, a4 SPAWN_* flags | ignored signals << 32 (bit n: signal n); handle 0 the new
     * space's pager right, handles 1..3 are installed in the child's table from HANDLE_FIRST on; `in`:
     * name, a5 bytes (not terminated, cut at 15), with the space's badge << 8, 0 if not known. Answer: a2
     * = process id. The parent is the caller; the
     * child's first thread finds its id in a0. EAGAIN: too many processes. */
    INIT_SPAWN = 1,
    /* a2 pid of an own suspended child; its table gets handles 0..3. Answer: a2 first value there. */
    INIT_GRANT = 2,
    /* a2 pid of an own suspended child: run it. */
    INIT_START = 3,
    /* a2 status 0..255; a3 0, or the signal that it is to have ended by: end the calling process. No
     * answer comes. */
    INIT_EXIT = 4,
    /* a2 which child, as waitpid's pid; a3 WAIT_* flags. Answer: a2 pid (0 with WAIT_NOHANG and none
     * ended), a3 status in <sys/wait.h>'s form, a4 its CPU time in ns, a5 its space's badge as
     * SPAWN or FORK were told it, once the process is gone to the last frame. ECHILD. */
    INIT_WAIT = 5,
    /* a2 pid, 0 = the caller's group, -1 = all of its session but itself, else -group; a3 signal
     * (picolibc's number; 0 only asks). What the target says that it handles (INIT_SIGNALS) is given to
     * it; else it ends the process, or does nothing if that is its default. ESRCH; EPERM: a server;
     * ENOTSUP: a signal that stops. */
    INIT_KILL = 6,
    /* a2 smallest pid asked for; `out`: struct init_process. Answer: a2 bytes. ENOENT. */
    INIT_PROCESS = 7,
    /* Answer: a2 pid, a3 parent's, a4 process group, a5 session. a2 INIT_SELF_THREAD: only a2 = the value of
     * a handle of the caller's first thread in its own table; for programs without a pager, else EPERM. */
    INIT_SELF = 8,
    /* Answer: a2 = ns since 1970 at kernel clock 0. */
    INIT_REAL_TIME = 9,
    /* a2 POWER_*, a3 status. No answer comes. Programs started from the console may. */
    INIT_POWER = 10,
    /* a2 pid: ^C goes to it, its group and its descendants; 0 = to the caller. A shell that login started is
     * spared. EPERM: pid is not the caller or below it, or the foreground is not. */
    INIT_FOREGROUND = 11,
    /* Servers: a2 enum init_service; the rights that init hands out: the pager's factory,
     * and one to notify it by, which init keeps; con's stdin,
     * stdout, stderr and control (proto/con.h); fs's root place (proto/fs.h); blk's whole disk
     * (proto/blk.h). */
    INIT_REGISTER = 12,
    /* `in`: name of a boot argument, a2 bytes; `out`: its value, at most a3 bytes. Answer: a2 its whole
     * length. ENOENT. */
    INIT_ARGUMENT = 13,
    /* `in`: text, a2 bytes: lines for the console, prefixed with the process's name. Never waits: what
     * does not fit is dropped. */
    INIT_LOG = 14,
    /* a2 SERVICE_PIPE. Answer: a2 = the value of a handle in the caller's own table, a right to that
     * service that is not passed on or inherited; the same one each time. ENODEV: not running. */
    INIT_SERVICE = 15,
    /* a2 pc, a3 sp, a4 badge; handle 0 the right to a copy of the caller's space (PAGER_CLONE). A child that is as
     * the caller is, but for what is its own: the rights that may be transferred are at the same values.
     * Answer: a2 its id, which its thread finds in a0. EAGAIN. */
    INIT_FORK = 16,
    /* `in`: name, a5 bytes, as in SPAWN; a2 signals that stay ignored (bit n: signal n), a3 those that stay
     * blocked: kept until INIT_SIGNALS; the others have their default action from now on. Before the
     * pager's EXEC. Answer: a2 the signals to hand over before, to be restored if that fails. */
    INIT_EXEC = 17,
    /* a2 signals (bit n: signal n) that the caller's first thread is to be interrupted for, a3 those of
     * them that it ignores. Answer: a2 those that came for it meanwhile. */
    INIT_SIGNALS = 18,
    /* a2 pid, 0 = the caller; a3 group, 0 = a2; a4 GROUP_*. Answer: a2 its group, a3 its session. ESRCH;
     * EPERM: no such group in the session, or a session's leader; EACCES: a child after its exec. */
    INIT_GROUP = 19,
    /* a2 ns from now to SIGALRM, 0: none; a3 ns between those that follow, 0: none. Answer: a2 ns that were
     * left, a3 the old interval. */
    INIT_ALARM = 20,
    /* a2 bytes, at most INIT_RANDOM_MAX; `out`: that many that nobody can guess. Answer: a2 bytes.
     * ENOSYS: the machine has given no seed. */
    INIT_RANDOM = 32,
    /* The pager: what it was notified to write (PAGER_NOTIFY_SYNC) is written. */
    INIT_SYNCED = 33,
    /* A record lock of the calling process (fcntl). a2 which file (its inode), a3 first byte, a4 last
     * byte, a5 INIT_LOCK_*: what the range is to be. EAGAIN: another process has a lock in the way; ENOLCK:
     * too many. With INIT_LOCK_ASK nothing changes. Answer: a2 INIT_LOCK_* of a lock in the way, a3 and
     * a4 its range, a5 its process. Advice only: whoever does not ask is not hindered. */
    INIT_LOCK = 34,

    /* Pagers beside the system's: each with an account of its own, at the priority of an ordinary program. It
     * lives as long as the process that started it or any program that it pages, and ends with its
     * last one; when it ends before, its programs do, too.
     *
     * IMAGE: a piece of the program that the next START of the caller is to start, `in`: a2 offset in the ELF
     * file, a3 bytes, at most 4096, a4 bytes of the whole file. Pieces come in order; the first one has all
     * program headers, and begins anew. ENOEXEC: no program for it; EAGAIN: too many pagers; ENOMEM. */
    INIT_PAGER_IMAGE = 48,
    /* a2 frames for programs' pages, a3 bytes of the policy's text | bytes of the program's name << 16, a4
     * 1: the program that was sent, 0: sbin/pager; `in`: the text, then the name. Handle 0, if any: the
     * right to a space of the caller's pager, through which it reads files; handle 1: to a disk, or a
     * range of one (proto/blk.h). Answer, when it is ready: handle 0 its factory right (proto/pager.h), a2
     * its pid, a3 frames of its account in all, a4 frames of its program that it has beside these. EINVAL: too few frames; ENOMEM:
     * more than there are; EAGAIN: too many pagers; EPIPE: it ended. With a2 = 0 nothing is started:
     * answer a2 fewest frames, a3 most frames that a START may have now; `in` may be empty. */
    INIT_PAGER_START = 49,
    /* a2 pid of such a pager: ends it and its programs. ESRCH; EPERM: the system's. */
    INIT_PAGER_STOP = 50,
    /* a2 pid of a pager, or of a program for the pager that it has, 0 = the caller; or, with a3 1, the pager
     * with the smallest pid not below a2; `out`: struct init_pager. Answer: a2 bytes, a3 its pid; handle 0 its
     * factory right, but for the system's if that is the caller's own. ESRCH; ENOENT: no more. */
    INIT_PAGER_FIND = 51,
    /* Such a pager: its main thread was notified (PAGER_NOTIFY_PING) and takes messages. */
    INIT_PAGER_ALIVE = 52
};

#define INIT_PAGER_PIECE 4096u
#define INIT_PAGER_TEXT 128u /* bytes of a policy's text, at most */
#define INIT_PAGER_UPLOADED 1u
#define INIT_PAGER_NEXT 1u

struct init_pager {
    uint32_t pid;
    uint32_t owner;   /* pid of who started it; 0: the system's */
    uint32_t clients; /* processes that it pages */
    uint32_t is_registered;
    uint64_t frames;         /* for programs' pages; 0: the system's, which knows itself */
    uint64_t account_frames; /* what it may take in all */
    /* what it has taken; the system's: with what its account gave to others */
    uint64_t account_used;
    uint64_t image_frames; /* of its program, that init gives beside that; 0: the system's */
    char name[16];
    char policy[INIT_PAGER_TEXT + 1]; /* as it was started */
};

#define INIT_RANDOM_MAX 256u

#define INIT_LOCK_NONE 0u
#define INIT_LOCK_READ 1u
#define INIT_LOCK_WRITE 2u
#define INIT_LOCK_ASK 16u

#define SPAWN_SUSPENDED 1u /* wait for INIT_START */
#define SPAWN_INHERIT 2u /* no other handles: the caller's rights, at the same values, as in FORK */

#define GROUP_ASK 0u
#define GROUP_SET 1u     /* setpgid */
#define GROUP_SESSION 2u /* setsid */

#define WAIT_NOHANG 1u

#define POWER_OFF 0u
#define POWER_REBOOT 1u

#define INIT_SELF_THREAD 1u

enum init_service {
    SERVICE_PAGER = 1,
    SERVICE_CON = 2,
    SERVICE_FS = 3,
    SERVICE_BLK = 4,
    SERVICE_PIPE = 5
};

struct init_process {
    uint32_t pid, parent;
    uint32_t task;    /* kernel task id: info(INFO_TASK) */
    uint32_t state;   /* 0 suspended, 1 running, 2 ending, 3 ended and not waited for */
    uint64_t started; /* kernel clock, ns */
    char name[16];
    uint32_t group, session;
};

#endif
