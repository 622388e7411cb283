package dev.understudy.error;

/** Who can act on an error, and what state it leaves behind. The front door maps a category to an exit code. */
public enum Category {
    /** The command line or the playbook is wrong; the person at the keyboard can correct it. */
    USAGE,
    /** Something was looked at and found wrong; looking was the whole job. */
    FINDINGS,
    /** Refused before anything was changed. */
    REFUSED,
    /** Something failed on the way; what the run made can be, or has been, undone. */
    FAILED,
    /** Something failed, and something of the attempt is left that a person must clear away. */
    LEFT,
    /** Understudy itself is wrong. */
    DEFECT
}
