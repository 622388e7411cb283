/** Opens a host by its name; the one place that knows every kind of host. */
@NullMarked
package dev.understudy.host.open;

import org.jspecify.annotations.NullMarked;
