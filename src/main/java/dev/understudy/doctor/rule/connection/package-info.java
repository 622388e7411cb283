/** Rules about the connection to the primary. */
@NullMarked
package dev.understudy.doctor.rule.connection;

import org.jspecify.annotations.NullMarked;
