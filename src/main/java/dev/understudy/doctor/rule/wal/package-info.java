/** Rules about WAL, archives and timelines. */
@NullMarked
package dev.understudy.doctor.rule.wal;

import org.jspecify.annotations.NullMarked;
