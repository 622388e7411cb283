/** Rules about the data directory. */
@NullMarked
package dev.understudy.doctor.rule.directory;

import org.jspecify.annotations.NullMarked;
