/** A machine reached over SSH, by JSch. */
@NullMarked
package dev.understudy.host.ssh;

import org.jspecify.annotations.NullMarked;
