#include "faultydisk.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECTOR = 512 };

// One write or truncation that no sync has followed: what was there before.
typedef struct Unsynced {
    struct Unsynced *older;
    char *path;
    sqlite3_int64 offset, size;  // size: of the file before
    int amount;
    unsigned char *before;
} Unsynced;

typedef struct {
    sqlite3_file base;
    char *path;  // NULL: not watched
    sqlite3_file *real;
} File;

static sqlite3_vfs *disk;
static sqlite3_vfs faulty;
static char *folder;
static long operations, first;
static int kind;
static Unsynced *newest;

static File *file_of(sqlite3_file *base) { return (File *)base; }

// What this operation gets to hear; SQLITE_OK: it is done. `full` is what a full disk says, or SQLITE_OK.
static int fault(int io, int full) {
    operations++;
    if (kind == FAULTY_NONE || operations < first) return SQLITE_OK;
    if (kind == FAULTY_ONCE) return operations == first ? io : SQLITE_OK;
    return kind == FAULTY_FULL ? full : io;
}

static void remember(File *file, sqlite3_int64 offset, int amount) {
    Unsynced *entry = calloc(1, sizeof *entry);
    entry->path = strdup(file->path);
    entry->offset = offset;
    entry->amount = amount;
    entry->before = calloc(1, amount ? amount : 1);
    file->real->pMethods->xFileSize(file->real, &entry->size);
    file->real->pMethods->xRead(file->real, entry->before, amount, offset);  // short: the rest stays zero
    entry->older = newest;
    newest = entry;
}

static void forget(const char *path) {
    for (Unsynced **at = &newest; *at;) {
        Unsynced *entry = *at;
        if (path && strcmp(entry->path, path) != 0) {
            at = &entry->older;
            continue;
        }
        *at = entry->older;
        free(entry->path);
        free(entry->before);
        free(entry);
    }
}

// MARK: A file

static int x_close(sqlite3_file *base) {
    File *file = file_of(base);
    int result = file->real->pMethods->xClose(file->real);
    free(file->path);
    return result;
}

static int x_read(sqlite3_file *base, void *bytes, int amount, sqlite3_int64 offset) {
    sqlite3_file *real = file_of(base)->real;
    return real->pMethods->xRead(real, bytes, amount, offset);
}

static int x_write(sqlite3_file *base, const void *bytes, int amount, sqlite3_int64 offset) {
    File *file = file_of(base);
    if (file->path) {
        int result = fault(SQLITE_IOERR_WRITE, SQLITE_FULL);
        if (result != SQLITE_OK && kind != FAULTY_ONCE) return result;
        remember(file, offset, amount);
        if (result != SQLITE_OK) {
            file->real->pMethods->xWrite(file->real, bytes, amount / 2, offset);
            return result;
        }
    }
    return file->real->pMethods->xWrite(file->real, bytes, amount, offset);
}

static int x_truncate(sqlite3_file *base, sqlite3_int64 size) {
    File *file = file_of(base);
    if (file->path) {
        int result = fault(SQLITE_IOERR_TRUNCATE, SQLITE_OK);
        if (result != SQLITE_OK) return result;
        sqlite3_int64 now = 0;
        file->real->pMethods->xFileSize(file->real, &now);
        if (now > size) remember(file, size, (int)(now - size));
    }
    return file->real->pMethods->xTruncate(file->real, size);
}

static int x_sync(sqlite3_file *base, int flags) {
    File *file = file_of(base);
    if (file->path) {
        int result = fault(SQLITE_IOERR_FSYNC, SQLITE_OK);
        if (result != SQLITE_OK) return result;
        forget(file->path);
    }
    // The model's sync is what counts here; the real one would only take time.
    return file->path ? SQLITE_OK : file->real->pMethods->xSync(file->real, flags);
}

static int x_size(sqlite3_file *base, sqlite3_int64 *size) {
    return file_of(base)->real->pMethods->xFileSize(file_of(base)->real, size);
}
static int x_lock(sqlite3_file *base, int level) {
    return file_of(base)->real->pMethods->xLock(file_of(base)->real, level);
}
static int x_unlock(sqlite3_file *base, int level) {
    return file_of(base)->real->pMethods->xUnlock(file_of(base)->real, level);
}
static int x_reserved(sqlite3_file *base, int *answer) {
    return file_of(base)->real->pMethods->xCheckReservedLock(file_of(base)->real, answer);
}
static int x_control(sqlite3_file *base, int operation, void *value) {
    return file_of(base)->real->pMethods->xFileControl(file_of(base)->real, operation, value);
}
static int x_sector(sqlite3_file *base) { (void)base; return SECTOR; }
static int x_device(sqlite3_file *base) { (void)base; return 0; }

// Version 1: no shared memory, which an exclusive lock does not need.
static const sqlite3_io_methods methods = {
    1, x_close, x_read, x_write, x_truncate, x_sync, x_size, x_lock, x_unlock, x_reserved, x_control, x_sector, x_device,
};

// MARK: The disk

static int is_watched(const char *path) { return folder && path && strncmp(path, folder, strlen(folder)) == 0; }

static int x_open(sqlite3_vfs *vfs, const char *path, sqlite3_file *base, int flags, int *granted) {
    (void)vfs;
    File *file = file_of(base);
    memset(file, 0, sizeof *file);
    file->real = (sqlite3_file *)(file + 1);
    int result = disk->xOpen(disk, path, file->real, flags, granted);
    if (result != SQLITE_OK) return result;
    file->base.pMethods = &methods;
    file->path = is_watched(path) ? strdup(path) : NULL;
    return SQLITE_OK;
}

static int x_delete(sqlite3_vfs *vfs, const char *path, int sync) {
    (void)vfs;
    if (is_watched(path)) {
        int result = fault(SQLITE_IOERR_DELETE, SQLITE_OK);
        if (result != SQLITE_OK) return result;
        forget(path);
    }
    return disk->xDelete(disk, path, sync);
}

void faulty_disk_install(void) {
    if (disk) return;
    disk = sqlite3_vfs_find(NULL);
    faulty = *disk;
    faulty.zName = "faulty";
    faulty.pNext = NULL;
    faulty.szOsFile = sizeof(File) + disk->szOsFile;
    faulty.xOpen = x_open;
    faulty.xDelete = x_delete;
    sqlite3_vfs_register(&faulty, 1);
}

void faulty_disk_arm(const char *path, long operation, int fault_kind) {
    free(folder);
    folder = strdup(path);
    operations = 0;
    first = operation;
    kind = fault_kind;
    forget(NULL);
}

void faulty_disk_disarm(void) { kind = FAULTY_NONE; }

long faulty_disk_operations(void) { return operations; }

void faulty_disk_lose(unsigned seed) {
    for (Unsynced *entry = newest; entry; entry = entry->older) {
        int descriptor = open(entry->path, O_RDWR);
        if (descriptor < 0) continue;
        int all = 1;
        for (int at = 0; at < entry->amount; at += SECTOR) {
            int amount = entry->amount - at < SECTOR ? entry->amount - at : SECTOR;
            if (rand_r(&seed) % 2) {
                all = 0;
            } else if (pwrite(descriptor, entry->before + at, amount, entry->offset + at) != amount) {
                abort();
            }
        }
        // What made the file longer may be gone with its length.
        if (all && entry->offset >= entry->size && ftruncate(descriptor, entry->size) != 0) abort();
        close(descriptor);
    }
    forget(NULL);
}
