/** Files of this machine as source and as sink. */
@NullMarked
package dev.understudy.transfer.local;

import org.jspecify.annotations.NullMarked;
