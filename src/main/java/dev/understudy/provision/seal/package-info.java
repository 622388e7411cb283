/** Makes a cloned data directory one that cannot start but as a standby of the server it was cloned from. */
@NullMarked
package dev.understudy.provision.seal;

import org.jspecify.annotations.NullMarked;
