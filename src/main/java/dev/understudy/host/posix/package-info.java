/** What a POSIX shell and coreutils can do, wherever they run: scripts, changes of account, files. */
@NullMarked
package dev.understudy.host.posix;

import org.jspecify.annotations.NullMarked;
