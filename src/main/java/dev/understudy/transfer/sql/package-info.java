/** The primary's files through database sessions. */
@NullMarked
package dev.understudy.transfer.sql;

import org.jspecify.annotations.NullMarked;
