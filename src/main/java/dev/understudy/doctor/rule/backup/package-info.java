/** Rules about base backups, their labels and their ends. */
@NullMarked
package dev.understudy.doctor.rule.backup;

import org.jspecify.annotations.NullMarked;
