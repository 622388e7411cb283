/** The certificates that a server has on disk, and the one that it serves. */
@NullMarked
package dev.understudy.promotion.tls;

import org.jspecify.annotations.NullMarked;
