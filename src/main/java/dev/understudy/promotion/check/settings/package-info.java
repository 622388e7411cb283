/** Checks of whether the standby can be a primary: by its settings, and what it admits and archives. */
@NullMarked
package dev.understudy.promotion.check.settings;

import org.jspecify.annotations.NullMarked;
