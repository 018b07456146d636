/* SPDX-License-Identifier: MIT
 *
 * 9P2000.L messages: known requests are packed byte for byte, known replies come back as they are meant,
 * and no reply, however damaged, is believed beyond its end (each is in a block of exactly its size, so
 * ASan sees it). */
// SOURCES: user/fs/p9.c user/fs/p9_errno.c user/fs/wire.c
// CPPFLAGS: -idirafter user/include
#include "harness.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "user/fs/p9.h"

static uint8_t request[P9_MESSAGE_MAX];
static struct p9 p9 = {.request = request, .tag = 5};
static size_t sent, room_given;

/* What the next exchange brings. */
static uint8_t *answer;
static size_t answer_size;
static int answer_result;

int p9_exchange(struct p9 *p, size_t size, size_t room)
{
    sent = size;
    room_given = room;
    free(p->reply);
    p->reply_size = answer_size < room ? answer_size : room;
    p->reply = malloc(p->reply_size ? p->reply_size : 1);
    memcpy(p->reply, answer, p->reply_size);
    return answer_result;
}

static struct wire out; /* the answer being made */

static void answer_begin(uint8_t type, uint16_t tag)
{
    static uint8_t bytes[P9_MESSAGE_MAX];
    answer = bytes;
    answer_result = 0;
    out = (struct wire){.bytes = bytes, .at = 4, .limit = sizeof bytes};
    wire_put8(&out, type);
    wire_put16(&out, tag);
}

static void answer_end(void)
{
    struct wire size = {.bytes = answer, .limit = 4};
    CHECK(!out.broken);
    answer_size = out.at;
    wire_put32(&size, (uint32_t)answer_size);
}

static void put_qid(uint8_t type, uint32_t version, uint64_t path)
{
    wire_put8(&out, type);
    wire_put32(&out, version);
    wire_put64(&out, path);
}

static void put_text(const char *text)
{
    wire_put_name(&out, (struct wire_name){text, strlen(text)});
}

static void check_sent(const char *bytes, size_t length)
{
    CHECK_EQ(sent, length);
    CHECK(memcmp(request, bytes, length) == 0);
}
#define SENT(bytes) check_sent(bytes, sizeof(bytes) - 1)

TEST(version)
{
    answer_begin(101, 0xffff);
    wire_put32(&out, P9_MESSAGE_MAX);
    put_text("9P2000.L");
    answer_end();
    CHECK_EQ(p9_version(&p9), 0);
    SENT("\x15\0\0\0\x64\xff\xff\x00\x90\0\0\x08\0"
         "9P2000.L");
    answer_begin(101, 0xffff);
    wire_put32(&out, P9_MESSAGE_MAX);
    put_text("9P2000");
    answer_end();
    CHECK_EQ(p9_version(&p9), -EIO);
    answer_begin(101, 0xffff);
    wire_put32(&out, 4096); /* less than we need */
    put_text("9P2000.L");
    answer_end();
    CHECK_EQ(p9_version(&p9), -EIO);
}

TEST(walk)
{
    const struct wire_name name[2] = {{"ab", 2}, {"\xc3\xa4", 2}};
    struct wire_qid qid[P9_WALK_MAX];

    answer_begin(111, 5);
    wire_put16(&out, 2);
    put_qid(QID_DIRECTORY, 7, 0x1122334455667788);
    put_qid(QID_SYMLINK, 8, 9);
    answer_end();
    CHECK_EQ(p9_walk(&p9, 1, 0x01020304, name, 2, qid), 2);
    SENT("\x19\0\0\0\x6e\x05\0\x01\0\0\0\x04\x03\x02\x01\x02\0\x02\0ab\x02\0\xc3\xa4");
    CHECK_EQ(qid[0].type, QID_DIRECTORY);
    CHECK_EQ(qid[0].version, 7);
    CHECK_EQ(qid[0].path, 0x1122334455667788);
    CHECK_EQ(qid[1].type, QID_SYMLINK);
    CHECK_EQ(p9_walk(&p9, 1, 2, name, 1, qid), -EIO); /* more than was asked for */
    answer_begin(111, 5);
    wire_put16(&out, 0);
    answer_end();
    CHECK_EQ(p9_walk(&p9, 1, 2, name, 2, qid), -EIO); /* nothing, and no error */
    CHECK_EQ(p9_walk(&p9, 1, 2, NULL, 0, NULL), 0);
    answer_begin(111, 6); /* someone else's tag */
    wire_put16(&out, 0);
    answer_end();
    CHECK_EQ(p9_walk(&p9, 1, 2, NULL, 0, NULL), -EIO);
}

TEST(create_and_rename)
{
    answer_begin(15, 5);
    put_qid(0, 0, 0);
    wire_put32(&out, 0);
    answer_end();
    CHECK_EQ(p9_create(&p9, 3, (struct wire_name){"f", 1},
                       FS_O_RDWR | FS_O_CREATE | FS_O_EXCLUSIVE | FS_O_TRUNCATE, 0640),
             0);
    /* O_RDWR | O_EXCL | O_TRUNC | O_LARGEFILE | O_NOFOLLOW of Linux */
    SENT("\x1a\0\0\0\x0e\x05\0\x03\0\0\0\x01\0f\x82\x82\x02\0\xa0\x01\0\0\0\0\0\0");
    answer_begin(75, 5);
    answer_end();
    CHECK_EQ(p9_rename(&p9, 3, (struct wire_name){"f", 1}, 4, (struct wire_name){"gh", 2}), 0);
    SENT("\x16\0\0\0\x4a\x05\0\x03\0\0\0\x01\0f\x04\0\0\0\x02\0gh");
}

TEST(write)
{
    answer_begin(119, 5);
    wire_put32(&out, 3);
    answer_end();
    memcpy(request + P9_WRITE_HEADER, "xyz", 3);
    CHECK_EQ(p9_write(&p9, 3, 0x123456789a, 3), 3);
    SENT("\x1a\0\0\0\x76\x05\0\x03\0\0\0\x9a\x78\x56\x34\x12\0\0\0\x03\0\0\0xyz");
    CHECK_EQ(p9_write(&p9, 3, 0, 2), -EIO); /* wrote more than there was */
}

static void put_getattr(uint64_t valid, uint64_t ns)
{
    answer_begin(25, 5);
    wire_put64(&out, valid);
    put_qid(0, 77, 0xabc);
    wire_put32(&out, 0100644);
    wire_put32(&out, 1000);
    wire_put32(&out, 1001);
    static const uint64_t value[] = {2, 3, 5ull << 32, 4096, 8};
    for (unsigned i = 0; i < 5; i++)
        wire_put64(&out, value[i]);
    for (uint64_t second = 10; second < 14; second++) {
        wire_put64(&out, second);
        wire_put64(&out, ns + second);
    }
    wire_put64(&out, 0);
    wire_put64(&out, 0);
    answer_end();
}

TEST(getattr)
{
    struct fs_stat stat;

    put_getattr(0x7ff, 100);
    CHECK_EQ(p9_getattr(&p9, 9, &stat), 0);
    SENT("\x13\0\0\0\x18\x05\0\x09\0\0\0\xff\x07\0\0\0\0\0\0");
    CHECK_EQ(stat.inode, 0xabc);
    CHECK_EQ(stat.version, 77);
    CHECK_EQ(stat.mode, 0100644);
    CHECK_EQ(stat.uid, 1000);
    CHECK_EQ(stat.gid, 1001);
    CHECK_EQ(stat.links, 2);
    CHECK_EQ(stat.rdev, 3);
    CHECK_EQ(stat.size, 5ull << 32);
    CHECK_EQ(stat.block_size, 4096);
    CHECK_EQ(stat.blocks, 8);
    CHECK_EQ(stat.atime, 10);
    CHECK_EQ(stat.mtime, 11);
    CHECK_EQ(stat.mtime_ns, 111);
    CHECK_EQ(stat.ctime_ns, 112);
    put_getattr(0x3ff, 100);
    CHECK_EQ(p9_getattr(&p9, 9, &stat), -EIO);
    put_getattr(0x7ff, 1000000000);
    CHECK_EQ(p9_getattr(&p9, 9, &stat), -EIO);
}

TEST(setattr)
{
    const struct fs_setattr set = {.valid = FS_SET_SIZE | FS_SET_MTIME | FS_SET_ATIME_NOW,
                                   .size = 0x100000002,
                                   .mtime = 3,
                                   .mtime_ns = 4};
    answer_begin(27, 5);
    answer_end();
    CHECK_EQ(p9_setattr(&p9, 9, &set), 0);
    SENT("\x43\0\0\0\x1a\x05\0\x09\0\0\0\x38\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
         "\x02\0\0\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
         "\x03\0\0\0\0\0\0\0\x04\0\0\0\0\0\0\0");
}

TEST(entries)
{
    struct wire entries;
    struct p9_entry entry;

    answer_begin(41, 5);
    wire_put32(&out, 2 * 24 + 3);
    put_qid(QID_DIRECTORY, 0, 11);
    wire_put64(&out, 1);
    wire_put8(&out, 4);
    put_text(".");
    put_qid(0, 0, 12);
    wire_put64(&out, ~0ull);
    wire_put8(&out, 8);
    put_text("ab");
    answer_end();
    CHECK_EQ(p9_readdir(&p9, 1, 0, 4096, &entries), 0);
    CHECK_EQ(p9_entry(&entries, &entry), 1);
    CHECK_EQ(entry.qid.path, 11);
    CHECK_EQ(p9_entry(&entries, &entry), 1);
    CHECK_EQ(entry.cursor, ~0ull);
    CHECK_EQ(entry.type, 8);
    CHECK(entry.name.length == 2 && memcmp(entry.name.bytes, "ab", 2) == 0);
    CHECK_EQ(p9_entry(&entries, &entry), 0);
    CHECK_EQ(p9_readdir(&p9, 1, 0, 50, &entries), -EIO); /* more than was asked for */
    answer[answer_size - 1] = '/';
    CHECK_EQ(p9_readdir(&p9, 1, 0, 4096, &entries), 0);
    CHECK_EQ(p9_entry(&entries, &entry), 1);
    CHECK_EQ(p9_entry(&entries, &entry), -EIO);
}

TEST(errors)
{
    static const int table[][2] = {{2, ENOENT}, {36, ENAMETOOLONG}, {39, ENOTEMPTY},
                                   {40, ELOOP}, {95, EOPNOTSUPP},   {122, EDQUOT},
                                   {0, EIO},    {4000, EIO},        {28, ENOSPC}};
    for (unsigned i = 0; i < sizeof table / sizeof table[0]; i++) {
        answer_begin(7, 5);
        wire_put32(&out, (uint32_t)table[i][0]);
        answer_end();
        CHECK_EQ(p9_clunk(&p9, 1), -table[i][1]);
    }
    answer_result = -EIO;
    CHECK_EQ(p9_clunk(&p9, 1), -EIO);
}

/* Each request once; returns what came back, having looked at all of it. */
static long ask_any(unsigned which)
{
    const struct wire_name name = {"name", 4};
    struct wire_name names[P9_WALK_MAX], target = {"", 0};
    struct wire_qid qid[P9_WALK_MAX];
    struct fs_stat stat;
    struct fs_statfs statfs;
    struct wire entries;
    struct p9_entry entry;
    const uint8_t *data = NULL;
    unsigned long sum = 0;
    long result;
    int more;

    switch (which) {
    case 0:
        for (unsigned i = 0; i < P9_WALK_MAX; i++)
            names[i] = name;
        return p9_walk(&p9, 1, 2, names, P9_WALK_MAX, qid);
    case 1:
        result = p9_read(&p9, 1, 0, 3000, &data);
        for (long i = 0; i < result; i++)
            sum += data[i];
        CHECK(sum <= 3000 * 255 && result <= 3000);
        return result;
    case 2:
        result = p9_readdir(&p9, 1, 0, 3000, &entries);
        while (result == 0 && (more = p9_entry(&entries, &entry)) > 0)
            CHECK(!memchr(entry.name.bytes, '/', entry.name.length) && ++sum < 3000);
        return result;
    case 3:
        result = p9_readlink(&p9, 1, &target);
        CHECK(result < 0 || !memchr(target.bytes, 0, target.length));
        return result;
    case 4:
        return p9_getattr(&p9, 1, &stat);
    case 5:
        return p9_statfs(&p9, 1, &statfs);
    case 6:
        return p9_write(&p9, 1, 0, 100);
    case 7:
        return p9_version(&p9);
    default:
        return p9_attach(&p9, 1, qid);
    }
}

TEST(fuzz)
{
    static const uint8_t type[] = {111, 117, 41, 23, 25, 9, 119, 101, 105};
    unsigned long good = 0, bad = 0;

    for (unsigned long n = test_operations() / 40; n; n--) {
        unsigned which = (unsigned)rnd_below(sizeof type);
        answer_begin(rnd_chance(95) ? type[which] : (uint8_t)rnd(), which == 7 ? 0xffff : 5);
        size_t length = rnd_below(rnd_chance(90) ? 300 : 5000);
        for (size_t i = 0; i < length; i++)
            wire_put8(&out, rnd_chance(60) ? (uint8_t)rnd_below(3) : (uint8_t)rnd());
        answer_end();
        for (unsigned k = (unsigned)rnd_below(3); k; k--)
            answer[rnd_below(rnd_chance(50) ? 16 : answer_size) % answer_size] ^= (uint8_t)rnd();
        if (rnd_chance(20))
            answer_size = rnd_below(answer_size + 1);
        long result = ask_any(which);
        CHECK(result >= -4095);
        result < 0 ? bad++ : good++;
    }
    CHECK(good > 0 && bad > 0);
}

TEST(too_long)
{
    static char name[70000];
    CHECK_EQ(p9_mkdir(&p9, 1, (struct wire_name){name, sizeof name}, 0), -EINVAL);
    CHECK_EQ(p9_read(&p9, 1, 0, P9_DATA_MAX + 1, NULL), -EINVAL);
    answer_begin(117, 5);
    wire_put32(&out, 0);
    answer_end();
    const uint8_t *data;
    CHECK_EQ(p9_read(&p9, 1, 0, P9_DATA_MAX, &data), 0);
    CHECK(room_given >= P9_DATA_MAX + 11 && room_given <= P9_MESSAGE_MAX);
}
