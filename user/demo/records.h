/* SPDX-License-Identifier: MIT
 *
 * What writer stores and reader prints. */
#ifndef OCTAVO_DEMO_RECORDS_H
#define OCTAVO_DEMO_RECORDS_H

struct record {
    char name[4];
    int age;
};

#define RECORDS 10
#define RECORDS_FILE "/tmp/records"

#endif
