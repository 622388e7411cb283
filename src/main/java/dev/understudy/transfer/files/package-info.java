/** What a data directory's copy consists of: compact lists of files, safe relative paths, where each lands, what was written. */
@NullMarked
package dev.understudy.transfer.files;

import org.jspecify.annotations.NullMarked;
