/** Data pages: header, checksum, and the judgement pg_basebackup passes on them. */
@NullMarked
package dev.understudy.pgfile.page;

import org.jspecify.annotations.NullMarked;
