/** The steps around somebody else's copy: the snapshot's hook, and the hook that attaches what it made. */
@NullMarked
package dev.understudy.provision.clone;

import org.jspecify.annotations.NullMarked;
