/** pg_hba.conf: its rules read as the server reads them, and what two servers admit compared. */
@NullMarked
package dev.understudy.server.hba;

import org.jspecify.annotations.NullMarked;
