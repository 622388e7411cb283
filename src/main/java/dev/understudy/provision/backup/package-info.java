/** The steps that bracket the copy: reserve WAL, start and stop the backup. */
@NullMarked
package dev.understudy.provision.backup;

import org.jspecify.annotations.NullMarked;
