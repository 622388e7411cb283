/** The steps that make a copied directory a running, proven standby. */
@NullMarked
package dev.understudy.provision.standby;

import org.jspecify.annotations.NullMarked;
