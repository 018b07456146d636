/* SPDX-License-Identifier: MIT
 *
 * Waiting for children (POSIX.1-2017 <sys/wait.h>; wait3 and wait4 of BSD). picolibc's lacks most of
 * it. Children do not stop, so WUNTRACED and WCONTINUED never find one. */
#ifndef OCTAVO_SYS_WAIT_H
#define OCTAVO_SYS_WAIT_H

#include <signal.h>
#include <sys/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct rusage;

/* Of these, some versions of <stdlib.h> have the first three and the macros below, with the same values. */
#undef WCONTINUED
#define WNOHANG 1
#define WUNTRACED 2
#define WCONTINUED 4
#define WSTOPPED WUNTRACED
#define WEXITED 8
#define WNOWAIT 0x1000000 /* waitid: ENOTSUP */

#undef WEXITSTATUS
#undef WTERMSIG
#undef WSTOPSIG
#undef WIFEXITED
#undef WIFSIGNALED
#undef WIFSTOPPED
#define WEXITSTATUS(status) (((status) >> 8) & 0xff)
#define WTERMSIG(status) ((status)&0x7f)
#define WSTOPSIG(status) WEXITSTATUS(status)
#define WIFEXITED(status) (WTERMSIG(status) == 0)
#define WIFSIGNALED(status) (WTERMSIG(status) > 0 && WTERMSIG(status) < 0x7f)
#define WIFSTOPPED(status) (((status)&0xff) == 0x7f)
#define WIFCONTINUED(status) ((status) == 0xffff)
#define WCOREDUMP(status) 0

typedef enum { P_ALL, P_PID, P_PGID } idtype_t;

pid_t wait(int *status);
pid_t waitpid(pid_t pid, int *status, int options);
#if __POSIX_VISIBLE
int waitid(idtype_t type, id_t id, siginfo_t *info, int options);
#endif
pid_t wait3(int *status, int options, struct rusage *usage);
pid_t wait4(pid_t pid, int *status, int options, struct rusage *usage);

#ifdef __cplusplus
}
#endif

#endif
