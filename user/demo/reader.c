/* SPDX-License-Identifier: MIT
 *
 * reader [file]: maps the file that writer makes, and prints its records. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "user/demo/records.h"

int main(int argc, char **argv)
{
    const char *path = argc > 1 ? argv[1] : RECORDS_FILE;
    size_t size = RECORDS * sizeof(struct record);
    struct stat status;
    int fd = open(path, O_RDONLY);

    if (fd < 0 || fstat(fd, &status) < 0) {
        perror(path);
        return 1;
    }
    if ((size_t)status.st_size < size) { /* a page behind the end would be a SIGBUS */
        fprintf(stderr, "%s: too short for %d records\n", path, RECORDS);
        return 1;
    }
    const struct record *record = mmap(NULL, size, PROT_READ, MAP_SHARED, fd, 0);
    close(fd);
    if (record == MAP_FAILED) {
        perror("mmap");
        return 1;
    }
    for (int i = 0; i < RECORDS; i++)
        printf("%.4s %d\n", record[i].name, record[i].age);
    return munmap((void *)record, size) < 0;
}
