/* SPDX-License-Identifier: MIT
 *
 * with-pager [-v] POLICY[:key=value] FRAMES PROGRAM [ARGUMENT...]
 * with-pager [-v] --prog FILE [POLICY] FRAMES PROGRAM [ARGUMENT...]
 *
 * Runs a program under a pager of its own, beside the system's: sbin/pager with that policy, or the
 * pager program FILE. Whatever the program starts has that pager, too. It has FRAMES frames for their
 * pages and reads files through the pager that with-pager itself has. Init starts it and ends it with
 * its last program (PAGER_* of proto/init.h). -v tells what it has taken.
 *
 * The program's status is this one's; a signal that ends it ends this one. 127: no such program, 126: it
 * cannot be run; 1: there is no such pager. */
#include <abi/elf.h>
#include <errno.h>
#include <fcntl.h>
#include <octavo/query.h>
#include <octavo/spawn.h>
#include "user/lib/tool/tool.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define USAGE                                                           \
    "with-pager [-v] POLICY[:key=value] FRAMES PROGRAM [ARGUMENT...]\n" \
    "       with-pager [-v] --prog FILE [POLICY] FRAMES PROGRAM [ARGUMENT...]"
#define FRAMES_MOST (1l << 40)
#define SWAP_PART 4 /* pages of swap for each frame, if there is a disk */

extern char **environ;

static struct {
    bool tell;
    const char *file; /* of the pager program; NULL: sbin/pager */
    const char *policy;
    long frames;
    char **program;
} wanted;

/* --- Arguments --------------------------------------------------------------------------- */

static void take_arguments(char **argv)
{
    argv++;
    if (*argv && strcmp(*argv, "-v") == 0) {
        wanted.tell = true;
        argv++;
    }
    if (*argv && strcmp(*argv, "--prog") == 0) {
        if (!argv[1])
            tool_misused();
        wanted.file = argv[1];
        argv += 2;
    }
    wanted.policy = "";
    if (*argv && (!wanted.file || tool_number(*argv, FRAMES_MOST) < 0))
        wanted.policy = *argv++;
    if (!argv[0] || !argv[1] || (!wanted.file && !*wanted.policy))
        tool_misused();
    wanted.frames = tool_number(argv[0], FRAMES_MOST);
    if (wanted.frames < 0)
        tool_die("%s is no number of frames", argv[0]);
    if (strlen(wanted.policy) > INIT_PAGER_TEXT)
        tool_die("the policy's text is longer than %u bytes", INIT_PAGER_TEXT);
    wanted.program = argv + 1;
}

/* Names of the policies that sbin/pager has; stops the program if the wanted one is not among them. A pager
 * that does not tell its policies finds out by itself. */
static void check_policy(void)
{
    char line[512], all[1024] = "";
    size_t length = strcspn(wanted.policy, ":");

    for (unsigned long i = 0;; i++) {
        memset(line, 0, sizeof(line));
        long result = query_pager(PAGER_POLICIES, i, 0, line, sizeof(line) - 1, NULL);
        if (result == -ENOENT && i > 0)
            break;
        if (result < 0)
            return;
        line[strcspn(line, "\t\n ")] = '\0';
        if (strlen(line) == length && memcmp(line, wanted.policy, length) == 0)
            return;
        strlcat(all, " ", sizeof(all));
        strlcat(all, line, sizeof(all));
    }
    tool_die("no such policy: %.*s; there are%s", (int)length, wanted.policy, all);
}

/* --- The pager's program ----------------------------------------------------------------- */

static void read_all(int fd, void *to, size_t length, off_t offset)
{
    for (size_t done = 0; done < length;) {
        ssize_t n = pread(fd, (char *)to + done, length - done, offset + (off_t)done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            tool_die("%s: %s", wanted.file, n < 0 ? strerror(errno) : "it is cut off");
        done += (size_t)n;
    }
}

/* Bytes of the file that are in memory when it runs, from its start; 0: it is no program. */
static uint64_t loaded_bytes(int fd, off_t size)
{
    Elf64_Ehdr elf;
    Elf64_Phdr header;
    uint64_t most = 0;

    if (size < (off_t)sizeof(elf))
        return 0;
    read_all(fd, &elf, sizeof(elf), 0);
    if (memcmp(elf.e_ident, ELFMAG, SELFMAG) != 0 || elf.e_phentsize != sizeof(header))
        return 0;
    for (unsigned i = 0; i < elf.e_phnum; i++) {
        uint64_t at = elf.e_phoff + i * sizeof(header);
        if (at > (uint64_t)size - sizeof(header))
            return 0;
        read_all(fd, &header, sizeof(header), (off_t)at);
        uint64_t end = header.p_offset + header.p_filesz;
        if (header.p_type == PT_LOAD && end > most && end <= (uint64_t)size)
            most = end;
    }
    return most;
}

static void explain_start(long result);

/* Gives init the pager program, piece by piece. */
static void send_program(void)
{
    static char piece[INIT_PAGER_PIECE];
    int fd = open(wanted.file, O_RDONLY | O_CLOEXEC);
    off_t size = fd < 0 ? -1 : lseek(fd, 0, SEEK_END);

    if (size < 0)
        tool_die("%s: %s", wanted.file, strerror(errno));
    uint64_t all = loaded_bytes(fd, size);
    if (all == 0)
        tool_die("%s: not a pager program", wanted.file);
    for (uint64_t at = 0; at < all;) {
        size_t n = all - at < sizeof(piece) ? all - at : sizeof(piece);
        read_all(fd, piece, n, (off_t)at);
        struct message m = {.tag = INIT_PAGER_IMAGE, .w = {at, n, all}};
        ipc_attach_in(&m, piece, n);
        long result = ipc_request(HANDLE_INIT, &m);
        if (result < 0)
            explain_start(result);
        at += n;
    }
    close(fd);
}

/* --- Starting it ------------------------------------------------------------------------- */

/* Ends the program with what is wrong with a START. */
static void explain_start(long result)
{
    struct message m = {.tag = INIT_PAGER_START};

    ipc_attach_in(&m, "", 0);
    if (ipc_request(HANDLE_INIT, &m) == 0) {
        if (wanted.frames < (long)m.w[0])
            tool_die("%ld frames are too few: a pager has at least %lu", wanted.frames, m.w[0]);
        if (wanted.frames > (long)m.w[1])
            tool_die("%ld frames are more than there are: at most %lu are left for one more pager",
                     wanted.frames, m.w[1]);
    }
    switch (-result) {
    case EPIPE:
        tool_die("the pager ended before it was ready");
    case ENOMEM:
        tool_die("there is no memory for one more pager's program");
    case EAGAIN:
        tool_die("there are too many pagers");
    case ENOEXEC:
        tool_die("%s: not a pager program", wanted.file ? wanted.file : "sbin/pager");
    default:
        tool_die("no pager can be started: %s", strerror((int)-result));
    }
}

/* A handle that a request to this process's own pager gives; HANDLE_NONE: it gives none. */
static handle_t ask_handle(enum pager_operation operation, handle_t with, unsigned long word)
{
    struct message m = {.tag = operation, .w = {word}};

    if (with != HANDLE_NONE)
        ipc_attach_handle(&m, with);
    ipc_accept(1);
    long result = ipc_request(HANDLE_PAGER, &m);
    handle_t handle = msg_page()->handle[0];
    ipc_accept(0);
    return result == 0 ? handle : HANDLE_NONE;
}

/* Starts the pager. Its factory right. */
static handle_t start_pager(void)
{
    char text[INIT_PAGER_TEXT + 16];
    const char *slash = wanted.file ? strrchr(wanted.file, '/') : NULL;
    const char *name = slash ? slash + 1 : wanted.file ? wanted.file : "pager";
    size_t length = strnlen(name, 15), policy = strlen(wanted.policy);
    handle_t above = ask_handle(PAGER_CREATE, HANDLE_NONE, PAGER_CREATE_ABOVE);

    if (above == HANDLE_NONE)
        tool_die("the pager has no space for one more");
    handle_t disk = ask_handle(PAGER_SWAP_RANGE, above, (unsigned long)wanted.frames * SWAP_PART);
    memcpy(text, wanted.policy, policy);
    memcpy(text + policy, name, length);
    struct message m = {.tag = INIT_PAGER_START,
                        .w = {(unsigned long)wanted.frames, policy | length << 16,
                              wanted.file ? INIT_PAGER_UPLOADED : 0}};
    ipc_attach_in(&m, text, policy + length);
    ipc_attach_handle(&m, above);
    if (disk != HANDLE_NONE)
        ipc_attach_handle(&m, disk);
    ipc_accept(1);
    long result = ipc_request(HANDLE_INIT, &m);
    handle_t factory = msg_page()->handle[0];
    ipc_accept(0);
    sys_close(above);
    if (disk != HANDLE_NONE)
        sys_close(disk);
    if (result < 0)
        explain_start(result);
    if (wanted.tell)
        fprintf(stderr,
                "%s: pager %lu: %ld frames; with what it needs itself %lu, and %lu for its "
                "program\n",
                tool_name, m.w[0], wanted.frames, m.w[1], m.w[2]);
    return factory;
}

/* --- Running the program ----------------------------------------------------------------- */

static void ignore(int signal)
{
    (void)signal; /* a handler, not SIG_IGN: the program has the default action again */
}

/* Runs the program under the pager to its end. What waitpid says. */
static int run(handle_t factory)
{
    const struct sigaction handle = {.sa_handler = ignore, .sa_flags = SA_RESTART};
    posix_spawnattr_t attributes;
    pid_t pid;
    int status;

    sigaction(SIGINT, &handle, NULL);
    sigaction(SIGQUIT, &handle, NULL);
    int error = posix_spawnattr_init(&attributes);
    if (!error) {
        posix_spawnattr_setpager_np(&attributes, factory);
        error = posix_spawnp(&pid, wanted.program[0], NULL, &attributes, wanted.program, environ);
    }
    if (error) {
        tool_say("%s: %s", wanted.program[0],
                 error == ENOENT ? "no such program" : strerror(error));
        exit(error == ENOENT ? 127 : 126);
    }
    while (waitpid(pid, &status, 0) < 0)
        if (errno != EINTR)
            tool_die("%s: %s", wanted.program[0], strerror(errno));
    return status;
}

int main(int argc, char **argv)
{
    (void)argc;
    tool_begin(argv, USAGE);
    take_arguments(argv);
    if (wanted.file)
        send_program();
    else
        check_policy();
    int status = run(start_pager());
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    signal(WTERMSIG(status), SIG_DFL);
    raise(WTERMSIG(status));
    return 128 + WTERMSIG(status);
}
