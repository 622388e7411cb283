/** The words of the field: values with a unit, a range and PostgreSQL's printed form. No input or output. */
@NullMarked
package dev.understudy.postgres;

import org.jspecify.annotations.NullMarked;
