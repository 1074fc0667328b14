// A disk for SQLite that fails at a chosen write, sync, truncation or deletion, and that can lose what was written after
// the last sync, as a power cut does. For tests; one thread.
#ifndef FAULTYDISK_H
#define FAULTYDISK_H

enum {
    FAULTY_NONE = 0,   // counts only
    FAULTY_ONCE = 1,   // this operation fails with EIO; a write is done in half before
    FAULTY_FULL = 2,   // from here on every write fails with ENOSPC
    FAULTY_DEAD = 3,   // from here on everything fails with EIO
    FAULTY_CUT = 4,    // as FAULTY_DEAD, and faulty_disk_lose() takes away what was not synced
};

// Makes the disk SQLite's default one. Files outside the armed folder are the real disk's alone.
void faulty_disk_install(void);
// From now on operations on files in `folder` are counted from 1, and `operation` is the first to fail.
void faulty_disk_arm(const char *folder, long operation, int kind);
// Nothing fails any more.
void faulty_disk_disarm(void);
// Operations since it was armed.
long faulty_disk_operations(void);
// Of every sector of 512 bytes that was written and not synced: keeps it or puts back what was there before, by chance.
void faulty_disk_lose(unsigned seed);

#endif
