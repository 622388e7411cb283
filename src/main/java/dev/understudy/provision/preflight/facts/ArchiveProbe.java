package dev.understudy.provision.preflight.facts;

/**
 * What the standby's restore_command did on the standby's machine.
 *
 * @param segment the file asked for: the last one that the primary says it archived
 * @param status exit status
 * @param bytes size of what it delivered; -1 if nothing
 * @param absentStatus exit status for a file that cannot exist; 0 is wrong
 * @param error the end of what it wrote to standard error
 */
public record ArchiveProbe(String segment, int status, long bytes, int absentStatus, String error) {}
