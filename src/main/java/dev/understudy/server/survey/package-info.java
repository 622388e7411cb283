/** A running server looked over once, read-only: what later steps depend on, as plain records. */
@NullMarked
package dev.understudy.server.survey;

import org.jspecify.annotations.NullMarked;
