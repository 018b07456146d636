/* SPDX-License-Identifier: MIT
 *
 * <stdio_ext.h>: only 1.8.12 has __fseterr, none has __fpurge. flockfile and its kin (POSIX.1-2017): the lock that
 * each call takes. They are not in 1.8 and 1.8.6; from 1.8.10 on they take one lock of the whole library, which no
 * other call on the stream takes. */
#include <stdio_ext.h>
#include "user/lib/mends/stream.h"
#include "user/lib/system/internal.h"

void __fpurge(FILE *file)
{
    struct __file_bufio *b = stream_buffer(file);

    stream_lock(file);
    file->unget = 0;
    if (b)
        b->len = b->off = 0;
    stream_unlock(file);
}

void __fseterr(FILE *file)
{
    stream_fail(file);
}

void flockfile(FILE *file)
{
    stream_lock(file);
}

int ftrylockfile(FILE *file)
{
    return stream_buffer(file) && !octavo_lock_try(stream_buffer(file)->lock) ? -1 : 0;
}

void funlockfile(FILE *file)
{
    stream_unlock(file);
}
