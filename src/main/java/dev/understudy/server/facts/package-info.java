/** What a server says of itself; reading only. */
@NullMarked
package dev.understudy.server.facts;

import org.jspecify.annotations.NullMarked;
