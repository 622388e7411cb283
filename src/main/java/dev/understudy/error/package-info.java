/** The one exception that reaches people, and the catalogue of its codes. Every floor may use it. */
@NullMarked
package dev.understudy.error;

import org.jspecify.annotations.NullMarked;
