/** A running PostgreSQL over JDBC. All SQL text lives here; what differs by version is data. */
@NullMarked
package dev.understudy.server;

import org.jspecify.annotations.NullMarked;
