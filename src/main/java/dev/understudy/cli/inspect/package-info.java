/** {@code understudy inspect}: what PostgreSQL's files say, without a server or its programs. */
@NullMarked
package dev.understudy.cli.inspect;

import org.jspecify.annotations.NullMarked;
