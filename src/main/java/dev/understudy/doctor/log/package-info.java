/** Reads a server's log in any of its formats, for messages that tell why it is not well. */
@NullMarked
package dev.understudy.doctor.log;

import org.jspecify.annotations.NullMarked;
