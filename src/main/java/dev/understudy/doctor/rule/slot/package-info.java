/** Rules about replication slots. */
@NullMarked
package dev.understudy.doctor.rule.slot;

import org.jspecify.annotations.NullMarked;
