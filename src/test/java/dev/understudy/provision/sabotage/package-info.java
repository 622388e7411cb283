/** Everything that could make a standby wrong while it looks right, done to runs. */
@NullMarked
package dev.understudy.provision.sabotage;

import org.jspecify.annotations.NullMarked;
