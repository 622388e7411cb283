/** The configuration that makes a copied data directory a standby, rendered by version. */
@NullMarked
package dev.understudy.provision.recovery;

import org.jspecify.annotations.NullMarked;
