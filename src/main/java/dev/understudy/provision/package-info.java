/** The steps that build a standby. */
@NullMarked
package dev.understudy.provision;

import org.jspecify.annotations.NullMarked;
