/* SPDX-License-Identifier: MIT
 *
 * Pipes (POSIX pipe, read, write). A program asks init for the right to the factory (INIT_SERVICE),
 * and the factory for pipes. Each end is a right, which can be passed on and inherited; when the last
 * copy of an end is gone, that end is closed. Label = operation; an answer's label is 0, or a positive
 * errno. Absent pages of a buffer are faulted in for the caller (MSG_RESTART).
 *     Short data travels in the words: a2 the number of bytes, a3-a5 the bytes, at most PIPE_INLINE.
 * Whoever may wait sends MSG_INTERRUPT; what then ends with EINTR has moved nothing. */
#ifndef OCTAVO_PROTO_PIPE_H
#define OCTAVO_PROTO_PIPE_H

#define PIPE_INLINE 24u      /* bytes in the words */
#define PIPE_ATOMIC 4096u    /* POSIX's PIPE_BUF: writes up to this are whole, or not at all */
#define PIPE_CAPACITY 16384u /* bytes a pipe holds */

enum pipe_operation {
    /* To the factory. a2 PIPE_NONBLOCK or 0, for both ends. Answer: handle 0 the end to read from, handle
     * 1 the end to write to. EMFILE: the job has its share; ENFILE: there are no more pipes. */
    PIPE_CREATE = 1,
    /* a2 bytes wanted; `out` of as many if they are more than PIPE_INLINE. Answer: a2 bytes, 0 = nobody
     * can write any more; a3-a5 hold them if they are at most PIPE_INLINE, else they are in `out`.
     * EAGAIN: PIPE_NONBLOCK, and it is empty. ENOMEM: too many wait here already. */
    PIPE_READ = 2,
    /* a2 bytes, a3-a5 the bytes; if they are more than PIPE_INLINE, `in`. Answer: a2 bytes taken, all up
     * to PIPE_ATOMIC; of more as many as there is room for. EPIPE: nobody can read any more. EAGAIN:
     * PIPE_NONBLOCK, and there is no room. ENOMEM. */
    PIPE_WRITE = 3,
    /* Either end. Answer: a2 a number that both ends of the pipe have and no other pipe of this boot, a3
     * bytes held, a4 1 = the other end is closed. */
    PIPE_STATUS = 4,
    /* a2 flags of this end to change, a3 what to. Answer: a2 its flags now. */
    PIPE_FLAGS = 5
};

#define PIPE_NONBLOCK 1u

/* Badges. Init mints the factory's: PIPE_FACTORY | serial << 32 | job, the job or process whose share
 * it is. The server mints the ends'. */
#define PIPE_FACTORY (1ul << 62)

#endif
