/** The guarded session that holds a backup open. */
@NullMarked
package dev.understudy.server.backup;

import org.jspecify.annotations.NullMarked;
