/** The step that copies the data directory. */
@NullMarked
package dev.understudy.provision.copy;

import org.jspecify.annotations.NullMarked;
