/* SPDX-License-Identifier: MIT
 *
 * writer [file [seconds]]: makes a file large enough by lseek and a write of one byte, maps it shared,
 * closes it, and stores ten records through the pointer; sleeps 15 s, so that reader can be started
 * beside it, and unmaps. There is no write() of a record: the pager writes the pages back. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "user/demo/records.h"

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : RECORDS_FILE;
    size_t size = RECORDS * sizeof(struct record);

    mkdir("/tmp", 0777);
    int fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0644);
    if (fd < 0 || lseek(fd, (off_t)size - 1, SEEK_SET) < 0 || write(fd, "", 1) != 1) {
        perror(path);
        return 1;
    }
    struct record *record = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (record == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    for (int i = 0; i < RECORDS; i++) {
        char name[4] = {(char)('a' + i), (char)('A' + i), (char)('0' + i), 0};
        for (int j = 0; j < 4; j++)
            record[i].name[j] = name[j];
        record[i].age = 20 + i;
    }
    printf("writer: %d records are in the mapping of %s\n", RECORDS, path);
    fflush(stdout);
    sleep(argc > 2 ? (unsigned)atoi(argv[2]) : 15);
    if (munmap(record, size) < 0) {
        perror("munmap");
        return 1;
    }
    printf("writer: unmapped\n");
    return 0;
}
