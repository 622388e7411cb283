/** The physical replication protocol. */
@NullMarked
package dev.understudy.server.replication;

import org.jspecify.annotations.NullMarked;
