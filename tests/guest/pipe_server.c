/* SPDX-License-Identifier: MIT
 *
 * The pipe server as a hostile or clumsy client sees it: proto/pipe.h without the library between.
 * What programs see of pipes is in tests/guest/forks.c. */
#include <errno.h>
#include <octavo/query.h>
#include <octavo/thread.h>
#include <proto/pipe.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include "tests/guest/check.h"

#define SHARE 64 /* pipes a job may have */

static handle_t factory;
static handle_t end[2]; /* to read from, to write to */

static long service(unsigned long which)
{
    struct message m = {.tag = INIT_SERVICE, .w = {which}};
    long result = ipc_request(HANDLE_INIT, &m);

    return result < 0 ? result : (long)m.w[0];
}

static long create(unsigned long flags, handle_t *pair)
{
    struct message m = {.tag = PIPE_CREATE, .w = {flags}};

    ipc_accept(2);
    long result = ipc_request(factory, &m);
    ipc_accept(0);
    if (result == 0)
        memcpy(pair, msg_page()->handle, 2 * sizeof(*pair));
    return result;
}

static void drop(const handle_t *pair)
{
    sys_close(pair[0]);
    sys_close(pair[1]);
}

/* Any request with any words; the bytes, or a negative errno. */
static long ask(handle_t right, unsigned long label, unsigned long w0, unsigned long w1)
{
    struct message m = {.tag = label | MSG_INTERRUPT, .w = {w0, w1}};
    long result = ipc_request(right, &m);

    return result < 0 ? result : (long)m.w[0];
}

static long put(handle_t right, const void *from, size_t length)
{
    struct message m = {.tag = PIPE_WRITE, .w = {length}};

    if (length <= PIPE_INLINE)
        memcpy(&m.w[1], from, length);
    else
        ipc_attach_in(&m, from, length);
    long result = ipc_request(right, &m);
    return result < 0 ? result : (long)m.w[0];
}

static long get(handle_t right, void *to, size_t length)
{
    struct message m = {.tag = PIPE_READ, .w = {length}};

    if (length > PIPE_INLINE)
        ipc_attach_out(&m, to, length);
    long result = ipc_request(right, &m);
    if (result < 0)
        return result;
    if (m.w[0] <= PIPE_INLINE)
        memcpy(to, &m.w[1], m.w[0]);
    return (long)m.w[0];
}

static char big[4 * PIPE_CAPACITY], back[4 * PIPE_CAPACITY];

static void fill(void)
{
    for (size_t i = 0; i < sizeof(big); i++)
        big[i] = (char)(i * 7 + i / 251);
    memset(back, 1, sizeof(back)); /* present: of much, what fits into present pages is read */
}

/* --- One at a time ------------------------------------------------------------------------ */

static void moves(void)
{
    size_t at = 0;
    bool right = true;

    check_equal("short bytes go", put(end[1], "hello", 5), 5);
    memset(back, 0, 8);
    check_equal("and come", get(end[0], back, 24), 5);
    check(memcmp(back, "hello", 6) == 0, "as they were", "%.8s", back);
    for (size_t size = 1; size <= PIPE_ATOMIC; size = size * 3 / 2 + 1) { /* the ring wraps often */
        right &= put(end[1], big + at, size) == (long)size;
        memset(back, 0, size);
        right &= get(end[0], back, sizeof(back)) == (long)size && memcmp(back, big + at, size) == 0;
        at = (at + size) % PIPE_CAPACITY;
    }
    check(right, "all sizes up to PIPE_BUF", "one was wrong");
    check_equal("more than PIPE_BUF as far as there is room", put(end[1], big, sizeof(big)),
                PIPE_CAPACITY);
    check_equal("a part of it", get(end[0], back, 1000), 1000);
    check_equal("and the rest", get(end[0], back + 1000, sizeof(back) - 1000),
                PIPE_CAPACITY - 1000);
    check(memcmp(back, big, PIPE_CAPACITY) == 0, "in order", "it is not");
}

static void refuses(void)
{
    char *absent =
        mmap(NULL, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    struct message m;

    check_equal("reading the writer's end", get(end[1], back, 1), -EBADF);
    check_equal("writing the reader's end", put(end[0], big, 1), -EBADF);
    check_equal("creating at an end", ask(end[0], PIPE_CREATE, 0, 0), -ENOSYS);
    check_equal("reading the factory", ask(factory, PIPE_READ, 1, 0), -EBADF);
    check_equal("an unknown request", ask(end[0], 99, 0, 0), -ENOSYS);
    check_equal("an unknown flag", ask(end[0], PIPE_FLAGS, 2, 2), -EINVAL);
    check_equal("creating with an unknown flag", ask(factory, PIPE_CREATE, 2, 0), -EINVAL);
    check_equal("creating without room for the handles", ask(factory, PIPE_CREATE, 0, 0), -E2BIG);
    check_equal("writing without a buffer", ask(end[1], PIPE_WRITE, 100, 0), -EINVAL);
    m = (struct message){.tag = PIPE_WRITE, .w = {100}};
    ipc_attach_in(&m, big, 10);
    check_equal("a buffer shorter than it says", ipc_request(end[1], &m), -EINVAL);
    check_equal("a bad address", put(end[1], (char *)0x100, 100), -EFAULT);
    munmap(absent + PAGE_SIZE, PAGE_SIZE);
    check_equal("a buffer whose end is bad", put(end[1], absent + PAGE_SIZE - 50, 100), -EFAULT);
    check_equal("nothing of all that was written", ask(end[0], PIPE_STATUS, 0, 0) < 0, 0);
    munmap(absent, PAGE_SIZE);
    absent = mmap(NULL, 2 * PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    absent[PAGE_SIZE - 1] = 1;
    check_equal("a buffer half of which is not there yet", put(end[1], absent + 2500, 3000), 3000);
    munmap(absent, 2 * PAGE_SIZE);
    absent = mmap(NULL, PAGE_SIZE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    check_equal("reading into a bad address", get(end[0], (char *)0x100, 100), -EFAULT);
    check_equal("loses nothing", get(end[0], absent, PAGE_SIZE), 3000);
    munmap(absent, PAGE_SIZE);
}

static void does_not_block(void)
{
    check_equal("set not to wait", ask(end[0], PIPE_FLAGS, 1, 1), PIPE_NONBLOCK);
    check_equal("empty", get(end[0], back, 1), -EAGAIN);
    check_equal("the other end still waits", ask(end[1], PIPE_FLAGS, 0, 0), 0);
    ask(end[1], PIPE_FLAGS, 1, 1);
    while (put(end[1], big, 4096) > 0)
        ;
    check_equal("full", put(end[1], big, 1), -EAGAIN);
    check_equal("one is read", get(end[0], back, 1), 1);
    check_equal("two do not fit", put(end[1], big, 2), -EAGAIN);
    check_equal("of many, one does", put(end[1], big, 5000), 1);
    ask(end[0], PIPE_FLAGS, 1, 0);
    ask(end[1], PIPE_FLAGS, 1, 0);
    check_equal("emptied", get(end[0], back, sizeof(back)), PIPE_CAPACITY);
}

static void ends(void)
{
    handle_t pair[2];

    check_equal("another pipe", create(0, pair), 0);
    put(pair[1], "last", 4);
    sys_close(pair[1]);
    check_equal("the writer is gone, what it wrote is not", get(pair[0], back, 100), 4);
    check_equal("then the end", get(pair[0], back, 100), 0);
    check_equal("again", get(pair[0], back, 1), 0);
    sys_close(pair[0]);
    create(0, pair);
    sys_close(pair[0]);
    check_equal("no reader", put(pair[1], "x", 1), -EPIPE);
    sys_close(pair[1]);
}

static void shares(void)
{
    handle_t pair[SHARE + 1][2];
    long result = 0;
    unsigned n = 0;

    check_equal("the factory is the same each time", service(SERVICE_PIPE), factory);
    check_equal("a service that is none", service(77), factory); /* it has one already */
    while (n <= SHARE && (result = create(0, pair[n])) == 0)
        n++;
    check_equal("a share, less the one there is", n, SHARE - 1);
    check_equal("then EMFILE", result, -EMFILE);
    drop(pair[--n]);
    for (int i = 0; i < 1000 && (result = create(0, pair[n])) == -EMFILE; i++)
        sys_yield(); /* another hart may still be telling the server */
    check_equal("one goes, one comes", result, 0);
    for (unsigned i = 0; i <= n; i++)
        drop(pair[i]);
}

/* --- Several at once ---------------------------------------------------------------------- */

static int reader(void *sum)
{
    char buffer[5000];
    long n;

    while ((n = get(end[0], buffer, 1 + (size_t)rand() % sizeof(buffer))) > 0)
        for (long i = 0; i < n; i++)
            *(unsigned long *)sum += (unsigned char)buffer[i];
    return (int)n;
}

static void waits(void)
{
    struct thread *thread;
    unsigned long sum = 0, wanted = 0;
    size_t done = 0;
    int result;

    thread_start(&thread, reader, &sum);
    for (unsigned i = 0; done < sizeof(big); i++) {
        size_t size = i % 3 ? 1 + i * 37 % 4096 : 9000;
        if (size > sizeof(big) - done)
            size = sizeof(big) - done;
        long n = put(end[1], big + done, size);
        if (n <= 0)
            break;
        done += (size_t)n;
    }
    for (size_t i = 0; i < sizeof(big); i++)
        wanted += (unsigned char)big[i];
    sys_close(end[1]);
    thread_join(thread, &result);
    check_equal("all is written", (long)done, sizeof(big));
    check_equal("the reader finds the end", result, 0);
    check(sum == wanted, "and has all of it", "%lu, not %lu", sum, wanted);
    sys_close(end[0]);
}

#define WRITERS 4
#define RECORDS 60

static int write_records(void *letter)
{
    char record[PIPE_ATOMIC];
    unsigned n = 0;

    memset(record, (int)(uintptr_t)letter, sizeof(record));
    while (n < RECORDS && put(end[1], record, sizeof(record)) == (long)sizeof(record))
        n++;
    return (int)n;
}

static void atomic(void)
{
    struct thread *thread[WRITERS];
    unsigned long mixed = 0, count = 0;
    int result, written = 0;

    create(0, end);
    for (uintptr_t i = 0; i < WRITERS; i++)
        thread_start(&thread[i], write_records, (void *)('a' + i));
    while (count < WRITERS * RECORDS) {
        for (size_t at = 0; at < PIPE_ATOMIC;) {
            long n = get(end[0], back + at, PIPE_ATOMIC - at);
            at += n > 0 ? (size_t)n : 0;
        }
        for (unsigned i = 1; i < PIPE_ATOMIC; i++)
            mixed += back[i] != back[0];
        count++;
    }
    for (unsigned i = 0; i < WRITERS; i++) {
        thread_join(thread[i], &result);
        written += result;
    }
    check_equal("every writer could write", written, WRITERS * RECORDS);
    check_equal("and no record is mixed with another", (long)mixed, 0);
    drop(end);
}

int main(void)
{
    long result = service(SERVICE_PIPE);

    if (!check(result > 0, "init gives the factory", "%ld", result))
        return check_done();
    factory = (handle_t)result;
    fill();
    check_equal("a pipe", create(0, end), 0);
    moves();
    refuses();
    does_not_block();
    ends();
    shares();
    waits();
    atomic();
    return check_done();
}
