/** The commands {@code promotion check} and {@code promotion rehearse}. */
@NullMarked
package dev.understudy.cli.promotion;

import org.jspecify.annotations.NullMarked;
