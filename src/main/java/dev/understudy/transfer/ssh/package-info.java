/** Files of another machine over SSH, by tar and dd, as source and as sink. */
@NullMarked
package dev.understudy.transfer.ssh;

import org.jspecify.annotations.NullMarked;
