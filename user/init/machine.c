/* SPDX-License-Identifier: MIT
 *
 * The machine as init sees it: see machine.h. */
#include "user/init/machine.h"
#include "user/init/layout.h"
#include <octavo/syscall.h>
#include <string.h>

/* google,goldfish-rtc: reading TIME_LOW latches TIME_HIGH (QEMU hw/rtc/goldfish_rtc.c). */
#define RTC_TIME_LOW 0
#define RTC_TIME_HIGH 1

static const struct boot_info *const info = (const struct boot_info *)BOOT_INFO_BASE;
static struct archive archive;
static uint64_t real_time;
static handle_t system_device;

handle_t machine_device(enum device_kind kind)
{
    for (uint32_t i = 0; i < info->ndevices && i < BOOT_DEVICES; i++)
        if (info->device[i].kind == kind)
            return info->device[i].handle;
    return HANDLE_NONE;
}

/* virtio 1.1, 4.2.2: MagicValue, Version, DeviceID. */
#define VIRTIO_MAGIC 0
#define VIRTIO_VERSION 1
#define VIRTIO_DEVICE_ID 2
#define VIRTIO_STATUS 28 /* register 0x70 */
#define VIRTIO_MAGIC_VALUE 0x74726976u
#define VIRTIO_VERSION_MODERN 2u

/* The first modern virtio device with that id, its registers mapped; -1. */
static int find_virtio(uint32_t device_id, volatile uint32_t **found)
{
    static volatile uint32_t *registers[BOOT_DEVICES]; /* where they are mapped */
    static uint64_t base = INIT_VIRTIO_BASE;

    for (uint32_t i = 0; i < info->ndevices && i < BOOT_DEVICES; i++) {
        if (info->device[i].kind != DEVICE_VIRTIO)
            continue;
        if (!registers[i]) {
            long mapped = sys_device_map(info->device[i].handle, base, 0);
            if (mapped < 0)
                continue;
            registers[i] = (volatile uint32_t *)(base + (info->device[i].base & PAGE_MASK));
            base += (uint64_t)mapped;
        }
        *found = registers[i];
        const volatile uint32_t *reg = *found;
        if (reg[VIRTIO_MAGIC] == VIRTIO_MAGIC_VALUE &&
            reg[VIRTIO_VERSION] == VIRTIO_VERSION_MODERN && reg[VIRTIO_DEVICE_ID] == device_id)
            return (int)i;
    }
    return -1;
}

handle_t machine_virtio(uint32_t device_id)
{
    volatile uint32_t *registers;
    int i = find_virtio(device_id, &registers);
    return i < 0 ? HANDLE_NONE : info->device[i].handle;
}

void machine_virtio_reset(uint32_t device_id)
{
    volatile uint32_t *registers;
    if (find_virtio(device_id, &registers) >= 0)
        registers[VIRTIO_STATUS] = 0;
}

static uint64_t read_real_time(void)
{
    handle_t device = machine_device(DEVICE_RTC);
    if (device == HANDLE_NONE || sys_device_map(device, INIT_RTC_BASE, 0) < 0)
        return 0;
    const volatile uint32_t *reg = (const volatile uint32_t *)INIT_RTC_BASE;
    uint64_t low = reg[RTC_TIME_LOW];
    uint64_t now = (uint64_t)reg[RTC_TIME_HIGH] << 32 | low;
    return now - (uint64_t)sys_clock();
}

void machine_setup(void)
{
    archive = (struct archive){(const uint8_t *)BOOT_ARCHIVE_BASE, info->archive_bytes};
    system_device = machine_device(DEVICE_SYSTEM);
    real_time = read_real_time();
}

const struct archive *machine_archive(void)
{
    return &archive;
}

uint64_t machine_real_time(void)
{
    return real_time;
}

const uint8_t *machine_seed(void)
{
    return info->random;
}

const char *machine_argument(const char *name, size_t name_length, size_t *length)
{
    const char *word = info->arguments;
    const char *end = word + strnlen(word, sizeof info->arguments);

    while (word < end) {
        const char *stop = word;
        while (stop < end && *stop != ' ')
            stop++;
        size_t size = (size_t)(stop - word);
        if (size >= name_length && !memcmp(word, name, name_length) &&
            (size == name_length || word[name_length] == '=')) {
            const char *value = word + name_length + (size > name_length);
            *length = (size_t)(stop - value);
            return value;
        }
        word = stop + 1;
    }
    return NULL;
}

void machine_write(const char *text, size_t length)
{
    sys_system(system_device, SYSTEM_WRITE, (unsigned long)text, length);
}

/* For what returns although it cannot. */
static _Noreturn void machine_hang(void)
{
    for (;;)
        sys_futex_wait((unsigned long)&system_device, system_device, DEADLINE_NEVER);
}

void machine_power_off(unsigned status)
{
    sys_system(system_device, SYSTEM_POWER_OFF, status, 0);
    machine_hang();
}

void machine_reboot(void)
{
    sys_system(system_device, SYSTEM_REBOOT, 0, 0);
    machine_hang();
}
