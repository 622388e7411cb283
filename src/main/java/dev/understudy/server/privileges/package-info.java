/** What a role that is no superuser needs, as ready-to-run statements. */
@NullMarked
package dev.understudy.server.privileges;

import org.jspecify.annotations.NullMarked;
