/** Where a run works: the primary, the target, and how both are reached. */
@NullMarked
package dev.understudy.provision.site;

import org.jspecify.annotations.NullMarked;
