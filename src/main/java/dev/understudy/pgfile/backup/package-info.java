/** The files of a base backup: backup_label, tablespace_map, backup_manifest; and timeline histories. */
@NullMarked
package dev.understudy.pgfile.backup;

import org.jspecify.annotations.NullMarked;
