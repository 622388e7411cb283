/** What keeps two runs from working on one target, wherever they are started. */
@NullMarked
package dev.understudy.provision.lock;

import org.jspecify.annotations.NullMarked;
