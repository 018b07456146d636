/* SPDX-License-Identifier: MIT
 *
 * The options of POSIX: what a program sees while it is compiled (<unistd.h>) and while it runs (sysconf) is
 * the same, and what is claimed can be called. */
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <regex.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "tests/guest/check.h"

/* The macro as text: its value, or its name when it is not defined. */
#define TEXT(macro) #macro
#define VALUE(macro) TEXT(macro)
#define POSIX(name)                             \
    {                                           \
#name, VALUE(_POSIX_##name), _SC_##name \
    }
#define POSIX2(name)                                    \
    {                                                   \
        "2_" #name, VALUE(_POSIX2_##name), _SC_2_##name \
    }

static const struct option {
    const char *name, *value;
    int number;
} options[] = {
    POSIX(VERSION),
    POSIX(ADVISORY_INFO),
    POSIX(ASYNCHRONOUS_IO),
    POSIX(BARRIERS),
    POSIX(CLOCK_SELECTION),
    POSIX(CPUTIME),
    POSIX(FSYNC),
    POSIX(IPV6),
    POSIX(JOB_CONTROL),
    POSIX(MAPPED_FILES),
    POSIX(MEMLOCK),
    POSIX(MEMLOCK_RANGE),
    POSIX(MEMORY_PROTECTION),
    POSIX(MESSAGE_PASSING),
    POSIX(MONOTONIC_CLOCK),
    POSIX(PRIORITIZED_IO),
    POSIX(PRIORITY_SCHEDULING),
    POSIX(RAW_SOCKETS),
    POSIX(READER_WRITER_LOCKS),
    POSIX(REALTIME_SIGNALS),
    POSIX(REGEXP),
    POSIX(SAVED_IDS),
    POSIX(SEMAPHORES),
    POSIX(SHARED_MEMORY_OBJECTS),
    POSIX(SHELL),
    POSIX(SPAWN),
    POSIX(SPIN_LOCKS),
    POSIX(SPORADIC_SERVER),
    POSIX(SYNCHRONIZED_IO),
    POSIX(THREADS),
    POSIX(THREAD_CPUTIME),
    POSIX(THREAD_SAFE_FUNCTIONS),
    POSIX(TIMEOUTS),
    POSIX(TIMERS),
    POSIX(TRACE),
    POSIX(TYPED_MEMORY_OBJECTS),
    POSIX(V6_ILP32_OFF32),
    POSIX(V6_ILP32_OFFBIG),
    POSIX(V6_LP64_OFF64),
    POSIX(V6_LPBIG_OFFBIG),
    POSIX(V7_ILP32_OFF32),
    POSIX(V7_ILP32_OFFBIG),
    POSIX(V7_LP64_OFF64),
    POSIX(V7_LPBIG_OFFBIG),
    POSIX2(VERSION),
    POSIX2(C_BIND),
    POSIX2(C_DEV),
    POSIX2(CHAR_TERM),
    POSIX2(LOCALEDEF),
    POSIX2(SW_DEV),
    POSIX2(UPE),
};

static void test_agree(void)
{
    for (unsigned i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        const struct option *o = &options[i];
        long compiled = o->value[0] == '_'   ? -1
                        : o->value[0] == '(' ? strtol(o->value + 1, NULL, 10)
                                             : strtol(o->value, NULL, 10);
        errno = 0;
        long running = sysconf(o->number);
        check(running == compiled && errno == 0, o->name, "%s, and sysconf says %ld, errno %d",
              o->value, running, errno);
    }
    check(_POSIX_VERSION == 200809L && _POSIX2_VERSION == 200809L, "the versions", "%ld",
          _POSIX_VERSION);
    errno = 0;
    check(sysconf(-1) == -1 && errno == EINVAL, "a name that is none", "errno %d", errno);
    errno = 0;
    check(sysconf(30000) == -1 && errno == EINVAL, "a number that is too large", "errno %d", errno);
}

/* At the path of `/`, which all file systems have. */
static void test_paths(void)
{
    check(pathconf("/", _PC_CHOWN_RESTRICTED) == _POSIX_CHOWN_RESTRICTED, "CHOWN_RESTRICTED",
          "errno %d", errno);
    check(pathconf("/", _PC_NO_TRUNC) == _POSIX_NO_TRUNC, "NO_TRUNC", "errno %d", errno);
    check(pathconf("/", _PC_VDISABLE) == _POSIX_VDISABLE, "VDISABLE", "errno %d", errno);
}

/* One function of each option that is claimed: it is there, and does something. */
static void test_claims(void)
{
    int fd = shm_open("/options", O_RDWR | O_CREAT, 0600);
    char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct passwd entry, *found = NULL;
    char buffer[256], *arguments[] = {"true", NULL};
    clockid_t clock;
    regex_t regex;
    pid_t child;
    int status;

    check(fd >= 0 && shm_unlink("/options") == 0 && fsync(fd) == 0, "a shared memory object",
          "errno %d", errno);
    check(posix_madvise(page, 4096, POSIX_MADV_WILLNEED) == 0, "advice", "errno %d", errno);
    check(mlock(page, 4096) == 0 && munlock(page, 4096) == 0, "a locked page", "errno %d", errno);
    check(mprotect(page, 4096, PROT_READ) == 0, "a protected page", "errno %d", errno);
    check(getpwuid_r(0, &entry, buffer, sizeof(buffer), &found) == 0 && found == &entry,
          "a thread-safe function", "errno %d", errno);
    check(clock_getcpuclockid(0, &clock) == 0 && clock == CLOCK_PROCESS_CPUTIME_ID,
          "the clock of this process", "errno %d", errno);
    check(clock_getcpuclockid(getpid(), &clock) == 0, "by its number", "errno %d", errno);
    check(clock_getcpuclockid(getppid(), &clock) == EPERM, "another's", "errno %d", errno);
    check(clock_getcpuclockid(30000, &clock) == ESRCH, "nobody's", "errno %d", errno);
    check(regcomp(&regex, "a*", REG_EXTENDED) == 0, "a regular expression", "errno %d", errno);
    regfree(&regex);
    check(posix_spawnp(&child, "true", NULL, NULL, arguments, environ) == 0 &&
              waitpid(child, &status, 0) == child && status == 0,
          "a program", "errno %d", errno);
}

int main(void)
{
#ifndef __unix__
#error "this is a Unix"
#endif
    test_agree();
    test_paths();
    test_claims();
    return check_done();
}
