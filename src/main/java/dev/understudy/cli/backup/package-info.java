/** {@code understudy backup}: the two halves of a backup around somebody else's copy. */
@NullMarked
package dev.understudy.cli.backup;

import org.jspecify.annotations.NullMarked;
